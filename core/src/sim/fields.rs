//! What a user can say about a simulation: name, unit, limits, default and help of each field, once.
//!
//! They stand in one record with those of [`crate::fields::FIELDS`], which say the rest: rate, response time, cap, retries.

use super::config::MAX_FOLLOWED;
use crate::fields::{Field, Kind, choice, count, number, said, switch};
use crate::units::{MAX_SECONDS, MIN_SECONDS};

/// Longest that a part of a simulation may take: three years.
const LONG_S: f64 = 1e8;
/// Factors: from a millionth to a million.
pub(super) const FACTORS: (f64, f64) = (1e-6, 1e6);

/// When requests are sent.
pub static ARRIVAL_PATTERN: Field = choice(
    "arrivalPattern",
    &["poisson", "regular", "bursty", "recorded", "workers"],
    Some("poisson"),
    "When requests are sent: independently of each other, evenly spaced, in bursts, at recorded times, or by workers in a loop",
);
/// Rate in a burst.
///
/// Limits: once the mean is no burst; a million times the mean is all in one moment.
pub static BURST_PEAK: Field = number(
    "burstPeak",
    (1.0, FACTORS.1),
    Some(5.0),
    "",
    "Where requests come in bursts: rate in one, as a multiple of the mean",
);
/// Length of a burst.
///
/// Limits: those of a response time.
pub static BURST_LENGTH: Field = number(
    "burstLength",
    (MIN_SECONDS, MAX_SECONDS),
    Some(10.0),
    "s",
    "Where requests come in bursts: mean length of one; the pauses between keep the mean rate",
);
/// Recorded times.
///
/// Limits: three years; 10,000 items are what a record holds.
pub static ARRIVAL_TIMES: Field = Field {
    name: "arrivalTimes",
    takes: Kind::Numbers { min: 0.0, max: LONG_S, most: 10_000 },
    unit: "s",
    help: said("Where arrivals are recorded: when each request was sent, in any order"),
};
/// Workers.
///
/// Limits: each is followed in memory.
pub static WORKERS: Field = count(
    "workers",
    (0.0, MAX_FOLLOWED as f64),
    None,
    "Where workers send: how many; left out, the mean in flight, rounded up",
);
/// Pause of a worker.
///
/// Limits: a day.
pub static THINK_TIME: Field = number(
    "thinkTime",
    (0.0, MAX_SECONDS),
    Some(0.0),
    "s",
    "Where workers send: pause of each between a response and its next request",
);
/// How long responses take.
pub static RESPONSE_PATTERN: Field = choice(
    "responsePattern",
    &["fitted", "exponential", "deterministic"],
    Some("fitted"),
    "How response times spread: the samples, or a lognormal distribution of the mean and p95, where known; exponential; all the same",
);
/// What goes wrong for a while.
pub static SPELL: Field = choice(
    "spell",
    &["none", "slow", "burst", "fail"],
    Some("none"),
    "What happens for a while: nothing, the destination slows down, more is sent, or the destination fails",
);
/// When the spell begins.
///
/// Limits: three years.
pub static SPELL_START: Field = number("spellStart", (0.0, LONG_S), Some(30.0), "s", "When the spell begins");
/// How long the spell lasts.
///
/// Limits: three years.
pub static SPELL_LENGTH: Field = number("spellLength", (0.0, LONG_S), Some(30.0), "s", "How long the spell lasts");
/// How slow a slow destination is.
///
/// Limits: a millionth to a million.
pub static SLOW_FACTOR: Field = number(
    "slowFactor",
    FACTORS,
    None,
    "",
    "In a slow spell responses take so many times as long; left out, p95 over the mean, or 3",
);
/// How much more is sent.
///
/// Limits: a hundredth of what is sent, a lull, to a million times as much.
pub static BURST_FACTOR: Field =
    number("burstFactor", (0.01, FACTORS.1), Some(5.0), "", "In a burst so many times as many requests are sent");
/// When a failing destination says so.
///
/// Limits: a day.
pub static FAIL_AFTER: Field =
    number("failAfter", (0.0, MAX_SECONDS), Some(0.0), "s", "Time until a failing destination answers with an error");
/// What the client's timeout covers.
pub static TIMEOUT_COVERS: Field = choice(
    "timeoutCovers",
    &["waiting", "response"],
    Some("waiting"),
    "What clientTimeout covers: the wait for a place, or everything up to the last byte",
);
/// What becomes of a request that was given up.
pub static LATE_WORK: Field = choice(
    "lateWork",
    &["served", "cancelled"],
    Some("served"),
    "What becomes of a request that its client gave up: it is served in vain, or leaves its place",
);
/// Pause before the first retry.
///
/// Limits: a day.
pub static BACKOFF: Field = number(
    "backoff",
    (0.0, MAX_SECONDS),
    Some(1.0),
    "s",
    "Longest pause before the first retry, as the AWS SDKs have it; urllib3 and Scrapy try again at once: 0",
);
/// Growth of the pause.
///
/// Limits: a pause that grows a hundredfold is at its longest with the next retry.
pub static BACKOFF_FACTOR: Field =
    number("backoffFactor", (1.0, 100.0), Some(2.0), "", "Each further pause is so many times the one before");
/// Longest pause.
///
/// Limits: a day.
pub static LONGEST_BACKOFF: Field = number(
    "longestBackoff",
    (0.0, MAX_SECONDS),
    Some(20.0),
    "s",
    "No pause is longer than this, as the AWS SDKs have it",
);
/// Share of the pause that is drawn at random.
///
/// Limits: a share.
pub static JITTER: Field = number(
    "jitter",
    (0.0, 1.0),
    Some(1.0),
    "",
    "Share of a pause that is drawn at random, as a fraction: with 1, anything from none to all of it",
);
/// Whether the client keeps connections.
pub static CLIENT_POOL: Field = switch(
    "clientPool",
    Some(false),
    "The client keeps connections open for idleTime and uses them again: setupTime is spent only where none is free",
);
/// Simulated time.
///
/// Limits: a millisecond; three years.
pub static SIMULATED_TIME: Field = number(
    "simulatedTime",
    (1e-3, LONG_S),
    None,
    "s",
    "How much time is simulated; left out, as much as some four million events take, or the spell and what follows it",
);
/// Where chance begins.
///
/// Limits: whole numbers that are exact.
pub static SEED: Field =
    count("seed", (0.0, 9_007_199_254_740_991.0), Some(1.0), "Where chance begins: the same number gives the same run");

/// All fields, in the order of a form.
pub static FIELDS: &[&Field] = &[
    &ARRIVAL_PATTERN,
    &BURST_PEAK,
    &BURST_LENGTH,
    &ARRIVAL_TIMES,
    &WORKERS,
    &THINK_TIME,
    &RESPONSE_PATTERN,
    &SPELL,
    &SPELL_START,
    &SPELL_LENGTH,
    &SLOW_FACTOR,
    &BURST_FACTOR,
    &FAIL_AFTER,
    &TIMEOUT_COVERS,
    &LATE_WORK,
    &BACKOFF,
    &BACKOFF_FACTOR,
    &LONGEST_BACKOFF,
    &JITTER,
    &CLIENT_POOL,
    &SIMULATED_TIME,
    &SEED,
];
