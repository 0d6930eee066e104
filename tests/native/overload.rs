//! The behaviours of a cap: each against the formula that it rests on, and against its neighbours at their limits.

use proptest::prelude::*;
use proxy_concurrency::erlang::{Loss, Queue as Line};
use proxy_concurrency::finite_queue::FiniteQueue;
use proxy_concurrency::overload::{Outcome, Overload, Penalty, PerIp, Queue, Reject, ShrinkingCap, Traffic};
use proxy_concurrency::retry::{RetryPolicy, TimeoutRetry};
use proxy_concurrency::{Erlangs, Probability, Rate, Seconds};

fn traffic(rate: f64, response_time: f64, cap: u32) -> Traffic {
    Traffic::new(Rate::per_second(rate).expect("in range"), Seconds::new(response_time).expect("in range"), cap)
}

fn retries(share: f64, most: u32) -> RetryPolicy {
    RetryPolicy::new(Probability::new(share).expect("in range"), most)
}

fn seconds(x: f64) -> Seconds {
    Seconds::new(x).expect("in range")
}

fn sane(outcome: &Outcome, rate: f64) {
    for share in [outcome.rejected, outcome.timed_out, outcome.waiting, outcome.failed] {
        assert!((0.0..=1.0).contains(&share), "{outcome:?}");
    }
    assert!(outcome.attempts >= 1.0 && outcome.load >= 0.0, "{outcome:?}");
    assert!((0.0..=rate * (1.0 + 1e-15)).contains(&outcome.goodput_per_s), "{outcome:?}");
    assert!(outcome.mean_wait_s >= 0.0 && outcome.response_time_s >= outcome.mean_wait_s, "{outcome:?}");
}

#[test]
fn waits_in_a_bounded_queue_are_a_sum_over_its_places() {
    for (a, c, m, time) in [(8.0, 10, 20, 0.3), (10.0, 10, 50, 1.0), (15.0, 10, 50, 3.0), (95.0, 100, 400, 0.5)] {
        let pool = FiniteQueue::new(Erlangs::new(a).expect("in range"), c, m);
        let (rho, s) = (a / f64::from(c), f64::from(c) * time);
        // P(all busy, j waiting) from P(K) down, and Poisson shares from their first term.
        let mut sum = 0.0;
        for j in 0..m {
            let state = pool.blocking() * rho.powi(i32::try_from(j).expect("small") - i32::try_from(m).expect("small"));
            let (mut term, mut up_to) = ((-s).exp(), 0.0);
            for i in 0..=j {
                up_to += term;
                term *= s / f64::from(i + 1);
            }
            sum += state * up_to;
        }
        assert!((pool.exceeds(time) / sum - 1.0).abs() < 1e-12, "{a} {c} {m}: {} {sum}", pool.exceeds(time));
    }
}

#[test]
fn waits_in_long_lines_near_full_load() {
    // 45 digits, tests/oracle/reference.py.
    for (a, c, m, time, want) in [
        (27_886_348.443_647_4, 27_889_544, 842, 6.198_136_134_187_5e-5, 1.748_567_890_168_744_6e-128),
        // Tiny against tiny: the product of the two is no double.
        (12.470_419_438_915_512, 240, 100, 0.383_018_314_574_013_4, 1.450_544_344_630_943e-249),
        (23_692.169_928_917_29, 28_901, 1000, 0.000_612_171_442_033_819_8, 3.217_674_465_859_113_7e-236),
        (5.999_968_589_482_375, 6, 419_411, 0.651_211_414_643_667_2, 0.999_959_984_263_799_7),
    ] {
        let got = FiniteQueue::new(Erlangs::new(a).expect("in range"), c, m).exceeds(time);
        assert!((got / want - 1.0).abs() < 1e-12, "{a} {c} {m} {time}: {got:e} {want:e}");
    }
}

#[test]
fn idle_servers_of_a_large_pool() {
    // Four deviations above c; 45 digits, tests/oracle/reference.py.
    let idle = Loss::new(Erlangs::new(894_333_766.194_801_6).expect("in range"), 894_217_866).idle();
    assert!((idle / 6_923.887_766_284_533 - 1.0).abs() < 2e-14, "{idle}");
}

#[test]
fn a_long_queue_waits_as_an_unbounded_one() {
    // 200 places are summed, more come from two Poisson shares: both must agree with Erlang C.
    for (a, c) in [(8.0, 10), (95.0, 100), (990.0, 1000)] {
        let load = Erlangs::new(a).expect("in range");
        for time in [0.01, 0.1, 0.5] {
            let want = Line::new(load, c).wait(1.0).and_then(|w| w.exceeds(time)).expect("in range");
            for m in [4000, 100_000] {
                let got = FiniteQueue::new(load, c, m).exceeds(time);
                assert!((got / want - 1.0).abs() < 1e-11, "{a} {c} {m} {time}: {got} {want}");
            }
        }
    }
}

