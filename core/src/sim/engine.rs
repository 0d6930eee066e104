//! The simulation itself: one event after the other.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use alloc::collections::VecDeque;
use alloc::vec;
use alloc::vec::Vec;

use super::calendar::Calendar;
use super::config::{Arrivals, Config, Counts, Covers, Effect, LateWork, MAX_FOLLOWED, Over, Retry, Timeout};
use super::connections::Connections;
use super::rng::{Exponential, Rng};
use super::sources::{ArrivalSource, ResponseSource};
use super::stats::{Integral, Tally, Times};
use crate::error::Error;
use crate::samples;

/// Parts into which the time is cut for drawing and for batches.
pub(super) const PARTS: usize = 256;
/// Events after which a run is given up if no time has passed.
const MOST_AT_ONCE: u64 = 10_000_000;

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Progress {
    /// There is more to come.
    Running,
    /// All of the time has passed.
    Complete,
    /// Requests come back again and again without time passing: without pauses this never ends.
    Stuck,
    /// More requests are on the way than [`MAX_FOLLOWED`].
    Overgrown,
    /// Of an experiment: more events than [`MAX_EVENTS`](super::MAX_EVENTS) before all of the time has passed.
    CutShort,
}

/// A run of a [`Config`].
///
/// The same configuration and seed give the same run to the last bit on every platform, in whatever steps it is advanced. Memory
/// is proportional to what is on the way at once, not to the length of the run.
///
/// # Examples
/// ```
/// use proxy_concurrency::sim::{Config, Progress, Simulation};
///
/// // Fifty requests a second of two seconds each, under a cap of 110, for an hour.
/// let mut run = Simulation::new(Config::new(50.0, 2.0, 110, 3600.0), 1)?;
/// while run.advance(100_000) == Progress::Running {}
/// let rejected = run.results().rejected.expect("requests were sent");
/// // Erlang B for 100 erlangs on 110 servers: 2.73 %.
/// assert!((rejected.mean - 0.0273).abs() < 2.0 * rejected.half_width.expect("long enough"));
/// # Ok::<(), proxy_concurrency::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Simulation {
    config: Config,
    now: f64,
    events: u64,
    pub(super) progress: Progress,
    /// When time was last looked at, to see whether it passes.
    looked_at: f64,

    arrivals: ArrivalSource,
    responses: ResponseSource,
    exponential: Exponential,
    /// Retries, jitter and the choice of an address.
    chance: Rng,
    /// Ends of service, retries, workers' next requests.
    calendar: Calendar,
    /// What else happens next: the end of a part of the time, of a wait, of an idle connection, of a spell.
    other_at: f64,

    requests: Vec<Request>,
    free: Vec<u32>,
    pub(super) waiting: VecDeque<u32>,
    /// Of those, at the front, whose clients have given up.
    given_up: usize,
    pub(super) in_flight: u32,
    pub(super) backing_off: u32,
    /// In flight or waiting, with a client that has not given up.
    pub(super) undecided: u32,
    connections: Option<Connections>,
    /// In flight at each address.
    at_address: Vec<u32>,
    cap: u32,
    room: Room,
    served: u64,
    /// Refusals in this window, and when it began.
    refusals: u32,
    window_began: f64,
    blocked_until: f64,

    /// Factor of the response times now, and the time after which a response is an error.
    slow: f64,
    failing_after: Option<f64>,
    /// Times at which a spell begins or ends, ascending, and how many have passed.
    changes: Vec<f64>,
    changed: usize,

    part: Tally,
    part_ends: f64,
    pub(super) parts: Vec<Tally>,
    /// In the part that is under way: of those who wait, and of open connections.
    line: Integral,
    open: Integral,
    pub(super) waits: Times,
    pub(super) response_times: Times,
    /// Time with so many in flight.
    pub(super) occupied: Vec<f64>,
}

/// Of what the cap leaves room.
#[derive(Clone, Copy, Debug)]
enum Room {
    InFlight,
    AtAddress { addresses: u32 },
    OpenConnections,
}

/// A request on its way. Between retries only its number of attempts matters.
#[derive(Clone, Copy, Debug)]
struct Request {
    /// When this attempt was sent.
    sent: f64,
    /// Retries before this one.
    retries: u32,
    address: u32,
    connection: u32,
    fate: Fate,
}

