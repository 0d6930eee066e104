//! What keeping connections open buys: round trips of setup, reuse before an idle timeout, slots held idle, connections
//! that the proxy has closed meanwhile, and exit IPs.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use crate::connections::{HttpVersion, OverStreamLimit, Protocol, Route};
use crate::environment::TlsVersion;
use crate::fields::MAX_CONNECTIONS;
use crate::math;
use crate::occupancy::Occupancy;
use crate::sizing::whole_up;
use crate::units::{Rate, Seconds};

/// Round trips on each leg of the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct RoundTrips {
    /// Between client and proxy.
    pub to_proxy: u32,
    /// Between proxy and destination.
    pub to_origin: u32,
}

impl RoundTrips {
    const fn new(to_proxy: u32, to_origin: u32) -> Self {
        Self { to_proxy, to_origin }
    }

    const fn and(self, other: Self) -> Self {
        Self::new(self.to_proxy + other.to_proxy, self.to_origin + other.to_origin)
    }

    /// How long they take, in seconds, with the round trip of each leg.
    #[must_use]
    pub fn seconds(self, proxy_round_trip: Seconds, origin_round_trip: Seconds) -> f64 {
        f64::from(self.to_proxy) * proxy_round_trip.as_secs_f64()
            + f64::from(self.to_origin) * origin_round_trip.as_secs_f64()
    }
}

/// The request itself and the first byte of its answer: one round trip on each leg.
pub const REQUEST: RoundTrips = RoundTrips::new(1, 1);

/// What it takes to open a connection through the proxy, before the request goes out, step by step.
///
/// # Formula
/// TCP 1; TLS 1 (1.3) or 2 (1.2); CONNECT 1; SOCKS5 2 (without a password; 3 with one, RFC 1929); a handshake with the
/// destination inside a tunnel goes over both legs. The proxy opens its own connection when it learns where to.
/// # Source
/// RFC 9293, section 3.5; RFC 8446, section 2; RFC 5246, section 7.3; RFC 9110, section 9.3.6; RFC 1928, sections 3 and 4;
/// counted on loopback with delays: `tests/native/pool.rs` has the table.
/// # Examples
/// ```
/// use proxy_concurrency::connections::Protocol;
/// use proxy_concurrency::environment::TlsVersion;
/// use proxy_concurrency::pool::{Setup, REQUEST};
/// use proxy_concurrency::Seconds;
///
/// // https:// through CONNECT with TLS 1.3: four round trips to the proxy and three beyond, of which the request is one.
/// let setup = Setup::of(&Protocol::default(), TlsVersion::Tls13);
/// assert_eq!((setup.total().to_proxy, setup.total().to_origin), (3, 2));
/// let leg = Seconds::new(0.05)?;
/// assert!((setup.total().seconds(leg, leg) + REQUEST.seconds(leg, leg) - 0.35).abs() < 1e-12);
/// # Ok::<(), proxy_concurrency::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Setup {
    /// TCP to the proxy.
    pub proxy_tcp: RoundTrips,
    /// TLS with the proxy.
    pub proxy_tls: RoundTrips,
    /// CONNECT or SOCKS5.
    pub tunnel: RoundTrips,
    /// The proxy's TCP to the destination.
    pub origin_tcp: RoundTrips,
    /// TLS with the destination: the client's own in a tunnel, the gateway's otherwise.
    pub origin_tls: RoundTrips,
    /// Whether further tunnels go over the same connection to the proxy, so that only the first pays for it.
    pub shares_proxy_connection: bool,
}

impl Setup {
    /// For a route and a version of TLS.
    #[must_use]
    pub const fn of(protocol: &Protocol, tls_version: TlsVersion) -> Self {
        let tls = match tls_version {
            TlsVersion::Tls12 => 2,
            TlsVersion::Tls13 => 1,
        };
        let (tunnel, inside) = match protocol.route {
            Route::Forward | Route::Gateway => (0, 0),
            Route::Tunnel | Route::H2Proxy => (1, tls),
            Route::Socks5 => (2, tls),
        };
        Self {
            proxy_tcp: RoundTrips::new(1, 0),
            proxy_tls: RoundTrips::new(if protocol.has_proxy_tls() { tls } else { 0 }, 0),
            tunnel: RoundTrips::new(tunnel, 0),
            origin_tcp: RoundTrips::new(0, 1),
            origin_tls: if protocol.has_origin_tls() { RoundTrips::new(inside, tls) } else { RoundTrips::new(0, 0) },
            shares_proxy_connection: matches!(protocol.route, Route::H2Proxy),
        }
    }

