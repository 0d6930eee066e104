//! The simulator against the closed forms, its own bookkeeping, and the extremes.

use proptest::prelude::*;
use proxy_concurrency::erlang;
use proxy_concurrency::occupancy::Occupancy;
use proxy_concurrency::overload::{Outcome, Overload, Penalty, PerIp, Queue, Reject, ShrinkingCap, Traffic};
use proxy_concurrency::retry::RetryPolicy;
use proxy_concurrency::sim::{
    Arrivals, Config, Counts, Covers, Effect, Estimate, LateWork, MAX_FOLLOWED, Over, Pool, Progress, ResponseTime,
    Results, Retry, Simulation, Spell, Timeout,
};
use proxy_concurrency::{Erlangs, Probability, Rate, Seconds};

/// A question to a run.
type Asked = fn(&Results) -> Option<Estimate>;
type Number = fn(&Results) -> f64;

fn run(config: Config, seed: u64) -> Results {
    let mut run = Simulation::new(config, seed).expect("a system");
    while run.advance(1 << 20) == Progress::Running {}
    run.results()
}

fn mean(estimate: Option<Estimate>) -> f64 {
    estimate.expect("something was counted").mean
}

fn system(load: f64, cap: u32, over: Over, duration_s: f64) -> Config {
    Config { over, ..Config::new(load, 1.0, cap, duration_s) }
}

const ENDLESS: Over = Over::Queue { places: u32::MAX };

/// Of 200 seeds, the shares whose intervals hold what the formulas say.
fn coverage<const N: usize>(config: &Config, wanted: [(f64, Asked); N]) -> [f64; N] {
    let runs: Vec<Results> = (0..200).map(|seed| run(config.clone(), seed)).collect();
    wanted.map(|(exact, of)| {
        let held = runs.iter().filter(|results| {
            let Estimate { mean, half_width } = of(results).expect("something was counted");
            (mean - exact).abs() <= half_width.expect("long enough")
        });
        held.count() as f64 / runs.len() as f64
    })
}

#[test]
fn intervals_hold_the_closed_form_as_often_as_they_say() {
    let load = |a: f64| Erlangs::new(a).expect("in range");
    let mut shares = Vec::new();
    // Light, heavy, and nearly as much as there is room for.
    for (a, c, duration) in [(5.0, 10, 8e3), (100.0, 100, 400.0), (38.0, 40, 1e3)] {
        let blocking = erlang::Loss::new(load(a), c).blocking();
        let wanted: [(f64, Asked); 2] = [(blocking, |r| r.rejected), (a * (1.0 - blocking), |r| r.in_flight)];
        shares.push((format!("B({c}, {a}), in flight"), coverage(&system(a, c, Over::Reject, duration), wanted)));
    }
    for (a, c, duration) in [(5.0, 10, 8e3), (45.0, 50, 4e3), (9.5, 10, 2e4)] {
        let waiting = erlang::Queue::new(load(a), c).waiting();
        let wanted: [(f64, Asked); 2] = [(waiting, |r| r.waiting), (waiting / (f64::from(c) - a), |r| r.mean_wait)];
        shares.push((format!("C({c}, {a}), wait"), coverage(&system(a, c, ENDLESS, duration), wanted)));
    }
    let uncapped = Config { response_time: lognormal(), ..Config::new(50.0, 1.0, u32::MAX, 1e3) };
    shares.push((
        "M/G/∞, in flight and goodput".into(),
        coverage(&uncapped, [(50.0, |r| r.in_flight), (50.0, |r| r.goodput_per_second)]),
    ));
    println!("{shares:?}");
    assert!(shares.iter().flat_map(|(_, shares)| shares).all(|share| (0.91..=0.98).contains(share)), "{shares:?}");
}

fn lognormal() -> ResponseTime {
    ResponseTime::lognormal(1.0, 3.2).expect("less skewed than any")
}

/// Mean over seeds and its standard error.
fn over_seeds(config: &Config, seeds: u64, of: fn(&Results) -> f64) -> (f64, f64) {
    let values: Vec<f64> = (0..seeds).map(|seed| of(&run(config.clone(), seed))).collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square: f64 = values.iter().map(|x| (x - mean).powi(2)).sum();
    (mean, (square / n / (n - 1.0)).sqrt())
}