#[test]
fn one_address_is_one_pool() {
    for (rate, cap) in [(10.0, 25), (50.0, 157), (100.0, 200)] {
        for policy in [RetryPolicy::NONE, retries(0.9, 4)] {
            let traffic = traffic(rate, 2.5, cap).with_retry(policy);
            let (one, pool) = (PerIp::new(1).expect("one").outcome(&traffic), Reject.outcome(&traffic));
            assert!((one.rejected / pool.rejected - 1.0).abs() < 1e-12);
            assert!((one.load / pool.load - 1.0).abs() < 1e-12);
        }
    }
}

#[test]
fn a_queue_without_places_refuses() {
    let traffic = traffic(50.0, 2.5, 130).with_retry(retries(1.0, 3));
    let (queue, pool) = (Queue::new(0).outcome(&traffic), Reject.outcome(&traffic));
    assert!((queue.rejected / pool.rejected - 1.0).abs() < 1e-11, "{queue:?} {pool:?}");
    assert!((queue.goodput_per_s / pool.goodput_per_s - 1.0).abs() < 1e-11);
}

#[test]
fn a_long_queue_collapses_where_the_unbounded_one_does() {
    for (cap, timeout, share, most) in [(100, 0.3, 1.0, 2), (10, 1.0, 1.0, 2), (1000, 0.095, 1.0, 3)] {
        let policy = retries(share, most);
        let unbounded = TimeoutRetry::new(cap, timeout, policy).expect("in range");
        let traffic = traffic(1.0, 1.0, cap).with_retry(policy);
        let found = Queue::new(100_000).with_timeout(seconds(timeout)).thresholds(&traffic).expect("bistable");
        assert!((found.collapse_per_s / unbounded.fold() - 1.0).abs() < 1e-9, "{found:?} {}", unbounded.fold());
        assert!((found.recover_per_s / unbounded.recover() - 1.0).abs() < 1e-3, "{found:?} {}", unbounded.recover());
    }
}

#[test]
fn the_good_state_ends_at_the_collapse() {
    for places in [100, 4000, 100_000] {
        for cap in [10, 110] {
            let traffic = traffic(1.0, 2.0, cap).with_retry(retries(1.0, 3));
            let queue = Queue::new(places).with_timeout(seconds(1.0));
            let collapse = queue.thresholds(&traffic).expect("bistable").collapse_per_s;
            let failed = |rate: f64| queue.outcome(&traffic.at_rate(Rate::per_second(rate).expect("in range"))).failed;
            let (below, above) = (failed(collapse * (1.0 - 1e-6)), failed(collapse * (1.0 + 1e-5)));
            assert!(below < 0.01 && above > 0.1, "{places} {cap}: {below} {above}");
        }
    }
}

#[test]
fn a_cap_that_never_drops_or_never_punishes_only_refuses() {
    let traffic = traffic(50.0, 2.5, 130);
    let plain = Reject.outcome(&traffic);
    assert_eq!(ShrinkingCap::new(1, 1e300, 3600.0).expect("in range").outcome(&traffic), plain);
    assert_eq!(Penalty::new(1_000_000, 60.0, 600.0).expect("in range").outcome(&traffic), plain);
    // And at once: the reduced cap all along.
    let dropped = ShrinkingCap::new(50, 0.0, 3600.0).expect("in range").outcome(&traffic);
    assert!((dropped.rejected - Loss::new(Erlangs::new(125.0).expect("in range"), 50).blocking()).abs() < 1e-15);
}

#[test]
fn a_cap_that_next_to_never_refuses_next_to_never_blocks() {
    // One refusal in 10³¹⁷ attempts: its reciprocal is no double.
    let traffic = traffic(49_430.439_177_197_92, 0.053_943_238_229_243_84, 4864);
    let blocked = Penalty::new(1, 60.0, 200.0).expect("in range").blocked_share(&traffic);
    assert!(blocked < 1e-300, "{blocked}");
}

#[test]
fn retries_of_a_large_pool_end_at_their_root() {
    // The equation moves by 1/581 of the load: its own steps alone would take thousands.
    let traffic = traffic(3_623_496.362_745_515, 10.389_176_886_009_931, 37_644_670).with_retry(retries(1.0, 2));
    let outcome = Queue::new(1).with_timeout(seconds(2.965_058_172_030_160_4e-5)).outcome(&traffic);
    assert!((traffic.load() * outcome.attempts / outcome.load - 1.0).abs() < 1e-14, "{outcome:?}");
    // Hardly above the cap, and a hundred times: each step would gain a fifth of a per cent, up to seventeen times the load.
    let traffic =
        self::traffic(11_131_701.388_179_136, 0.167_890_641_561_725_42, 1_864_739).with_retry(retries(1.0, 100));
    for outcome in [PerIp::new(10).expect("ten").outcome(&traffic), Queue::new(10).outcome(&traffic)] {
        assert!((traffic.load() * outcome.attempts / outcome.load - 1.0).abs() < 1e-13, "{outcome:?}");
    }
}

