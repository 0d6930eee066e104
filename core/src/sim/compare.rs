//! What the formulas say beside what was simulated, and why the two differ.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use alloc::vec::Vec;

use super::config::{Config, Counts, Covers, Effect, Over, Timeout};
use super::stats::{Estimate, Tally};
use crate::exceeded::Model;
use crate::overload::Outcome;

/// A quantity, what the formulas say of it, and what was simulated.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Compared {
    /// What is compared.
    pub quantity: Measure,
    /// What the formulas say; `None` where none does.
    pub formula: Option<f64>,
    /// What was simulated; `None` where nothing was counted.
    pub simulated: Option<Estimate>,
    /// Whether the two agree.
    pub verdict: Agreement,
    /// Why they do not.
    pub why: Option<Why>,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Measure {
    /// Share of attempts that is refused.
    Rejected,
    /// Share of attempts that has to wait.
    Waiting,
    /// Share of attempts that times out.
    TimedOut,
    /// Share of attempts that the destination fails.
    Errored,
    /// Share of requests that fails in the end.
    Failed,
    /// Attempts per request.
    Attempts,
    /// Requests per second that succeed.
    GoodputPerSecond,
    /// Mean wait of what is taken, seconds.
    MeanWait,
    /// Mean wait and response, seconds.
    ResponseTime,
    /// Requests in flight; where an open connection is the request's own, connections.
    InFlight,
    /// Requests that wait.
    InQueue,
    /// Connections that are open.
    Open,
}

/// Whether a formula and a simulation agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Agreement {
    /// The formula lies within the interval, widened for the number of rows.
    Agrees,
    /// It does not.
    Differs,
    /// No formula says anything.
    NoFormula,
    /// It happened too rarely, or the run is too short so far.
    TooFew,
}

/// Why a formula and a simulation differ: what the formulas take for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Why {
    /// Something happens for a while; the formulas know the steady state.
    Spell,
    /// The cap falls within the simulated time, and more is in flight just then than it leaves.
    CapFalls,
    /// Timeouts and retries make two states of it, of which the formulas tell the good one.
    TwoStates,
    /// Requests were recorded; the formulas take Poisson arrivals at the mean rate.
    RecordedArrivals,
    /// Workers wait for an answer before they send again.
    Workers,
    /// Requests come in bursts.
    Bursts,
    /// Requests are evenly spaced.
    RegularArrivals,
    /// The client's timeout covers the response too.
    TimeoutCoversResponse,
    /// What was given up leaves its place; the formulas have it served in vain.
    LateWorkCancelled,
    /// The client keeps connections.
    ClientPool,
    /// Responses are not exponential, which matters where requests wait.
    ResponseTimes,
    /// Refusals come together, so that a block comes sooner.
    RefusalsTogether,
    /// Retries come back so soon that they meet the same full pool.
    RetriesInStep,
    /// The run is short beside the time that a request takes.
    ShortRun,
    /// Nothing but chance.
    Chance,
}

/// How a quantity is counted: `above/below` over counts of a time, given in seconds.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) measure: Measure,
    pub(super) above: fn(&Tally) -> f64,
    pub(super) below: fn(&Tally, f64) -> f64,
    /// How often what decides it happened.
    pub(super) happened: fn(&Tally) -> u64,
    /// How often a formula says that, in each unit of `below`, given what was simulated; `None` where it does not.
    expected: Option<fn(f64, f64) -> f64>,
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2⁵³")]
const fn float(n: u64) -> f64 {
    n as f64
}

/// Happens to some and not to others: the fewer of the two.
fn either(n: u64, of: u64) -> u64 {
    n.min(of.saturating_sub(n))
}

/// The fewer in the simulation, which may be the more in the formula.
const SHARE: Option<fn(f64, f64) -> f64> = Some(|p, simulated| if simulated > 0.5 { 1.0 - p } else { p });

const fn of_attempts(measure: Measure, above: fn(&Tally) -> f64, happened: fn(&Tally) -> u64) -> Row {
    Row { measure, above, below: |t, _| float(t.attempts), happened, expected: SHARE }
}

static ROWS: [Row; 12] = [
    of_attempts(Measure::Rejected, |t| float(t.rejected), |t| either(t.rejected, t.attempts)),
    of_attempts(Measure::Waiting, |t| float(t.waited), |t| either(t.waited, t.attempts)),
    of_attempts(Measure::TimedOut, |t| float(t.timed_out), |t| either(t.timed_out, t.attempts)),
    of_attempts(Measure::Errored, |t| float(t.errored), |t| either(t.errored, t.attempts)),
    Row {
        measure: Measure::Failed,
        above: |t| float(t.failed),
        below: |t, _| float(t.failed + t.succeeded),
        happened: |t| t.failed.min(t.succeeded),
        expected: SHARE,
    },
    Row {
        measure: Measure::Attempts,
        above: |t| float(t.attempts),
        below: |t, _| float(t.requests),
        happened: |t| t.attempts.saturating_sub(t.requests),
        expected: Some(|x, _| x - 1.0),
    },
    Row {
        measure: Measure::GoodputPerSecond,
        above: |t| float(t.succeeded),
        below: |_, s| s,
        happened: |t| t.succeeded,
        expected: Some(|x, _| x),
    },
    Row {
        measure: Measure::MeanWait,
        above: |t| t.wait_s,
        below: |t, _| float(t.started),
        happened: |t| t.waited,
        expected: None,
    },
    Row {
        measure: Measure::ResponseTime,
        above: |t| t.wait_s + t.held_s,
        below: |t, _| float(t.started),
        happened: |t| t.started,
        expected: None,
    },
    Row {
        measure: Measure::InFlight,
        above: |t| t.in_flight_s,
        below: |_, s| s,
        happened: |t| t.started,
        expected: None,
    },
    Row { measure: Measure::InQueue, above: |t| t.waiting_s, below: |_, s| s, happened: |t| t.waited, expected: None },
    Row { measure: Measure::Open, above: |t| t.open_s, below: |_, s| s, happened: |t| t.started, expected: None },
];

