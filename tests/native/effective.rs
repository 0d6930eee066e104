//! Client settings: what they come to, beside what each library did when it was run.

use proxy_concurrency::Value;
use proxy_concurrency::effective::{ClientSettings, Effective, LIBRARIES, Library, Reason, effective};

type Set = fn(&mut ClientSettings);

fn with(library: Library, set: Set) -> ClientSettings {
    let mut settings = ClientSettings::new(library);
    set(&mut settings);
    settings
}

fn of(settings: &ClientSettings) -> Effective {
    effective(settings).expect("settings that go together")
}

/// Most connections that the proxy saw at one time.
#[derive(Clone, Copy, Debug)]
enum Seen {
    /// The same in every run: the limit was met.
    Always(f64),
    /// The largest of runs that differed, or that closed and reopened: an upper bound for it is all that can be said.
    UpTo(f64),
}
use Seen::{Always, UpTo};

/// What a run showed: connections, and most requests in flight where they were counted. 40 requests at once, to one or
/// five origins, http or https; `Blocks` is five https origins one after another, in blocks of 8.
#[derive(Clone, Copy, Debug)]
enum Run {
    Http1(Seen),
    Https1(Seen),
    Http5(Seen),
    Https5(Seen),
    Blocks(Seen, f64),
    Mixed(Seen),
    /// One https origin with HTTP/2. Streams are bounded by the requests: some may have waited for the handshakes.
    H2(Seen, f64),
}
use Run::{Blocks, H2, Http1, Http5, Https1, Https5, Mixed};

