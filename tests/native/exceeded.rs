//! What happens over the limit, for a scenario: rows of `exceeded.json` are read by `vectors`; here is what holds of any
//! scenario, and of two that differ in one thing.

use proptest::prelude::*;
use proxy_concurrency::{Exceeded, OverLimit, Scenario, exceeded};

use crate::bad_input::filled;
use crate::config;

/// 50 a second for 2.5 s, changed.
fn article(change: impl FnOnce(&mut Scenario)) -> Exceeded {
    let mut scenario = Scenario::default();
    (scenario.arrival_rate, scenario.response_time) = (Some(50.0), Some(2.5));
    change(&mut scenario);
    exceeded(&scenario).expect("accepted").expect("a cap")
}

fn share(x: f64) -> bool {
    (0.0..=1.0).contains(&x)
}

#[test]
fn one_behaviour_passes_into_another() {
    let reject = article(|s| s.cap = Some(140.0));
    // One address, no place to wait, a cap that never shrinks, a block of no length: each is plain refusal.
    let plain: [fn(&mut Scenario); 4] = [
        |s| (s.over_limit, s.exit_ips) = (OverLimit::PerIp, 1.0),
        |s| (s.over_limit, s.queue_places) = (OverLimit::Queue, 0.0),
        |s| (s.over_limit, s.reduced_after) = (OverLimit::ShrinkingCap, 1e15),
        |s| (s.over_limit, s.penalty_time) = (OverLimit::Penalty, 0.0),
    ];
    for change in plain {
        let other = article(|s| {
            s.cap = Some(140.0);
            change(s);
        });
        for (a, b) in [(&reject.once, &other.once), (&reject.retried, &other.retried)] {
            for (x, y) in [
                (a.rejected, b.rejected),
                (a.attempts, b.attempts),
                (a.goodput_per_second, b.goodput_per_second),
                (a.response_time.unwrap_or(f64::NAN), b.response_time.unwrap_or(f64::NAN)),
            ] {
                assert!((x / y - 1.0).abs() < 1e-12, "{:?}: {x} {y}", other.over_limit);
            }
        }
    }
}

#[test]
fn more_of_everything_that_helps_helps() {
    type Change = fn(&mut Scenario, f64);
    let failing: [(&str, &[f64], Change); 6] = [
        ("cap", &[100.0, 120.0, 140.0, 157.0, 200.0], |s, x| s.cap = Some(x)),
        ("response time", &[4.0, 3.0, 2.5, 2.0, 0.1], |s, x| (s.cap, s.response_time) = (Some(130.0), Some(x))),
        ("fewer addresses", &[50.0, 20.0, 5.0, 1.0], |s, x| {
            (s.over_limit, s.cap, s.exit_ips) = (OverLimit::PerIp, Some(150.0), x);
        }),
        ("reduced cap", &[0.0, 10.0, 100.0, 140.0], |s, x| {
            (s.over_limit, s.cap, s.reduced_cap, s.reduced_after) = (OverLimit::ShrinkingCap, Some(140.0), x, 1e6);
        }),
        ("shorter block", &[86_400.0, 600.0, 1.0, 0.0], |s, x| {
            (s.over_limit, s.cap, s.penalty_refusals, s.penalty_time) = (OverLimit::Penalty, Some(110.0), 300.0, x);
        }),
        ("patience", &[0.0, 0.1, 1.0, 10.0], |s, x| {
            (s.over_limit, s.cap, s.client_timeout) = (OverLimit::Queue, Some(130.0), Some(x));
        }),
    ];
    for (name, values, change) in failing {
        let failed: Vec<f64> = values.iter().map(|&x| article(|s| change(s, x)).once.failed).collect();
        assert!(failed.windows(2).all(|pair| pair[0] >= pair[1]), "{name}: {failed:?}");
        assert!(failed.first() > failed.last(), "{name} does nothing: {failed:?}");
    }
}

#[test]
fn the_most_that_can_be_sent_just_meets_the_target() {
    for behaviour in [OverLimit::Reject, OverLimit::Queue, OverLimit::PerIp] {
        let change = |s: &mut Scenario| {
            (s.over_limit, s.cap, s.queue_places, s.client_timeout) = (behaviour, Some(140.0), 50.0, Some(0.5));
            s.retries = 0.0;
        };
        let most = article(change).most_per_second.expect("a rate");
        for (factor, over) in [(1.0 - 1e-9, false), (1.0 + 1e-9, true)] {
            let at = article(|s| {
                change(s);
                s.arrival_rate = Some(most * factor);
            });
            assert_eq!(at.once.failed > 0.01, over, "{behaviour:?} at {factor} of {most}: {}", at.once.failed);
        }
    }
}

/// With every failure tried again r times, what fails in the end is F^(r+1).
#[test]
fn small_shares_of_failure_keep_their_digits() {
    for cap in [140.0, 157.0, 200.0, 300.0] {
        for retries in [0, 1, 3] {
            let at = article(|s| (s.cap, s.retries) = (Some(cap), f64::from(retries)));
            assert!((at.once.failed / at.once.rejected - 1.0).abs() < 1e-14, "{cap}: {:?}", at.once);
            let want = at.retried.rejected.powi(retries + 1);
            assert!((at.retried.failed / want - 1.0).abs() < 1e-13, "{cap}, {retries}: {:?}", at.retried);
        }
    }
}

#[test]
fn a_curve_has_each_number_of_servers_once() {
    for rate in 1..60 {
        let servers: Vec<u32> =
            article(|s| s.arrival_rate = Some(f64::from(rate))).curve.iter().map(|p| p.servers).collect();
        assert!(servers.windows(2).all(|pair| pair[0] < pair[1]), "{rate}: {servers:?}");
    }
}

#[test]
fn next_to_nothing_needs_one_server() {
    for rate in [1e-300, 1e-305, 1e-310] {
        let e = article(|s| (s.arrival_rate, s.response_time) = (Some(rate), Some(1.0)));
        assert_eq!(e.servers_for_target, Some(1), "{rate}");
        assert!(e.headroom_for_target.is_none_or(f64::is_finite), "{rate}: {:?}", e.headroom_for_target);
    }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn every_accepted_scenario_has_finite_answers(value in filled()) {
        if let Ok(scenario) = Scenario::from_value(&value) {
            let Some(e) = exceeded(&scenario).expect("what passed the door has an answer") else { return Ok(()) };
            let text = format!("{e:?}");
            prop_assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
            for at in [&e.once, &e.retried] {
                prop_assert!([at.rejected, at.timed_out, at.waiting, at.failed].into_iter().all(share), "{at:?}");
                prop_assert!(at.attempts >= 1.0 && at.goodput_per_second >= 0.0, "{at:?}");
            }
            prop_assert!(share(e.failed_with_headroom) && e.open_share.is_none_or(share));
            prop_assert!(e.retried.attempts <= scenario.retries + 1.0 + 1e-12);
            prop_assert!(e.occupancy.p95 <= e.occupancy.p99 && e.occupancy.p99 <= e.occupancy.p999);
            prop_assert!(!e.curve.is_empty() && e.curve.windows(2).all(|pair| pair[0].servers < pair[1].servers));
            for point in &e.curve {
                prop_assert!([point.once, point.retried, point.waiting].into_iter().all(share), "{point:?}");
            }
            if let (Some(collapse), Some(recover)) = (e.collapse_per_second, e.recover_per_second) {
                prop_assert!(recover < collapse, "{recover} {collapse}");
            }
        }
    }
}
