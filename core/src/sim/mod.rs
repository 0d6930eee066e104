//! The same system simulated, request by request: where no formula holds, and to see whether the formulas are true.
//!
//! A [`Config`] says who sends, how long responses take, what the proxy does over its limit and what clients do then; a
//! [`Simulation`] of it is advanced step by step and gives [`Results`] at any time. Beyond the formulas' Poisson arrivals and
//! steady state: bursts, workers in a loop, slow spells and failures of the destination, connections that must be set up and
//! are kept, backoff and jitter, timeouts of the whole response.
//!
//! Most users have a [`Scenario`](crate::Scenario) instead: an [`Experiment`] simulates it, as often as it takes, and puts the
//! formulas beside it.
//!
//! # Method
//! Discrete events in a calendar; the next arrival is kept beside it. Each source of chance has its own stream of random numbers.
//! An event costs the logarithm of what is in flight: of a hundred servers nine tenths busy, 25 million events a second natively on
//! one core and 17 million in WebAssembly (`tests/peers/simulators`, which says what others reach beside it).
//! # Source
//! A. M. Law, Simulation Modeling and Analysis, 5th ed. 2015, chapter 1 (events), 9 (output).

mod calendar;
mod compare;
mod config;
mod connections;
mod design;
mod engine;
mod experiment;
pub mod fields;
mod read;
mod results;
mod rng;
mod sources;
mod spell;
mod stats;

pub use compare::{Agreement, Compared, Measure, Why};
pub use config::{
    Arrivals, Config, Counts, Covers, Effect, LateWork, MAX_DURATION_S, MAX_FOLLOWED, Over, Pool, ResponseTime, Retry,
    Spell, Timeout,
};
pub use engine::{Progress, Simulation};
pub use experiment::{Experiment, MAX_EVENTS, Simulated, Spread};
pub use fields::FIELDS;
pub use read::{ArrivalPattern, ResponsePattern, SimulationFields, SpellKind, read, read_events};
pub use results::{Percentiles, Point, Results, Totals};
pub use spell::SpellEffect;
pub use stats::Estimate;
