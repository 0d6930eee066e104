//! What a spell did: how it was before, while it lasted, and how long it went on after it.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use super::config::Spell;
use super::results::Point;

/// What a spell did to a run.
///
/// # Formula
/// Shares are Σ(refused + timed out + errored)/Σ attempts over the parts of the course before and in the spell. It is over once
/// four parts together (a 64th of the run, so that a chance refusal is no setback) are as four before it were at most: their
/// share of failures within 0.02, in flight within a twentieth and one request, waiting within one request. `recovery` is the
/// time from the spell's end to the first of those four.
/// # Accuracy
/// To a part of the course, a 256th of the run.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct SpellEffect {
    /// Share of attempts that failed before it, 0 to 1.
    pub failed_before: f64,
    /// Share of attempts that failed while it lasted.
    pub failed_during: f64,
    /// Most in flight while it lasted, as the mean of a part.
    pub most_in_flight: f64,
    /// Seconds from its end until it was as before; `None` where that did not come about.
    pub recovery: Option<f64>,
}

/// Parts that are taken together.
const SMOOTH: usize = 4;

impl SpellEffect {
    /// `None` where too little of the run lies before, in or after the spell to compare.
    pub(super) fn of(course: &[Point], spell: &Spell) -> Option<Self> {
        let (before, rest) = course.split_at(course.partition_point(|point| point.until <= spell.from_s));
        let (during, after) = rest.split_at(rest.partition_point(|point| point.until <= spell.until_s));
        let usual = before.windows(SMOOTH).map(Level::of).reduce(Level::higher)?;
        if during.is_empty() || after.len() < SMOOTH {
            return None;
        }
        let calm = after.windows(SMOOTH).position(|window| Level::of(window).is_within(&usual));
        let began = |first: usize| {
            first.checked_sub(1).and_then(|last| after.get(last)).map_or(0.0, |point| point.until - spell.until_s)
        };
        Some(Self {
            failed_before: share(before),
            failed_during: share(during),
            most_in_flight: during.iter().map(|point| point.in_flight).fold(0.0, f64::max),
            recovery: calm.map(began),
        })
    }
}

/// Share of attempts that failed. One that was sent before and fails now counts now, so that more may fail than were sent: all.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2⁵³")]
fn share(points: &[Point]) -> f64 {
    let attempts: u64 = points.iter().map(|point| point.attempts).sum();
    let failed: u64 = points.iter().map(|point| point.rejected + point.timed_out + point.errored).sum();
    if attempts == 0 { 0.0 } else { (failed as f64 / attempts as f64).min(1.0) }
}

/// How some parts were together.
#[derive(Clone, Copy)]
struct Level {
    failed: f64,
    in_flight: f64,
    waiting: f64,
}

impl Level {
    #[expect(clippy::cast_precision_loss, reason = "a few")]
    fn of(points: &[Point]) -> Self {
        let n = points.len() as f64;
        Self {
            failed: share(points),
            in_flight: points.iter().map(|point| point.in_flight).sum::<f64>() / n,
            waiting: points.iter().map(|point| point.waiting).sum::<f64>() / n,
        }
    }

    fn higher(self, other: Self) -> Self {
        Self {
            failed: self.failed.max(other.failed),
            in_flight: self.in_flight.max(other.in_flight),
            waiting: self.waiting.max(other.waiting),
        }
    }

    fn is_within(&self, usual: &Self) -> bool {
        self.failed <= usual.failed + 0.02
            && self.in_flight <= 1.05 * usual.in_flight + 1.0
            && self.waiting <= usual.waiting + 1.0
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use crate::sim::Effect;

    /// Parts of a second with ten attempts each: so many in flight, so many refused.
    fn course(parts: &[(f64, u64)]) -> Vec<Point> {
        let part = |(until, &(in_flight, rejected)): (f64, &(f64, u64))| Point {
            until,
            in_flight,
            most_in_flight: 0,
            waiting: 0.0,
            open: 0.0,
            attempts: 10,
            rejected,
            timed_out: 0,
            errored: 0,
            succeeded: 10 - rejected,
            response_time: None,
        };
        (1_u32..).map(f64::from).zip(parts).map(part).collect()
    }

    fn effect(before: &[(f64, u64)], during: &[(f64, u64)], after: &[(f64, u64)]) -> Option<SpellEffect> {
        let from_s = before.len() as f64;
        let spell = Spell { from_s, until_s: from_s + during.len() as f64, effect: Effect::Slow(3.0) };
        SpellEffect::of(&course(&[before, during, after].concat()), &spell)
    }

    const CALM: (f64, u64) = (5.0, 0);

    #[test]
    fn it_lasts_until_four_parts_are_as_before() {
        // The last of the bad parts is the third: the four from the fourth on are calm.
        let after = [(20.0, 9), (20.0, 5), (12.0, 1), CALM, CALM, CALM, CALM, CALM];
        let expected =
            SpellEffect { failed_before: 0.0, failed_during: 0.45, most_in_flight: 20.0, recovery: Some(3.0) };
        assert_eq!(effect(&[CALM; 5], &[(18.0, 4), (20.0, 5)], &after), Some(expected));
        // One in flight and a twentieth more is as before, 6.25 here; above it is not, and neither is one refusal in ten attempts.
        let recovery =
            |after: (f64, u64)| effect(&[CALM; 5], &[(20.0, 5)], &[after; 6]).and_then(|effect| effect.recovery);
        assert_eq!(recovery((6.2, 0)), Some(0.0));
        assert_eq!(recovery((6.3, 0)), None);
        assert_eq!(recovery((5.0, 1)), None);
        // Failures that were usual before it are no setback after it.
        let usual = effect(&[(5.0, 1); 4], &[(5.0, 1)], &[(5.0, 1); 4]).and_then(|effect| effect.recovery);
        assert_eq!(usual, Some(0.0));
    }

    #[test]
    fn without_enough_to_compare_there_is_none() {
        assert_eq!(effect(&[CALM; 3], &[CALM], &[CALM; 9]), None);
        assert_eq!(effect(&[CALM; 9], &[CALM], &[CALM; 3]), None);
        assert_eq!(effect(&[CALM; 9], &[], &[CALM; 9]), None);
        assert!(effect(&[CALM; 4], &[CALM], &[CALM; 4]).is_some());
        assert_eq!(SpellEffect::of(&[], &Spell { from_s: 0.0, until_s: 1.0, effect: Effect::Burst(2.0) }), None);
    }
}
