//! How many: Little's Law solved for each letter, headroom, what the plan counts, and the tier that holds it.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use crate::connections::{HttpVersion, PlanCounts, Protocol, Route};
use crate::error::Error;
use crate::math;
use crate::units::{Erlangs, Probability, Rate, Seconds};

/// Mean number in flight, C = λ·W.
///
/// # Formula
/// `C = λ·W`: the arrival rate in 1/s times the mean response time in s, dimensionless (erlangs).
/// # Source
/// J. D. C. Little, "A Proof for the Queuing Formula: L = λW", Operations Research 9 (1961) 383, equation (1). It holds
/// for means whatever the distributions.
/// # Errors
/// Above 10⁹ erlangs.
/// # Examples
/// ```
/// use proxy_concurrency::{sizing::offered_load, Rate, Seconds};
///
/// let load = offered_load(Rate::per_second(50.0)?, Seconds::new(2.5)?)?;
/// assert_eq!(load.as_f64(), 125.0);
/// # Ok::<(), proxy_concurrency::Error>(())
/// ```
pub fn offered_load(rate: Rate, response_time: Seconds) -> Result<Erlangs, Error> {
    Erlangs::new(rate.as_per_second() * response_time.as_secs_f64())
}

/// Arrival rate that keeps `load` requests in flight, λ = C / W.
///
/// # Source
/// As [`offered_load`].
/// # Errors
/// Above 10⁹ requests a second, which a response time of zero gives as well.
/// # Examples
/// ```
/// use proxy_concurrency::{sizing::arrival_rate, Erlangs, Seconds};
///
/// assert_eq!(arrival_rate(Erlangs::new(125.0)?, Seconds::new(2.5)?)?.as_per_second(), 50.0);
/// # Ok::<(), proxy_concurrency::Error>(())
/// ```
pub fn arrival_rate(load: Erlangs, response_time: Seconds) -> Result<Rate, Error> {
    Rate::per_second(load.as_f64() / response_time.as_secs_f64())
}

/// Mean response time at which `rate` keeps `load` requests in flight, W = C / λ.
///
/// # Source
/// As [`offered_load`].
/// # Errors
/// Above a day, which a rate of zero gives as well.
/// # Examples
/// ```
/// use proxy_concurrency::{sizing::response_time, Erlangs, Rate};
///
/// assert_eq!(response_time(Erlangs::new(125.0)?, Rate::per_second(50.0)?)?.as_secs_f64(), 2.5);
/// # Ok::<(), proxy_concurrency::Error>(())
/// ```
pub fn response_time(load: Erlangs, rate: Rate) -> Result<Seconds, Error> {
    Seconds::new(load.as_f64() / rate.as_per_second())
}

/// How far, relatively, a product of a few rounded decimals may lie above the whole number that it stands for.
///
/// Each of at most five factors carries half a unit of 2⁻⁵² from its decimal, each product another: below 8 × 2⁻⁵³ in
/// all, doubled for room.
const ROUNDING: f64 = 8.0 * f64::EPSILON;

/// The smallest whole number that is not below `x`, where `x` stands for a product of decimals.
///
/// `100 × 1.1` is 110.00000000000001 in binary and needs 110, not 111: a value within 8 × 2⁻⁵² (relative) of a whole
/// number is that number. Negative and NaN give 0, what exceeds `u32` gives `u32::MAX`; neither passes the door of a
/// scenario.
///
/// # Examples
/// ```
/// use proxy_concurrency::sizing::whole_up;
///
/// assert_eq!(whole_up(125.0 * 1.25), 157);
/// assert_eq!(whole_up(100.0 * 1.1), 110);
/// ```
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, and NaN gives 0")]
pub fn whole_up(x: f64) -> u32 {
    let nearest = math::round(x);
    if (x - nearest).abs() <= ROUNDING * nearest { nearest as u32 } else { math::ceil(x) as u32 }
}

/// A plan on offer.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct PlanTier {
    /// Its limit, in what it counts.
    pub size: u32,
    /// Its price, in any one currency.
    pub price: Option<f64>,
}

