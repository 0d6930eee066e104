//! What a run says: means with their intervals, percentiles, and the course of it for drawing.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use alloc::vec::Vec;

use super::engine::{PARTS, Progress, Simulation};
use super::stats::{Estimate, Tally, ratio};

/// What a run says up to now. Means are over all of it but a warm-up at the beginning; `None` where nothing was counted.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Results {
    /// How far the run is.
    pub progress: Progress,
    /// Simulated time, seconds.
    pub time: f64,
    /// Time at the beginning that the means leave out, seconds.
    pub warm_up: f64,
    /// Requests in flight.
    pub in_flight: Option<Estimate>,
    /// Requests that wait for a place.
    pub in_queue: Option<Estimate>,
    /// Connections that are open.
    pub open: Option<Estimate>,
    /// Share of attempts that is refused.
    pub rejected: Option<Estimate>,
    /// Share of attempts that has to wait.
    pub waiting: Option<Estimate>,
    /// Share of attempts that times out.
    pub timed_out: Option<Estimate>,
    /// Share of attempts that the destination fails.
    pub errored: Option<Estimate>,
    /// Attempts per request.
    pub attempts: Option<Estimate>,
    /// Share of requests that fails in the end, of those that ended.
    pub failed: Option<Estimate>,
    /// Requests per second that succeed.
    pub goodput_per_second: Option<Estimate>,
    /// Wait of the attempts that got a place, seconds.
    pub mean_wait: Option<Estimate>,
    /// Wait and time held of the attempts that got a place, seconds.
    pub response_time: Option<Estimate>,
    /// Percentiles of that wait, over the whole run.
    pub waits: Option<Percentiles>,
    /// Percentiles of the response time of attempts that succeeded, over the whole run.
    pub response_times: Option<Percentiles>,
    /// Percentiles of the number in flight by time, over the whole run.
    pub occupancy: Option<Percentiles>,
    /// Counts of the whole run.
    pub totals: Totals,
    /// The course of it, in parts of equal length.
    pub course: Vec<Point>,
}

/// Percentiles: of times within 0.4 % of one that was measured, of counts exact.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Percentiles {
    /// Half are at most this.
    pub p50: f64,
    /// 95 of 100 are.
    pub p95: f64,
    /// 99 of 100 are.
    pub p99: f64,
    /// 999 of 1000 are.
    pub p999: f64,
}

impl Percentiles {
    fn of(quantile: impl Fn(f64) -> Option<f64>) -> Option<Self> {
        Some(Self { p50: quantile(0.5)?, p95: quantile(0.95)?, p99: quantile(0.99)?, p999: quantile(0.999)? })
    }
}

/// Counts. `attempts = succeeded + rejected + timed_out + errored + undecided` and
/// `requests = succeeded + failed + undecided + backing_off`, at every moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Totals {
    /// Requests sent, each counted once.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub requests: u64,
    /// Attempts of them.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub attempts: u64,
    /// Attempts that succeeded, and with them their requests.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub succeeded: u64,
    /// Attempts that were refused.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub rejected: u64,
    /// Attempts that timed out.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub timed_out: u64,
    /// Attempts that the destination failed.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub errored: u64,
    /// Requests that failed after all attempts.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub failed: u64,
    /// Attempts that were served for nobody.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub wasted: u64,
    /// Attempts in flight or waiting whose clients have not given up.
    pub undecided: u32,
    /// Requests between two attempts.
    pub backing_off: u32,
    /// In flight now, for nobody too.
    pub in_flight: u32,
    /// Waiting now, for nobody too.
    pub waiting: u32,
}

/// A part of the run. Counts are those of the part, numbers in flight and waiting its means.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Point {
    /// End of the part, seconds.
    pub until: f64,
    /// Requests in flight.
    pub in_flight: f64,
    /// Most requests in flight.
    pub most_in_flight: u32,
    /// Requests that wait.
    pub waiting: f64,
    /// Connections that are open.
    pub open: f64,
    /// Attempts.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub attempts: u64,
    /// Attempts that were refused.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub rejected: u64,
    /// Attempts that timed out.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub timed_out: u64,
    /// Attempts that the destination failed.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub errored: u64,
    /// Requests that succeeded.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub succeeded: u64,
    /// Mean response time of those, seconds.
    pub response_time: Option<f64>,
}

