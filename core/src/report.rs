//! Everything that can be said about a scenario, as numbers and enums: the call that most users make.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use alloc::vec::Vec;

use crate::connections::{Accounting, HttpVersion, PlanCounts, Protocol};
use crate::fields::MAX_CONNECTIONS;
use crate::samples::Summary;
use crate::scenario::{Case, Errors, Quantity, Scenario};
use crate::sizing::{tier_for, whole_up};
use crate::units::{MAX_SECONDS, Seconds};

/// Everything that can be said about a [`Scenario`]. Wording and formatting belong to whoever shows it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Report {
    /// How many, and which plan.
    pub sizing: Sizing,
    /// Each plan on offer, by size.
    pub tiers: Vec<Tier>,
    /// What the measured response times say, if there are any.
    pub samples: Option<Summary>,
    /// What the plan charges as the response time grows.
    pub curve: Vec<CurvePoint>,
    /// What the parallel requests take on the scenario's route and HTTP version.
    pub connections: Accounting,
    /// The same on both HTTP versions, cold and warm.
    pub comparison: Comparison,
}

/// How many connections, and which plan.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Sizing {
    /// The quantity that followed from the other two.
    pub solved_for: Quantity,
    /// λ, requests per second.
    pub arrival_rate: f64,
    /// W, seconds.
    pub response_time: f64,
    /// C = λ·W, mean requests in flight.
    pub mean: f64,
    /// Room above the mean, as a fraction of it.
    pub headroom: f64,
    /// Mean requests in flight with headroom: C·(1 + headroom).
    pub with_headroom: f64,
    /// The same, rounded up: what a client must have in flight at once; `None` above 4 × 10⁹.
    pub in_flight_required: Option<u32>,
    /// The unit of everything below.
    pub plan_counts: PlanCounts,
    /// Whether a proxy on this route can count that unit; if not, requests in flight stand for it.
    pub plan_counts_visible: bool,
    /// What the plan charges on average.
    pub charged: f64,
    /// What it charges for the rate with headroom, before it is rounded up.
    pub charged_with_headroom: f64,
    /// The same, rounded up: what the plan must hold.
    pub required: u32,
    /// Size of the plan to take; `None` where none on offer holds it, or none is on offer.
    pub plan: Option<u32>,
    /// Its price.
    pub plan_price: Option<f64>,
    /// 95th percentile of the response time, seconds: given, or from the measurements.
    #[cfg_attr(feature = "serde", serde(rename = "responseTimeP95"))]
    pub response_time_p95: Option<f64>,
    /// 99th percentile of the response time, seconds.
    #[cfg_attr(feature = "serde", serde(rename = "responseTimeP99"))]
    pub response_time_p99: Option<f64>,
    /// What the plan would charge if every response took as long as the 95th percentile.
    #[cfg_attr(feature = "serde", serde(rename = "stressP95"))]
    pub stress_p95: Option<f64>,
    /// The plan that holds that.
    #[cfg_attr(feature = "serde", serde(rename = "stressP95Plan"))]
    pub stress_p95_plan: Option<u32>,
    /// What the plan would charge if every response took as long as the 99th percentile.
    #[cfg_attr(feature = "serde", serde(rename = "stressP99"))]
    pub stress_p99: Option<f64>,
    /// The plan that holds that.
    #[cfg_attr(feature = "serde", serde(rename = "stressP99Plan"))]
    pub stress_p99_plan: Option<u32>,
    /// Relative change of the charge per relative change of the response time; `None` where it moves in steps.
    pub elasticity: Option<f64>,
    /// `required`, were the response time twice as long; `None` above 4 × 10⁹.
    pub required_at_double: Option<u32>,
    /// `required` at the lower and the upper end of the 95 % interval of a measured mean response time.
    pub required_low: Option<u32>,
    /// See `required_low`.
    pub required_high: Option<u32>,
}

