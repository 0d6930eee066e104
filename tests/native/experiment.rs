//! A scenario simulated beside the formulas: what is read, what is refused, and how often the rows are right.

use proptest::prelude::*;
use proxy_concurrency::fields::{FIELDS, Field};
use proxy_concurrency::sim::{
    self, Agreement, Arrivals, Compared, Estimate, Experiment, Measure, Progress, ResponseTime, Simulated, Simulation,
    Spread, Why,
};
use proxy_concurrency::{Errors, Value};
use proxy_concurrency_tests::special;
use serde_json::{Value as Json, json};

use crate::bad_input::filled_from;
use crate::config;

fn begin(record: &Json) -> Result<Option<Experiment>, Errors> {
    let (scenario, fields) = sim::read(&special(record))?;
    Experiment::new(&scenario, &fields)
}

fn simulate(record: &Json) -> Simulated {
    let mut experiment = begin(record).expect("a good record").expect("a number at once");
    while experiment.advance(1 << 20) == Progress::Running {
        assert!(experiment.share() < 1.0);
    }
    assert!(experiment.share() >= 1.0);
    experiment.results()
}

fn row(simulated: &Simulated, quantity: Measure) -> &Compared {
    simulated.rows.iter().find(|row| row.quantity == quantity).expect("a row")
}

/// The article's case with so much else.
fn article(more: &Json) -> Json {
    let mut record = json!({"arrivalRate": 50, "responseTime": 2.5, "responseTimeP95": 8, "planTiers": [50, 100, 200]});
    let (whole, more) = (record.as_object_mut().expect("a record"), more.as_object().expect("a record"));
    whole.extend(more.clone());
    record
}

#[test]
fn the_article_s_case_is_a_bounded_run_that_agrees() {
    let simulated = simulate(&article(&json!({"cap": 150, "retries": 0})));
    assert_eq!((simulated.progress, simulated.runs, simulated.servers), (Progress::Complete, 1, 150));
    assert_eq!(simulated.spread, Spread::Lognormal);
    assert!((3e6..5e6).contains(&(simulated.events as f64)), "{}", simulated.events);
    assert_eq!(simulated.course.len(), 256);
    assert!(
        simulated.rows.iter().all(|row| row.verdict == Agreement::Agrees && row.why.is_none()),
        "{:?}",
        simulated.rows
    );
    let rejected = row(&simulated, Measure::Rejected).simulated.expect("requests were sent");
    assert!(rejected.half_width.expect("long enough") < 0.15 * rejected.mean, "{rejected:?} says little");
}

#[test]
fn what_happens_to_all_differs_from_what_should_happen_to_none() {
    let queue = json!({"overLimit": "queue", "clientTimeout": 0.75, "cap": 140, "retries": 2});
    let simulated = simulate(&article(&queue));
    let failed = row(&simulated, Measure::Failed);
    assert_eq!(failed.simulated.map(|estimate| estimate.mean), Some(1.0), "{failed:?}");
    assert_eq!((failed.verdict, failed.why), (Agreement::Differs, Some(Why::TwoStates)), "{failed:?}");
}

#[test]
fn a_spell_is_run_several_times_from_its_beginning() {
    let simulated = simulate(&article(&json!({"spell": "slow", "cap": 200})));
    assert_eq!((simulated.runs, simulated.runs_planned), (40, 40));
    assert_eq!((simulated.spell_from, simulated.spell_until), (Some(30.0), Some(60.0)));
    let rejected = row(&simulated, Measure::Rejected);
    assert_eq!((rejected.verdict, rejected.why), (Agreement::Differs, Some(Why::Spell)));
    // To p95 over the mean, 3.2: 400 erlangs on 200 servers.
    let most = simulated.course.iter().map(|point| point.most_in_flight).max();
    assert_eq!(most, Some(200));
}

#[test]
fn a_plan_that_limits_no_number_at_once_has_no_simulation() {
    assert!(
        begin(&article(&json!({"planCounts": "requests-per-minute", "route": "forward"}))).expect("good").is_none()
    );
}

