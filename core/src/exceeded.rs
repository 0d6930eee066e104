//! What happens near and over the cap, for a scenario: the queueing models asked the questions of a reader.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use alloc::vec::Vec;

use crate::erlang::{self, servers_for_blocking, servers_for_wait};
use crate::error::Error;
use crate::math;
use crate::occupancy::Occupancy;
use crate::overload::{Outcome, Overload, Penalty, PerIp, Queue, Reject, ShrinkingCap, Thresholds, Traffic};
use crate::retry::RetryPolicy;
use crate::scenario::{Case, Errors, OverLimit, Scenario};
use crate::sizing::{tier_for, whole_up};
use crate::units::{Erlangs, MAX_LOAD_ERLANGS, Probability, Rate, Seconds};

/// What happens near and over the cap. `None` in a place where the question has no answer, such as a wait that grows
/// without end.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Exceeded {
    /// The behaviour that everything here is about.
    pub over_limit: OverLimit,
    /// The cap, in what the plan counts.
    pub cap: u32,
    /// The cap as servers: requests, or connections held, at once.
    pub servers: u32,
    /// Offered load on them, in erlangs.
    pub load: f64,
    /// At this cap, nobody trying again.
    pub once: AtCap,
    /// At this cap, clients trying again as often as the scenario says.
    pub retried: AtCap,
    /// Most requests per second at which no more than the target fails at the first attempt, nobody trying again.
    pub most_per_second: Option<f64>,
    /// The same after all retries, which may hide a pool that refuses most attempts.
    pub most_per_second_retried: Option<f64>,
    /// Servers that meet the target.
    pub servers_for_target: Option<u32>,
    /// Their headroom over the load, as a fraction of it.
    pub headroom_for_target: Option<f64>,
    /// Share that fails, once, with the scenario's percentage of headroom instead.
    pub failed_with_headroom: f64,
    /// What the percentage rule does for other loads.
    pub rule: Vec<RuleOfThumb>,
    /// Requests per second above which retries of timed-out requests make the pool collapse.
    pub collapse_per_second: Option<f64>,
    /// Requests per second below which a collapsed pool recovers.
    pub recover_per_second: Option<f64>,
    /// Per IP: connections that the split costs for the target.
    pub extra_for_split: Option<f64>,
    /// A cap that shrinks: share of the month at the full cap. A penalty: share of the time that is not blocked.
    pub open_share: Option<f64>,
    /// Number in flight that is exceeded 5 %, 1 % and 0.1 % of the time where nothing holds requests back.
    pub occupancy: Occupied,
    /// By number of servers.
    pub curve: Vec<CapPoint>,
}

/// What becomes of requests at one cap.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct AtCap {
    /// Share of attempts that is refused.
    pub rejected: f64,
    /// Share of attempts that times out.
    pub timed_out: f64,
    /// Share of attempts that waits.
    pub waiting: f64,
    /// Share of requests that fails in the end.
    pub failed: f64,
    /// Attempts per request.
    pub attempts: f64,
    /// Mean wait of what is taken, seconds.
    pub mean_wait: Option<f64>,
    /// Wait that 1 % exceed, seconds, were the queue unlimited and nobody gave up.
    pub wait_p99: Option<f64>,
    /// Mean wait and response, seconds.
    pub response_time: Option<f64>,
    /// Requests per second that succeed.
    pub goodput_per_second: f64,
}

/// Headroom that the target needs at one load.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct RuleOfThumb {
    /// Mean in flight.
    pub load: f64,
    /// Headroom for the target, as a fraction of it.
    pub headroom: f64,
}

/// Quantiles of the number in flight.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Occupied {
    /// Exceeded 5 % of the time.
    pub p95: f64,
    /// Exceeded 1 % of the time.
    pub p99: f64,
    /// Exceeded 0.1 % of the time.
    pub p999: f64,
}