/// A quarter of a run is its warm-up: it begins empty, which is not its usual state.
const WARM_UP: usize = 4;

#[expect(clippy::cast_precision_loss, reason = "counts far below 2⁵³")]
const fn float(n: u64) -> f64 {
    n as f64
}

impl Simulation {
    /// What the run says up to now.
    #[must_use]
    pub fn results(&self) -> Results {
        let part_s = self.config().duration_s / float(PARTS as u64);
        let counted = self.counted();
        let over = |above: fn(&Tally) -> f64, below: fn(&Tally) -> f64| ratio(counted, above, below);
        let by_time = |above: fn(&Tally) -> f64| ratio(counted, above, |_| part_s);
        let by_attempt = |above: fn(&Tally) -> f64| ratio(counted, above, |t| float(t.attempts));
        Results {
            progress: self.progress,
            time: self.now_s(),
            warm_up: part_s * float((self.parts.len() - counted.len()) as u64),
            in_flight: by_time(|t| t.in_flight_s),
            in_queue: by_time(|t| t.waiting_s),
            open: self.config().pool.and_then(|_| by_time(|t| t.open_s)),
            rejected: by_attempt(|t| float(t.rejected)),
            waiting: by_attempt(|t| float(t.waited)),
            timed_out: by_attempt(|t| float(t.timed_out)),
            errored: by_attempt(|t| float(t.errored)),
            attempts: over(|t| float(t.attempts), |t| float(t.requests)),
            failed: over(|t| float(t.failed), |t| float(t.failed + t.succeeded)),
            goodput_per_second: by_time(|t| float(t.succeeded)),
            mean_wait: over(|t| t.wait_s, |t| float(t.started)),
            response_time: over(|t| t.wait_s + t.held_s, |t| float(t.started)),
            waits: Percentiles::of(|p| self.waits.quantile(p)),
            response_times: Percentiles::of(|p| self.response_times.quantile(p)),
            occupancy: self.occupancy(),
            totals: self.totals(),
            course: (1_u64..).zip(&self.parts).map(|(i, part)| point(part, part_s * float(i), part_s)).collect(),
        }
    }

    /// What is counted for means: all but the warm-up.
    pub(super) fn counted(&self) -> &[Tally] {
        self.parts.get(self.parts.len() / WARM_UP..).unwrap_or_default()
    }

    /// Counts of the whole run up to now.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let all = self.tally();
        Totals {
            requests: all.requests,
            attempts: all.attempts,
            succeeded: all.succeeded,
            rejected: all.rejected,
            timed_out: all.timed_out,
            errored: all.errored,
            failed: all.failed,
            wasted: all.wasted,
            undecided: self.undecided,
            backing_off: self.backing_off,
            in_flight: self.in_flight,
            waiting: u32::try_from(self.waiting.len()).unwrap_or(u32::MAX),
        }
    }

    fn occupancy(&self) -> Option<Percentiles> {
        let time: f64 = self.occupied.iter().sum();
        let quantile = |p: f64| {
            let mut passed = 0.0;
            let found = (0_u32..).zip(&self.occupied).find(|(_, spent)| {
                passed += **spent;
                passed >= p * time
            });
            found.map(|(n, _)| f64::from(n))
        };
        if time <= 0.0 {
            return None;
        }
        Percentiles::of(quantile)
    }
}

fn point(part: &Tally, until: f64, part_s: f64) -> Point {
    Point {
        until,
        in_flight: part.in_flight_s / part_s,
        most_in_flight: part.most_in_flight,
        waiting: part.waiting_s / part_s,
        open: part.open_s / part_s,
        attempts: part.attempts,
        rejected: part.rejected,
        timed_out: part.timed_out,
        errored: part.errored,
        succeeded: part.succeeded,
        response_time: (part.succeeded > 0).then(|| part.response_s / float(part.succeeded)),
    }
}