/// The rows that a system has, each with what the formulas say; a request is served for `served_s`.
///
/// # Formula
/// Those of [`Outcome`]; in flight (g + what is served in vain)·W, in queue the rate of what is taken times its mean wait.
/// # Source
/// J. D. C. Little, "A Proof for the Queuing Formula: L = λW", Oper. Res. 9 (1961) 383.
pub(super) fn rows(
    config: &Config,
    outcome: &Outcome,
    model: &Model,
    served_s: f64,
) -> Vec<(&'static Row, Option<f64>)> {
    let queue = matches!(config.over, Over::Queue { .. });
    let held = model.held.as_secs_f64();
    // What a behaviour that mixes two states takes is known by what succeeds: nothing is served in vain there.
    let taken = if queue { outcome.load / held * (1.0 - outcome.rejected) } else { outcome.goodput_per_s };
    let failing = config.spells.iter().any(|spell| matches!(spell.effect, Effect::Fail(_)));
    let there = |measure: Measure| match measure {
        Measure::Waiting | Measure::MeanWait | Measure::InQueue => queue,
        Measure::TimedOut => {
            matches!(config.timeout, Some(Timeout { covers, .. }) if queue || covers == Covers::Response)
        }
        Measure::Errored => failing,
        Measure::Attempts => config.retry.most > 0,
        Measure::Open => config.pool.is_some(),
        _ => true,
    };
    let formula = |measure: Measure| {
        let x = match measure {
            Measure::Rejected => outcome.rejected,
            Measure::Waiting => outcome.waiting,
            Measure::TimedOut => outcome.timed_out,
            Measure::Failed => outcome.failed,
            Measure::Attempts => outcome.attempts,
            Measure::GoodputPerSecond => outcome.goodput_per_s,
            Measure::MeanWait => outcome.mean_wait_s,
            Measure::ResponseTime => outcome.mean_wait_s + served_s,
            Measure::InFlight => taken * served_s,
            Measure::InQueue => taken * outcome.mean_wait_s,
            Measure::Open if config.counts == Counts::OpenConnections => taken * held,
            Measure::Open | Measure::Errored => return None,
        };
        x.is_finite().then_some(x)
    };
    ROWS.iter().filter(|row| there(row.measure)).map(|row| (row, formula(row.measure))).collect()
}

/// Parts of a run, or of all runs, in which something must have happened for its interval to be worth anything.
const ENOUGH: usize = 20;
/// Of what happened in fewer, this much and five times as much as was counted must be expected for the two to differ:
/// refusals come in clusters.
const MANY: f64 = 100.0;
/// So many times the half width of a 95 % interval: Student's 99.75 % point over its 97.5 % point, at 7 degrees of freedom,
/// fewer than any interval has. Of ten rows none is outside by chance in 95 of 100 runs.
const WIDER: f64 = 1.704;
/// Rounding, and what a run of any length can show.
const SLACK: f64 = 1e-6;

impl Row {
    /// Whether `formula` and an estimate agree.
    ///
    /// # Formula
    /// `|x̄ - f| <= t/t' · h + 10⁻⁶·f`: Bonferroni's inequality over ten rows.
    /// # Source
    /// A. M. Law, Simulation Modeling and Analysis, 5th ed. 2015, section 9.7 (multiple measures of performance).
    pub(super) fn compare(
        &self,
        formula: Option<f64>,
        simulated: Option<Estimate>,
        unlike: Option<Why>,
        counted: &Counted,
    ) -> Compared {
        let verdict = match (formula, simulated) {
            (None, _) => Agreement::NoFormula,
            (Some(formula), Some(Estimate { mean, half_width: Some(half) })) => {
                let expected = self.expected.map_or(0.0, |of| of(formula, mean)) * counted.below;
                let agrees = (mean - formula).abs() <= WIDER * half + SLACK * formula.abs();
                if counted.parts >= ENOUGH {
                    if agrees { Agreement::Agrees } else { Agreement::Differs }
                } else if expected > MANY + 5.0 * counted.happened {
                    Agreement::Differs
                } else {
                    Agreement::TooFew
                }
            }
            _ => Agreement::TooFew,
        };
        let why = (verdict == Agreement::Differs).then(|| unlike.unwrap_or(Why::Chance));
        Compared { quantity: self.measure, formula, simulated, verdict, why }
    }
}

/// What an estimate is made of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counted {
    /// Parts of the time in which it happened.
    pub(super) parts: usize,
    /// How often it happened.
    pub(super) happened: f64,
    /// What it is divided by.
    pub(super) below: f64,
}

impl Counted {
    pub(super) fn add(&mut self, row: &Row, parts: &[Tally], part_s: f64) {
        for part in parts {
            let happened = (row.happened)(part);
            self.parts += usize::from(happened > 0);
            self.happened += float(happened);
            self.below += (row.below)(part, part_s);
        }
    }

    pub(super) const fn join(&mut self, other: &Self) {
        self.parts += other.parts;
        self.happened += other.happened;
        self.below += other.below;
    }
}