/// What becomes of requests at one number of servers.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct CapPoint {
    /// The cap.
    pub servers: u32,
    /// Share that is refused or times out at the first attempt, nobody trying again.
    pub once: f64,
    /// The same share of attempts, with the scenario's retries.
    pub retried: f64,
    /// Share that waits, nobody trying again.
    pub waiting: f64,
}

/// Points of the curve, at most.
const CURVE_POINTS: u32 = 48;
/// A fair-use period.
const MONTH_S: f64 = 30.0 * 86_400.0;
/// Refusals are counted by the minute.
pub(crate) const PENALTY_WINDOW_S: f64 = 60.0;
/// Loads at which the percentage rule is shown.
const RULE_LOADS: [f64; 3] = [10.0, 100.0, 1000.0];

/// Says what happens near and over the cap. `None` where the plan limits a rate instead of a number at once, or holds
/// connections for longer than a day.
///
/// # Formula
/// Load `a = λ·W`, servers the cap in what the plan counts; shares, waits and rates those of [`overload`](crate::overload);
/// servers for the target [`servers_for_blocking`], per address where the cap is split, or [`servers_for_wait`] where the proxy
/// queues; headroom `c/a - 1`; quantiles those of [`Occupancy`].
/// # Source
/// Those of the functions named.
/// # Accuracy
/// Measured over 10,000 random scenarios with caps up to 10⁹ (`tests/oracle/check_overload.py`), the points of the curve
/// included: that of [`Overload::outcome`]; whole numbers exact.
/// # Errors
/// As [`report`](crate::report).
/// # Examples
/// The article's case: 125 in flight under a cap of 157, so one request in 1400 is refused.
/// ```
/// let mut scenario = proxy_concurrency::Scenario::default();
/// scenario.arrival_rate = Some(50.0);
/// scenario.response_time = Some(2.5);
/// let exceeded = proxy_concurrency::exceeded(&scenario)?.expect("a cap on connections");
/// assert_eq!(exceeded.cap, 157);
/// assert!((exceeded.once.rejected - 7.242e-4).abs() < 1e-7);
/// assert_eq!(exceeded.servers_for_target, Some(144));
/// # Ok::<(), proxy_concurrency::Errors>(())
/// ```
pub fn exceeded(scenario: &Scenario) -> Result<Option<Exceeded>, Errors> {
    let case = scenario.case()?;
    let Some(model) = Model::new(scenario, &case) else { return Ok(None) };
    // Everything was checked at the door: a refusal further in is a question without an answer.
    Ok(model.answer(scenario, &case).ok())
}

/// The behaviours, told apart once.
enum Behaviour {
    Reject,
    Queue(Queue),
    PerIp(PerIp),
    Shrinking(ShrinkingCap),
    Penalty(Penalty),
}

impl Behaviour {
    fn new(scenario: &Scenario) -> Result<Self, Error> {
        Ok(match scenario.over_limit {
            OverLimit::Reject => Self::Reject,
            OverLimit::Queue => {
                let queue = Queue::new(whole_up(scenario.queue_places));
                Self::Queue(match scenario.client_timeout {
                    Some(timeout) => queue.with_timeout(Seconds::new(timeout)?),
                    None => queue,
                })
            }
            OverLimit::PerIp => Self::PerIp(PerIp::new(whole_up(scenario.exit_ips))?),
            OverLimit::ShrinkingCap => {
                Self::Shrinking(ShrinkingCap::new(whole_up(scenario.reduced_cap), scenario.reduced_after, MONTH_S)?)
            }
            OverLimit::Penalty => Self::Penalty(Penalty::new(
                whole_up(scenario.penalty_refusals),
                PENALTY_WINDOW_S,
                scenario.penalty_time,
            )?),
        })
    }

    fn as_overload(&self) -> &dyn Overload {
        match self {
            Self::Reject => &Reject,
            Self::Queue(queue) => queue,
            Self::PerIp(split) => split,
            Self::Shrinking(cap) => cap,
            Self::Penalty(penalty) => penalty,
        }
    }
}

