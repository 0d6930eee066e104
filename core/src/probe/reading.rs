//! From lines to a verdict.
//!
//! With start times every model of a limit says of each line whether it should have been held back; the model that gets
//! the fewest lines wrong is named, and those that get as few wrong remain as alternatives. Without them only the
//! times' clusters speak: served at d, 2d, 3d … is a queue, refused at once is a limit.

use alloc::vec;
use alloc::vec::Vec;

use super::evidence::{Fit, Span, Timeline};
use super::lines::{Line, Text, parse};
use super::{Answer, Confidence, Failure, Limit, Next, Reading, Verdict};
use crate::error::{Error, Rule};
use crate::scenario::Errors;
use crate::value::{Value, part, unknown};

/// A refusal or a wait that is shorter than this share of the time that requests are held is none: networks are not
/// even, and a queue's shortest wait is half of that time (see [`design`](super::design())).
const LATE: f64 = 0.25;
/// Of so many lines a limit on what is open may get one wrong (a place that is freed a moment late).
const LINES_A_MISFIT: u32 = 50;
/// The same for what is put in its place: a gateway's counters of rates are coarse.
const LINES_A_MISFIT_ELSE: u32 = 20;

/// Names the behaviour that pasted lines show.
///
/// # Format
/// A line is a request: its status (`200`, or a word such as `reset`, `closed`, `timeout`, `refused`, `ConnectionError`)
/// and the seconds that it took (`1.02`, `1,02`, `1.02s`, `1020ms`, `1020 ms`), apart by spaces, tab or semicolon, or by
/// a comma where there is nothing else. A comma inside a number is a decimal comma; there are no thousands separators.
/// Blank lines and lines with `#` are passed over. `(200, 1.02)` is read wherever it stands.
///
/// A first line of names adds columns: `status` and `seconds` (or `ms`), and `start` (seconds on a clock that all lines
/// share), `connect` (from the start to the answer to CONNECT), `done` (from the start to the last byte, where the
/// connection was held longer), `by` (`proxy` or `target`: who answered), `ip` (the address or credential that it
/// went by), `idle` (connections held open without a request meanwhile); `-` for nothing, others are passed over.
/// The order of lines says nothing.
///
/// From `Status codes: {200, 503}` and `Latency range: 5.1s – 9.8s` alone follows what is still possible, no verdict.
///
/// # Errors
/// `text` where no line can be read, or with more than 1,000,000 bytes or 10,000 requests.
/// # Examples
/// Eight at once, and eight more when those had ended:
/// ```
/// use proxy_concurrency::probe::{Verdict, read};
///
/// let text = "200 1.01\n".repeat(8) + &"200 2.02\n".repeat(8);
/// let reading = read(&text)?;
/// assert_eq!(reading.verdict, Verdict::Queue);
/// assert_eq!(reading.limit.map(|limit| limit.estimate), Some(8));
/// // Total time alone cannot tell a proxy's queue from a slow target.
/// assert!(reading.alternatives.contains(&Verdict::SlowTarget));
/// # Ok::<(), proxy_concurrency::Error>(())
/// ```
pub fn read(text: &str) -> Result<Reading, Error> {
    let text = parse(text)?;
    Ok(if text.lines.is_empty() { of_summary(&text) } else { of_lines(&text) })
}

/// [`read`] of a record `{ text }` whose value may be of any type.
///
/// # Errors
/// As [`read`]; a `text` that is none, and other fields.
pub fn read_value(value: &Value) -> Result<Reading, Errors> {
    let record = value.record("text", "must be in a record")?;
    Errors::none_of(unknown(record, "text", |name| name == "text").collect())?;
    match part(record, "text") {
        Value::Text(text) => Ok(read(text)?),
        other => Err(Error { field: "text", value: other.given(), rule: Rule::Told("must be text") }.into()),
    }
}

