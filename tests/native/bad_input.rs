//! Every bad input of `refusals.json` and its sentences; no input at all does worse than be refused.

use proptest::prelude::*;
use proxy_concurrency::fields::{FIELDS, Field, Kind};
use proxy_concurrency::{Scenario, Value};
use proxy_concurrency_tests::{answer, refusals};
use serde_json::Value as Json;

use crate::config;

#[test]
fn every_bad_input_meets_its_sentences() {
    let rows = refusals();
    assert!(rows.len() >= 60, "only {} rows", rows.len());
    let mut wrong = Vec::new();
    for row in rows {
        let got = match Scenario::from_value(&row.input) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.iter().map(|e| (e.field().to_owned(), e.to_string())).collect(),
        };
        if got != row.errors {
            wrong.push(format!("{}:\n  {got:?}, not\n  {:?}", row.name, row.errors));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_scenario_filled_in_by_hand_is_checked_like_one_that_was_read() {
    let good = || {
        let mut scenario = Scenario::default();
        scenario.arrival_rate = Some(50.0);
        scenario.response_time = Some(2.5);
        scenario
    };
    assert!(proxy_concurrency::report(&good()).is_ok());
    let bad: [fn(&mut Scenario); 6] = [
        |s| s.arrival_rate = Some(f64::NAN),
        |s| s.response_time = Some(f64::INFINITY),
        |s| s.headroom = -1.0,
        |s| s.destinations = 0.0,
        |s| s.max_concurrent_streams = 1.5,
        |s| s.response_time_samples = Some(Vec::new()),
    ];
    for spoil in bad {
        let mut scenario = good();
        spoil(&mut scenario);
        assert!(proxy_concurrency::report(&scenario).is_err(), "{scenario:?}");
    }
}

#[test]
fn minus_zero_is_zero() {
    let input = serde_json::json!({"arrivalRate": -0.0, "responseTime": 1, "headroom": -0.0, "planTiers": [{"size": 1, "price": -0.0}]});
    let report = answer(&proxy_concurrency_tests::special(&input)).expect("a load of nothing");
    for path in ["arrivalRate", "mean", "headroom", "withHeadroom", "charged", "chargedWithHeadroom", "planPrice"] {
        let got = proxy_concurrency_tests::at(&report, &format!("sizing.{path}")).and_then(Json::as_f64);
        assert_eq!(got.map(f64::to_bits), Some(0.0_f64.to_bits()), "{path}");
    }
}

/// The first number in a report that is not finite, or not written as a number at all.
fn first_bad_number(report: &proxy_concurrency::Report) -> Option<String> {
    // JSON has no word for NaN and infinity; serde_json writes null. A structure that keeps them would be better, but
    // every number that may be null is an Option in the report, whose debug text says `Some(NaN)` and `inf`.
    let text = format!("{report:?}");
    ["NaN", "inf"].into_iter().find(|word| text.contains(word)).map(|word| format!("{word} in {text}"))
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        prop::num::f64::ANY,
        (-12i32..13).prop_map(|e| 10f64.powi(e)),
        0.0..1e3_f64,
        prop::sample::select(vec![
            0.0,
            -0.0,
            1.0,
            1e-6,
            86_400.0,
            1e9,
            2e9,
            4e9,
            1e12,
            1e6,
            2_147_483_647.0,
            5e-324,
            f64::MIN_POSITIVE,
            f64::MAX,
            f64::EPSILON,
            10.0,
            0.5,
            f64::from(u32::MAX),
            4_294_967_296.0,
            9_007_199_254_740_993.0,
        ]),
    ]
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Nothing),
        any::<bool>().prop_map(Value::Switch),
        number().prop_map(Value::Number),
        ".{0,80}".prop_map(Value::Text),
        Just(Value::Other),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        let name = prop_oneof![
            ".{0,12}",
            prop::sample::select(
                FIELDS.iter().map(|f| f.name.to_owned()).chain(["size".into(), "price".into()]).collect::<Vec<_>>()
            )
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::List),
            prop::collection::vec((name, inner), 0..8).prop_map(Value::Record),
        ]
    })
}