#[test]
fn most_is_the_most() {
    let traffic = traffic(1.0, 2.5, 157);
    let target = Probability::new(0.01).expect("in range");
    let queue = Queue::new(50).with_timeout(seconds(2.0));
    let (split, shrink) = (PerIp::new(4).expect("four"), ShrinkingCap::new(100, 1e5, 3600.0).expect("in range"));
    let penalty = Penalty::new(100, 60.0, 300.0).expect("in range");
    let all: [&dyn Overload; 5] = [&Reject, &queue, &split, &shrink, &penalty];
    for policy in [RetryPolicy::NONE, retries(0.8, 2)] {
        let traffic = traffic.with_retry(policy);
        for behaviour in all {
            let most = behaviour.most_per_s(&traffic, target).expect("below 1");
            let at = |rate: f64| behaviour.outcome(&traffic.at_rate(Rate::per_second(rate).expect("in range"))).failed;
            assert!(at(most) <= 0.01 && at(most * (1.0 + 1e-6)) > 0.01, "{most} {} {}", at(most), at(most * 1.000_001));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn every_outcome_is_sane(
        rate in -3.0..5.0_f64,
        response in -3.0..2.0_f64,
        cap in 0..3000_u32,
        share in 0.0..=1.0_f64,
        most in 0..20_u32,
        places in 0..9000_u32,
        timeout in -3.0..2.0_f64,
    ) {
        let rate = 10.0_f64.powf(rate);
        let traffic = traffic(rate, 10.0_f64.powf(response), cap).with_retry(retries(share, most));
        sane(&Reject.outcome(&traffic), rate);
        sane(&Queue::new(places).outcome(&traffic), rate);
        sane(&Queue::new(places).with_timeout(seconds(10.0_f64.powf(timeout))).outcome(&traffic), rate);
        sane(&PerIp::new(most + 1).expect("positive").outcome(&traffic), rate);
        sane(&ShrinkingCap::new(cap / 3, 1e5, 86_400.0).expect("in range").outcome(&traffic), rate);
        sane(&Penalty::new(most + 1, 60.0, 600.0).expect("in range").outcome(&traffic), rate);
    }
}

#[test]
fn splitting_a_pool_costs_more_the_more_it_is_split() {
    let extra = [1, 2, 5, 10, 50].map(|k| {
        let target = Probability::new(0.01).expect("in range");
        PerIp::new(k).and_then(|split| split.extra_servers(Erlangs::new(125.0)?, target)).expect("in range")
    });
    assert_eq!(extra[0], 0);
    assert!(extra.windows(2).all(|pair| pair[0] < pair[1]), "{extra:?}");
}

#[test]
fn shares_of_time_grow_with_what_is_sent() {
    let at = |rate: f64| traffic(rate, 1.0, 50);
    let cap = ShrinkingCap::new(10, 1e6, 86_400.0).expect("in range");
    let full = [5.0, 20.0, 40.0, 100.0].map(|rate| cap.full_share(&at(rate)));
    assert!(full[0] >= 1.0 && full.windows(2).all(|pair| pair[0] >= pair[1]) && full[3] < 0.3, "{full:?}");
    let penalty = Penalty::new(1000, 60.0, 600.0).expect("in range");
    let blocked = [10.0, 50.0, 60.0, 100.0].map(|rate| penalty.blocked_share(&at(rate)));
    assert!(blocked.windows(2).all(|pair| pair[0] <= pair[1]) && blocked[3] > 0.9, "{blocked:?}");
}

#[test]
fn under_heavy_overload_all_who_are_taken_wait_for_the_whole_queue() {
    // 1000 places before 92 servers: who is taken waits for about 1000/92 response times, whatever the overload.
    for load in [125.0, 200.0, 500.0, 1000.0, 1e5] {
        let pool = FiniteQueue::new(Erlangs::new(load).expect("in range"), 92, 1000);
        let share = pool.exceeds(0.2) / pool.waiting();
        assert!((share - 1.0).abs() < 1e-12, "{load}: {share}");
        let half = pool.exceeds(1000.0 / 92.0) / pool.waiting();
        assert!(half > 0.1 && half < 0.6, "{load}: {half}");
    }
}
