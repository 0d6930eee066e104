//! What a cap does to traffic that goes over it: one type per behaviour, the same questions to each.
//!
//! [`Reject`] turns away, [`Queue`] lets wait and then turns away, [`PerIp`] splits the cap over addresses,
//! [`ShrinkingCap`] lowers it after so many requests, [`Penalty`] blocks for a while whoever is refused too often.
//! All assume Poisson arrivals; where anyone waits, exponential response times too. Retries are those of
//! [`retry`](crate::retry): they come back as fresh, independent arrivals.
//!
//! # Beside a real proxy
//! Shares and waits at a local HAProxy with `maxconn`, under Poisson arrivals, and what the formulas say for the arrival
//! rate and service time that were measured in the same run. `tests/proxies/predicted.test.mjs` writes the table.
//!
#![doc = include_str!("predicted.md")]

mod penalty;
mod per_ip;
mod queue;
mod reject;
mod shrinking;

pub use penalty::Penalty;
pub use per_ip::PerIp;
pub use queue::{Queue, Thresholds};
pub use reject::Reject;
pub use shrinking::ShrinkingCap;

use crate::error::Error;
use crate::retry::RetryPolicy;
use crate::units::{MAX_RATE, Probability, Rate, Seconds};

/// Traffic that meets a cap.
#[derive(Clone, Copy, Debug)]
pub struct Traffic {
    rate: f64,
    response_time: f64,
    cap: u32,
    retry: RetryPolicy,
}

impl Traffic {
    /// Requests at `arrival_rate`, each in flight for `response_time` on average, under a cap; nobody tries again.
    #[must_use]
    pub fn new(arrival_rate: Rate, response_time: Seconds, cap: u32) -> Self {
        Self {
            rate: arrival_rate.as_per_second(),
            response_time: response_time.as_secs_f64(),
            cap,
            retry: RetryPolicy::NONE,
        }
    }

    /// The same with clients that try again.
    #[must_use]
    pub const fn with_retry(self, retry: RetryPolicy) -> Self {
        Self { retry, ..self }
    }

    /// The same at another arrival rate.
    #[must_use]
    pub const fn at_rate(self, arrival_rate: Rate) -> Self {
        Self { rate: arrival_rate.as_per_second(), ..self }
    }

    const fn with_cap(self, cap: u32) -> Self {
        Self { cap, ..self }
    }

    /// Offered load of fresh requests: λ·W, in erlangs.
    #[must_use]
    pub const fn load(&self) -> f64 {
        self.rate * self.response_time
    }
}

/// What became of the traffic. Shares are 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Load that the cap sees, retries included, in erlangs.
    pub load: f64,
    /// Attempts per request.
    pub attempts: f64,
    /// Share of attempts that is refused at once.
    pub rejected: f64,
    /// Share of attempts that waits longer than the client's timeout.
    pub timed_out: f64,
    /// Share of attempts that has to wait.
    pub waiting: f64,
    /// Mean wait of the attempts that are taken, in seconds; infinite where the queue grows without end.
    pub mean_wait_s: f64,
    /// Mean wait and response time of the attempts that are taken, in seconds.
    pub response_time_s: f64,
    /// Share of requests that fails in the end, after all retries.
    pub failed: f64,
    /// Requests per second that succeed.
    pub goodput_per_s: f64,
}

impl Outcome {
    /// `share` of the time in this outcome, the rest in another.
    fn mixed(self, share: f64, other: Self) -> Self {
        let rest = 1.0 - share;
        // An infinite wait counts unless it never happens.
        let mix = |x: f64, y: f64| {
            if share <= 0.0 {
                y
            } else if rest <= 0.0 {
                x
            } else {
                share * x + rest * y
            }
        };
        Self {
            load: mix(self.load, other.load),
            attempts: mix(self.attempts, other.attempts),
            rejected: mix(self.rejected, other.rejected),
            timed_out: mix(self.timed_out, other.timed_out),
            waiting: mix(self.waiting, other.waiting),
            mean_wait_s: mix(self.mean_wait_s, other.mean_wait_s),
            response_time_s: mix(self.response_time_s, other.response_time_s),
            failed: mix(self.failed, other.failed),
            goodput_per_s: mix(self.goodput_per_s, other.goodput_per_s),
        }
    }
}

