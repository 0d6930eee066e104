//! What the core must agree with, worked out another way: request after request, and in whole numbers.

use proxy_concurrency::connections::{Accounting, HttpVersion, OverStreamLimit, Protocol, Route};

/// What a client, a proxy and its origins hold once every request has been placed, one after the other.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Placed {
    pub(crate) client_to_proxy: usize,
    pub(crate) proxy_to_origin: usize,
    pub(crate) tunnels: usize,
    pub(crate) in_flight: usize,
    pub(crate) waiting: usize,
    pub(crate) most_streams_at_origin: usize,
    pub(crate) behind_one_loss: usize,
}

/// One side's connections to one endpoint: requests on each.
type Connections = Vec<usize>;

/// Puts one request on the first connection with room, or on a new one. `false`: it has to wait.
fn place(connections: &mut Connections, room: usize, may_open: bool) -> bool {
    if let Some(free) = connections.iter_mut().find(|streams| **streams < room) {
        *free += 1;
        return true;
    }
    if may_open || connections.is_empty() {
        connections.push(1);
        return true;
    }
    false
}

/// Sends `parallel` requests at once, turn by turn to each destination.
#[expect(clippy::indexing_slicing, reason = "a remainder is below its divisor")]
pub(crate) fn simulate(p: &Protocol, parallel: usize) -> Placed {
    let streams = p.max_concurrent_streams as usize;
    let destinations = p.destinations as usize;
    let speaks_http2 = p.inner_http == HttpVersion::Http2 && p.route != Route::Forward;
    // An HTTP/1.1 connection has room for one; before the first HTTP/2 connection is known as such, so has each of them.
    let room = if speaks_http2 && p.warm { streams } else { 1 };
    let may_open = room == 1 && !(speaks_http2 && p.warm) || p.over_stream_limit == OverStreamLimit::Open;

    let endpoints = if p.route == Route::Gateway { 1 } else { destinations };
    let mut to_endpoint: Vec<Connections> = vec![Vec::new(); endpoints];
    let mut reached: Vec<usize> = vec![0; destinations];
    let mut placed = Placed::default();
    for request in 0..parallel {
        if place(&mut to_endpoint[request % endpoints], room, may_open) {
            reached[placed.in_flight % destinations] += 1;
            placed.in_flight += 1;
        } else {
            placed.waiting += 1;
        }
    }
    let all: Vec<usize> = to_endpoint.into_iter().flatten().collect();
    let most = all.iter().copied().max().unwrap_or(0);
    match p.route {
        Route::Gateway => {
            placed.client_to_proxy = all.len();
            for requests in reached {
                let mut connections = Connections::new();
                for _ in 0..requests {
                    // As for a client: before the first connection to the origin stands, each request opens its own.
                    let room = if p.upstream_http == HttpVersion::Http2 && p.warm { streams } else { 1 };
                    assert!(place(&mut connections, room, true));
                }
                placed.proxy_to_origin += connections.len();
                if p.upstream_http == HttpVersion::Http2 {
                    placed.most_streams_at_origin =
                        placed.most_streams_at_origin.max(connections.into_iter().max().unwrap_or(0));
                }
            }
            placed.behind_one_loss = most;
        }
        Route::H2Proxy => {
            // Each tunnel is a stream on a connection to the proxy; the fullest tunnels share one.
            let mut to_proxy = Connections::new();
            for _ in &all {
                assert!(place(&mut to_proxy, streams, true));
            }
            placed.client_to_proxy = to_proxy.len();
            placed.proxy_to_origin = all.len();
            placed.tunnels = all.len();
            let mut fullest = all.clone();
            fullest.sort_unstable_by(|a, b| b.cmp(a));
            placed.behind_one_loss = fullest.iter().take(streams).sum();
        }
        Route::Forward | Route::Tunnel | Route::Socks5 => {
            placed.client_to_proxy = all.len();
            placed.proxy_to_origin = all.len();
            placed.tunnels = if p.route == Route::Forward { 0 } else { all.len() };
            placed.behind_one_loss = most;
        }
    }
    if speaks_http2 && p.route != Route::Gateway {
        placed.most_streams_at_origin = most;
    }
    placed
}

/// The core's accounting in the words of the simulation.
pub(crate) fn placed(a: &Accounting) -> Placed {
    Placed {
        client_to_proxy: a.client_to_proxy_tcp as usize,
        proxy_to_origin: a.proxy_to_origin_tcp as usize,
        tunnels: a.charged.tunnels.unwrap_or(0) as usize,
        in_flight: a.requests_in_flight_at_origin as usize,
        waiting: a.requests_waiting as usize,
        most_streams_at_origin: a.max_streams_on_one_connection as usize,
        behind_one_loss: a.requests_behind_one_loss as usize,
    }
}

/// A number with two decimals or three, as a whole number of hundredths or thousandths.
pub(crate) fn decimal(whole: u64, places: u32) -> f64 {
    let digits = format!("{whole}e-{places}");
    digits.parse().expect("digits")
}

/// ⌈λ·(1 + headroom)·W⌉ in whole numbers: λ in hundredths per `unit_s` seconds, headroom in hundredths, W in ms.
pub(crate) fn in_flight(rate: u64, unit_s: u64, headroom: u64, response_time: u64) -> u128 {
    (u128::from(rate) * u128::from(100 + headroom) * u128::from(response_time))
        .div_ceil(100 * 100 * 1000 * u128::from(unit_s))
}

/// ⌈λ·(1 + headroom)·(W + (1 − reuse)·(setup + idle))⌉: reuse in hundredths, times in ms.
pub(crate) fn held_open(rate: u64, headroom: u64, response_time: u64, reuse: u64, overhead: u64) -> u128 {
    let held = u128::from(response_time) * 100 + u128::from(100 - reuse) * u128::from(overhead);
    (u128::from(rate) * u128::from(100 + headroom) * held).div_ceil(100 * 100 * 1000 * 100)
}
