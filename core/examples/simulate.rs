//! A scenario and its simulation as one JSON record on standard input, what was simulated as JSON on standard output, with
//! the formulas beside it in `rows`; `null` where the plan limits no number at once.
//!
//! ```sh
//! echo '{"arrivalRate": 50, "responseTime": 2.5, "cap": 150, "spell": "slow"}' |
//!     cargo run --release -p proxy-concurrency --example simulate
//! ```
//! Bad input ends with status 1 and `{"error": {"field", "value", "message"}, "errors": […]}`, the first error and all.

mod json;

use std::process::ExitCode;

use proxy_concurrency::Value;
use proxy_concurrency::sim::{self, Experiment, Progress};
use serde_json::Value as Json;

/// Events from one look at the progress to the next.
const STEP: u64 = 1 << 20;

fn main() -> ExitCode {
    json::answer(simulated)
}

fn simulated(value: &Value) -> Result<Json, Json> {
    let (scenario, fields) = sim::read(value).map_err(json::refused)?;
    let Some(mut experiment) = Experiment::new(&scenario, &fields).map_err(json::refused)? else {
        return Ok(Json::Null);
    };
    while experiment.advance(STEP) == Progress::Running {}
    json::tree("simulated", experiment.results())
}
