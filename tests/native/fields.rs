//! The table of fields: what a form, the documentation and the messages are made from.

use std::collections::BTreeSet;

use proxy_concurrency::environment::{self, Environment};
use proxy_concurrency::fields::{FIELDS, Field, Kind};
use proxy_concurrency::sim::{self, SimulationFields};
use proxy_concurrency::units::TimeUnit;
use proxy_concurrency::{Scenario, Value};
use proxy_concurrency_tests::special;

/// Those of a scenario, of an environment and of a simulation.
fn all() -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().chain(environment::FIELDS).chain(sim::FIELDS).copied()
}

#[test]
fn default_records_are_the_tables_of_defaults() {
    let scenario = serde_json::to_value(Scenario::default()).expect("a scenario is JSON");
    let environment = serde_json::to_value(Environment::default()).expect("an environment is JSON");
    let simulation = serde_json::to_value(SimulationFields::default()).expect("a simulation is JSON");
    for (record, fields) in [(scenario, FIELDS), (environment, environment::FIELDS), (simulation, sim::FIELDS)] {
        let record = record.as_object().expect("a record");
        let names: BTreeSet<&str> = fields.iter().map(|field| field.name).collect();
        assert_eq!(record.keys().map(String::as_str).collect::<BTreeSet<_>>(), names);
        for field in fields {
            let default = match field.takes {
                Kind::Number { default, .. } => default.into(),
                Kind::Choice { default, .. } => default.into(),
                Kind::Switch { default } => default.into(),
                Kind::Numbers { .. } | Kind::Tiers { .. } => serde_json::Value::Null,
            };
            assert!(
                proxy_concurrency_tests::same(&record[field.name], &default),
                "{}: {}",
                field.name,
                record[field.name]
            );
        }
    }
    let names: BTreeSet<&str> = all().map(|field| field.name).collect();
    assert_eq!(names.len(), all().count(), "a name is there twice");
}

#[test]
fn every_number_is_taken_at_its_limits_and_refused_beyond() {
    for field in all() {
        let refused = |x: f64, code: &str, at: Option<usize>| {
            let error = at.map_or_else(|| field.check(x), |i| field.check_item(i, x)).expect_err(field.name);
            assert_eq!((error.field(), error.code()), (field.name, code), "{x}");
            if at.is_none() {
                assert_eq!(*error.rule(), field.rule());
            }
        };
        match field.takes {
            Kind::Number { min, max, whole, default } => {
                assert_eq!(field.check(min), Ok(min + 0.0));
                assert_eq!(field.check(max), Ok(max));
                assert!(default.is_none_or(|x| field.check(x) == Ok(x)), "{}", field.name);
                for x in [min.next_down(), max.next_up(), f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                    refused(x, "number", None);
                }
                // A number between two whole ones, where it is within the limits.
                assert!(min + 0.5 > max || field.check(min + 0.5).is_err() == whole, "{}", field.name);
            }
            Kind::Numbers { min, max, .. } | Kind::Tiers { min, max, .. } => {
                assert_eq!((field.check_item(0, min), field.check_item(1, max)), (Ok(min), Ok(max)));
                for x in [min.next_down(), max.next_up(), f64::NAN] {
                    refused(x, "item", Some(0));
                }
                refused(1.0, "list", None);
            }
            Kind::Choice { options, default } => {
                refused(1.0, "choice", None);
                assert!(default.is_none_or(|word| options.contains(&word)));
            }
            Kind::Switch { .. } => refused(1.0, "switch", None),
        }
    }
}

#[test]
fn every_field_says_what_it_is() {
    for field in all() {
        assert!(!field.help.is_empty() && !field.help.ends_with('.'), "{}", field.name);
        assert!(
            field.name.starts_with(|c: char| c.is_ascii_lowercase())
                && field.name.chars().all(|c| c.is_ascii_alphanumeric())
        );
    }
}

#[test]
fn every_option_of_every_choice_is_taken_as_itself() {
    for field in all() {
        let Kind::Choice { options, .. } = field.takes else { continue };
        for option in options {
            let mut input = serde_json::json!({"arrivalRate": 50, "responseTime": 2.5});
            input[field.name] = (*option).into();
            if field.name == "deadlineUnit" {
                input["targets"] = 5.into();
                input["deadline"] = 1.into();
                input["arrivalRate"] = serde_json::Value::Null;
            }
            let value = special(&input);
            let written = if sim::FIELDS.iter().any(|of_simulation| of_simulation.name == field.name) {
                let (scenario, simulation) = sim::read(&value).expect("an option");
                [serde_json::to_value(&scenario), serde_json::to_value(&simulation)]
            } else {
                let (scenario, environment) = environment::read(&value).expect("an option");
                [serde_json::to_value(&scenario), serde_json::to_value(&environment)]
            };
            let written = written.map(|json| json.expect("JSON")[field.name].as_str().map(str::to_owned));
            assert!(written.contains(&Some((*option).to_owned())), "{option}: {written:?}");
        }
    }
}

#[test]
fn every_error_has_a_word_for_programs() {
    let code = |input: serde_json::Value| {
        let errors = Scenario::from_value(&special(&input)).expect_err("bad");
        let first = errors.iter().next().expect("an error").clone();
        (first.code(), format!("{:?}", first.value()))
    };
    assert_eq!(code(serde_json::json!({"nonsense": 1})).0, "unknown");
    assert_eq!(code(serde_json::json!({"arrivalRate": 1})).0, "told");
    assert_eq!(code(serde_json::json!({"planTiers": [0]})).0, "item");
    assert_eq!(code(serde_json::json!({"arrivalRate": "x"})), ("number", "Text(\"x\")".into()));
    assert!(Scenario::from_value(&Value::Other).is_err());
}

#[test]
fn time_units_are_as_long_as_clocks_say() {
    let units = [TimeUnit::Second, TimeUnit::Minute, TimeUnit::Hour, TimeUnit::Day];
    assert_eq!(units.map(|unit| unit.as_secs().to_bits()), [1.0, 60.0, 3600.0, 86_400.0_f64].map(f64::to_bits));
}