#[test]
fn blocking_does_not_depend_on_the_distribution() {
    let wanted = erlang::Loss::new(Erlangs::new(20.0).expect("in range"), 22).blocking();
    for response_time in [
        ResponseTime::Deterministic(1.0),
        ResponseTime::Exponential(1.0),
        lognormal(),
        ResponseTime::Samples(vec![0.1, 0.2, 0.3, 3.4]),
    ] {
        let config = Config { response_time, ..system(20.0, 22, Over::Reject, 2e3) };
        let (blocking, error) = over_seeds(&config, 20, |r| mean(r.rejected));
        assert!((blocking - wanted).abs() < 4.0 * error, "{:?}: {blocking} ± {error}, {wanted}", config.response_time);
        assert!(error < 0.02 * wanted, "too short to tell: {error}");
    }
}

#[test]
fn occupancy_without_a_cap_is_poisson() {
    for response_time in [ResponseTime::Deterministic(1.0), ResponseTime::Exponential(1.0), lognormal()] {
        let config = Config { response_time, ..Config::new(125.0, 1.0, u32::MAX, 4e3) };
        let occupancy = run(config, 5).occupancy.expect("time has passed");
        // Quantiles of Poisson(125).
        let exact = [125.0, 144.0, 152.0, 161.0];
        let found = [occupancy.p50, occupancy.p95, occupancy.p99, occupancy.p999];
        assert!(exact.iter().zip(found).all(|(x, y)| (x - y).abs() <= 2.0), "{occupancy:?}");
    }
}

#[test]
fn waits_are_spread_as_erlang_says() {
    // Some have to wait, nearly all, and few.
    for (a, c, duration) in [(45.0, 50, 4e3), (9.8, 10, 2e4), (5.0, 10, 2e4)] {
        let wait = erlang::Queue::new(Erlangs::new(a).expect("in range"), c).wait(1.0).expect("a rate");
        let questions: [(f64, Number); 3] = [
            (0.95, |r| r.waits.expect("requests started").p95),
            (0.99, |r| r.waits.expect("requests started").p99),
            (0.999, |r| r.waits.expect("requests started").p999),
        ];
        let runs: Vec<Results> = (0..16).map(|seed| run(system(a, c, ENDLESS, duration), seed)).collect();
        for (p, of) in questions {
            let exact = wait.quantile(Probability::new(p).expect("a share"));
            let found = runs.iter().map(of).sum::<f64>() / 16.0;
            let error = (runs.iter().map(|r| (of(r) - found).powi(2)).sum::<f64>() / 16.0 / 15.0).sqrt();
            // A percentile of times is within 0.4 % of one that was measured.
            assert!((found - exact).abs() <= 4.0 * error + 0.004 * exact, "{a}, {c}, {p}: {found} ± {error}, {exact}");
        }
    }
}

#[test]
fn a_full_pool_is_occupied_as_erlang_says() {
    // Poisson(20) cut off at 22: quantiles of the number in flight.
    let occupancy = Occupancy::new(Erlangs::new(20.0).expect("in range"));
    let all = occupancy.at_most(22);
    for response_time in [ResponseTime::Exponential(1.0), ResponseTime::Deterministic(1.0), lognormal()] {
        let config = Config { response_time, ..system(20.0, 22, Over::Reject, 2e4) };
        let found = run(config, 3).occupancy.expect("time has passed");
        for (p, found) in [(0.5, found.p50), (0.95, found.p95), (0.99, found.p99), (0.999, found.p999)] {
            let exact = (0..=22_u32).find(|&n| occupancy.at_most(n) >= p * all).expect("below the cap");
            // Half of the time at most 18 or 19: the one is exceeded by a hair.
            assert!((found - f64::from(exact)).abs() <= f64::from(u8::from(p < 0.9)), "{p}: {found}, {exact}");
        }
    }
}

