//! What the native tests share: the vector files, and comparison to the last bit; the reference tables, and how far an
//! answer may be from them.

pub mod tables;
pub mod tolerance;

use std::fs;
use std::path::{Path, PathBuf};

use proxy_concurrency::{Errors, Value, environment, exceeded, limits, report, scale};
use serde_json::{Map, Value as Json};

/// One case of a vector file: the same for the native, the wasm and the page runner.
#[derive(Clone, Debug)]
pub struct Row {
    /// File and name, for messages.
    pub name: String,
    /// A scenario.
    pub input: Json,
    /// Where in the answer which value stands.
    pub want: Vec<(String, Json)>,
    /// Relative error that its numbers may have; 0 for none.
    pub within: f64,
}

/// One bad input, with every refusal that it must meet.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// File and name, for messages.
    pub name: String,
    /// What was given, decoded with [`special`].
    pub input: Value,
    /// Field and whole sentence of each refusal, in order.
    pub errors: Vec<(String, String)>,
}

/// Files of rows `{name, input, want, source}`.
pub const FILES: [&str; 9] =
    ["article", "providers", "counting", "tiers", "inverse", "rounding", "samples", "accounting", "exceeded"];

/// The folder of the vectors.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

/// Reads one JSON file of the vectors.
///
/// # Panics
/// If it cannot be read: a test cannot go on without it.
#[must_use]
#[expect(clippy::panic, reason = "a test's own data")]
pub fn read(name: &str) -> Json {
    let path = folder().join(name).with_extension("json");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn rows_of(file: &str) -> Vec<Map<String, Json>> {
    let rows = read(file).get("rows").and_then(Json::as_array).cloned().unwrap_or_default();
    assert!(!rows.is_empty(), "{file} has no rows");
    rows.into_iter().filter_map(|row| row.as_object().cloned()).collect()
}

fn text(row: &Map<String, Json>, key: &str) -> String {
    row.get(key).and_then(Json::as_str).unwrap_or_default().to_owned()
}

/// Every row of every file, those that were counted on real proxies among them.
#[must_use]
pub fn rows() -> Vec<Row> {
    let mut rows = counted();
    for file in FILES {
        for row in rows_of(file) {
            let want = row.get("want").and_then(Json::as_object).cloned().unwrap_or_default();
            let name = format!("{file}: {}", text(&row, "name"));
            assert!(!want.is_empty(), "{name} wants nothing");
            assert!(!text(&row, "source").is_empty(), "{name} has no source");
            let input = row.get("input").cloned().unwrap_or_default();
            let within = row.get("within").and_then(Json::as_f64).unwrap_or(0.0);
            rows.push(Row { name, input, want: want.into_iter().collect(), within });
        }
    }
    rows
}

/// The rows of `connections.json`, which name what was counted and leave the load open.
fn counted() -> Vec<Row> {
    rows_of("connections")
        .into_iter()
        .map(|row| {
            let name = text(&row, "name");
            let mut input = Map::new();
            // The load does not matter where the parallel requests are given.
            input.insert("arrivalRate".into(), 1.into());
            input.insert("responseTime".into(), 1.into());
            for key in [
                "route",
                "innerHttp",
                "upstreamHttp",
                "maxConcurrentStreams",
                "parallelRequests",
                "destinations",
                "warm",
            ] {
                if let Some(value) = row.get(key).filter(|value| !value.is_null()) {
                    input.insert(key.into(), value.clone());
                }
            }
            // What the rows say in words: this client holds requests back, and these destinations are http://.
            if name == "connect_h2_inside_150_vs_max_streams_100" {
                input.insert("overStreamLimit".into(), "wait".into());
            }
            if name == "socks5_http" {
                input.insert("originTls".into(), false.into());
            }
            let counted = row.get("counted").and_then(Json::as_object).cloned().unwrap_or_default();
            assert!(!counted.is_empty(), "{name} counts nothing");
            let want = counted.into_iter().map(|(key, count)| (format!("connections.{key}"), count)).collect();
            Row { name: format!("connections: {name}"), input: Json::Object(input), want, within: 0.0 }
        })
        .collect()
}

/// The rows of `refusals.json`.
#[must_use]
pub fn refusals() -> Vec<Refusal> {
    rows_of("refusals")
        .into_iter()
        .map(|row| {
            let errors = row.get("errors").and_then(Json::as_array).cloned().unwrap_or_default();
            let error = |e: &Json| {
                let part = |key: &str| e.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
                (part("field"), part("message"))
            };
            let errors: Vec<_> = errors.iter().map(error).collect();
            let name = format!("refusals: {}", text(&row, "name"));
            assert!(!errors.is_empty(), "{name} is not refused");
            Refusal { name, input: special(row.get("input").unwrap_or(&Json::Null)), errors }
        })
        .collect()
}

/// A tree of JSON as untyped input, with what JSON cannot write: `{"$number": "NaN"}`, and `{"$repeat": x, "times": n}`
/// for a long text or list.
#[must_use]
pub fn special(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nothing,
        Json::Bool(x) => Value::Switch(*x),
        Json::Number(x) => Value::Number(x.as_f64().unwrap_or(f64::NAN)),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(special).collect()),
        Json::Object(parts) => {
            if let Some(name) = parts.get("$number").and_then(Json::as_str) {
                return Value::Number(name.parse().unwrap_or(0.0));
            }
            if let Some(piece) = parts.get("$repeat") {
                let times =
                    parts.get("times").and_then(Json::as_u64).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
                return match piece {
                    Json::String(piece) => Value::Text(piece.repeat(times)),
                    piece => Value::List(vec![special(piece); times]),
                };
            }
            Value::Record(parts.iter().map(|(name, value)| (name.clone(), special(value))).collect())
        }
    }
}

/// The report of a scenario as the tree that every runner compares, with what happens over the limit as `exceeded`, what
/// breaks first as `limits` and how to grow as `scale` in it.
///
/// # Errors
/// Every refusal, one a line.
pub fn answer(input: &Value) -> Result<Json, String> {
    let refused = |errors: Errors| errors.to_string();
    let (scenario, environment) = environment::read(input).map_err(refused)?;
    let mut answer = tree(report(&scenario).map_err(refused)?)?;
    if let Some(parts) = answer.as_object_mut() {
        parts.insert("exceeded".into(), tree(exceeded(&scenario).map_err(refused)?)?);
        parts.insert("limits".into(), tree(limits(&scenario, &environment).map_err(refused)?)?);
        parts.insert("scale".into(), tree(scale(&scenario, &environment).map_err(refused)?)?);
    }
    Ok(answer)
}

fn tree(part: impl serde::Serialize) -> Result<Json, String> {
    serde_json::to_value(part).map_err(|error| error.to_string())
}

/// What stands at a dotted path.
#[must_use]
pub fn at<'a>(report: &'a Json, path: &str) -> Option<&'a Json> {
    path.split('.').try_fold(report, |json, part| match json {
        Json::Array(items) => items.get(part.parse::<usize>().ok()?),
        json => json.get(part),
    })
}

/// Whether two trees are the same, their numbers to the last bit.
#[must_use]
pub fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.as_f64().map(f64::to_bits) == b.as_f64().map(f64::to_bits),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

/// Whether a value is the one wanted: its number to the last bit, or to a relative error.
#[must_use]
pub fn meets(got: &Json, want: &Json, within: f64) -> bool {
    match (got.as_f64(), want.as_f64()) {
        (Some(got), Some(want)) if within > 0.0 => (got - want).abs() <= within * want.abs(),
        _ => same(got, want),
    }
}