#[test]
fn a_response_time_is_what_its_fields_say() {
    let of = |more: Json| {
        let experiment = begin(&article(&more)).expect("good").expect("a number at once");
        experiment.first_run().config().response_time.clone()
    };
    let ResponseTime::Lognormal { mu, sigma } = of(json!({})) else { panic!("2.5 s and 8 s are lognormal") };
    assert!(((mu + 1.644_853_626_951_472_7 * sigma).exp() - 8.0).abs() < 1e-12);
    // No lognormal distribution has a p95 below its mean or four times it.
    assert_eq!(of(json!({"responseTimeP95": 2})), ResponseTime::Exponential(2.5));
    assert_eq!(of(json!({"responseTimeP95": 10})), ResponseTime::Exponential(2.5));
    assert_eq!(of(json!({"responseTimeP95": null})), ResponseTime::Exponential(2.5));
    assert_eq!(of(json!({"responsePattern": "exponential"})), ResponseTime::Exponential(2.5));
    assert_eq!(of(json!({"responsePattern": "deterministic"})), ResponseTime::Deterministic(2.5));
    let samples = json!({"responseTime": null, "responseTimeP95": null, "responseTimeSamples": [1, 2, 6]});
    assert_eq!(of(samples), ResponseTime::Samples(vec![1.0, 2.0, 6.0]));
    // On a connection of its own that is kept for 15 s, a request holds what the plan counts for 17.5 s.
    let open = json!({"planCounts": "open-connections", "responsePattern": "exponential"});
    assert_eq!(of(open), ResponseTime::Exponential(17.5));
}

/// Twenty a second of a second each, nobody trying again, with so much else.
fn twenty(more: &Json) -> Json {
    let mut record = json!({"arrivalRate": 20, "responseTime": 1, "retries": 0, "simulatedTime": 4000});
    record.as_object_mut().expect("a record").extend(more.as_object().expect("a record").clone());
    record
}

/// What differs, for each of so many seeds.
fn differing(record: &Json, seeds: u32) -> Vec<Vec<Compared>> {
    let of = |seed: u32| {
        let mut record = record.clone();
        record.as_object_mut().expect("a record").insert("seed".into(), seed.into());
        simulate(&record).rows.into_iter().filter(|row| row.verdict == Agreement::Differs).collect()
    };
    (1..=seeds).map(of).collect()
}

/// Retries so much later that they come back as strangers.
const LATER: (&str, f64) = ("backoff", 100.0);

#[test]
fn formulas_that_hold_differ_in_one_run_of_twenty_at_most() {
    let mut found = Vec::new();
    for (name, more) in [
        ("reject", json!({"cap": 26})),
        ("reject, rarely", json!({"cap": 34})),
        ("reject, mostly", json!({"cap": 12})),
        ("reject, lognormal", json!({"cap": 24, "responseTimeP95": 3.2})),
        ("reject, retries", json!({"cap": 26, "retries": 2, LATER.0: LATER.1, "longestBackoff": LATER.1})),
        ("queue", json!({"cap": 24, "overLimit": "queue"})),
        ("queue, full", json!({"cap": 19, "overLimit": "queue", "queuePlaces": 20})),
        ("queue, timeouts", json!({"cap": 21, "overLimit": "queue", "queuePlaces": 4, "clientTimeout": 0.05})),
        ("per IP", json!({"cap": 30, "overLimit": "per-ip", "exitIps": 3})),
        (
            "a cap that has shrunk",
            json!({"cap": 24, "overLimit": "shrinking-cap", "reducedAfter": 0, "reducedCap": 18}),
        ),
        (
            "a cap that shrinks early",
            json!({"cap": 24, "overLimit": "shrinking-cap", "reducedAfter": 700, "reducedCap": 18}),
        ),
        ("penalty, never", json!({"cap": 24, "overLimit": "penalty", "penaltyRefusals": 1000})),
        (
            "connections of their own",
            json!({"cap": 130, "planCounts": "open-connections", "idleTime": 5, "simulatedTime": 6000}),
        ),
    ] {
        let runs = differing(&twenty(&more), 60);
        let differ = runs.iter().filter(|rows| !rows.is_empty()).count();
        assert!(runs.iter().flatten().all(|row| row.why == Some(Why::Chance)), "{name}: {runs:?}");
        found.push((name, differ as f64 / runs.len() as f64));
    }
    println!("{found:?}");
    assert!(found.iter().all(|(_, share)| *share <= 0.05), "{found:?}");
}