/// Retries so much later that they come back as strangers, as the formulas take them.
fn later(most: u32) -> Retry {
    Retry { most, share: 1.0, backoff_s: 100.0, factor: 1.0, longest_s: 100.0, jitter: 0.5 }
}

/// Shares, attempts, waits and goodput as `Outcome` has them, each within four standard errors and a little.
fn agrees(name: &str, config: &Config, wanted: &Outcome) {
    let questions: [(&str, Number, f64); 7] = [
        ("rejected", |r| mean(r.rejected), wanted.rejected),
        ("timed out", |r| mean(r.timed_out), wanted.timed_out),
        ("waiting", |r| mean(r.waiting), wanted.waiting),
        ("mean wait", |r| mean(r.mean_wait), wanted.mean_wait_s),
        ("attempts", |r| mean(r.attempts), wanted.attempts),
        ("failed", |r| mean(r.failed), wanted.failed),
        ("goodput", |r| mean(r.goodput_per_second), wanted.goodput_per_s),
    ];
    let runs: Vec<Results> = (0..16).map(|seed| run(config.clone(), seed)).collect();
    for (what, of, exact) in questions {
        let n = runs.len() as f64;
        let found = runs.iter().map(of).sum::<f64>() / n;
        let error = (runs.iter().map(|r| (of(r) - found).powi(2)).sum::<f64>() / n / (n - 1.0)).sqrt();
        assert!((found - exact).abs() <= 4.0 * error + 1e-9, "{name}, {what}: {found} ± {error}, formula {exact}");
    }
}

#[test]
fn every_behaviour_agrees_with_its_formula() {
    let traffic = |rate: f64, cap: u32, retries: u32| {
        Traffic::new(Rate::per_second(rate).expect("in range"), Seconds::new(1.0).expect("in range"), cap)
            .with_retry(RetryPolicy::new(Probability::new(1.0).expect("one"), retries))
    };
    for retries in [0, 2] {
        let reject = Config { retry: later(retries), ..system(18.0, 20, Over::Reject, 3e3) };
        agrees("reject", &reject, &Reject.outcome(&traffic(18.0, 20, retries)));
        let split = Config { over: Over::PerIp { addresses: 3 }, ..reject.clone() };
        agrees("per IP", &split, &PerIp::new(3).expect("three").outcome(&traffic(18.0, 20, retries)));
        let queue = Config { retry: later(retries), ..system(9.0, 10, Over::Queue { places: 4 }, 6e3) };
        agrees("queue", &queue, &Queue::new(4).outcome(&traffic(9.0, 10, retries)));
        let timeout = Timeout { after_s: 0.4, covers: Covers::Waiting, late: LateWork::Served };
        let impatient = Config { timeout: Some(timeout), ..queue.clone() };
        let wanted = Queue::new(4).with_timeout(Seconds::new(0.4).expect("in range"));
        agrees("queue with timeouts", &impatient, &wanted.outcome(&traffic(9.0, 10, retries)));
    }
    // A period as long as the run, from its beginning: the means leave a quarter out.
    let shrinking = Config::new(30.0, 1.0, 40, 4e3);
    let shrinking = Config { over: Over::ShrinkingCap { reduced_cap: 20, after: 60_000 }, ..shrinking };
    let formula = ShrinkingCap::new(20, 60_000.0, 4e3).expect("a period");
    let share = formula.full_share(&traffic(30.0, 40, 0));
    let counted = (share - 0.25) / 0.75;
    let [full, reduced] = [40, 20].map(|cap| Reject.outcome(&traffic(30.0, cap, 0)).rejected);
    let (found, error) = over_seeds(&shrinking, 16, |r| mean(r.rejected));
    let wanted = counted * full + (1.0 - counted) * reduced;
    assert!((found - wanted).abs() < 4.0 * error + 1e-3, "{found} ± {error}, {wanted}");
    // Refusals that come in bursts block a little sooner than the formula's, which come one by one: within a tenth.
    let penalty = Over::Penalty { refusals: 120, window_s: 60.0, duration_s: 100.0 };
    let (found, _) = over_seeds(&Config { over: penalty, ..Config::new(20.0, 1.0, 20, 2e4) }, 16, |r| mean(r.rejected));
    let wanted = Penalty::new(120, 60.0, 100.0).expect("a penalty").outcome(&traffic(20.0, 20, 0)).rejected;
    assert!((found / wanted - 1.0).abs() < 0.1, "{found}, formula {wanted}");
}

