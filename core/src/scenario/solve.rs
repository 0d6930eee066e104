//! The combinations: what follows from what was given, and what contradicts it.

use alloc::vec::Vec;

use super::{Errors, Quantity, Scenario};
use crate::connections::{Protocol, Route};
use crate::error::{Error, Given};
use crate::fields::{self, Field, MAX_CONNECTIONS};
use crate::samples::{Summary, summarise};
use crate::sizing::{self, PlanTier, PlanUse, whole_up};
use crate::units::{Erlangs, Probability, Rate, Seconds};

/// A scenario that has passed the door: what the formulas take.
pub(crate) struct Case {
    /// The quantity that was not given.
    pub(crate) solved_for: Quantity,
    pub(crate) rate: Rate,
    pub(crate) response_time: Seconds,
    pub(crate) load: Erlangs,
    pub(crate) response_time_p95: Option<Seconds>,
    pub(crate) response_time_p99: Option<Seconds>,
    pub(crate) samples: Option<Summary>,
    pub(crate) targets: Option<f64>,
    pub(crate) headroom: f64,
    pub(crate) tiers: Vec<PlanTier>,
    pub(crate) plan: PlanUse,
    pub(crate) parallel_requests: u32,
}

impl Scenario {
    /// Checks every field and every combination, and solves for what was not given.
    pub(crate) fn case(&self) -> Result<Case, Errors> {
        let mut errors = Vec::new();
        self.check_fields(&mut errors);
        Errors::none_of(errors)?;
        Ok(self.solve()?)
    }

    /// λ in requests per second, if the scenario says it.
    fn known_rate(&self) -> Result<Option<f64>, Error> {
        let number = Given::Number;
        match (self.arrival_rate, self.targets, self.deadline) {
            (Some(_), Some(_), Some(deadline)) => {
                Err(fields::DEADLINE
                    .tell(number(deadline), "and targets make a rate: leave arrivalRate or deadline out"))
            }
            (_, None, Some(deadline)) => {
                Err(fields::DEADLINE.tell(number(deadline), "needs targets: how many requests are due by then?"))
            }
            (Some(rate), _, None) => Ok(Some(rate / self.rate_unit.as_secs())),
            (None, Some(targets), Some(deadline)) => Ok(Some(targets / (deadline * self.deadline_unit.as_secs()))),
            (None, _, None) => Ok(None),
        }
    }

