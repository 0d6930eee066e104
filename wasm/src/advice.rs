//! What breaks first, and how to grow: the questions that need to know where the client runs.

use proxy_concurrency::environment::{self, Environment};
use proxy_concurrency::{Errors, Scenario};
use wasm_bindgen::prelude::*;

use crate::{decode, encode, mark, refusals};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "import type { Environment, Limits, Scale } from './types.js';";

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

fn answer<T>(record: &JsValue, question: fn(&Scenario, &Environment) -> Result<T, Errors>) -> Result<T, JsValue> {
    let read = environment::read(&decode::value(record));
    read.and_then(|(scenario, environment)| question(&scenario, &environment))
        .map_err(|errors| refusals(&errors, record))
}