/// Measured with cap 8 where there is one: settings, and what runs with them showed.
const MEASURED: &[(&str, Library, Set, &[Run])] = &[
    (
        "requests, pool_maxsize 8, 40 threads",
        Library::Requests,
        |s| (s.pool_maxsize, s.workers) = (Some(8), Some(40)),
        &[Http1(Always(40.0)), Https1(Always(40.0)), Http5(Always(40.0)), Https5(Always(40.0))],
    ),
    (
        "requests, and pool_block",
        Library::Requests,
        |s| (s.pool_maxsize, s.pool_block, s.workers) = (Some(8), true, Some(40)),
        &[Http1(Always(8.0)), Https1(Always(8.0)), Http5(Always(8.0)), Https5(Always(40.0)), Mixed(Always(16.0))],
    ),
    (
        "requests, 8 threads",
        Library::Requests,
        |s| s.workers = Some(8),
        &[Http1(Always(8.0)), Https1(Always(8.0)), Http5(Always(8.0)), Https5(UpTo(12.0)), Blocks(Always(40.0), 8.0)],
    ),
    (
        "requests, 8 threads, Connection: close",
        Library::Requests,
        |s| (s.workers, s.force_close) = (Some(8), true),
        &[Blocks(UpTo(11.0), 8.0)],
    ),
    (
        "aiohttp, limit 8",
        Library::Aiohttp,
        |s| s.limit = Some(8),
        &[Http1(Always(8.0)), Https1(Always(8.0)), Http5(UpTo(25.0)), Https5(UpTo(17.0)), Blocks(UpTo(26.0), 8.0)],
    ),
    (
        "aiohttp, limit 0, limit_per_host 8",
        Library::Aiohttp,
        |s| (s.limit, s.limit_per_host) = (Some(0), Some(8)),
        &[Http1(Always(8.0)), Https1(Always(8.0)), Http5(Always(40.0)), Https5(Always(40.0))],
    ),
    (
        "aiohttp",
        Library::Aiohttp,
        |_| {},
        &[Http1(Always(40.0)), Https1(Always(40.0)), Http5(Always(40.0)), Https5(Always(40.0))],
    ),
    (
        "aiohttp, limit 8, force_close",
        Library::Aiohttp,
        |s| (s.limit, s.force_close) = (Some(8), true),
        &[Https5(UpTo(13.0)), Blocks(UpTo(13.0), 8.0)],
    ),
    (
        "httpx, max_connections 8",
        Library::Httpx,
        |s| s.max_connections = Some(8),
        &[Http1(Always(8.0)), Https1(Always(8.0)), Http5(UpTo(16.0)), Https5(UpTo(13.0)), Blocks(UpTo(10.0), 8.0)],
    ),
    ("httpx, max_keepalive_connections 8", Library::Httpx, |s| s.max_idle = Some(8), &[Https1(Always(40.0))]),
    (
        "httpx, max_connections 8, HTTP/2",
        Library::Httpx,
        |s| (s.max_connections, s.http2) = (Some(8), true),
        &[H2(Always(8.0), 32.0)],
    ),
    ("httpx, HTTP/2", Library::Httpx, |s| s.http2 = true, &[H2(Always(40.0), 40.0)]),
    (
        "Scrapy, both limits 8",
        Library::Scrapy,
        |s| (s.concurrent_requests, s.concurrent_requests_per_domain) = (Some(8), Some(8)),
        &[Http1(Always(8.0)), Https1(Always(8.0)), Https5(UpTo(16.0)), Blocks(UpTo(22.0), 8.0)],
    ),
    (
        "Scrapy, 100 and 8 per domain",
        Library::Scrapy,
        |s| (s.concurrent_requests, s.concurrent_requests_per_domain) = (Some(100), Some(8)),
        &[Http1(UpTo(39.0)), Https1(UpTo(39.0)), Https5(Always(40.0))],
    ),
    (
        "undici 8, connections 8",
        Library::Undici,
        |s| s.connections = Some(8),
        &[Http1(Always(40.0)), Https1(Always(8.0)), Http5(Always(40.0)), Https5(Always(40.0))],
    ),
    (
        "undici 8 and proxyTunnel, undici 7",
        Library::Undici,
        |s| (s.connections, s.proxy_tunnel) = (Some(8), true),
        &[Http1(Always(8.0)), Https1(Always(8.0)), Http5(Always(40.0)), Https5(Always(40.0))],
    ),
    (
        "undici, 8 at once",
        Library::Undici,
        |s| s.workers = Some(8),
        &[Http5(UpTo(17.0)), Https5(UpTo(15.0)), Blocks(Always(40.0), 8.0)],
    ),
    (
        "undici, 8 at once, pipelining 0",
        Library::Undici,
        |s| (s.workers, s.force_close) = (Some(8), true),
        &[Blocks(UpTo(14.0), 8.0)],
    ),
    (
        "undici 8, connections 8, HTTP/2: one connection carried all",
        Library::Undici,
        |s| (s.connections, s.http2) = (Some(8), true),
        &[H2(UpTo(1.0), 40.0)],
    ),
    (
        "Node.js, maxSockets 8; axios with proxy",
        Library::NodeHttp,
        |s| s.max_sockets = Some(8),
        &[Http1(Always(8.0)), Https1(Always(40.0)), Https5(Always(40.0))],
    ),
    (
        "axios with https-proxy-agent, maxSockets 8",
        Library::Axios,
        |s| s.max_sockets = Some(8),
        &[Http1(Always(8.0)), Https1(Always(8.0)), Https5(Always(40.0)), Blocks(Always(40.0), 40.0)],
    ),
    (
        "the same and maxTotalSockets 8",
        Library::Axios,
        |s| (s.max_sockets, s.max_total_sockets) = (Some(8), Some(8)),
        &[Https5(Always(8.0)), Blocks(UpTo(10.0), 8.0)],
    ),
    (
        "Go, MaxConnsPerHost 8",
        Library::Go,
        |s| s.max_conns_per_host = Some(8),
        &[Http1(Always(8.0)), Https1(Always(8.0)), Http5(Always(8.0)), Https5(Always(40.0))],
    ),
    (
        "Go, MaxConnsPerHost 8, HTTP/2",
        Library::Go,
        |s| (s.max_conns_per_host, s.http2) = (Some(8), true),
        &[H2(Always(8.0), 40.0)],
    ),
    ("Go, MaxIdleConnsPerHost 8", Library::Go, |s| s.max_idle = Some(8), &[Https1(Always(40.0))]),
    (
        "Go, semaphore of 8",
        Library::Go,
        |s| s.workers = Some(8),
        &[Http5(Always(8.0)), Https5(UpTo(14.0)), Blocks(UpTo(36.0), 8.0)],
    ),
    (
        "Go, semaphore of 8, DisableKeepAlives",
        Library::Go,
        |s| (s.workers, s.force_close) = (Some(8), true),
        &[Blocks(UpTo(13.0), 8.0)],
    ),
    ("reqwest", Library::Reqwest, |_| {}, &[Http1(Always(40.0)), Https1(Always(40.0))]),
    ("reqwest, pool_max_idle_per_host 8", Library::Reqwest, |s| s.max_idle = Some(8), &[Https1(Always(40.0))]),
    (
        "reqwest, semaphore of 8",
        Library::Reqwest,
        |s| s.workers = Some(8),
        &[Http5(UpTo(13.0)), Https5(UpTo(14.0)), Blocks(UpTo(40.0), 8.0)],
    ),
    (
        "reqwest, semaphore of 8, pool_max_idle_per_host 0",
        Library::Reqwest,
        |s| (s.workers, s.max_idle, s.force_close) = (Some(8), Some(0), true),
        &[Blocks(UpTo(14.0), 8.0)],
    ),
    ("Java", Library::Java, |_| {}, &[Http1(Always(40.0)), Https1(Always(40.0))]),
    ("Java, semaphore of 8", Library::Java, |s| s.workers = Some(8), &[Http5(Always(8.0)), Https5(UpTo(14.0))]),
    (
        "curl, --parallel-max 8",
        Library::Curl,
        |s| s.parallel_max = Some(8),
        &[Http1(Always(8.0)), Https1(Always(8.0)), Https5(UpTo(10.0))],
    ),
    (
        "libcurl, MAX_HOST_CONNECTIONS 8",
        Library::Libcurl,
        |s| s.max_host_connections = Some(8),
        &[Http1(Always(8.0)), Https1(Always(8.0)), Https5(Always(40.0)), Blocks(Always(40.0), 40.0)],
    ),
    (
        "libcurl, MAX_TOTAL_CONNECTIONS 8",
        Library::Libcurl,
        |s| s.max_total_connections = Some(8),
        &[Http1(Always(8.0)), Https1(Always(8.0)), Https5(UpTo(11.0)), Blocks(UpTo(14.0), 8.0)],
    ),
];

