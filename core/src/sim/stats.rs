//! What is counted, and how sure it is.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use alloc::vec;
use alloc::vec::Vec;

use crate::math;
use crate::samples::t_975;

/// What happened in a part of the time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Tally {
    /// Integrals over time, in seconds.
    pub(super) in_flight_s: f64,
    pub(super) waiting_s: f64,
    pub(super) open_s: f64,
    /// Sums, in seconds: waits and times held of what began to be served, response times of what succeeded.
    pub(super) wait_s: f64,
    pub(super) held_s: f64,
    pub(super) response_s: f64,
    pub(super) requests: u64,
    pub(super) attempts: u64,
    pub(super) rejected: u64,
    pub(super) waited: u64,
    pub(super) started: u64,
    pub(super) timed_out: u64,
    pub(super) errored: u64,
    pub(super) succeeded: u64,
    pub(super) failed: u64,
    pub(super) wasted: u64,
    pub(super) most_in_flight: u32,
}

impl Tally {
    pub(super) fn add(&mut self, other: &Self) {
        self.in_flight_s += other.in_flight_s;
        self.waiting_s += other.waiting_s;
        self.open_s += other.open_s;
        self.wait_s += other.wait_s;
        self.held_s += other.held_s;
        self.response_s += other.response_s;
        self.requests += other.requests;
        self.attempts += other.attempts;
        self.rejected += other.rejected;
        self.waited += other.waited;
        self.started += other.started;
        self.timed_out += other.timed_out;
        self.errored += other.errored;
        self.succeeded += other.succeeded;
        self.failed += other.failed;
        self.wasted += other.wasted;
        self.most_in_flight = self.most_in_flight.max(other.most_in_flight);
    }
}

/// The integral over time of a number that changes now and then.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Integral {
    sum: f64,
    until: f64,
}

impl Integral {
    /// The number was `n` until now.
    #[inline]
    pub(super) fn goes_on(&mut self, now: f64, n: f64) {
        self.sum += (now - self.until) * n;
        self.until = now;
    }

    /// What it is, and from zero again.
    pub(super) fn take(&mut self) -> f64 {
        core::mem::take(&mut self.sum)
    }
}

/// A mean with half the width of its 95 % confidence interval; `None` where the run is too short to tell.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Estimate {
    /// The mean over all that was counted.
    pub mean: f64,
    /// Half the width of the interval.
    pub half_width: Option<f64>,
}

/// Numbers of batches that are tried, most first: more make a narrower interval, fewer are less dependent on each other.
const BATCHES: [usize; 3] = [32, 16, FEWEST];
const FEWEST: usize = 8;

/// `Σ above / Σ below` over parts of the run that follow each other, all of the same length.
///
/// # Formula
/// Batches of parts, of which r = Σy/Σx; `t·sqrt(Σ(y - r·x)²/(n(n - 1)))/x̄`, t Student's 97.5 % point with n - 1 degrees of freedom.
/// As many batches as show no correlation from one to the next (|r₁| below 1.96/√n); eight at least.
/// # Source
/// A. M. Law, Simulation Modeling and Analysis, 5th ed. 2015, sections 9.5.3 (batch means) and 9.5.2 (ratios).
pub(super) fn ratio(parts: &[Tally], above: impl Fn(&Tally) -> f64, below: impl Fn(&Tally) -> f64) -> Option<Estimate> {
    let sum = |of: &dyn Fn(&Tally) -> f64, parts: &[Tally]| parts.iter().map(of).sum::<f64>();
    let (y, x) = (sum(&above, parts), sum(&below, parts));
    if x <= 0.0 {
        return None;
    }
    let mean = y / x;
    let half_width = BATCHES.iter().filter(|&&n| parts.len() >= n).find_map(|&n| {
        let size = parts.len() / n;
        // From the end: where the number does not divide, what is left over is nearest to the warm-up.
        let errors: Vec<f64> =
            parts.rchunks_exact(size).take(n).map(|batch| sum(&above, batch) - mean * sum(&below, batch)).collect();
        let square: f64 = errors.iter().map(|e| e * e).sum();
        let next: f64 = errors.iter().zip(errors.iter().skip(1)).map(|(a, b)| a * b).sum();
        #[expect(clippy::cast_precision_loss, reason = "at most 32")]
        let count = n as f64;
        if n > FEWEST && next.abs() > 1.96 / math::sqrt(count) * square {
            return None;
        }
        let degrees = u32::try_from(n - 1).ok()?;
        #[expect(clippy::cast_precision_loss, reason = "a count of parts")]
        let each = x / parts.len() as f64 * size as f64;
        Some(t_975(degrees) * math::sqrt(square / (count * (count - 1.0))) / each)
    });
    Some(Estimate { mean, half_width })
}

/// Counts of times by size, in bounded memory: 128 steps to each doubling from 2⁻³⁰ to 2³⁰ seconds, so that a percentile is
/// within 0.4 % of a time that was measured.
#[derive(Clone, Debug)]
pub(super) struct Times {
    steps: Vec<u64>,
    /// Below 2⁻³⁰ s, zero among them.
    none: u64,
    count: u64,
}

const STEPS_BITS: u32 = 7;
const LOWEST: u64 = (1023 - 30) << STEPS_BITS;
const STEPS: usize = 60 << STEPS_BITS;

impl Times {
    pub(super) fn new() -> Self {
        Self { steps: vec![0; STEPS], none: 0, count: 0 }
    }

    #[inline]
    pub(super) fn add(&mut self, time: f64) {
        self.count += 1;
        let step = (time.to_bits() >> (52 - STEPS_BITS)).wrapping_sub(LOWEST);
        match self.steps.get_mut(step as usize) {
            Some(count) if step < STEPS as u64 => *count += 1,
            _ => self.none += 1,
        }
    }

    /// The time that a share `p` of all does not exceed: the middle of its step. `None` where nothing was counted.
    pub(super) fn quantile(&self, p: f64) -> Option<f64> {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rank of a count"
        )]
        let rank = (math::ceil(p * self.count as f64) as u64).max(1);
        if self.count == 0 {
            return None;
        }
        let mut passed = self.none;
        if passed >= rank {
            return Some(0.0);
        }
        for (step, count) in (LOWEST..).zip(&self.steps) {
            passed += count;
            if passed >= rank {
                let edge = |step: u64| f64::from_bits(step << (52 - STEPS_BITS));
                return Some(0.5 * (edge(step) + edge(step + 1)));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_within_their_error() {
        let mut times = Times::new();
        let mut all: Vec<f64> = (1..=10_000).map(|i| 1e-4 * f64::from(i) * f64::from(i % 7 + 1)).collect();
        all.iter().for_each(|&t| times.add(t));
        all.sort_by(f64::total_cmp);
        for (p, rank) in [(0.5, 5000), (0.95, 9500), (0.99, 9900), (0.999, 9990), (1.0, 10_000)] {
            let (said, exact) = (times.quantile(p).expect("ten thousand"), all[rank - 1]);
            assert!((said / exact - 1.0).abs() < 0.004, "{p}: {said}, {exact}");
        }
        assert_eq!(Times::new().quantile(0.5), None);
    }

    #[test]
    fn times_of_any_size_are_counted() {
        let mut times = Times::new();
        for t in [0.0, 1e-300, 1e-9, 1e-10, 1.0] {
            times.add(t);
        }
        assert_eq!(times.quantile(0.6), Some(0.0));
        assert!((times.quantile(0.8).expect("five") / 1e-9 - 1.0).abs() < 0.004);
    }
}