/// The tier that holds `required`: the cheapest where all have prices, the smallest otherwise; of equal prices the
/// smaller size. `None` where none holds it.
///
/// # Examples
/// ```
/// use proxy_concurrency::sizing::{tier_for, PlanTier};
///
/// let tiers = [50, 100, 200, 500].map(|size| PlanTier { size, price: None });
/// assert_eq!(tier_for(&tiers, 157).map(|tier| tier.size), Some(200));
/// assert_eq!(tier_for(&tiers, 501), None);
/// ```
#[must_use]
pub fn tier_for(tiers: &[PlanTier], required: u32) -> Option<PlanTier> {
    let all_priced = tiers.iter().all(|tier| tier.price.is_some());
    let price = |tier: &PlanTier| if all_priced { tier.price.unwrap_or(0.0) } else { 0.0 };
    tiers
        .iter()
        .filter(|tier| tier.size >= required)
        .min_by(|a, b| price(a).total_cmp(&price(b)).then(a.size.cmp(&b.size)))
        .copied()
}

/// What a plan counts, and all that decides how much of it a load takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlanUse {
    /// The unit that the plan limits.
    pub counts: PlanCounts,
    /// Route, HTTP version, destinations and streams.
    pub protocol: Protocol,
    /// Time to open a connection.
    pub setup_time: Seconds,
    /// Time that a connection stays open after its last response.
    pub idle_time: Seconds,
    /// Share of the requests that find a connection open.
    pub connection_reuse: Probability,
}

/// The quantity that the plan's unit follows.
#[derive(Clone, Copy, PartialEq)]
enum Basis {
    PerMinute,
    InFlight,
    /// Connections or tunnels that reach through to the endpoint.
    Through {
        open: bool,
    },
    /// Connections to a proxy that takes tunnels as streams.
    H2Proxy {
        open: bool,
    },
}

impl PlanUse {
    fn basis(&self) -> Basis {
        let connections = |open| match self.protocol.route {
            Route::H2Proxy => Basis::H2Proxy { open },
            _ => Basis::Through { open },
        };
        let tunnels = matches!(self.protocol.route, Route::Tunnel | Route::H2Proxy | Route::Socks5);
        match self.counts {
            PlanCounts::RequestsPerMinute => Basis::PerMinute,
            PlanCounts::BusyConnections => connections(false),
            PlanCounts::OpenConnections => connections(true),
            PlanCounts::Tunnels if tunnels => Basis::Through { open: true },
            // Each CONNECT tunnel is one stream for as long as it is open (RFC 9113, section 8.5).
            PlanCounts::Streams if self.protocol.route == Route::H2Proxy => Basis::Through { open: true },
            PlanCounts::Tunnels | PlanCounts::Streams | PlanCounts::Requests => Basis::InFlight,
        }
    }

    /// Whether a proxy on this route can see the unit at all: bytes in a tunnel show neither requests nor streams, and
    /// without CONNECT there is no tunnel. Where it cannot, requests in flight stand in its place.
    #[must_use]
    pub const fn is_visible(&self) -> bool {
        let ends_http = matches!(self.protocol.route, Route::Forward | Route::Gateway);
        match self.counts {
            PlanCounts::BusyConnections | PlanCounts::OpenConnections => true,
            PlanCounts::Tunnels => !ends_http,
            PlanCounts::Streams => ends_http || matches!(self.protocol.route, Route::H2Proxy),
            // A rate is limited where requests are seen; through a tunnel the proxy sees one CONNECT for many.
            PlanCounts::Requests | PlanCounts::RequestsPerMinute => ends_http,
        }
    }

    /// Whether the plan charges for connections or tunnels on which no request is.
    #[cfg(feature = "alloc")]
    pub(crate) fn charges_idle(&self) -> bool {
        matches!(self.basis(), Basis::Through { open: true } | Basis::H2Proxy { open: true })
    }

    /// Time of each new connection that is not spent on a response: (1 − reuse)·(setup + idle).
    fn overhead_s(&self) -> f64 {
        // 1 − 0.9884 is 0.011600000000000055 in binary: the digits that the subtraction lost must not be counted up.
        // Twelve decimals are more than anyone gives a share.
        let new = math::round((1.0 - self.connection_reuse.as_f64()) * 1e12) / 1e12;
        new * (self.setup_time.as_secs_f64() + self.idle_time.as_secs_f64())
    }

    /// Mean number of connections that HTTP/1.1 holds open, per request in a second.
    fn held_s(&self, response_time_s: f64) -> f64 {
        response_time_s + self.overhead_s()
    }

