//! From a record whose values may be of any type to a scenario and what is said of its simulation.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use alloc::vec::Vec;

use super::config::{Covers, LateWork};
use super::experiment::MAX_EVENTS;
use super::fields;
use crate::environment;
use crate::error::{Error, Rule};
use crate::fields::Field;
use crate::scenario::{Errors, Reader, Scenario, check_list};
use crate::value::Value;

/// What is said of a simulation, beside a [`Scenario`] in one flat record. Each field's unit, limits and help stand in
/// [`FIELDS`](super::FIELDS); what does not concern the chosen pattern or spell is not looked at.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts", optional_fields))]
pub struct SimulationFields {
    /// When requests are sent.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<ArrivalPattern>"))]
    pub arrival_pattern: ArrivalPattern,
    /// Rate in a burst, as a multiple of the mean.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub burst_peak: f64,
    /// Mean length of a burst, in seconds.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub burst_length: f64,
    /// When each request was sent, in seconds.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<f64>>"))]
    pub arrival_times: Option<Vec<f64>>,
    /// Workers in a loop.
    pub workers: Option<f64>,
    /// Pause of a worker, in seconds.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub think_time: f64,
    /// How response times spread.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<ResponsePattern>"))]
    pub response_pattern: ResponsePattern,
    /// What happens for a while.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<SpellKind>"))]
    pub spell: SpellKind,
    /// When that begins, in seconds.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub spell_start: f64,
    /// How long it lasts, in seconds.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub spell_length: f64,
    /// Responses take so many times as long in it.
    pub slow_factor: Option<f64>,
    /// So many times as much is sent in it.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub burst_factor: f64,
    /// Time until an error in it, in seconds.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub fail_after: f64,
    /// What the client's timeout covers.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Covers>"))]
    pub timeout_covers: Covers,
    /// What becomes of a request that was given up.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<LateWork>"))]
    pub late_work: LateWork,
    /// Pause before the first retry, in seconds.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub backoff: f64,
    /// Each further pause is so many times the one before.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub backoff_factor: f64,
    /// Longest pause, in seconds.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub longest_backoff: f64,
    /// Share of a pause that is drawn at random.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub jitter: f64,
    /// The client keeps connections.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<bool>"))]
    pub client_pool: bool,
    /// Simulated time, in seconds.
    pub simulated_time: Option<f64>,
    /// Where chance begins.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub seed: f64,
}

/// When requests are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum ArrivalPattern {
    /// Independently of each other.
    #[default]
    Poisson,
    /// Evenly spaced.
    Regular,
    /// In bursts and pauses.
    Bursty,
    /// At recorded times.
    Recorded,
    /// By workers in a loop.
    Workers,
}

/// How response times spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum ResponsePattern {
    /// As measured, or lognormal with the mean and the p95, where they are known and one has them; else exponential.
    #[default]
    Fitted,
    /// Exponential with the mean.
    Exponential,
    /// All the mean.
    Deterministic,
}

/// What happens for a while.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum SpellKind {
    /// Nothing.
    #[default]
    None,
    /// The destination slows down.
    Slow,
    /// More is sent.
    Burst,
    /// The destination fails.
    Fail,
}

impl Default for SimulationFields {
    /// Every field at its default in [`FIELDS`](super::FIELDS).
    fn default() -> Self {
        Self {
            arrival_pattern: ArrivalPattern::default(),
            burst_peak: fields::BURST_PEAK.default_number(),
            burst_length: fields::BURST_LENGTH.default_number(),
            arrival_times: None,
            workers: None,
            think_time: fields::THINK_TIME.default_number(),
            response_pattern: ResponsePattern::default(),
            spell: SpellKind::default(),
            spell_start: fields::SPELL_START.default_number(),
            spell_length: fields::SPELL_LENGTH.default_number(),
            slow_factor: None,
            burst_factor: fields::BURST_FACTOR.default_number(),
            fail_after: fields::FAIL_AFTER.default_number(),
            timeout_covers: Covers::default(),
            late_work: LateWork::default(),
            backoff: fields::BACKOFF.default_number(),
            backoff_factor: fields::BACKOFF_FACTOR.default_number(),
            longest_backoff: fields::LONGEST_BACKOFF.default_number(),
            jitter: fields::JITTER.default_number(),
            client_pool: false,
            simulated_time: None,
            seed: fields::SEED.default_number(),
        }
    }
}

const ARRIVAL_PATTERNS: [ArrivalPattern; 5] = [
    ArrivalPattern::Poisson,
    ArrivalPattern::Regular,
    ArrivalPattern::Bursty,
    ArrivalPattern::Recorded,
    ArrivalPattern::Workers,
];
const RESPONSE_PATTERNS: [ResponsePattern; 3] =
    [ResponsePattern::Fitted, ResponsePattern::Exponential, ResponsePattern::Deterministic];
const SPELLS: [SpellKind; 4] = [SpellKind::None, SpellKind::Slow, SpellKind::Burst, SpellKind::Fail];
const COVERS: [Covers; 2] = [Covers::Waiting, Covers::Response];
const LATE_WORKS: [LateWork; 2] = [LateWork::Served, LateWork::Cancelled];

