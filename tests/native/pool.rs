//! Keeping connections open: round trips as they were counted, and the pool's formula beside the exact chain and a simulation.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::indexing_slicing,
    reason = "small whole numbers, below the length of what they index"
)]

use proxy_concurrency::connections::{HttpVersion, OverStreamLimit, Protocol, Route};
use proxy_concurrency::environment::TlsVersion;
use proxy_concurrency::pool::{Pool, REQUEST, RoundTrips, Setup};
use proxy_concurrency::{Rate, Seconds};

/// Counted on loopback with a delay between client and proxy alone, to the first byte of the answer: cold, and on a
/// connection that is open. What was counted lies up to 0.1 above the whole number, for the time of the servers.
#[test]
fn round_trips_are_those_that_were_counted() {
    use Route::{Forward, Gateway, Socks5, Tunnel};
    use TlsVersion::{Tls12, Tls13};
    let with = |route, proxy_tls, origin_tls| Protocol { route, proxy_tls, origin_tls, ..Protocol::default() };
    let h2_inside = Protocol { inner_http: HttpVersion::Http2, ..Protocol::default() };
    // The direct ways are a gateway with nothing behind it.
    for (what, protocol, tls, cold) in [
        ("direct http", with(Gateway, false, None), Tls13, 2.0),
        ("direct https, TLS 1.3", with(Gateway, true, None), Tls13, 3.0),
        ("direct https, TLS 1.2", with(Gateway, true, None), Tls12, 4.0),
        ("http:// via proxy", with(Forward, false, None), Tls13, 2.0),
        ("https:// via CONNECT, TLS 1.3", with(Tunnel, false, None), Tls13, 4.1),
        ("https:// via CONNECT, TLS 1.2", with(Tunnel, false, None), Tls12, 5.1),
        ("the same with h2 inside", h2_inside, Tls13, 4.1),
        ("https proxy, absolute-form", with(Forward, true, None), Tls13, 3.0),
        ("https proxy, CONNECT, TLS 1.3", with(Tunnel, true, None), Tls13, 5.1),
        ("SOCKS5, http", with(Socks5, false, Some(false)), Tls13, 4.0),
        ("SOCKS5, TLS 1.3", with(Socks5, false, None), Tls13, 5.1),
    ] {
        let setup = Setup::of(&protocol, tls);
        let got = f64::from(setup.total().to_proxy + REQUEST.to_proxy);
        assert!((0.0..0.11).contains(&(cold - got)), "{what}: {got}, counted {cold}");
        assert_eq!(setup.further(), setup.total(), "{what}");
    }
    assert_eq!(REQUEST.to_proxy, 1, "warm");
}

/// By legs: absolute-form 2 and 2, CONNECT with TLS 1.3 4 and 3, warm 1 and 1.
#[test]
fn legs_add_up() {
    let seconds = |x| Seconds::new(x).expect("seconds");
    let cold = |protocol: &Protocol| {
        let total = Setup::of(protocol, TlsVersion::Tls13).total();
        (total.to_proxy + REQUEST.to_proxy, total.to_origin + REQUEST.to_origin)
    };
    assert_eq!(cold(&Protocol { route: Route::Forward, ..Protocol::default() }), (2, 2));
    assert_eq!(cold(&Protocol::default()), (4, 3));
    let trips = RoundTrips { to_proxy: 4, to_origin: 3 };
    assert!((trips.seconds(seconds(0.1), seconds(0.01)) - 0.43).abs() < 1e-15);
    // Tunnels over one HTTP/2 connection: the first pays TCP and TLS to the proxy as well, two round trips.
    let h2 = Setup::of(&Protocol { route: Route::H2Proxy, ..Protocol::default() }, TlsVersion::Tls13);
    assert_eq!((h2.total().to_proxy, h2.further().to_proxy), (4, 2));
}

fn pool(rate: f64, response_time: f64, protocol: &Protocol) -> Pool {
    Pool::new(Rate::per_second(rate).expect("a rate"), Seconds::new(response_time).expect("seconds"), protocol)
}

fn both(pool: &Pool, idle: f64) -> (f64, f64) {
    let idle = Seconds::new(idle).expect("seconds");
    (pool.new_share(idle), pool.open(idle))
}

