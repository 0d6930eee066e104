//! What is simulated, checked at the door.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use alloc::vec::Vec;

use super::fields::FACTORS;
use crate::error::{Error, Given, Rule};
use crate::units::{MAX_RATE, MAX_SECONDS, within};

/// Longest time that is simulated: thirty years.
pub const MAX_DURATION_S: f64 = 1e9;
/// Most requests that are followed at once, in flight, waiting and between retries: each is held in memory.
pub const MAX_FOLLOWED: u32 = 1 << 22;

/// A system to simulate: who sends, what holds a request up, what the proxy does over its limit, and what the client does
/// then. Times are in seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// When requests are sent.
    pub arrivals: Arrivals,
    /// How long the destination takes.
    pub response_time: ResponseTime,
    /// What the proxy holds at once.
    pub cap: u32,
    /// What the cap counts.
    pub counts: Counts,
    /// What the proxy does with what goes over.
    pub over: Over,
    /// The client gives up after a time.
    pub timeout: Option<Timeout>,
    /// The client tries again.
    pub retry: Retry,
    /// The client keeps connections open and uses them again; without this, a connection costs nothing.
    pub pool: Option<Pool>,
    /// What goes wrong, or changes, for a while.
    pub spells: Vec<Spell>,
    /// Simulated time, above 0 and at most [`MAX_DURATION_S`].
    pub duration_s: f64,
}

/// When requests are sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrivals {
    /// Independently of each other, at a rate per second.
    Poisson(f64),
    /// Evenly spaced, at a rate per second.
    Regular(f64),
    /// In bursts: Poisson at `peak` times the rate for `burst_s` on average, then nothing for as long as keeps the mean rate.
    Bursty {
        /// Mean rate per second, pauses included.
        rate: f64,
        /// Rate in a burst, as a multiple of the mean: above 1.
        peak: f64,
        /// Mean length of a burst.
        burst_s: f64,
    },
    /// At these times, ascending.
    Recorded(Vec<f64>),
    /// By so many workers, each of which sends its next request `think_s` after its last one ended.
    Closed {
        /// Workers in the loop.
        workers: u32,
        /// Pause between a response and the next request.
        think_s: f64,
    },
}

/// How long a response takes, without waiting and setup.
#[derive(Clone, Debug, PartialEq)]
pub enum ResponseTime {
    /// Always this.
    Deterministic(f64),
    /// Exponential with this mean.
    Exponential(f64),
    /// Lognormal: the logarithm is normal.
    Lognormal {
        /// Mean of the logarithm.
        mu: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
    },
    /// One of these, each as likely as the others.
    Samples(Vec<f64>),
}

/// Requests in a burst, on average, below which a run would be spent on bursts without any.
pub(super) const LEAST_PER_BURST: f64 = 1e-3;

/// z with `P(N(0, 1) <= z) = 0.95`.
const Z_95: f64 = 1.644_853_626_951_472_7;

impl ResponseTime {
    /// The lognormal distribution with this mean and 95th percentile.
    ///
    /// # Formula
    /// `σ = z - sqrt(z² - 2·ln(p95/mean))`, `μ = ln(mean) - σ²/2`, z = 1.645 the normal 95 % point; the smaller of two solutions.
    /// # Source
    /// J. Aitchison, J. A. C. Brown, The Lognormal Distribution, 1957, section 2.3.
    /// # Errors
    /// `mean` outside of 1 µs to a day; `p95` below the mean, or above 3.868 times the mean, which no lognormal distribution has.
    pub fn lognormal(mean: f64, p95: f64) -> Result<Self, Error> {
        seconds("mean", mean, crate::units::MIN_SECONDS)?;
        let largest = mean * crate::math::exp(0.5 * Z_95 * Z_95);
        if !within(p95, mean, largest) {
            return Err(Error::number("p95", p95, mean, largest, false, "seconds"));
        }
        let ratio = crate::math::ln(p95 / mean);
        let sigma = Z_95 - crate::math::sqrt((Z_95 * Z_95 - 2.0 * ratio).max(0.0));
        Ok(Self::Lognormal { mu: crate::math::ln(mean) - 0.5 * sigma * sigma, sigma })
    }

    /// The mean, in seconds.
    #[must_use]
    pub fn mean_s(&self) -> f64 {
        match self {
            Self::Deterministic(t) | Self::Exponential(t) => *t,
            Self::Lognormal { mu, sigma } => crate::math::exp(mu + 0.5 * sigma * sigma),
            #[expect(clippy::cast_precision_loss, reason = "a count")]
            Self::Samples(times) => times.iter().sum::<f64>() / times.len().max(1) as f64,
        }
    }
}

