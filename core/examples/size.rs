//! A scenario as JSON on standard input, its report as JSON on standard output, with what happens over the limit as
//! `exceeded` in it, what breaks first as `limits`, and how to grow as `scale`. Fields of the environment stand beside those
//! of the scenario.
//!
//! ```sh
//! echo '{"arrivalRate": 50, "responseTime": 2.5, "planTiers": [50, 100, 200]}' |
//!     cargo run -p proxy-concurrency --example size
//! ```
//! Bad input ends with status 1 and `{"error": {"field", "value", "message"}, "errors": […]}`, the first error and all.

use std::io::{Read as _, Write as _};
use std::process::ExitCode;

use proxy_concurrency::{Error, Errors, Given, Value, environment, exceeded, limits, report, scale};
use serde::Serialize;
use serde_json::{Value as Json, json};

fn main() -> ExitCode {
    let mut text = Vec::new();
    let answer = match std::io::stdin().lock().read_to_end(&mut text) {
        Ok(_) => answer(&text),
        Err(error) => Err(json!({ "error": refusal("input", &Json::Null, &error.to_string()) })),
    };
    let (json, status) = match answer {
        Ok(report) => (report, ExitCode::SUCCESS),
        Err(error) => (error, ExitCode::FAILURE),
    };
    let mut out = std::io::stdout().lock();
    let written = serde_json::to_writer(&mut out, &json).map_err(std::io::Error::from).and_then(|()| writeln!(out));
    if written.is_ok() { status } else { ExitCode::FAILURE }
}

fn answer(text: &[u8]) -> Result<Json, Json> {
    let value: Value = serde_json::from_slice(text).map_err(
        |error| json!({ "error": refusal("scenario", &Json::Null, &format!("scenario is not JSON: {error}")) }),
    )?;
    let refused = |errors: Errors| {
        let all: Vec<Json> = errors.iter().map(explain).collect();
        json!({ "error": all.first(), "errors": all })
    };
    let (scenario, environment) = environment::read(&value).map_err(refused)?;
    let mut answer = tree(report(&scenario).map_err(refused)?)?;
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("exceeded".into(), tree(exceeded(&scenario).map_err(refused)?)?);
        answer.insert("limits".into(), tree(limits(&scenario, &environment).map_err(refused)?)?);
        answer.insert("scale".into(), tree(scale(&scenario, &environment).map_err(refused)?)?);
    }
    Ok(answer)
}

fn tree(part: impl Serialize) -> Result<Json, Json> {
    serde_json::to_value(part).map_err(|error| json!({ "error": refusal("report", &Json::Null, &error.to_string()) }))
}

fn explain(error: &Error) -> Json {
    let value = match error.value() {
        Given::Number(x) => json!(x),
        Given::Text(text) => json!(text),
        Given::Named(name) => json!(name),
        _ => Json::Null,
    };
    refusal(error.field(), &value, &error.to_string())
}

fn refusal(field: &str, value: &Json, message: &str) -> Json {
    json!({ "field": field, "value": value, "message": message })
}
