//! What to send.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use alloc::vec::Vec;

use crate::error::{Error, Given};
use crate::fields::{Field, Kind, said};
use crate::math;
use crate::scenario::{Errors, Reader};
use crate::sizing::whole_up;
use crate::units::MAX_SECONDS;
use crate::value::Value;

/// The plan's cap, as it is believed to be.
///
/// Limits: a probe opens some more than that at once; above 20,000 one address runs out of ports.
pub static PLAN: Field = Field {
    name: "cap",
    takes: Kind::Number { min: 1.0, max: 20_000.0, whole: true, default: None },
    unit: "",
    help: said("Requests at once that the plan is believed to hold"),
};
/// Requests that may be sent.
///
/// Limits: a burst, as many before it and a few after; ten times the largest cap is more than any probe needs.
pub static BUDGET: Field = Field {
    name: "requests",
    takes: Kind::Number { min: 1.0, max: 200_000.0, whole: true, default: None },
    unit: "requests",
    help: said("Most requests that the probe may send; left out, as many as it needs"),
};
/// The way through CONNECT.
pub static TUNNEL: Field = Field {
    name: "tunnel",
    takes: Kind::Switch { default: Some(true) },
    unit: "",
    help: said("By CONNECT, as https:// goes: then the probe itself decides how long it holds a connection"),
};
/// How long the target takes.
///
/// Limits: a day is beyond any client's timeout.
pub static RESPONSE_TIME: Field = Field {
    name: "responseTime",
    takes: Kind::Number { min: 0.0, max: MAX_SECONDS, whole: false, default: Some(0.0) },
    unit: "s",
    help: said("How long the target takes to answer; without a tunnel a request holds its place no longer than that"),
};
/// Whether to look for a queue's end.
pub static DETECT_QUEUE: Field = Field {
    name: "detectQueue",
    takes: Kind::Switch { default: Some(false) },
    unit: "",
    help: said("Send as many again, to see how many may wait: up to the cap"),
};
/// How much the network's delay varies.
///
/// Limits: more than ten seconds is no network to measure in.
pub static JITTER: Field = Field {
    name: "jitter",
    takes: Kind::Number { min: 0.0, max: 10.0, whole: false, default: Some(0.05) },
    unit: "s",
    help: said("How much the time to open a connection varies"),
};
/// Time from one start to the next.
///
/// Limits: at a minute apart nothing overlaps.
pub static STAGGER: Field = Field {
    name: "stagger",
    takes: Kind::Number { min: 0.0, max: 60.0, whole: false, default: Some(0.02) },
    unit: "s",
    help: said("Time from one start to the next: a proxy that counts connections may refuse all of a burst"),
};

/// Every field of a [`DesignInput`].
pub static FIELDS: &[&Field] = &[&PLAN, &BUDGET, &TUNNEL, &RESPONSE_TIME, &DETECT_QUEUE, &JITTER, &STAGGER];

/// What is known before the probe.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DesignInput {
    /// See [`PLAN`].
    pub cap: f64,
    /// See [`BUDGET`].
    pub requests: Option<f64>,
    /// See [`TUNNEL`].
    pub tunnel: bool,
    /// See [`RESPONSE_TIME`].
    pub response_time: f64,
    /// See [`DETECT_QUEUE`].
    pub detect_queue: bool,
    /// See [`JITTER`].
    pub jitter: f64,
    /// See [`STAGGER`].
    pub stagger: f64,
}

/// Requests that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum PhaseKind {
    /// One with nothing else open: are credentials, proxy and target right, and how long does it take? If it fails the
    /// rest is not sent.
    Alone,
    /// More than the cap, each ended at once: only a rate limit refuses here.
    Unheld,
    /// More than the cap, all open together.
    Burst,
    /// When all have ended, more than were sent so far, each ended at once: a block refuses here, and a rate limit. Three
    /// refusals say enough, the rest need not be sent.
    After,
    /// As many as the cap are left open when they are answered, then one more is sent: it is held back where idle
    /// connections count. Without a tunnel only: a tunnel that idles is what the burst holds.
    Idle,
}

/// One phase.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Phase {
    /// What it is for.
    pub kind: PhaseKind,
    /// Requests that it sends.
    pub requests: u32,
    /// Most that are open at once.
    pub at_once: u32,
    /// How long each is held, in seconds.
    pub hold: f64,
    /// Time from one start to the next, in seconds.
    pub stagger: f64,
    /// Quiet time before it, in seconds.
    pub pause: f64,
}

/// What a design cannot do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Caution {
    /// The requests allowed do not exceed the cap: nothing can be seen but headroom.
    BelowCap,
    /// Too few are allowed to tell a rate limit, or a block, from a limit on what is open.
    NoRateCheck,
    /// Too few are allowed to see a block after refusals.
    NoPenaltyCheck,
    /// The target answers too soon for all to be open together.
    HoldTooShort,
    /// 25 or more may be refused: some providers block an address for as many.
    MayBePunished,
}

