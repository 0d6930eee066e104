//! What a user can say: every field's name, unit, limits, default and help, once.
//!
//! The form, the attributes, the URL, the error messages and the documentation's table are made from [`FIELDS`].
//! A field's name here is the one in JSON and JavaScript; Rust writes it `snake_case`, attributes and URLs `kebab-case`.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use crate::error::{Error, Given, Rule};
use crate::math;
use crate::units::{MAX_LOAD_ERLANGS, MAX_RATE, MAX_SECONDS, MIN_SECONDS, within};

/// One field of a `Scenario`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Field {
    /// Its one name.
    pub name: &'static str,
    /// What it takes, and what stands for it where it is left out.
    pub takes: Kind,
    /// The unit of its numbers; empty for a bare number.
    pub unit: &'static str,
    /// One line for a reader; empty without the feature `help`.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "str::is_empty"))]
    #[cfg_attr(feature = "typescript", ts(as = "Option<String>", optional))]
    pub help: &'static str,
}

/// What a field takes. A `default` of `None` means that the field may stay empty.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(tag = "kind", rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Kind {
    /// A number from `min` to `max`.
    Number {
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
        /// Whole numbers only.
        whole: bool,
        /// Stands where nothing is given.
        default: Option<f64>,
    },
    /// One of a few words.
    Choice {
        /// The words, in the order in which a form shows them.
        options: &'static [&'static str],
        /// Stands where nothing is given.
        default: Option<&'static str>,
    },
    /// Yes or no.
    Switch {
        /// Stands where nothing is given.
        default: Option<bool>,
    },
    /// A list of numbers, each from `min` to `max`.
    Numbers {
        /// Smallest value of an item.
        min: f64,
        /// Largest value of an item.
        max: f64,
        /// Most items.
        most: u32,
    },
    /// A list of plan sizes, each a whole number from `min` to `max`, with or without a price.
    Tiers {
        /// Smallest size.
        min: f64,
        /// Largest size.
        max: f64,
        /// Most tiers.
        most: u32,
    },
}

/// The words of a help text, where they are wanted: the browser has them in its own languages.
pub(crate) const fn said(help: &'static str) -> &'static str {
    if cfg!(feature = "help") { help } else { "" }
}

pub(crate) const fn number(
    name: &'static str,
    (min, max): (f64, f64),
    default: Option<f64>,
    unit: &'static str,
    help: &'static str,
) -> Field {
    Field { name, takes: Kind::Number { min, max, whole: false, default }, unit, help: said(help) }
}

pub(crate) const fn count(
    name: &'static str,
    (min, max): (f64, f64),
    default: Option<f64>,
    help: &'static str,
) -> Field {
    Field { name, takes: Kind::Number { min, max, whole: true, default }, unit: "", help: said(help) }
}

pub(crate) const fn choice(
    name: &'static str,
    options: &'static [&'static str],
    default: Option<&'static str>,
    help: &'static str,
) -> Field {
    Field { name, takes: Kind::Choice { options, default }, unit: "", help: said(help) }
}

pub(crate) const fn switch(name: &'static str, default: Option<bool>, help: &'static str) -> Field {
    Field { name, takes: Kind::Switch { default }, unit: "", help: said(help) }
}

/// Most connections that an answer can name; anything above is refused at the door.
pub const MAX_CONNECTIONS: f64 = 4e9;

const TIME_UNITS: &[&str] = &["second", "minute", "hour", "day"];
const HTTP_VERSIONS: &[&str] = &["1.1", "2"];

