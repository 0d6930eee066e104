//! A scenario and its simulation as one JSON record on standard input, what was simulated as JSON on standard output, with
//! the formulas beside it in `rows`; `null` where the plan limits no number at once.
//!
//! ```sh
//! echo '{"arrivalRate": 50, "responseTime": 2.5, "cap": 150, "spell": "slow"}' |
//!     cargo run --release -p proxy-concurrency --example simulate
//! ```
//! Bad input ends with status 1 and `{"error": {"field", "value", "message"}, "errors": […]}`, the first error and all.

use std::io::{Read as _, Write as _};
use std::process::ExitCode;

use proxy_concurrency::sim::{self, Experiment, Progress};
use proxy_concurrency::{Error, Errors, Given, Value};
use serde_json::{Value as Json, json};

/// Events from one look at the progress to the next.
const STEP: u64 = 1 << 20;

fn main() -> ExitCode {
    let mut text = Vec::new();
    let answer = match std::io::stdin().lock().read_to_end(&mut text) {
        Ok(_) => answer(&text),
        Err(error) => Err(json!({ "error": refusal("input", &Json::Null, &error.to_string()) })),
    };
    let (json, status) = match answer {
        Ok(simulated) => (simulated, ExitCode::SUCCESS),
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
    let (scenario, fields) = sim::read(&value).map_err(refused)?;
    let Some(mut experiment) = Experiment::new(&scenario, &fields).map_err(refused)? else { return Ok(Json::Null) };
    while experiment.advance(STEP) == Progress::Running {}
    serde_json::to_value(experiment.results())
        .map_err(|error| json!({ "error": refusal("simulated", &Json::Null, &error.to_string()) }))
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
