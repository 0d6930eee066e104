//! From a scenario and what is said of its simulation to what is simulated, and how often.

use alloc::vec::Vec;

use super::compare::{Row, Why, rows};
use super::config::{
    Arrivals, Config, Counts, Covers, Effect, LEAST_PER_BURST, LateWork, MAX_DURATION_S, MAX_FOLLOWED, Over, Pool,
    ResponseTime, Retry, Spell, Timeout,
};
use super::fields;
use super::read::{ArrivalPattern, ResponsePattern, SimulationFields, SpellKind};
use crate::connections::HttpVersion;
use crate::error::{Error, Given};
use crate::exceeded::{Model, PENALTY_WINDOW_S};
use crate::fields as scenario_fields;
use crate::math;
use crate::overload::{Outcome, Overload as _, Reject, ShrinkingCap};
use crate::samples;
use crate::scenario::{Case, Errors, OverLimit, Scenario};
use crate::sizing::whole_up;

/// Events that a simulation takes, some, where no time is asked for.
const EVENTS: f64 = 4e6;
/// Shortest run where no time is asked for, in times that a request holds its server: ten of them are left out as warm-up.
const TURNOVERS: f64 = 40.0;
/// Events for that at most, some: a run of millions in flight is shorter, and says so.
const MOST_EVENTS: f64 = 1e8;
/// Bursts or blocks that a run should see; for these it may take ten times the events.
const CYCLES: f64 = 200.0;
/// Runs of what has a beginning and an end.
const RUNS: (f64, f64) = (8.0, 40.0);

/// What is simulated, how often, and what the formulas say of it.
#[derive(Clone, Debug)]
pub(super) struct Design {
    pub(super) config: Config,
    pub(super) seed: u64,
    /// Runs that do not depend on each other; one where a single long run tells the steady state.
    pub(super) runs: u32,
    pub(super) cap: u32,
    /// How many times as long responses take in the spell, or as much is sent.
    pub(super) spell_factor: Option<f64>,
    /// What is compared, with what the formulas say.
    pub(super) rows: Vec<(&'static Row, Option<f64>)>,
    /// What in it the formulas do not know, or do not take into account.
    pub(super) unlike: Option<Why>,
}

/// When a cap falls.
#[derive(Clone, Copy, PartialEq)]
enum Fall {
    /// So early that the warm-up hides it.
    Early,
    /// While it is counted.
    Within,
}

/// What the parts of a design are made of.
struct Parts<'a> {
    scenario: &'a Scenario,
    fields: &'a SimulationFields,
    case: &'a Case,
    model: &'a Model,
}

impl Design {
    /// # Errors
    /// What is wrong with a field, and combinations that say too little or too much.
    pub(super) fn new(scenario: &Scenario, fields: &SimulationFields) -> Result<Option<Self>, Errors> {
        let mut errors = Vec::new();
        scenario.check_fields(&mut errors);
        fields.check_fields(&mut errors);
        Errors::none_of(errors)?;
        let case = scenario.case()?;
        let Some(model) = Model::new(scenario, &case) else { return Ok(None) };
        Ok(Some(Parts { scenario, fields, case: &case, model: &model }.design()?))
    }
}

