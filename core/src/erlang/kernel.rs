//! One evaluation that everything is read from: the Poisson tail seen from c, in whichever of two forms is well scaled.
//!
//! Time does not grow with c. Notation as in Temme, "The asymptotic expansion of the incomplete gamma functions",
//! SIAM J. Math. Anal. 10 (1979) 757, and DLMF 8.12: E = c·h(a/c), z = √E, η = ±√(2h).

use super::deviance::{deviance, deviance_near};
use super::tables::{C0, C1, C2, C3, C4, C5, C6, C7, ERFCX, FACTORIAL, STIRLING};
use crate::math;
use crate::two_word::{Scaled, Two, decompose};

/// Up to here a sum over the servers is the fastest and the most accurate.
pub(crate) const SMALL: f64 = 48.0;
/// Temme's expansion is used from `LOW·c` to `HIGH·c`; |η| stays below 0.56 there.
pub(crate) const LOW: f64 = 0.57;
pub(crate) const HIGH: f64 = 1.65;
/// Below c a small system is read from the Poisson probability: the sum would gather a rounding from every server. A handful of
/// servers is summed anyhow, from half of c on.
const HANDFUL: f64 = 8.0;

/// The state of c servers at load a.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tail {
    /// `1/B - 1 = P(N < c)/P(N = c)`, where it is of moderate size.
    Upper {
        /// The ratio.
        below: f64,
    },
    /// The Poisson probability at c and beyond it, where B is small.
    Lower {
        /// `P(N = c)`.
        at: Scaled,
        /// `P(N > c)`.
        beyond: f64,
    },
}

/// For whole c from 0 to 10^15 and finite a of at least 0.
#[inline]
pub(crate) fn tail(c: f64, a: f64) -> Tail {
    if c == 0.0 {
        return Tail::Upper { below: 0.0 };
    }
    if a == 0.0 {
        return Tail::Lower { at: Scaled::from(0.0), beyond: 0.0 };
    }
    if c <= SMALL {
        if a >= c || (c <= HANDFUL && a >= 0.5 * c) {
            return Tail::Upper { below: below_by_sum(c, a) };
        }
        return lower_by_series(c, a);
    }
    if a >= HIGH * c {
        return Tail::Upper { below: below_by_sum(c, a) };
    }
    if a < LOW * c {
        return lower_by_series(c, a);
    }
    let pool = Uniform::new(c);
    if a >= c {
        return Tail::Upper { below: pool.below(deviance_near(c, a)) };
    }
    let e = deviance(c, a);
    let at = pool.probability(e);
    let beyond = if e.hi > 40.0 { 0.0 } else { at.mantissa * pool.beyond(e.hi) };
    Tail::Lower { at, beyond }
}

/// Temme's expansion around c, scaled so that its exponential drops out.
struct Uniform {
    c: f64,
    inverse: f64,
    /// `√(πc/2)`.
    root: f64,
    /// `c!/(√(2πc)(c/e)^c)`, DLMF 5.11.3-4.
    stirling: f64,
}

impl Uniform {
    #[inline]
    fn new(c: f64) -> Self {
        let inverse = 1.0 / c;
        Self {
            c,
            inverse,
            root: math::sqrt(core::f64::consts::FRAC_PI_2 * c),
            stirling: math::polynomial(inverse, &STIRLING),
        }
    }

    /// `P(N = c)`, given E.
    #[inline]
    fn probability(&self, e: Two) -> Scaled {
        let p = Scaled::exp(e.negated());
        // √(2πc) = 2·√(πc/2)
        p.with_mantissa(p.mantissa / (2.0 * self.root * self.stirling))
    }

    /// `P(N < c)/P(N = c)` for a of at least c, given E.
    #[inline]
    fn below(&self, e: f64) -> f64 {
        let z = math::sqrt(e);
        self.stirling * (self.root * erfcx(z) + self.expansion(self.eta(z)))
    }

    /// `P(N > c)/P(N = c)` for a below c, given E.
    #[inline]
    fn beyond(&self, e: f64) -> f64 {
        let z = math::sqrt(e);
        self.stirling * (self.root * erfcx(z) - self.expansion(-self.eta(z))) - 1.0
    }

    /// `|η| = z·√(2/c)`.
    #[inline]
    fn eta(&self, z: f64) -> f64 {
        z * (core::f64::consts::FRAC_2_SQRT_PI * self.root * self.inverse)
    }

    /// `Σ C_k(η) c^-k`, DLMF 8.12.7: one value, from as many terms as c and η need.
    #[inline]
    fn expansion(&self, eta: f64) -> f64 {
        let r = self.inverse;
        // What is left out here is below 1e-16 of the sum, which is more than 1/η.
        if self.c >= 1000.0 && eta.abs() <= 0.15 {
            let rest = math::first_rows::<1, 3>(eta, &C3) + r * math::first_rows::<1, 3>(eta, &C4);
            let rest = math::first_rows::<2, 4>(eta, &C1) + r * (math::first_rows::<2, 4>(eta, &C2) + r * rest);
            return math::first_rows::<3, 5>(eta, &C0) + r * rest;
        }
        let rest = math::polynomial(eta, &C5) + r * (math::polynomial(eta, &C6) + r * math::polynomial(eta, &C7));
        let rest = math::polynomial(eta, &C3) + r * (math::polynomial(eta, &C4) + r * rest);
        let rest = math::polynomial(eta, &C1) + r * (math::polynomial(eta, &C2) + r * rest);
        math::polynomial(eta, &C0) + r * rest
    }
}

