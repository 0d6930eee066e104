// Origins that count: connections, TLS handshakes, requests in flight, streams.
import { once } from 'node:events';
import { createServer as createHttp } from 'node:http';
import { createSecureServer as createHttp2 } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { HOSTS } from './certificates.mjs';

let hosts = 0;

/**
 * An origin in this process, on a free port of its own.
 *
 * `protocol`: `http`, `https` (HTTP/1.1 in TLS) or `h2` (HTTP/2 in TLS, and HTTP/1.1 for who asks for it; `streams` is
 * the limit that it announces). `delay` ms before each answer, or a function of the request that gives it; `?delay=ms`
 * in the URL comes first. `body`: what it answers with 200. Above `limit` in flight it answers `limitStatus` at once.
 *
 * After `requestsEach` requests on a connection it closes it (0: never).
 *
 * It gives `url` (by address, without a slash at the end), `named` (the same by a host name that only the proxies here
 * resolve), `counts` (see below), `reset()`, `hold()` (answers nothing from here on) and `release()` (answers all).
 */
export async function origin(lab, { protocol = 'http', delay = 0, streams, body = 'ok\n', limit = Infinity, limitStatus = 503, address = '127.0.0.1', keepAlive = 600, requestsEach = 0 } = {}) {
  const { key, cert } = lab.certificates;
  const server = {
    http: () => createHttp(),
    https: () => createHttps({ key, cert, ALPNProtocols: ['http/1.1'] }),
    h2: () => createHttp2({ key, cert, allowHTTP1: true, settings: streams === undefined ? {} : { maxConcurrentStreams: streams } }),
  }[protocol]();
  // The client and the proxy, not the origin, decide how long an idle connection is kept.
  Object.assign(server, { keepAliveTimeout: 1000 * keepAlive, maxRequestsPerSocket: requestsEach, requestTimeout: 0, headersTimeout: 0 });

  const counts = {};
  const reset = () => Object.assign(counts, {
    /** Requests begun; in flight now; most in flight at one time; connections they came on. */
    requests: 0, inFlight: counts.inFlight ?? 0, peakInFlight: counts.inFlight ?? 0,
    /** TCP connections: opened, open now, most open at one time. */
    connections: 0, open: counts.open ?? 0, peakOpen: counts.open ?? 0,
    /** TLS handshakes done. */
    handshakes: 0,
    /** Most HTTP/2 streams on one connection at one time. */
    peakStreams: 0,
    /** Seconds that each answered request was held, and when it came (`performance.now()`). */
    held: [], came: [],
  });
  reset();

  const sockets = new Set();
  server.on('connection', (socket) => {
    sockets.add(socket);
    counts.connections++;
    counts.peakOpen = Math.max(counts.peakOpen, ++counts.open);
    socket.on('error', () => {}).on('close', () => {
      sockets.delete(socket);
      counts.open--;
    });
  });
  server.on('secureConnection', () => counts.handshakes++);
  const streamsOn = new Map();
  let gate;
  server.on('request', async (request, response) => {
    const came = performance.now();
    counts.requests++;
    counts.peakInFlight = Math.max(counts.peakInFlight, ++counts.inFlight);
    const session = request.stream?.session;
    if (session) {
      streamsOn.set(session, (streamsOn.get(session) ?? 0) + 1);
      counts.peakStreams = Math.max(counts.peakStreams, streamsOn.get(session));
    }
    const refused = counts.inFlight > limit;
    let done = false;
    const end = () => {
      if (done) return;
      done = true;
      counts.inFlight--;
      if (session) streamsOn.set(session, streamsOn.get(session) - 1);
    };
    response.on('close', end).on('error', () => {});
    const asked = new URL(request.url, 'http://origin').searchParams.get('delay');
    const wait = refused ? 0 : asked !== null ? Number(asked) : typeof delay === 'function' ? delay(request) : delay;
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    if (!refused) await gate?.opened;
    if (done) return;
    counts.held.push((performance.now() - came) / 1000);
    counts.came.push(came);
    end();
    response.writeHead(refused ? limitStatus : 200, { 'content-type': 'text/plain' });
    response.end(refused ? '' : body);
  });
  // A tunnel that breaks off in its handshake is for the client to tell.
  server.on('tlsClientError', () => {}).on('sessionError', () => {}).on('clientError', (_, socket) => socket.destroy());

  server.listen(0, address);
  await once(server, 'listening');
  lab.onClose(() => new Promise((resolve) => {
    gate?.open();
    server.close(() => resolve());
    sockets.forEach((socket) => socket.destroy());
  }));
  const { port } = server.address();
  const scheme = protocol === 'http' ? 'http' : 'https';
  const host = HOSTS[hosts++ % HOSTS.length];
  return {
    protocol, port, address, host, counts, reset,
    url: `${scheme}://${address}:${port}`,
    named: `${scheme}://${host}:${port}`,
    hold() {
      gate ??= (() => {
        let open;
        const opened = new Promise((resolve) => (open = resolve));
        return { opened, open };
      })();
    },
    release() {
      gate?.open();
      gate = undefined;
    },
  };
}