#[test]
fn formulas_that_do_not_hold_differ_and_say_why() {
    let recorded: Vec<u32> = (0..1000).map(|i| i / 50).collect();
    for (why, measure, more) in [
        (Why::Bursts, Measure::Rejected, json!({"cap": 30, "arrivalPattern": "bursty"})),
        (Why::RegularArrivals, Measure::Rejected, json!({"cap": 22, "arrivalPattern": "regular"})),
        (Why::Workers, Measure::Rejected, json!({"cap": 22, "arrivalPattern": "workers", "retries": 1})),
        (
            Why::RecordedArrivals,
            Measure::Rejected,
            json!({"cap": 24, "arrivalPattern": "recorded", "arrivalTimes": recorded, "simulatedTime": null}),
        ),
        (Why::Spell, Measure::Rejected, json!({"cap": 30, "spell": "slow", "simulatedTime": null})),
        (Why::Spell, Measure::Rejected, json!({"cap": 30, "spell": "burst", "simulatedTime": null})),
        (Why::Spell, Measure::Failed, json!({"cap": 30, "spell": "fail", "simulatedTime": null})),
        (
            Why::TimeoutCoversResponse,
            Measure::Failed,
            json!({"cap": 24, "clientTimeout": 1.5, "timeoutCovers": "response"}),
        ),
        (
            Why::LateWorkCancelled,
            Measure::TimedOut,
            json!({"cap": 21, "overLimit": "queue", "clientTimeout": 0.3, "lateWork": "cancelled"}),
        ),
        (
            Why::ResponseTimes,
            Measure::MeanWait,
            json!({"cap": 22, "overLimit": "queue", "responsePattern": "deterministic", "simulatedTime": 40_000}),
        ),
        (Why::RetriesInStep, Measure::Rejected, json!({"cap": 24, "retries": 3})),
        (
            Why::ClientPool,
            Measure::Rejected,
            json!({"cap": 30, "planCounts": "open-connections", "idleTime": 5, "clientPool": true}),
        ),
        (
            Why::TwoStates,
            Measure::TimedOut,
            json!({"cap": 26, "overLimit": "queue", "clientTimeout": 0.3, "retries": 2, LATER.0: LATER.1, "longestBackoff": LATER.1}),
        ),
        (
            Why::RefusalsTogether,
            Measure::InFlight,
            json!({"cap": 20, "overLimit": "penalty", "penaltyRefusals": 250, "penaltyTime": 60, "simulatedTime": 300_000}),
        ),
        (
            Why::CapFalls,
            Measure::Rejected,
            json!({"cap": 24, "overLimit": "shrinking-cap", "reducedAfter": 200, "reducedCap": 1, "simulatedTime": 20}),
        ),
        (Why::ShortRun, Measure::InFlight, json!({"cap": 2000, "arrivalRate": 1000, "simulatedTime": 2})),
    ] {
        for rows in differing(&twenty(&more), 5) {
            assert!(rows.iter().any(|row| row.quantity == measure), "{why:?} leaves {measure:?} as it is: {rows:?}");
            assert!(rows.iter().all(|row| row.why == Some(why)), "{why:?}: {rows:?}");
        }
    }
}

/// Of so many experiments with runs of their own, the shares whose intervals hold the numbers wanted.
fn coverage<const N: usize>(record: &Json, wanted: [(Measure, f64); N]) -> [f64; N] {
    let experiments: Vec<Simulated> = (1..=300_u32)
        .map(|seed| {
            let mut record = record.clone();
            record.as_object_mut().expect("a record").insert("seed".into(), seed.into());
            simulate(&record)
        })
        .collect();
    wanted.map(|(measure, exact)| {
        let held = experiments.iter().filter(|simulated| {
            let Estimate { mean, half_width } = row(simulated, measure).simulated.expect("several runs");
            (mean - exact).abs() <= half_width.expect("several runs")
        });
        held.count() as f64 / experiments.len() as f64
    })
}

