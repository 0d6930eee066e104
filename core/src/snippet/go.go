// {{versions}}
// Caps open connections at the proxy, idle ones too: a worker closes its last one before it opens the next.
// {{not_capped}}
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

const proxy = {{proxy}}
const limit = {{cap}}

var urls = []string{
{{urls}}
}

// places has one entry for each connection to the proxy.
var places = make(chan struct{}, limit)

// leave frees a place, when the proxy has had time to count the connection that is gone.
func leave() {
	time.Sleep(20 * time.Millisecond)
	<-places
}

// connection has a place until the proxy has closed it too.
type connection struct {
	*net.TCPConn
	once sync.Once
}

func (c *connection) Close() error {
	c.once.Do(func() {
		c.CloseWrite()
		go func() {
			defer leave()
			c.SetReadDeadline(time.Now().Add(5 * time.Second))
			io.Copy(io.Discard, c.TCPConn)
			c.TCPConn.Close()
		}()
	})
	return nil
}

func dial(ctx context.Context, network, address string) (net.Conn, error) {
	select {
	case places <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	var dialer net.Dialer
	c, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		go leave()
		return nil, err
	}
	return &connection{TCPConn: c.(*net.TCPConn)}, nil
}

func fetch(client *http.Client, target string) (int, error) {
	response, err := client.Get(target)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body) // or the connection is not used again
	return response.StatusCode, err
}

func main() {
	through, err := url.Parse(proxy)
	if err != nil {
		panic(err)
	}
	var next, failed atomic.Int64
	var workers sync.WaitGroup
	for range min(limit, len(urls)) {
		workers.Add(1)
		go func() {
			defer workers.Done()
			// MaxConnsPerHost would count for each https origin: a transport of its own keeps each worker to one connection.
			transport := &http.Transport{Proxy: http.ProxyURL(through), DialContext: dial, MaxConnsPerHost: 1, IdleConnTimeout: time.Second}
			client := &http.Client{Transport: transport, Timeout: 30 * time.Second}
			last := ""
			for i := next.Add(1); i <= int64(len(urls)); i = next.Add(1) {
				target, err := url.Parse(urls[i-1])
				if err != nil {
					panic(err)
				}
				if origin := target.Scheme + target.Host; origin != last {
					transport.CloseIdleConnections()
					last = origin
				}
				started := time.Now()
				status, err := fetch(client, urls[i-1])
				seconds := time.Since(started).Seconds()
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					fmt.Printf("error %.3f\n", seconds)
				} else {
					fmt.Printf("%d %.3f\n", status, seconds)
				}
				if err != nil || status >= 400 {
					failed.Add(1)
				}
			}
			transport.CloseIdleConnections()
		}()
	}
	workers.Wait()
	if failed.Load() > 0 {
		os.Exit(1)
	}
}
