//! What a client library's own settings really come to: requests in flight, and connections open at the proxy.
//!
//! Written after what the libraries did when they were run through a proxy that counts: requests 2.34, aiohttp 3.14,
//! httpx 0.28, Scrapy 2.19, undici 8.12 and 7.30, Node.js 24, axios 1.21, Go 1.27, reqwest 0.13, JDK 25, curl 7.88,
//! libcurl 8.23 and Chromium 156.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

mod read;

use crate::scenario::Errors;
pub use read::LIBRARIES;

/// Whose settings they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Library {
    /// Python, requests.
    #[default]
    Requests,
    /// Python, aiohttp.
    Aiohttp,
    /// Python, httpx.
    Httpx,
    /// Python, Scrapy 2.14 to 2.19 with its asyncio reactor.
    Scrapy,
    /// Node.js, undici's `ProxyAgent`.
    Undici,
    /// Node.js, its own `fetch` through `NODE_USE_ENV_PROXY`.
    NodeFetch,
    /// Node.js, `http.Agent` and `https.Agent` with `proxyEnv`, or axios with `proxy`.
    NodeHttp,
    /// Node.js, axios with https-proxy-agent and `proxy: false`.
    Axios,
    /// Go, net/http.
    Go,
    /// Rust, reqwest.
    Reqwest,
    /// Java, HttpClient.
    Java,
    /// The command line, curl with `--parallel`.
    Curl,
    /// libcurl's multi interface.
    Libcurl,
    /// Chromium, by Playwright or otherwise.
    Playwright,
    /// HAProxy in TCP mode as a local balancer.
    Haproxy,
}

/// Settings as a program gives them to its library; `None` is what is left out.
///
/// A setting of another library is refused rather than passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct ClientSettings {
    /// Whose settings they are.
    pub client: Library,
    /// Requests that are sent in all, and wait for nothing but these settings; `None` for without end.
    pub requests: Option<u32>,
    /// Distinct http origins that they go to.
    pub http_origins: u32,
    /// Distinct https origins that they go to: with `http_origins` at least 1.
    pub https_origins: u32,
    /// Programs, clients, agents or browser contexts that each have these settings.
    pub instances: u32,
    /// The program's own limit on requests at once: threads, tasks, a semaphore.
    pub workers: Option<u32>,
    /// A connection is closed after each request: `Connection: close`, aiohttp's `force_close`, undici's `pipelining: 0`,
    /// Go's `DisableKeepAlives`, reqwest's `pool_max_idle_per_host(0)`.
    pub force_close: bool,
    /// The https origins speak HTTP/2 and so does the client.
    pub http2: bool,
    /// requests: `pool_maxsize` (10).
    pub pool_maxsize: Option<u32>,
    /// requests: `pool_block`.
    pub pool_block: bool,
    /// aiohttp: `limit` (100), 0 for none.
    pub limit: Option<u32>,
    /// aiohttp: `limit_per_host`, 0 for none.
    pub limit_per_host: Option<u32>,
    /// httpx: `max_connections` (100 where no `Limits` are given). Chromium: the policy `MaxConnectionsPerProxy` (128).
    pub max_connections: Option<u32>,
    /// httpx: `max_keepalive_connections`; Go: `MaxIdleConnsPerHost`; reqwest: `pool_max_idle_per_host`.
    pub max_idle: Option<u32>,
    /// Scrapy: `CONCURRENT_REQUESTS` (16).
    pub concurrent_requests: Option<u32>,
    /// Scrapy: `CONCURRENT_REQUESTS_PER_DOMAIN` (8).
    pub concurrent_requests_per_domain: Option<u32>,
    /// undici: `connections`.
    pub connections: Option<u32>,
    /// undici: `proxyTunnel`, which version 7 has on unless it is switched off.
    pub proxy_tunnel: bool,
    /// Go: `MaxConnsPerHost`, 0 for none.
    pub max_conns_per_host: Option<u32>,
    /// Node.js and axios: `maxSockets`.
    pub max_sockets: Option<u32>,
    /// Node.js and axios: `maxTotalSockets`.
    pub max_total_sockets: Option<u32>,
    /// libcurl: `CURLMOPT_MAX_HOST_CONNECTIONS`, 0 for none.
    pub max_host_connections: Option<u32>,
    /// libcurl: `CURLMOPT_MAX_TOTAL_CONNECTIONS`, 0 for none.
    pub max_total_connections: Option<u32>,
    /// curl: `--parallel-max` (50).
    pub parallel_max: Option<u32>,
    /// HAProxy: `maxconn` of each server, 0 for none.
    pub maxconn: Option<u32>,
}

