//! What the panels on limits, clients, growth and probes ask.
use proxy_concurrency::snippet::{SnippetInput, snippet as write};
use wasm_bindgen::prelude::*;

use crate::{decode, encode, refusals};

/// A program that keeps to the cap.
#[wasm_bindgen(unchecked_return_type = "Snippet")]
pub fn snippet(#[wasm_bindgen(unchecked_param_type = "SnippetInput")] record: &JsValue) -> Result<JsValue, JsValue> {
    let answer = SnippetInput::from_value(&decode::value(record)).and_then(|input| write(&input));
    encode(&answer.map_err(|errors| refusals(&errors, record))?)
}
#[wasm_bindgen(js_name = environmentFields, unchecked_return_type = "Field[]")]
pub fn environment_fields() -> Result<JsValue, JsValue> {
    encode(&[0u8; 0])
}