    /// All steps: the first connection.
    #[must_use]
    pub const fn total(&self) -> RoundTrips {
        self.proxy_tcp.and(self.proxy_tls).and(self.each())
    }

    /// The steps that every further connection or tunnel takes.
    #[must_use]
    pub const fn further(&self) -> RoundTrips {
        if self.shares_proxy_connection { self.each() } else { self.total() }
    }

    const fn each(&self) -> RoundTrips {
        self.tunnel.and(self.origin_tcp).and(self.origin_tls)
    }
}

/// Standard deviations of the number in flight below which no level is looked at singly.
const DEVIATIONS: f64 = 12.0;
/// Levels that are looked at in each standard deviation, where there are more than that.
const PER_DEVIATION: f64 = 32.0;
/// What is less than this is left out of a sum.
const NOTHING: f64 = 1e-17;

/// A pool that opens a connection when none is free, takes the one that was used last, and closes what nobody has used for
/// an idle time.
///
/// # Formula
/// To each destination go λ requests a second, a = λ·W of them in flight. The pool then holds as many connections as were
/// in use at once at any moment of the last idle time T: connection k + 1 is there unless no request found k others busy
/// in that time. With p(k) the Poisson probabilities of mean a, F(k) their sums, and S_k(T) the chance that a number in
/// flight of at most k stays so for a time T,
/// - connections open: Σ_k (1 − F(k)·S_k(T));
/// - share of requests that open one: Σ_k F(k)·(−S_k′(T))/λ;
///
/// over k = 0, 1, 2, …; with S streams on a connection over k = 0, S, 2S, …, and k = 0 alone where the client waits for a
/// stream instead. For k = 0 it is the plain chance of a gap between requests, e^(−λT). Elsewhere S_k is a mixture of
/// exponential times (the number in flight is a reversible birth-and-death process); two of them stand for it that have
/// the same mean rate λ·B, mean squared rate λ²·B and mean time Σ_{j≤k} F(j)²/(λ·p(j)·F(k)), with B = p(k)/F(k), Erlang's.
/// # Assumptions
/// Poisson arrivals, spread evenly over the destinations; exponential response times; last used first, as urllib3 and Go
/// do it: a client that takes turns keeps more of them.
/// # Accuracy
/// Of the connections open: 1.5 %. Of the share that opens one: 10 % for idle times from half a response time, 2 % from
/// six; below half a response time up to 25 % at 25 in flight. Both are exact at T = 0 and for k = 0. Against the exact
/// chain and a simulated pool: `tests/native/pool.rs`.
/// # Source
/// J. Keilson, "Markov Chain Models: Rarity and Exponentiality" (1979), chapters 3 and 5: mixtures of exponential times,
/// and mean times to leave; A. K. Erlang 1917 for B ([`Loss`](crate::erlang::Loss)).
/// # Examples
/// ```
/// use proxy_concurrency::connections::Protocol;
/// use proxy_concurrency::pool::Pool;
/// use proxy_concurrency::{Rate, Seconds};
///
/// // A request every 20 s on average, each answered in an instant: within 15 s comes the next one with 1 − e^(−0.75).
/// let pool = Pool::new(Rate::per_second(0.05)?, Seconds::new(1e-6)?, &Protocol::default());
/// assert!((pool.new_share(Seconds::new(15.0)?) - (-0.75_f64).exp()).abs() < 1e-6);
/// # Ok::<(), proxy_concurrency::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pool {
    endpoints: f64,
    /// To each endpoint, per second.
    rate: f64,
    /// In flight to each endpoint.
    load: f64,
    /// Requests that one connection carries at once.
    streams: f64,
    /// The client never opens a second connection to an endpoint.
    single: bool,
}

impl Pool {
    /// For so many requests a second, each in flight for `response_time` on average.
    #[must_use]
    pub fn new(rate: Rate, response_time: Seconds, protocol: &Protocol) -> Self {
        let endpoints = f64::from(protocol.client_endpoints());
        let rate = rate.as_per_second() / endpoints;
        let h2 = protocol.http_version() == HttpVersion::Http2;
        Self {
            endpoints,
            rate,
            load: rate * response_time.as_secs_f64(),
            streams: if h2 { f64::from(protocol.streams_each()) } else { 1.0 },
            single: h2 && protocol.over_stream_limit == OverStreamLimit::Wait,
        }
    }

