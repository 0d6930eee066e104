//! Pasted text to lines: what one request answered, after how long, and what else is known of it.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Answer, Failure};
use crate::error::{Error, Given, Rule};
use crate::units::{MAX_SECONDS, within};

/// Longest text that is read, in bytes.
pub const MAX_TEXT: usize = 1_000_000;
/// Most lines that are read: as many as there are measurements in a list elsewhere.
pub const MAX_LINES: usize = 10_000;

/// One request.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    /// Its line in the text, from 1.
    pub(super) number: u32,
    pub(super) answer: Answer,
    /// From its start until it was over, in seconds.
    pub(super) seconds: f64,
    /// When it started, on a clock that all lines share.
    pub(super) start: Option<f64>,
    /// From its start to the proxy's answer to CONNECT.
    pub(super) connect: Option<f64>,
    /// From its start to the last byte; the connection may have been held longer.
    pub(super) done: Option<f64>,
    /// The target answered, through the tunnel; `false`: the proxy did.
    pub(super) by_target: Option<bool>,
    /// The address or credential that it went by.
    pub(super) ip: Option<String>,
    /// Connections that were held open without a request on them.
    pub(super) idle: Option<u32>,
}

/// What a text holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Text {
    pub(super) lines: Vec<Line>,
    /// Lines that are neither a request nor a header, comment or blank.
    pub(super) unread: Vec<u32>,
    /// `Status codes: {200, 503}`
    pub(super) statuses: Vec<Answer>,
    /// `Latency range: 5.1s – 9.8s`
    pub(super) range: Option<(f64, f64)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Column {
    Status,
    Seconds,
    Milliseconds,
    Start,
    Connect,
    Done,
    By,
    Ip,
    Idle,
    Ignored,
}

const PLAIN: [Column; 2] = [Column::Status, Column::Seconds];

pub(super) fn parse(text: &str) -> Result<Text, Error> {
    let refuse = |value, rule| Error { field: "text", value, rule: Rule::Told(rule) };
    if text.len() > MAX_TEXT {
        return Err(refuse(Given::Nothing, "must not be longer than 1000000 bytes"));
    }
    let mut out = Text::default();
    let mut columns: Option<Vec<Column>> = None;
    for (i, raw) in text.lines().enumerate() {
        let line = raw.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let number = u32::try_from(i + 1).unwrap_or(u32::MAX);
        if line.is_empty() || line.starts_with('#') || out.summary(line) {
            continue;
        }
        // The article's script gives `(status, seconds)`; a printed list has many on one line.
        let tuples = line.contains('(').then(|| line.split('(').skip(1).filter_map(|x| x.split(')').next()));
        let before = out.lines.len();
        if let Some(tuples) = tuples {
            out.lines.extend(tuples.filter_map(|tuple| Line::read(number, &fields(tuple), &PLAIN)));
        } else {
            let fields = fields(line);
            if columns.is_none() && out.lines.is_empty() {
                columns = header(&fields);
                if columns.is_some() {
                    continue;
                }
            }
            out.lines.extend(Line::read(number, &fields, columns.as_deref().unwrap_or(&PLAIN)));
        }
        if out.lines.len() == before {
            out.unread.push(number);
        }
        if out.lines.len() > MAX_LINES {
            return Err(refuse(Given::Nothing, "must not have more than 10000 lines of measurements"));
        }
    }
    if out.lines.is_empty() && out.statuses.is_empty() && out.range.is_none() {
        let given = if text.trim().is_empty() { Given::Nothing } else { Given::Text(crate::value::shortened(text)) };
        return Err(refuse(given, "must have lines of `status seconds`, such as `200 1.02` or `reset 0.01`"));
    }
    Ok(out)
}

impl Text {
    /// Reads a line of the article's summary; `true` if it is one.
    fn summary(&mut self, line: &str) -> bool {
        let after = |words: &str| {
            let (first, rest) = line.split_once(':')?;
            first.trim().eq_ignore_ascii_case(words).then_some(rest)
        };
        if let Some(rest) = after("status codes") {
            let words = rest.split(|c: char| "{}[](), ".contains(c)).filter(|word| !word.is_empty());
            self.statuses.extend(words.filter_map(answer).take(100));
            return !self.statuses.is_empty();
        }
        let Some(rest) = after("latency range") else { return false };
        let mut ends = rest.split(['–', '—', '-']).map(|x| seconds(x.trim(), 1.0));
        match (ends.next().flatten(), ends.next().flatten()) {
            (Some(low), Some(high)) if low <= high => self.range = Some((low, high)),
            _ => return false,
        }
        true
    }
}

/// Cells of a line: by tab, by semicolon, by white space, or by comma where there is nothing else.
fn fields(line: &str) -> Vec<&str> {
    let tidy = |x| str::trim_matches(x, |c: char| c.is_whitespace() || c == '"' || c == '\'');
    if let Some(separator) = ['\t', ';'].into_iter().find(|c| line.contains(*c)) {
        return line.split(separator).map(tidy).collect();
    }
    let words = line.split_whitespace();
    if words.clone().count() == 1 || words.clone().any(|word| word == ",") {
        return line.split(',').map(tidy).collect();
    }
    words.map(|word| tidy(word.strip_suffix(',').unwrap_or(word))).collect()
}