    /// What the plan charges for `rate` at `response_time`, before it is rounded up.
    ///
    /// # Formula
    /// With n = λ·W requests in flight and x = λ·(W + (1 − r)·(setup + idle)) connections held open, where a share r
    /// of the requests finds one open:
    /// - requests, or what stands for them: n; requests per minute: 60·λ;
    /// - HTTP/1.1 connections or tunnels: n while busy, x while open;
    /// - HTTP/2 connections or tunnels: Σ_h ⌈n_h / S⌉ over D destinations; while open at least D·(1 − e^(−x/D)), the
    ///   mean number of destinations to which HTTP/1.1 would hold any connection: occupancy of each is Poisson(x/D);
    /// - connections to a proxy that takes tunnels as streams: ⌈tunnels / S⌉.
    /// # Source
    /// Little's Law ([`offered_load`]) over the time that a slot is held; for the empty destination, P(0) = e^(−x/D) of
    /// M/G/∞: L. Takács, "Introduction to the Theory of Queues" (1962), chapter 3, theorem 1. Streams: RFC 9113,
    /// section 5.1.2.
    /// # Examples
    /// ```
    /// use proxy_concurrency::connections::{PlanCounts, Protocol};
    /// use proxy_concurrency::sizing::PlanUse;
    /// use proxy_concurrency::{Probability, Rate, Seconds};
    ///
    /// let open = PlanUse {
    ///     counts: PlanCounts::OpenConnections,
    ///     protocol: Protocol::default(),
    ///     setup_time: Seconds::new(0.0)?,
    ///     idle_time: Seconds::new(15.0)?,
    ///     connection_reuse: Probability::new(0.0)?,
    /// };
    /// // 50/s, 2.5 s, each on a connection of its own that is kept for 15 s more: 875 are open, not 125.
    /// assert_eq!(open.charged(Rate::per_second(50.0)?, Seconds::new(2.5)?), 875.0);
    /// # Ok::<(), proxy_concurrency::Error>(())
    /// ```
    #[must_use]
    pub fn charged(&self, rate: Rate, response_time: Seconds) -> f64 {
        self.charged_f64(rate.as_per_second(), response_time.as_secs_f64())
    }

    pub(crate) fn charged_f64(&self, rate: f64, response_time_s: f64) -> f64 {
        let in_flight = rate * response_time_s;
        let held = rate * self.held_s(response_time_s);
        match self.basis() {
            Basis::PerMinute => 60.0 * rate,
            Basis::InFlight => in_flight,
            Basis::Through { open } => self.through(in_flight, held, open),
            Basis::H2Proxy { open } => {
                f64::from(self.protocol.connections_for_tunnels(whole_up(self.through(in_flight, held, open))))
            }
        }
    }

    /// The largest count that [`charged`](Self::charged) goes through on its way, which must fit a whole connection
    /// count as well.
    #[cfg(feature = "alloc")]
    pub(crate) fn largest_count(&self, rate: f64, response_time_s: f64) -> f64 {
        let largest = match self.basis() {
            Basis::PerMinute => 60.0 * rate,
            Basis::Through { open: true } | Basis::H2Proxy { open: true } => rate * self.held_s(response_time_s),
            _ => 0.0,
        };
        largest.max(rate * response_time_s)
    }

    fn through(&self, in_flight: f64, held: f64, open: bool) -> f64 {
        match self.protocol.http_version() {
            HttpVersion::Http1 if open => held,
            HttpVersion::Http1 => in_flight,
            HttpVersion::Http2 => {
                let busy = f64::from(self.protocol.settled_connections(whole_up(in_flight)));
                if !open {
                    return busy;
                }
                let endpoints = f64::from(self.protocol.client_endpoints());
                busy.max(-endpoints * math::exp_m1(-held / endpoints))
            }
        }
    }

    /// Bounds that a plan of `size` sets: most requests in flight, and most connections held open by HTTP/1.1's count.
    /// A load fits if and only if it keeps to both.
    fn bounds(&self, size: f64) -> (f64, f64) {
        let (open, size) = match self.basis() {
            Basis::PerMinute => return (f64::INFINITY, f64::INFINITY),
            Basis::InFlight => return (size, f64::INFINITY),
            Basis::Through { open } => (open, size),
            Basis::H2Proxy { open } => (open, size * f64::from(self.protocol.streams_each())),
        };
        match self.protocol.http_version() {
            HttpVersion::Http1 if open => (f64::INFINITY, size),
            HttpVersion::Http1 => (size, f64::INFINITY),
            HttpVersion::Http2 => {
                let endpoints = f64::from(self.protocol.client_endpoints());
                let held = if open && size < endpoints {
                    // x with D·(1 − e^(−x/D)) = size.
                    -endpoints * math::ln_1p(-size / endpoints)
                } else {
                    f64::INFINITY
                };
                (self.protocol.most_in_flight(size), held)
            }
        }
    }

