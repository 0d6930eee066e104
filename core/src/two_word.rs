//! Sums and products carried in two doubles, and numbers with an exponent of their own.
//!
//! Dekker, "A floating-point technique for extending the available precision", Numer. Math. 18 (1971) 224: the rounding
//! error of a sum or a product of doubles is itself a double. No fused multiply-add: WebAssembly has none, and the two
//! must agree to the last bit.

use crate::math;

/// `hi + lo`, with `|lo|` at most half a unit in the last place of `hi`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Two {
    pub(crate) hi: f64,
    pub(crate) lo: f64,
}

/// `x + y` exactly (Knuth).
#[inline]
pub(crate) fn two_sum(x: f64, y: f64) -> Two {
    let hi = x + y;
    let shadow = hi - x;
    Two { hi, lo: (x - (hi - shadow)) + (y - shadow) }
}

/// `x + y` exactly, for `|x| >= |y|`.
#[inline]
pub(crate) fn quick_two_sum(x: f64, y: f64) -> Two {
    let hi = x + y;
    Two { hi, lo: y - (hi - x) }
}

#[inline]
fn split(x: f64) -> (f64, f64) {
    // 2^27 + 1
    let t = 134_217_729.0 * x;
    let hi = t - (t - x);
    (hi, x - hi)
}

/// The first 26 bits: the product of two such numbers is exact.
#[inline]
pub(crate) fn head(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & !((1 << 27) - 1))
}

/// `x·y` exactly, for products well inside the range of a double.
#[inline]
pub(crate) fn two_product(x: f64, y: f64) -> Two {
    let hi = x * y;
    let ((xh, xl), (yh, yl)) = (split(x), split(y));
    Two { hi, lo: ((xh * yh - hi) + xh * yl + xl * yh) + xl * yl }
}

impl Two {
    #[inline]
    pub(crate) const fn from(x: f64) -> Self {
        Self { hi: x, lo: 0.0 }
    }

    #[inline]
    pub(crate) fn plus(self, other: Self) -> Self {
        let s = two_sum(self.hi, other.hi);
        quick_two_sum(s.hi, s.lo + (self.lo + other.lo))
    }

    #[inline]
    pub(crate) fn minus(self, other: Self) -> Self {
        self.plus(other.negated())
    }

    #[inline]
    pub(crate) const fn negated(self) -> Self {
        Self { hi: -self.hi, lo: -self.lo }
    }

    #[inline]
    pub(crate) fn times(self, other: Self) -> Self {
        let p = two_product(self.hi, other.hi);
        quick_two_sum(p.hi, p.lo + (self.hi * other.lo + self.lo * other.hi))
    }

    #[inline]
    pub(crate) fn scaled_by(self, x: f64) -> Self {
        let p = two_product(self.hi, x);
        quick_two_sum(p.hi, p.lo + self.lo * x)
    }

    #[inline]
    pub(crate) fn over(self, other: Self) -> Self {
        let hi = self.hi / other.hi;
        let p = two_product(hi, other.hi);
        quick_two_sum(hi, ((self.hi - p.hi) - p.lo + self.lo - hi * other.lo) / other.hi)
    }

    #[inline]
    pub(crate) fn value(self) -> f64 {
        self.hi + self.lo
    }
}

/// `mantissa·2^exponent`, so that a ratio of two tiny numbers is formed before it is rounded to the few bits that a
/// subnormal double has left. The mantissa is a normal double of moderate size, or zero.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scaled {
    pub(crate) mantissa: f64,
    pub(crate) exponent: i64,
}

/// ln 2 in two words; the first ends in 21 zero bits, so that its product with a whole number below 2^21 is exact.
const LN2: Two = Two { hi: 0.693_147_180_369_123_8, lo: 1.908_214_929_270_587_7e-10 };
/// ln 2 to 107 bits.
pub(crate) const LN2_FULL: Two = Two { hi: core::f64::consts::LN_2, lo: 2.319_046_813_846_299_6e-17 };

/// `(e^x - 1 - x)/x²`, Taylor's series to x^11: what is left out is below 5e-18 for |x| up to ln 2/2.
const EXP: [[f64; 4]; 3] = [
    [1.0 / 2.0, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0],
    [1.0 / 720.0, 1.0 / 5_040.0, 1.0 / 40_320.0, 1.0 / 362_880.0],
    [1.0 / 3_628_800.0, 1.0 / 39_916_800.0, 1.0 / 479_001_600.0, 1.0 / 6_227_020_800.0],
];

/// `2^n` for n in -1022..=1023.
#[inline]
#[expect(clippy::cast_sign_loss, reason = "clamped to a positive number")]
pub(crate) fn power_of_two(n: i64) -> f64 {
    f64::from_bits(((n.clamp(-1022, 1023) + 1023) as u64) << 52)
}