/// A hundred servers, a timeout of 0.3 response times, two retries.
fn bistable(load: f64, spells: Vec<Spell>) -> Config {
    Config {
        timeout: Some(Timeout { after_s: 0.3, covers: Covers::Waiting, late: LateWork::Served }),
        retry: Retry { most: 2, share: 1.0, backoff_s: 5.0, factor: 1.0, longest_s: 5.0, jitter: 1.0 },
        spells,
        ..system(load, 100, ENDLESS, 1e3)
    }
}

/// Share of requests that succeeds in the last quarter.
fn at_the_end(config: Config) -> f64 {
    let sent = |r: &Results| r.course.iter().skip(192).map(|p| p.attempts - p.rejected).sum::<u64>() as f64;
    let good = |r: &Results| r.course.iter().skip(192).map(|p| p.succeeded).sum::<u64>() as f64;
    let results = run(config, 4);
    good(&results) / sent(&results)
}

#[test]
fn timeouts_and_retries_collapse_and_recover_where_the_formula_says() {
    let burst = || vec![Spell { from_s: 100.0, until_s: 130.0, effect: Effect::Burst(4.0) }];
    // Between the recovery load 33.3 and the collapse load 89.5 there are two states: without a burst the good one stays,
    // after it the collapsed one does.
    for load in [45.0, 70.0, 80.0] {
        assert!(at_the_end(bistable(load, vec![])) > 0.95, "{load} erlangs collapse by themselves");
        assert!(at_the_end(bistable(load, burst())) < 0.2, "{load} erlangs recover from a burst");
    }
    assert!(at_the_end(bistable(28.0, burst())) > 0.95, "28 erlangs do not recover");
    assert!(at_the_end(bistable(95.0, vec![])) < 0.2, "95 erlangs do not collapse");
}

#[test]
fn a_slow_spell_fills_the_pool_and_passes() {
    let slow = Spell { from_s: 100.0, until_s: 160.0, effect: Effect::Slow(3.0) };
    let results = run(Config { spells: vec![slow], ..system(50.0, 80, Over::Reject, 256.0) }, 1);
    let part = |at: usize| results.course[at];
    assert!(part(90).rejected == 0 && part(90).in_flight < 70.0);
    assert!(part(150).rejected > 10 && part(150).in_flight > 70.0);
    assert!(part(200).rejected == 0 && part(200).in_flight < 70.0);
    let failing = Spell { from_s: 100.0, until_s: 160.0, effect: Effect::Fail(0.1) };
    let results = run(Config { spells: vec![failing], ..system(50.0, 80, Over::Reject, 256.0) }, 1);
    assert!(results.course[150].errored > 30 && results.course[150].succeeded == 0 && results.course[170].errored == 0);
}

#[test]
fn connections_are_those_of_the_pool() {
    let pool = |setup_s, idle_s, streams| Some(Pool { setup_s, idle_s, streams });
    // Never kept: set-up and response are each a part of what is open.
    let config = Config { pool: pool(0.5, 0.0, 1), ..Config::new(20.0, 1.0, u32::MAX, 2e3) };
    let results = run(config.clone(), 1);
    assert!((mean(results.open) - 30.0).abs() < 0.5, "{:?}", results.open);
    // Kept for long: next to none is set up, and as many stay open as were ever in use at once.
    let kept = run(Config { pool: pool(0.5, 1e4, 1), ..config.clone() }, 1);
    assert!((mean(kept.in_flight) - 20.0).abs() < 0.5 && mean(kept.open) >= 35.0, "{:?}", kept.open);
    // Ten streams to a connection: a tenth as many, and some more that a cold start opened.
    let streams = run(Config { pool: pool(0.05, 1.0, 10), ..config.clone() }, 1);
    assert!(mean(streams.open) < 6.0, "{:?}", streams.open);
    // The cap counts what is open: idle ones leave no room.
    let counted = Config { pool: pool(0.5, 3.0, 1), counts: Counts::OpenConnections, cap: 25, ..config };
    let results = run(counted, 1);
    assert!(results.course.iter().all(|p| p.open <= 25.0 + 1e-9) && results.totals.rejected > 0);
}