#[test]
fn intervals_over_runs_hold_what_they_estimate_as_often_as_they_say() {
    let spell =
        json!({"cap": 26, "spell": "slow", "slowFactor": 2, "spellStart": 10, "spellLength": 10, "simulatedTime": 40});
    // Means over twenty thousand runs of the same system, with other seeds.
    let config = begin(&twenty(&spell)).expect("good").expect("a number at once").first_run().config().clone();
    let (mut rejected, mut goodput) = (0.0, 0.0);
    let runs = 20_000;
    for seed in 0..runs {
        let mut run = Simulation::new(config.clone(), 1_000_000 + seed).expect("a system");
        while run.advance(1 << 20) == Progress::Running {}
        let totals = run.totals();
        rejected += totals.rejected as f64 / totals.attempts as f64;
        goodput += totals.succeeded as f64 / 40.0;
    }
    let wanted = [rejected, goodput].map(|sum| sum / runs as f64);
    let of_spell = coverage(&twenty(&spell), [(Measure::Rejected, wanted[0]), (Measure::GoodputPerSecond, wanted[1])]);
    // From empty to t: λ·W·(1 - W/t·(1 - e^(-t/W))) in flight on average where nothing holds requests back.
    let filling = json!({"cap": 200, "spell": "slow", "slowFactor": 1, "spellStart": 1, "simulatedTime": 5});
    let exact = 20.0 * (1.0 - 0.2 * (1.0 - (-5.0_f64).exp()));
    let of_filling = coverage(&twenty(&filling), [(Measure::InFlight, exact)]);
    println!("{of_spell:?} {of_filling:?}");
    assert!(
        of_spell.iter().chain(&of_filling).all(|share| (0.91..=0.98).contains(share)),
        "{of_spell:?} {of_filling:?}"
    );
}

#[test]
fn what_says_too_little_or_contradicts_itself_is_refused_by_its_field() {
    let refused = |more: Json| {
        let errors = begin(&article(&more)).expect_err("bad").to_string();
        errors.lines().next().expect("a sentence").to_owned()
    };
    let open = json!({"planCounts": "open-connections", "clientPool": true, "overLimit": "per-ip"});
    for (more, sentence) in [
        (json!({"arrivalPattern": "recorded"}), "arrivalTimes is missing: when were the requests sent?"),
        (json!({"arrivalTimes": []}), "arrivalTimes must be a list of 1 to 10000 items, not 0"),
        (
            json!({"arrivalTimes": [1, {"$number": "NaN"}]}),
            "arrivalTimes: item 2 must be a number from 0 to 100000000, not NaN",
        ),
        (
            json!({"arrivalPattern": "bursty", "burstLength": 1e-6}),
            "burstLength is so short that next to no burst has a request in it at that rate",
        ),
        (json!({"timeoutCovers": "response"}), "clientTimeout is missing: after which time does the client give up?"),
        (
            json!({"spell": "burst", "arrivalPattern": "workers"}),
            "spell cannot be burst where requests are recorded or workers send them: they come when they come",
        ),
        (json!({"spell": "slow", "simulatedTime": 30}), "spellStart must be before the end of simulatedTime"),
        (
            json!({"clientPool": true, "destinations": 2}),
            "clientPool keeps connections to one destination: set destinations to 1",
        ),
        (open, "clientPool cannot be simulated with open connections that are counted per exit IP"),
        (
            json!({"arrivalPattern": "workers", "arrivalRate": 1e7, "planTiers": null}),
            "workers is missing: the mean in flight is more than can be followed",
        ),
        (
            json!({"spell": "slow", "responseTime": 1e-6, "responseTimeP95": 80_000}),
            "slowFactor is missing: the p95 is more than a million times the mean",
        ),
        (json!({"seed": -1}), "seed must be a whole number from 0 to 9007199254740991, not -1"),
        (json!({"nonsense": 1}), "nonsense is not a field"),
    ] {
        assert_eq!(refused(more), sentence);
    }
    // What stands beside a simulation and does not concern it.
    assert!(begin(&article(&json!({"memory": 512, "arrivalTimes": [3, 1], "workers": 5}))).is_ok());
    let times = json!({"arrivalPattern": "recorded", "arrivalTimes": [3, 1, 2]});
    let experiment = begin(&article(&times)).expect("good").expect("a number at once");
    assert_eq!(experiment.first_run().config().arrivals, Arrivals::Recorded(vec![1.0, 2.0, 3.0]), "in order");
}

