//! Why an input was refused: the field, the value, and what would have been taken.

use core::fmt;

#[cfg(feature = "alloc")]
use alloc::string::String;

/// A refused input.
///
/// It names the field as JSON, JavaScript and the tables do (`responseTimeP95`), holds the value that was given and
/// knows the rule that it broke. [`Display`](fmt::Display) is the whole sentence that a person reads.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    pub(crate) field: &'static str,
    pub(crate) value: Given,
    pub(crate) rule: Rule,
}

/// The value that was given, as far as it is worth keeping.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// Nothing was given.
    Nothing,
    /// A number, possibly NaN or infinite.
    Number(f64),
    /// A text, shortened if it is long.
    #[cfg(feature = "alloc")]
    Text(String),
    /// Something that is neither, by what it is called: `a list`, `true`.
    Named(&'static str),
}

/// What a field takes.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// A number from `min` to `max`, in `unit`.
    Number {
        /// Smallest value that is taken.
        min: f64,
        /// Largest value that is taken.
        max: f64,
        /// Only whole numbers are taken.
        whole: bool,
        /// The unit, empty for a bare number.
        unit: &'static str,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
    /// `true` or `false`.
    Switch,
    /// A list of `min` to `max` items.
    List {
        /// Fewest items.
        min: u32,
        /// Most items.
        max: u32,
    },
    /// The item at `index` (from 0) of a list is not such a number.
    Item {
        /// Position in the list, from 0.
        index: u32,
        /// Smallest value that is taken.
        min: f64,
        /// Largest value that is taken.
        max: f64,
        /// Only whole numbers are taken.
        whole: bool,
    },
    /// Another rule, said in words that follow the field's name.
    Told(&'static str),
    /// There is no field of that name.
    Known,
}

impl Error {
    pub(crate) const fn number(
        field: &'static str,
        value: f64,
        min: f64,
        max: f64,
        whole: bool,
        unit: &'static str,
    ) -> Self {
        Self { field, value: Given::Number(value), rule: Rule::Number { min, max, whole, unit } }
    }

    /// The field's one name, as in JSON; for an unknown field, the name that was given.
    #[must_use]
    pub fn field(&self) -> &str {
        match (&self.rule, &self.value) {
            #[cfg(feature = "alloc")]
            (Rule::Known, Given::Text(name)) => name,
            _ => self.field,
        }
    }

    /// The value that was given.
    #[must_use]
    pub const fn value(&self) -> &Given {
        &self.value
    }

    /// What the field takes.
    #[must_use]
    pub const fn rule(&self) -> &Rule {
        &self.rule
    }

    /// A word for programs: `number`, `choice`, `switch`, `list`, `item`, `told` or `unknown`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self.rule {
            Rule::Number { .. } => "number",
            Rule::Choice(_) => "choice",
            Rule::Switch => "switch",
            Rule::List { .. } => "list",
            Rule::Item { .. } => "item",
            Rule::Told(_) => "told",
            Rule::Known => "unknown",
        }
    }

    /// Writes the sentence that [`Display`](fmt::Display) gives, with `number` writing each number.
    ///
    /// A host that has a number formatter of its own (JavaScript) lends it here, so that a small build need not carry one.
    ///
    /// # Errors
    /// Only what `out` and `number` return.
    pub fn write_with<W: fmt::Write>(&self, out: &mut W, number: fn(&mut W, f64) -> fmt::Result) -> fmt::Result {
        let range = |out: &mut W, min: f64, max: f64, whole: bool| {
            out.write_str(if whole { "a whole number from " } else { "a number from " })?;
            number(out, min)?;
            out.write_str(" to ")?;
            number(out, max)
        };
        out.write_str(self.field())?;
        match &self.rule {
            Rule::Number { min, max, whole, unit } => {
                out.write_str(" must be ")?;
                range(out, *min, *max, *whole)?;
                if !unit.is_empty() {
                    out.write_str(" ")?;
                    out.write_str(unit)?;
                }
            }
            Rule::Item { index, min, max, whole } => {
                out.write_str(": item ")?;
                number(out, f64::from(*index) + 1.0)?;
                out.write_str(" must be ")?;
                range(out, *min, *max, *whole)?;
            }
            Rule::Choice(options) => {
                out.write_str(" must be ")?;
                for (i, option) in options.iter().enumerate() {
                    out.write_str(match i {
                        0 => "",
                        _ if i + 1 == options.len() => " or ",
                        _ => ", ",
                    })?;
                    out.write_str(option)?;
                }
            }
            Rule::Switch => out.write_str(" must be true or false")?,
            Rule::List { min, max } => {
                out.write_str(" must be a list of ")?;
                number(out, f64::from(*min))?;
                out.write_str(" to ")?;
                number(out, f64::from(*max))?;
                out.write_str(" items")?;
            }
            Rule::Told(words) => {
                out.write_str(" ")?;
                return out.write_str(words);
            }
            Rule::Known => return out.write_str(" is not a field"),
        }
        match &self.value {
            Given::Nothing => out.write_str(", and nothing was given"),
            Given::Number(x) => {
                out.write_str(", not ")?;
                number(out, *x)
            }
            #[cfg(feature = "alloc")]
            Given::Text(text) => {
                out.write_str(", not “")?;
                out.write_str(text)?;
                out.write_str("”")
            }
            Given::Named(name) => {
                out.write_str(", not ")?;
                out.write_str(name)
            }
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_with(f, write_number)
    }
}

impl core::error::Error for Error {}

/// Shortest digits that read back as `x`, in the notation of ECMAScript's `Number::toString`, so that native and
/// browser messages are the same to the letter.
pub(crate) fn write_number(out: &mut impl fmt::Write, x: f64) -> fmt::Result {
    if x.is_nan() {
        return out.write_str("NaN");
    }
    if x.is_infinite() {
        return out.write_str(if x > 0.0 { "Infinity" } else { "-Infinity" });
    }
    let size = x.abs();
    if size == 0.0 {
        return out.write_str("0");
    }
    if size >= 1e21 {
        // Rust writes 1e308, ECMAScript 1e+308. The mantissa holds no `e`, so the sign goes in as it streams past.
        struct Plus<'a, W>(&'a mut W);
        impl<W: fmt::Write> fmt::Write for Plus<'_, W> {
            fn write_str(&mut self, s: &str) -> fmt::Result {
                match s.split_once('e') {
                    Some((mantissa, exponent)) => {
                        self.0.write_str(mantissa)?;
                        self.0.write_str("e+")?;
                        self.0.write_str(exponent)
                    }
                    None => self.0.write_str(s),
                }
            }
        }
        return fmt::Write::write_fmt(&mut Plus(out), format_args!("{x:e}"));
    }
    if size < 1e-6 { write!(out, "{x:e}") } else { write!(out, "{x}") }
}

#[cfg(test)]
mod tests {
    use super::write_number;
    use alloc::string::String;

    #[test]
    fn numbers_are_written_as_ecmascript_writes_them() {
        for (x, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (157.0, "157"),
            (156.25, "156.25"),
            (-1.5, "-1.5"),
            (1e-6, "0.000001"),
            (1.5e-7, "1.5e-7"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1e308, "1e+308"),
            (-1.25e300, "-1.25e+300"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            let mut out = String::new();
            write_number(&mut out, x).expect("a String takes everything");
            assert_eq!(out, text);
        }
    }
}
