//! Advice: what breaks first and how to grow, which need to know where the client runs; programs; and probes.

use proxy_concurrency::environment::{self, Environment};
use proxy_concurrency::{Errors, Scenario, Value, effective, probe, snippet};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::{decode, encode, mark, refusals};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "import type { ClientSettings, Effective, Environment, Limits, ProbeDesign, Reading, Scale, Snippet, SnippetInput } from './types.js';";

/// What each layer between client and destination needs and has, what pooling buys, and what waiting takes. The record
/// holds the fields of a scenario and of an environment.
///
/// Throws as `report` does.
#[wasm_bindgen(unchecked_return_type = "Limits")]
pub fn limits(
    #[wasm_bindgen(unchecked_param_type = "Scenario & Environment")] record: &JsValue,
) -> Result<JsValue, JsValue> {
    mark("proxy-concurrency:limits");
    encode(&answer(record, proxy_concurrency::limits)?)
}

/// How to grow: credentials, endpoints, exit IPs, traffic, and the cheapest plans together.
///
/// Throws as `report` does.
#[wasm_bindgen(unchecked_return_type = "Scale")]
pub fn scale(
    #[wasm_bindgen(unchecked_param_type = "Scenario & Environment")] record: &JsValue,
) -> Result<JsValue, JsValue> {
    mark("proxy-concurrency:scale");
    encode(&answer(record, proxy_concurrency::scale)?)
}

/// Every field of an environment, as `fields` gives those of a scenario.
#[wasm_bindgen(js_name = environmentFields, unchecked_return_type = "Field[]")]
pub fn environment_fields() -> Result<JsValue, JsValue> {
    encode(environment::FIELDS)
}

/// A program that keeps to the cap.
///
/// Throws as `report` does, naming `client`, `cap`, `proxyUrl` or `urls`.
#[wasm_bindgen(js_name = snippet, unchecked_return_type = "Snippet")]
pub fn program(#[wasm_bindgen(unchecked_param_type = "SnippetInput")] record: &JsValue) -> Result<JsValue, JsValue> {
    own(record, |value| snippet::SnippetInput::from_value(value).and_then(|input| snippet::snippet(&input)))
}

/// What the settings of a client let through to the proxy. A record of `client` and of what is set.
///
/// Throws as `report` does, naming the setting.
#[wasm_bindgen(js_name = effective, unchecked_return_type = "Effective")]
pub fn effective_settings(
    #[wasm_bindgen(unchecked_param_type = "Partial<ClientSettings>")] record: &JsValue,
) -> Result<JsValue, JsValue> {
    own(record, |value| {
        effective::ClientSettings::from_value(value).and_then(|settings| effective::effective(&settings))
    })
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

fn answer<T>(record: &JsValue, question: fn(&Scenario, &Environment) -> Result<T, Errors>) -> Result<T, JsValue> {
    let read = environment::read(&decode::value(record));
    read.and_then(|(scenario, environment)| question(&scenario, &environment))
        .map_err(|errors| refusals(&errors, record))
}

/// Asks a question of a record of its own, which is no scenario.
fn own<T: Serialize>(record: &JsValue, question: fn(&Value) -> Result<T, Errors>) -> Result<JsValue, JsValue> {
    encode(&question(&decode::value(record)).map_err(|errors| refusals(&errors, record))?)
}
