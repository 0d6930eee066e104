//! WebAssembly binding of `proxy-concurrency`: decode, one core call, encode. No arithmetic.

#[cfg(feature = "advice")]
pub mod advice;
mod decode;
#[cfg(feature = "simulator")]
pub mod simulator;

use core::fmt;

#[cfg(any(feature = "report", feature = "exceeded"))]
use proxy_concurrency::Scenario;
use proxy_concurrency::{Error, Errors, Rule};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

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

/// Shows in the browser's performance panel when an answer was asked for.
fn mark(name: &str) {
    let performance = js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("performance"));
    if let Ok(performance) = performance.map(JsCast::unchecked_into::<web_sys::Performance>) {
        if performance.is_object() && performance.mark(name).is_err() {
            web_sys::console::warn_1(&JsValue::from_str("proxy-concurrency: no performance mark could be set"));
        }
    }
}

fn refusals(errors: &Errors, scenario: &JsValue) -> JsValue {
    let all = js_sys::Array::new();
    for error in errors {
        // What was given itself, not a shortened copy.
        let value = js_sys::Reflect::get(scenario, &JsValue::from_str(error.field())).unwrap_or(JsValue::UNDEFINED);
        all.push(&refusal(error, &value));
    }
    let first = all.get(0);
    set(&first, "all", &all);
    first
}

fn refusal(error: &Error, value: &JsValue) -> JsValue {
    let thrown = js_sys::RangeError::new(&sentence(error));
    set(&thrown, "field", &JsValue::from_str(error.field()));
    set(&thrown, "value", value);
    set(&thrown, "code", &JsValue::from_str(error.code()));
    if let Rule::Item { index, .. } = error.rule() {
        set(&thrown, "index", &JsValue::from(*index));
    }
    // The rules of fields are in their table; records of their own have none.
    #[cfg(feature = "advice")]
    match error.rule() {
        Rule::Number { min, max, whole, unit } => {
            set(&thrown, "min", &JsValue::from(*min));
            set(&thrown, "max", &JsValue::from(*max));
            set(&thrown, "whole", &JsValue::from(*whole));
            set(&thrown, "unit", &JsValue::from_str(unit));
        }
        Rule::List { min, max } => {
            set(&thrown, "min", &JsValue::from(*min));
            set(&thrown, "max", &JsValue::from(*max));
        }
        _ => {}
    }
    thrown.into()
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    // An error object that was just made takes every property.
    let _ = js_sys::Reflect::set(object, &JsValue::from_str(name), value);
}

/// The core's sentence, with the numbers written by JavaScript: Rust's own formatter would cost 12 kB.
fn sentence(error: &Error) -> String {
    let mut out = String::new();
    // A String takes everything.
    let _ = error.write_with(&mut out, |out, x| {
        let text: String = js_sys::Number::from(x).to_string_with_radix(10).map(Into::into).unwrap_or_default();
        fmt::Write::write_str(out, &text)
    });
    out
}