impl Request {
    const fn new(sent: f64, retries: u32) -> Self {
        Self { sent, retries, address: 0, connection: 0, fate: Fate::Good }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Good,
    /// The client has given up, and was told.
    Late,
    /// The client gives up when the place is freed.
    CutOff,
    Error,
}

/// What an entry of the calendar says: two bits, and a request's number.
mod what {
    pub(super) const DONE: u32 = 0;
    pub(super) const GIVE_UP: u32 = 1 << 30;
    pub(super) const RETRY: u32 = 2 << 30;
    pub(super) const THOUGHT: u32 = 3 << 30;
    pub(super) const KIND: u32 = 3 << 30;
}

#[derive(Clone, Copy)]
enum Failure {
    Rejected,
    TimedOut,
    Errored,
}

impl Simulation {
    /// # Errors
    /// The first thing in `config` that no simulation can be made of.
    pub fn new(config: Config, seed: u64) -> Result<Self, Error> {
        config.check()?;
        let exponential = Exponential::new();
        let mut changes: Vec<f64> = config.spells.iter().flat_map(|spell| [spell.from_s, spell.until_s]).collect();
        samples::sort(&mut changes);
        let (room, addresses) = match (config.counts, config.over) {
            (Counts::OpenConnections, _) => (Room::OpenConnections, 0),
            (_, Over::PerIp { addresses }) => (Room::AtAddress { addresses }, addresses),
            _ => (Room::InFlight, 0),
        };
        #[expect(clippy::cast_precision_loss, reason = "256")]
        let part_s = config.duration_s / PARTS as f64;
        let mut run = Self {
            now: 0.0,
            events: 0,
            progress: Progress::Running,
            looked_at: 0.0,
            arrivals: ArrivalSource::new(config.arrivals.clone(), Rng::new(seed, 1), &exponential),
            responses: ResponseSource::new(config.response_time.clone(), Rng::new(seed, 2)),
            exponential,
            chance: Rng::new(seed, 3),
            calendar: Calendar::default(),
            other_at: 0.0,
            requests: Vec::new(),
            free: Vec::new(),
            waiting: VecDeque::new(),
            given_up: 0,
            in_flight: 0,
            backing_off: 0,
            undecided: 0,
            connections: config.pool.map(Connections::new),
            at_address: vec![0; usize::try_from(addresses).unwrap_or_default()],
            cap: config.cap,
            room,
            served: 0,
            refusals: 0,
            window_began: 0.0,
            blocked_until: 0.0,
            slow: 1.0,
            failing_after: None,
            changes,
            changed: 0,
            part: Tally::default(),
            part_ends: part_s,
            parts: Vec::with_capacity(PARTS),
            line: Integral::default(),
            open: Integral::default(),
            waits: Times::new(),
            response_times: Times::new(),
            occupied: vec![0.0],
            config,
        };
        if let Arrivals::Closed { workers, .. } = run.config.arrivals {
            for _ in 0..workers {
                run.calendar.push(0.0, what::THOUGHT);
            }
        }
        run.plan_other();
        Ok(run)
    }

    /// Lets so many events happen, or fewer where the run ends before.
    pub fn advance(&mut self, events: u64) -> Progress {
        let mut left = events;
        while left > 0 && self.progress == Progress::Running {
            let watched = left.min(MOST_AT_ONCE - self.events % MOST_AT_ONCE);
            let happened = self.run(watched);
            self.events += happened;
            left -= happened;
            if self.events % MOST_AT_ONCE == 0 && happened > 0 {
                if self.now <= self.looked_at {
                    self.progress = Progress::Stuck;
                }
                self.looked_at = self.now;
            }
        }
        self.progress
    }

    /// The same without a look at whether time passes; how many events there were.
    fn run(&mut self, events: u64) -> u64 {
        let mut left = events;
        while left > 0 && self.progress == Progress::Running {
            let (planned, arrival) = (self.calendar.next_at(), self.arrivals.next_at);
            // What ends, ends before what begins at the same time.
            let sent = if planned <= arrival && planned <= self.other_at {
                self.pass(planned);
                self.planned()
            } else if arrival < planned && arrival < self.other_at {
                self.pass(arrival);
                self.arrivals.step(&self.exponential);
                self.begin()
            } else {
                self.pass(self.other_at);
                left -= u64::from(self.other());
                continue;
            };
            if let Some(retries) = sent {
                self.send(retries);
            }
            self.calendar.settle();
            left -= 1;
        }
        events - left
    }

    /// Simulated time, in seconds.
    #[must_use]
    pub const fn now_s(&self) -> f64 {
        self.now
    }

    /// Share of the time that has passed, 0 to 1.
    #[must_use]
    pub fn passed(&self) -> f64 {
        self.now / self.config.duration_s
    }

