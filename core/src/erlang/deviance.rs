//! The exponent of the Poisson distribution, to two words.
//!
//! `E = c·h(a/c)`, `h(l) = l - 1 - ln l`. The relative error of a probability is the absolute error of its exponent, which
//! reaches 745 before the probability leaves the range of a double: one word alone would lose three digits.
//! The form is that of Loader, "Fast and accurate computation of binomial probabilities" (2000), in two words.

use crate::math;
use crate::two_word::{LN2_FULL, Two, decompose, exact, head, quick_two_sum, two_product, two_sum};

/// Greatest `|a - c|/(a + c)` for which the series in it is used: covers a from 0.57c to 1.75c.
pub(super) const SERIES: f64 = 0.275;

/// `1/5 + x/7 + x²/9 + …`: what follows `y + y³/3` in `atanh y`, over y⁵, with x = y².
const ATANH_REST: [[f64; 4]; 4] = [
    [1.0 / 5.0, 1.0 / 7.0, 1.0 / 9.0, 1.0 / 11.0],
    [1.0 / 13.0, 1.0 / 15.0, 1.0 / 17.0, 1.0 / 19.0],
    [1.0 / 21.0, 1.0 / 23.0, 1.0 / 25.0, 1.0 / 27.0],
    [1.0 / 29.0, 1.0 / 31.0, 1.0 / 33.0, 0.0],
];
const ATANH_REST_NEAR: [[f64; 4]; 2] =
    [[1.0 / 5.0, 1.0 / 7.0, 1.0 / 9.0, 1.0 / 11.0], [1.0 / 13.0, 1.0 / 15.0, 1.0 / 17.0, 1.0 / 19.0]];

#[inline]
fn atanh_rest(y2: f64) -> f64 {
    if y2 < 0.01 { math::polynomial(y2, &ATANH_REST_NEAR) } else { math::polynomial(y2, &ATANH_REST) }
}

/// Largest `2c(y³/3 + …)` that one word is enough for.
const ONE_WORD: f64 = 0.3;

/// `E = a - c - c·ln(a/c)`, at least 0, for positive a and c.
///
/// With d = a - c and y = d/(a + c) it is `d·y - 2c(y³/3 + y⁵/5 + …)`: the first term falls out of d - 2c·y exactly, so nothing
/// cancels.
#[inline]
pub(crate) fn deviance(c: f64, a: f64) -> Two {
    let s = two_sum(a, c);
    // Exact where the series is used: a is between c/2 and 2c there.
    let d = a - c;
    let y = d / s.hi;
    if y.abs() > SERIES {
        return two_sum(a, -c).plus(ln_ratio(c, a).scaled_by(c));
    }
    let beyond = beyond_first(c, y);
    if beyond.abs() > ONE_WORD {
        return deviance_far(c, d, s, y);
    }
    // d·y alone in two words, by 26 bits of y, of d and of a + c: their products are exact.
    let (y1, d1, s1) = (head(y), head(d), head(s.hi));
    let y2 = (((d - y1 * s1) - y1 * (s.hi - s1)) - y1 * s.lo) * (1.0 / s.hi);
    quick_two_sum(d1 * y1, (d - d1) * y1 + (d * y2 - beyond))
}

/// The same far from c, with y³ in two words as well.
#[inline(never)]
fn deviance_far(c: f64, d: f64, s: Two, y: f64) -> Two {
    let d = Two::from(d);
    let y = two_word_quotient(y, d, s);
    let y2 = y.times(y);
    let lead = d.times(y);
    let third = y2.times(y).scaled_by(2.0 * c).over(Two::from(3.0));
    let rest = 2.0 * c * (y.hi * y2.hi * y2.hi) * atanh_rest(y2.hi);
    lead.minus(third).minus(Two::from(rest))
}

/// `2c(y³/3 + y⁵/5 + …)`.
#[inline]
fn beyond_first(c: f64, y: f64) -> f64 {
    let y2 = y * y;
    2.0 * c * y * y2 * (1.0 / 3.0 + y2 * atanh_rest(y2))
}

/// The same to one word, for a near c (a from 0.57c to 1.75c).
#[inline]
pub(crate) fn deviance_near(c: f64, a: f64) -> f64 {
    let d = a - c;
    let y = d / (a + c);
    d * y - beyond_first(c, y)
}

/// The second word of `d/s`, given the first.
#[inline]
pub(super) fn two_word_quotient(hi: f64, d: Two, s: Two) -> Two {
    let p = two_product(hi, s.hi);
    Two { hi, lo: ((d.hi - p.hi) - p.lo + d.lo - hi * s.lo) / s.hi }
}

/// `(w, k)` with `ln(x/y) = k·ln 2 + 2·atanh w`, |w| at most 0.172, for positive finite x and y.
#[inline]
pub(super) fn reduced_quotient(x: f64, y: f64) -> (Two, i64) {
    let ((x, ex), (mut y, ey)) = (decompose(x), decompose(y));
    let mut k = ex - ey;
    // Both in 1..2 now; a ratio beyond √2 or 1/√2 moves by one more power of two.
    let mut x = x;
    if x > y * core::f64::consts::SQRT_2 {
        y *= 2.0;
        k += 1;
    } else if y > x * core::f64::consts::SQRT_2 {
        x *= 2.0;
        k -= 1;
    }
    let (d, s) = (two_sum(x, -y), two_sum(x, y));
    (two_word_quotient(d.hi / s.hi, d, s), k)
}

/// `ln(x/y)` for positive finite x and y.
pub(crate) fn ln_ratio(x: f64, y: f64) -> Two {
    let (w, k) = reduced_quotient(x, y);
    let w2 = w.times(w);
    let third = w2.times(w).scaled_by(2.0).over(Two::from(3.0));
    let rest = 2.0 * w.hi * w2.hi * w2.hi * atanh_rest(w2.hi);
    let near = w.scaled_by(2.0).plus(third).plus(Two::from(rest));
    LN2_FULL.scaled_by(exact(k)).plus(near)
}