/// Reads one flat record into a scenario and what is said of its simulation, by the names of the fields. Fields of an
/// environment may stand there as well: nothing that is simulated depends on them.
///
/// # Errors
/// Every field whose value is of a wrong type or outside its limits, names that are no field, and combinations of the
/// scenario's that say too little or too much.
pub fn read(value: &Value) -> Result<(Scenario, SimulationFields), Errors> {
    let mut reader = Reader::new(value)?;
    let (scenario, simulation) = (Scenario::fill(&mut reader), SimulationFields::fill(&mut reader));
    let known = || crate::fields::FIELDS.iter().chain(fields::FIELDS).chain(environment::FIELDS);
    reader.finish(known, |errors| {
        scenario.check_fields(errors);
        simulation.check_fields(errors);
    })?;
    scenario.case()?;
    Ok((scenario, simulation))
}

/// Reads for how many events a simulation is to be advanced.
///
/// # Errors
/// What is no whole number from 0 to [`MAX_EVENTS`], as `events`.
pub fn read_events(value: &Value) -> Result<u64, Errors> {
    value.whole(0, MAX_EVENTS).map(u64::from).ok_or_else(|| {
        let rule = Rule::Number { min: 0.0, max: f64::from(MAX_EVENTS), whole: true, unit: "" };
        Error { field: "events", value: value.given(), rule }.into()
    })
}

impl SimulationFields {
    /// Every field that can be read; what cannot be is in the reader's refusals.
    fn fill(r: &mut Reader<'_>) -> Self {
        let default = Self::default();
        Self {
            arrival_pattern: r.choice(&fields::ARRIVAL_PATTERN, &ARRIVAL_PATTERNS).unwrap_or(default.arrival_pattern),
            burst_peak: r.number(&fields::BURST_PEAK).unwrap_or(default.burst_peak),
            burst_length: r.number(&fields::BURST_LENGTH).unwrap_or(default.burst_length),
            arrival_times: r.numbers(&fields::ARRIVAL_TIMES),
            workers: r.number(&fields::WORKERS),
            think_time: r.number(&fields::THINK_TIME).unwrap_or(default.think_time),
            response_pattern: r
                .choice(&fields::RESPONSE_PATTERN, &RESPONSE_PATTERNS)
                .unwrap_or(default.response_pattern),
            spell: r.choice(&fields::SPELL, &SPELLS).unwrap_or(default.spell),
            spell_start: r.number(&fields::SPELL_START).unwrap_or(default.spell_start),
            spell_length: r.number(&fields::SPELL_LENGTH).unwrap_or(default.spell_length),
            slow_factor: r.number(&fields::SLOW_FACTOR),
            burst_factor: r.number(&fields::BURST_FACTOR).unwrap_or(default.burst_factor),
            fail_after: r.number(&fields::FAIL_AFTER).unwrap_or(default.fail_after),
            timeout_covers: r.choice(&fields::TIMEOUT_COVERS, &COVERS).unwrap_or(default.timeout_covers),
            late_work: r.choice(&fields::LATE_WORK, &LATE_WORKS).unwrap_or(default.late_work),
            backoff: r.number(&fields::BACKOFF).unwrap_or(default.backoff),
            backoff_factor: r.number(&fields::BACKOFF_FACTOR).unwrap_or(default.backoff_factor),
            longest_backoff: r.number(&fields::LONGEST_BACKOFF).unwrap_or(default.longest_backoff),
            jitter: r.number(&fields::JITTER).unwrap_or(default.jitter),
            client_pool: r.switch(&fields::CLIENT_POOL).unwrap_or(default.client_pool),
            simulated_time: r.number(&fields::SIMULATED_TIME),
            seed: r.number(&fields::SEED).unwrap_or(default.seed),
        }
    }

    /// The fields that hold a number, with what they hold.
    fn numbers(&self) -> [(&'static Field, Option<f64>); 15] {
        [
            (&fields::BURST_PEAK, Some(self.burst_peak)),
            (&fields::BURST_LENGTH, Some(self.burst_length)),
            (&fields::WORKERS, self.workers),
            (&fields::THINK_TIME, Some(self.think_time)),
            (&fields::SPELL_START, Some(self.spell_start)),
            (&fields::SPELL_LENGTH, Some(self.spell_length)),
            (&fields::SLOW_FACTOR, self.slow_factor),
            (&fields::BURST_FACTOR, Some(self.burst_factor)),
            (&fields::FAIL_AFTER, Some(self.fail_after)),
            (&fields::BACKOFF, Some(self.backoff)),
            (&fields::BACKOFF_FACTOR, Some(self.backoff_factor)),
            (&fields::LONGEST_BACKOFF, Some(self.longest_backoff)),
            (&fields::JITTER, Some(self.jitter)),
            (&fields::SIMULATED_TIME, self.simulated_time),
            (&fields::SEED, Some(self.seed)),
        ]
    }

    /// Each field by itself.
    pub(super) fn check_fields(&self, errors: &mut Vec<Error>) {
        for (field, value) in self.numbers() {
            errors.extend(value.and_then(|x| field.check(x).err()));
        }
        if let Some(times) = &self.arrival_times {
            errors.extend(check_list(&fields::ARRIVAL_TIMES, times.iter().copied()));
        }
    }
}