    /// Events so far: arrivals, ends, retries, timeouts, closed connections, changes.
    #[must_use]
    pub const fn events(&self) -> u64 {
        self.events
    }

    /// What is simulated.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// Everything that was counted up to now.
    pub(super) fn tally(&self) -> Tally {
        let mut all = self.part;
        self.parts.iter().for_each(|part| all.add(part));
        all
    }

    /// Time goes on to `time`.
    #[inline]
    fn pass(&mut self, time: f64) {
        let passed = time - self.now;
        self.now = time;
        self.part.in_flight_s += passed * f64::from(self.in_flight);
        if let Some(occupied) = usize::try_from(self.in_flight).ok().and_then(|n| self.occupied.get_mut(n)) {
            *occupied += passed;
        }
    }

    /// Until now so many have waited; from now on another number does.
    #[inline]
    fn line_changes(&mut self) {
        #[expect(clippy::cast_precision_loss, reason = "at most MAX_FOLLOWED")]
        self.line.goes_on(self.now, self.waiting.len() as f64);
    }

    /// Until now so many connections were open.
    fn connections_change(&mut self) {
        if let Some(connections) = &self.connections {
            self.open.goes_on(self.now, f64::from(connections.open()));
        }
    }

    /// What the calendar says; after how many retries a request is sent now, where one is.
    #[inline]
    fn planned(&mut self) -> Option<u32> {
        let entry = self.calendar.take()?;
        let number = entry & !what::KIND;
        match entry & what::KIND {
            what::DONE => {
                self.done(number);
                None
            }
            what::GIVE_UP => {
                if let Some(request) = self.request(number) {
                    request.fate = Fate::Late;
                    let retries = request.retries;
                    self.undecided -= 1;
                    self.fail(Failure::TimedOut, retries);
                }
                None
            }
            what::RETRY => {
                self.backing_off -= 1;
                self.free.push(number);
                self.request(number).map(|request| request.retries)
            }
            _ => self.begin(),
        }
    }

    /// What is due besides; whether it was an event of the system.
    #[cold]
    fn other(&mut self) -> bool {
        let counts = if self.now >= self.part_ends {
            self.end_part();
            false
        } else if self.changes.get(self.changed).is_some_and(|&at| at <= self.now) {
            self.changed += 1;
            self.change();
            true
        } else if self.next_give_up() <= self.now {
            self.give_up_waiting();
            true
        } else {
            self.connections_change();
            if let Some(connections) = &mut self.connections {
                connections.close_oldest();
            }
            // A closed connection may make room.
            self.serve_waiting();
            true
        };
        self.plan_other();
        counts
    }

    /// The earliest of what else is due. Not by `f64::min`, which is a function call in WebAssembly.
    #[inline]
    fn plan_other(&mut self) {
        let change = self.changes.get(self.changed).copied().unwrap_or(f64::INFINITY);
        let close = self.connections.as_ref().map_or(f64::INFINITY, Connections::next_close);
        let mut earliest = self.part_ends;
        for at in [change, self.next_give_up(), close] {
            earliest = if at < earliest { at } else { earliest };
        }
        self.other_at = if earliest < self.now { self.now } else { earliest };
    }

    fn end_part(&mut self) {
        self.line_changes();
        self.connections_change();
        (self.part.waiting_s, self.part.open_s) = (self.line.take(), self.open.take());
        self.part.most_in_flight = self.part.most_in_flight.max(self.in_flight);
        self.parts.push(core::mem::take(&mut self.part));
        self.part.most_in_flight = self.in_flight;
        let ended = self.parts.len();
        if ended >= PARTS {
            self.progress = Progress::Complete;
        }
        #[expect(clippy::cast_precision_loss, reason = "at most 256")]
        let next = self.config.duration_s * ((ended + 1) as f64 / PARTS as f64);
        self.part_ends = next;
    }

    /// A spell begins or ends: all factors anew.
    fn change(&mut self) {
        let (mut slow, mut burst, mut failing) = (1.0, 1.0, None);
        for spell in &self.config.spells {
            if spell.from_s <= self.now && self.now < spell.until_s {
                match spell.effect {
                    Effect::Slow(factor) => slow *= factor,
                    Effect::Burst(factor) => burst *= factor,
                    Effect::Fail(after_s) => failing = Some(after_s),
                }
            }
        }
        (self.slow, self.failing_after) = (slow, failing);
        self.arrivals.set_speed(self.now, burst);
    }

    fn request(&mut self, number: u32) -> Option<&mut Request> {
        self.requests.get_mut(usize::try_from(number).ok()?)
    }

