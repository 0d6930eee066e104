//! What the panels on limits, clients, growth and probes ask.

use proxy_concurrency::{Errors, Value, probe, snippet};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::{decode, encode, refusals};

#[wasm_bindgen(js_name = environmentFields, unchecked_return_type = "Field[]")]
pub fn environment_fields() -> Result<JsValue, JsValue> {
    encode(&[0u8; 0])
}
/// A program that keeps to the cap.
///
/// Throws as `report` does, naming `client`, `cap`, `proxyUrl` or `urls`.
#[wasm_bindgen(js_name = snippet, unchecked_return_type = "Snippet")]
pub fn program(#[wasm_bindgen(unchecked_param_type = "SnippetInput")] record: &JsValue) -> Result<JsValue, JsValue> {
    own(record, |value| snippet::SnippetInput::from_value(value).and_then(|input| snippet::snippet(&input)))
}

/// What to send to learn which behaviour a provider has.
///
/// Throws as `report` does, naming `cap`, `requests`, `tunnel`, `responseTime`, `detectQueue`, `jitter` or `stagger`.
#[wasm_bindgen(js_name = probeDesign, unchecked_return_type = "ProbeDesign")]
pub fn probe_design(
    #[wasm_bindgen(unchecked_param_type = "Record<string, unknown>")] record: &JsValue,
) -> Result<JsValue, JsValue> {
    own(record, |value| probe::DesignInput::from_value(value).and_then(|input| probe::design(&input)))
}

/// Which behaviour the lines of `{ text }` show.
///
/// Throws as `report` does, naming `text`.
#[wasm_bindgen(js_name = probeReading, unchecked_return_type = "Reading")]
pub fn probe_reading(
    #[wasm_bindgen(unchecked_param_type = "{ text: string }")] record: &JsValue,
) -> Result<JsValue, JsValue> {
    own(record, probe::read_value)
}

/// Asks a question of a record of its own, which is no scenario.
fn own<T: Serialize>(record: &JsValue, question: fn(&Value) -> Result<T, Errors>) -> Result<JsValue, JsValue> {
    encode(&question(&decode::value(record)).map_err(|errors| refusals(&errors, record))?)
}
