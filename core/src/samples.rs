//! Measured response times: mean, percentiles, and how sure the mean is.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use crate::math;

/// What a list of measurements says.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Summary {
    /// Number of measurements.
    pub count: u32,
    /// Arithmetic mean, in seconds.
    pub mean: f64,
    /// Half the width of the mean's 95 % confidence interval, in seconds; `None` for a single measurement.
    pub mean_half_width: Option<f64>,
    /// Median, in seconds.
    pub p50: f64,
    /// 95th percentile, in seconds.
    pub p95: f64,
    /// 99th percentile, in seconds.
    pub p99: f64,
}

/// Summarises measurements, which it sorts; `None` for an empty list.
///
/// # Formula
/// Percentile p is the smallest measurement that at least p % of them do not exceed. The interval is
/// mean ± t·s/√n, with s² = Σ(x − mean)²/(n − 1) and t the 97.5 % point of Student's distribution with n − 1 degrees
/// of freedom: right for independent measurements whose mean is near normal, and too narrow for a few measurements of
/// a very skewed distribution.
/// # Source
/// R. J. Hyndman, Y. Fan, "Sample Quantiles in Statistical Packages", Am. Statistician 50 (1996) 361, definition 1;
/// "Student", "The Probable Error of a Mean", Biometrika 6 (1908) 1.
/// # Accuracy
/// t to 3 × 10⁻⁶ relative.
/// # Examples
/// ```
/// use proxy_concurrency::samples::summarise;
///
/// let summary = summarise(&mut [2.0, 3.0, 1.0, 4.0]).expect("four measurements");
/// assert_eq!((summary.mean, summary.p50, summary.p95), (2.5, 2.0, 4.0));
/// // t₃ = 3.182446…, s = 1.290994…: 3.182446 × 1.290994 / 2
/// assert!((summary.mean_half_width.unwrap() - 2.054260).abs() < 1e-5);
/// ```
#[must_use]
pub fn summarise(measurements: &mut [f64]) -> Option<Summary> {
    sort(measurements);
    let count = u32::try_from(measurements.len()).ok()?;
    let n = f64::from(count);
    // Rank ⌈p·n / 100⌉, from 1, in whole numbers: 0.95 × 20 is 19, not 20.
    let percentile = |p: u64| -> Option<f64> {
        let rank = (p * u64::from(count)).div_ceil(100).max(1);
        measurements.get(usize::try_from(rank - 1).ok()?).copied()
    };
    let (p50, p95, p99) = (percentile(50)?, percentile(95)?, percentile(99)?);
    let mean = sum(measurements.iter().copied()) / n;
    let mean_half_width = (count > 1).then(|| {
        let square = sum(measurements.iter().map(|x| (x - mean) * (x - mean)));
        t_975(count - 1) * math::sqrt(square / (n - 1.0) / n)
    });
    Some(Summary { count, mean, mean_half_width, p50, p95, p99 })
}

/// Heapsort: the standard library's sort would be a tenth of all that a reader's browser loads.
///
/// J. W. J. Williams, "Algorithm 232: Heapsort", Comm. ACM 7 (1964) 347.
pub(crate) fn sort(items: &mut [f64]) {
    /// Lets the item at `root` sink in the heap that `items` is below it.
    fn sink(items: &mut [f64], mut root: usize) {
        loop {
            let largest = (2 * root + 1..items.len().min(2 * root + 3)).max_by(|a, b| compare(items, *a, *b));
            match largest {
                Some(child) if compare(items, child, root).is_gt() => items.swap(child, root),
                _ => return,
            }
            root = largest.unwrap_or(root);
        }
    }
    fn compare(items: &[f64], a: usize, b: usize) -> core::cmp::Ordering {
        let at = |i: usize| items.get(i).copied().unwrap_or_default();
        at(a).total_cmp(&at(b))
    }
    for root in (0..items.len() / 2).rev() {
        sink(items, root);
    }
    for end in (1..items.len()).rev() {
        items.swap(0, end);
        if let Some(heap) = items.get_mut(..end) {
            sink(heap, 0);
        }
    }
}

/// Sum with the rounding errors carried along (A. Neumaier, Z. Angew. Math. Mech. 54 (1974) 39, algorithm IV), so that
/// ten thousand measurements lose nothing.
fn sum(terms: impl Iterator<Item = f64>) -> f64 {
    let (mut total, mut lost) = (0.0, 0.0);
    for term in terms {
        let next: f64 = total + term;
        lost += if f64::abs(total) >= f64::abs(term) { (total - next) + term } else { (term - next) + total };
        total = next;
    }
    total + lost
}

/// 97.5 % point of Student's t.
///
/// Beyond ten degrees of freedom by M. Abramowitz, I. A. Stegun, "Handbook of Mathematical Functions", 26.7.5, which is
/// right to 2.3 × 10⁻⁶ there; below, from a 40-digit evaluation.
pub(crate) fn t_975(degrees: u32) -> f64 {
    const FEW: [f64; 10] = [
        12.706_204_736_174_705,
        4.302_652_729_749_464,
        3.182_446_305_283_71,
        2.776_445_105_197_794_4,
        2.570_581_835_636_315_5,
        2.446_911_851_144_97,
        2.364_624_251_592_785,
        2.306_004_135_204_166_7,
        2.262_157_162_798_205_5,
        2.228_138_851_986_275,
    ];
    /// The series in 1/degrees at the normal point z = 1.959963984540054.
    const SERIES: [f64; 5] =
        [1.9599639845400543, 2.372271230298563, 2.8224986157396117, 2.5558496795077232, 1.5895340533938236];
    if let Some(t) = usize::try_from(degrees).ok().and_then(|d| FEW.get(d.checked_sub(1)?)) {
        return *t;
    }
    let inverse = 1.0 / f64::from(degrees);
    SERIES.iter().rev().fold(0.0, |sum, term| sum * inverse + term)
}

#[cfg(test)]
mod tests {
    use super::{summarise, t_975};

    #[test]
    fn student_points_match_a_forty_digit_evaluation() {
        for (degrees, t) in [
            (1, 12.706_204_736_174_705),
            (10, 2.228_138_851_986_275),
            (11, 2.200_985_160_091_64),
            (12, 2.178_812_829_667_229),
            (30, 2.042_272_456_301_238),
            (1_000_000, 1.959_966_356_811_285),
        ] {
            assert!((t_975(degrees) / t - 1.0).abs() < 3e-6, "{degrees}: {}", t_975(degrees));
        }
    }

    #[test]
    fn percentile_ranks_are_whole_number_arithmetic() {
        let mut twenty: [f64; 20] = core::array::from_fn(|i| f64::from(u8::try_from(i).expect("small")) + 1.0);
        let summary = summarise(&mut twenty).expect("twenty");
        assert_eq!((summary.p50, summary.p95, summary.p99), (10.0, 19.0, 20.0));
    }

    #[test]
    fn nothing_says_nothing_and_one_has_no_interval() {
        assert_eq!(summarise(&mut []), None);
        assert_eq!(summarise(&mut [3.0]).expect("one").mean_half_width, None);
    }
}