#[test]
fn extremes_end_or_say_why_not() {
    let nothing = simulate(&article(&json!({"arrivalRate": 0})));
    assert_eq!((nothing.progress, nothing.events), (Progress::Complete, 0));
    assert!(nothing.rows.iter().all(|row| row.verdict == Agreement::TooFew), "{:?}", nothing.rows);
    // One in longer than anything lasts.
    let rare = simulate(&article(&json!({"arrivalRate": 5e-324})));
    assert_eq!((rare.progress, rare.events), (Progress::Complete, 0));
    // Refused workers that send again at once, for ever.
    let workers = json!({"arrivalPattern": "workers", "workers": 3, "cap": 1, "retries": 0});
    assert_eq!(simulate(&article(&workers)).progress, Progress::Stuck);
    // Ten million in flight cannot be followed.
    let crowd = json!({"arrivalRate": 1e7, "responseTime": 1, "responseTimeP95": null, "planTiers": null});
    assert_eq!(simulate(&article(&crowd)).progress, Progress::Overgrown);
    let instant = json!({"responseTime": 1e-6, "responseTimeP95": null, "retries": 100, "backoff": 0, "cap": 1});
    assert_eq!(simulate(&article(&instant)).progress, Progress::Complete);
    // A long run of a high rate is bounded too, with nobody asking for a time.
    let busy =
        begin(&article(&json!({"arrivalRate": 1e6, "planTiers": null}))).expect("good").expect("a number at once");
    assert!(1e6 * busy.results().simulated_time <= 5e7 && busy.results().simulated_time > 2.5);
}

/// What a simulation depends on.
fn decisive() -> Vec<&'static Field> {
    let names = [
        "overLimit",
        "cap",
        "queuePlaces",
        "clientTimeout",
        "retries",
        "exitIps",
        "reducedCap",
        "reducedAfter",
        "penaltyRefusals",
        "penaltyTime",
        "planCounts",
        "innerHttp",
        "setupTime",
        "idleTime",
    ];
    FIELDS.iter().filter(|field| names.contains(&field.name)).chain(sim::FIELDS).copied().collect()
}

/// The records of a strategy with a good load, and without what a field does not take by itself.
fn good(record: Value, load: (f64, f64)) -> Value {
    let Value::Record(mut entries) = record else { return record };
    let taken = |name: &str, value: &Value| {
        let field = decisive().into_iter().find(|field| field.name == name).expect("one of them");
        match value {
            Value::Number(x) => field.check(*x).is_ok(),
            Value::List(items) => {
                items.iter().all(|item| matches!(item, Value::Number(x) if field.check_item(0, *x).is_ok()))
            }
            _ => true,
        }
    };
    entries.retain(|(name, value)| taken(name, value));
    entries.push(("arrivalRate".into(), Value::Number(load.0)));
    entries.push(("responseTime".into(), Value::Number(load.1)));
    Value::Record(entries)
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn every_record_is_refused_by_name_or_runs_in_finite_numbers(
        value in filled_from(&decisive()), load in (1e-3..1e4_f64, 1e-3..1e2_f64), in_range in any::<bool>()
    ) {
        let value = if in_range { good(value, load) } else { value };
        let begun = sim::read(&value).and_then(|(scenario, fields)| Experiment::new(&scenario, &fields));
        match begun {
            Ok(Some(mut experiment)) => {
                experiment.advance(20_000);
                let simulated = experiment.results();
                prop_assert!(simulated.events <= 20_000 && (0.0..=1.0).contains(&simulated.share));
                let text = format!("{simulated:?}");
                prop_assert!(!text.contains("NaN") && !text.contains("inf"), "{}", text);
            }
            Ok(None) => {}
            Err(errors) => {
                for error in &errors {
                    prop_assert!(error.to_string().starts_with(error.field()));
                }
            }
        }
    }
}

#[test]
fn steps_are_whole_numbers_in_range() {
    for (value, events) in [(0.0, 0), (-0.0, 0), (1.0, 1), (5e8, 500_000_000)] {
        assert_eq!(sim::read_events(&Value::Number(value)).ok(), Some(events));
    }
    let numbers = [f64::NAN, f64::INFINITY, -f64::INFINITY, -1.0, 0.5, 5e8 + 1.0, 1e300].map(Value::Number);
    let others = [Value::Nothing, Value::Text("5".into()), Value::Switch(true), Value::List(vec![Value::Number(5.0)])];
    for value in numbers.into_iter().chain(others) {
        let refused = sim::read_events(&value).expect_err("no number of events").to_string();
        assert!(refused.starts_with("events must be a whole number from 0 to 500000000"), "{refused}");
    }
}