/// The scenario as a pool of servers.
pub(crate) struct Model {
    pub(crate) cap: u32,
    pub(crate) servers: u32,
    pub(crate) rate: Rate,
    /// Time that a request holds a server.
    pub(crate) held: Seconds,
    load: Erlangs,
    target: Probability,
    retry: RetryPolicy,
    behaviour: Behaviour,
}

impl Model {
    pub(crate) fn new(scenario: &Scenario, case: &Case) -> Option<Self> {
        let required = case.required();
        let cap = match scenario.cap {
            Some(cap) => whole_up(cap),
            None => tier_for(&case.tiers, required).map_or(required, |tier| tier.size),
        };
        let (held_s, servers) = case.plan.as_servers(cap, case.response_time)?;
        let held = Seconds::new(held_s).ok()?;
        Some(Self {
            cap,
            servers,
            rate: case.rate,
            held,
            load: Erlangs::new((case.rate.as_per_second() * held_s).min(MAX_LOAD_ERLANGS)).ok()?,
            target: Probability::new(scenario.fail_target).ok()?,
            retry: RetryPolicy::new(Probability::new(1.0).ok()?, whole_up(scenario.retries)),
            behaviour: Behaviour::new(scenario).ok()?,
        })
    }

    fn traffic(&self, servers: u32) -> Traffic {
        Traffic::new(self.rate, self.held, servers)
    }

    /// What the cap sees with the scenario's retries.
    pub(crate) fn retrying(&self) -> Traffic {
        self.traffic(self.servers).with_retry(self.retry)
    }

    /// Share of the time that a penalty blocks; 0 where there is none.
    pub(crate) fn blocked_share(&self) -> f64 {
        if let Behaviour::Penalty(penalty) = &self.behaviour { penalty.blocked_share(&self.retrying()) } else { 0.0 }
    }

    /// Whether a good and a collapsed state exist side by side.
    pub(crate) fn has_two_states(&self) -> bool {
        let Behaviour::Queue(queue) = &self.behaviour else { return false };
        let between = |t: Thresholds| (t.recover_per_s..=t.collapse_per_s).contains(&self.rate.as_per_second());
        queue.thresholds(&self.retrying()).is_some_and(between)
    }

    pub(crate) fn outcomes(&self, servers: u32) -> (Outcome, Outcome) {
        let (traffic, behaviour) = (self.traffic(servers), self.behaviour.as_overload());
        (behaviour.outcome(&traffic), behaviour.outcome(&traffic.with_retry(self.retry)))
    }

    fn answer(&self, scenario: &Scenario, case: &Case) -> Result<Exceeded, Error> {
        let (once, retried) = self.outcomes(self.servers);
        let retrying = self.retrying();
        let thresholds = match &self.behaviour {
            Behaviour::Queue(queue) => queue.thresholds(&retrying),
            _ => None,
        };
        let for_target = self.servers_for_target(self.load, scenario);
        let load = self.load.as_f64();
        let with_headroom = whole_up(load * (1.0 + scenario.headroom));
        let occupied = Occupancy::new(self.load);
        let quantile = |p: f64| occupied.quantile(Probability::new(p)?);
        Ok(Exceeded {
            over_limit: scenario.over_limit,
            cap: self.cap,
            servers: self.servers,
            load,
            once: self.at_cap(&once),
            retried: self.at_cap(&retried),
            most_per_second: self.behaviour.as_overload().most_per_s(&self.traffic(self.servers), self.target).ok(),
            most_per_second_retried: self.behaviour.as_overload().most_per_s(&retrying, self.target).ok(),
            servers_for_target: for_target,
            headroom_for_target: for_target.map(|c| f64::from(c) / load - 1.0).filter(|room| room.is_finite()),
            failed_with_headroom: self.outcomes(with_headroom).0.failed,
            rule: RULE_LOADS
                .iter()
                .filter_map(|&load| {
                    let servers = self.servers_for_target(Erlangs::new(load).ok()?, scenario)?;
                    Some(RuleOfThumb { load, headroom: f64::from(servers) / load - 1.0 })
                })
                .collect(),
            collapse_per_second: thresholds.map(|t| t.collapse_per_s),
            recover_per_second: thresholds.map(|t| t.recover_per_s),
            extra_for_split: match &self.behaviour {
                #[expect(clippy::cast_precision_loss, reason = "at most 10⁶ pools of 10⁹ servers: below 2⁵³")]
                Behaviour::PerIp(split) => split.extra_servers(self.load, self.target).ok().map(|n| n as f64),
                _ => None,
            },
            open_share: match &self.behaviour {
                Behaviour::Shrinking(cap) => Some(cap.full_share(&retrying)),
                Behaviour::Penalty(penalty) => Some(1.0 - penalty.blocked_share(&retrying)),
                _ => None,
            },
            occupancy: Occupied { p95: quantile(0.95)?, p99: quantile(0.99)?, p999: quantile(0.999)? },
            curve: self.curve(case.required().max(for_target.unwrap_or(0))),
        })
    }