/// `x = m·2^e` with m in 1..2, for positive finite x.
#[inline]
pub(crate) fn decompose(x: f64) -> (f64, i64) {
    const ONE: u64 = 1023 << 52;
    let (x, lift) = if x < f64::MIN_POSITIVE { (x * power_of_two(60), 60) } else { (x, 0) };
    let bits = x.to_bits();
    (f64::from_bits(bits & ((1 << 52) - 1) | ONE), (bits >> 52) as i64 - 1023 - lift)
}

/// `x^n = m·2^e` for positive finite x and n up to 64, by squaring.
#[inline]
pub(crate) fn power(x: f64, n: u32) -> (Two, i64) {
    let (m, e) = decompose(x);
    let (mut left, mut square, mut result) = (n, Two::from(m), Two::from(1.0));
    while left > 0 {
        if left & 1 == 1 {
            result = result.times(square);
        }
        left >>= 1;
        if left > 0 {
            square = square.times(square);
        }
    }
    (result, e * i64::from(n))
}

impl Scaled {
    pub(crate) const fn from(x: f64) -> Self {
        Self { mantissa: x, exponent: 0 }
    }

    /// `e^x`, for any finite x: to 0.6 units of the last place.
    #[inline]
    pub(crate) fn exp(x: Two) -> Self {
        let (k, r) = if x.hi.abs() < 1e6 {
            // Added and taken away again, 1.5·2^52 rounds to a whole number.
            const ROUND: f64 = 6_755_399_441_055_744.0;
            let k = (x.hi * core::f64::consts::LOG2_E + ROUND) - ROUND;
            (k, quick_two_sum(x.hi - k * LN2.hi, x.lo - k * LN2.lo))
        } else {
            // Beyond ±1e18 nothing but the sign matters to anyone.
            let x = if x.hi.abs() > 1e18 { Two::from(if x.hi > 0.0 { 1e18 } else { -1e18 }) } else { x };
            let k = math::round(x.hi / core::f64::consts::LN_2);
            (k, x.minus(LN2_FULL.scaled_by(k)))
        };
        let mantissa = 1.0 + (r.hi + (r.lo + r.hi * r.hi * math::polynomial(r.hi, &EXP)));
        #[expect(clippy::cast_possible_truncation, reason = "|k| < 1.5e18")]
        let exponent = k as i64;
        if x.hi.abs() <= 600.0 {
            return Self::from(mantissa * power_of_two(exponent));
        }
        Self { mantissa, exponent }
    }

    /// `x^n` for positive finite x: the relative error is one rounding, for n up to 64.
    #[inline]
    pub(crate) fn power(x: f64, n: u32) -> Self {
        let (m, exponent) = power(x, n);
        Self { mantissa: m.hi, exponent }
    }

    #[inline]
    pub(crate) const fn with_mantissa(self, mantissa: f64) -> Self {
        Self { mantissa, exponent: self.exponent }
    }

    #[inline]
    pub(crate) fn times(self, other: Self) -> Self {
        let (product, exponent) = (self.mantissa * other.mantissa, self.exponent.saturating_add(other.exponent));
        if product > 1e-290 || self.mantissa == 0.0 || other.mantissa == 0.0 {
            return Self { mantissa: product, exponent };
        }
        // Two probabilities that fit a double may have a product that does not.
        let ((x, e), (y, f)) = (decompose(self.mantissa), decompose(other.mantissa));
        Self { mantissa: x * y, exponent: exponent.saturating_add(e).saturating_add(f) }
    }

    /// The double: rounded once, also where it is subnormal.
    #[inline]
    pub(crate) fn value(self) -> f64 {
        if self.exponent == 0 {
            return self.mantissa;
        }
        if self.mantissa == 0.0 {
            return 0.0;
        }
        let (m, e) = decompose(self.mantissa);
        let e = e.saturating_add(self.exponent);
        if e < -1080 {
            0.0
        } else if e < -1022 {
            m * power_of_two(-1022 + 100) * power_of_two(e + 1022 - 100)
        } else if e > 1023 {
            f64::INFINITY
        } else {
            m * power_of_two(e)
        }
    }

    /// Natural logarithm; minus infinity for zero.
    #[inline]
    pub(crate) fn ln(self) -> f64 {
        if self.mantissa == 0.0 {
            return f64::NEG_INFINITY;
        }
        if self.exponent == 0 {
            return math::ln(self.mantissa);
        }
        let (m, e) = decompose(self.mantissa);
        let e = LN2_FULL.scaled_by(exact(e.saturating_add(self.exponent)));
        e.plus(Two::from(math::ln(m))).hi
    }

    /// `self <= x`, decided before rounding to a double; x is at least 0 and finite.
    pub(crate) fn at_most(self, x: f64) -> bool {
        if self.mantissa == 0.0 || x == 0.0 {
            return self.mantissa == 0.0;
        }
        let ((m, e), (mx, ex)) = (decompose(self.mantissa), decompose(x));
        let e = e.saturating_add(self.exponent);
        e < ex || (e == ex && m <= mx)
    }
}

/// A whole number as a double; exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "callers stay below 2^53, or need the magnitude only")]
pub(crate) const fn exact(n: i64) -> f64 {
    n as f64
}