/// What one plan on offer can do.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Tier {
    /// Its limit.
    pub size: u32,
    /// Its price.
    pub price: Option<f64>,
    /// Whether it holds what is required.
    pub fits: bool,
    /// Share of it that is charged on average.
    pub used: f64,
    /// Most requests per second that it carries, run full.
    pub largest_rate: f64,
    /// Most requests per second that it carries and keeps the headroom.
    pub largest_rate_with_headroom: f64,
    /// Longest mean response time that it carries, in seconds, run full; `None` where that does not matter, 0 where
    /// even an instant answer does not fit.
    pub longest_response_time: Option<f64>,
    /// The same, keeping the headroom.
    pub longest_response_time_with_headroom: Option<f64>,
    /// Shortest time for all targets, in seconds, run full.
    pub finish_time: Option<f64>,
    /// The same, keeping the headroom.
    pub finish_time_with_headroom: Option<f64>,
}

/// What the plan charges at one response time.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct CurvePoint {
    /// Mean response time, seconds.
    pub response_time: f64,
    /// On average.
    pub charged: f64,
    /// With headroom.
    pub charged_with_headroom: f64,
}

/// Both HTTP versions on the same route.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Comparison {
    /// HTTP/1.1.
    pub http1: ColdAndWarm,
    /// HTTP/2.
    pub http2: ColdAndWarm,
}

/// Before and after connections stand.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct ColdAndWarm {
    /// A burst with no connection open.
    pub cold: Accounting,
    /// Connections stand.
    pub warm: Accounting,
}

/// Intervals of the curve.
const CURVE_STEPS: u8 = 48;

/// Says everything about a scenario.
///
/// # Errors
/// As [`Scenario::from_value`], for a scenario that was filled in by hand.
/// # Examples
/// The article's case, 50 requests a second at 2.5 s: 125 in flight, 156.25 with a quarter on top, so 157.
/// ```
/// use proxy_concurrency::{report, Scenario};
///
/// let mut scenario = Scenario::default();
/// scenario.arrival_rate = Some(50.0);
/// scenario.response_time = Some(2.5);
/// let sizing = report(&scenario)?.sizing;
/// assert_eq!((sizing.mean, sizing.with_headroom, sizing.required), (125.0, 156.25, 157));
/// # Ok::<(), proxy_concurrency::Errors>(())
/// ```
pub fn report(scenario: &Scenario) -> Result<Report, Errors> {
    let case = scenario.case()?;
    let account =
        |inner_http, warm| Protocol { inner_http, warm, ..case.plan.protocol }.account(case.parallel_requests);
    let both = |inner_http| ColdAndWarm { cold: account(inner_http, false), warm: account(inner_http, true) };
    let sizing = case.sizing();
    Ok(Report {
        tiers: case.tiers(sizing.required, sizing.charged),
        samples: case.samples,
        curve: case.curve(),
        connections: case.plan.protocol.account(case.parallel_requests),
        comparison: Comparison { http1: both(HttpVersion::Http1), http2: both(HttpVersion::Http2) },
        sizing,
    })
}

impl Case {
    fn rate_with_headroom(&self) -> f64 {
        self.rate.as_per_second() * (1.0 + self.headroom)
    }

    /// Whole units with headroom: what the plan must hold.
    pub(crate) fn required(&self) -> u32 {
        whole_up(self.plan.charged_f64(self.rate_with_headroom(), self.response_time.as_secs_f64()))
    }

    /// Whole units with headroom at another response time, if an answer can name them.
    fn required_at(&self, response_time_s: f64) -> Option<u32> {
        let rate = self.rate_with_headroom();
        (self.plan.largest_count(rate, response_time_s) <= MAX_CONNECTIONS)
            .then(|| whole_up(self.plan.charged_f64(rate, response_time_s)))
    }