/// What settings come to.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Effective {
    /// Most requests in flight; `None` where nothing caps them.
    pub in_flight: Option<f64>,
    /// Most connections that the client holds open to the proxy, idle ones too; `None` where nothing caps them.
    pub sockets: Option<f64>,
    /// So many more may be seen there for moments, while the proxy has not yet seen old ones close.
    pub closing: f64,
    /// Why there are so many sockets.
    pub reason: Reason,
}

/// Why there are as many sockets as there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Reason {
    /// Nothing caps them.
    NoLimit,
    /// A setting was given that does not cap them here: it counts idle ones only, or is not applied.
    LimitWithoutEffect,
    /// One limit counts all open connections.
    Total,
    /// Requests in flight are capped, and connections are closed after each or go to one origin.
    InFlight,
    /// Requests in flight are capped, but idle connections to other origins stay open.
    IdleKept,
    /// The limit holds for each origin, or for http and each https origin, and they add up.
    PerOrigin,
    /// There are no more requests.
    Requests,
}

/// How a library keeps its connections.
struct Pools {
    /// http:// requests share one pool for the proxy; else each origin has its own.
    http_by_proxy: bool,
    /// Most requests in flight over all pools.
    in_flight: Option<u32>,
    /// Most connections of one pool, http:// and https://.
    each: (Option<u32>, Option<u32>),
    /// Most connections over all pools, idle ones too.
    total: Option<u32>,
    /// A setting was given that caps nothing.
    without_effect: bool,
}

/// Chromium: connections for one origin.
const BROWSER_PER_ORIGIN: u32 = 6;
/// Chromium: `MaxConnectionsPerProxy` where no policy sets it. It multiplies the limit by up to 2 at random.
const BROWSER_PER_PROXY: u32 = 128;

/// 0 is how some libraries write "no limit".
fn unless_0(limit: Option<u32>) -> Option<u32> {
    limit.filter(|&limit| limit > 0)
}

/// The smaller; `None` is no limit.
fn least(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b < a { b } else { a }),
        (a, b) => a.or(b),
    }
}

impl ClientSettings {
    /// The library as it comes, with one https origin.
    #[must_use]
    pub const fn new(client: Library) -> Self {
        Self {
            client,
            requests: None,
            http_origins: 0,
            https_origins: 1,
            instances: 1,
            workers: None,
            force_close: false,
            http2: false,
            pool_maxsize: None,
            pool_block: false,
            limit: None,
            limit_per_host: None,
            max_connections: None,
            max_idle: None,
            concurrent_requests: None,
            concurrent_requests_per_domain: None,
            connections: None,
            proxy_tunnel: false,
            max_conns_per_host: None,
            max_sockets: None,
            max_total_sockets: None,
            max_host_connections: None,
            max_total_connections: None,
            parallel_max: None,
            maxconn: None,
        }
    }

    fn pools(&self) -> Pools {
        let none =
            Pools { http_by_proxy: false, in_flight: None, each: (None, None), total: None, without_effect: false };
        match self.client {
            Library::Requests => {
                let each = self.pool_block.then(|| self.pool_maxsize.unwrap_or(10));
                let without_effect = !self.pool_block && self.pool_maxsize.is_some();
                Pools { http_by_proxy: true, each: (each, each), without_effect, ..none }
            }
            Library::Aiohttp => {
                let each = unless_0(self.limit_per_host);
                Pools { in_flight: unless_0(Some(self.limit.unwrap_or(100))), each: (each, each), ..none }
            }
            Library::Httpx => {
                // Limits(…) without max_connections sets none.
                let total = self.max_connections.or(self.max_idle.is_none().then_some(100));
                Pools { total, without_effect: self.max_idle.is_some(), ..none }
            }
            Library::Scrapy => Pools {
                in_flight: Some(self.concurrent_requests.unwrap_or(16)),
                without_effect: self.concurrent_requests_per_domain.is_some(),
                ..none
            },
            Library::Undici => {
                let each = self.connections;
                let without_effect = each.is_some() && self.http_origins > 0 && !self.proxy_tunnel;
                Pools { each: (each.filter(|_| self.proxy_tunnel), each), without_effect, ..none }
            }
            Library::NodeHttp => Pools {
                http_by_proxy: true,
                each: (least_of(self.max_sockets, self.max_total_sockets), None),
                without_effect: self.max_sockets.or(self.max_total_sockets).is_some() && self.https_origins > 0,
                ..none
            },
            Library::Axios => {
                Pools { each: (self.max_sockets, self.max_sockets), total: self.max_total_sockets, ..none }
            }
            Library::Go => {
                let each = unless_0(self.max_conns_per_host);
                Pools { http_by_proxy: true, each: (each, each), without_effect: self.max_idle.is_some(), ..none }
            }
            Library::Reqwest => Pools { without_effect: self.max_idle.is_some(), ..none },
            Library::NodeFetch => none,
            Library::Java => Pools { http_by_proxy: true, ..none },
            Library::Curl => Pools { in_flight: Some(self.parallel_max.unwrap_or(50)), http_by_proxy: true, ..none },
            Library::Libcurl => {
                let each = unless_0(self.max_host_connections);
                let total = unless_0(self.max_total_connections);
                Pools { http_by_proxy: true, each: (each, each), total, ..none }
            }
            Library::Playwright => Pools {
                each: (Some(BROWSER_PER_ORIGIN), Some(BROWSER_PER_ORIGIN)),
                total: Some(2 * self.max_connections.unwrap_or(BROWSER_PER_PROXY)),
                ..none
            },
            Library::Haproxy => Pools { total: unless_0(self.maxconn), ..none },
        }
    }
}

