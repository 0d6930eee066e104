//! The only file that names `libm`: the same bits natively and in WebAssembly.
//!
//! std's own `exp`, `ln` and `pow` come from the platform and differ in the last bit from machine to machine,
//! so `libm` is used where std exists too. But for square roots and whole numbers in WebAssembly, with the feature `std`: they
//! are instructions with one right answer, which `libm` works out of integers there, and only std has names for them.

#[cfg(all(feature = "std", target_family = "wasm"))]
pub(crate) use instructions::{ceil, floor, sqrt};
#[cfg(not(all(feature = "std", target_family = "wasm")))]
pub(crate) use libm::{ceil, floor, sqrt};

#[cfg(all(feature = "std", target_family = "wasm"))]
mod instructions {
    #[inline]
    pub(crate) fn ceil(x: f64) -> f64 {
        x.ceil()
    }

    #[inline]
    pub(crate) fn floor(x: f64) -> f64 {
        x.floor()
    }

    #[inline]
    pub(crate) fn sqrt(x: f64) -> f64 {
        x.sqrt()
    }
}

pub(crate) fn round(x: f64) -> f64 {
    libm::round(x)
}

pub(crate) fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

pub(crate) fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

pub(crate) fn exp(x: f64) -> f64 {
    libm::exp(x)
}

pub(crate) fn ln(x: f64) -> f64 {
    libm::log(x)
}

pub(crate) fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// `x` held between two bounds. Not `f64::clamp`, whose panic would bring 15 kB of number formatting to the browser.
pub(crate) fn between(x: f64, low: f64, high: f64) -> f64 {
    // `+ 0.0`: which zero `max` keeps differs between processors and WebAssembly.
    x.max(low).min(high) + 0.0
}

/// Whether `x` has no fraction.
#[expect(clippy::float_cmp, reason = "rounding a whole number gives the very same number")]
pub(crate) fn is_whole(x: f64) -> bool {
    round(x) == x
}

/// `Σ k_i x^i`, coefficients ascending and four to a row: four short chains instead of one long one.
#[inline]
pub(crate) fn polynomial<const N: usize>(x: f64, rows: &[[f64; 4]; N]) -> f64 {
    first_rows::<N, N>(x, rows)
}

/// The same, from the first `M` rows alone.
#[inline]
pub(crate) fn first_rows<const M: usize, const N: usize>(x: f64, rows: &[[f64; 4]; N]) -> f64 {
    let x2 = x * x;
    let x4 = x2 * x2;
    let mut sum = [0.0; 4];
    for row in rows.iter().take(M).rev() {
        for (s, k) in sum.iter_mut().zip(row) {
            *s = *s * x4 + k;
        }
    }
    let [s0, s1, s2, s3] = sum;
    (s0 + x * s1) + x2 * (s2 + x * s3)
}
