//! How to grow: the article's figures, and the cheapest plans beside a search of all there are.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::indexing_slicing,
    reason = "small whole numbers, below the length of what they index"
)]

use proptest::prelude::*;
use proxy_concurrency::environment::{CredentialSharing, Environment};
use proxy_concurrency::sizing::PlanTier;
use proxy_concurrency::{Mix, Scale, Scenario, scale};

use crate::config;

fn asked(change: impl FnOnce(&mut Scenario, &mut Environment)) -> Scale {
    let (mut scenario, mut environment) = (Scenario::default(), Environment::default());
    (scenario.arrival_rate, scenario.response_time) = (Some(50.0), Some(2.5));
    change(&mut scenario, &mut environment);
    scale(&scenario, &environment).expect("accepted")
}

/// "A 100-connection plan at 1 MB/response averages 100 MB/s at 1-second response times": 800 Mbit/s, 360 GB an hour.
#[test]
fn bandwidth_is_the_articles() {
    let s = asked(|s, e| {
        (s.arrival_rate, s.response_time, s.cap, e.response_size) = (Some(25.0), Some(1.0), Some(100.0), 1000.0);
        e.reduced_after_traffic = Some(900.0);
    });
    let full = s.traffic_at_cap.expect("a cap");
    assert!((full.megabytes_per_second - 100.0).abs() < 1e-9 && (full.megabits_per_second - 800.0).abs() < 1e-9);
    assert!((full.gigabytes_per_hour - 360.0).abs() < 1e-9 && (full.gigabytes_per_month - 259_200.0).abs() < 1e-6);
    // A quarter of that is sent: 90 GB an hour, so ten hours; 64,800 GB a month.
    assert_eq!((s.traffic.gigabytes_per_hour, s.hours_until_reduced), (90.0, Some(10.0)));
    let never = asked(|s, e| {
        (s.arrival_rate, s.response_time, e.response_size) = (Some(25.0), Some(1.0), 1000.0);
        e.reduced_after_traffic = Some(64_801.0);
    });
    assert_eq!(never.hours_until_reduced, None);
}

#[test]
fn credentials_multiply_or_share() {
    let tiers = || Some([50, 100].map(|size| PlanTier { size, price: None }).to_vec());
    let multiplied = asked(|s, e| (s.plan_tiers, e.credentials) = (tiers(), 2.0));
    // 157 are required: none holds them, two of the largest do, with 79 on each.
    assert_eq!((multiplied.required, multiplied.cap, multiplied.cap_together), (157, Some(100), Some(200.0)));
    assert_eq!((multiplied.credentials_needed, multiplied.required_per_credential), (Some(2.0), 79));
    assert_eq!((multiplied.plan_per_credential, multiplied.cap_per_credential), (Some(100), Some(100.0)));
    let split = asked(|s, e| {
        (s.plan_tiers, e.credentials, e.credential_sharing) = (tiers(), 2.0, CredentialSharing::Split);
    });
    assert_eq!(
        (split.credentials_needed, split.cap_per_credential, split.plan_per_credential),
        (None, Some(50.0), None)
    );
    let nothing = asked(|_, _| {});
    assert_eq!((nothing.cap, nothing.mix, nothing.credentials_needed), (None, None, None));
}

#[test]
fn endpoints_and_exit_ips_follow_from_what_one_gives() {
    let s = asked(|s, e| {
        // 1000 new connections a second, each port gone for a minute: 60,000 of 28,232.
        (s.arrival_rate, s.response_time, s.idle_time, s.headroom) = (Some(1000.0), Some(1e-3), 0.0, 0.0);
        (e.destination_limit, e.requests_per_ip) = (Some(4.0), Some(20.0));
        s.destinations = 1e6;
    });
    assert_eq!((s.endpoints_needed, s.exit_ips_needed, s.ips_per_second), (Some(3.0), Some(1.0), Some(50.0)));
    // 125 requests at once to one destination that takes ten from each address.
    let one = asked(|s, e| (s.idle_time, s.headroom, e.destination_limit) = (0.0, 0.0, Some(10.0)));
    assert_eq!(one.exit_ips_needed, Some(13.0));
}

/// The mix for exactly `required`: as many in flight, one second each.
fn mix(tiers: &[(u32, Option<f64>)], required: u32) -> Mix {
    let s = asked(|s, _| {
        (s.arrival_rate, s.response_time, s.headroom) = (Some(f64::from(required)), Some(1.0), 0.0);
        s.plan_tiers = Some(tiers.iter().map(|&(size, price)| PlanTier { size, price }).collect());
    });
    assert_eq!(s.required, required);
    let mix = s.mix.expect("plans are on offer");
    let held: f64 = mix.parts.iter().map(|part| f64::from(part.size) * f64::from(part.count)).sum();
    assert!(held >= f64::from(required) && (held - mix.size).abs() < 0.5, "{mix:?}");
    assert!(mix.parts.windows(2).all(|pair| pair[0].size > pair[1].size), "{mix:?}");
    mix
}