#[test]
fn what_was_measured_is_what_is_said() {
    for (name, library, set, runs) in MEASURED {
        for run in *runs {
            let mut settings = with(*library, *set);
            settings.requests = Some(40);
            let (http, https, seen, in_flight) = match *run {
                Http1(seen) => (1, 0, seen, None),
                Https1(seen) => (0, 1, seen, None),
                Http5(seen) => (5, 0, seen, None),
                Https5(seen) => (0, 5, seen, None),
                Mixed(seen) => (1, 1, seen, None),
                Blocks(seen, in_flight) => (0, 5, seen, Some(in_flight)),
                H2(seen, in_flight) => (0, 1, seen, Some(in_flight)),
            };
            (settings.http_origins, settings.https_origins) = (http, https);
            let answer = of(&settings);
            let sockets = answer.sockets.expect("40 requests need no more");
            match seen {
                Always(seen) => assert_eq!(answer.sockets, Some(seen), "{name}, {run:?}: {answer:?}"),
                UpTo(seen) => assert!(seen <= sockets + answer.closing, "{name}, {run:?}: {answer:?}"),
            }
            match (run, answer.in_flight, in_flight) {
                (H2(..), Some(said), Some(seen)) => assert!(said >= 40.0 && seen > 8.0, "{name}, {run:?}: {answer:?}"),
                (_, said, Some(_)) => assert_eq!(said, in_flight, "{name}, {run:?}: {answer:?}"),
                _ => {}
            }
            // Without an end to the requests, only what has a limit has a number, and it is no smaller.
            let endless = of(&ClientSettings { requests: None, ..settings });
            assert!(endless.sockets.is_none_or(|endless| endless >= sockets), "{name}, {run:?}: {endless:?}");
        }
    }
}

/// Chromium through a proxy, tunnels in flight: 12 hosts, 60 hosts, two contexts, and the policy at 8.
#[test]
fn browsers_multiply_by_origins_and_contexts() {
    let browser = |hosts, contexts, policy| {
        let mut settings = with(Library::Playwright, |_| {});
        (settings.https_origins, settings.instances, settings.max_connections) = (hosts, contexts, policy);
        of(&settings).sockets
    };
    assert_eq!(browser(12, 1, None), Some(72.0));
    assert_eq!(browser(12, 2, None), Some(144.0));
    assert!((244.0..=266.0).contains(&browser(60, 1, None).expect("a number")));
    assert_eq!(browser(12, 1, Some(8)), Some(16.0));
}