    /// A number for a request to follow; `None` where there are too many.
    #[inline]
    fn follow(&mut self) -> Option<u32> {
        self.free.pop().or_else(|| self.follow_one_more())
    }

    #[cold]
    fn follow_one_more(&mut self) -> Option<u32> {
        let number = u32::try_from(self.requests.len()).ok().filter(|&n| n < MAX_FOLLOWED);
        if number.is_none() {
            self.progress = Progress::Overgrown;
        } else {
            self.requests.push(Request::new(0.0, 0));
        }
        number
    }

    #[inline]
    fn keep(&mut self, number: u32, request: Request) {
        if let Some(place) = self.request(number) {
            *place = request;
        }
    }

    /// A new request: without retries.
    #[inline]
    const fn begin(&mut self) -> Option<u32> {
        self.part.requests += 1;
        Some(0)
    }

    /// An attempt reaches the proxy.
    #[inline(always)]
    fn send(&mut self, retries: u32) {
        self.part.attempts += 1;
        let mut request = Request::new(self.now, retries);
        if let Room::AtAddress { addresses } = self.room {
            request.address = self.chance.below(addresses);
        }
        if self.blocked_until > self.now {
            self.fail(Failure::Rejected, retries);
        } else if self.has_room(request.address) {
            self.undecided += 1;
            if let Some(number) = self.follow() {
                self.start(number, request);
            }
        } else if matches!(self.config.over, Over::Queue { places } if self.waiting.len() < usize::try_from(places).unwrap_or(usize::MAX))
        {
            self.undecided += 1;
            self.part.waited += 1;
            if let Some(number) = self.follow() {
                self.keep(number, request);
                self.line_changes();
                self.waiting.push_back(number);
                self.plan_give_up();
            }
        } else {
            self.refuse(retries);
        }
    }

    fn refuse(&mut self, retries: u32) {
        if let Over::Penalty { refusals, window_s, duration_s } = self.config.over {
            if self.now >= self.window_began + window_s {
                let windows = crate::math::floor((self.now - self.window_began) / window_s);
                self.window_began += windows * window_s;
                self.refusals = 0;
            }
            self.refusals += 1;
            if self.refusals >= refusals {
                self.blocked_until = self.now + duration_s;
                self.window_began = self.blocked_until;
                self.refusals = 0;
            }
        }
        self.fail(Failure::Rejected, retries);
    }

    /// Whether the proxy takes a request now.
    #[inline]
    fn has_room(&self, address: u32) -> bool {
        match self.room {
            Room::InFlight => self.in_flight < self.cap,
            Room::AtAddress { addresses } => {
                let cap = self.cap / addresses + u32::from(address < self.cap % addresses);
                usize::try_from(address).ok().and_then(|i| self.at_address.get(i)).is_some_and(|&n| n < cap)
            }
            Room::OpenConnections => self.connections.as_ref().is_some_and(|c| c.has_room() || c.open() < self.cap),
        }
    }

    /// A request gets its place.
    #[inline(always)]
    fn start(&mut self, number: u32, mut request: Request) {
        let waited = self.now - request.sent;
        let mut held = self.responses.draw(&self.exponential) * self.slow;
        if let Some(after) = self.failing_after {
            held = after;
            request.fate = if request.fate == Fate::Late { Fate::Late } else { Fate::Error };
        }
        if let Some(connections) = &mut self.connections {
            self.open.goes_on(self.now, f64::from(connections.open()));
            let (connection, setup) = connections.take();
            request.connection = connection;
            held += setup;
            self.plan_other();
        }
        if let Some(Timeout { after_s, covers: Covers::Response, late }) = self.config.timeout {
            let left = after_s - waited;
            if held > left && request.fate != Fate::Late {
                if late == LateWork::Cancelled {
                    held = left.max(0.0);
                    request.fate = Fate::CutOff;
                } else {
                    self.calendar.push(self.now + left.max(0.0), what::GIVE_UP | number);
                }
            }
        }
        self.part.started += 1;
        self.part.wait_s += waited;
        self.part.held_s += held;
        self.waits.add(waited);
        self.keep(number, request);
        self.calendar.push(self.now + held, what::DONE | number);
        self.in_flight += 1;
        if self.in_flight > self.part.most_in_flight {
            self.part.most_in_flight = self.in_flight;
            let needed = usize::try_from(self.in_flight).unwrap_or_default() + 1;
            if self.occupied.len() < needed {
                self.occupied.resize(needed, 0.0);
            }
        }
        if let Room::AtAddress { .. } = self.room {
            self.count_address(request.address, true);
        }
    }

