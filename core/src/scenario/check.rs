//! Each field by itself: limits, lengths of lists, prices.

use alloc::vec::Vec;

use super::Scenario;
use crate::error::{Error, Given};
use crate::fields::{self, Field, Kind};
use crate::sizing::PlanTier;

pub(super) const BAD_PRICE: &str = "must have prices from 0 to 1000000000";

impl Scenario {
    /// The fields that hold one number, with what they hold.
    fn numbers(&self) -> [(&'static Field, Option<f64>); 25] {
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
            (&fields::CAP, self.cap),
            (&fields::FAIL_TARGET, Some(self.fail_target)),
            (&fields::WAIT_TARGET, Some(self.wait_target)),
            (&fields::QUEUE_PLACES, Some(self.queue_places)),
            (&fields::CLIENT_TIMEOUT, self.client_timeout),
            (&fields::RETRIES, Some(self.retries)),
            (&fields::EXIT_IPS, Some(self.exit_ips)),
            (&fields::REDUCED_CAP, Some(self.reduced_cap)),
            (&fields::REDUCED_AFTER, Some(self.reduced_after)),
            (&fields::PENALTY_REFUSALS, Some(self.penalty_refusals)),
            (&fields::PENALTY_TIME, Some(self.penalty_time)),
        ]
    }

    /// Each field by itself.
    pub(crate) fn check_fields(&self, errors: &mut Vec<Error>) {
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
}

pub(crate) fn check_list(field: &Field, items: impl ExactSizeIterator<Item = f64>) -> Option<Error> {
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