/// A probe: what to send, and for how long to hold it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct ProbeDesign {
    /// Requests in all.
    pub requests: u32,
    /// Most connections that are ever open.
    pub most_open: u32,
    /// Requests of the burst that may be refused or wait, if the cap is what it is believed to be.
    pub over_cap: u32,
    /// How long each request of the burst is held, in seconds.
    pub hold: f64,
    /// Time from one start to the next, in seconds.
    pub stagger: f64,
    /// When to give a request up, in seconds.
    pub timeout: f64,
    /// How long it takes if the cap is what it is believed to be and what goes over waits, in seconds.
    pub duration: f64,
    /// What is sent, in this order.
    pub phases: Vec<Phase>,
    /// What it cannot do.
    pub cautions: Vec<Caution>,
}

/// Fewest over the cap: below that, chance or an uneven network lines up a handful too often.
const FEWEST_OVER: f64 = 8.0;
/// Most over the cap: the lowest number of refusals for which a provider is known to block is 25 (in five minutes).
const MOST_OVER: f64 = 24.0;
/// Fewest after the burst: a block refuses all of them.
const FEWEST_AFTER: f64 = 3.0;
const PAUSE_S: f64 = 0.5;
/// Shortest hold: timings on a busy machine differ by some 50 ms.
const SHORTEST_HOLD_S: f64 = 1.0;

impl DesignInput {
    /// For a plan of `cap`, everything else at its default.
    #[must_use]
    pub const fn new(cap: f64) -> Self {
        Self {
            cap,
            requests: None,
            tunnel: true,
            response_time: RESPONSE_TIME.default_number(),
            detect_queue: false,
            jitter: JITTER.default_number(),
            stagger: STAGGER.default_number(),
        }
    }

    /// Reads a record whose values may be of any type.
    ///
    /// # Errors
    /// Every field whose value is of a wrong type, unknown fields, and no `cap`. Limits are checked by [`design`].
    pub fn from_value(value: &Value) -> Result<Self, Errors> {
        let mut r = Reader::named(value, "probe", "must be a record of fields such as {\"cap\": 100}")?;
        let cap = r.number(&PLAN);
        let default = Self::new(cap.unwrap_or(1.0));
        let input = Self {
            cap: default.cap,
            requests: r.number(&BUDGET),
            tunnel: r.switch(&TUNNEL).unwrap_or(default.tunnel),
            response_time: r.number(&RESPONSE_TIME).unwrap_or(default.response_time),
            detect_queue: r.switch(&DETECT_QUEUE).unwrap_or(default.detect_queue),
            jitter: r.number(&JITTER).unwrap_or(default.jitter),
            stagger: r.number(&STAGGER).unwrap_or(default.stagger),
        };
        r.finish(
            || FIELDS.iter(),
            |errors| {
                // What was given and is no number has been refused already: of each field, the first refusal is told.
                errors.extend(cap.is_none().then(|| PLAN.refuse(Given::Nothing)));
            },
        )?;
        Ok(input)
    }

    fn check(&self) -> Result<(), Errors> {
        let numbers = [
            (&PLAN, Some(self.cap)),
            (&BUDGET, self.requests),
            (&RESPONSE_TIME, Some(self.response_time)),
            (&JITTER, Some(self.jitter)),
            (&STAGGER, Some(self.stagger)),
        ];
        let errors: Vec<Error> =
            numbers.iter().filter_map(|(field, value)| value.and_then(|x| field.check(x).err())).collect();
        Errors::none_of(errors)
    }
}