    fn sizing(&self) -> Sizing {
        let response_time_s = self.response_time.as_secs_f64();
        let charged_with_headroom = self.plan.charged_f64(self.rate_with_headroom(), response_time_s);
        let required = self.required();
        let plan = tier_for(&self.tiers, required);
        let stress = |at: Option<Seconds>| {
            let charged = at.map(|at| self.plan.charged(self.rate, at));
            (charged, charged.and_then(|x| tier_for(&self.tiers, whole_up(x))).map(|tier| tier.size))
        };
        let (stress_p95, stress_p95_plan) = stress(self.response_time_p95);
        let (stress_p99, stress_p99_plan) = stress(self.response_time_p99);
        let with_headroom = self.load.as_f64() * (1.0 + self.headroom);
        let interval = self.samples.and_then(|s| Some((s.mean, s.mean_half_width?)));
        Sizing {
            solved_for: self.solved_for,
            arrival_rate: self.rate.as_per_second(),
            response_time: response_time_s,
            mean: self.load.as_f64(),
            headroom: self.headroom,
            with_headroom,
            in_flight_required: (with_headroom <= MAX_CONNECTIONS).then(|| whole_up(with_headroom)),
            plan_counts: self.plan.counts,
            plan_counts_visible: self.plan.is_visible(),
            charged: self.plan.charged(self.rate, self.response_time),
            charged_with_headroom,
            required,
            plan: plan.map(|tier| tier.size),
            plan_price: plan.and_then(|tier| tier.price),
            response_time_p95: self.response_time_p95.map(Seconds::as_secs_f64),
            response_time_p99: self.response_time_p99.map(Seconds::as_secs_f64),
            stress_p95,
            stress_p95_plan,
            stress_p99,
            stress_p99_plan,
            elasticity: self.plan.elasticity(self.response_time),
            required_at_double: self.required_at(2.0 * response_time_s),
            // A mean response time is not negative, whatever a wide interval says.
            required_low: interval.and_then(|(mean, half)| self.required_at((mean - half).max(0.0))),
            required_high: interval.and_then(|(mean, half)| self.required_at(mean + half)),
        }
    }

    fn tiers(&self, required: u32, charged: f64) -> Vec<Tier> {
        let room = 1.0 + self.headroom;
        let tier = |tier: &crate::sizing::PlanTier| {
            let largest_rate = self.plan.largest_rate(tier.size, self.response_time);
            let size = f64::from(tier.size);
            Tier {
                size: tier.size,
                price: tier.price,
                fits: tier.size >= required,
                used: charged / size,
                largest_rate,
                largest_rate_with_headroom: largest_rate / room,
                longest_response_time: self.plan.longest_response_time_f64(size, self.rate.as_per_second()),
                longest_response_time_with_headroom: self
                    .plan
                    .longest_response_time_f64(size, self.rate_with_headroom()),
                finish_time: self.targets.map(|targets| targets / largest_rate),
                finish_time_with_headroom: self.targets.map(|targets| targets / (largest_rate / room)),
            }
        };
        self.tiers.iter().map(tier).collect()
    }

    /// From an instant answer to well past the slowest that the scenario names, as far as an answer can name the count.
    fn curve(&self) -> Vec<CurvePoint> {
        let slowest = [self.response_time_p95, self.response_time_p99]
            .into_iter()
            .flatten()
            .fold(0.0, |slowest: f64, at| slowest.max(at.as_secs_f64()));
        let end = (4.0 * self.response_time.as_secs_f64()).max(1.25 * slowest).min(MAX_SECONDS);
        (0..=CURVE_STEPS)
            .map(|step| end * f64::from(step) / f64::from(CURVE_STEPS))
            .take_while(|w| self.plan.largest_count(self.rate_with_headroom(), *w) <= MAX_CONNECTIONS)
            .map(|w| CurvePoint {
                response_time: w,
                charged: self.plan.charged_f64(self.rate.as_per_second(), w),
                charged_with_headroom: self.plan.charged_f64(self.rate_with_headroom(), w),
            })
            .collect()
    }
}