/// The number in flight as a birth-and-death chain that ends when it leaves 0..=k: what is left of it after `idle`, by
/// uniformisation (A. Jensen 1953), from its stationary start, with a response time of 1. A connection beyond the k-th stands
/// if it was left; one is opened by a request that finds it not left and k in flight.
fn exact(load: f64, streams: usize, idle: f64) -> (f64, f64) {
    let (mut new, mut open) = (0.0, 0.0);
    let most = (load + 8.0 * load.sqrt() + 12.0) as usize;
    for k in (0..most).step_by(streams) {
        let mut mass = vec![(-load).exp()];
        for n in 1..=k {
            mass.push(mass[n - 1] * load / n as f64);
        }
        let pace = load + k as f64;
        let mut ln_weight = -pace * idle;
        let mut remains: Vec<f64> = mass.iter().map(|m| m * ln_weight.exp()).collect();
        for jump in 1..=(pace * idle + 12.0 * (pace * idle).sqrt() + 30.0) as usize {
            let come = |n: usize| if n > 0 { load * mass[n - 1] } else { 0.0 };
            let go = |n: usize| if n < k { (n + 1) as f64 * mass[n + 1] } else { 0.0 };
            mass = (0..=k).map(|n| (come(n) + go(n) + (k - n) as f64 * mass[n]) / pace).collect();
            ln_weight += (pace * idle / jump as f64).ln();
            remains.iter_mut().zip(&mass).for_each(|(sum, m)| *sum += ln_weight.exp() * m);
        }
        new += remains[k];
        open += 1.0 - remains.iter().sum::<f64>();
    }
    (new, open)
}

fn inside(streams: usize) -> Protocol {
    let inner_http = if streams == 1 { HttpVersion::Http1 } else { HttpVersion::Http2 };
    Protocol { inner_http, max_concurrent_streams: u32::try_from(streams).expect("few"), ..Protocol::default() }
}

#[test]
fn the_pool_is_as_near_to_the_exact_chain_as_it_says() {
    for streams in [1, 5] {
        for load in [0.01, 0.3, 1.0, 3.0, 10.0, 25.0] {
            for idle in [0.0, 0.1, 0.5, 1.0, 6.0, 15.0] {
                let (new, open) = both(&pool(load, 1.0, &inside(streams)), idle);
                let (exact_new, exact_open) = exact(load, streams, idle);
                let at = format!("{streams} streams, load {load}, idle {idle}: {new} {exact_new}, {open} {exact_open}");
                let new_within = match idle {
                    0.0 => 1e-9,
                    ..0.5 => 0.25,
                    ..6.0 => 0.1,
                    _ => 0.02,
                };
                // The last levels are worth as little as they are seldom: as a part of all requests.
                assert!((new - exact_new).abs() < new_within * exact_new + 1e-6, "{at}");
                assert!((open / exact_open - 1.0).abs() < if idle > 0.0 { 0.015 } else { 1e-9 }, "{at}");
            }
        }
    }
}

/// Not a random number in the world's sense: splitmix64, for the same numbers everywhere.
struct Numbers(u64);

impl Numbers {
    /// Exponential with mean 1.
    fn exponential(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        -(((x ^ (x >> 31)) >> 11) as f64 + 0.5).mul_add(2.0_f64.powi(-53), 0.0).ln()
    }
}

/// One destination, request after request: share of the requests that open a connection, mean number of connections open,
/// and share of the requests that get one which the proxy has closed by then.
fn simulated(rate: f64, client_idle: f64, proxy_idle: f64, requests: u32) -> (f64, f64, f64) {
    let mut numbers = Numbers(1961);
    let (mut now, mut new, mut stale, mut open_time) = (0.0_f64, 0_u32, 0_u32, 0.0_f64);
    // Times at which connections become free, and since when free ones are, the last used last.
    let (mut busy, mut free): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    for _ in 0..requests {
        let next = now + numbers.exponential() / rate;
        busy.sort_by(|a, b| b.total_cmp(a));
        while busy.last().is_some_and(|done| *done <= next) {
            free.extend(busy.pop());
        }
        // Whoever has been free for too long was closed at that moment.
        open_time += free
            .iter()
            .filter(|since| next - **since > client_idle)
            .map(|since| since + client_idle - now)
            .sum::<f64>();
        free.retain(|since| next - since <= client_idle);
        open_time += (next - now) * (free.len() + busy.len()) as f64;
        now = next;
        match free.pop() {
            Some(since) if now - since > proxy_idle => stale += 1,
            Some(_) => {}
            None => new += 1,
        }
        busy.push(now + numbers.exponential());
    }
    (f64::from(new) / f64::from(requests), open_time / now, f64::from(stale) / f64::from(requests))
}

