//! How many requests are in flight when nothing holds them back: Poisson, whatever the response-time distribution.
//!
//! The number of busy servers of M/G/∞ has mean a = λ·W (Little's law) and the Poisson distribution.

use crate::erlang::{SMALL, Tail, below_by_sum, beyond_ratio, checked_load, probability, tail};
use crate::error::Error;
use crate::math;
use crate::units::{Erlangs, Probability, within};

/// Occupancy of an unlimited pool: Poisson with the offered load as its mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Occupancy {
    load: f64,
}

/// `P(N = n)` and the two sides of it.
#[derive(Clone, Copy, Debug)]
struct Split {
    /// P(N < n).
    below: f64,
    /// P(N = n).
    at: f64,
    /// P(N > n).
    beyond: f64,
}

impl Occupancy {
    /// Occupancy at offered load `load`.
    #[must_use]
    pub const fn new(load: Erlangs) -> Self {
        Self { load: load.as_f64() }
    }

    /// The same from a bare number, beyond the range of the type.
    ///
    /// # Errors
    /// `offeredLoad` when negative, NaN or infinite.
    pub fn checked(load_erlangs: f64) -> Result<Self, Error> {
        Ok(Self { load: checked_load(load_erlangs)? })
    }

    /// Probability that exactly `n` requests are in flight.
    ///
    /// # Formula
    /// `a^n·e^-a/n!`
    /// # Source
    /// C. Loader, "Fast and accurate computation of binomial probabilities" (2000), with the exponent in two words.
    #[must_use]
    pub fn exactly(&self, n: u32) -> f64 {
        self.split(f64::from(n)).at
    }

    /// Probability that at most `n` requests are in flight.
    #[must_use]
    pub fn at_most(&self, n: u32) -> f64 {
        let s = self.split(f64::from(n));
        // The side that n is on is summed; the other is what is left.
        if f64::from(n) >= self.load { 1.0 - s.beyond } else { s.below + s.at }
    }

    /// Probability that more than `n` requests are in flight: the share of time over a cap of `n` that is only watched.
    ///
    /// # Examples
    /// ```
    /// # use proxy_concurrency::{Erlangs, occupancy::Occupancy};
    /// // e^-1 + e^-1 for at most one, so 1 - 2/e beyond.
    /// let pool = Occupancy::new(Erlangs::new(1.0)?);
    /// assert!((pool.more_than(1) - (1.0 - 2.0 * (-1.0_f64).exp())).abs() < 1e-15);
    /// assert!((pool.more_than(1) + pool.at_most(1) - 1.0).abs() < 1e-15);
    /// # Ok::<(), proxy_concurrency::Error>(())
    /// ```
    #[must_use]
    pub fn more_than(&self, n: u32) -> f64 {
        self.split(f64::from(n)).beyond
    }

    /// Smallest n such that at most n requests are in flight with probability `p` or more.
    ///
    /// `p = 1` has no such n for a positive load and is refused, as is what would pass 10¹⁵.
    ///
    /// # Formula
    /// `min { n : P(N <= n) >= p }`, compared in the upper tail with the exact `1 - p` where p exceeds a half.
    /// # Errors
    /// `probability` when it is 1; `offeredLoad` beyond 10¹⁴.
    /// # Source
    /// Start: Cornish-Fisher expansion (Abramowitz & Stegun 26.2.49); then the distribution itself decides, at n and at
    /// n - 1. Values: `tests/vectors/poisson_quantile.csv`.
    /// # Accuracy
    /// Exact on every row of the table.
    /// # Examples
    /// ```
    /// # use proxy_concurrency::{Erlangs, Probability, occupancy::Occupancy};
    /// let pool = Occupancy::new(Erlangs::new(125.0)?);
    /// let n = pool.quantile(Probability::new(0.99)?)? as u32;
    /// assert!(pool.at_most(n) >= 0.99 && pool.at_most(n - 1) < 0.99);
    /// # Ok::<(), proxy_concurrency::Error>(())
    /// ```
    pub fn quantile(&self, p: Probability) -> Result<f64, Error> {
        let p = p.as_f64();
        if self.load == 0.0 || p == 0.0 {
            return Ok(0.0);
        }
        if p >= 1.0 {
            return Err(Error::number("probability", p, 0.0, 1.0 - f64::EPSILON / 2.0, false, ""));
        }
        if !within(self.load, 0.0, 1e14) {
            return Err(Error::number("offeredLoad", self.load, 0.0, 1e14, false, "erlangs"));
        }
        Ok(self.smallest(p))
    }

