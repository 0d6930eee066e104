//! From a record whose values may be of any type to a scenario, keeping every refusal.

use alloc::string::String;
use alloc::vec::Vec;

use super::check::BAD_PRICE;
use super::{Errors, OverLimit, Scenario};
use crate::connections::{HttpVersion, OverStreamLimit, PlanCounts, Route};
use crate::error::{Error, Given, Rule};
use crate::fields::{self, Field, Kind};
use crate::sizing::{PlanTier, whole_up};
use crate::units::TimeUnit;
use crate::value::{Value, part, shortened, unknown};

const NOT_A_TIER: &str = "must be a list of plan sizes such as 50, 100, 200, each with or without a price";

/// Reads untyped fields and keeps every refusal.
pub(crate) struct Reader<'a> {
    name: &'static str,
    record: &'a [(String, Value)],
    errors: Vec<Error>,
}

impl<'a> Reader<'a> {
    /// # Errors
    /// What is no record.
    pub(crate) fn new(value: &'a Value) -> Result<Self, Errors> {
        Self::named(
            value,
            "scenario",
            "must be a record of fields such as {\"arrivalRate\": 50, \"responseTime\": 2.5}",
        )
    }

    /// The same for a record that goes by another `name`, refused in other `words` if it is none.
    pub(crate) fn named(value: &'a Value, name: &'static str, words: &'static str) -> Result<Self, Errors> {
        Ok(Self { name, record: value.record(name, words)?, errors: Vec::new() })
    }

    /// Adds what `check` refuses and every name that is none of the `fields`.
    ///
    /// # Errors
    /// The first of each field, in the order of the fields; names that are no field's come last.
    pub(crate) fn finish<I: Iterator<Item = &'static &'static Field>>(
        self,
        fields: impl Fn() -> I,
        check: impl FnOnce(&mut Vec<Error>),
    ) -> Result<(), Errors> {
        let Self { name, record, mut errors } = self;
        errors.extend(unknown(record, name, |key| fields().any(|field| field.name == key)));
        check(&mut errors);
        if errors.is_empty() {
            return Ok(());
        }
        let first_of = |field: &&Field| errors.iter().find(|e| e.field == field.name);
        let unknown = errors.iter().filter(|e| e.rule == Rule::Known);
        Err(Errors(fields().filter_map(first_of).chain(unknown).cloned().collect()))
    }

    fn value(&self, field: &Field) -> &'a Value {
        part(self.record, field.name)
    }

    fn refuse(&mut self, field: &Field) {
        self.errors.push(field.refuse(self.value(field).given()));
    }

    pub(crate) fn number(&mut self, field: &Field) -> Option<f64> {
        match self.value(field) {
            Value::Nothing => None,
            Value::Number(x) => Some(*x),
            _ => {
                self.refuse(field);
                None
            }
        }
    }

    pub(crate) fn switch(&mut self, field: &Field) -> Option<bool> {
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
    pub(crate) fn choice<T: Copy>(&mut self, field: &Field, variants: &[T]) -> Option<T> {
        self.place(field).and_then(|i| variants.get(i).copied())
    }

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

    pub(crate) fn numbers(&mut self, field: &Field) -> Option<Vec<f64>> {
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
                    if let Some((unknown, _)) = parts.iter().find(|(key, _)| key != "size" && key != "price") {
                        self.errors
                            .push(field.tell(Given::Text(shortened(unknown)), "takes `size` and `price` in a tier"));
                        return None;
                    }
                    (part(parts, "size"), part(parts, "price"))
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
const OVER_LIMITS: [OverLimit; 5] =
    [OverLimit::Reject, OverLimit::Queue, OverLimit::PerIp, OverLimit::ShrinkingCap, OverLimit::Penalty];
const OVER_STREAM_LIMITS: [OverStreamLimit; 2] = [OverStreamLimit::Open, OverStreamLimit::Wait];

impl Scenario {
    /// Reads a record whose values may be of any type.
    ///
    /// # Errors
    /// Every field whose value is of a wrong type or outside its limits, unknown fields, and combinations that say too
    /// little or too much.
    pub fn from_value(value: &Value) -> Result<Self, Errors> {
        let mut reader = Reader::new(value)?;
        let scenario = Self::fill(&mut reader);
        reader.finish(|| fields::FIELDS.iter(), |errors| scenario.check_fields(errors))?;
        scenario.case()?;
        Ok(scenario)
    }

    /// Every field that can be read; what cannot be is in the reader's refusals.
    pub(crate) fn fill(r: &mut Reader<'_>) -> Self {
        let default = Self::default();
        Self {
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
            over_limit: r.choice(&fields::OVER_LIMIT, &OVER_LIMITS).unwrap_or(default.over_limit),
            cap: r.number(&fields::CAP),
            fail_target: r.number(&fields::FAIL_TARGET).unwrap_or(default.fail_target),
            wait_target: r.number(&fields::WAIT_TARGET).unwrap_or(default.wait_target),
            queue_places: r.number(&fields::QUEUE_PLACES).unwrap_or(default.queue_places),
            client_timeout: r.number(&fields::CLIENT_TIMEOUT),
            retries: r.number(&fields::RETRIES).unwrap_or(default.retries),
            exit_ips: r.number(&fields::EXIT_IPS).unwrap_or(default.exit_ips),
            reduced_cap: r.number(&fields::REDUCED_CAP).unwrap_or(default.reduced_cap),
            reduced_after: r.number(&fields::REDUCED_AFTER).unwrap_or(default.reduced_after),
            penalty_refusals: r.number(&fields::PENALTY_REFUSALS).unwrap_or(default.penalty_refusals),
            penalty_time: r.number(&fields::PENALTY_TIME).unwrap_or(default.penalty_time),
        }
    }
}
