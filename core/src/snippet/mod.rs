//! A complete program, for a client library or as a local balancer, that keeps to a plan's connections.
//!
//! Each is run as it stands, by the tests of this repository, against a real proxy that counts its connections. What a
//! user typed is checked here and escaped for the language that it lands in.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

mod aiohttp;
mod curl;
pub mod escape;
mod go;
mod haproxy;
mod httpx;
mod playwright;
mod requests;
mod reqwest;
mod scrapy;
mod undici;
mod url;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Error, Given, Rule};
use crate::scenario::Errors;
use crate::value::{Value, part, shortened, unknown};
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

/// Most plans beside the first that are written into a balancer.
pub const MAX_UPSTREAMS: u32 = 100;
/// Where a balancer listens if nothing else is asked for: Squid's port, which many clients know.
pub const LOCAL_PORT: u16 = 3128;

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
    /// Destinations: 1 to [`MAX_URLS`] URLs of http or https. HAProxy asks for the first to see that a plan works.
    pub urls: Vec<String>,
    /// HAProxy only: plans, endpoints or credentials beside the first, at most [`MAX_UPSTREAMS`].
    pub upstreams: Vec<Upstream>,
    /// HAProxy only: the port on 127.0.0.1 that your clients use.
    pub local_port: u16,
}

/// One more plan, endpoint or credential that a balancer spreads connections over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Upstream {
    /// As [`SnippetInput::proxy_url`].
    pub proxy_url: String,
    /// As [`SnippetInput::cap`].
    pub cap: u32,
}

impl SnippetInput {
    /// One plan, and HAProxy, if it is that, on port 3128.
    #[must_use]
    pub fn new(client: Client, cap: u32, proxy_url: &str, urls: &[&str]) -> Self {
        let urls = urls.iter().map(|&url| url.into()).collect();
        Self { client, cap, proxy_url: proxy_url.into(), urls, upstreams: Vec::new(), local_port: LOCAL_PORT }
    }
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
const NO_SOCKS_PASSWORD: &str = "must have no user for SOCKS: browsers do not log in to SOCKS proxies";
const NO_SOCKS: &str = "must begin with http:// or https:// for this client, whose SOCKS is missing or an experiment";
const HTTP_ONLY: &str = "must begin with http:// for this client, which reaches proxies by neither TLS nor SOCKS";
const URL: &str = "must be URLs of http or https with at most 2048 characters, without a user, \
                   and with a host outside ASCII as xn--";
const UPSTREAM: &str = "must be a list of at most 100 records of proxyUrl and cap";
const BALANCER_ONLY: &str = "goes with haproxy only";
const FIELDS: [&str; 6] = ["client", "cap", "proxyUrl", "urls", "upstreams", "localPort"];

/// An input that was taken.
struct Checked {
    cap: u32,
    proxy: Proxy,
    /// As RFC 3986 has them: printable ASCII without spaces, quotation marks, backslashes, and brackets other than IPv6's.
    urls: Vec<String>,
    /// Plans beside the first.
    upstreams: Vec<(Proxy, u32)>,
    local_port: u16,
}

/// Reads fields and keeps every refusal.
struct Reader<'a> {
    record: &'a [(String, Value)],
    errors: Vec<Error>,
}

impl<'a> Reader<'a> {
    fn value(&self, name: &str) -> &'a Value {
        part(self.record, name)
    }

    fn refuse<T>(&mut self, field: &'static str, value: &Value, rule: Rule) -> Option<T> {
        self.errors.push(Error { field, value: value.given(), rule });
        None
    }

    fn whole(&mut self, field: &'static str, value: &Value, max: u32, unit: &'static str) -> Option<u32> {
        let rule = Rule::Number { min: 1.0, max: f64::from(max), whole: true, unit };
        value.whole(1, max).or_else(|| self.refuse(field, value, rule))
    }

    fn text(&mut self, field: &'static str, value: &Value, words: &'static str) -> Option<String> {
        match value {
            Value::Text(text) => Some(text.clone()),
            other => self.refuse(field, other, Rule::Told(words)),
        }
    }

    fn upstream(&mut self, item: &Value) -> Option<Upstream> {
        match item {
            Value::Record(parts)
                if ["proxyUrl", "cap"].iter().all(|name| *part(parts, name) != Value::Nothing)
                    && parts.iter().all(|(key, _)| key == "proxyUrl" || key == "cap") =>
            {
                Some(Upstream {
                    proxy_url: self.text("upstreams", part(parts, "proxyUrl"), PROXY_URL)?,
                    cap: self.whole("upstreams", part(parts, "cap"), MAX_CAP, "connections")?,
                })
            }
            other => self.refuse("upstreams", other, Rule::Told(UPSTREAM)),
        }
    }
}