fn least_of(a: Option<u32>, b: Option<u32>) -> Option<u32> {
    a.into_iter().chain(b).min()
}

/// What the settings come to.
///
/// With n requests at most in flight, at most m connections in a pool, and p pools (an https origin has one, http has one
/// for the proxy or for each origin, by library): n connections where each is closed after its request, else p·min(n, m);
/// never more than a limit over all, or than there are requests. All of it for each instance but the requests.
/// HTTP/2 streams are in no library's limits: with it, requests in flight are capped by `workers` alone, or by limits on
/// requests (aiohttp, which has no HTTP/2, Scrapy, curl).
///
/// The result is what the settings leave possible, not what a run must reach.
/// # Errors
/// No origin; a count above 1 000 000; instances of 0; a limit of 0 where that does not mean none; a setting of another
/// library.
/// # Examples
/// `pool_maxsize` without `pool_block` caps nothing; with it, each https origin.
/// ```
/// use proxy_concurrency::effective::{ClientSettings, Library, Reason, effective};
/// let mut settings = ClientSettings { pool_maxsize: Some(8), https_origins: 5, ..ClientSettings::new(Library::Requests) };
/// assert_eq!(effective(&settings)?.sockets, None);
/// settings.pool_block = true;
/// assert_eq!(effective(&settings)?.sockets, Some(40.0));
/// assert_eq!(effective(&settings)?.reason, Reason::PerOrigin);
/// # Ok::<(), proxy_concurrency::Errors>(())
/// ```
pub fn effective(settings: &ClientSettings) -> Result<Effective, Errors> {
    settings.check()?;
    let s = settings;
    let p = s.pools();
    let (all, instances) = (s.requests.map(f64::from), f64::from(s.instances));
    let http = f64::from(if p.http_by_proxy && s.http_origins > 0 { 1 } else { s.http_origins });
    let https = f64::from(s.https_origins);
    let total = p.total.map(f64::from);

    // For one instance. Every connection of HTTP/1.1 has one request at most.
    let held = least(s.workers.map(f64::from), p.in_flight.map(f64::from));
    let full =
        |pools: f64, each: Option<u32>| if pools > 0.0 { each.map(|each| pools * f64::from(each)) } else { Some(0.0) };
    let limits = |each: (Option<u32>, Option<u32>)| Some(full(http, each.0)? + full(https, each.1)?);
    let busy = least(least(held, limits(p.each)), total);
    let in_flight = if s.http2 { held } else { busy };

    let in_pool = |each: Option<u32>| least(each.map(f64::from), busy);
    let kept = |pools: f64, each| if pools > 0.0 { in_pool(each).map(|each| pools * each) } else { Some(0.0) };
    let pooled = if s.force_close { busy } else { kept(http, p.each.0).and_then(|h| Some(h + kept(https, p.each.1)?)) };
    let open = least(pooled, total);

    let over = |one: Option<f64>| least(one.map(|one| one * instances), all);
    let sockets = over(open);
    let reason = match (open, sockets) {
        (_, None) => {
            if p.without_effect {
                Reason::LimitWithoutEffect
            } else {
                Reason::NoLimit
            }
        }
        (None, Some(_)) => {
            if p.without_effect {
                Reason::LimitWithoutEffect
            } else {
                Reason::Requests
            }
        }
        (Some(open), Some(sockets)) if sockets < open * instances => Reason::Requests,
        (Some(open), Some(_)) if total.is_some_and(|total| total <= open) => Reason::Total,
        (Some(open), Some(_)) if held.is_some_and(|held| open <= held) => Reason::InFlight,
        (Some(open), Some(_)) if held.is_some() && busy.is_some_and(|busy| busy < open) => Reason::IdleKept,
        _ => Reason::PerOrigin,
    };
    // Who closes one connection to open the next is seen with both.
    let reopens = s.force_close || (total.is_some() && http + https > 1.0 && s.client != Library::Haproxy);
    let closing = if reopens { least(over(busy), sockets).unwrap_or(0.0) } else { 0.0 };
    Ok(Effective { in_flight: over(in_flight), sockets, closing, reason })
}
