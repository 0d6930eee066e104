//! The cheapest plans that together hold a load.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use alloc::vec;
use alloc::vec::Vec;

use crate::sizing::PlanTier;

/// Plans that together hold a load.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Mix {
    /// How many of which, largest first; those that are not bought are left out.
    pub parts: Vec<MixPart>,
    /// What they hold together.
    pub size: f64,
    /// What they cost together; `None` where the plans have no prices.
    pub price: Option<f64>,
    /// Whether nothing better exists. Where it is `false` the search was cut short, and something a little better may.
    pub proven: bool,
}

/// So many of one plan.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct MixPart {
    /// Its size.
    pub size: u32,
    /// How many to buy.
    pub count: u32,
    /// Price of one.
    pub price: Option<f64>,
}

/// Steps of the search, at most: some milliseconds.
const STEPS: u32 = 300_000;
/// Relative difference of two costs below which neither is better.
const ALIKE: f64 = 1e-12;

/// The cheapest plans that together hold `required`, to one part in 10¹²; without prices the fewest, and of those the least
/// in all. `tiers` are in order of size, none twice, all with a price or none.
///
/// # Method
/// Branch and bound: plans in order of their price for each unit, most of the cheapest first, and no further where what is
/// left, at the price of the next plan's units, costs as much as the best that was found. What any of the plans hold
/// together is a multiple of the greatest common divisor of their sizes, so what is left is rounded up to it.
/// # Guarantee
/// Whatever it returns holds the load and costs no more than any number of one plan alone. The
/// problem (an unbounded knapsack) is NP-hard, so the search ends after [`STEPS`] steps; `proven` says whether it was
/// through by then.
pub(super) fn best(tiers: &[PlanTier], required: u32) -> Option<Mix> {
    let largest = tiers.last()?.size;
    let priced = tiers.iter().all(|tier| tier.price.is_some());
    let mut search = Search { plans: Vec::new(), best: Vec::new(), best_cost: f64::INFINITY, steps: STEPS };
    for (place, tier) in tiers.iter().enumerate() {
        let size = f64::from(tier.size);
        // Without prices: one plan fewer outweighs what two covers can differ in size, which is less than the largest plan.
        let cost = if priced { tier.price.unwrap_or_default() } else { f64::from(largest) + 1.0 + size };
        let plan = Plan { place, size: u64::from(tier.size), cost, unit_cost: cost / size, divisor: 0 };
        // Of the same price for each unit, the larger comes first.
        let at = search.plans.iter().filter(|before| before.unit_cost < plan.unit_cost).count();
        search.plans.insert(at, plan);
    }
    let mut divisor = 0;
    for plan in search.plans.iter_mut().rev() {
        divisor = greatest_common_divisor(plan.size, divisor);
        plan.divisor = divisor;
    }
    // To start with: only one kind of plan.
    for plan in &search.plans {
        let count = u64::from(required).div_ceil(plan.size);
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let cost = f64::from(count) * plan.cost;
        if cost < search.best_cost {
            search.best_cost = cost;
            search.best = vec![0; tiers.len()];
            search.best.iter_mut().skip(plan.place).take(1).for_each(|slot| *slot = count);
        }
    }
    let mut counts = vec![0; tiers.len()];
    let proven = required == 0 || search.descend(0, u64::from(required), 0.0, &mut counts);
    let parts: Vec<MixPart> = (tiers.iter().zip(&search.best).rev())
        .filter(|(_, count)| **count > 0)
        .map(|(tier, count)| MixPart { size: tier.size, count: *count, price: tier.price })
        .collect();
    let total =
        |each: fn(&MixPart) -> f64| parts.iter().map(|part| each(part) * f64::from(part.count)).sum::<f64>() + 0.0;
    Some(Mix {
        size: total(|part| f64::from(part.size)),
        price: priced.then(|| total(|part| part.price.unwrap_or_default())),
        parts,
        proven,
    })
}

struct Plan {
    /// Its place among the tiers.
    place: usize,
    size: u64,
    cost: f64,
    unit_cost: f64,
    /// Of its size and those of all plans after it.
    divisor: u64,
}

impl Plan {
    /// Least that `left` units can cost with this plan and those after it.
    #[expect(clippy::cast_precision_loss, reason = "at most 4 × 10⁹ and one plan: below 2⁵³")]
    fn least(&self, left: u64) -> f64 {
        left.next_multiple_of(self.divisor) as f64 * self.unit_cost
    }
}

struct Search {
    plans: Vec<Plan>,
    /// Counts by place.
    best: Vec<u32>,
    best_cost: f64,
    steps: u32,
}

impl Search {
    /// Tries every number of the `i`-th plan that can still be better, `left` units being wanted and `cost` spent. `false`
    /// where the steps ran out.
    fn descend(&mut self, i: usize, left: u64, cost: f64, counts: &mut [u32]) -> bool {
        let Some(plan) = self.plans.get(i) else { return true };
        let (place, size, each) = (plan.place, plan.size, plan.cost);
        let least = cost + plan.least(left);
        let next = self.plans.get(i + 1).map(|next| next.unit_cost);
        // At most 4 × 10⁹ plans of one unit.
        let most = u32::try_from(left.div_ceil(size)).unwrap_or(u32::MAX);
        for count in (0..=most).rev() {
            if self.is_no_better(least) {
                break;
            }
            if self.steps == 0 {
                return false;
            }
            self.steps -= 1;
            if let Some(slot) = counts.get_mut(place) {
                *slot = count;
            }
            let spent = cost + f64::from(count) * each;
            let rest = left.saturating_sub(u64::from(count) * size);
            if rest == 0 {
                if spent < self.best_cost {
                    self.best_cost = spent;
                    self.best = counts.to_vec();
                }
                continue;
            }
            let Some(unit_cost) = next else { break };
            // Grows as the count falls: the next plan's units cost no less.
            #[expect(clippy::cast_precision_loss, reason = "at most 4 × 10⁹")]
            if self.is_no_better(spent + rest as f64 * unit_cost) {
                break;
            }
            if !self.plans.get(i + 1).is_some_and(|next| self.is_no_better(spent + next.least(rest)))
                && !self.descend(i + 1, rest, spent, counts)
            {
                return false;
            }
        }
        if let Some(slot) = counts.get_mut(place) {
            *slot = 0;
        }
        true
    }

    fn is_no_better(&self, cost: f64) -> bool {
        cost >= self.best_cost * (1.0 - ALIKE)
    }
}

/// Of two whole numbers of which one may be 0.
const fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}