impl Parts<'_> {
    fn design(&self) -> Result<Design, Error> {
        let Self { scenario, fields, model, .. } = *self;
        let (arrivals, response_time) = (self.arrivals()?, self.response_time());
        let (pool, counts, cap) = self.pool()?;
        let timeout = self.timeout()?;
        let spell = self.spell(&arrivals)?;
        let spell_factor = match fields.spell {
            SpellKind::Slow => Some(self.slow_factor()?),
            SpellKind::Burst => Some(fields.burst_factor),
            SpellKind::None | SpellKind::Fail => None,
        };
        let outcome = model.outcomes(model.servers).1;
        let (duration_s, fall) = self.duration(&arrivals, spell, &outcome);
        let outcome = if scenario.over_limit == OverLimit::ShrinkingCap {
            // What falls within the warm-up has fallen in all that is counted.
            let requests = if fall == Some(Fall::Early) { 0.0 } else { scenario.reduced_after };
            let cap = ShrinkingCap::new(whole_up(scenario.reduced_cap), requests, duration_s)?;
            cap.outcome(&model.retrying())
        } else {
            outcome
        };
        let terminating = fall == Some(Fall::Within) || spell.is_some() || matches!(arrivals, Arrivals::Recorded(_));
        let events = 2.0 * self.rate(&arrivals) * outcome.attempts * duration_s;
        let config = Config {
            arrivals,
            response_time,
            cap,
            counts,
            over: self.over(),
            timeout,
            retry: Retry {
                most: whole_up(scenario.retries),
                share: 1.0,
                backoff_s: fields.backoff,
                factor: fields.backoff_factor,
                longest_s: fields.longest_backoff,
                jitter: fields.jitter,
            },
            pool,
            spells: spell.into_iter().collect(),
            duration_s,
        };
        let runs = if terminating { math::between(EVENTS / events.max(1.0), RUNS.0, RUNS.1) } else { 1.0 };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole numbers that are exact")]
        let seed = fields.seed as u64;
        Ok(Design {
            seed,
            runs: whole_up(math::floor(runs)),
            cap: model.cap,
            spell_factor,
            rows: rows(&config, &outcome, model, self.served_s()),
            unlike: self.unlike(&config, &outcome, fall),
            config,
        })
    }

    fn arrivals(&self) -> Result<Arrivals, Error> {
        let (fields, rate) = (self.fields, self.model.rate.as_per_second());
        Ok(match fields.arrival_pattern {
            ArrivalPattern::Poisson => Arrivals::Poisson(rate),
            ArrivalPattern::Regular => Arrivals::Regular(rate),
            ArrivalPattern::Bursty => {
                let (peak, burst_s) = (fields.burst_peak, fields.burst_length);
                if rate > 0.0 && rate * peak * burst_s < LEAST_PER_BURST {
                    let words = "is so short that next to no burst has a request in it at that rate";
                    return Err(fields::BURST_LENGTH.tell(Given::Number(burst_s), words));
                }
                Arrivals::Bursty { rate, peak, burst_s }
            }
            ArrivalPattern::Recorded => {
                let Some(mut times) = fields.arrival_times.clone() else {
                    let words = "is missing: when were the requests sent?";
                    return Err(fields::ARRIVAL_TIMES.tell(Given::Nothing, words));
                };
                samples::sort(&mut times);
                Arrivals::Recorded(times)
            }
            ArrivalPattern::Workers => {
                let load = self.case.load.as_f64();
                if fields.workers.is_none() && load > f64::from(MAX_FOLLOWED) {
                    let words = "is missing: the mean in flight is more than can be followed";
                    return Err(fields::WORKERS.tell(Given::Nothing, words));
                }
                Arrivals::Closed { workers: whole_up(fields.workers.unwrap_or(load)), think_s: fields.think_time }
            }
        })
    }

    /// Requests per second, some.
    fn rate(&self, arrivals: &Arrivals) -> f64 {
        match arrivals {
            Arrivals::Poisson(rate) | Arrivals::Regular(rate) | Arrivals::Bursty { rate, .. } => *rate,
            Arrivals::Recorded(_) => 0.0,
            Arrivals::Closed { workers, think_s } => f64::from(*workers) / (self.served_s() + think_s),
        }
    }

    fn response_time(&self) -> ResponseTime {
        let (fields, case) = (self.fields, self.case);
        let mean = case.response_time.as_secs_f64();
        // Without connections of its own a request holds its server for as long as the formulas say.
        let scale = self.served_s() / mean;
        match (fields.response_pattern, &self.scenario.response_time_samples, case.response_time_p95) {
            (ResponsePattern::Deterministic, _, _) => ResponseTime::Deterministic(mean * scale),
            (ResponsePattern::Fitted, Some(samples), _) => {
                ResponseTime::Samples(samples.iter().map(|x| x * scale).collect())
            }
            (ResponsePattern::Fitted, None, Some(p95)) => {
                match ResponseTime::lognormal(mean, p95.as_secs_f64()) {
                    Ok(ResponseTime::Lognormal { mu, sigma }) => {
                        ResponseTime::Lognormal { mu: mu + math::ln(scale), sigma }
                    }
                    // No lognormal distribution has such a p95.
                    _ => ResponseTime::Exponential(mean * scale),
                }
            }
            _ => ResponseTime::Exponential(mean * scale),
        }
    }

    /// Time that a request is served, setup and idle connections included where they are the request's own.
    fn served_s(&self) -> f64 {
        if self.fields.client_pool { self.case.response_time.as_secs_f64() } else { self.model.held.as_secs_f64() }
    }

    /// The client's connections, what the cap counts, and the cap.
    fn pool(&self) -> Result<(Option<Pool>, Counts, u32), Error> {
        let (scenario, plan) = (self.scenario, &self.case.plan);
        if !self.fields.client_pool {
            return Ok((None, Counts::Requests, self.model.servers));
        }
        let refuse = |words| Err(fields::CLIENT_POOL.tell(Given::Named("true"), words));
        if scenario.destinations > 1.0 {
            return refuse("keeps connections to one destination: set destinations to 1");
        }
        let streams = match plan.protocol.http_version() {
            HttpVersion::Http1 => 1,
            HttpVersion::Http2 => plan.protocol.streams_each(),
        };
        let pool = Some(Pool { setup_s: scenario.setup_time, idle_s: scenario.idle_time, streams });
        match plan.most_open(self.model.cap) {
            Some(_) if scenario.over_limit == OverLimit::PerIp => {
                refuse("cannot be simulated with open connections that are counted per exit IP")
            }
            Some(open) => Ok((pool, Counts::OpenConnections, open)),
            None => Ok((pool, Counts::Requests, self.model.servers)),
        }
    }

    fn over(&self) -> Over {
        let scenario = self.scenario;
        match scenario.over_limit {
            OverLimit::Reject => Over::Reject,
            OverLimit::Queue => Over::Queue { places: whole_up(scenario.queue_places) },
            OverLimit::PerIp => Over::PerIp { addresses: whole_up(scenario.exit_ips) },
            OverLimit::ShrinkingCap => Over::ShrinkingCap {
                reduced_cap: whole_up(scenario.reduced_cap),
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 10¹⁵")]
                after: math::ceil(scenario.reduced_after) as u64,
            },
            OverLimit::Penalty => Over::Penalty {
                refusals: whole_up(scenario.penalty_refusals),
                window_s: PENALTY_WINDOW_S,
                duration_s: scenario.penalty_time,
            },
        }
    }

    fn timeout(&self) -> Result<Option<Timeout>, Error> {
        let (covers, late) = (self.fields.timeout_covers, self.fields.late_work);
        if covers == Covers::Response && self.scenario.client_timeout.is_none() {
            let words = "is missing: after which time does the client give up?";
            return Err(scenario_fields::CLIENT_TIMEOUT.tell(Given::Nothing, words));
        }
        Ok(self.scenario.client_timeout.map(|after_s| Timeout { after_s, covers, late }))
    }

    fn spell(&self, arrivals: &Arrivals) -> Result<Option<Spell>, Error> {
        let fields = self.fields;
        let effect = match fields.spell {
            SpellKind::None => return Ok(None),
            SpellKind::Slow => {
                let (mean, factor) = (self.case.response_time.as_secs_f64(), self.slow_factor()?);
                // Of what holds a server, the response alone grows.
                let held = self.served_s();
                Effect::Slow((held - mean + factor * mean) / held)
            }
            SpellKind::Burst if matches!(arrivals, Arrivals::Recorded(_) | Arrivals::Closed { .. }) => {
                let words =
                    "cannot be burst where requests are recorded or workers send them: they come when they come";
                return Err(fields::SPELL.tell(Given::Text("burst".into()), words));
            }
            SpellKind::Burst => Effect::Burst(fields.burst_factor),
            SpellKind::Fail => Effect::Fail(fields.fail_after),
        };
        if fields.simulated_time.is_some_and(|end| fields.spell_start >= end) {
            let words = "must be before the end of simulatedTime";
            return Err(fields::SPELL_START.tell(Given::Number(fields.spell_start), words));
        }
        Ok(Some(Spell { from_s: fields.spell_start, until_s: fields.spell_start + fields.spell_length, effect }))
    }

    /// How many times as long responses take in a slow spell.
    fn slow_factor(&self) -> Result<f64, Error> {
        let mean = self.case.response_time.as_secs_f64();
        match (self.fields.slow_factor, self.case.response_time_p95) {
            (Some(factor), _) => Ok(factor),
            (None, Some(p95)) if p95.as_secs_f64() > mean => {
                fields::SLOW_FACTOR.check(p95.as_secs_f64() / mean).map_err(|e| Error {
                    rule: crate::Rule::Told("is missing: the p95 is more than a million times the mean"),
                    ..e
                })
            }
            _ => Ok(3.0),
        }
    }

    /// Simulated time, and when in it the cap falls; `None` where it does not.
    fn duration(&self, arrivals: &Arrivals, spell: Option<Spell>, outcome: &Outcome) -> (f64, Option<Fall>) {
        let (held, rate) = (self.model.held.as_secs_f64(), self.rate(arrivals));
        let shortest = TURNOVERS * held;
        let events_per_s = 2.0 * rate * outcome.attempts;
        let long = if events_per_s > 0.0 { EVENTS / events_per_s } else { 60.0 };
        // When a cap that shrinks does so.
        let fall = (self.scenario.over_limit == OverLimit::ShrinkingCap).then(|| {
            let full = Reject.outcome(&self.model.retrying());
            self.scenario.reduced_after / full.goodput_per_s.max(f64::MIN_POSITIVE)
        });
        let time = self.fields.simulated_time.unwrap_or_else(|| {
            if let Some(Spell { from_s, until_s, .. }) = spell {
                return 2.0 * until_s - from_s + 0.5 * shortest;
            }
            if let Arrivals::Recorded(times) = arrivals {
                return times.last().copied().unwrap_or_default() + 0.5 * shortest;
            }
            let cycle = match (arrivals, self.model.blocked_share()) {
                (Arrivals::Bursty { peak, burst_s, .. }, _) => peak * burst_s,
                (_, share) if share > 0.0 => self.scenario.penalty_time / share,
                _ => 0.0,
            };
            let time = match fall {
                Some(fall) if fall > 0.0 && 2.0 * fall <= long => 2.0 * fall,
                _ => long,
            };
            // What is so rare that no run would show enough of it is left to chance.
            let cycles = Some(CYCLES * cycle).filter(|&long_enough| long_enough <= 10.0 * long);
            let time = time.max(shortest.min(MOST_EVENTS / EVENTS * long)).max(cycles.unwrap_or(0.0));
            two_digits(time.min(MAX_DURATION_S))
        });
        let fall = fall.and_then(|fall| {
            if fall <= 0.01 * time {
                Some(Fall::Early)
            } else {
                // Later than this, chance does not bring it into the run.
                (fall < 1.2 * time).then_some(Fall::Within)
            }
        });
        (time, fall)
    }

    /// The first thing that the formulas take for something else.
    fn unlike(&self, config: &Config, outcome: &Outcome, fall: Option<Fall>) -> Option<Why> {
        let queue = matches!(config.over, Over::Queue { .. });
        let exponential = matches!(config.response_time, ResponseTime::Exponential(_));
        let (held, retry) = (self.model.held.as_secs_f64(), config.retry);
        let pause = retry.backoff_s.min(retry.longest_s) * (1.0 - 0.5 * retry.jitter);
        let reasons = [
            (!config.spells.is_empty(), Why::Spell),
            (fall == Some(Fall::Within), Why::CapFalls),
            (matches!(config.arrivals, Arrivals::Recorded(_)), Why::RecordedArrivals),
            (matches!(config.arrivals, Arrivals::Closed { .. }), Why::Workers),
            (matches!(config.arrivals, Arrivals::Bursty { .. }), Why::Bursts),
            (matches!(config.arrivals, Arrivals::Regular(_)), Why::RegularArrivals),
            (matches!(config.timeout, Some(Timeout { covers: Covers::Response, .. })), Why::TimeoutCoversResponse),
            (
                queue && matches!(config.timeout, Some(Timeout { late: LateWork::Cancelled, .. })),
                Why::LateWorkCancelled,
            ),
            (config.pool.is_some(), Why::ClientPool),
            (self.model.has_two_states(), Why::TwoStates),
            (queue && !exponential, Why::ResponseTimes),
            (self.model.blocked_share() > 0.0, Why::RefusalsTogether),
            (retry.most > 0 && outcome.attempts > 1.0 && pause < 10.0 * held, Why::RetriesInStep),
            (config.duration_s < TURNOVERS * held, Why::ShortRun),
        ];
        reasons.into_iter().find(|(there, _)| *there).map(|(_, why)| why)
    }
}

/// `x`, from 10 on with no more than two digits: a time that can be said.
fn two_digits(x: f64) -> f64 {
    let mut unit = 1.0;
    while x >= 100.0 * unit {
        unit *= 10.0;
    }
    if x < 10.0 { x } else { math::floor(x / unit) * unit }
}

#[cfg(test)]
mod tests {
    use super::two_digits;

    #[test]
    fn times_are_rounded_down_to_what_can_be_said() {
        for (x, said) in
            [(39_986.0, 39_000.0), (40_000.0, 40_000.0), (123.0, 120.0), (99.9, 99.0), (2.5, 2.5), (0.0, 0.0)]
        {
            assert!((two_digits(x) - said).abs() < 1e-9, "{x}: {}", two_digits(x));
        }
    }
}