    fn count_address(&mut self, address: u32, up: bool) {
        if let Some(n) = usize::try_from(address).ok().and_then(|i| self.at_address.get_mut(i)) {
            *n = if up { *n + 1 } else { *n - 1 };
        }
    }

    /// A place is free again.
    #[inline(always)]
    fn done(&mut self, number: u32) {
        let Some(&mut Request { sent, retries, address, connection, fate }) = self.request(number) else { return };
        self.free.push(number);
        self.in_flight -= 1;
        if let Room::AtAddress { .. } = self.room {
            self.count_address(address, false);
        }
        if let Some(connections) = &mut self.connections {
            connections.give_back(connection, self.now);
            self.plan_other();
        }
        // Before the client does anything about it: who waits was there first.
        self.serve_waiting();
        if fate != Fate::Late {
            self.undecided -= 1;
        }
        match fate {
            Fate::Good => {
                let time = self.now - sent;
                self.part.succeeded += 1;
                self.part.response_s += time;
                self.response_times.add(time);
                self.served += 1;
                if let Over::ShrinkingCap { reduced_cap, after } = self.config.over {
                    if self.served >= after {
                        self.cap = self.cap.min(reduced_cap);
                    }
                }
                self.think();
            }
            Fate::Late => self.part.wasted += 1,
            Fate::CutOff => self.fail(Failure::TimedOut, retries),
            Fate::Error => self.fail(Failure::Errored, retries),
        }
    }

    /// Those who wait take what is free.
    #[inline(always)]
    fn serve_waiting(&mut self) {
        while !self.waiting.is_empty() && self.has_room(0) {
            self.line_changes();
            let Some(number) = self.waiting.pop_front() else { return };
            self.given_up = self.given_up.saturating_sub(1);
            let Some(&mut request) = self.request(number) else { return };
            self.start(number, request);
            self.plan_give_up();
        }
    }

    /// When the next client in the queue gives up; infinite where none does. Who came first gives up first.
    fn next_give_up(&self) -> f64 {
        let Some(timeout) = self.config.timeout else { return f64::INFINITY };
        let next = self.waiting.get(self.given_up).and_then(|&number| self.requests.get(usize::try_from(number).ok()?));
        next.map_or(f64::INFINITY, |request| request.sent + timeout.after_s)
    }

    #[inline]
    fn plan_give_up(&mut self) {
        if self.config.timeout.is_some() {
            self.plan_other();
        }
    }

    fn give_up_waiting(&mut self) {
        let Some(&number) = self.waiting.get(self.given_up) else { return };
        let Some(request) = self.request(number) else { return };
        request.fate = Fate::Late;
        let retries = request.retries;
        if matches!(self.config.timeout, Some(Timeout { late: LateWork::Cancelled, .. })) {
            self.line_changes();
            self.waiting.pop_front();
            self.free.push(number);
        } else {
            self.given_up += 1;
        }
        self.undecided -= 1;
        self.fail(Failure::TimedOut, retries);
    }

    /// An attempt has failed: another one later, or the request is lost.
    fn fail(&mut self, why: Failure, retries: u32) {
        match why {
            Failure::Rejected => self.part.rejected += 1,
            Failure::TimedOut => self.part.timed_out += 1,
            Failure::Errored => self.part.errored += 1,
        }
        let Retry { most, share, .. } = self.config.retry;
        if (retries < most || most == u32::MAX) && (share >= 1.0 || self.chance.uniform() < share) {
            let pause = self.pause(retries);
            if let Some(number) = self.follow() {
                self.keep(number, Request::new(self.now, retries.saturating_add(1)));
                self.backing_off += 1;
                self.calendar.push(self.now + pause, what::RETRY | number);
            }
        } else {
            self.part.failed += 1;
            self.think();
        }
    }

    /// Pause after so many retries.
    fn pause(&mut self, retries: u32) -> f64 {
        let Retry { backoff_s, factor, longest_s, jitter, .. } = self.config.retry;
        let mut pause = backoff_s.min(longest_s);
        if factor > 1.0 && pause > 0.0 {
            for _ in 0..retries {
                pause *= factor;
                if pause >= longest_s {
                    pause = longest_s;
                    break;
                }
            }
        }
        if jitter > 0.0 { pause * (1.0 - jitter * self.chance.uniform()) } else { pause }
    }

    /// A worker's request has ended.
    #[inline]
    fn think(&mut self) {
        if let Arrivals::Closed { think_s, .. } = self.config.arrivals {
            self.calendar.push(self.now + think_s, what::THOUGHT);
        }
    }
}
