//! A complete program, for a client library or as a local balancer, that keeps to a plan's connections.
//!
//! Each is run as it stands, by the tests of this repository, against a real proxy that counts its connections. What a
//! user typed is checked here and escaped for the language that it lands in.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

pub mod escape;
mod requests;
mod url;

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Error, Given, Rule};
use crate::math;
use crate::scenario::Errors;
use crate::units::within;
use crate::value::{Value, shortened};
use url::{Proxy, Scheme};

/// What sends the requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Client {
    /// Python, requests.
    Requests,
    /// Python, aiohttp.
    Aiohttp,
    /// Python, httpx.
    Httpx,
    /// Python, Scrapy.
    Scrapy,
    /// Node.js, undici.
    Undici,
    /// Node.js, its own `fetch`.
    NodeFetch,
    /// Go, net/http.
    Go,
    /// Rust, reqwest.
    Reqwest,
    /// The command line, curl.
    Curl,
    /// Browsers, by Playwright.
    Playwright,
    /// HAProxy as a local balancer, for any client.
    Haproxy,
}

/// The words for [`Client`], in its order.
pub const CLIENTS: &[&str] = &[
    "requests",
    "aiohttp",
    "httpx",
    "scrapy",
    "undici",
    "node-fetch",
    "go",
    "reqwest",
    "curl",
    "playwright",
    "haproxy",
];

impl Client {
    /// All of them, in the order of [`CLIENTS`].
    pub const ALL: [Self; 11] = [
        Self::Requests,
        Self::Aiohttp,
        Self::Httpx,
        Self::Scrapy,
        Self::Undici,
        Self::NodeFetch,
        Self::Go,
        Self::Reqwest,
        Self::Curl,
        Self::Playwright,
        Self::Haproxy,
    ];
}

/// Most connections that one program is written for.
pub const MAX_CAP: u32 = 10_000;
/// Most destinations that are written into a program.
pub const MAX_URLS: u32 = 1000;

/// What a program is written from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct SnippetInput {
    /// What sends the requests.
    pub client: Client,
    /// Connections that the plan allows at once, 1 to [`MAX_CAP`].
    pub cap: u32,
    /// `scheme://[user[:password]@]host[:port]` of the proxy, where the scheme is http, https, socks5 or socks5h.
    pub proxy_url: String,
    /// Destinations: 1 to [`MAX_URLS`] URLs of http or https.
    pub urls: Vec<String>,
}

/// A program that keeps to the cap.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Snippet {
    /// Its files: the first is the one to read.
    pub files: Vec<File>,
    /// The first file's language, as syntax highlighters call it.
    pub language: &'static str,
    /// The versions that it is written for.
    pub versions: &'static str,
    /// The command that gets what it needs; empty where there is none.
    pub install: &'static str,
    /// The command that runs it, in the folder of its files.
    pub run: &'static str,
    /// What it holds to the cap.
    pub caps: Caps,
    /// What it does not, in one sentence.
    pub not_capped: &'static str,
    /// Most connections that the proxy sees at once.
    pub promised_connections: u32,
}

/// One file of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct File {
    /// Its name, relative to the folder in which the program runs.
    pub name: &'static str,
    /// What is in it.
    pub text: String,
}

/// What a program holds to the cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Caps {
    /// Connections that are open at the proxy, idle ones too.
    OpenConnections,
    /// Requests in flight; connections that are just being closed come on top.
    RequestsInFlight,
}

const PROXY_URL: &str = "must be a URL such as http://user:password@proxy.example:8080, with http, https or socks5, a host, \
                         a port from 1 to 65535, no path, and at most 2048 characters";
const NO_SOCKS: &str = "must begin with http:// or https://: this client speaks no SOCKS";
const URL: &str = "must be http:// or https:// URLs of at most 2048 characters, without a user, \
                   with a host outside ASCII as xn--";

/// An input that was taken.
struct Checked {
    cap: u32,
    proxy: Proxy,
    /// As RFC 3986 has them: printable ASCII, without spaces, quotation marks, backslashes and brackets of any kind but
    /// IPv6's.
    urls: Vec<String>,
}

