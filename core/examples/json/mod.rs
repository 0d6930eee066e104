//! What the examples share that answer one JSON record: standard input to standard output, and how a refusal is written.

use std::io::{Read as _, Write as _};
use std::process::ExitCode;

use proxy_concurrency::{Error, Errors, Given, Value};
use serde::Serialize;
use serde_json::{Value as Json, json};

/// Answers the record on standard input; what cannot be answered is the answer, with status 1.
pub(crate) fn answer(question: fn(&Value) -> Result<Json, Json>) -> ExitCode {
    let mut text = Vec::new();
    let answer = match std::io::stdin().lock().read_to_end(&mut text) {
        Ok(_) => read(&text).and_then(|value| question(&value)),
        Err(error) => Err(json!({ "error": refusal("input", &Json::Null, &error.to_string()) })),
    };
    let (json, status) = match answer {
        Ok(answer) => (answer, ExitCode::SUCCESS),
        Err(error) => (error, ExitCode::FAILURE),
    };
    let mut out = std::io::stdout().lock();
    let written = serde_json::to_writer(&mut out, &json).map_err(std::io::Error::from).and_then(|()| writeln!(out));
    if written.is_ok() { status } else { ExitCode::FAILURE }
}

/// The first error and all, as they are written.
pub(crate) fn refused(errors: Errors) -> Json {
    let all: Vec<Json> = errors.iter().map(explain).collect();
    json!({ "error": all.first(), "errors": all })
}

/// An answer as JSON; `name` is told where it has none.
pub(crate) fn tree(name: &str, answer: impl Serialize) -> Result<Json, Json> {
    serde_json::to_value(answer).map_err(|error| json!({ "error": refusal(name, &Json::Null, &error.to_string()) }))
}

fn read(text: &[u8]) -> Result<Value, Json> {
    serde_json::from_slice(text).map_err(
        |error| json!({ "error": refusal("scenario", &Json::Null, &format!("scenario is not JSON: {error}")) }),
    )
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
