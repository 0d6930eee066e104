//! What the user knows: one flat record, checked at the door.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::connections::{HttpVersion, OverStreamLimit, PlanCounts, Protocol, Route};
use crate::error::{Error, Given, Rule};
use crate::fields::{self, Field, Kind, MAX_CONNECTIONS};
use crate::samples::{Summary, summarise};
use crate::sizing::{self, PlanTier, PlanUse, whole_up};
use crate::units::{Erlangs, Probability, Rate, Seconds, TimeUnit};
use crate::value::{Value, shortened};

/// What the user knows, one flat record. Each field's unit, limits and help stand in [`crate::fields`].
///
/// Two of rate, response time and number in flight must be known; the third follows. Make one by changing the default:
///
/// ```
/// let mut scenario = proxy_concurrency::Scenario::default();
/// scenario.arrival_rate = Some(50.0);
/// scenario.response_time = Some(2.5);
/// assert_eq!(proxy_concurrency::report(&scenario)?.sizing.required, 157);
/// # Ok::<(), proxy_concurrency::Errors>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts", optional_fields))]
pub struct Scenario {
    /// Requests that start, per `rate_unit`.
    pub arrival_rate: Option<f64>,
    /// The time in which `arrival_rate` counts.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<TimeUnit>"))]
    pub rate_unit: TimeUnit,
    /// A job of so many requests.
    pub targets: Option<f64>,
    /// The time that the job may take, in `deadline_unit`.
    pub deadline: Option<f64>,
    /// The unit of `deadline`.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<TimeUnit>"))]
    pub deadline_unit: TimeUnit,
    /// Mean response time, in seconds.
    pub response_time: Option<f64>,
    /// 95th percentile of the response time, in seconds.
    pub response_time_p95: Option<f64>,
    /// 99th percentile of the response time, in seconds.
    pub response_time_p99: Option<f64>,
    /// Measured response times, in seconds, in place of the three above.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<f64>>"))]
    pub response_time_samples: Option<Vec<f64>>,
    /// Mean number of requests in flight.
    pub in_flight: Option<f64>,
    /// Room above the mean, as a fraction of it.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub headroom: f64,
    /// Plans on offer.
    #[cfg_attr(feature = "typescript", ts(optional, type = "Array<number | { size: number, price?: number | null }>"))]
    pub plan_tiers: Option<Vec<PlanTier>>,
    /// What the plan counts.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<PlanCounts>"))]
    pub plan_counts: PlanCounts,
    /// Time to open a connection, in seconds.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub setup_time: f64,
    /// Time that a connection stays open after its last response, in seconds.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub idle_time: f64,
    /// Share of the requests that find a connection open.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub connection_reuse: f64,
    /// The way to the origin.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Route>"))]
    pub route: Route,
    /// HTTP version of the client's requests.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<HttpVersion>"))]
    pub inner_http: HttpVersion,
    /// HTTP version behind a gateway.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<HttpVersion>"))]
    pub upstream_http: HttpVersion,
    /// Distinct destinations.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub destinations: f64,
    /// Streams on one HTTP/2 connection.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub max_concurrent_streams: f64,
    /// What the client does above that.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<OverStreamLimit>"))]
    pub over_stream_limit: OverStreamLimit,
    /// Connections stand before the requests come.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<bool>"))]
    pub warm: bool,
    /// TLS with the destination.
    pub origin_tls: Option<bool>,
    /// TLS with the proxy.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<bool>"))]
    pub proxy_tls: bool,
    /// Requests at once, for the accounting.
    pub parallel_requests: Option<f64>,
}

impl Default for Scenario {
    /// Every field at its default in [`crate::fields`]: nothing is known of rate and response time.
    fn default() -> Self {
        Self {
            arrival_rate: None,
            rate_unit: TimeUnit::Second,
            targets: None,
            deadline: None,
            deadline_unit: TimeUnit::Hour,
            response_time: None,
            response_time_p95: None,
            response_time_p99: None,
            response_time_samples: None,
            in_flight: None,
            headroom: fields::HEADROOM.default_number(),
            plan_tiers: None,
            plan_counts: PlanCounts::default(),
            setup_time: fields::SETUP_TIME.default_number(),
            idle_time: fields::IDLE_TIME.default_number(),
            connection_reuse: fields::CONNECTION_REUSE.default_number(),
            route: Route::default(),
            inner_http: HttpVersion::default(),
            upstream_http: HttpVersion::default(),
            destinations: fields::DESTINATIONS.default_number(),
            max_concurrent_streams: fields::MAX_CONCURRENT_STREAMS.default_number(),
            over_stream_limit: OverStreamLimit::default(),
            warm: true,
            origin_tls: None,
            proxy_tls: false,
            parallel_requests: None,
        }
    }
}