impl SnippetInput {
    /// Reads a record of `client`, `cap`, `proxyUrl` and `urls`, whose values may be of any type.
    ///
    /// # Errors
    /// Every field that is missing, of a wrong type or outside its limits, and unknown fields.
    pub fn from_value(value: &Value) -> Result<Self, Errors> {
        let Value::Record(record) = value else {
            let rule = Rule::Told("must be a record of client, cap, proxyUrl and urls");
            return Err(Errors::new(alloc::vec![Error { field: "snippet", value: value.given(), rule }]));
        };
        // Of a name that came twice, the last counts, as in JSON.
        let field = |name| record.iter().rev().find(|(key, _)| key == name).map_or(&Value::Nothing, |(_, value)| value);
        let mut errors = Vec::new();
        let client = match field("client") {
            Value::Text(word) => CLIENTS.iter().position(|client| client == word),
            _ => None,
        };
        let client = client.and_then(|i| Client::ALL.get(i).copied());
        if client.is_none() {
            errors.push(Error { field: "client", value: field("client").given(), rule: Rule::Choice(CLIENTS) });
        }
        let cap = match field("cap") {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number in the range")]
            Value::Number(x) if within(*x, 1.0, f64::from(MAX_CAP)) && math::is_whole(*x) => *x as u32,
            other => {
                errors.push(Error { value: other.given(), ..bad_cap(0) });
                1
            }
        };
        let proxy_url = match field("proxyUrl") {
            Value::Text(text) => text.clone(),
            other => {
                errors.push(Error { field: "proxyUrl", value: other.given(), rule: Rule::Told(PROXY_URL) });
                String::new()
            }
        };
        let mut urls = Vec::new();
        match field("urls") {
            Value::List(items) => {
                for item in items {
                    match item {
                        Value::Text(text) => urls.push(text.clone()),
                        other => errors.push(Error { field: "urls", value: other.given(), rule: Rule::Told(URL) }),
                    }
                }
            }
            other => errors.push(Error { value: other.given(), ..bad_count(0) }),
        }
        for (name, _) in record {
            if !["client", "cap", "proxyUrl", "urls"].contains(&name.as_str()) {
                errors.push(Error { field: "snippet", value: Given::Text(shortened(name)), rule: Rule::Known });
            }
        }
        let input = Self { client: client.unwrap_or(Client::Requests), cap, proxy_url, urls };
        if let Err(more) = input.check() {
            // What has been refused for its type is not refused again for the value that stands in for it.
            let refused: Vec<&str> = errors.iter().map(|e| e.field).collect();
            errors.extend(more.iter().filter(|e| !refused.contains(&e.field)).cloned());
        }
        if errors.is_empty() { Ok(input) } else { Err(Errors::new(errors)) }
    }

    fn check(&self) -> Result<Checked, Errors> {
        let mut errors = Vec::new();
        if !(1..=MAX_CAP).contains(&self.cap) {
            errors.push(bad_cap(self.cap));
        }
        let proxy = url::proxy(&self.proxy_url);
        let socks = proxy.as_ref().is_some_and(|proxy| proxy.scheme == Scheme::Socks5);
        let rule = match self.client {
            _ if proxy.is_none() => Some(PROXY_URL),
            Client::Aiohttp | Client::Scrapy | Client::NodeFetch if socks => Some(NO_SOCKS),
            _ => None,
        };
        let given = || Given::Text(shortened(&self.proxy_url));
        errors.extend(rule.map(|words| Error { field: "proxyUrl", value: given(), rule: Rule::Told(words) }));
        if self.urls.is_empty() || u32::try_from(self.urls.len()).map_or(true, |n| n > MAX_URLS) {
            errors.push(bad_count(self.urls.len()));
        }
        let mut urls = Vec::with_capacity(self.urls.len());
        for text in &self.urls {
            match url::destination(text) {
                Some(url) => urls.push(url),
                None => {
                    errors.push(Error { field: "urls", value: Given::Text(shortened(text)), rule: Rule::Told(URL) });
                    break;
                }
            }
        }
        match proxy {
            Some(proxy) if errors.is_empty() => Ok(Checked { cap: self.cap, proxy, urls }),
            _ => Err(Errors::new(errors)),
        }
    }
}

fn bad_cap(cap: u32) -> Error {
    Error::number("cap", f64::from(cap), 1.0, f64::from(MAX_CAP), true, "connections")
}

fn bad_count(count: usize) -> Error {
    let value = if count == 0 { Given::Nothing } else { Given::Named("more") };
    Error { field: "urls", value, rule: Rule::List { min: 1, max: MAX_URLS } }
}

/// Writes the program.
///
/// # Errors
/// A cap of 0 or above [`MAX_CAP`]; a proxy URL that is not one or that the client cannot use; no destination, too many,
/// or one that is not a URL of http or https.
/// # Examples
/// ```
/// use proxy_concurrency::snippet::{Client, SnippetInput, snippet};
/// let input = SnippetInput {
///     client: Client::Requests,
///     cap: 157,
///     proxy_url: "http://user:pass@proxy.example:8080".into(),
///     urls: vec!["https://example.com/".into()],
/// };
/// let program = snippet(&input)?;
/// assert_eq!(program.promised_connections, 157);
/// assert!(program.files[0].text.contains("CAP = 157"));
/// # Ok::<(), proxy_concurrency::Errors>(())
/// ```
pub fn snippet(input: &SnippetInput) -> Result<Snippet, Errors> {
    let checked = input.check()?;
    Ok(match input.client {
        Client::Requests => requests::snippet(&checked),
        // Each in a file of its own.
        _ => requests::snippet(&checked),
    })
}

/// `template` with each `{{name}}` replaced by the text of that name, in one pass: what is put in is not looked at again.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let found = after.split_once("}}").and_then(|(name, after)| {
            values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value, after))
        });
        let (value, after) = found.unwrap_or(("{{", after));
        out.push_str(value);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The items as literals, each on a line of its own that begins with `indent` and ends with a comma.
fn lines(items: &[String], indent: &str, literal: fn(&str) -> String) -> String {
    let mut out = String::new();
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push('\n');
        }
        out.push_str(indent);
        out.push_str(&literal(item));
        out.push(',');
    }
    out
}

/// A whole number in decimal digits.
fn digits(n: u32) -> String {
    alloc::format!("{n}")
}