/// Requests that start, per [`RATE_UNIT`].
///
/// Limits: 10⁹ is beyond any single plan, and keeps every product exact to the last whole connection.
pub static ARRIVAL_RATE: Field = number(
    "arrivalRate",
    (0.0, MAX_RATE),
    None,
    "requests",
    "How often you send: requests per second, minute, hour or day",
);
/// The time in which [`ARRIVAL_RATE`] counts.
pub static RATE_UNIT: Field = choice("rateUnit", TIME_UNITS, Some("second"), "The time in which arrivalRate counts");
/// A job of so many requests, in place of a rate.
///
/// Limits: 10¹² requests are beyond any job; below one there is none.
pub static TARGETS: Field = number(
    "targets",
    (1.0, 1e12),
    None,
    "requests",
    "A job of this many requests, to be done by the deadline, in place of a rate",
);
/// The time that the job may take, in [`DEADLINE_UNIT`].
///
/// Limits: 10⁶ days are beyond any job.
pub static DEADLINE: Field = number("deadline", (1e-3, 1e6), None, "", "The time that the job of targets may take");
/// The unit of [`DEADLINE`].
pub static DEADLINE_UNIT: Field = choice("deadlineUnit", TIME_UNITS, Some("hour"), "The unit of deadline");
/// Mean response time W.
///
/// Limits: 1 µs is below any network's round trip; a day is beyond any client's timeout.
pub static RESPONSE_TIME: Field = number(
    "responseTime",
    (MIN_SECONDS, MAX_SECONDS),
    None,
    "s",
    "Mean time from sending a request to its last byte, through the proxy",
);
/// Time that 95 % of the responses keep below.
///
/// Limits: 1 µs is below any network's round trip; a day is beyond any client's timeout.
pub static RESPONSE_TIME_P95: Field = number(
    "responseTimeP95",
    (MIN_SECONDS, MAX_SECONDS),
    None,
    "s",
    "95 of 100 responses are faster; used for the stress case",
);
/// Time that 99 % of the responses keep below.
///
/// Limits: 1 µs is below any network's round trip; a day is beyond any client's timeout.
pub static RESPONSE_TIME_P99: Field = number(
    "responseTimeP99",
    (MIN_SECONDS, MAX_SECONDS),
    None,
    "s",
    "99 of 100 responses are faster; used for the stress case",
);
/// Measured response times, in place of mean and percentiles.
///
/// Limits: 10,000 samples know the mean to about 1 % of their spread; more would only slow the page.
pub static RESPONSE_TIME_SAMPLES: Field = Field {
    name: "responseTimeSamples",
    takes: Kind::Numbers { min: MIN_SECONDS, max: MAX_SECONDS, most: 10_000 },
    unit: "s",
    help: said("Measured response times, in place of the mean and the percentiles"),
};
/// Mean number of requests in flight C, where that is what is known.
///
/// Limits: the reference tables end at 10⁹.
pub static IN_FLIGHT: Field = number(
    "inFlight",
    (0.0, MAX_LOAD_ERLANGS),
    None,
    "requests",
    "Mean requests in flight, where it is known and the rate or the response time is asked for",
);
/// Room above the mean, as a fraction of it.
///
/// Limits: ten times the mean on top is what one request in flight needs for 0.001 % refusals.
pub static HEADROOM: Field =
    number("headroom", (0.0, 10.0), Some(0.25), "", "Room above the mean, as a fraction: 0.25 is 25%");
/// The plans on offer.
///
/// Limits: a plan of none holds nothing; the reference tables end at 10⁹; no price list has 64 lines.
pub static PLAN_TIERS: Field = Field {
    name: "planTiers",
    takes: Kind::Tiers { min: 1.0, max: MAX_LOAD_ERLANGS, most: 64 },
    unit: "",
    help: said("Plan sizes on offer, with prices if you like: 50, 100, 200 or 50 at 19, 100 at 29"),
};
/// What the plan counts.
pub static PLAN_COUNTS: Field = choice(
    "planCounts",
    &["busy-connections", "open-connections", "tunnels", "requests", "streams", "requests-per-minute"],
    Some("busy-connections"),
    "What the plan limits: connections with a request on them, open connections (idle ones too), CONNECT tunnels, requests, streams or requests a minute",
);
/// Time to open a connection.
///
/// Limits: a day is beyond any client's timeout.
pub static SETUP_TIME: Field = number(
    "setupTime",
    (0.0, MAX_SECONDS),
    Some(0.0),
    "s",
    "Time to open a connection (TCP, CONNECT, TLS) before the request goes out",
);
/// Time that a connection stays open after its last response.
///
/// Limits: a day is beyond any client's timeout.
pub static IDLE_TIME: Field = number(
    "idleTime",
    (0.0, MAX_SECONDS),
    Some(15.0),
    "s",
    "Time that the client keeps an unused connection open: aiohttp 15 s, httpx 5 s, Go 90 s",
);
/// Share of the requests that go out on a connection that is already open.
///
/// Limits: a share.
pub static CONNECTION_REUSE: Field = number(
    "connectionReuse",
    (0.0, 1.0),
    Some(0.0),
    "",
    "Share of the requests that find a connection open already, as a fraction",
);
/// The way from client to origin.
pub static ROUTE: Field = choice(
    "route",
    &["forward", "tunnel", "h2-proxy", "gateway", "socks5"],
    Some("tunnel"),
    "Plain http:// through a forward proxy, a CONNECT tunnel for https://, CONNECT over HTTP/2 to the proxy, a gateway that ends HTTP, or SOCKS5",
);
/// HTTP version that the client speaks for its requests.
pub static INNER_HTTP: Field = choice(
    "innerHttp",
    HTTP_VERSIONS,
    Some("1.1"),
    "HTTP version of the client's requests (inside the tunnel, if there is one)",
);
/// HTTP version behind a gateway.
pub static UPSTREAM_HTTP: Field =
    choice("upstreamHttp", HTTP_VERSIONS, Some("1.1"), "HTTP version that a gateway speaks to the origin");