/// What the cap counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// Requests in flight, or what is as many: connections in use, streams.
    Requests,
    /// Connections of the client's [`Pool`], idle ones too.
    OpenConnections,
}

/// What the proxy does with what goes over its cap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Over {
    /// Refuses it.
    Reject,
    /// Lets so many wait, first come, first served; refuses when all places are taken.
    Queue {
        /// Places to wait.
        places: u32,
    },
    /// Splits the cap over addresses, one of which a request chooses at random; each refuses on its own.
    PerIp {
        /// Addresses, at least 1.
        addresses: u32,
    },
    /// Refuses, and lowers the cap for good once so many have been served.
    ShrinkingCap {
        /// The cap that is left.
        reduced_cap: u32,
        /// Requests served before.
        after: u64,
    },
    /// Refuses, and blocks everything for `duration_s` once `refusals` fell into one window. Windows follow each other, each
    /// from zero.
    Penalty {
        /// Refusals that block, at least 1.
        refusals: u32,
        /// Length of a window.
        window_s: f64,
        /// Length of a block.
        duration_s: f64,
    },
}

/// When the client gives up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timeout {
    /// Time since the request was sent.
    pub after_s: f64,
    /// What the time covers.
    pub covers: Covers,
    /// What becomes of a request that was given up.
    pub late: LateWork,
}

/// What a timeout covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Covers {
    /// Waiting for a place: once a response is under way the client stays.
    #[default]
    Waiting,
    /// Everything up to the last byte.
    Response,
}

/// What becomes of a request that was given up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum LateWork {
    /// It keeps its place and is served in vain.
    #[default]
    Served,
    /// It leaves, and what it held is free.
    Cancelled,
}

/// How the client tries again after a refusal, a timeout or an error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retry {
    /// Retries of one request, at most; `u32::MAX` for no end.
    pub most: u32,
    /// Probability that a failed attempt is tried again, while there are retries left.
    pub share: f64,
    /// Pause before the first retry.
    pub backoff_s: f64,
    /// Each further pause is so many times the one before: at least 1.
    pub factor: f64,
    /// Longest pause.
    pub longest_s: f64,
    /// Share of the pause that is drawn at random: 0 for none, 1 for "full jitter".
    pub jitter: f64,
}

impl Retry {
    /// Nobody tries again.
    pub const NONE: Self = Self { most: 0, share: 0.0, backoff_s: 0.0, factor: 1.0, longest_s: 0.0, jitter: 0.0 };
}

/// Connections of the client.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pool {
    /// Time to open one.
    pub setup_s: f64,
    /// Time after which an idle one is closed.
    pub idle_s: f64,
    /// Requests on one at once: 1 for HTTP/1.1, the streams of a connection for HTTP/2.
    pub streams: u32,
}

/// What is different for a while.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spell {
    /// From this time on.
    pub from_s: f64,
    /// Up to this time.
    pub until_s: f64,
    /// What is different.
    pub effect: Effect,
}

/// What a spell does. Factors of spells that overlap are multiplied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effect {
    /// Responses that begin in it take so many times as long.
    Slow(f64),
    /// So many times as many requests are sent; workers in a loop do not hurry.
    Burst(f64),
    /// Responses that begin in it are errors, after so many seconds.
    Fail(f64),
}

const fn told(field: &'static str, words: &'static str) -> Error {
    Error { field, value: Given::Nothing, rule: Rule::Told(words) }
}

fn number(field: &'static str, x: f64, min: f64, max: f64, unit: &'static str) -> Result<(), Error> {
    if within(x, min, max) { Ok(()) } else { Err(Error::number(field, x, min, max, false, unit)) }
}

fn seconds(field: &'static str, x: f64, min: f64) -> Result<(), Error> {
    number(field, x, min, MAX_SECONDS, "seconds")
}

fn whole(field: &'static str, n: u32, min: u32, max: u32) -> Result<(), Error> {
    if (min..=max).contains(&n) {
        Ok(())
    } else {
        Err(Error::number(field, f64::from(n), f64::from(min), f64::from(max), true, ""))
    }
}

impl Config {
    /// Poisson arrivals and exponential response times under a cap that refuses: the case of the formulas.
    #[must_use]
    pub const fn new(arrival_rate: f64, response_time_s: f64, cap: u32, duration_s: f64) -> Self {
        Self {
            arrivals: Arrivals::Poisson(arrival_rate),
            response_time: ResponseTime::Exponential(response_time_s),
            cap,
            counts: Counts::Requests,
            over: Over::Reject,
            timeout: None,
            retry: Retry::NONE,
            pool: None,
            spells: Vec::new(),
            duration_s,
        }
    }