/// Designs a probe.
///
/// # Formula
/// With the believed cap c, stagger s and jitter j:
/// - burst `n = c + x`, and c more to see a queue's end; `x = min(max(c, 8), 24)`: enough over the cap that chance would
///   not line them up, and fewer than the 25 refusals for which a provider is known to block;
/// - hold `d = max(1 s, s·(n − 1) + 2j, 2·s·c, 8j)`: all are open together; the first that waits does so for
///   `d − s·c ≥ d/2`, so that turns at d, 2d, 3d stay apart; and a quarter of d, which is what [`read`](super::read) calls
///   late, is twice the jitter;
/// - before it one alone, and `c + 1` that are not held, at most c/2 of them at once and twice as fast: whoever refuses in
///   the burst and not there does not just count starts over a short time;
/// - after it `n + c + 2` of that kind, more than were sent before: whoever served those counts starts over no time at all,
///   however long, and has blocked nobody.
///
/// Without a tunnel d is the target's response time, the stagger shrinks so that all are open together, and c + 1 more
/// requests show whether idle connections count.
/// With fewer requests allowed, those before the burst go first, then those after it, then what is over the cap.
/// # Errors
/// Each field outside its limits.
/// # Examples
/// ```
/// use proxy_concurrency::probe::{DesignInput, design};
///
/// let plan = design(&DesignInput::new(8.0))?;
/// assert_eq!((plan.requests, plan.most_open, plan.hold), (1 + 9 + 16 + 26, 16, 1.0));
/// # Ok::<(), proxy_concurrency::Errors>(())
/// ```
pub fn design(input: &DesignInput) -> Result<ProbeDesign, Errors> {
    input.check()?;
    let DesignInput { cap, jitter, .. } = *input;
    let mut cautions = Vec::new();
    let wanted = cap + math::between(cap, FEWEST_OVER, MOST_OVER) + if input.detect_queue { cap } else { 0.0 };
    let allowed = input.requests.unwrap_or(f64::INFINITY);
    // In the order of what they are worth: one alone, the burst, those after it, those before it.
    let alone = if allowed >= 2.0 { 1.0 } else { 0.0 };
    let burst = wanted.min(allowed - alone);
    let left = allowed - alone - burst;
    let all_after = alone + cap + 1.0 + burst;
    let after = if left >= FEWEST_AFTER { left.min(all_after) } else { 0.0 };
    let unheld = if left - after > cap { cap + 1.0 } else { 0.0 };
    let idle = if !input.tunnel && left - after - unheld > cap { cap + 1.0 } else { 0.0 };
    let over_cap = burst - cap;
    for (caution, applies) in [
        (Caution::BelowCap, over_cap < 1.0),
        (Caution::NoRateCheck, unheld < 1.0),
        (Caution::NoPenaltyCheck, after < 1.0),
        (Caution::MayBePunished, over_cap > MOST_OVER),
    ] {
        if applies {
            cautions.push(caution);
        }
    }
    let others = burst - 1.0;
    let (hold, stagger) = if input.tunnel {
        let stagger = input.stagger;
        let needed = [stagger * others + 2.0 * jitter, 2.0 * stagger * cap, 8.0 * jitter, input.response_time];
        (needed.into_iter().fold(SHORTEST_HOLD_S, f64::max), stagger)
    } else {
        let hold = input.response_time;
        let room = ((hold - 2.0 * jitter) / others.max(1.0)).min(0.5 * hold / cap);
        if room <= 0.0 || hold < 8.0 * jitter {
            cautions.push(Caution::HoldTooShort);
        }
        (hold, math::between(input.stagger, 0.0, room.max(0.0)))
    };
    let turns = math::ceil(burst / cap);
    // Were the cap half of what is believed, there would be twice the turns.
    let timeout = (hold + stagger * others) * (2.0 * turns + 1.0) + 10.0 * jitter;
    let pause = PAUSE_S + 4.0 * jitter;
    let unheld_at_once = math::floor(cap / 2.0).max(1.0);
    let unheld_stagger = if input.tunnel { 0.5 * stagger } else { stagger };
    // Not held, a request takes what its connection takes to open, some jitters; without a tunnel, as long as any.
    let single = if input.tunnel { 2.0 * jitter } else { hold };
    let phase = |kind, requests: f64, at_once: f64, hold, stagger, pause| Phase {
        kind,
        requests: whole_up(requests),
        at_once: whole_up(at_once.min(requests)),
        hold,
        stagger,
        pause,
    };
    let unheld_hold = if input.tunnel { 0.0 } else { hold };
    let phases = [
        phase(PhaseKind::Alone, alone, 1.0, unheld_hold, 0.0, 0.0),
        phase(PhaseKind::Unheld, unheld, unheld_at_once, unheld_hold, unheld_stagger, pause),
        phase(PhaseKind::Burst, burst, burst, hold, stagger, pause),
        phase(PhaseKind::After, after, unheld_at_once, unheld_hold, unheld_stagger, pause),
        phase(PhaseKind::Idle, idle, idle, unheld_hold, 0.0, pause),
    ];
    let phases: Vec<Phase> = phases.into_iter().filter(|phase| phase.requests > 0).collect();
    let pauses: f64 = phases.iter().map(|phase| phase.pause).sum();
    let duration = pauses
        + alone * (single + input.response_time)
        + (unheld + after) * (single / unheld_at_once).max(unheld_stagger)
        + stagger * others
        + hold * turns
        + if idle > 0.0 { 2.0 * hold } else { 0.0 };
    Ok(ProbeDesign {
        requests: whole_up(alone + unheld + burst + after + idle),
        most_open: whole_up(burst.max(idle)),
        over_cap: whole_up(over_cap.max(0.0)),
        hold,
        stagger,
        timeout,
        duration,
        phases,
        cautions,
    })
}