/// Distinct destinations.
///
/// Limits: a million hosts are more than one proxy client keeps apart.
pub static DESTINATIONS: Field = count(
    "destinations",
    (1.0, 1e6),
    Some(1.0),
    "Distinct destinations (scheme, host and port): connections are not shared between them",
);
/// Streams that a server lets one HTTP/2 connection carry.
///
/// Limits: RFC 9113 recommends no less than 100; stream numbers have 31 bits.
pub static MAX_CONCURRENT_STREAMS: Field = count(
    "maxConcurrentStreams",
    (1.0, 2_147_483_647.0),
    Some(100.0),
    "SETTINGS_MAX_CONCURRENT_STREAMS: streams that a server allows on one HTTP/2 connection",
);
/// What the client does above that.
pub static OVER_STREAM_LIMIT: Field = choice(
    "overStreamLimit",
    &["open", "wait"],
    Some("open"),
    "Above the stream limit the client opens another connection, or waits (httpx waits)",
);
/// Whether connections stand before the requests come.
pub static WARM: Field =
    switch("warm", Some(true), "Connections are open before the requests start; a cold burst can open one for each");
/// TLS to the destination.
pub static ORIGIN_TLS: Field = switch("originTls", None, "https:// destinations; left out, it follows from the route");
/// TLS to the proxy.
pub static PROXY_TLS: Field =
    switch("proxyTls", Some(false), "The proxy itself is reached over TLS (an https:// proxy)");
/// Requests at once, for the accounting.
///
/// Limits: each takes two descriptors in the proxy, and an answer names at most 4 × 10⁹.
pub static PARALLEL_REQUESTS: Field = count(
    "parallelRequests",
    (1.0, MAX_CONNECTIONS / 2.0),
    None,
    "Requests at once for the HTTP/1.1 and HTTP/2 comparison; left out, the mean in flight, rounded up",
);

/// What the proxy does with what goes over the cap.
pub static OVER_LIMIT: Field = choice(
    "overLimit",
    &["reject", "queue", "per-ip", "shrinking-cap", "penalty"],
    Some("reject"),
    "Over the limit the proxy refuses, lets wait, refuses per exit IP, lowers the cap after much traffic, or blocks for a while",
);
/// The cap to look at, where it is not the plan's.
///
/// Limits: the reference tables end at 10⁹.
pub static CAP: Field =
    count("cap", (1.0, MAX_LOAD_ERLANGS), None, "The cap to look at; left out, the plan that fits, or what is needed");
/// Share of requests that may fail.
///
/// Limits: no plan is bought to fail half of the time, and one in 10⁹ is beyond any proxy's own reliability.
pub static FAIL_TARGET: Field = number(
    "failTarget",
    (1e-9, 0.5),
    Some(0.01),
    "",
    "Share of requests that may be refused or time out, as a fraction: 0.01 is 1%",
);
/// Wait that may be exceeded as often as that.
///
/// Limits: a day is beyond any client's timeout.
pub static WAIT_TARGET: Field = number(
    "waitTarget",
    (0.0, MAX_SECONDS),
    Some(1.0),
    "s",
    "Where the proxy queues: the wait that only that share of requests may exceed",
);
/// Requests that may wait at the proxy.
///
/// Limits: a million waiting requests are beyond any proxy's memory.
pub static QUEUE_PLACES: Field =
    count("queuePlaces", (0.0, 1e6), Some(1000.0), "Where the proxy queues: requests that may wait before it refuses");
/// Wait after which a client gives up.
///
/// Limits: a day is beyond any client's timeout.
pub static CLIENT_TIMEOUT: Field = number(
    "clientTimeout",
    (0.0, MAX_SECONDS),
    None,
    "s",
    "Where the proxy queues: the wait after which the client gives up, while its request is still served",
);
/// Times that a failed request is tried again.
///
/// Limits: a client that tries more than a hundred times never stops.
pub static RETRIES: Field =
    count("retries", (0.0, 100.0), Some(3.0), "Times that a client tries a failed request again");
/// Addresses that the cap is split over.
///
/// Limits: a million IPs are more than any one plan has.
pub static EXIT_IPS: Field =
    count("exitIps", (1.0, 1e6), Some(10.0), "Where the cap is per exit IP: the number of IPs that it is split over");