    /// # Errors
    /// The first thing that no simulation can be made of.
    pub(super) fn check(&self) -> Result<(), Error> {
        number("duration", self.duration_s, f64::MIN_POSITIVE, MAX_DURATION_S, "seconds")?;
        self.arrivals.check()?;
        self.response_time.check()?;
        match self.over {
            Over::Reject | Over::Queue { .. } | Over::ShrinkingCap { .. } => {}
            Over::PerIp { addresses } => whole("exitIps", addresses, 1, MAX_FOLLOWED)?,
            Over::Penalty { refusals, window_s, duration_s } => {
                whole("penaltyRefusals", refusals, 1, u32::MAX)?;
                number("penaltyWindow", window_s, f64::MIN_POSITIVE, MAX_DURATION_S, "seconds")?;
                number("penaltyTime", duration_s, 0.0, MAX_DURATION_S, "seconds")?;
            }
        }
        if let Some(timeout) = self.timeout {
            seconds("clientTimeout", timeout.after_s, 0.0)?;
        }
        let retry = self.retry;
        number("retryShare", retry.share, 0.0, 1.0, "")?;
        seconds("backoff", retry.backoff_s, 0.0)?;
        number("backoffFactor", retry.factor, 1.0, 1e6, "")?;
        number("longestBackoff", retry.longest_s, 0.0, MAX_DURATION_S, "seconds")?;
        number("jitter", retry.jitter, 0.0, 1.0, "")?;
        if let Some(pool) = self.pool {
            seconds("setupTime", pool.setup_s, 0.0)?;
            seconds("idleTime", pool.idle_s, 0.0)?;
            whole("streams", pool.streams, 1, u32::MAX)?;
        }
        if self.counts == Counts::OpenConnections && (self.pool.is_none() || matches!(self.over, Over::PerIp { .. })) {
            return Err(told("counts", "of open connections need a pool, and a cap that is not split over addresses"));
        }
        for spell in &self.spells {
            number("spellFrom", spell.from_s, 0.0, MAX_DURATION_S, "seconds")?;
            number("spellUntil", spell.until_s, spell.from_s, MAX_DURATION_S, "seconds")?;
            match spell.effect {
                Effect::Slow(factor) => number("slowFactor", factor, FACTORS.0, FACTORS.1, "")?,
                Effect::Burst(factor) => number("burstFactor", factor, FACTORS.0, FACTORS.1, "")?,
                Effect::Fail(after_s) => seconds("failAfter", after_s, 0.0)?,
            }
        }
        Ok(())
    }
}

impl Arrivals {
    fn check(&self) -> Result<(), Error> {
        let rate_of = |rate: f64| number("arrivalRate", rate, 0.0, MAX_RATE, "requests per second");
        match self {
            Self::Poisson(rate) | Self::Regular(rate) => rate_of(*rate),
            Self::Bursty { rate, peak, burst_s } => {
                rate_of(*rate)?;
                number("peak", *peak, 1.0, FACTORS.1, "")?;
                seconds("burst", *burst_s, crate::units::MIN_SECONDS)?;
                if *rate > 0.0 && rate * peak * burst_s < LEAST_PER_BURST {
                    return Err(told("burst", "is so short that next to none has a request in it"));
                }
                Ok(())
            }
            Self::Recorded(times) => {
                let mut before = 0.0;
                for &time in times {
                    number("arrivalTimes", time, before, MAX_DURATION_S, "seconds")?;
                    before = time;
                }
                Ok(())
            }
            Self::Closed { workers, think_s } => {
                whole("workers", *workers, 0, MAX_FOLLOWED)?;
                seconds("thinkTime", *think_s, 0.0)
            }
        }
    }
}

impl ResponseTime {
    fn check(&self) -> Result<(), Error> {
        match self {
            Self::Deterministic(t) | Self::Exponential(t) => seconds("responseTime", *t, 0.0),
            Self::Lognormal { mu, sigma } => {
                number("mu", *mu, -20.0, 20.0, "")?;
                number("sigma", *sigma, 0.0, 5.0, "")
            }
            Self::Samples(times) => {
                if times.is_empty() {
                    return Err(told("responseTimeSamples", "must not be empty"));
                }
                times.iter().try_for_each(|&t| seconds("responseTimeSamples", t, 0.0))
            }
        }
    }
}