/// Everything that is wrong with a scenario: at least one [`Error`], in the order of the fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Errors(Vec<Error>);

impl Errors {
    /// All of them.
    pub fn iter(&self) -> core::slice::Iter<'_, Error> {
        self.0.iter()
    }
}

impl fmt::Display for Errors {
    /// One sentence a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl core::error::Error for Errors {}

impl<'a> IntoIterator for &'a Errors {
    type Item = &'a Error;
    type IntoIter = core::slice::Iter<'a, Error>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

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

/// One of the three of Little's Law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Quantity {
    /// λ.
    ArrivalRate,
    /// W.
    ResponseTime,
    /// C.
    InFlight,
}

const NOT_A_TIER: &str = "must be a list of plan sizes such as 50, 100, 200, each with or without a price";

/// Reads untyped fields and keeps every refusal.
struct Reader<'a> {
    record: &'a [(String, Value)],
    errors: Vec<Error>,
}

impl<'a> Reader<'a> {
    fn value(&self, field: &Field) -> &'a Value {
        // Of a name that came twice, the last counts, as in JSON.
        self.record.iter().rev().find(|(name, _)| name == field.name).map_or(&Value::Nothing, |(_, value)| value)
    }

    #[inline(never)]
    fn refuse(&mut self, field: &Field) {
        self.errors.push(field.refuse(self.value(field).given()));
    }

    #[inline(never)]
    fn number(&mut self, field: &Field) -> Option<f64> {
        match self.value(field) {
            Value::Nothing => None,
            Value::Number(x) => Some(*x),
            _ => {
                self.refuse(field);
                None
            }
        }
    }

    #[inline(never)]
    fn switch(&mut self, field: &Field) -> Option<bool> {
        match self.value(field) {
            Value::Nothing => None,
            Value::Switch(x) => Some(*x),
            _ => {
                self.refuse(field);
                None
            }
        }
    }

    /// The place of the word among the field's options.
    #[inline(never)]
    fn place(&mut self, field: &Field) -> Option<usize> {
        let place = match (&field.takes, self.value(field)) {
            (_, Value::Nothing) => return None,
            (Kind::Choice { options, .. }, Value::Text(word)) => options.iter().position(|option| option == word),
            _ => None,
        };
        if place.is_none() {
            self.refuse(field);
        }
        place
    }

    /// The variant that stands at the word's place among the field's options.
    fn choice<T: Copy>(&mut self, field: &Field, variants: &[T]) -> Option<T> {
        self.place(field).and_then(|i| variants.get(i).copied())
    }

    #[inline(never)]
    fn list(&mut self, field: &Field) -> Option<&'a [Value]> {
        match self.value(field) {
            Value::Nothing => None,
            Value::List(items) => Some(items),
            _ => {
                self.refuse(field);
                None
            }
        }
    }

    fn numbers(&mut self, field: &Field) -> Option<Vec<f64>> {
        let items = self.list(field)?;
        let mut numbers = Vec::with_capacity(items.len());
        for (i, item) in items.iter().enumerate() {
            if let Value::Number(x) = item {
                numbers.push(*x);
            } else {
                // What is not a number is refused as the item that it is.
                self.errors.extend(field.check_item(i, f64::NAN).err().map(|e| Error { value: item.given(), ..e }));
                return None;
            }
        }
        Some(numbers)
    }

    fn tiers(&mut self, field: &Field) -> Option<Vec<PlanTier>> {
        let items = self.list(field)?;
        let mut tiers = Vec::with_capacity(items.len());
        for (i, item) in items.iter().enumerate() {
            let (size, price) = match item {
                Value::Record(parts) => {
                    let part = |name| parts.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value);
                    if let Some((unknown, _)) = parts.iter().find(|(key, _)| key != "size" && key != "price") {
                        self.errors
                            .push(field.tell(Given::Text(shortened(unknown)), "takes `size` and `price` in a tier"));
                        return None;
                    }
                    (part("size").unwrap_or(&Value::Nothing), part("price").unwrap_or(&Value::Nothing))
                }
                size => (size, &Value::Nothing),
            };
            let Value::Number(size) = size else {
                self.errors.push(field.tell(size.given(), NOT_A_TIER));
                return None;
            };
            let price = match price {
                Value::Nothing => None,
                Value::Number(x) => Some(*x),
                other => {
                    self.errors.push(field.tell(other.given(), BAD_PRICE));
                    return None;
                }
            };
            match field.check_item(i, *size) {
                Ok(size) => tiers.push(PlanTier { size: whole_up(size), price: price.map(|x| x + 0.0) }),
                Err(error) => {
                    self.errors.push(error);
                    return None;
                }
            }
        }
        Some(tiers)
    }
}

