//! A scenario as JSON on standard input, its report as JSON on standard output, with what happens over the limit as
//! `exceeded` in it, what breaks first as `limits`, and how to grow as `scale`. Fields of the environment stand beside those
//! of the scenario.
//!
//! ```sh
//! echo '{"arrivalRate": 50, "responseTime": 2.5, "planTiers": [50, 100, 200]}' |
//!     cargo run -p proxy-concurrency --example size
//! ```
//! Bad input ends with status 1 and `{"error": {"field", "value", "message"}, "errors": […]}`, the first error and all.

mod json;

use std::process::ExitCode;

use proxy_concurrency::{Value, environment, exceeded, limits, report, scale};
use serde_json::Value as Json;

fn main() -> ExitCode {
    json::answer(everything)
}

fn everything(value: &Value) -> Result<Json, Json> {
    let (scenario, environment) = environment::read(value).map_err(json::refused)?;
    let mut answer = json::tree("report", report(&scenario).map_err(json::refused)?)?;
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("exceeded".into(), json::tree("report", exceeded(&scenario).map_err(json::refused)?)?);
        answer.insert("limits".into(), json::tree("report", limits(&scenario, &environment).map_err(json::refused)?)?);
        answer.insert("scale".into(), json::tree("report", scale(&scenario, &environment).map_err(json::refused)?)?);
    }
    Ok(answer)
}