    /// Share of the requests that open a connection where it is kept for `idle_time`; the rest find one open.
    #[must_use]
    pub fn new_share(&self, idle_time: Seconds) -> f64 {
        math::between(self.sums(idle_time.as_secs_f64()).0, 0.0, 1.0)
    }

    /// Connections (or tunnels) that are open on average where they are kept for `idle_time`.
    #[must_use]
    pub fn open(&self, idle_time: Seconds) -> f64 {
        self.endpoints * self.sums(idle_time.as_secs_f64()).1
    }

    /// Connections (or tunnels) with a request on them, on average: those open without any idle time.
    #[must_use]
    pub fn busy(&self) -> f64 {
        self.endpoints * self.sums(0.0).1
    }

    /// Chance that a request is given a connection that the proxy has closed: it was used within the client's idle time,
    /// but not within the proxy's. 0 where the client's is no longer than the proxy's.
    ///
    /// # Formula
    /// The difference of [`new_share`](Self::new_share) at the two times.
    #[must_use]
    pub fn stale_share(&self, client_idle_time: Seconds, proxy_idle_time: Seconds) -> f64 {
        (self.new_share(proxy_idle_time) - self.new_share(client_idle_time)).max(0.0) + 0.0
    }

    /// Both sums of the type's documentation, for one endpoint.
    fn sums(&self, idle_s: f64) -> (f64, f64) {
        let (load, streams) = (self.load, self.streams);
        let occupancy = Occupancy::raw(load);
        let at = |k: f64| {
            let k = whole_up(k);
            (occupancy.exactly(k), occupancy.at_most(k))
        };
        // λ times the part of the mean time to leave.
        let part = |k: f64| {
            let (here, at_most) = at(k);
            at_most * at_most / here
        };
        let deviation = math::sqrt(load);
        // Every number in flight, or evenly spaced ones where they are so many that the terms hardly change between two.
        let panel = math::floor(deviation / PER_DEVIATION).max(1.0);
        let stride = math::floor(panel / streams).max(1.0);
        let lowest = math::floor((load - DEVIATIONS * deviation).max(0.0));
        let first = math::ceil(lowest / streams).min(if self.single { 1.0 } else { f64::INFINITY });
        let idle = self.rate * idle_s;

        let (mut new, mut open) = (0.0, 0.0);
        let (mut summed, mut parts) = (lowest, part(lowest));
        let mut level = first * streams;
        while !(self.single && level > 0.0) && level <= MAX_CONNECTIONS {
            let (here, at_most) = at(level);
            if level > load && here * idle.max(1.0) < NOTHING {
                break;
            }
            // By panels, of which one that is a single number is exact (Euler and Maclaurin).
            while summed < level {
                let end = (summed + panel).min(level);
                let (before, after) = (part(summed), part(end));
                parts += (end - summed) * (before + after) / 2.0 + (after - before) / 2.0;
                summed = end;
            }
            let (left, leaving) = left(here / at_most, parts / at_most, idle);
            new += at_most * leaving;
            open += occupancy.more_than(whole_up(level)) + at_most * left;
            level += stride * streams;
        }
        // Levels below the first are always open; a sum over every stride-th counts half a stride too much at its start.
        (stride * new, stride * open + first - if first > 0.0 { (stride - 1.0) / 2.0 } else { 0.0 })
    }
}

/// The chance to have left within `time`, and the rate of leaving then, of a mixture of two exponential times with a mean
/// rate and a mean squared rate of `rate` and a mean of `mean_time`. The unit of time is 1/λ.
fn left(rate: f64, mean_time: f64, time: f64) -> (f64, f64) {
    let single = (-math::exp_m1(-rate * time), rate * math::exp(-rate * time));
    // By how much the mean time exceeds that of a single rate: 0 for one that is.
    let excess = rate * mean_time - 1.0;
    if !(excess > 1e-9 && mean_time.is_finite() && rate > 0.0) {
        return single;
    }
    let product = rate * (1.0 - rate) / excess;
    let sum = rate + product * mean_time;
    let fast = 0.5 * (sum + math::sqrt((sum * sum - 4.0 * product).max(0.0)));
    let slow = product / fast;
    if fast <= slow {
        return single;
    }
    let share = math::between((fast - rate) / (fast - slow), 0.0, 1.0);
    (
        -share * math::exp_m1(-slow * time) - (1.0 - share) * math::exp_m1(-fast * time),
        share * slow * math::exp(-slow * time) + (1.0 - share) * fast * math::exp(-fast * time),
    )
}
