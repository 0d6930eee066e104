//! The only file that names `libm`: the same bits natively and in WebAssembly.
//!
//! std's own `exp`, `ln` and `pow` come from the platform and differ in the last bit from machine to machine,
//! so `libm` is used where std exists too.

pub(crate) fn ceil(x: f64) -> f64 {
    libm::ceil(x)
}

pub(crate) fn floor(x: f64) -> f64 {
    libm::floor(x)
}

pub(crate) fn round(x: f64) -> f64 {
    libm::round(x)
}

pub(crate) fn sqrt(x: f64) -> f64 {
    libm::sqrt(x)
}

pub(crate) fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

pub(crate) fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// Whether `x` has no fraction.
#[expect(clippy::float_cmp, reason = "rounding a whole number gives the very same number")]
pub(crate) fn is_whole(x: f64) -> bool {
    round(x) == x
}