impl Reading {
    fn new(text: &Text) -> Self {
        Self {
            verdict: Verdict::NotEnough,
            confidence: Confidence::Weak,
            chance: None,
            limit: None,
            window: None,
            at_once: 0,
            status: None,
            failure: None,
            refused_after: None,
            waiting: None,
            hold: None,
            idle_counts: None,
            lines: Vec::new(),
            alternatives: Vec::new(),
            next: Vec::new(),
            read: count(text.lines.len()),
            unread: text.unread.clone(),
        }
    }

    /// Settles on a verdict. `by_chance`: requests were held back, which chance might have done as well.
    fn settle(mut self, verdict: Verdict, by_chance: bool) -> Self {
        self.verdict = verdict;
        let at_most = |most| self.chance.is_some_and(|x| x <= most);
        self.confidence = if verdict == Verdict::NotEnough {
            Confidence::Weak
        } else if self.alternatives.is_empty() && (!by_chance || at_most(0.01)) {
            Confidence::Strong
        } else if !by_chance || self.chance.is_none() || at_most(0.05) {
            Confidence::Fair
        } else {
            Confidence::Weak
        };
        self
    }

    fn or(mut self, alternatives: &[Verdict], next: &[Next]) -> Self {
        for verdict in alternatives {
            if !self.alternatives.contains(verdict) {
                self.alternatives.push(*verdict);
            }
        }
        for step in next {
            if !self.next.contains(step) {
                self.next.push(*step);
            }
        }
        self
    }

