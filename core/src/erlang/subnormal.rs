//! Probabilities too small for a normal double, all in two words and rounded once.
//!
//! Just below 2^-1022 one unit of 2^-1074 is 2.2e-16 of the result: the usual path, good to 1.4e-15, is up to 2.8 units
//! off there. Erlang B is the Poisson probability here, to 1e-290 of it. Taken for such results only: it is slow.
//! The arithmetic is that of Dekker, Numer. Math. 18 (1971) 224, as everywhere; every step is good to 1e-18 or better.

use super::deviance::{SERIES, reduced_quotient, two_word_quotient};
use super::kernel::SMALL;
use crate::math;
use crate::two_word::{LN2_FULL, Scaled, Two, exact, power, power_of_two, two_product, two_sum};

/// Results below are computed here. A little above the normal numbers: the usual path may round over the border.
const SWITCH: f64 = f64::MIN_POSITIVE * (1.0 + 1e-12);
/// 2π to 107 bits.
const TAU: Two = Two { hi: core::f64::consts::TAU, lo: 2.449_293_598_294_706_4e-16 };

/// Whether a result is to be computed again by this module. What came out as 0 is at most a rounding off.
#[inline]
pub(crate) fn is_tiny(x: f64) -> bool {
    x > 0.0 && x < SWITCH
}

/// The usual result, or `precise` of c and a where that is tiny. One with no exponent of its own never is.
#[inline]
pub(super) fn rounded(usual: Scaled, c: f64, a: f64, precise: fn(f64, f64) -> f64) -> f64 {
    if usual.exponent == 0 { usual.mantissa } else { small(usual, c, a, precise) }
}

#[cold]
#[inline(never)]
fn small(usual: Scaled, c: f64, a: f64, precise: fn(f64, f64) -> f64) -> f64 {
    let x = usual.value();
    if is_tiny(x) { precise(c, a) } else { x }
}

/// `P(N = c)` for N ~ Poisson(a), where [`is_tiny`]; whole c of at least 0, positive finite a. Also Erlang B, for a below c.
///
/// # Formula
/// `a^c·e^-a/c!`
/// # Source
/// Loader's form (see `deviance`); for up to 48 the product itself.
/// # Accuracy
/// The nearest multiple of 2^-1074 but for middles nearer than 0.01: at most 0.49997 units on 8000 random systems.
#[cold]
#[inline(never)]
pub(crate) fn probability(c: f64, a: f64) -> f64 {
    let (p, exponent) = parts(c, a);
    round(p, exponent)
}

/// Erlang C where [`is_tiny`], for positive a below c: `c·B/(c - a)`, as `a·B` no longer counts beside `c - a`.
///
/// # Accuracy
/// That of [`probability`].
#[cold]
#[inline(never)]
pub(super) fn waiting(c: f64, a: f64) -> f64 {
    let (p, exponent) = parts(c, a);
    round(p.scaled_by(c).over(two_sum(c, -a)), exponent)
}

/// `P(N = c)` as `p·2^exponent`.
fn parts(c: f64, a: f64) -> (Two, i64) {
    if c <= SMALL {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number from 0 to 48")]
        let n = c as u32;
        let (p, up) = power(a, n);
        let factorial = (1..=n).fold(Two::from(1.0), |f, k| f.scaled_by(f64::from(k)));
        let (e, down) = exp(Two::from(-a));
        return (p.over(factorial).times(e), up + down);
    }
    // c! = √(2πc)·(c/e)^c·e^δ, DLMF 5.11.1; δ is below 1/588, so that one word of it is enough.
    let x = 1.0 / (c * c);
    let delta = (1.0 / 12.0 - x * (1.0 / 360.0 - x * (1.0 / 1260.0 - x * (1.0 / 1680.0 - x / 1188.0)))) / c;
    let (p, exponent) = exp(deviance(c, a).plus(Two::from(delta)).negated());
    (p.over(root(TAU.scaled_by(c))), exponent)
}

/// `E = a - c - c·ln(a/c)`: `deviance`, with every term of the series in two words.
fn deviance(c: f64, a: f64) -> Two {
    let (d, s) = (two_sum(a, -c), two_sum(a, c));
    let y = d.hi / s.hi;
    if y.abs() <= SERIES {
        let y = two_word_quotient(y, d, s);
        return d.times(y).minus(beyond_first(y).scaled_by(2.0 * c));
    }
    let (w, k) = reduced_quotient(c, a);
    let ln = LN2_FULL.scaled_by(exact(k)).plus(w.plus(beyond_first(w)).scaled_by(2.0));
    d.plus(ln.scaled_by(c))
}

/// `atanh y - y = y³/3 + y⁵/5 + …` for |y| of at most 0.275: what is left out is below 1e-25 of y.
fn beyond_first(y: Two) -> Two {
    let (x, one) = (y.times(y), Two::from(1.0));
    let mut sum = Two::from(0.0);
    let mut n = 45.0;
    while n >= 3.0 {
        sum = sum.times(x).plus(one.over(Two::from(n)));
        n -= 2.0;
    }
    sum.times(x).times(y)
}

/// `e^x` as `m·2^k`: Taylor's series on what a multiple of ln 2 leaves.
fn exp(x: Two) -> (Two, i64) {
    let k = math::round(x.hi / core::f64::consts::LN_2);
    let r = x.minus(LN2_FULL.scaled_by(k));
    let mut sum = Two::from(1.0);
    let mut n = 22.0;
    while n >= 1.0 {
        sum = Two::from(1.0).plus(sum.times(r).over(Two::from(n)));
        n -= 1.0;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a tiny result's exponent: a few thousand")]
    (sum, k as i64)
}

/// `√x`: one step of Newton's.
fn root(x: Two) -> Two {
    let hi = math::sqrt(x.hi);
    let square = two_product(hi, hi);
    Two { hi, lo: ((x.hi - square.hi) - square.lo + x.lo) / (2.0 * hi) }
}

/// `x·2^exponent` to the nearest multiple of 2^-1074, for a result below 2^-1021.
fn round(x: Two, exponent: i64) -> f64 {
    let units = power_of_two(exponent + 1074);
    let (hi, lo) = (x.hi * units, x.lo * units);
    // Both are exact, and so are the whole part and the last product.
    let whole = math::floor(hi);
    (whole + math::round((hi - whole) + lo)) * f64::from_bits(1)
}