/// A behaviour of a cap.
pub trait Overload {
    /// What becomes of `traffic`; in the good state where there are two.
    ///
    /// # Accuracy
    /// Measured over 10,000 random scenarios with caps up to 10⁹ and up to 100 retries: relative error of every share and wait
    /// at most 3e-14, and of the goodput that of the arrival rate, times the number of times that a relative change of the
    /// load comes back in the answer. [`Queue`] says where its timeouts differ, [`Penalty`] its blocks.
    fn outcome(&self, traffic: &Traffic) -> Outcome;

    /// Most requests per second that can be sent with a share of at most `target` failing in the end; the rate of
    /// `traffic` itself plays no part.
    ///
    /// # Errors
    /// `target` when it is 1, which any rate meets.
    /// # Accuracy
    /// To one part in 10¹², by bisection; at most 10⁹ per second, which is returned where even that meets the target.
    /// Measured: 1e-12 over 3100 random scenarios, 7e-12 for a cap that shrinks.
    fn most_per_s(&self, traffic: &Traffic, target: Probability) -> Result<f64, Error> {
        most_per_s(self, traffic, target, MAX_RATE)
    }
}

/// Bisection below `limit`.
fn most_per_s(
    behaviour: &(impl Overload + ?Sized),
    traffic: &Traffic,
    target: Probability,
    limit: f64,
) -> Result<f64, Error> {
    let target = target.as_f64();
    if target >= 1.0 {
        return Err(Error::number("target", target, 0.0, 1.0 - f64::EPSILON / 2.0, false, ""));
    }
    let meets = |rate: f64| behaviour.outcome(&Traffic { rate, ..*traffic }).failed <= target;
    if meets(limit) {
        return Ok(limit);
    }
    let mut low = 0.0;
    let mut high = (f64::from(traffic.cap) / traffic.response_time.max(1e-9)).max(1e-9).min(limit);
    while meets(high) && high < limit {
        low = high;
        high = (2.0 * high).min(limit);
    }
    for _ in 0..100 {
        // Geometric once there is something below: small targets need small rates.
        let middle = if low > 0.0 { crate::math::sqrt(low) * crate::math::sqrt(high) } else { 0.125 * high };
        if meets(middle) {
            low = middle;
        } else {
            high = middle;
        }
        if high - low <= 1e-12 * high || high < 1e-12 {
            break;
        }
    }
    Ok(low)
}

/// Smallest x with `x = a·Σ(qF(x))^k`, for F that grows with x: from below, so that a good state is found if there is one.
///
/// A step of the equation itself cannot pass the root. A secant shortens the way: where F is convex, as it is up to a good
/// state, it stays below the root too, and where it passes it the root lies between. Where a cap is given there may be
/// `several` roots; else there is one, between a and what all retries make of it.
fn smallest_load(a: f64, policy: RetryPolicy, several: Option<u32>, failing: impl Fn(f64) -> f64) -> f64 {
    let gap = |x: f64| {
        let f = failing(x);
        a * policy.attempts(f, 1.0 - f) - x
    };
    let (mut low, mut first) = (a, gap(a));
    // Where a step passed the root, and by how much the equation fell short there.
    let most = a * policy.attempts(1.0, 0.0);
    let mut high = if several.is_none() && most > a { Some((most, gap(most).min(0.0))) } else { None };
    for turn in 0..600 {
        if first <= 1e-15 * low {
            break;
        }
        let near = low + first;
        let second = gap(near);
        if second <= 0.0 {
            return near;
        }
        let secant = near + second * if second < first { first / (first - second) } else { 1.0 };
        let jump = match high {
            None if turn < 150 => secant,
            // Just past a collapse the steps are tiny where the good state was: walk through by a ten-thousandth at a time.
            // Below one, this skips a pair of states only within some 10⁻⁸ of it. Above the cap nothing changes faster than
            // the distance from it.
            None => secant
                .max(near + second + 1e-4 * near)
                .max(near + 0.05 * (near - f64::from(several.unwrap_or(0))))
                .min(most.max(near)),
            Some((end, _)) if turn % 3 == 2 => 0.5 * (near + end),
            // The chord stays below a root that the secant passes.
            Some((end, short)) if turn % 3 == 1 || secant >= end => near + (end - near) * (second / (second - short)),
            Some(_) => secant,
        };
        let there = gap(jump);
        (low, first) = if there >= 0.0 { (jump, there) } else { (near, second) };
        if there < 0.0 {
            high = Some((jump, there));
        }
        if high.is_some_and(|(end, _)| end - low <= f64::EPSILON * end) {
            break;
        }
    }
    low
}