    fn answered(&mut self, answer: Option<Answer>) {
        match answer {
            Some(Answer::Status(code)) => self.status = Some(code),
            Some(Answer::Failed(failure)) => self.failure = Some(failure),
            None => {}
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "at most MAX_LINES")]
const fn count(n: usize) -> u32 {
    n as u32
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

const fn good(answer: Answer) -> bool {
    matches!(answer, Answer::Status(200..=399))
}

/// The most frequent answer.
fn usual(lines: &[&Line]) -> Option<Answer> {
    let mut answers: Vec<Answer> = lines.iter().map(|x| x.answer).collect();
    answers.sort_unstable();
    let same = answers.chunk_by(|x, y| x == y);
    same.max_by_key(|x| x.len()).and_then(|x| x.first().copied())
}

/// What the article's script prints: a set of statuses and a range of times.
fn of_summary(text: &Text) -> Reading {
    let mut reading = Reading::new(text);
    let bad = text.statuses.iter().copied().find(|x| !good(*x));
    reading.answered(bad);
    let next = [Next::GiveLines, Next::TimeConnect, Next::Stagger];
    // Where the fastest took half as long as the slowest or more, nobody was refused at once and nobody waited a turn.
    let even = text.range.map(|(low, high)| high <= 1.5 * low);
    let possible: &[Verdict] = match (bad, even) {
        (None, _) if text.statuses.is_empty() => &[],
        (None, Some(true)) => &[Verdict::Headroom],
        (None, Some(false)) => &[Verdict::Queue, Verdict::Bandwidth, Verdict::SlowTarget],
        (None, None) => &[Verdict::Headroom, Verdict::Queue, Verdict::Bandwidth, Verdict::SlowTarget],
        // The script prints 503 for 407, 429, a dead proxy and a failed look-up, too.
        (Some(_), Some(true)) => &[Verdict::TargetError, Verdict::QueueThenReject, Verdict::Tarpit],
        (Some(_), range) => {
            let at_once = range.is_none() || text.range.is_some_and(|(low, high)| low < LATE * high);
            if at_once {
                &[
                    Verdict::Reject,
                    Verdict::BoundedQueue,
                    Verdict::QueueThenReject,
                    Verdict::RateLimit,
                    Verdict::PerIp,
                    Verdict::TargetError,
                    Verdict::Authentication,
                ]
            } else {
                &[Verdict::QueueThenReject, Verdict::Tarpit, Verdict::TargetError, Verdict::SlowTarget]
            }
        }
    };
    reading.or(possible, &next).settle(Verdict::NotEnough, false)
}

/// How the times of requests that were served lie, where only their totals are known.
enum Waves {
    /// All in one.
    One,
    /// At d, 2d, 3d …: those above this did not come in the first.
    Several { above: f64 },
    /// Neither.
    Spread,
}

/// Clusters of total times.
///
/// A gap of a quarter of the shortest time parts two. Several are waves of a queue if each is narrow, they follow each
/// other evenly, at least half as far apart as the first is long (starts that are staggered shorten the wait), and
/// none is larger than the first, give or take a quarter.
fn waves(mut times: Vec<f64>) -> Waves {
    times.sort_by(f64::total_cmp);
    let all = times.len();
    let Some(shortest) = times.first().copied() else { return Waves::One };
    let mut groups: Vec<Vec<f64>> = vec![vec![]];
    let mut before = shortest;
    for x in times {
        if x - before > LATE * shortest {
            groups.push(vec![]);
        }
        if let Some(group) = groups.last_mut() {
            group.push(x);
        }
        before = x;
    }
    let ends = |group: &[f64]| Some((*group.first()?, *group.last()?, *group.get(group.len() / 2)?, group.len()));
    // An answer out of a cache must not stand for the first wave.
    if groups.len() > 1 && all >= 20 && groups.first().is_some_and(|x| x.len() * 20 <= all) {
        return waves(groups.split_off(1).concat());
    }
    let groups: Vec<(f64, f64, f64, usize)> = groups.iter().filter_map(|x| ends(x)).collect();
    let [(_, highest, first, size), later @ ..] = groups.as_slice() else { return Waves::One };
    let narrow = groups.iter().all(|(low, high, ..)| high - low <= 0.5 * first);
    let Some((_, _, second, _)) = later.first() else { return if narrow { Waves::One } else { Waves::Spread } };
    let step = second - first;
    let mut place = 0.0;
    let even = later.iter().all(|(_, _, middle, n)| {
        // A wave may be missing: one connection whose first packet was lost comes alone, later.
        let turns = crate::math::round((middle - first) / step);
        let on = turns > place && (middle - first - turns * step).abs() <= LATE * first;
        place = turns;
        on && 4 * n <= 5 * size + 4
    });
    if narrow && even && step >= 0.5 * first && step <= 1.25 * first {
        Waves::Several { above: 0.5 * (highest + second) }
    } else {
        Waves::Spread
    }
}

/// Lines sorted by what happened to them.
struct Sorted<'a> {
    all: Vec<&'a Line>,
    served: Vec<&'a Line>,
    /// Held back by the proxy, as far as can be told.
    refused: Vec<&'a Line>,
    /// Failed at the target, as far as can be told.
    target: Vec<&'a Line>,
    idle: Vec<&'a Line>,
}

impl<'a> Sorted<'a> {
    fn new(text: &'a Text) -> Self {
        let (idle, all): (Vec<&Line>, Vec<&Line>) = text.lines.iter().partition(|x| x.idle.is_some_and(|n| n > 0));
        let at_target = |x: &&&Line| match (x.by_target, x.answer) {
            (_, answer) if good(answer) => false,
            (Some(by_target), _) => by_target,
            // What gateways say of a limit, and what a broken connection may mean; the rest is the target's.
            (None, Answer::Status(403 | 407 | 429 | 503)) => false,
            (None, Answer::Failed(failure)) => matches!(failure, Failure::Tls),
            (None, Answer::Status(_)) => true,
        };
        let target: Vec<&Line> = all.iter().filter(at_target).copied().collect();
        let served: Vec<&Line> = all.iter().filter(|x| good(x.answer)).copied().collect();
        let refused = all.iter().filter(|x| !good(x.answer) && !at_target(x)).copied().collect();
        Self { all, served, refused, target, idle }
    }

