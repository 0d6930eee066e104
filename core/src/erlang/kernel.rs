//! One evaluation that everything is read from: the Poisson tail seen from c, in whichever of two forms is well scaled.
//!
//! Time does not grow with c. Notation as in Temme, "The asymptotic expansion of the incomplete gamma functions",
//! SIAM J. Math. Anal. 10 (1979) 757, and DLMF 8.12: E = c·h(a/c), z = √E, η = ±√(2h).

use super::deviance::{deviance, deviance_near};
use super::tables::{C0, C1, C2, C3, C4, C5, C6, C7, ERFCX, FACTORIAL, STIRLING};
use crate::math;
use crate::two_word::{Scaled, Two, decompose};

/// Up to here a sum over the servers is the fastest and the most accurate.
pub(crate) const SMALL: f64 = 64.0;
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
    if a >= c {
        let e = deviance_near(c, a);
        let z = math::sqrt(e);
        let eta = z * math::sqrt(2.0 / c);
        let root = math::sqrt(core::f64::consts::FRAC_PI_2 * c);
        return Tail::Upper { below: stirling(c) * (root * erfcx(z) + expansion(c, eta)) };
    }
    let e = deviance(c, a);
    let z = math::sqrt(e.hi);
    let root = math::sqrt(core::f64::consts::FRAC_PI_2 * c);
    let g = stirling(c);
    let p = Scaled::exp(e.negated());
    // √(2πc) = 2·√(πc/2)
    let at = p.with_mantissa(p.mantissa / (2.0 * root * g));
    let beyond = if e.hi > 40.0 {
        0.0
    } else {
        let eta = z * math::sqrt(2.0 / c);
        at.mantissa * (g * (root * erfcx(z) - expansion(c, -eta)) - 1.0)
    };
    Tail::Lower { at, beyond }
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
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number from 0 to 64")]
        let k = n as u32;
        let factorial = FACTORIAL.get(k as usize).copied().unwrap_or(1.0);
        let power = Scaled::power(a, k);
        let power = power.with_mantissa(power.mantissa / factorial);
        let p = power.times(Scaled::exp(Two::from(-a)));
        return settled(p);
    }
    let p = Scaled::exp(deviance(n, a).negated());
    p.with_mantissa(p.mantissa / (math::sqrt(core::f64::consts::TAU * n) * stirling(n)))
}

/// `P(N > c)/P(N = c)` for positive a below c.
#[inline]
pub(crate) fn beyond_ratio(c: f64, a: f64) -> f64 {
    if c <= SMALL || a < LOW * c {
        return beyond_by_series(c, a);
    }
    let z = math::sqrt(deviance_near(c, a));
    let root = math::sqrt(core::f64::consts::FRAC_PI_2 * c);
    stirling(c) * (root * erfcx(z) - expansion(c, -z * math::sqrt(2.0 / c))) - 1.0
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
    if y >= HIGH * x {
        // 1/pmf less the states below x, which Legendre's fraction gives for real x.
        let whole = Scaled::exp(deviance(x, y)).value() * math::sqrt(core::f64::consts::TAU * x) * stirling(x);
        let (d, mut rest, mut k) = (y - x, 0.0, 40.0);
        while k > 0.0 {
            rest = k * (x - k + 1.0) / (d + 2.0 * k + rest);
            k -= 1.0;
        }
        return whole - y / (d + rest);
    }
    let e = deviance(x, y);
    let z = math::sqrt(e.hi.max(0.0));
    let root = math::sqrt(core::f64::consts::FRAC_PI_2 * x);
    let eta = z * math::sqrt(2.0 / x);
    if y < x {
        return stirling(x) * (root * erfcx(z) - expansion(x, -eta)) - 1.0;
    }
    stirling(x) * (root * (2.0 * Scaled::exp(e).value() - erfcx(z)) - expansion(x, eta)) - 1.0
}

/// An exponent that fits a double well goes into the mantissa: then it is 0 exactly when the number is not tiny.
#[inline]
fn settled(p: Scaled) -> Scaled {
    let (m, e) = decompose(p.mantissa);
    let all = Scaled { mantissa: m, exponent: e.saturating_add(p.exponent) };
    if all.exponent > -800 { Scaled::from(all.value()) } else { all }
}

/// `c!/(√(2πc)(c/e)^c)`, DLMF 5.11.3-4.
#[inline]
fn stirling(c: f64) -> f64 {
    math::polynomial(1.0 / c, &STIRLING)
}

/// `e^(z²)·erfc z` for z of at least 0. Shepherd & Laframboise, Math. Comp. 36 (1981) 249.
#[inline]
pub(crate) fn erfcx(z: f64) -> f64 {
    math::polynomial((z - 3.75) / (z + 3.75), &ERFCX) / (1.0 + 2.0 * z)
}

/// `Σ C_k(η) c^-k`, DLMF 8.12.7: one value, from as many polynomials as c needs.
#[inline]
fn expansion(c: f64, eta: f64) -> f64 {
    let near = math::polynomial(eta, &C0);
    let r = 1.0 / c;
    let second = math::polynomial(eta, &C1);
    let third = math::polynomial(eta, &C2);
    if c > 1e6 {
        return near + r * (second + r * third);
    }
    let fourth = math::polynomial(eta, &C3);
    let fifth = math::polynomial(eta, &C4);
    let rest = math::polynomial(eta, &C5) + r * (math::polynomial(eta, &C6) + r * math::polynomial(eta, &C7));
    near + r * (second + r * (third + r * (fourth + r * (fifth + r * rest))))
}
