//! What the core refuses, as `border.js` throws it.

use core::fmt;

use proxy_concurrency::{Error, Errors, Rule};
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::{border, encode};

/// What is thrown where `given`, or fields of it, were refused.
pub(crate) fn refusals(errors: &Errors, given: &JsValue) -> JsValue {
    // One by one: what takes a single value of JavaScript's would be imported with its whole module, as an object.
    let all: Result<Vec<_>, _> = errors.iter().map(|error| encode(&Refusal::new(error))).collect();
    all.map_or_else(|error| error, |all| border::thrown(all, given))
}

/// JavaScript adds what was given: itself, not a shortened copy.
#[derive(Serialize)]
struct Refusal<'a> {
    message: Sentence,
    field: &'a str,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u32>,
    // The rules of fields are in their table; records of their own have none.
    #[cfg(feature = "advice")]
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<f64>,
    #[cfg(feature = "advice")]
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<f64>,
    #[cfg(feature = "advice")]
    #[serde(skip_serializing_if = "Option::is_none")]
    whole: Option<bool>,
    #[cfg(feature = "advice")]
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'static str>,
}

impl<'a> Refusal<'a> {
    fn new(error: &'a Error) -> Self {
        #[cfg(feature = "advice")]
        let (min, max, whole, unit) = match error.rule() {
            Rule::Number { min, max, whole, unit } => (Some(*min), Some(*max), Some(*whole), Some(*unit)),
            Rule::List { min, max } => (Some(f64::from(*min)), Some(f64::from(*max)), None, None),
            _ => (None, None, None, None),
        };
        Self {
            message: Sentence::of(error),
            field: error.field(),
            code: error.code(),
            index: if let Rule::Item { index, .. } = error.rule() { Some(*index) } else { None },
            #[cfg(feature = "advice")]
            min,
            #[cfg(feature = "advice")]
            max,
            #[cfg(feature = "advice")]
            whole,
            #[cfg(feature = "advice")]
            unit,
        }
    }
}

/// The core's sentence in pieces: JavaScript writes the numbers between the texts, since Rust's own formatter would cost 12 kB.
#[derive(Default, Serialize)]
struct Sentence(Vec<Piece>);

#[derive(Serialize)]
#[serde(untagged)]
enum Piece {
    Text(String),
    Number(f64),
}

impl Sentence {
    fn of(error: &Error) -> Self {
        let mut sentence = Self::default();
        // A list takes everything.
        let _ = error.write_with(&mut sentence, |sentence, x| {
            sentence.0.push(Piece::Number(x));
            Ok(())
        });
        sentence
    }
}

impl fmt::Write for Sentence {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.push(Piece::Text(text.into()));
        Ok(())
    }
}