impl SnippetInput {
    /// Reads a record whose values may be of any type: `client`, `cap`, `proxyUrl`, `urls`, and with haproxy `upstreams`
    /// and `localPort` if they are wanted.
    ///
    /// # Errors
    /// Every field that is missing, of a wrong type or outside its limits, and unknown fields.
    pub fn from_value(value: &Value) -> Result<Self, Errors> {
        let record = value.record("snippet", "must be a record of client, cap, proxyUrl and urls")?;
        let mut r = Reader { record, errors: Vec::new() };
        let client = match r.value("client") {
            Value::Text(word) => CLIENTS.iter().position(|client| client == word).and_then(|i| Client::ALL.get(i)),
            _ => None,
        };
        let client = client.copied().or_else(|| r.refuse("client", r.value("client"), Rule::Choice(CLIENTS)));
        let cap = r.whole("cap", r.value("cap"), MAX_CAP, "connections");
        let proxy_url = r.text("proxyUrl", r.value("proxyUrl"), PROXY_URL);
        let urls = match r.value("urls") {
            Value::List(items) => items.iter().map(|item| r.text("urls", item, URL)).collect(),
            other => r.refuse("urls", other, Rule::List { min: 1, max: MAX_URLS }),
        };
        let upstreams = match r.value("upstreams") {
            Value::Nothing => Some(Vec::new()),
            Value::List(items) => items.iter().map(|item| r.upstream(item)).collect(),
            other => r.refuse("upstreams", other, Rule::Told(UPSTREAM)),
        };
        let local_port = match r.value("localPort") {
            Value::Nothing => Some(LOCAL_PORT),
            port => r.whole("localPort", port, u16::MAX.into(), "").and_then(|port| port.try_into().ok()),
        };
        let mut errors = r.errors;
        errors.extend(unknown(record, "snippet", |name| FIELDS.contains(&name)));
        let input = Self {
            client: client.unwrap_or(Client::Haproxy),
            cap: cap.unwrap_or(0),
            proxy_url: proxy_url.unwrap_or_default(),
            urls: urls.unwrap_or_default(),
            upstreams: upstreams.unwrap_or_default(),
            local_port: local_port.unwrap_or(0),
        };
        if let Err(more) = input.check() {
            more.add_to(&mut errors);
        }
        Errors::none_of(errors)?;
        Ok(input)
    }