/// Cap that is left after much traffic.
///
/// Limits: the reference tables end at 10⁹.
pub static REDUCED_CAP: Field =
    count("reducedCap", (0.0, MAX_LOAD_ERLANGS), Some(10.0), "Where the cap shrinks: what is left of it");
/// Requests after which the cap shrinks.
///
/// Limits: 10¹⁵ requests in a month are beyond the highest rate.
pub static REDUCED_AFTER: Field = number(
    "reducedAfter",
    (0.0, 1e15),
    Some(1e8),
    "requests",
    "Where the cap shrinks: served requests in 30 days after which it does",
);
/// Refusals that bring a block.
///
/// Limits: 10⁹ a minute are beyond any gateway.
pub static PENALTY_REFUSALS: Field = count(
    "penaltyRefusals",
    (1.0, 1e9),
    Some(100_000.0),
    "Where refusals are punished: refusals within a minute that bring a block",
);
/// Length of the block.
///
/// Limits: who is blocked for more than a day calls support.
pub static PENALTY_TIME: Field =
    number("penaltyTime", (0.0, MAX_SECONDS), Some(600.0), "s", "Where refusals are punished: the length of the block");

/// All fields, in the order of a form.
pub static FIELDS: &[&Field] = &[
    &ARRIVAL_RATE,
    &RATE_UNIT,
    &TARGETS,
    &DEADLINE,
    &DEADLINE_UNIT,
    &RESPONSE_TIME,
    &RESPONSE_TIME_P95,
    &RESPONSE_TIME_P99,
    &RESPONSE_TIME_SAMPLES,
    &IN_FLIGHT,
    &HEADROOM,
    &PLAN_TIERS,
    &PLAN_COUNTS,
    &SETUP_TIME,
    &IDLE_TIME,
    &CONNECTION_REUSE,
    &ROUTE,
    &INNER_HTTP,
    &UPSTREAM_HTTP,
    &DESTINATIONS,
    &MAX_CONCURRENT_STREAMS,
    &OVER_STREAM_LIMIT,
    &WARM,
    &ORIGIN_TLS,
    &PROXY_TLS,
    &PARALLEL_REQUESTS,
    &OVER_LIMIT,
    &CAP,
    &FAIL_TARGET,
    &WAIT_TARGET,
    &QUEUE_PLACES,
    &CLIENT_TIMEOUT,
    &RETRIES,
    &EXIT_IPS,
    &REDUCED_CAP,
    &REDUCED_AFTER,
    &PENALTY_REFUSALS,
    &PENALTY_TIME,
];

impl Field {
    /// What this field says to any value that it does not take.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        match self.takes {
            Kind::Number { min, max, whole, .. } => Rule::Number { min, max, whole, unit: self.unit },
            Kind::Choice { options, .. } => Rule::Choice(options),
            Kind::Switch { .. } => Rule::Switch,
            Kind::Numbers { most, .. } | Kind::Tiers { most, .. } => Rule::List { min: 1, max: most },
        }
    }

    /// Takes a number within the field's limits.
    ///
    /// # Errors
    /// NaN, infinity, a number outside the limits, and a fraction where only whole numbers go.
    pub fn check(&self, x: f64) -> Result<f64, Error> {
        match self.takes {
            Kind::Number { min, max, whole, .. } if within(x, min, max) && (!whole || math::is_whole(x)) => Ok(x + 0.0),
            _ => Err(self.refuse(Given::Number(x))),
        }
    }

    /// Takes the item at `index` of a list.
    ///
    /// # Errors
    /// As [`check`](Self::check), naming the item.
    pub fn check_item(&self, index: usize, x: f64) -> Result<f64, Error> {
        let (min, max, whole) = match self.takes {
            Kind::Numbers { min, max, .. } => (min, max, false),
            Kind::Tiers { min, max, .. } => (min, max, true),
            _ => return Err(self.refuse(Given::Number(x))),
        };
        if within(x, min, max) && (!whole || math::is_whole(x)) {
            return Ok(x + 0.0);
        }
        Err(Error {
            field: self.name,
            value: Given::Number(x),
            rule: Rule::Item { index: u32::try_from(index).unwrap_or(u32::MAX), min, max, whole },
        })
    }

    pub(crate) const fn refuse(&self, value: Given) -> Error {
        Error { field: self.name, value, rule: self.rule() }
    }

    #[cfg(feature = "alloc")]
    pub(crate) const fn tell(&self, value: Given, words: &'static str) -> Error {
        Error { field: self.name, value, rule: Rule::Told(words) }
    }

    /// The number that stands where nothing is given.
    pub(crate) const fn default_number(&self) -> f64 {
        match self.takes {
            Kind::Number { default: Some(x), .. } => x,
            _ => 0.0,
        }
    }
}
