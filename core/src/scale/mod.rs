//! How to grow: credentials, endpoints, exit IPs, bandwidth, and which plans to buy together.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

mod mix;

pub use mix::{Mix, MixPart};

use crate::environment::{CredentialSharing, Environment, checked};
use crate::layers::{Layer, Model, cap_together};
use crate::math;
use crate::scenario::{Errors, Scenario};
use crate::sizing::{tier_for, whole_up};

/// How to grow. `None` in a place where nothing was given that says it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Scale {
    /// What the load with headroom needs, in what the plan counts: as the report has it.
    pub required: u32,
    /// Cap of one plan: as said, of the plan that holds the load, or of the largest on offer.
    pub cap: Option<u32>,
    /// What each credential may hold of it.
    pub cap_per_credential: Option<f64>,
    /// What all credentials may hold together.
    pub cap_together: Option<f64>,
    /// Fewest credentials that hold the load; `None` where they share one cap that does not.
    pub credentials_needed: Option<f64>,
    /// What each credential must hold, the load spread evenly.
    pub required_per_credential: u32,
    /// The plan on offer that holds that, where each credential has its own.
    pub plan_per_credential: Option<u32>,
    /// Fewest proxy endpoints for which the local ports suffice.
    pub endpoints_needed: Option<f64>,
    /// Fewest exit IPs that each destination tolerates the load from.
    pub exit_ips_needed: Option<f64>,
    /// Exit IPs each second, where no more than so many requests may come from one.
    pub ips_per_second: Option<f64>,
    /// What the load transfers, without headroom.
    pub traffic: Bandwidth,
    /// What is transferred with all credentials at their cap at the same response time.
    pub traffic_at_cap: Option<Bandwidth>,
    /// Hours until the traffic lowers the cap; `None` where it does not within 30 days, or no threshold is given.
    pub hours_until_reduced: Option<f64>,
    /// The plans to buy together; `None` where none is on offer.
    pub mix: Option<Mix>,
}

/// Traffic in the units in which it is sold. 1 GB is 10⁹ bytes, a month 30 days.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Bandwidth {
    /// MB/s.
    pub megabytes_per_second: f64,
    /// Mbit/s.
    pub megabits_per_second: f64,
    /// GB/h.
    pub gigabytes_per_hour: f64,
    /// GB in 30 days.
    pub gigabytes_per_month: f64,
}

/// Hours of 30 days.
const MONTH_HOURS: f64 = 720.0;

impl Bandwidth {
    /// Of so many requests a second, each answered with so many kB.
    fn of(requests_per_second: f64, response_kb: f64) -> Self {
        let megabytes_per_second = requests_per_second * response_kb / 1e3 + 0.0;
        let gigabytes_per_hour = 3.6 * megabytes_per_second;
        Self {
            megabytes_per_second,
            megabits_per_second: 8.0 * megabytes_per_second,
            gigabytes_per_hour,
            gigabytes_per_month: MONTH_HOURS * gigabytes_per_hour,
        }
    }
}

/// Says how to grow.
///
/// # Formula
/// Traffic is λ × response size. Credentials: ⌈required / cap⌉ where each has the cap; endpoints and exit IPs: what is
/// needed of ports, or at a destination, over what one gives. The cap drops after threshold / (GB/h) hours.
/// # Errors
/// As [`limits`](crate::limits).
/// # Examples
/// The article's 100 connections at 1 MB and 1 s: 100 MB/s, which is 360 GB an hour.
/// ```
/// use proxy_concurrency::{scale, Environment, Scenario};
///
/// let (mut scenario, mut environment) = (Scenario::default(), Environment::default());
/// (scenario.arrival_rate, scenario.response_time) = (Some(100.0), Some(1.0));
/// environment.response_size = 1000.0;
/// environment.reduced_after_traffic = Some(5000.0);
/// let scale = scale(&scenario, &environment)?;
/// assert_eq!((scale.traffic.megabytes_per_second, scale.traffic.gigabytes_per_hour), (100.0, 360.0));
/// assert!((scale.hours_until_reduced.unwrap() - 13.9).abs() < 0.02);
/// # Ok::<(), proxy_concurrency::Errors>(())
/// ```
pub fn scale(scenario: &Scenario, environment: &Environment) -> Result<Scale, Errors> {
    let case = checked(scenario, environment)?;
    let model = Model::new(&case, scenario, environment)?;
    let required = case.required();
    let cap = case.plan_cap(scenario);
    let together = cap.map(|cap| cap_together(cap, environment));
    let credentials = environment.credentials;
    let multiplied = environment.credential_sharing == CredentialSharing::Multiplied;
    // Divided before it is rounded: a whole number of plans, so no rounding of decimals to forgive.
    let needed = |need: f64, each: f64| math::ceil(need / each).max(1.0);
    let required_per_credential = whole_up(needed(f64::from(required), credentials));
    let ports = environment.ephemeral_ports.or(environment.operating_system.preset().ephemeral_ports.value);
    let traffic = Bandwidth::of(case.rate.as_per_second(), environment.response_size);
    Ok(Scale {
        required,
        cap,
        cap_per_credential: together.map(|all| all / credentials),
        cap_together: together,
        credentials_needed: cap.and_then(|cap| {
            let needed = needed(f64::from(required), f64::from(cap));
            (multiplied || needed <= 1.0).then_some(needed)
        }),
        required_per_credential,
        plan_per_credential: multiplied
            .then(|| tier_for(&case.tiers, required_per_credential))
            .flatten()
            .map(|tier| tier.size),
        endpoints_needed: ports.map(|each| needed(model.need(Layer::EphemeralPorts, model.rate()), each)),
        exit_ips_needed: environment
            .destination_limit
            .map(|each| needed(model.need(Layer::Destination, model.rate()), each)),
        ips_per_second: environment.requests_per_ip.map(|n| case.rate.as_per_second() / n),
        traffic,
        traffic_at_cap: together
            .and_then(|cap| model.full_at(Layer::Plan, cap))
            .map(|rate| Bandwidth::of(rate, environment.response_size)),
        hours_until_reduced: environment
            .reduced_after_traffic
            .map(|threshold| threshold / traffic.gigabytes_per_hour + 0.0)
            .filter(|hours| *hours <= MONTH_HOURS),
        mix: mix::best(&case.tiers, required),
    })
}