const BAD_PRICE: &str = "must have prices from 0 to 1000000000";
const TIME_UNITS: [TimeUnit; 4] = [TimeUnit::Second, TimeUnit::Minute, TimeUnit::Hour, TimeUnit::Day];
const HTTP_VERSIONS: [HttpVersion; 2] = [HttpVersion::Http1, HttpVersion::Http2];
const ROUTES: [Route; 5] = [Route::Forward, Route::Tunnel, Route::H2Proxy, Route::Gateway, Route::Socks5];
const PLAN_COUNTS: [PlanCounts; 6] = [
    PlanCounts::BusyConnections,
    PlanCounts::OpenConnections,
    PlanCounts::Tunnels,
    PlanCounts::Requests,
    PlanCounts::Streams,
    PlanCounts::RequestsPerMinute,
];
const OVER_STREAM_LIMITS: [OverStreamLimit; 2] = [OverStreamLimit::Open, OverStreamLimit::Wait];

impl Scenario {
    /// Reads a record whose values may be of any type.
    ///
    /// # Errors
    /// Every field whose value is of a wrong type or outside its limits, unknown fields, and combinations that say too
    /// little or too much.
    #[inline(never)]
    pub fn from_value(value: &Value) -> Result<Self, Errors> {
        let Value::Record(record) = value else {
            let rule = Rule::Told("must be a record of fields such as {\"arrivalRate\": 50, \"responseTime\": 2.5}");
            return Err(Errors(alloc::vec![Error { field: "scenario", value: value.given(), rule }]));
        };
        let default = Self::default();
        let mut r = Reader { record, errors: Vec::new() };
        let scenario = Self {
            arrival_rate: r.number(&fields::ARRIVAL_RATE),
            rate_unit: r.choice(&fields::RATE_UNIT, &TIME_UNITS).unwrap_or(default.rate_unit),
            targets: r.number(&fields::TARGETS),
            deadline: r.number(&fields::DEADLINE),
            deadline_unit: r.choice(&fields::DEADLINE_UNIT, &TIME_UNITS).unwrap_or(default.deadline_unit),
            response_time: r.number(&fields::RESPONSE_TIME),
            response_time_p95: r.number(&fields::RESPONSE_TIME_P95),
            response_time_p99: r.number(&fields::RESPONSE_TIME_P99),
            response_time_samples: r.numbers(&fields::RESPONSE_TIME_SAMPLES),
            in_flight: r.number(&fields::IN_FLIGHT),
            headroom: r.number(&fields::HEADROOM).unwrap_or(default.headroom),
            plan_tiers: r.tiers(&fields::PLAN_TIERS),
            plan_counts: r.choice(&fields::PLAN_COUNTS, &PLAN_COUNTS).unwrap_or(default.plan_counts),
            setup_time: r.number(&fields::SETUP_TIME).unwrap_or(default.setup_time),
            idle_time: r.number(&fields::IDLE_TIME).unwrap_or(default.idle_time),
            connection_reuse: r.number(&fields::CONNECTION_REUSE).unwrap_or(default.connection_reuse),
            route: r.choice(&fields::ROUTE, &ROUTES).unwrap_or(default.route),
            inner_http: r.choice(&fields::INNER_HTTP, &HTTP_VERSIONS).unwrap_or(default.inner_http),
            upstream_http: r.choice(&fields::UPSTREAM_HTTP, &HTTP_VERSIONS).unwrap_or(default.upstream_http),
            destinations: r.number(&fields::DESTINATIONS).unwrap_or(default.destinations),
            max_concurrent_streams: r.number(&fields::MAX_CONCURRENT_STREAMS).unwrap_or(default.max_concurrent_streams),
            over_stream_limit: r
                .choice(&fields::OVER_STREAM_LIMIT, &OVER_STREAM_LIMITS)
                .unwrap_or(default.over_stream_limit),
            warm: r.switch(&fields::WARM).unwrap_or(default.warm),
            origin_tls: r.switch(&fields::ORIGIN_TLS),
            proxy_tls: r.switch(&fields::PROXY_TLS).unwrap_or(default.proxy_tls),
            parallel_requests: r.number(&fields::PARALLEL_REQUESTS),
        };
        let mut errors = r.errors;
        for (name, _) in record {
            if !fields::FIELDS.iter().any(|field| field.name == name) {
                errors.push(Error { field: "scenario", value: Given::Text(shortened(name)), rule: Rule::Known });
            }
        }
        let typed = errors.is_empty();
        scenario.check_fields(&mut errors);
        if typed && errors.is_empty() {
            scenario.case()?;
        }
        if errors.is_empty() {
            return Ok(scenario);
        }
        // The first of each field, in the order of the fields; names that are no field's come last.
        let first_of = |field: &&Field| errors.iter().find(|e| e.field == field.name);
        let unknown = errors.iter().filter(|e| e.rule == Rule::Known);
        Err(Errors(fields::FIELDS.iter().filter_map(first_of).chain(unknown).cloned().collect()))
    }

