//! A text as a literal of the language that it lands in: quotes included, ASCII only, on one line.
//!
//! Everything but printable ASCII is written as an escape, so that no value can end its literal, start a comment or a
//! directive, or look like something else to a reader.

use alloc::format;
use alloc::string::String;

/// Between `quote`s, with `escape` writing what is no printable ASCII, a quote or a backslash.
fn quoted(text: &str, also: &[char], escape: impl Fn(&mut String, char)) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        if matches!(c, ' '..='~') && c != '"' && c != '\\' && !also.contains(&c) {
            out.push(c);
        } else {
            escape(&mut out, c);
        }
    }
    out.push('"');
    out
}

/// The same in a language where a backslash keeps a quote and a backslash, as in most.
fn backslashed(text: &str, also: &[char], escape: impl Fn(&mut String, char)) -> String {
    quoted(text, also, |out, c| match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        _ => escape(out, c),
    })
}

/// `\uXXXX`, beyond 16 bits as two surrogates.
fn utf16(out: &mut String, c: char) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        out.push_str(&format!("\\u{unit:04x}"));
    }
}

/// `\uXXXX` or `\UXXXXXXXX`.
fn code_point(out: &mut String, c: char) {
    match c {
        '\u{0}'..='\u{ffff}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        _ => out.push_str(&format!("\\U{:08x}", u32::from(c))),
    }
}

/// A Python string.
#[must_use]
pub fn python(text: &str) -> String {
    backslashed(text, &[], code_point)
}

/// A Go interpreted string.
#[must_use]
pub fn go(text: &str) -> String {
    backslashed(text, &[], code_point)
}

/// A JSON string, which is a JavaScript string too; `<` is escaped, so that it stays one inside an HTML script element.
#[must_use]
pub fn javascript(text: &str) -> String {
    backslashed(text, &['<'], utf16)
}

/// A Rust string.
#[must_use]
pub fn rust(text: &str) -> String {
    backslashed(text, &[], |out, c| out.push_str(&format!("\\u{{{:x}}}", u32::from(c))))
}

/// One word of a POSIX shell. A shell has no word with NUL in it: that is left out.
#[must_use]
pub fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\0', "").replace('\'', r"'\''"))
}

/// One word of an HAProxy configuration. HAProxy has no word with NUL in it: that is left out.
#[must_use]
pub fn haproxy(text: &str) -> String {
    quoted(text, &['$', '#', '\''], |out, c| {
        for b in c.encode_utf8(&mut [0; 4]).bytes().filter(|b| *b != 0) {
            out.push_str(&format!("\\x{b:02x}"));
        }
    })
}
