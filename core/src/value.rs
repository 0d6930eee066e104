//! What arrives from JSON or JavaScript, before any field is looked at.
//!
//! Decoding into this tree never refuses: a word where a number belongs is kept, so that the refusal can name the
//! field, the value and the allowed range, which a format's own error cannot.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Error, Given, Rule};
use crate::math;
use crate::units::within;

/// A piece of untyped input.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// `null`, `undefined` or left out.
    #[default]
    Nothing,
    /// `true` or `false`.
    Switch(bool),
    /// A number, possibly NaN or infinite.
    Number(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// A record, in the order in which it came.
    Record(Vec<(String, Value)>),
    /// Something nested deeper than any field is, or of a kind that no field takes.
    Other,
}

/// Longest piece of a text that a refusal repeats, in characters.
const QUOTED: usize = 60;

impl Value {
    /// As a refusal repeats it.
    pub(crate) fn given(&self) -> Given {
        match self {
            Self::Nothing => Given::Nothing,
            Self::Number(x) => Given::Number(*x),
            Self::Switch(true) => Given::Named("true"),
            Self::Switch(false) => Given::Named("false"),
            Self::Text(text) => Given::Text(shortened(text)),
            Self::List(_) => Given::Named("a list"),
            Self::Record(_) => Given::Named("a record"),
            Self::Other => Given::Named("what was given"),
        }
    }

    /// The parts of a record.
    ///
    /// # Errors
    /// What is none, as `name`, in these `words`.
    pub(crate) fn record(&self, name: &'static str, words: &'static str) -> Result<&[(String, Self)], Error> {
        match self {
            Self::Record(record) => Ok(record),
            other => Err(Error { field: name, value: other.given(), rule: Rule::Told(words) }),
        }
    }

    /// A whole number from `min` to `max`.
    pub(crate) fn whole(&self, min: u32, max: u32) -> Option<u32> {
        match self {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number in the range")]
            Self::Number(x) if within(*x, min.into(), max.into()) && math::is_whole(*x) => Some(*x as u32),
            _ => None,
        }
    }
}

/// The part of that name; of a name that came twice, the last counts, as in JSON.
pub(crate) fn part<'a>(record: &'a [(String, Value)], name: &str) -> &'a Value {
    record.iter().rev().find(|(key, _)| key == name).map_or(&Value::Nothing, |(_, value)| value)
}

/// Refusals, by the record's `name`, of the parts that it does not have.
pub(crate) fn unknown<'a>(
    record: &'a [(String, Value)],
    name: &'static str,
    has: impl Fn(&str) -> bool + 'a,
) -> impl Iterator<Item = Error> + 'a {
    let strange = record.iter().filter(move |(key, _)| !has(key));
    strange.map(move |(key, _)| Error { field: name, value: Given::Text(shortened(key)), rule: Rule::Known })
}

/// `text`, cut after [`QUOTED`] characters.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => {
            let mut out = text.get(..end).unwrap_or_default().to_owned();
            out.push('…');
            out
        }
        None => text.to_owned(),
    }
}

#[cfg(feature = "serde")]
mod decode {
    use super::{Value, Vec};
    use alloc::borrow::ToOwned as _;
    use alloc::string::String;
    use core::fmt;
    use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

    /// A plan tier is a record in a list in the scenario; what lies deeper is not looked at, so that a
    /// self-referring object cannot exhaust the stack.
    const DEEPEST: u8 = 4;
    /// More items than any list takes: the rest is passed over, and the list is refused for its length.
    const MOST_ITEMS: usize = 10_001;

    #[derive(Clone, Copy)]
    struct Depth(u8);

    impl<'de> DeserializeSeed<'de> for Depth {
        type Value = Value;

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
            if self.0 >= DEEPEST {
                return deserializer.deserialize_ignored_any(IgnoredAny).map(|_| Value::Other);
            }
            deserializer.deserialize_any(self)
        }
    }

    impl<'de> Visitor<'de> for Depth {
        type Value = Value;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a record of fields")
        }
        fn visit_unit<E>(self) -> Result<Value, E> {
            Ok(Value::Nothing)
        }
        fn visit_none<E>(self) -> Result<Value, E> {
            Ok(Value::Nothing)
        }
        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
            self.deserialize(deserializer)
        }
        fn visit_bool<E>(self, x: bool) -> Result<Value, E> {
            Ok(Value::Switch(x))
        }
        #[expect(clippy::cast_precision_loss, reason = "every limit lies far below 2⁵³")]
        fn visit_i64<E>(self, x: i64) -> Result<Value, E> {
            Ok(Value::Number(x as f64))
        }
        #[expect(clippy::cast_precision_loss, reason = "every limit lies far below 2⁵³")]
        fn visit_u64<E>(self, x: u64) -> Result<Value, E> {
            Ok(Value::Number(x as f64))
        }
        fn visit_f64<E>(self, x: f64) -> Result<Value, E> {
            Ok(Value::Number(x))
        }
        fn visit_char<E>(self, x: char) -> Result<Value, E> {
            Ok(Value::Text(x.into()))
        }
        fn visit_str<E>(self, x: &str) -> Result<Value, E> {
            Ok(Value::Text(x.to_owned()))
        }
        fn visit_string<E>(self, x: String) -> Result<Value, E> {
            Ok(Value::Text(x))
        }
        fn visit_bytes<E>(self, _: &[u8]) -> Result<Value, E> {
            Ok(Value::Other)
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
            let mut list = Vec::new();
            while let Some(item) = items.next_element_seed(Depth(self.0 + 1))? {
                list.push(item);
                if list.len() == MOST_ITEMS {
                    while items.next_element::<IgnoredAny>()?.is_some() {}
                    break;
                }
            }
            Ok(Value::List(list))
        }
        fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
            let mut record = Vec::new();
            while let Some(key) = entries.next_key_seed(Depth(self.0 + 1))? {
                let value = entries.next_value_seed(Depth(self.0 + 1))?;
                if let Value::Text(name) = key {
                    record.push((name, value));
                }
            }
            Ok(Value::Record(record))
        }
    }

    impl<'de> Deserialize<'de> for Value {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            Depth(0).deserialize(deserializer)
        }
    }
}
