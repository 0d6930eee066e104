//! WebAssembly binding of `proxy-concurrency`: decode, one core call, encode. No arithmetic.

#[cfg(feature = "advice")]
pub mod advice;
mod decode;

use core::fmt;

use proxy_concurrency::{Error, Errors, Scenario};
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
/// Throws an `Error` with `field`, `value` and `message`, and with `all`, every refusal in the order of the fields.
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

fn answer<T>(scenario: &JsValue, question: fn(&Scenario) -> Result<T, Errors>) -> Result<T, JsValue> {
    let read = Scenario::from_value(&decode::value(scenario));
    read.and_then(|read| question(&read)).map_err(|errors| refusals(&errors, scenario))
}

/// Every field of a scenario: name, kind, limits, default, unit and help.
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
        all.push(&refusal(error.field(), &value, &sentence(error)));
    }
    let first = all.get(0);
    set(&first, "all", &all);
    first
}

fn refusal(field: &str, value: &JsValue, message: &str) -> JsValue {
    let error = js_sys::RangeError::new(message);
    set(&error, "field", &JsValue::from_str(field));
    set(&error, "value", value);
    error.into()
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