#[test]
fn workers_in_a_loop_send_as_fast_as_they_are_served() {
    let closed = Arrivals::Closed { workers: 30, think_s: 0.5 };
    let results = run(Config { arrivals: closed, ..system(0.0, 100, Over::Reject, 2e3) }, 1);
    // Little's law for the loop: 30 workers, 1.5 s around.
    assert!((mean(results.goodput_per_second) - 20.0).abs() < 0.3, "{:?}", results.goodput_per_second);
    let capped = Arrivals::Closed { workers: 30, think_s: 0.5 };
    let results = run(Config { arrivals: capped, ..system(0.0, 10, ENDLESS, 2e3) }, 1);
    assert!((mean(results.goodput_per_second) - 10.0).abs() < 0.2);
}

#[test]
fn other_arrivals_keep_their_rate() {
    let bursts = Arrivals::Bursty { rate: 20.0, peak: 5.0, burst_s: 2.0 };
    for arrivals in [Arrivals::Regular(20.0), bursts, Arrivals::Poisson(20.0)] {
        let config = Config { arrivals: arrivals.clone(), ..Config::new(0.0, 1.0, u32::MAX, 5e4) };
        let rate = run(config, 1).totals.requests as f64 / 5e4;
        // Of 5000 bursts and pauses, four standard errors.
        assert!((rate - 20.0).abs() < 1.3, "{arrivals:?}: {rate}");
    }
    let blocking = |arrivals| mean(run(Config { arrivals, ..system(0.0, 25, Over::Reject, 4e3) }, 1).rejected);
    let [even, random, bursty] =
        [Arrivals::Regular(20.0), Arrivals::Poisson(20.0), Arrivals::Bursty { rate: 20.0, peak: 5.0, burst_s: 2.0 }]
            .map(blocking);
    assert!(even < 0.5 * random && bursty > 3.0 * random, "{even}, {random}, {bursty}");
    let times = vec![0.0, 0.5, 0.5, 7.0];
    let config = Config { arrivals: Arrivals::Recorded(times), ..Config::new(0.0, 1.0, 2, 10.0) };
    let totals = run(Config { response_time: ResponseTime::Deterministic(1.0), ..config }, 1).totals;
    assert_eq!((totals.requests, totals.rejected, totals.succeeded), (4, 1, 3));
}

fn behaviours() -> impl Strategy<Value = Over> {
    prop_oneof![
        Just(Over::Reject),
        (0..20_u32).prop_map(|places| Over::Queue { places }),
        (1..5_u32).prop_map(|addresses| Over::PerIp { addresses }),
        (0..10_u32, 0..300_u64).prop_map(|(reduced_cap, after)| Over::ShrinkingCap { reduced_cap, after }),
        (1..30_u32, 0.0..5.0_f64).prop_map(|(refusals, duration_s)| Over::Penalty {
            refusals,
            window_s: 2.0,
            duration_s
        }),
    ]
}