/// `c/a + c(c-1)/a² + …`: every term positive, ended where the rest no longer counts.
#[inline]
pub(crate) fn below_by_sum(c: f64, a: f64) -> f64 {
    let mut term = c / a;
    let mut sum = term;
    let mut left = c - 1.0;
    while left > 0.0 && (left > a || term > 1e-17 * sum) {
        // The quotient does not wait for the product.
        term *= left / a;
        sum += term;
        left -= 1.0;
    }
    sum
}

#[inline]
fn lower_by_series(c: f64, a: f64) -> Tail {
    let at = probability(c, a);
    if at.exponent != 0 || at.mantissa < 1e-19 {
        return Tail::Lower { at, beyond: 0.0 };
    }
    // Against 1, not against itself: it is taken from 1.
    let (mut n, mut term, mut beyond) = (c, at.mantissa, 0.0);
    while term > 1e-18 {
        n += 1.0;
        term *= a / n;
        beyond += term;
    }
    Tail::Lower { at, beyond }
}

/// `P(N > c)/P(N = c) = a/(c+1) + a²/((c+1)(c+2)) + …`, for a below c + 1.
#[inline]
fn beyond_by_series(c: f64, a: f64) -> f64 {
    let mut n = c + 1.0;
    let mut term = a / n;
    let mut sum = term;
    while term > 1e-17 * sum {
        n += 1.0;
        term *= a / n;
        sum += term;
    }
    sum
}

/// `P(N = n)` for N ~ Poisson(a), whole n of at least 0, positive finite a.
#[inline]
pub(crate) fn probability(n: f64, a: f64) -> Scaled {
    if n <= SMALL {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number from 0 to 48")]
        let k = n as u32;
        let factorial = FACTORIAL.get(k as usize).copied().unwrap_or(1.0);
        let power = Scaled::power(a, k);
        let power = power.with_mantissa(power.mantissa / factorial);
        let p = power.times(Scaled::exp(Two::from(-a)));
        return settled(p);
    }
    Uniform::new(n).probability(deviance(n, a))
}

/// `P(N = n)` and `P(N > n)/P(N = n)` for positive a below n.
#[inline]
pub(crate) fn at_and_beyond(n: f64, a: f64) -> (Scaled, f64) {
    if n <= SMALL || a < LOW * n {
        return (probability(n, a), beyond_by_series(n, a));
    }
    let (pool, e) = (Uniform::new(n), deviance(n, a));
    (pool.probability(e), pool.beyond(e.hi))
}

/// `P(N = n)` and `P(N < n)/P(N = n)` for n of at most a.
#[inline]
pub(crate) fn at_and_below(n: f64, a: f64) -> (Scaled, f64) {
    if n <= SMALL || a >= HIGH * n {
        return (probability(n, a), below_by_sum(n, a));
    }
    let (pool, e) = (Uniform::new(n), deviance(n, a));
    (pool.probability(e), pool.below(e.hi))
}

/// `y/(x+1) + y²/((x+1)(x+2)) + …` for real x and any y, both at least 0; infinite where it passes the doubles.
pub(crate) fn beyond_real(x: f64, y: f64) -> f64 {
    if y <= LOW * x || (x <= SMALL && y <= 300.0) {
        return beyond_by_series(x, y);
    }
    if x <= SMALL {
        // Γ(x+1)·e^y/y^x, less a part below 1e-60 of it.
        return Scaled::exp(Two::from(math::ln_gamma(x + 1.0) + y - x * math::ln(y))).value();
    }
    let pool = Uniform::new(x);
    if y >= HIGH * x {
        // 1/pmf less the states below x, which Legendre's fraction gives for real x.
        let whole = Scaled::exp(deviance(x, y)).value() * 2.0 * pool.root * pool.stirling;
        let (d, mut rest, mut k) = (y - x, 0.0, 40.0);
        while k > 0.0 {
            rest = k * (x - k + 1.0) / (d + 2.0 * k + rest);
            k -= 1.0;
        }
        return whole - y / (d + rest);
    }
    let e = deviance(x, y);
    if y < x {
        return pool.beyond(e.hi);
    }
    // 1/pmf less the states below.
    2.0 * pool.stirling * pool.root * Scaled::exp(e).value() - pool.below(e.hi) - 1.0
}

/// An exponent that fits a double well goes into the mantissa: then it is 0 exactly when the number is not tiny.
#[inline]
fn settled(p: Scaled) -> Scaled {
    let (m, e) = decompose(p.mantissa);
    let all = Scaled { mantissa: m, exponent: e.saturating_add(p.exponent) };
    if all.exponent > -800 { Scaled::from(all.value()) } else { all }
}

/// `e^(z²)·erfc z` for z of at least 0. Shepherd & Laframboise, Math. Comp. 36 (1981) 249.
#[inline]
pub(crate) fn erfcx(z: f64) -> f64 {
    math::polynomial((z - 3.75) / (z + 3.75), &ERFCX) * (1.0 / (1.0 + 2.0 * z))
}
