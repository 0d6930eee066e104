//! Which behaviour has my provider? What to send to learn it, and what the answers say.
//!
//! [`design`] says how many requests to hold at once, and which to send before and after, so that behaviours which look
//! alike in one burst are told apart; [`read`] names the behaviour from lines of `status seconds`. The example program
//! `probe` does both through a real proxy.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use alloc::vec::Vec;

mod design;
mod evidence;
mod lines;
mod reading;

pub use design::{BUDGET, Caution, DETECT_QUEUE, DesignInput, FIELDS, JITTER, PLAN, Phase, PhaseKind, ProbeDesign};
pub use design::{RESPONSE_TIME, STAGGER, TUNNEL, design};
pub use lines::{MAX_LINES, MAX_TEXT};
pub use reading::{read, read_value};

/// What a provider does with what goes over its limit, or why that cannot be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Verdict {
    /// All that was sent was served at once: the limit, if there is one, lies above.
    Headroom,
    /// What goes over the limit is refused at once, or never answered.
    ///
    /// That is what this client met with. Whose limit it is, the plan's, the credential's or the address's, shows only
    /// where lines say by which they went (`ip`); several addresses that fill up evenly look like one.
    Reject,
    /// So many may wait, what goes beyond is refused at once.
    BoundedQueue,
    /// What goes over waits, and is refused when it has waited too long.
    QueueThenReject,
    /// What goes over waits for its turn.
    Queue,
    /// Each address has a limit of its own.
    PerIp,
    /// After refusals everything is refused for a while.
    Penalty,
    /// Starts are counted over a time, not requests at once.
    RateLimit,
    /// Refused, and the refusal is held back.
    Tarpit,
    /// Everything is let through at once and then comes slowly: a shared bandwidth, or a target that slows down.
    Bandwidth,
    /// The target gave the errors, or could not be reached through the proxy.
    TargetError,
    /// The target itself is slower under load; named as an alternative only.
    SlowTarget,
    /// The proxy does not take the credentials.
    Authentication,
    /// The proxy itself cannot be reached.
    Unreachable,
    /// The lines do not say.
    NotEnough,
}

/// Why there is no status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Failure {
    /// The connection was reset.
    Reset,
    /// The connection was closed without an answer.
    Closed,
    /// Nothing came until the client gave up.
    TimedOut,
    /// Nobody listens at the address.
    Refused,
    /// The name has no address.
    Unresolved,
    /// TLS failed.
    Tls,
    /// Something else.
    Other,
}

/// What came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Answer {
    Status(u16),
    Failed(Failure),
}

/// How sure a verdict is.
///
/// This is a rule and not a probability; the one number that is a probability is [`Reading::chance`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Confidence {
    /// The lines speak for it, and as well for something else or for chance.
    Weak,
    /// `chance` is at most 5 %, or the lines lack the start times to compute it; alternatives may remain.
    Fair,
    /// `chance` is at most 1 %, or needs no computing, and every other verdict is contradicted by some line.
    Strong,
}

/// A number that is known to lie in an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Limit {
    /// At least: so many were served at once.
    pub low: u32,
    /// Fits best.
    pub estimate: u32,
    /// At most: so few were open when one was held back. `None` where the lines do not say.
    pub high: Option<u32>,
}

/// What to do to tell the remaining alternatives apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Next {
    /// Send more at once: more than the plan is believed to hold.
    SendMore,
    /// Send one alone, with nothing else open.
    SendOneAlone,
    /// Start them a little apart: a proxy that counts connections may refuse all of a burst.
    Stagger,
    /// Record when each request started.
    RecordStarts,
    /// Go through CONNECT (an https:// target) and record when the proxy answered it.
    TimeConnect,
    /// Send the same number one after another, without holding them.
    SendUnheld,
    /// When all have ended, wait and send a few more.
    SendAfter,
    /// Hold the requests for a shorter time than the refusals took.
    HoldShorter,
    /// Hold the requests longer, so that all are open together.
    HoldLonger,
    /// Wait longer before giving up.
    LongerTimeout,
    /// Go by several addresses or credentials and record which.
    RecordIp,
    /// Try another target.
    OtherTarget,
    /// Check user name and password.
    CheckCredentials,
    /// Check the proxy's address and port.
    CheckAddress,
    /// Give one line for each request, not a summary.
    GiveLines,
}

/// What the lines say. Seconds everywhere; line numbers count from 1.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Reading {
    /// The behaviour.
    pub verdict: Verdict,
    /// How sure that is.
    pub confidence: Confidence,
    /// Probability that the requests which were held back would pile up where most were open as clearly as they do, had
    /// they been picked at random: Fisher's exact test at the best of the thresholds, times the number of thresholds.
    /// `None` without start times, and where nothing was held back.
    pub chance: Option<f64>,
    /// Requests served at once, or for a rate limit, starts within `window`; `None` where no one number fits.
    pub limit: Option<Limit>,
    /// A rate limit's time, in seconds; `None` where none fits every line.
    pub window: Option<f64>,
    /// Most requests that were served at the same time.
    pub at_once: u32,
    /// Status of the refusals.
    pub status: Option<u16>,
    /// How refusals without a status failed.
    pub failure: Option<Failure>,
    /// Median time after which refusals came.
    pub refused_after: Option<f64>,
    /// Requests seen waiting at once: the length of a queue that has an end, a lower limit of one that has none.
    pub waiting: Option<u32>,
    /// Median time of the requests that did not wait.
    pub hold: Option<f64>,
    /// An idle connection counts too (`true`), or only one with a request on it; `None` where that was not tried.
    pub idle_counts: Option<bool>,
    /// The lines that say so.
    pub lines: Vec<u32>,
    /// What the lines do not exclude.
    pub alternatives: Vec<Verdict>,
    /// What would tell.
    pub next: Vec<Next>,
    /// Lines that were read as requests.
    pub read: u32,
    /// Lines that could not be read.
    pub unread: Vec<u32>,
}
