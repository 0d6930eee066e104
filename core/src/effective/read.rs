//! Settings, read and checked.

use alloc::vec::Vec;

use super::{ClientSettings, Library};
use crate::error::{Error, Given, Rule};
use crate::scenario::Errors;
use crate::value::{Value, part, unknown};

/// The words for [`Library`], in its order.
pub const LIBRARIES: &[&str] = &[
    "requests",
    "aiohttp",
    "httpx",
    "scrapy",
    "undici",
    "node-fetch",
    "node-http",
    "axios",
    "go",
    "reqwest",
    "java",
    "curl",
    "libcurl",
    "playwright",
    "haproxy",
];

impl Library {
    /// All of them, in the order of [`LIBRARIES`].
    pub const ALL: [Self; 15] = [
        Self::Requests,
        Self::Aiohttp,
        Self::Httpx,
        Self::Scrapy,
        Self::Undici,
        Self::NodeFetch,
        Self::NodeHttp,
        Self::Axios,
        Self::Go,
        Self::Reqwest,
        Self::Java,
        Self::Curl,
        Self::Libcurl,
        Self::Playwright,
        Self::Haproxy,
    ];
}

/// Largest count that is taken.
const MOST: u32 = 1_000_000;

/// A count: its name, the smallest value, whose setting it is (everybody's, if nobody's), and where it is kept.
struct Count(&'static str, u32, &'static [Library], fn(&mut ClientSettings) -> Place<'_>);

/// Where a count is kept.
enum Place<'a> {
    Optional(&'a mut Option<u32>),
    Needed(&'a mut u32),
}

use Place::{Needed, Optional};

const COUNTS: [Count; 20] = [
    Count("requests", 1, &[], |s| Optional(&mut s.requests)),
    Count("httpOrigins", 0, &[], |s| Needed(&mut s.http_origins)),
    Count("httpsOrigins", 0, &[], |s| Needed(&mut s.https_origins)),
    Count("instances", 1, &[], |s| Needed(&mut s.instances)),
    Count("workers", 1, &[], |s| Optional(&mut s.workers)),
    Count("poolMaxsize", 1, &[Library::Requests], |s| Optional(&mut s.pool_maxsize)),
    Count("limit", 0, &[Library::Aiohttp], |s| Optional(&mut s.limit)),
    Count("limitPerHost", 0, &[Library::Aiohttp], |s| Optional(&mut s.limit_per_host)),
    Count("maxConnections", 1, &[Library::Httpx, Library::Playwright], |s| Optional(&mut s.max_connections)),
    Count("maxIdle", 0, &[Library::Httpx, Library::Go, Library::Reqwest], |s| Optional(&mut s.max_idle)),
    Count("concurrentRequests", 1, &[Library::Scrapy], |s| Optional(&mut s.concurrent_requests)),
    Count("concurrentRequestsPerDomain", 1, &[Library::Scrapy], |s| Optional(&mut s.concurrent_requests_per_domain)),
    Count("connections", 1, &[Library::Undici], |s| Optional(&mut s.connections)),
    Count("maxConnsPerHost", 0, &[Library::Go], |s| Optional(&mut s.max_conns_per_host)),
    Count("maxSockets", 1, &[Library::NodeHttp, Library::Axios], |s| Optional(&mut s.max_sockets)),
    Count("maxTotalSockets", 1, &[Library::NodeHttp, Library::Axios], |s| Optional(&mut s.max_total_sockets)),
    Count("maxHostConnections", 0, &[Library::Libcurl], |s| Optional(&mut s.max_host_connections)),
    Count("maxTotalConnections", 0, &[Library::Libcurl], |s| Optional(&mut s.max_total_connections)),
    Count("parallelMax", 1, &[Library::Curl], |s| Optional(&mut s.parallel_max)),
    Count("maxconn", 0, &[Library::Haproxy], |s| Optional(&mut s.maxconn)),
];

/// A switch: its name, whose it is, and where it is kept.
struct Switch(&'static str, &'static [Library], fn(&mut ClientSettings) -> &mut bool);

const SWITCHES: [Switch; 4] = [
    Switch("forceClose", &[], |s| &mut s.force_close),
    Switch("http2", &WITH_HTTP2, |s| &mut s.http2),
    Switch("poolBlock", &[Library::Requests], |s| &mut s.pool_block),
    Switch("proxyTunnel", &[Library::Undici], |s| &mut s.proxy_tunnel),
];

const WITH_HTTP2: [Library; 9] = [
    Library::Httpx,
    Library::Undici,
    Library::NodeFetch,
    Library::Go,
    Library::Reqwest,
    Library::Java,
    Library::Curl,
    Library::Libcurl,
    Library::Playwright,
];

const NOT_ITS: &str = "is not a setting of this client";
const NO_ORIGIN: &str = "must be at least 1 where httpOrigins is 0";

fn belongs(owners: &[Library], client: Library) -> bool {
    owners.is_empty() || owners.contains(&client)
}

impl ClientSettings {
    /// Reads a record whose values may be of any type: `client` and, of the others, what is set. `httpsOrigins` is 1
    /// where neither it nor `httpOrigins` is given.
    ///
    /// # Errors
    /// Every field of a wrong type or outside its limits, settings of another client, and unknown fields.
    pub fn from_value(value: &Value) -> Result<Self, Errors> {
        let record = value.record("settings", "must be a record of client and its settings")?;
        let field = |name| part(record, name);
        let mut errors = Vec::new();
        let client = match field("client") {
            Value::Text(word) => LIBRARIES.iter().position(|library| library == word).and_then(|i| Library::ALL.get(i)),
            _ => None,
        };
        if client.is_none() {
            errors.push(Error { field: "client", value: field("client").given(), rule: Rule::Choice(LIBRARIES) });
        }
        let mut settings = Self::new(client.copied().unwrap_or_default());
        if *field("httpOrigins") != Value::Nothing {
            settings.https_origins = 0;
        }
        for Count(name, min, _, place) in COUNTS {
            let value = field(name);
            if *value == Value::Nothing {
                continue;
            }
            let Some(given) = value.whole(min, MOST) else {
                errors.push(bad_count(name, min, value.given()));
                continue;
            };
            match place(&mut settings) {
                Optional(kept) => *kept = Some(given),
                Needed(kept) => *kept = given,
            }
        }
        for Switch(name, _, place) in SWITCHES {
            match field(name) {
                Value::Nothing => {}
                Value::Switch(on) => *place(&mut settings) = *on,
                other => errors.push(Error { field: name, value: other.given(), rule: Rule::Switch }),
            }
        }
        let known = |name: &str| {
            let settings = COUNTS.iter().map(|count| count.0).chain(SWITCHES.iter().map(|switch| switch.0));
            settings.into_iter().chain(["client"]).any(|known| known == name)
        };
        errors.extend(unknown(record, "settings", known));
        // Whose they are is not known where the client is not.
        if let (Some(_), Err(more)) = (client, settings.check()) {
            more.add_to(&mut errors);
        }
        Errors::none_of(errors)?;
        Ok(settings)
    }

    pub(super) fn check(&self) -> Result<(), Errors> {
        let mut errors = Vec::new();
        let mut settings = self.clone();
        for Count(name, min, owners, place) in COUNTS {
            let given = match place(&mut settings) {
                Optional(kept) => *kept,
                Needed(kept) => Some(*kept),
            };
            let Some(given) = given else { continue };
            if !belongs(owners, self.client) {
                errors.push(Error { field: name, value: Given::Number(given.into()), rule: Rule::Told(NOT_ITS) });
            } else if !(min..=MOST).contains(&given) {
                errors.push(bad_count(name, min, Given::Number(given.into())));
            }
        }
        for Switch(name, owners, place) in SWITCHES {
            if *place(&mut settings) && !belongs(owners, self.client) {
                errors.push(Error { field: name, value: Given::Named("true"), rule: Rule::Told(NOT_ITS) });
            }
        }
        if self.http_origins == 0 && self.https_origins == 0 {
            errors.push(Error { field: "httpsOrigins", value: Given::Number(0.0), rule: Rule::Told(NO_ORIGIN) });
        }
        Errors::none_of(errors)
    }
}

fn bad_count(field: &'static str, min: u32, value: Given) -> Error {
    Error { field, value, rule: Rule::Number { min: min.into(), max: MOST.into(), whole: true, unit: "" } }
}