    /// The combinations; every field by itself is right.
    fn solve(&self) -> Result<Case, Error> {
        let samples = match &self.response_time_samples {
            None => None,
            Some(samples) => {
                for (field, value) in [
                    (&fields::RESPONSE_TIME, self.response_time),
                    (&fields::RESPONSE_TIME_P95, self.response_time_p95),
                    (&fields::RESPONSE_TIME_P99, self.response_time_p99),
                ] {
                    if let Some(x) = value {
                        let words = "follows from responseTimeSamples: leave one of the two out";
                        return Err(field.tell(Given::Number(x), words));
                    }
                }
                summarise(&mut samples.clone())
            }
        };
        let response_time = self.response_time.or(samples.map(|s| s.mean));
        let p95 = self.response_time_p95.or(samples.map(|s| s.p95));
        let p99 = self.response_time_p99.or(samples.map(|s| s.p99));
        if let (Some(p95), Some(p99)) = (p95, p99) {
            if p99 < p95 {
                let words = "must not be below responseTimeP95";
                return Err(fields::RESPONSE_TIME_P99.tell(Given::Number(p99), words));
            }
        }

        let rate_field = if self.arrival_rate.is_none() && self.targets.is_some() {
            &fields::TARGETS
        } else {
            &fields::ARRIVAL_RATE
        };
        let (solved_for, rate, response_time, load) = match (self.known_rate()?, response_time, self.in_flight) {
            (Some(_), Some(_), Some(load)) => {
                let words = "follows from the rate and the response time: leave one of the three out";
                return Err(fields::IN_FLIGHT.tell(Given::Number(load), words));
            }
            (Some(rate), Some(response_time), None) => {
                let rate = limited(rate_field, Rate::per_second(rate), "comes to more than 10⁹ requests a second")?;
                let response_time = Seconds::new(response_time)?;
                let load = sizing::offered_load(rate, response_time);
                let load = limited(rate_field, load, "× responseTime is more than 10⁹ requests in flight")?;
                (Quantity::InFlight, rate, response_time, load)
            }
            (None, Some(response_time), Some(load)) => {
                let (load, response_time) = (Erlangs::new(load)?, Seconds::new(response_time)?);
                let rate = sizing::arrival_rate(load, response_time);
                let rate = limited(&fields::IN_FLIGHT, rate, "/ responseTime is more than 10⁹ requests a second")?;
                (Quantity::ArrivalRate, rate, response_time, load)
            }
            (Some(rate), None, Some(load)) => {
                let rate = limited(rate_field, Rate::per_second(rate), "comes to more than 10⁹ requests a second")?;
                let load = Erlangs::new(load)?;
                let quotient = load.as_f64() / rate.as_per_second();
                let response_time = fields::RESPONSE_TIME.check(quotient).and_then(Seconds::new);
                let words = "/ arrivalRate is no response time from 0.000001 to 86400 s";
                (Quantity::ResponseTime, rate, limited(&fields::IN_FLIGHT, response_time, words)?, load)
            }
            (None, _, None) => {
                return Err(match self.targets {
                    Some(_) => fields::DEADLINE.tell(Given::Nothing, "is missing: in which time are the targets due?"),
                    None => fields::ARRIVAL_RATE.tell(Given::Nothing, "is missing: how often do you send?"),
                });
            }
            (None, None, Some(_)) => {
                let words = "is missing: inFlight alone says neither the rate nor the response time";
                return Err(fields::RESPONSE_TIME.tell(Given::Nothing, words));
            }
            (Some(_), None, None) => {
                return Err(fields::RESPONSE_TIME.tell(Given::Nothing, "is missing: how long does a response take?"));
            }
        };

        if self.route == Route::Forward && self.origin_tls == Some(true) {
            let words = "cannot be true on the forward route: https:// goes through a tunnel";
            return Err(fields::ORIGIN_TLS.tell(Given::Named("true"), words));
        }
        let plan = PlanUse {
            counts: self.plan_counts,
            protocol: Protocol {
                route: self.route,
                inner_http: self.inner_http,
                upstream_http: self.upstream_http,
                destinations: whole_up(self.destinations),
                max_concurrent_streams: whole_up(self.max_concurrent_streams),
                over_stream_limit: self.over_stream_limit,
                warm: self.warm,
                origin_tls: self.origin_tls,
                proxy_tls: self.proxy_tls,
            },
            setup_time: Seconds::new(self.setup_time)?,
            idle_time: Seconds::new(self.idle_time)?,
            connection_reuse: Probability::new(self.connection_reuse)?,
        };
        let rate_with_headroom = rate.as_per_second() * (1.0 + self.headroom);
        for (field, value, at) in [
            (rate_field, rate.as_per_second(), Some(response_time.as_secs_f64())),
            (&fields::RESPONSE_TIME_P95, p95.unwrap_or_default(), p95),
            (&fields::RESPONSE_TIME_P99, p99.unwrap_or_default(), p99),
        ] {
            if at.is_some_and(|w| plan.largest_count(rate_with_headroom, w) > MAX_CONNECTIONS) {
                let words = "asks for more than 4 × 10⁹ with headroom, which is more than any answer can name";
                return Err(field.tell(Given::Number(value), words));
            }
        }
        Ok(Case {
            solved_for,
            rate,
            response_time,
            load,
            response_time_p95: p95.map(Seconds::new).transpose()?,
            response_time_p99: p99.map(Seconds::new).transpose()?,
            samples,
            targets: self.targets,
            // `+ 0.0` makes one zero of the two.
            headroom: self.headroom + 0.0,
            tiers: by_size(self.plan_tiers.as_deref().unwrap_or_default()),
            plan,
            parallel_requests: whole_up(self.parallel_requests.unwrap_or(load.as_f64())),
        })
    }
}

/// A short list in order of size, by insertion.
fn by_size(tiers: &[PlanTier]) -> Vec<PlanTier> {
    let mut sorted: Vec<PlanTier> = Vec::with_capacity(tiers.len());
    for tier in tiers {
        sorted.insert(sorted.iter().filter(|before| before.size <= tier.size).count(), *tier);
    }
    sorted
}

/// A result outside its range is told as the fault of the field that led there.
fn limited<T>(field: &Field, result: Result<T, Error>, words: &'static str) -> Result<T, Error> {
    result.map_err(|error| Error { value: error.value, ..field.tell(Given::Nothing, words) })
}