/// With 400,000 requests the share has a standard error of at most 0.0008, and clusters double it.
#[test]
fn a_simulated_pool_does_what_the_formula_says() {
    for (rate, client_idle, proxy_idle) in [(0.05, 15.0, 5.0), (0.3, 6.0, 2.0), (1.0, 6.0, 60.0), (4.0, 6.0, 1.0)] {
        let (new, open, stale) = simulated(rate, client_idle, proxy_idle, 400_000);
        let pool = pool(rate, 1.0, &Protocol::default());
        let (want_new, want_open) = both(&pool, client_idle);
        let seconds = |x| Seconds::new(x).expect("seconds");
        let want_stale = pool.stale_share(seconds(client_idle), seconds(proxy_idle));
        let at = format!("{rate}: {new} {want_new}, {open} {want_open}, {stale} {want_stale}");
        assert!((new - want_new).abs() < 0.004 && (open / want_open - 1.0).abs() < 0.02, "{at}");
        assert!((stale - want_stale).abs() < 0.01, "{at}");
        assert_eq!(stale > 0.0, client_idle > proxy_idle, "{at}");
    }
}

/// One connection at a time: with requests so short that they never meet, the chance of a gap is e^(−λT).
#[test]
fn gaps_are_those_of_poisson_arrivals() {
    for (rate, idle) in [(0.05, 15.0), (1.0, 0.1), (0.001, 86_400.0), (3.0, 2.0)] {
        let (new, open) = both(&pool(rate, 1e-6, &Protocol::default()), idle);
        assert!((new - (-rate * idle).exp()).abs() < 1e-5, "{rate} {idle}: {new}");
        // Open while used, and after it until the next or the timeout: λ·E[min(gap, T)].
        assert!((open / (1.0 - (-rate * idle).exp()) - 1.0).abs() < 1e-4, "{rate} {idle}: {open}");
    }
    // A million destinations share nothing: each connection is used once and kept for 15 s, 875 in all.
    let many = Protocol { destinations: 1_000_000, ..Protocol::default() };
    let (new, open) = both(&pool(50.0, 2.5, &many), 15.0);
    assert!((open - 875.0).abs() < 1.0 && new > 0.999, "{new} {open}");
    assert!((pool(50.0, 2.5, &many).busy() - 125.0).abs() < 1e-6);
}

/// At any size: within bounds, and monotone in the idle time.
#[test]
fn a_longer_idle_time_opens_fewer_and_keeps_more() {
    for streams in [1, 100, 2_147_483_647] {
        for (rate, response_time) in
            [(0.0, 1.0), (1e-310, 1.0), (1e-9, 1e-6), (50.0, 2.5), (1e4, 10.0), (1e9, 1.0), (1e9, 1e-6)]
        {
            let pool = pool(rate, response_time, &inside(streams));
            let mut before = both(&pool, 0.0);
            assert!((before.0 - 1.0).abs() < 1e-9 || streams > 1, "{rate} {response_time}: {before:?}");
            assert!((pool.busy() / (rate * response_time) - 1.0).abs() < 1e-6 || streams > 1 || rate < 1e-300);
            for idle in [1e-6, 0.1, 1.0, 15.0, 900.0, 86_400.0] {
                let after = both(&pool, idle);
                let at = format!("{streams} {rate} {response_time} {idle}: {before:?} {after:?}");
                assert!(after.0 <= before.0 + 1e-12 && after.1 >= before.1 * (1.0 - 1e-12), "{at}");
                assert!((0.0..=1.0).contains(&after.0) && after.1.is_finite(), "{at}");
                before = after;
            }
        }
    }
    let waits = Protocol { over_stream_limit: OverStreamLimit::Wait, ..inside(5) };
    assert!(both(&pool(1e3, 1.0, &waits), 15.0).1 <= 1.0);
}