/// The columns that a header names; `None` for a line that is no header.
fn header(cells: &[&str]) -> Option<Vec<Column>> {
    let column = |name: &&str| match name.to_ascii_lowercase().as_str() {
        "status" | "code" | "http_code" => Column::Status,
        "seconds" | "time" | "latency" | "elapsed" | "time_total" | "s" => Column::Seconds,
        "milliseconds" | "latency_ms" | "time_ms" | "ms" => Column::Milliseconds,
        "start" => Column::Start,
        "connect" => Column::Connect,
        "done" => Column::Done,
        "by" => Column::By,
        "ip" => Column::Ip,
        "idle" => Column::Idle,
        _ => Column::Ignored,
    };
    let columns: Vec<Column> = cells.iter().map(column).collect();
    let has = |wanted: &[Column]| columns.iter().filter(|c| wanted.contains(c)).count() == 1;
    (has(&[Column::Status]) && has(&[Column::Seconds, Column::Milliseconds])).then_some(columns)
}

impl Line {
    fn read(number: u32, cells: &[&str], columns: &[Column]) -> Option<Self> {
        // `200 2.5 s`
        let (cells, unit) = match cells {
            [first @ .., last] if cells.len() == 3 && columns == PLAIN => (first, scale(last)?),
            all => (all, 1.0),
        };
        if cells.len() > columns.len() {
            return None;
        }
        let cell = |wanted: Column| {
            let found = columns.iter().zip(cells).find(|(column, _)| **column == wanted)?.1;
            (!found.is_empty() && *found != "-").then_some(*found)
        };
        // A cell that is there must be right.
        let time = |wanted| cell(wanted).map(|x| seconds(x, 1.0)).map_or(Some(None), |x| x.map(Some));
        let seconds = match (cell(Column::Seconds), cell(Column::Milliseconds)) {
            (Some(x), _) => seconds(x, unit)?,
            (None, Some(x)) => seconds(x, 1e-3)?,
            _ => return None,
        };
        let by_target = match cell(Column::By) {
            None => None,
            Some("proxy") => Some(false),
            Some("target") => Some(true),
            Some(_) => return None,
        };
        let line = Self {
            number,
            answer: answer(cell(Column::Status)?)?,
            seconds,
            start: match cell(Column::Start) {
                None => None,
                // A clock may count from 1970.
                Some(x) => Some(number_within(x, 1e12)?),
            },
            connect: time(Column::Connect)?,
            done: time(Column::Done)?,
            by_target,
            ip: cell(Column::Ip).map(crate::value::shortened),
            idle: match cell(Column::Idle) {
                None => None,
                Some(x) => Some(x.parse().ok()?),
            },
        };
        let known = [line.connect, line.done].into_iter().flatten().all(|x| x <= line.seconds);
        known.then_some(line)
    }
}

/// Seconds in a number's unit.
fn scale(unit: &str) -> Option<f64> {
    match unit {
        "s" | "sec" | "secs" | "seconds" => Some(1.0),
        "ms" | "msec" | "milliseconds" => Some(1e-3),
        _ => None,
    }
}

/// A time such as `2.5`, `2,5`, `2.5s` or `2500ms`, in seconds; a bare number counts in `unit`.
fn seconds(text: &str, unit: f64) -> Option<f64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = if digits.len() == text.len() { unit } else { scale(text.get(digits.len()..)?)? };
    let x = number_within(digits.trim_end(), MAX_SECONDS / unit)? * unit;
    within(x, 0.0, MAX_SECONDS).then_some(x)
}

/// Digits with a decimal point or comma, from 0 to `max`: no sign, no `inf`, no thousands separator.
fn number_within(text: &str, max: f64) -> Option<f64> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '.') || text.len() > 40 {
        return None;
    }
    let x: f64 = match text.split_once(',') {
        Some((whole, fraction)) if !text.contains('.') => [whole, fraction].join(".").parse().ok()?,
        _ => text.parse().ok()?,
    };
    within(x, 0.0, max).then_some(x + 0.0)
}

/// A status code, or a word for a connection that failed: Python's, Node's and curl's names among them.
fn answer(text: &str) -> Option<Answer> {
    if text.len() == 3 && text.bytes().all(|c| c.is_ascii_digit()) {
        return match text.parse().ok()? {
            // curl's `%{http_code}` where there was no answer.
            0 => Some(Answer::Failed(Failure::Other)),
            code @ 100.. => Some(Answer::Status(code)),
            _ => None,
        };
    }
    let word = text.get(..text.len().min(60))?.to_ascii_lowercase().replace(['_', '-'], "");
    let has = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    Some(Answer::Failed(match () {
        () if word == "ok" => return Some(Answer::Status(200)),
        () if has(&["reset", "brokenpipe", "epipe"]) => Failure::Reset,
        () if has(&["timeout", "timedout"]) => Failure::TimedOut,
        () if has(&["eof", "closed", "disconnect", "incomplete", "hangup"]) => Failure::Closed,
        () if has(&["refused"]) => Failure::Refused,
        () if has(&["dns", "resol", "gaierror", "notfound"]) => Failure::Unresolved,
        () if has(&["tls", "ssl", "certificate"]) => Failure::Tls,
        () if word.ends_with("error") || word.ends_with("exception") || word == "failed" => Failure::Other,
        () => return None,
    }))
}
