//! A JavaScript value as the core's untyped [`Value`].
//!
//! serde-wasm-bindgen would do it too, but its refusals format numbers, and Rust's number formatter alone is a quarter
//! of the budget in bytes; this walk refuses nothing, which is what the core wants.

use js_sys::{Array, Object, Reflect};
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
    } else if depth >= DEEPEST || !js.is_object() {
        Value::Other
    } else {
        // What throws on being looked at (a getter, a proxy) is refused like anything else that no field takes.
        composite(js, depth + 1).unwrap_or(Value::Other)
    }
}

/// Looks into an object through `Reflect` alone, which hands exceptions back. One that passed through this module instead
/// would leave its stack pointer where it was, and some hundreds of them its stack used up for good.
fn composite(js: &JsValue, depth: u8) -> Result<Value, JsValue> {
    let object: &Object = js.unchecked_ref();
    // Throws for a revoked proxy, as `Array.isArray` would.
    Reflect::get_prototype_of(js)?;
    if Array::is_array(js) {
        let length = Reflect::get(js, &JsValue::from_str("length"))?.as_f64().unwrap_or(0.0);
        let length = (0..MOST_ITEMS).take_while(|i| f64::from(*i) < length);
        return Ok(Value::List(
            length.map(|i| Ok(nested(&Reflect::get_u32(object, i)?, depth))).collect::<Result<_, JsValue>>()?,
        ));
    }
    let mut record = Vec::new();
    for key in Reflect::own_keys(object)?.iter() {
        // Symbols name no field.
        if let Some(name) = key.as_string() {
            record.push((name, nested(&Reflect::get(js, &key)?, depth)));
        }
    }
    Ok(Value::Record(record))
}