fn systems() -> impl Strategy<Value = Config> {
    let arrivals = prop_oneof![
        (0.0..60.0_f64).prop_map(Arrivals::Poisson),
        (0.0..60.0_f64).prop_map(Arrivals::Regular),
        (0.0..60.0_f64, 1.0..9.0_f64).prop_map(|(rate, peak)| Arrivals::Bursty { rate, peak, burst_s: 0.5 }),
        (0..40_u32, 0.01..1.0_f64).prop_map(|(workers, think_s)| Arrivals::Closed { workers, think_s }),
    ];
    let response_time = prop_oneof![
        (0.0..2.0_f64).prop_map(ResponseTime::Deterministic),
        (0.0..2.0_f64).prop_map(ResponseTime::Exponential),
        Just(lognormal()),
        Just(ResponseTime::Samples(vec![0.0, 0.5, 2.0])),
    ];
    let covers = prop_oneof![Just(Covers::Waiting), Just(Covers::Response)];
    let late = prop_oneof![Just(LateWork::Served), Just(LateWork::Cancelled)];
    let timeout = proptest::option::of((0.0..2.0_f64, covers, late).prop_map(|(after_s, covers, late)| Timeout {
        after_s,
        covers,
        late,
    }));
    let retry = (0..4_u32, 0.0..=1.0_f64, 0.01..1.0_f64, 0.0..=1.0_f64).prop_map(|(most, share, backoff_s, jitter)| {
        Retry { most, share, backoff_s, factor: 2.0, longest_s: 3.0, jitter }
    });
    let pool =
        proptest::option::of((0.0..0.5_f64, 0.0..3.0_f64, 1..5_u32).prop_map(|(setup_s, idle_s, streams)| Pool {
            setup_s,
            idle_s,
            streams,
        }));
    let effect = prop_oneof![
        (0.1..5.0_f64).prop_map(Effect::Slow),
        (0.1..5.0_f64).prop_map(Effect::Burst),
        (0.0..1.0_f64).prop_map(Effect::Fail)
    ];
    let spells = proptest::collection::vec(
        (0.0..10.0_f64, 0.0..10.0_f64, effect).prop_map(|(from_s, long, effect)| Spell {
            from_s,
            until_s: from_s + long,
            effect,
        }),
        0..3,
    );
    (arrivals, response_time, 0..40_u32, any::<bool>(), behaviours(), timeout, retry, pool, spells).prop_map(
        |(arrivals, response_time, cap, open, over, timeout, retry, pool, spells)| {
            let countable = open && pool.is_some() && !matches!(over, Over::PerIp { .. });
            let counts = if countable { Counts::OpenConnections } else { Counts::Requests };
            Config { arrivals, response_time, cap, counts, over, timeout, retry, pool, spells, duration_s: 20.0 }
        },
    )
}

proptest! {
    #![proptest_config(super::config(300))]

    #[test]
    fn nothing_is_lost_and_nothing_appears(config in systems(), seed in any::<u64>()) {
        let mut run = Simulation::new(config.clone(), seed).expect("a system");
        let mut before = run.totals();
        let mut turns = 0_u32;
        while run.advance(1) == Progress::Running && turns < 5000 {
            turns += 1;
            let t = run.totals();
            prop_assert_eq!(t.attempts, t.succeeded + t.rejected + t.timed_out + t.errored + u64::from(t.undecided));
            prop_assert_eq!(t.requests, t.succeeded + t.failed + u64::from(t.undecided) + u64::from(t.backing_off));
            prop_assert!(t.undecided <= t.in_flight + t.waiting);
            prop_assert!(t.requests >= before.requests && t.attempts >= before.attempts);
            if config.counts == Counts::Requests {
                prop_assert!(t.in_flight <= config.cap);
            }
            if let Over::Queue { places } = config.over {
                prop_assert!(t.waiting <= places);
            } else {
                prop_assert_eq!(t.waiting, 0);
            }
            before = t;
        }
        let results = run.results();
        let estimates = [results.in_flight, results.in_queue, results.open, results.rejected, results.mean_wait, results.goodput_per_second];
        for Estimate { mean, half_width } in estimates.into_iter().flatten() {
            prop_assert!(mean.is_finite() && mean >= 0.0 && half_width.is_none_or(|w| w.is_finite() && w >= 0.0));
        }
    }

    #[test]
    fn steps_of_any_size_make_the_same_run(config in systems(), seed in any::<u64>(), step in 1..500_u64) {
        let mut small = Simulation::new(config.clone(), seed).expect("a system");
        let mut large = Simulation::new(config, seed).expect("a system");
        let mut left = 3000;
        while left > 0 {
            small.advance(step.min(left));
            left -= step.min(left);
        }
        large.advance(3000);
        prop_assert_eq!(small.now_s().to_bits(), large.now_s().to_bits());
        prop_assert_eq!(small.results(), large.results());
        prop_assert_eq!(small.events(), large.events());
    }
}