    fn check(&self) -> Result<Checked, Errors> {
        let mut errors = Vec::new();
        let mut refuse = |field, value, rule| errors.push(Error { field, value, rule });
        let text = |text: &str| Given::Text(shortened(text));
        let cap_rule = Rule::Number { min: 1.0, max: f64::from(MAX_CAP), whole: true, unit: "connections" };
        let proxy_rule = |proxy: Option<&Proxy>| match (self.client, proxy.map(|proxy| proxy.scheme)) {
            (_, None) => Some(Rule::Told(PROXY_URL)),
            (Client::Scrapy | Client::Haproxy, Some(Scheme::Https | Scheme::Socks5)) => Some(Rule::Told(HTTP_ONLY)),
            (Client::Aiohttp | Client::Undici | Client::NodeFetch, Some(Scheme::Socks5)) => Some(Rule::Told(NO_SOCKS)),
            (Client::Playwright, Some(Scheme::Socks5)) if proxy.is_some_and(|proxy| proxy.credentials.is_some()) => {
                Some(Rule::Told(NO_SOCKS_PASSWORD))
            }
            _ => None,
        };

        if !(1..=MAX_CAP).contains(&self.cap) {
            refuse("cap", Given::Number(self.cap.into()), cap_rule.clone());
        }
        let proxy = url::proxy(&self.proxy_url);
        if let Some(rule) = proxy_rule(proxy.as_ref()) {
            refuse("proxyUrl", text(&self.proxy_url), rule);
        }
        if self.urls.is_empty() || self.urls.len() > MAX_URLS as usize {
            let given = if self.urls.is_empty() { Given::Nothing } else { Given::Named("a longer one") };
            refuse("urls", given, Rule::List { min: 1, max: MAX_URLS });
        }
        let urls: Vec<Option<String>> = self.urls.iter().map(|url| url::destination(url)).collect();
        if let Some((bad, _)) = self.urls.iter().zip(&urls).find(|(_, read)| read.is_none()) {
            refuse("urls", text(bad), Rule::Told(URL));
        }
        let mut upstreams = Vec::with_capacity(self.upstreams.len());
        for upstream in &self.upstreams {
            let proxy = url::proxy(&upstream.proxy_url);
            if let Some(rule) = proxy_rule(proxy.as_ref()) {
                refuse("upstreams", text(&upstream.proxy_url), rule);
            }
            if !(1..=MAX_CAP).contains(&upstream.cap) {
                refuse("upstreams", Given::Number(upstream.cap.into()), cap_rule.clone());
            }
            upstreams.extend(proxy.map(|proxy| (proxy, upstream.cap)));
        }
        if self.upstreams.len() > MAX_UPSTREAMS as usize {
            refuse("upstreams", Given::Named("a longer list"), Rule::Told(UPSTREAM));
        }
        if self.client != Client::Haproxy && !self.upstreams.is_empty() {
            refuse("upstreams", Given::Named("a list"), Rule::Told(BALANCER_ONLY));
        }
        if self.local_port == 0 {
            let rule = Rule::Number { min: 1.0, max: u16::MAX.into(), whole: true, unit: "" };
            refuse("localPort", Given::Number(0.0), rule);
        }
        match proxy {
            Some(proxy) if errors.is_empty() => {
                let urls = urls.into_iter().flatten().collect();
                Ok(Checked { cap: self.cap, proxy, urls, upstreams, local_port: self.local_port })
            }
            _ => Err(Errors::new(errors)),
        }
    }
}

/// Writes the program.
///
/// # Errors
/// A cap of 0 or above [`MAX_CAP`]; a proxy URL that is not one or that the client cannot use; no destination, too many,
/// or one that is not a URL of http or https.
/// # Examples
/// ```
/// use proxy_concurrency::snippet::{Client, SnippetInput, snippet};
/// let proxy = "http://user:password@proxy.example:8080";
/// let program = snippet(&SnippetInput::new(Client::Requests, 157, proxy, &["https://example.com/"]))?;
/// assert_eq!(program.promised_connections, 157);
/// assert!(program.files[0].text.contains("CAP = 157"));
/// # Ok::<(), proxy_concurrency::Errors>(())
/// ```
pub fn snippet(input: &SnippetInput) -> Result<Snippet, Errors> {
    let checked = input.check()?;
    Ok(match input.client {
        Client::Requests => requests::snippet(&checked),
        Client::Aiohttp => aiohttp::snippet(&checked),
        Client::Httpx => httpx::snippet(&checked),
        Client::Scrapy => scrapy::snippet(&checked),
        Client::Undici => undici::snippet(&checked),
        Client::NodeFetch => undici::node_fetch(&checked),
        Client::Go => go::snippet(&checked),
        Client::Reqwest => reqwest::snippet(&checked),
        Client::Curl => curl::snippet(&checked),
        Client::Playwright => playwright::snippet(&checked),
        Client::Haproxy => haproxy::snippet(&checked),
    })
}

impl Snippet {
    /// Fills the placeholders of its files: with its own `versions`, `install` and `not_capped`, and with `values`.
    fn filled(mut self, values: &[(&str, &str)]) -> Self {
        let about = [("versions", self.versions), ("install", self.install), ("not_capped", self.not_capped)];
        let values: Vec<_> = about.iter().chain(values).copied().collect();
        for file in &mut self.files {
            file.text = fill(&file.text, &values);
        }
        self
    }
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

/// The items as literals, each on a line of its own, between `indent` and `end`.
fn lines(items: &[String], indent: &str, literal: fn(&str) -> String, end: &str) -> String {
    let lines: Vec<String> = items.iter().map(|item| format!("{indent}{}{end}", literal(item))).collect();
    lines.join("\n")
}

/// A whole number in decimal digits.
fn digits(n: u32) -> String {
    format!("{n}")
}