#[test]
fn mixes_that_can_be_seen_by_hand() {
    let counts = |mix: &Mix| mix.parts.iter().map(|part| (part.size, part.count)).collect::<Vec<_>>();
    let priced = [(50, Some(19.0)), (100, Some(29.0)), (200, Some(70.0))];
    // Two of 100 for 58, not one of 200 for 70.
    assert_eq!((counts(&mix(&priced, 157)), mix(&priced, 157).price), (vec![(100, 2)], Some(58.0)));
    assert_eq!(counts(&mix(&priced, 150)), [(100, 1), (50, 1)]);
    assert_eq!(counts(&mix(&priced, 0)), []);
    // Without prices: the fewest, and of those the least.
    let plain = [(50, None), (100, None), (200, None), (500, None)];
    assert_eq!(counts(&mix(&plain, 157)), [(200, 1)]);
    assert_eq!(counts(&mix(&plain, 640)), [(500, 1), (200, 1)]);
    assert_eq!(counts(&mix(&plain, 1000)), [(500, 2)]);
    assert_eq!(mix(&plain, 157).price, None);
    // The same price for each connection in any size: what is needed, to the last.
    let even = [(6, Some(6.0)), (10, Some(10.0)), (15, Some(15.0))];
    for required in [30, 31, 1_000_003, 999_999_999] {
        let mix = mix(&even, required);
        assert!(mix.proven && mix.price == Some(f64::from(required)), "{mix:?}");
    }
    // Free plans, and one plan of one.
    assert_eq!(mix(&[(7, Some(0.0)), (50, Some(0.0))], 157).price, Some(0.0));
    assert_eq!(counts(&mix(&[(1, None)], 1_000_000_000)), [(1, 1_000_000_000)]);
    // What is listed in real life, in any amount.
    let listed: Vec<_> =
        [(25, 24.0), (50, 39.0), (100, 59.0), (250, 129.0), (500, 199.0), (1000, 349.0), (5000, 1499.0)]
            .map(|(size, price)| (size, Some(price)))
            .to_vec();
    for required in (1..60).map(|i| i * i * i * 977) {
        assert!(mix(&listed, required).proven, "{required}");
    }
}

/// The least that at least `required` units can cost, by trying every amount from 0 upwards: price and units, or plans and
/// units where there are no prices.
fn by_all(tiers: &[(u32, Option<f64>)], required: u32) -> (u64, u64) {
    let largest = tiers.iter().map(|t| t.0).max().unwrap_or(0);
    let most = (required + largest) as usize;
    let priced = tiers.iter().all(|t| t.1.is_some());
    // Cheapest for exactly n units: its price, or its number of plans.
    let mut exactly: Vec<Option<u64>> = vec![Some(0)];
    for n in 1..=most {
        let options = tiers.iter().filter_map(|&(size, price)| {
            let before = exactly[n.checked_sub(size as usize)?]?;
            Some(before + if priced { price.unwrap_or(0.0) as u64 } else { 1 })
        });
        let best = options.min();
        exactly.push(best);
    }
    let held = (required as usize..=most).filter_map(|n| Some((exactly[n]?, n as u64)));
    held.min().expect("something holds it")
}

fn tiers() -> impl Strategy<Value = Vec<(u32, Option<f64>)>> {
    let sizes = prop::collection::btree_set(1..40_u32, 1..7);
    (sizes, prop::collection::vec(0..60_u32, 7), any::<bool>()).prop_map(|(sizes, prices, priced)| {
        sizes.into_iter().zip(prices).map(|(size, price)| (size, priced.then(|| f64::from(price)))).collect()
    })
}

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn no_mix_is_better_than_the_one_that_is_told(tiers in tiers(), required in 1..400_u32) {
        let mix = mix(&tiers, required);
        let (cost, units) = by_all(&tiers, required);
        prop_assert!(mix.proven);
        match mix.price {
            Some(price) => prop_assert_eq!(price as u64, cost),
            None => {
                let plans: u64 = mix.parts.iter().map(|part| u64::from(part.count)).sum();
                prop_assert_eq!((plans, mix.size as u64), (cost, units));
            }
        }
    }

    /// Sizes and prices that no provider has: an answer all the same, no dearer than any one plan alone.
    #[test]
    fn any_list_has_an_answer(
        sizes in prop::collection::btree_set(prop_oneof![1..200_u32, 1..1_000_000_000_u32], 1..64),
        prices in prop::collection::vec(0.0..1e6_f64, 64),
        even in any::<bool>(),
        required in prop_oneof![1..10_000_u32, 1..1_000_000_000_u32],
    ) {
        let price = |size: u32, price: f64| if even { f64::from(size) * (1.0 + price * 1e-12) } else { price };
        let tiers: Vec<_> = sizes.into_iter().zip(prices).map(|(size, x)| (size, Some(price(size, x).min(1e9)))).collect();
        let mix = mix(&tiers, required);
        for (size, price) in tiers {
            let alone = f64::from(required.div_ceil(size)) * price.unwrap_or(0.0);
            prop_assert!(mix.price.is_some_and(|price| price <= alone * (1.0 + 1e-11)), "{mix:?} {size}");
        }
    }
}
