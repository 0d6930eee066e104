// {{versions}}
// Caps open connections at the proxy, idle ones too: each is counted until the proxy has closed it too.
// {{not_capped}}
use std::collections::HashSet;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::{Client, Proxy, Url};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

const PROXY: &str = {{proxy}};
const CAP: usize = {{cap}};
const URLS: &[&str] = &[
{{urls}}
];

/// Passes connections on to the proxy, `CAP` at a time.
async fn guard(proxy: (String, u16)) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr();
    tokio::spawn(async move {
        let places = Arc::new(Semaphore::new(CAP));
        while let Ok((mut client, _)) = listener.accept().await {
            let (places, proxy) = (places.clone(), proxy.clone());
            tokio::spawn(async move {
                let _place = places.acquire_owned().await;
                if let Ok(mut upstream) = TcpStream::connect(proxy).await {
                    // Ends when both sides have closed.
                    let _ = copy_bidirectional(&mut client, &mut upstream).await;
                }
                // Time for the proxy to count that.
                sleep(Duration::from_millis(20)).await;
            });
        }
    });
    address
}

async fn fetch(client: &Client, url: &str) -> reqwest::Result<u16> {
    let response = client.get(url).send().await?;
    let status = response.status().as_u16();
    response.bytes().await?;
    Ok(status)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut proxy = Url::parse(PROXY)?;
    let host = proxy.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let guard = guard((host.clone(), {{port}})).await?;
    proxy.set_port(Some(guard.port())).map_err(|()| "no port")?;
    let mut client = Client::builder().http1_only().timeout(Duration::from_secs(30));
    if proxy.scheme() == "https" {
        client = client.resolve(&host, guard); // the certificate is for its name
    } else {
        proxy.set_host(Some("127.0.0.1"))?;
    }
    let origins: HashSet<_> = URLS.iter().filter_map(|url| Some(Url::parse(url).ok()?.origin())).collect();
    // Idle connections to other origins would hold all places.
    let keep = if origins.len() == 1 && URLS[0].starts_with("https:") { CAP } else { 0 };
    let client = client.proxy(Proxy::all(proxy)?).pool_max_idle_per_host(keep);
    // Short, since a redirect may lead to another origin.
    let client = client.pool_idle_timeout(Duration::from_secs(1)).build()?;

    let places = Arc::new(Semaphore::new(CAP));
    let mut tasks = JoinSet::new();
    for url in URLS {
        let (client, places) = (client.clone(), places.clone());
        tasks.spawn(async move {
            let _place = places.acquire_owned().await;
            let started = Instant::now();
            let answer = fetch(&client, url).await;
            let seconds = started.elapsed().as_secs_f64();
            match &answer {
                Ok(status) => println!("{status} {seconds:.3}"),
                Err(error) => {
                    eprintln!("{error:?}");
                    println!("error {seconds:.3}");
                }
            }
            answer.is_ok_and(|status| status < 400)
        });
    }
    let failed = tasks.join_all().await.into_iter().filter(|ok| !ok).count();
    if failed > 0 { Err(format!("{failed} failed").into()) } else { Ok(()) }
}