    /// The lines on one clock, if each has a start. `held` says which were held back.
    fn spans(&self, base: f64, late: bool, held: impl Fn(&Line) -> bool) -> Option<Vec<Span>> {
        let span = |x: &&Line| {
            let start = x.start?;
            let end = start + x.seconds;
            let at_once = !good(x.answer) && !late;
            let decided = if at_once { end } else { (start + 2.0 * base).min(end) };
            let from = start + x.connect.unwrap_or(0.0);
            Some(Span { start, from, end, decided, held_back: held(x), number: x.number })
        };
        self.all.iter().map(span).collect()
    }
}

fn numbers(lines: &[&Line]) -> Vec<u32> {
    let mut numbers: Vec<u32> = lines.iter().map(|x| x.number).collect();
    numbers.dedup();
    numbers
}

fn of_lines(text: &Text) -> Reading {
    let mut sorted = Sorted::new(text);
    let mut reading = Reading::new(text);
    if sorted.all.is_empty() {
        return reading.or(&[], &[Next::SendMore]).settle(Verdict::NotEnough, false);
    }
    if sorted.served.is_empty() {
        return of_failures(&sorted, reading);
    }
    // How long requests were held, and how soon the proxy answers: what counts as late follows from both. Requests
    // that were not held, if there are some, must not count.
    let own = |x: &&Line| x.seconds - x.connect.unwrap_or(0.0);
    let longest = sorted.served.iter().map(own).fold(0.0, f64::max);
    let tunnels = sorted.served.iter().all(|x| x.connect.is_some());
    let base = sorted.served.iter().filter_map(|x| x.connect).reduce(f64::min).unwrap_or(0.0);
    let mut spread = false;
    let (hold, above) = if tunnels {
        let hold = median(sorted.served.iter().map(own).filter(|x| *x >= 0.5 * longest)).unwrap_or(0.0);
        (hold, base + LATE * hold)
    } else {
        let waves = waves(sorted.served.iter().map(|x| x.seconds).collect());
        spread = matches!(waves, Waves::Spread);
        let above = if let Waves::Several { above } = waves { above } else { f64::INFINITY };
        let first = sorted.served.iter().map(|x| x.seconds).filter(|x| *x <= above);
        (median(first).unwrap_or(0.0), above)
    };
    let waited = |x: &Line| if tunnels { x.connect.is_some_and(|c| c > above) } else { x.seconds > above };
    let waiting: Vec<&Line> = sorted.served.iter().filter(|x| waited(x)).copied().collect();
    let late_line = |x: &&&Line| x.seconds > base + LATE * hold;
    reading.hold = Some(hold);
    reading.idle_counts = sorted
        .idle
        .first()
        .map(|_| sorted.idle.iter().any(|x| !good(x.answer) || waited(x) || x.seconds > 1.5 * hold + base));

    // One failure among many, with no more open than at other times, is the network's.
    if let [_] = sorted.refused.as_slice() {
        let lone = |x: &Line| !good(x.answer);
        let chance = sorted.spans(base, false, lone).and_then(|spans| Timeline::new(spans).chance());
        if sorted.all.len() >= 20 && chance.is_none_or(|x| x > 0.05) {
            sorted.refused.clear();
        }
    }
    let late = 2 * sorted.refused.iter().filter(late_line).count() > sorted.refused.len();
    reading.answered(usual(&sorted.refused));
    reading.refused_after = median(sorted.refused.iter().map(|x| x.seconds));

    let few = sorted.target.len() * 20 <= sorted.all.len();
    if sorted.target.len() > sorted.refused.len() && !few {
        reading.answered(usual(&sorted.target));
        reading.refused_after = median(sorted.target.iter().map(|x| x.seconds));
        reading.lines = numbers(&sorted.target);
        let sure = sorted.target.iter().all(|x| x.by_target == Some(true));
        let alternatives: &[Verdict] = if sure { &[] } else { &[Verdict::Reject] };
        return reading.or(alternatives, &[Next::OtherTarget]).settle(Verdict::TargetError, false);
    }

    let failed = |x: &Line| !good(x.answer) && x.by_target != Some(true) && !sorted.refused.is_empty();
    let held = |x: &Line| failed(x) || waited(x);
    let Some(timeline) = sorted.spans(base, late, held).map(Timeline::new) else {
        return of_times(&sorted, &waiting, reading, late, spread, tunnels, base);
    };
    reading.at_once = timeline.most_served();
    reading.chance = timeline.chance();

    if sorted.refused.is_empty() && waiting.is_empty() {
        return of_all_served(&sorted, reading, spread, tunnels);
    }
    let limit = timeline.concurrency();
    reading.limit = Some(within(limit, reading.at_once));

    // Which model of a limit? Waiting ones were served: for a refusal they count as open.
    let tolerated = count(sorted.all.len()) / LINES_A_MISFIT_ELSE;
    let mut groups: Vec<(&str, Vec<Span>)> = Vec::new();
    let spans = sorted.spans(base, late, held).unwrap_or_default();
    for (line, span) in sorted.all.iter().zip(&spans) {
        let Some(ip) = line.ip.as_deref() else {
            groups.clear();
            break;
        };
        match groups.iter_mut().find(|(known, _)| *known == ip) {
            Some((_, group)) => group.push(*span),
            None => groups.push((ip, vec![*span])),
        }
    }
    if groups.len() > 1 {
        let groups: Vec<Timeline> = groups.into_iter().map(|(_, spans)| Timeline::new(spans)).collect();
        let fit = Timeline::concurrency_of_each(&groups);
        if fit.misfits == limit.misfits {
            reading.alternatives.push(Verdict::PerIp);
        }
        if fit.misfits < limit.misfits && fit.misfits <= tolerated {
            let most = groups.iter().map(Timeline::most_served).max().unwrap_or(0);
            reading.limit = Some(within(fit, most));
            reading.lines = numbers(if sorted.refused.is_empty() { &waiting } else { &sorted.refused });
            return reading.settle(Verdict::PerIp, true);
        }
    }
    let refusals = if sorted.refused.is_empty() { None } else { sorted.spans(base, late, failed).map(Timeline::new) };
    let mut rate_fits = false;
    if let Some(refusals) = refusals {
        let pooled = refusals.concurrency();
        let rate = refusals.rate();
        let penalty = refusals.penalty();
        rate_fits = rate.is_some_and(|(fit, _)| fit.misfits <= pooled.misfits);
        let fits = |wrong: u32| wrong < pooled.misfits && (wrong <= tolerated || 3 * wrong <= pooled.misfits);
        // Two that were refused alone are no limit on what is open; if they are no block either, they are a rate, and be
        // it counted in a way that fits no window well (HAProxy's counters decay).
        let lone = refusals.held_back_alone() >= 2;
        let as_rate = rate.filter(|(fit, _)| fits(fit.misfits) || lone && fit.misfits < pooled.misfits);
        let as_penalty = penalty.filter(|(misfits, _)| fits(*misfits));
        let better = |(fit, _): (Fit, f64), (misfits, _): &(u32, Vec<u32>)| fit.misfits < *misfits;
        match (as_rate, as_penalty) {
            (rate, Some((misfits, block))) if !rate.is_some_and(|x| better(x, &(misfits, vec![]))) => {
                reading.limit = Some(Limit { low: reading.at_once, estimate: reading.at_once, high: None });
                reading.lines = block;
                // A rate limit that happens to run out just when this many are open cannot be excluded; if as many
                // passed before, without being held, that would be a coincidence.
                let passed = timeline.unheld_before() >= reading.at_once;
                let alternatives: &[Verdict] = if rate.is_some() { &[Verdict::RateLimit] } else { &[] };
                return if rate.is_some() && !passed {
                    let both = [Verdict::Penalty, Verdict::RateLimit];
                    reading.or(&both, &[Next::SendUnheld]).settle(Verdict::NotEnough, true)
                } else {
                    reading.or(alternatives, &[]).settle(Verdict::Penalty, true)
                };
            }
            (Some((fit, window)), _) => {
                reading.limit = None;
                reading.lines = numbers(&sorted.refused);
                // Fisher's test asks about what is open; a rate does not care.
                reading.chance = None;
                if fit.misfits == 0 {
                    reading.limit = Some(within(fit, fit.low));
                    reading.window = Some(window);
                } else if lone {
                    // Refusals at random would refuse some alone, too.
                    reading = reading.or(&[Verdict::TargetError], &[Next::OtherTarget]);
                } else {
                    reading = reading.or(&[Verdict::PerIp], &[Next::RecordIp]);
                }
                return reading.settle(Verdict::RateLimit, true);
            }
            _ if pooled.misfits > count(sorted.all.len()) / LINES_A_MISFIT => {
                reading.limit = None;
                reading.lines = numbers(&sorted.refused);
                // More were refused where more were open, but at no one number: limits of addresses that are picked
                // at random do that.
                let loaded = reading.chance.is_some_and(|x| x <= 0.05);
                let reading = reading.or(&[Verdict::TargetError, Verdict::RateLimit], &[Next::RecordIp]);
                return if loaded {
                    reading.settle(Verdict::PerIp, true)
                } else {
                    reading.or(&[Verdict::PerIp], &[Next::OtherTarget]).settle(Verdict::NotEnough, true)
                };
            }
            _ if pooled.misfits > 0 => reading = reading.or(&[Verdict::PerIp], &[Next::RecordIp]),
            _ => {}
        }
    }
    let queued = sorted.all.iter().filter(|x| if good(x.answer) { waited(x) } else { late && failed(x) });
    let queued = queued.filter_map(|x| {
        let start = x.start?;
        let end = start + if good(x.answer) { x.connect.unwrap_or(x.seconds - hold) } else { x.seconds };
        Some(Span { start, from: start, end, decided: end, held_back: false, number: x.number })
    });
    reading.waiting = Some(Timeline::new(queued.collect()).most_served()).filter(|n| *n > 0);
    of_held_back(&sorted, &waiting, reading, late, rate_fits, tunnels, base)
}

/// A fit's interval, around what was seen.
fn within(fit: Fit, seen: u32) -> Limit {
    let low = fit.low.max(1);
    let estimate = seen.max(low).min(fit.high);
    Limit { low, estimate, high: (fit.high < u32::MAX).then_some(fit.high) }
}

/// One limit for all: what does it do with what goes over?
fn of_held_back(
    sorted: &Sorted<'_>,
    waiting: &[&Line],
    mut reading: Reading,
    late: bool,
    rate_fits: bool,
    tunnels: bool,
    base: f64,
) -> Reading {
    let said = |lines: &[&Line]| lines.iter().all(|x| x.by_target.is_some());
    let hold = reading.hold.unwrap_or(0.0);
    let mut alternatives = Vec::new();
    let mut next = Vec::new();
    if sorted.refused.is_empty() {
        reading.lines = numbers(waiting);
        if !tunnels {
            alternatives.extend([Verdict::SlowTarget, Verdict::Bandwidth]);
            next.push(Next::TimeConnect);
        }
        // That it has no end is not shown.
        next.push(Next::SendMore);
        return reading.or(&alternatives, &next).settle(Verdict::Queue, true);
    }
    reading.lines = numbers(&sorted.refused);
    if !said(&sorted.refused) {
        alternatives.push(Verdict::TargetError);
        next.extend([Next::TimeConnect, Next::OtherTarget]);
    }
    if rate_fits && !late {
        alternatives.push(Verdict::RateLimit);
        next.extend([Next::SendUnheld, Next::SendAfter]);
    }
    // By then a slot was free: who still waits is not in a queue.
    let after_free = reading.refused_after.is_some_and(|x| x > 1.1 * hold + base);
    let silent = reading.failure == Some(Failure::TimedOut);
    let verdict = match (late, waiting.is_empty()) {
        (false, true) => Verdict::Reject,
        (false, false) => Verdict::BoundedQueue,
        (true, true) if after_free && silent => Verdict::Reject,
        (true, true) if after_free => Verdict::Tarpit,
        (true, _) if silent => {
            next.push(Next::LongerTimeout);
            if waiting.is_empty() {
                alternatives.extend([Verdict::Queue, Verdict::Reject]);
                Verdict::NotEnough
            } else {
                Verdict::Queue
            }
        }
        (true, true) => {
            alternatives.push(Verdict::Tarpit);
            next.push(Next::HoldShorter);
            Verdict::QueueThenReject
        }
        (true, false) => Verdict::QueueThenReject,
    };
    reading.or(&alternatives, &next).settle(verdict, true)
}

/// Without start times.
fn of_times(
    sorted: &Sorted<'_>,
    waiting: &[&Line],
    mut reading: Reading,
    late: bool,
    spread: bool,
    tunnels: bool,
    base: f64,
) -> Reading {
    // Who took no more than a quarter longer than the fastest cannot have waited a turn.
    let own = |x: &Line| if tunnels { x.connect.unwrap_or(0.0) } else { x.seconds };
    let shortest = sorted.served.iter().map(|x| own(x)).fold(f64::INFINITY, f64::min);
    let late_from = if tunnels { shortest + LATE * reading.hold.unwrap_or(0.0) } else { (1.0 + LATE) * shortest };
    let first = count(sorted.served.iter().filter(|x| own(x) <= late_from).count());
    reading.at_once = first;
    if sorted.refused.is_empty() && waiting.is_empty() {
        return of_all_served(sorted, reading.or(&[], &[Next::RecordStarts]), spread, tunnels);
    }
    // A limit of all would have held none back; refused ones may have counted too, so it can lie anywhere between.
    reading.limit = Some(Limit { low: first, estimate: first, high: Some(count(sorted.all.len()) - 1) });
    reading.waiting = Some(count(waiting.len())).filter(|n| *n > 0);
    let possible: &[Verdict] = if sorted.refused.is_empty() { &[] } else { &[Verdict::PerIp] };
    let reading = reading.or(possible, &[Next::RecordStarts]);
    of_held_back(sorted, waiting, reading, late, true, tunnels, base)
}

fn of_all_served(sorted: &Sorted<'_>, mut reading: Reading, spread: bool, tunnels: bool) -> Reading {
    reading.lines = numbers(&sorted.served);
    if reading.at_once < 2 {
        return reading.or(&[], &[Next::SendMore, Next::HoldLonger]).settle(Verdict::NotEnough, false);
    }
    if spread {
        let possible = [Verdict::Queue, Verdict::Bandwidth, Verdict::SlowTarget];
        return reading.or(&possible, &[Next::TimeConnect]).settle(Verdict::NotEnough, false);
    }
    if tunnels {
        // From the tunnel to the last byte; of requests that asked for nothing there is none.
        let some_done = sorted.served.iter().any(|x| x.done.is_some());
        let timed: Vec<(&Line, f64)> = sorted
            .served
            .iter()
            .filter(|x| x.done.is_some() || !some_done)
            .map(|x| (*x, x.done.unwrap_or(x.seconds) - x.connect.unwrap_or(0.0)))
            .collect();
        let least = timed.iter().map(|(_, t)| *t).fold(f64::INFINITY, f64::min);
        let over = least + LATE * reading.hold.unwrap_or(0.0);
        let slow: Vec<&Line> = timed.iter().filter(|(_, t)| *t > over).map(|(x, _)| *x).collect();
        if 4 * slow.len() >= timed.len() {
            reading.lines = numbers(&slow);
            let reading = reading.or(&[Verdict::SlowTarget], &[Next::OtherTarget]);
            return reading.settle(Verdict::Bandwidth, false);
        }
    }
    let clocked = sorted.all.iter().all(|x| x.start.is_some());
    let reading = reading.or(&[], &[Next::SendMore]);
    let mut reading = reading.settle(Verdict::Headroom, false);
    if !clocked {
        // That all were open together is only supposed.
        reading.confidence = Confidence::Fair;
    }
    reading
}

/// Nothing was served.
fn of_failures(sorted: &Sorted<'_>, mut reading: Reading) -> Reading {
    let answer = usual(&sorted.all);
    reading.answered(answer);
    reading.refused_after = median(sorted.all.iter().map(|x| x.seconds));
    let same: Vec<&Line> = sorted.all.iter().filter(|x| Some(x.answer) == answer).copied().collect();
    reading.lines = numbers(&same);
    let spans = sorted.spans(0.0, false, |_| true);
    let alone = sorted.all.len() == 1
        || spans.is_some_and(|spans| {
            let others = |x: &Span| spans.iter().filter(|y| y.start <= x.end && y.end >= x.start).count();
            spans.iter().any(|x| others(x) == 1)
        });
    let at_target = same.iter().filter(|x| x.by_target == Some(true)).count() * 2 > same.len();
    let one_alone = [Next::SendOneAlone, Next::Stagger];
    match answer {
        _ if at_target => reading.or(&[], &[Next::OtherTarget]).settle(Verdict::TargetError, false),
        Some(Answer::Failed(Failure::Refused | Failure::Unresolved)) => {
            reading.or(&[], &[Next::CheckAddress]).settle(Verdict::Unreachable, false)
        }
        Some(Answer::Status(407)) => {
            // Some providers answer so to an excess too.
            let alternatives: &[Verdict] = if alone { &[] } else { &[Verdict::Reject] };
            reading.or(alternatives, &[Next::CheckCredentials]).settle(Verdict::Authentication, false)
        }
        Some(Answer::Status(401)) => {
            let next = [Next::OtherTarget, Next::CheckCredentials];
            reading.or(&[Verdict::Authentication], &next).settle(Verdict::TargetError, false)
        }
        Some(Answer::Status(403)) => {
            let possible = [Verdict::TargetError, Verdict::Authentication, Verdict::Penalty, Verdict::Reject];
            let next = [Next::OtherTarget, Next::CheckCredentials, Next::SendAfter];
            reading
                .or(possible.get(..if alone { 3 } else { 4 }).unwrap_or(&possible), &next)
                .settle(Verdict::NotEnough, false)
        }
        Some(Answer::Status(429 | 503) | Answer::Failed(_)) if !alone => {
            let possible = [Verdict::Reject, Verdict::TargetError, Verdict::Penalty, Verdict::RateLimit];
            reading.or(&possible, &one_alone).settle(Verdict::NotEnough, false)
        }
        Some(Answer::Status(429)) => {
            let possible = [Verdict::RateLimit, Verdict::TargetError];
            reading.or(&possible, &[Next::SendAfter, Next::OtherTarget]).settle(Verdict::Penalty, false)
        }
        Some(Answer::Failed(_)) => {
            let possible = [Verdict::TargetError, Verdict::Penalty, Verdict::Authentication];
            let next = [Next::OtherTarget, Next::CheckCredentials, Next::SendAfter];
            reading.or(&possible, &next).settle(Verdict::NotEnough, false)
        }
        Some(Answer::Status(503)) => {
            reading.or(&[Verdict::Penalty], &[Next::OtherTarget, Next::SendAfter]).settle(Verdict::TargetError, false)
        }
        _ => reading.or(&[], &[Next::OtherTarget]).settle(Verdict::TargetError, false),
    }
}
