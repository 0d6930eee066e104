//! A JavaScript value as the core's untyped [`Value`].
//!
//! serde-wasm-bindgen would do it too, but its refusals format numbers, and Rust's number formatter alone is a quarter
//! of the budget in bytes; this walk refuses nothing, which is what the core wants.

use js_sys::{Array, Object};
use proxy_concurrency::Value;
use wasm_bindgen::{JsCast as _, JsValue};

/// A plan tier is a record in a list in the scenario; what lies deeper is not looked at, so that an object that holds
/// itself ends.
const DEEPEST: u8 = 3;
/// One more than any list takes: the rest is passed over, and the list is refused for its length.
const MOST_ITEMS: u32 = 10_001;

pub(crate) fn value(js: &JsValue) -> Value {
    nested(js, 0)
}

fn nested(js: &JsValue, depth: u8) -> Value {
    if js.is_undefined() || js.is_null() {
        Value::Nothing
    } else if let Some(x) = js.as_f64() {
        Value::Number(x)
    } else if let Some(text) = js.as_string() {
        Value::Text(text)
    } else if let Some(x) = js.as_bool() {
        Value::Switch(x)
    } else if depth >= DEEPEST {
        Value::Other
    } else if let Some(items) = js.dyn_ref::<Array>() {
        let items = (0..items.length().min(MOST_ITEMS)).map(|i| nested(&items.get(i), depth + 1));
        Value::List(items.collect())
    } else if let Some(object) = js.dyn_ref::<Object>().filter(|_| !js.is_function()) {
        let entries = Object::entries(object);
        let entry = |i| {
            let pair: Array = entries.get(i).unchecked_into();
            Some((pair.get(0).as_string()?, nested(&pair.get(1), depth + 1)))
        };
        Value::Record((0..entries.length()).filter_map(entry).collect())
    } else {
        Value::Other
    }
}