    fn at_cap(&self, outcome: &Outcome) -> AtCap {
        let finite = |x: f64| x.is_finite().then_some(x);
        let wait_p99 = match self.behaviour {
            Behaviour::Queue(_) => Erlangs::new(outcome.load).ok().and_then(|load| {
                let wait = erlang::Queue::new(load, self.servers).wait(1.0 / self.held.as_secs_f64()).ok()?;
                finite(wait.quantile(Probability::new(0.99).ok()?))
            }),
            _ => Some(0.0),
        };
        AtCap {
            rejected: outcome.rejected,
            timed_out: outcome.timed_out,
            waiting: outcome.waiting,
            failed: outcome.failed,
            attempts: outcome.attempts,
            mean_wait: finite(outcome.mean_wait_s),
            wait_p99,
            response_time: finite(outcome.response_time_s),
            goodput_per_second: outcome.goodput_per_s,
        }
    }

    /// Fewest servers with which no more than the target fails; for a queue, with which no more than that share waits
    /// longer than the scenario allows.
    fn servers_for_target(&self, load: Erlangs, scenario: &Scenario) -> Option<u32> {
        match &self.behaviour {
            Behaviour::Queue(_) => {
                servers_for_wait(load, 1.0 / self.held.as_secs_f64(), scenario.wait_target, self.target).ok()
            }
            Behaviour::PerIp(_) => {
                let pools = f64::from(whole_up(scenario.exit_ips));
                let each = servers_for_blocking(Erlangs::new(load.as_f64() / pools).ok()?, self.target).ok()?;
                let all = f64::from(each) * pools;
                (all <= MAX_LOAD_ERLANGS).then(|| whole_up(all))
            }
            _ => servers_for_blocking(load, self.target).ok(),
        }
    }

    /// From well below the load, where much fails, to a little above all that was asked for.
    fn curve(&self, interesting: u32) -> Vec<CapPoint> {
        let load = self.load.as_f64();
        let from = whole_up((load - 3.0 * math::sqrt(load)).max(0.7 * load)).max(1);
        let above = f64::from(interesting.max(self.servers));
        // A plan far above the load would leave the part that matters in a corner.
        let to = whole_up((1.02 * above).min(2.0 * f64::from(interesting)) + 1.0).max(from + 1);
        let steps = (to - from).min(CURVE_POINTS);
        let mut points: Vec<CapPoint> = Vec::new();
        for step in 0..=steps {
            // Multiplied before it is divided: a share would round below the whole number that it stands for.
            let servers = from + whole_up(math::floor(f64::from(step) * f64::from(to - from) / f64::from(steps)));
            let (once, retried) = self.outcomes(servers);
            points.push(CapPoint {
                servers,
                once: (once.rejected + once.timed_out).min(1.0),
                retried: (retried.rejected + retried.timed_out).min(1.0),
                waiting: once.waiting,
            });
        }
        points
    }
}
