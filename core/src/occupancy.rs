//! How many requests are in flight when nothing holds them back: Poisson, whatever the response-time distribution.
//!
//! The number of busy servers of M/G/∞ has mean a = λ·W (Little's law) and the Poisson distribution.

use crate::erlang::{at_and_below, at_and_beyond, checked_load, is_tiny, probability, tiny_probability};
use crate::error::Error;
use crate::math;
use crate::two_word::Scaled;
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
    /// # Accuracy
    /// Measured: relative error at most 1e-15 over 30,000 random systems up to 10⁹ erlangs; half a unit of 2^-1074 where
    /// subnormal.
    #[must_use]
    pub fn exactly(&self, n: u32) -> f64 {
        let n = f64::from(n);
        let at = self.split(n).at;
        if is_tiny(at) { tiny_probability(n, self.load) } else { at }
    }

    /// Probability that at most `n` requests are in flight.
    ///
    /// # Formula
    /// `Σ_{k<=n} a^k·e^-a/k!`
    /// # Source
    /// That of [`Loss::blocking`](crate::erlang::Loss::blocking), whose tails these are.
    /// # Accuracy
    /// Measured: relative error at most 1.1e-15 over 30,000 random systems up to 10⁹ erlangs; 0.8 units of 2^-1074 where
    /// subnormal.
    #[must_use]
    pub fn at_most(&self, n: u32) -> f64 {
        let s = self.split(f64::from(n));
        // The side that n is on is summed; the other is what is left.
        if f64::from(n) >= self.load { 1.0 - s.beyond } else { s.below + s.at }
    }

    /// Probability that more than `n` requests are in flight: the share of time over a cap of `n` that is only watched.
    ///
    /// # Formula
    /// `Σ_{k>n} a^k·e^-a/k!`
    /// # Source
    /// That of [`at_most`](Self::at_most).
    /// # Accuracy
    /// Measured: relative error at most 1.6e-15 over 30,000 random systems up to 10⁹ erlangs; 0.7 units of 2^-1074 where
    /// subnormal.
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
    /// Measured: exact on every row of the table and at 30,000 random loads up to 10⁹, half of the targets next to what one
    /// number gives.
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

    /// For a load that is known to be finite and at least 0.
    pub(crate) const fn raw(load: f64) -> Self {
        Self { load }
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
        if a < n {
            let (p, ratio) = at_and_beyond(n, a);
            let (at, beyond) = (p.value(), p.with_mantissa(p.mantissa * ratio).value());
            return Split { below: (1.0 - beyond) - at, at, beyond };
        }
        let (p, ratio) = at_and_below(n, a);
        let (at, below) = (p.value(), p.with_mantissa(p.mantissa * ratio).value());
        Split { below, at, beyond: (1.0 - below) - at }
    }
}

/// `P(N = n)`, N ~ Poisson(a), with an exponent of its own.
pub(crate) fn at_scaled(n: f64, a: f64) -> Scaled {
    probability(n, a)
}

/// `P(N <= n)`, N ~ Poisson(a) for positive a, with an exponent of its own.
pub(crate) fn at_most_scaled(n: f64, a: f64) -> Scaled {
    if n < 0.0 {
        return Scaled::from(0.0);
    }
    if n < a {
        let (p, ratio) = at_and_below(n, a);
        return p.with_mantissa(p.mantissa * (1.0 + ratio));
    }
    let s = Occupancy { load: a }.split(n);
    Scaled::from(if n == 0.0 { s.at } else { 1.0 - s.beyond })
}

/// Cornish-Fisher: normal quantile with two corrections.
fn start(a: f64, p: f64) -> f64 {
    let z = normal_quantile(p);
    let n = a + z * math::sqrt(a) + (z * z - 1.0) / 6.0 - 0.5 + (z - z * z * z) / (72.0 * math::sqrt(a));
    // `ceil` of a small negative number is -0, and which zero `max` keeps differs between processors and WebAssembly.
    math::ceil(n).max(0.0) + 0.0
}

/// Normal quantile to about 7 digits: M. J. Wichura, "Algorithm AS 241", Appl. Statist. 37 (1988) 477, PPND7.
fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * (((59.109_374_72 * r + 159.291_132_02) * r + 50.434_271_938) * r + 3.387_132_717_9)
            / (((67.187_563_6 * r + 78.757_757_664) * r + 17.895_169_469) * r + 1.0);
    }
    let tail = if q > 0.0 { 1.0 - p } else { p };
    let r = math::sqrt(-math::ln(tail.max(f64::MIN_POSITIVE)));
    let z = if r <= 5.0 {
        let r = r - 1.6;
        (((0.170_238_211_03 * r + 1.306_728_481_6) * r + 2.756_815_39) * r + 1.423_437_277_7)
            / ((0.120_211_329_75 * r + 0.737_001_642_5) * r + 1.0)
    } else {
        let r = r - 5.0;
        (((0.017_337_203_997 * r + 0.428_682_943_37) * r + 3.081_226_386) * r + 6.657_905_115)
            / ((0.012_258_202_635 * r + 0.241_978_942_25) * r + 1.0)
    };
    if q > 0.0 { z } else { -z }
}

#[cfg(test)]
mod tests {
    use super::normal_quantile;

    #[test]
    fn the_normal_quantile_has_seven_digits() {
        // Φ of these by mpmath, 20 digits.
        for (z, p) in [
            (-9.0_f64, 1.128_588_405_953_840_6e-19),
            (-5.0, 2.866_515_718_791_939e-7),
            (-2.0, 0.022_750_131_948_179_21),
            (-1.0, 0.158_655_253_931_457_05),
            (0.5, 0.691_462_461_274_013),
            (3.0, 0.998_650_101_968_369_9),
        ] {
            assert!((normal_quantile(p) - z).abs() < 2e-6 * z.abs(), "{z}: {}", normal_quantile(p));
        }
    }
}
