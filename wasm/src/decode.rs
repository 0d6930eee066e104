//! A JavaScript value as the core's untyped [`Value`].
//!
//! serde-wasm-bindgen would do it too, but its refusals format numbers, and Rust's number formatter alone is a quarter
//! of the budget in bytes; this walk refuses nothing, which is what the core wants.

use core::iter::from_fn;
use core::slice::Iter;

use proxy_concurrency::Value;
use wasm_bindgen::JsValue;

use crate::border::{self, LIST, NO, NOTHING, NUMBER, RECORD, TEXT, YES};

pub(crate) fn value(js: &JsValue) -> Value {
    next(&mut border::flat(js).iter()).unwrap_or_default()
}

/// The value that the tape goes on with; `None` at the end of a list or a record.
fn next(tape: &mut Iter<'_, f64>) -> Option<Value> {
    let kind = byte(tape)?;
    Some(match kind {
        border::END => return None,
        NOTHING => Value::Nothing,
        NO | YES => Value::Switch(kind == YES),
        NUMBER => Value::Number(*tape.next()?),
        TEXT => Value::Text(text(tape)?),
        LIST => Value::List(from_fn(|| next(tape)).collect()),
        RECORD => Value::Record(from_fn(|| named(tape)).collect()),
        _ => Value::Other,
    })
}

fn named(tape: &mut Iter<'_, f64>) -> Option<(String, Value)> {
    match next(tape)? {
        Value::Text(name) => Some((name, next(tape)?)),
        _ => None,
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what `flat` wrote there")]
fn byte(tape: &mut Iter<'_, f64>) -> Option<u8> {
    tape.next().map(|kind| *kind as u8)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length, and code points")]
fn text(tape: &mut Iter<'_, f64>) -> Option<String> {
    let length = *tape.next()? as usize;
    // Half of a surrogate pair is none.
    let character = |point: &f64| char::from_u32(*point as u32).unwrap_or(char::REPLACEMENT_CHARACTER);
    Some(tape.by_ref().take(length).map(character).collect())
}