    fn smallest(&self, p: f64) -> f64 {
        let a = self.load;
        let upper = p > 0.5;
        // Exact: p is at least a half there.
        let q = 1.0 - p;
        let meets = |s: &Split| if upper { s.beyond <= q } else { s.below + s.at >= p };
        let misses_before = |s: &Split| if upper { s.beyond + s.at > q } else { s.below < p };
        let mut n = if a < 1e-3 { 0.0 } else { start(a, p) };
        let mut s = self.split(n);
        // The start is within a few units of the answer: walk by the ratio of neighbours, then ask the distribution.
        let mut walked = 0.0;
        if meets(&s) {
            while n > 0.0 && !misses_before(&s) {
                s = Split { below: s.below - s.at * n / a, at: s.at * n / a, beyond: s.beyond + s.at };
                n -= 1.0;
                walked += 1.0;
                if walked >= 8.0 || (!upper && s.below < s.at) {
                    s = self.split(n);
                    walked = 0.0;
                }
            }
        } else {
            while !meets(&s) {
                n += 1.0;
                let at = s.at * a / n;
                s = Split { below: s.below + s.at, at, beyond: s.beyond - at };
                walked += 1.0;
                if walked >= 8.0 || (upper && s.beyond < at) {
                    s = self.split(n);
                    walked = 0.0;
                }
            }
        }
        // A walked value carries the errors of its steps: the last word is a fresh one's, at n and at n - 1.
        if walked > 0.0 {
            s = self.split(n);
            while !meets(&s) {
                n += 1.0;
                s = self.split(n);
            }
            while n > 0.0 && !misses_before(&s) {
                n -= 1.0;
                s = self.split(n);
            }
        }
        n
    }

    fn split(&self, n: f64) -> Split {
        let a = self.load;
        if a == 0.0 {
            return if n == 0.0 {
                Split { below: 0.0, at: 1.0, beyond: 0.0 }
            } else {
                Split { below: 1.0, at: 0.0, beyond: 0.0 }
            };
        }
        if n == 0.0 {
            return Split { below: 0.0, at: math::exp(-a), beyond: -math::exp_m1(-a) };
        }
        let p = probability(n, a);
        let at = p.value();
        if a < n {
            let beyond = p.with_mantissa(p.mantissa * beyond_ratio(n, a)).value();
            return Split { below: (1.0 - beyond) - at, at, beyond };
        }
        let ratio = if n <= SMALL {
            below_by_sum(n, a)
        } else if let Tail::Upper { below } = tail(n, a) {
            below
        } else {
            0.0
        };
        let below = p.with_mantissa(p.mantissa * ratio).value();
        Split { below, at, beyond: (1.0 - below) - at }
    }
}

/// Cornish-Fisher: normal quantile with two corrections.
fn start(a: f64, p: f64) -> f64 {
    let z = normal_quantile(p);
    let n = a + z * math::sqrt(a) + (z * z - 1.0) / 6.0 - 0.5 + (z - z * z * z) / (72.0 * math::sqrt(a));
    math::ceil(n).max(0.0)
}

/// Abramowitz & Stegun 26.2.23, error below 4.5e-4: enough for a start.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    let tail = if p > 0.5 { 1.0 - p } else { p };
    let t = math::sqrt(-2.0 * math::ln(tail.max(f64::MIN_POSITIVE)));
    let z =
        t - (2.515_517 + t * (0.802_853 + t * 0.010_328)) / (1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)));
    if p > 0.5 { z } else { -z }
}
