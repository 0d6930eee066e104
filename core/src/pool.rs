//! What keeping connections open buys: round trips of setup, reuse before an idle timeout, slots held idle, connections
//! that the proxy has closed meanwhile, and exit IPs.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use crate::connections::{HttpVersion, OverStreamLimit, Protocol, Route};
use crate::environment::TlsVersion;
use crate::math;
use crate::occupancy::Occupancy;
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

/// A pool that opens a connection when none is free, takes the one that was used last, and closes what nobody has used for
/// an idle time.
///
/// # Formula
/// To each destination go λ requests a second, a = λ·W of them in flight. The pool then holds as many connections as were
/// in use at once at any moment of the last idle time T: connection k + 1 is there unless no request found k others busy
/// in that time. With p the Poisson probabilities of mean a, F their sums and B(k) = p(k)/F(k) (Erlang B), such requests
/// come at λ·B(k) a second while there are none above k, so that
/// - share of requests that open a connection: Σ_k p(k)·e^(−λ·B(k)·T)
/// - connections open: Σ_k (1 − F(k)·e^(−λ·B(k)·T))
///
/// over k = 0, 1, 2, …; with S streams on a connection over k = 0, S, 2S, …, and k = 0 alone where the client waits for a
/// stream instead. Without other connections (k = 0) this is the plain chance of a gap between requests, e^(−a)·e^(−λT).
/// # Assumptions
/// Poisson arrivals, spread evenly over the destinations; exponential response times; last used first, as urllib3 and Go
/// do it: a client that takes turns keeps more of them.
/// # Accuracy
/// An upper bound for both: the time without such a request is a mixture of exponential times (the number in flight is a
/// reversible birth-and-death process), and e^(−rate·T) is at most the mean of a mixture with that mean rate (Jensen). Exact
/// at T = 0 and for k = 0; against simulation, `tests/native/pool.rs` has the figures.
/// # Source
/// J. Keilson, "Markov Chain Models: Rarity and Exponentiality" (1979), chapter 8, for times to leave a set of states;
/// Erlang B as the rate of leaving: [`Loss`](crate::erlang::Loss).
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
        let (a, s) = (self.load, self.streams);
        let deviation = math::sqrt(a);
        // Every level, or evenly spaced ones where they are so many that the terms hardly change between two.
        let stride = math::floor(deviation / (PER_DEVIATION * s)).max(1.0);
        let first = math::floor((a - DEVIATIONS * deviation).max(0.0) / s);
        let occupancy = Occupancy::raw(a);
        let (mut new, mut open) = (0.0, 0.0);
        let mut level = first;
        loop {
            let k = crate::sizing::whole_up(level * s);
            let (here, at_most) = (occupancy.exactly(k), occupancy.at_most(k));
            let missed = if at_most > 0.0 { self.rate * (here / at_most) * idle_s } else { 0.0 };
            let is_open = occupancy.more_than(k) - at_most * math::exp_m1(-missed);
            new += here * math::exp(-missed);
            open += is_open;
            level += stride;
            // Beyond the largest level that an answer can name nothing is open: the load is at most 10⁹.
            if self.single || (level * s > a && is_open <= 1e-14 * open) || level * s > crate::fields::MAX_CONNECTIONS {
                break;
            }
        }
        // Levels below the first are always open; a sum over every stride-th counts half a stride too much at its start.
        (stride * new, stride * open + first - (stride - 1.0) / 2.0 * if first > 0.0 { 1.0 } else { 0.0 })
    }
}