    /// The plan as servers of a queueing model: how long one is held by a request, in seconds, and how many there are.
    /// `None` where the plan limits a rate, or holds any number.
    #[must_use]
    pub fn as_servers(&self, size: u32, response_time: Seconds) -> Option<(f64, u32)> {
        let (in_flight, held) = self.bounds(f64::from(size));
        let response_time_s = response_time.as_secs_f64();
        if in_flight <= held {
            in_flight.is_finite().then(|| (response_time_s, whole_up(math::floor(in_flight))))
        } else {
            Some((self.held_s(response_time_s), whole_up(math::floor(held))))
        }
    }

    /// Connections or tunnels that a plan of `size` lets a client keep open, idle ones too; `None` where it counts no idle ones.
    #[cfg(feature = "alloc")]
    pub(crate) fn most_open(&self, size: u32) -> Option<u32> {
        match self.basis() {
            Basis::Through { open: true } => Some(size),
            Basis::H2Proxy { open: true } => Some(size.saturating_mul(self.protocol.streams_each())),
            _ => None,
        }
    }

    /// The highest arrival rate, per second, that a plan of `size` carries at `response_time`, run full and without
    /// headroom: the inverse of [`charged`](Self::charged) in the rate.
    ///
    /// # Examples
    /// ```
    /// use proxy_concurrency::connections::{PlanCounts, Protocol};
    /// use proxy_concurrency::sizing::PlanUse;
    /// use proxy_concurrency::{Probability, Seconds};
    ///
    /// let plan = PlanUse {
    ///     counts: PlanCounts::BusyConnections,
    ///     protocol: Protocol::default(),
    ///     setup_time: Seconds::new(0.0)?,
    ///     idle_time: Seconds::new(0.0)?,
    ///     connection_reuse: Probability::new(0.0)?,
    /// };
    /// assert_eq!(plan.largest_rate(200, Seconds::new(2.5)?), 80.0);
    /// # Ok::<(), proxy_concurrency::Error>(())
    /// ```
    #[must_use]
    pub fn largest_rate(&self, size: u32, response_time: Seconds) -> f64 {
        let size = f64::from(size);
        if self.basis() == Basis::PerMinute {
            return size / 60.0;
        }
        // No response takes less than a microsecond: the quotient stays finite.
        let response_time_s = response_time.as_secs_f64().max(crate::units::MIN_SECONDS);
        let (in_flight, held) = self.bounds(size);
        (in_flight / response_time_s).min(held / self.held_s(response_time_s))
    }

    /// The longest mean response time, in seconds, at which a plan of `size` still carries `rate`: the inverse of
    /// [`charged`](Self::charged) in the response time. `None` where the response time does not matter; 0 where even
    /// an instant answer would not fit.
    #[must_use]
    pub fn longest_response_time(&self, size: u32, rate: Rate) -> Option<f64> {
        self.longest_response_time_f64(f64::from(size), rate.as_per_second())
    }

    pub(crate) fn longest_response_time_f64(&self, size: f64, rate: f64) -> Option<f64> {
        if rate <= 0.0 || self.basis() == Basis::PerMinute {
            return None;
        }
        let (in_flight, held) = self.bounds(size);
        let longest = (in_flight / rate).min(held / rate - self.overhead_s());
        longest.is_finite().then_some(longest.max(0.0))
    }

    /// Relative change of what the plan charges per relative change of the response time: 1 where doubling W doubles
    /// the bill. `None` where the charge moves in steps (whole HTTP/2 connections).
    ///
    /// # Formula
    /// (W / charged) · d charged / dW
    #[must_use]
    pub fn elasticity(&self, response_time: Seconds) -> Option<f64> {
        let response_time_s = response_time.as_secs_f64();
        match (self.basis(), self.protocol.http_version()) {
            (Basis::PerMinute, _) => Some(0.0),
            (Basis::InFlight, _) | (Basis::Through { open: false }, HttpVersion::Http1) => Some(1.0),
            (Basis::Through { open: true }, HttpVersion::Http1) => Some(response_time_s / self.held_s(response_time_s)),
            _ => None,
        }
    }
}
