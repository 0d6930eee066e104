//! A scenario simulated beside the formulas: what is read, what is refused, and what the rows say.

use proxy_concurrency::Errors;
use proxy_concurrency::sim::{self, Agreement, Compared, Experiment, Measure, Progress, ResponseTime, Simulated, Why};
use proxy_concurrency_tests::special;
use serde_json::{Value as Json, json};

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