#[test]
fn each_reason() {
    for (library, set, in_flight, sockets, reason) in [
        (Library::Reqwest, (|_| {}) as Set, None, None, Reason::NoLimit),
        (Library::NodeFetch, |_| {}, None, None, Reason::NoLimit),
        (Library::Requests, |s| s.pool_maxsize = Some(8), None, None, Reason::LimitWithoutEffect),
        (Library::Go, |s| s.max_idle = Some(8), None, None, Reason::LimitWithoutEffect),
        (Library::Httpx, |s| s.https_origins = 5, Some(100.0), Some(100.0), Reason::Total),
        (Library::Haproxy, |s| s.maxconn = Some(99), Some(99.0), Some(99.0), Reason::Total),
        (Library::Haproxy, |s| s.maxconn = Some(0), None, None, Reason::NoLimit),
        (Library::Scrapy, |_| {}, Some(16.0), Some(16.0), Reason::InFlight),
        (Library::Curl, |s| s.https_origins = 2, Some(50.0), Some(100.0), Reason::IdleKept),
        (
            Library::Undici,
            |s| (s.connections, s.https_origins) = (Some(4), 3),
            Some(12.0),
            Some(12.0),
            Reason::PerOrigin,
        ),
        (Library::Undici, |s| (s.connections, s.http2) = (Some(4), true), None, Some(4.0), Reason::PerOrigin),
        (Library::Java, |s| s.requests = Some(7), Some(7.0), Some(7.0), Reason::Requests),
        (Library::Aiohttp, |s| (s.limit, s.instances) = (Some(8), 3), Some(24.0), Some(24.0), Reason::InFlight),
    ] {
        let settings = with(library, set);
        let answer = of(&settings);
        assert_eq!((answer.in_flight, answer.sockets, answer.reason), (in_flight, sockets, reason), "{settings:?}");
    }
}

fn refused(json: &str) -> Vec<String> {
    let value: Value = serde_json::from_str(json).expect("JSON");
    let errors = ClientSettings::from_value(&value).expect_err(json);
    errors.iter().map(|error| format!("{} {}", error.field(), error.code())).collect()
}

#[test]
fn settings_are_read_and_refused_by_name() {
    let read =
        |json: &str| ClientSettings::from_value(&serde_json::from_str::<Value>(json).expect("JSON")).expect(json);
    let http =
        read(r#"{"client": "undici", "httpOrigins": 2, "connections": 8, "proxyTunnel": true, "workers": null}"#);
    let told = ClientSettings {
        http_origins: 2,
        https_origins: 0,
        connections: Some(8),
        proxy_tunnel: true,
        ..ClientSettings::new(Library::Undici)
    };
    assert_eq!(http, told);
    for (library, word) in Library::ALL.into_iter().zip(LIBRARIES) {
        assert_eq!(read(&format!(r#"{{"client": "{word}"}}"#)), ClientSettings::new(library));
        assert_eq!(serde_json::to_value(library).expect("a word"), *word);
    }

    assert_eq!(refused("[]"), ["settings told"]);
    assert_eq!(refused("{}"), ["client choice"]);
    assert_eq!(refused(r#"{"client": "wget", "poolBlock": 1}"#), ["client choice", "poolBlock switch"]);
    assert_eq!(refused(r#"{"client": "go", "poolBlock": true, "limit": 8}"#), ["limit told", "poolBlock told"]);
    assert_eq!(refused(r#"{"client": "aiohttp", "http2": true}"#), ["http2 told"]);
    assert_eq!(refused(r#"{"client": "go", "httpOrigins": 0}"#), ["httpsOrigins told"]);
    for bad in ["0", "1.5", "-1", "1e6001", "1000001", "\"8\"", "[8]", "true"] {
        if let Ok(value) = serde_json::from_str::<Value>(&format!(r#"{{"client": "curl", "workers": {bad}}}"#)) {
            let errors = ClientSettings::from_value(&value).expect_err(bad);
            assert_eq!(errors.iter().map(proxy_concurrency::Error::field).collect::<Vec<_>>(), ["workers"], "{bad}");
        }
    }
    assert_eq!(refused(r#"{"client": "curl", "Workers": 8}"#), ["Workers unknown"]);
    // A program that fills the record itself meets the same rules.
    let zero = ClientSettings { instances: 0, ..ClientSettings::new(Library::Go) };
    assert!(effective(&zero).is_err());
    let foreign = ClientSettings { limit: Some(8), ..ClientSettings::new(Library::Go) };
    assert!(effective(&foreign).is_err());
}
