//! What the user knows: one flat record, checked at the door.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

mod check;
mod read;
mod solve;

use alloc::vec::Vec;
use core::fmt;

use crate::connections::{HttpVersion, OverStreamLimit, PlanCounts, Route};
use crate::error::Error;
use crate::fields;
use crate::sizing::PlanTier;
use crate::units::TimeUnit;
#[cfg(feature = "serde")]
use crate::value::Value;

pub(crate) use check::check_list;
pub(crate) use read::Reader;
pub(crate) use solve::Case;

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
    /// What the proxy does with what goes over the cap.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<OverLimit>"))]
    pub over_limit: OverLimit,
    /// The cap to look at, where it is not the plan's.
    pub cap: Option<f64>,
    /// Share of requests that may fail.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub fail_target: f64,
    /// Wait in seconds that only `fail_target` of the requests may exceed.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub wait_target: f64,
    /// Requests that may wait at the proxy.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub queue_places: f64,
    /// Wait in seconds after which a client gives up.
    pub client_timeout: Option<f64>,
    /// Times that a failed request is tried again.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub retries: f64,
    /// Addresses that the cap is split over.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub exit_ips: f64,
    /// Cap that is left after much traffic.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub reduced_cap: f64,
    /// Served requests in 30 days after which the cap shrinks.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub reduced_after: f64,
    /// Refusals within a minute that bring a block.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub penalty_refusals: f64,
    /// Length of the block in seconds.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub penalty_time: f64,
}

/// What a proxy does with what goes over its cap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum OverLimit {
    /// Refuses at once.
    #[default]
    Reject,
    /// Lets wait, and refuses when the queue is full.
    Queue,
    /// Refuses per exit IP.
    PerIp,
    /// Refuses, and lowers the cap after much traffic.
    ShrinkingCap,
    /// Refuses, and blocks for a while whoever was refused too often.
    Penalty,
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
            over_limit: OverLimit::default(),
            cap: None,
            fail_target: fields::FAIL_TARGET.default_number(),
            wait_target: fields::WAIT_TARGET.default_number(),
            queue_places: fields::QUEUE_PLACES.default_number(),
            client_timeout: None,
            retries: fields::RETRIES.default_number(),
            exit_ips: fields::EXIT_IPS.default_number(),
            reduced_cap: fields::REDUCED_CAP.default_number(),
            reduced_after: fields::REDUCED_AFTER.default_number(),
            penalty_refusals: fields::PENALTY_REFUSALS.default_number(),
            penalty_time: fields::PENALTY_TIME.default_number(),
        }
    }
}

/// Everything that is wrong with a scenario: at least one [`Error`], in the order of the fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Errors(Vec<Error>);

impl Errors {
    /// At least one.
    pub(crate) const fn new(errors: Vec<Error>) -> Self {
        Self(errors)
    }

    /// # Errors
    /// `errors`, if there is one.
    pub(crate) fn none_of(errors: Vec<Error>) -> Result<(), Self> {
        if errors.is_empty() { Ok(()) } else { Err(Self(errors)) }
    }

    /// Adds what none of `errors` is about: what was refused for its type is not refused again for what stands in for it.
    pub(crate) fn add_to(self, errors: &mut Vec<Error>) {
        let refused: Vec<&str> = errors.iter().map(|error| error.field).collect();
        errors.extend(self.0.into_iter().filter(|error| !refused.contains(&error.field)));
    }

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

impl From<Error> for Errors {
    fn from(error: Error) -> Self {
        Self(alloc::vec![error])
    }
}

impl<'a> IntoIterator for &'a Errors {
    type Item = &'a Error;
    type IntoIter = core::slice::Iter<'a, Error>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
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

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Scenario {
    /// Through [`Value`], so that a refusal names field, value and allowed range.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::from_value(&value).map_err(serde::de::Error::custom)
    }
}
