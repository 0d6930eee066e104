//! WebAssembly binding of `proxy-concurrency`: decode, one core call, encode. No arithmetic.

#[cfg(feature = "advice")]
pub mod advice;
mod border;
mod decode;
mod refusal;
#[cfg(feature = "simulator")]
pub mod simulator;

#[cfg(any(feature = "report", feature = "exceeded"))]
use proxy_concurrency::Errors;
#[cfg(any(feature = "report", feature = "exceeded"))]
use proxy_concurrency::Scenario;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::border::mark;
use crate::refusal::refusals;

#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Types of the exports, made from the core's own by `make types`.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "import type { Exceeded, Field, Report, Scenario } from './types.js';";

#[cfg(feature = "debug")]
#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// Everything that can be said about a scenario.
///
/// Throws an `Error` with `field`, `value`, `code` (the kind of rule) and `message`, of an item of a list with its `index`,
/// and with `all`, every refusal in the order of the fields.
#[cfg(feature = "report")]
#[wasm_bindgen(unchecked_return_type = "Report")]
pub fn report(#[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: &JsValue) -> Result<JsValue, JsValue> {
    mark("proxy-concurrency:report");
    encode(&answer(scenario, proxy_concurrency::report)?)
}

/// What happens near and over the cap; `null` where the plan limits no number at once.
///
/// Throws as `report` does.
#[cfg(feature = "exceeded")]
#[wasm_bindgen(unchecked_return_type = "Exceeded | null")]
pub fn exceeded(#[wasm_bindgen(unchecked_param_type = "Scenario")] scenario: &JsValue) -> Result<JsValue, JsValue> {
    mark("proxy-concurrency:exceeded");
    encode(&answer(scenario, proxy_concurrency::exceeded)?)
}

/// Every field of a simulation, as `fields` gives those of a scenario: here, so that a form needs no simulator.
#[cfg(feature = "exceeded")]
#[wasm_bindgen(js_name = simulationFields, unchecked_return_type = "Field[]")]
pub fn simulation_fields() -> Result<JsValue, JsValue> {
    encode(proxy_concurrency::sim::FIELDS)
}

#[cfg(any(feature = "report", feature = "exceeded"))]
fn answer<T>(scenario: &JsValue, question: fn(&Scenario) -> Result<T, Errors>) -> Result<T, JsValue> {
    let read = Scenario::from_value(&decode::value(scenario));
    read.and_then(|read| question(&read)).map_err(|errors| refusals(&errors, scenario))
}

/// Every field of a scenario: name, kind, limits, default and unit.
#[cfg(feature = "report")]
#[wasm_bindgen(unchecked_return_type = "Field[]")]
pub fn fields() -> Result<JsValue, JsValue> {
    encode(proxy_concurrency::fields::FIELDS)
}

/// Version of this package.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}

fn encode<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    // `null` where JSON has it: the same tree natively and here.
    value.serialize(&Serializer::new().serialize_missing_as_null(true)).map_err(Into::into)
}