    /// The fields that hold one number, with what they hold.
    fn numbers(&self) -> [(&'static Field, Option<f64>); 14] {
        [
            (&fields::ARRIVAL_RATE, self.arrival_rate),
            (&fields::TARGETS, self.targets),
            (&fields::DEADLINE, self.deadline),
            (&fields::RESPONSE_TIME, self.response_time),
            (&fields::RESPONSE_TIME_P95, self.response_time_p95),
            (&fields::RESPONSE_TIME_P99, self.response_time_p99),
            (&fields::IN_FLIGHT, self.in_flight),
            (&fields::HEADROOM, Some(self.headroom)),
            (&fields::SETUP_TIME, Some(self.setup_time)),
            (&fields::IDLE_TIME, Some(self.idle_time)),
            (&fields::CONNECTION_REUSE, Some(self.connection_reuse)),
            (&fields::DESTINATIONS, Some(self.destinations)),
            (&fields::MAX_CONCURRENT_STREAMS, Some(self.max_concurrent_streams)),
            (&fields::PARALLEL_REQUESTS, self.parallel_requests),
        ]
    }

    /// Each field by itself.
    fn check_fields(&self, errors: &mut Vec<Error>) {
        for (field, value) in self.numbers() {
            errors.extend(value.and_then(|x| field.check(x).err()));
        }
        if let Some(samples) = &self.response_time_samples {
            errors.extend(check_list(&fields::RESPONSE_TIME_SAMPLES, samples.iter().copied()));
        }
        if let Some(tiers) = &self.plan_tiers {
            errors.extend(check_tiers(tiers));
        }
    }

    /// Checks every field and every combination, and solves for what was not given.
    pub(crate) fn case(&self) -> Result<Case, Errors> {
        let mut errors = Vec::new();
        self.check_fields(&mut errors);
        if errors.is_empty() { self.solve().map_err(|error| Errors(alloc::vec![error])) } else { Err(Errors(errors)) }
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

fn check_list(field: &Field, items: impl ExactSizeIterator<Item = f64>) -> Option<Error> {
    let (Kind::Numbers { most, .. } | Kind::Tiers { most, .. }) = field.takes else { return None };
    let length = u32::try_from(items.len()).unwrap_or(u32::MAX);
    if length == 0 || length > most {
        return Some(field.refuse(Given::Number(f64::from(length))));
    }
    items.enumerate().find_map(|(i, x)| field.check_item(i, x).err())
}

fn check_tiers(tiers: &[PlanTier]) -> Option<Error> {
    let field = &fields::PLAN_TIERS;
    if let Some(error) = check_list(field, tiers.iter().map(|tier| f64::from(tier.size))) {
        return Some(error);
    }
    let prices = || tiers.iter().filter_map(|tier| tier.price);
    if let Some(price) = prices().find(|price| !(0.0..=1e9).contains(price)) {
        return Some(field.tell(Given::Number(price), BAD_PRICE));
    }
    if (1..tiers.len()).contains(&prices().count()) {
        return Some(field.tell(Given::Nothing, "must have a price for every tier, or for none"));
    }
    let repeated =
        tiers.iter().enumerate().find(|(i, tier)| tiers.iter().take(*i).any(|before| before.size == tier.size));
    repeated.map(|(_, tier)| field.tell(Given::Number(f64::from(tier.size)), "must not have the same size twice"))
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Scenario {
    /// Through [`Value`], so that a refusal names field, value and allowed range.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::from_value(&value).map_err(serde::de::Error::custom)
    }
}