/// A value of the right kind, often at or beyond the edges.
fn plausible(kind: Kind) -> BoxedStrategy<Value> {
    let edges = |min: f64, max: f64| {
        prop_oneof![
            4 => (0.0..=1.0_f64).prop_map(move |t| min.max(1e-9).powf(1.0 - t) * max.powf(t)),
            1 => Just(min),
            1 => Just(max),
            1 => number(),
        ]
    };
    match kind {
        Kind::Number { min, max, whole, .. } => {
            edges(min, max).prop_map(move |x| Value::Number(if whole { x.round() } else { x })).boxed()
        }
        Kind::Choice { options, .. } => prop::sample::select(options).prop_map(|word| Value::Text(word.into())).boxed(),
        Kind::Switch { .. } => any::<bool>().prop_map(Value::Switch).boxed(),
        Kind::Numbers { min, max, .. } => {
            prop::collection::vec(edges(min, max).prop_map(Value::Number), 1..20).prop_map(Value::List).boxed()
        }
        Kind::Tiers { min, max, .. } => {
            let size = move || edges(min, max).prop_map(|x| Value::Number(x.round()));
            let price = prop::option::weighted(0.5, 0.0..1e9_f64);
            let tier = (size(), price).prop_map(|(size, price)| match price {
                None => size,
                Some(price) => Value::Record(vec![("size".into(), size), ("price".into(), Value::Number(price))]),
            });
            prop_oneof![
                prop::collection::vec(size(), 1..6).prop_map(Value::List),
                prop::collection::vec(tier, 1..4).prop_map(Value::List),
            ]
            .boxed()
        }
    }
}

/// Records with most fields filled in with something near what they take.
pub(crate) fn filled() -> impl Strategy<Value = Value> {
    filled_from(FIELDS)
}

/// The same of any fields.
pub(crate) fn filled_from(fields: &[&Field]) -> impl Strategy<Value = Value> + use<> {
    let one = |name: &'static str, kind: Kind, weight: f64| {
        prop::option::weighted(weight, plausible(kind)).prop_map(move |value| value.map(|v| (name.to_owned(), v)))
    };
    let fields: Vec<_> = fields
        .iter()
        .map(|field| {
            let weight = match field.name {
                "arrivalRate" | "responseTime" => 0.8,
                "targets" | "deadline" | "inFlight" | "responseTimeSamples" => 0.15,
                "originTls" => 0.3,
                _ => 0.5,
            };
            one(field.name, field.takes, weight)
        })
        .collect();
    fields.prop_map(|fields| Value::Record(fields.into_iter().flatten().collect()))
}

proptest! {
    #![proptest_config(config(1000))]

    #[test]
    fn no_tree_of_values_panics(value in anything()) {
        if let Ok(scenario) = Scenario::from_value(&value) {
            let report = proxy_concurrency::report(&scenario).expect("what passed the door has an answer");
            prop_assert_eq!(first_bad_number(&report), None);
        }
    }

    #[test]
    fn every_accepted_scenario_has_a_report_of_finite_numbers(value in filled()) {
        match Scenario::from_value(&value) {
            Ok(scenario) => {
                let report = proxy_concurrency::report(&scenario).expect("what passed the door has an answer");
                prop_assert_eq!(first_bad_number(&report), None);
                let c = &report.connections;
                let sides = u64::from(c.client_to_proxy_tcp) + u64::from(c.proxy_to_origin_tcp);
                prop_assert_eq!(u64::from(c.proxy_descriptors), sides);
                let text = serde_json::to_string(&report).expect("a report is JSON");
                let json: Json = serde_json::from_str(&text).expect("JSON reads back");
                prop_assert!(proxy_concurrency_tests::same(&json, &serde_json::to_value(&report).expect("a report is JSON")));
            }
            Err(errors) => {
                prop_assert!(errors.iter().count() > 0);
                for error in &errors {
                    prop_assert!(error.to_string().starts_with(error.field()));
                }
            }
        }
    }

    #[test]
    fn an_accepted_scenario_reads_back_from_its_own_json(value in filled()) {
        if let Ok(scenario) = Scenario::from_value(&value) {
            let text = serde_json::to_string(&scenario).expect("a scenario is JSON");
            let again: Scenario = serde_json::from_str(&text).expect("its own JSON is accepted");
            let (a, b) = (proxy_concurrency::report(&scenario), proxy_concurrency::report(&again));
            prop_assert_eq!(a.expect("accepted"), b.expect("accepted"));
        }
    }
}