#[test]
fn extremes_end_or_say_why_not() {
    let nothing = run(Config::new(0.0, 1.0, 10, 100.0), 1);
    assert_eq!((nothing.progress, nothing.totals.requests, nothing.rejected), (Progress::Complete, 0, None));
    assert!(mean(nothing.in_flight) <= 0.0);

    let instant = run(Config { response_time: ResponseTime::Deterministic(0.0), ..Config::new(1e3, 1.0, 1, 100.0) }, 1);
    assert_eq!((instant.progress, instant.totals.rejected), (Progress::Complete, 0));

    let closed = run(Config::new(10.0, 1.0, 0, 100.0), 1);
    assert_eq!((closed.progress, closed.totals.succeeded), (Progress::Complete, 0));
    assert!(mean(closed.rejected) >= 1.0);

    let forever = Retry { most: u32::MAX, share: 1.0, backoff_s: 1.0, factor: 1.0, longest_s: 1.0, jitter: 0.0 };
    let stubborn = run(Config { retry: forever, ..Config::new(10.0, 1.0, 0, 100.0) }, 1);
    assert_eq!((stubborn.progress, stubborn.totals.failed), (Progress::Complete, 0));

    let at_once = run(Config { retry: Retry { backoff_s: 0.0, ..forever }, ..Config::new(10.0, 1.0, 0, 100.0) }, 1);
    assert_eq!(at_once.progress, Progress::Stuck);

    let hammering = Arrivals::Closed { workers: 5, think_s: 0.0 };
    assert_eq!(run(Config { arrivals: hammering, ..Config::new(0.0, 1.0, 2, 100.0) }, 1).progress, Progress::Stuck);

    let overrun = run(system(1e7, 1, ENDLESS, 100.0), 1);
    assert_eq!(overrun.progress, Progress::Overgrown);
    assert!(overrun.totals.waiting < MAX_FOLLOWED);
}

#[test]
fn what_no_simulation_can_be_made_of_is_refused_by_name() {
    let good = || Config::new(50.0, 2.0, 10, 10.0);
    let refused = |config: Config| Simulation::new(config, 1).err().map(|e| e.to_string()).unwrap_or_default();
    assert_eq!(
        refused(Config { duration_s: 0.0, ..good() }),
        "duration must be a number from 2.2250738585072014e-308 to 1000000000 seconds, not 0"
    );
    assert!(refused(Config { duration_s: f64::NAN, ..good() }).ends_with("not NaN"));
    assert!(refused(Config { arrivals: Arrivals::Poisson(-1.0), ..good() }).starts_with("arrivalRate must be"));
    assert!(
        refused(Config { arrivals: Arrivals::Recorded(vec![1.0, 0.5]), ..good() }).starts_with("arrivalTimes must be")
    );
    assert!(refused(Config { response_time: ResponseTime::Samples(vec![]), ..good() }).contains("must not be empty"));
    assert!(refused(Config { response_time: ResponseTime::Exponential(f64::INFINITY), ..good() }).contains("Infinity"));
    assert!(refused(Config { over: Over::PerIp { addresses: 0 }, ..good() }).starts_with("exitIps"));
    assert!(refused(Config { counts: Counts::OpenConnections, ..good() }).starts_with("counts"));
    assert!(refused(Config { retry: Retry { share: 1.5, ..Retry::NONE }, ..good() }).starts_with("retryShare"));
    let backwards = Spell { from_s: 2.0, until_s: 1.0, effect: Effect::Slow(2.0) };
    assert!(refused(Config { spells: vec![backwards], ..good() }).starts_with("spellUntil"));
    assert!(ResponseTime::lognormal(1.0, 3.9).is_err() && ResponseTime::lognormal(1.0, 0.9).is_err());
    let ResponseTime::Lognormal { mu, sigma } = ResponseTime::lognormal(2.5, 8.0).expect("a skew that there is") else {
        panic!()
    };
    assert!((ResponseTime::Lognormal { mu, sigma }.mean_s() - 2.5).abs() < 1e-12);
    assert!(((mu + 1.644_853_626_951_472_7 * sigma).exp() - 8.0).abs() < 1e-12);
}
