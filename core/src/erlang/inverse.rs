//! The formulas turned round: fewest servers for a target, and the most load for given servers.

use super::kernel::Tail;
use super::{Loss, Queue, Wait, rough};
use crate::error::Error;
use crate::math;
use crate::search::{Probe, smallest};
use crate::units::{Erlangs, Probability, within};

/// What is to be kept at or below the target.
#[derive(Clone, Copy)]
enum Measure {
    Blocking,
    /// Waiting longer than a time, given as rate·time: what one spare server subtracts from the logarithm.
    Waiting {
        decay: f64,
        rate: f64,
        time: f64,
    },
}

/// A search for servers.
struct Search {
    load: f64,
    target: f64,
    ln_target: f64,
    measure: Measure,
}

fn checked_target(target: Probability, min: f64, max: f64) -> Result<f64, Error> {
    let x = target.as_f64();
    if within(x, min, max) { Ok(x) } else { Err(Error::number("target", x, min, max, false, "")) }
}

/// Smallest positive double.
const LEAST: f64 = 5e-324;
/// Greatest double below 1.
const BELOW_ONE: f64 = 1.0 - f64::EPSILON / 2.0;

/// Fewest servers with blocking at or below `target`.
///
/// Load in erlangs, target from 5·10⁻³²⁴ to 1; a target of 1 needs no server.
///
/// # Formula
/// `min { c : B(c, a) <= target }`
/// # Errors
/// `target` when it is 0 and there is load: no number of servers refuses nobody.
/// # Source
/// Newton's method on a real number of servers for a start; [`Loss`] decides at c and c - 1.
/// Values: `tests/vectors/erlang_b_inverse_c.csv`.
/// # Accuracy
/// Measured: exact on every row of the table and at 30,000 random loads up to 10⁹, half of the targets as near as 3e-14 to
/// what one number of servers gives.
/// # Examples
/// ```
/// # use proxy_concurrency::{Erlangs, Probability, erlang::{Loss, servers_for_blocking}};
/// let a = Erlangs::new(125.0)?;
/// let c = servers_for_blocking(a, Probability::new(0.01)?)?;
/// assert!(Loss::new(a, c).blocking() <= 0.01 && Loss::new(a, c - 1).blocking() > 0.01);
/// # Ok::<(), proxy_concurrency::Error>(())
/// ```
pub fn servers_for_blocking(load: Erlangs, target: Probability) -> Result<u32, Error> {
    let a = load.as_f64();
    if target.as_f64() >= 1.0 {
        return Ok(0);
    }
    if a == 0.0 {
        return Ok(1);
    }
    let target = checked_target(target, LEAST, 1.0)?;
    Ok(Search { load: a, target, ln_target: math::ln(target), measure: Measure::Blocking }.run(1.0))
}

/// Fewest servers, more than the load, with the probability of waiting at or below `target`.
///
/// Load in erlangs, target from 5·10⁻³²⁴ to 1; a target of 1 needs the first whole number above the load.
///
/// # Formula
/// `min { c > a : C(c, a) <= target }`
/// # Errors
/// `target` when it is 0 and there is load.
/// # Source
/// As [`servers_for_blocking`]. Values: `tests/vectors/erlang_c_inverse_c.csv`.
/// # Accuracy
/// Measured: exact on every row of the table and at 30,000 random loads up to 10⁹, half of the targets as near as 3e-14 to
/// what one number of servers gives.
/// # Examples
/// ```
/// # use proxy_concurrency::{Erlangs, Probability, erlang::{Queue, servers_for_waiting}};
/// let a = Erlangs::new(125.0)?;
/// let c = servers_for_waiting(a, Probability::new(0.05)?)?;
/// assert!(Queue::new(a, c).waiting() <= 0.05 && Queue::new(a, c - 1).waiting() > 0.05);
/// # Ok::<(), proxy_concurrency::Error>(())
/// ```
pub fn servers_for_waiting(load: Erlangs, target: Probability) -> Result<u32, Error> {
    servers_for_decay(load, target, 1.0, 0.0)
}

/// Fewest servers, more than the load, with which waiting longer than `time_s` seconds has a probability of `target` or
/// less, when a server ends `service_rate_per_s` requests a second.
///
/// # Formula
/// `min { c > a : C(c, a)·e^(-μ(c - a)t) <= target }`
/// # Errors
/// `target` when it is 0 and there is load; `serviceRate` outside 10⁻¹² to 10¹² per second; `time` when negative, NaN or
/// infinite.
/// # Source
/// As [`servers_for_blocking`]. Values: `tests/vectors/wait_inverse_c.csv`.
/// # Accuracy
/// Measured: exact on every row of the table and at 30,000 random loads up to 10⁹, half of the targets as near as 3e-14 to
/// what one number of servers gives.
/// # Examples
/// ```
/// # use proxy_concurrency::{Erlangs, Probability, erlang::{Queue, servers_for_wait}};
/// // 125 in flight on average, 2.5 s each: who may wait longer than half a second?
/// let (a, target) = (Erlangs::new(125.0)?, Probability::new(0.01)?);
/// let c = servers_for_wait(a, 0.4, 0.5, target)?;
/// assert!(Queue::new(a, c).wait(0.4)?.exceeds(0.5)? <= 0.01);
/// assert!(Queue::new(a, c - 1).wait(0.4)?.exceeds(0.5)? > 0.01);
/// # Ok::<(), proxy_concurrency::Error>(())
/// ```
pub fn servers_for_wait(
    load: Erlangs,
    service_rate_per_s: f64,
    time_s: f64,
    target: Probability,
) -> Result<u32, Error> {
    let rate = super::wait::checked_service_rate(service_rate_per_s)?;
    servers_for_decay(load, target, rate, super::wait::checked_time(time_s)?)
}

fn servers_for_decay(load: Erlangs, target: Probability, rate: f64, time: f64) -> Result<u32, Error> {
    let a = load.as_f64();
    let first = math::floor(a) + 1.0;
    if a == 0.0 || target.as_f64() >= 1.0 {
        return Ok(whole(first));
    }
    let target = checked_target(target, LEAST, 1.0)?;
    let measure = Measure::Waiting { decay: rate * time, rate, time };
    Ok(Search { load: a, target, ln_target: math::ln(target), measure }.run(first))
}

/// Largest load, in erlangs, that `servers` carry with blocking at or below `target`.
///
/// # Formula
/// `max { a : B(c, a) <= target }`
/// # Errors
/// `servers` when 0; `target` when 1, which any load meets.
/// # Source
/// Halley's method in ln a; `d ln B/d ln a = c - a + a·B` (Jagerman 1974). Values: `tests/vectors/erlang_b_inverse_a.csv`.
/// # Accuracy
/// Measured: relative error at most 9e-16 over 30,000 random targets from 10⁻³⁰⁰ to 1 - 10⁻⁹ and up to 10⁹ servers, 4e-16
/// over the table.
/// # Examples
/// ```
/// # use proxy_concurrency::{Probability, erlang::{Loss, load_for_blocking}};
/// let a = load_for_blocking(157, Probability::new(0.01)?)?;
/// assert!((Loss::checked(a, 157.0)?.blocking() / 0.01 - 1.0).abs() < 1e-13);
/// # Ok::<(), proxy_concurrency::Error>(())
/// ```
pub fn load_for_blocking(servers: u32, target: Probability) -> Result<f64, Error> {
    let (c, target) = checked_pair(servers, target)?;
    if target == 0.0 {
        return Ok(0.0);
    }
    let mut a = start(c, target, false);
    let ln_target = math::ln(target);
    for _ in 0..40 {
        let loss = Loss::of(a, c);
        let (b, accepted) = (loss.blocking(), loss.accepted());
        let slope = loss.idle();
        let (gap, step) = if target > 0.5 {
            let rest = 1.0 - target;
            let gap = math::ln_1p((accepted - rest) / rest);
            (gap, gap * accepted / (b * slope))
        } else {
            let gap = if b > 0.5 * target && b < 2.0 * target {
                math::ln_1p((b - target) / target)
            } else {
                loss.ln_blocking() - ln_target
            };
            // Halley: the second derivative of ln B in ln a is a·B·slope - a(1 - B).
            let newton = gap / slope;
            let bend = (a * b * slope - a * accepted) / slope;
            (gap, -newton / math::between(1.0 - 0.5 * newton * bend, 0.5, 2.0))
        };
        a = moved(a, step, f64::MAX);
        // Halley's error is the cube of the gap, Newton's the square.
        if gap.abs() < if target > 0.5 { 1e-8 } else { 2e-6 } {
            break;
        }
    }
    Ok(a)
}

/// Largest load, in erlangs and below `servers`, with the probability of waiting at or below `target`.
///
/// # Formula
/// `max { a < c : C(c, a) <= target }`
/// # Errors
/// `servers` when 0; `target` when 1, which any load meets.
/// # Source
/// Newton's method in ln a; `d ln C/d ln a = D + a(1 - B)/D - a·B`, `D = c - a + a·B`, from that of B (Jagerman 1974).
/// Values: `tests/vectors/erlang_c_inverse_a.csv`.
/// # Accuracy
/// Measured: relative error at most 3e-16 over 30,000 random targets from 10⁻³⁰⁰ to 1 - 10⁻⁹ and up to 10⁹ servers, 2e-16
/// over the table.
/// # Examples
/// ```
/// # use proxy_concurrency::{Probability, erlang::{Queue, load_for_waiting}};
/// let a = load_for_waiting(157, Probability::new(0.05)?)?;
/// assert!((Queue::checked(a, 157.0)?.waiting() / 0.05 - 1.0).abs() < 1e-13);
/// # Ok::<(), proxy_concurrency::Error>(())
/// ```
pub fn load_for_waiting(servers: u32, target: Probability) -> Result<f64, Error> {
    let (c, target) = checked_pair(servers, target)?;
    if target == 0.0 {
        return Ok(0.0);
    }
    let mut a = start(c, target, true);
    let ln_target = math::ln(target);
    for _ in 0..60 {
        let queue = Queue::of(a, c);
        let (b, accepted) = (queue.loss().blocking(), queue.loss().accepted());
        let waiting = queue.waiting();
        let gap = if waiting > 0.5 * target && waiting < 2.0 * target {
            math::ln_1p((waiting - target) / target)
        } else {
            queue.ln_waiting() - ln_target
        };
        let d = (c - a) + a * b;
        let slope = d + a * accepted / d - a * b;
        a = moved(a, -gap / slope, c);
        if gap.abs() < 1e-8 {
            break;
        }
    }
    Ok(a)
}

/// `a·e^step`, kept below `limit`: half the way to it when the step would leave.
fn moved(a: f64, step: f64, limit: f64) -> f64 {
    let next = a + a * math::exp_m1(math::between(step, -700.0, 50.0));
    if next < limit { next.max(LEAST) } else { (0.5 * a + 0.5 * limit).min(limit * BELOW_ONE) }
}

fn checked_pair(servers: u32, target: Probability) -> Result<(f64, f64), Error> {
    let c = f64::from(servers);
    if servers == 0 {
        return Err(Error::number("servers", c, 1.0, f64::from(u32::MAX), true, ""));
    }
    Ok((c, checked_target(target, 0.0, BELOW_ONE)?))
}

/// A load for which c servers block, or make wait, about as much as asked: Newton with the rough formula.
fn start(c: f64, target: f64, waiting: bool) -> f64 {
    let l = -math::ln(target);
    let mut a = if l > c {
        // Both are about a^c/c!
        c * math::exp((-1.0 - (l - 0.5 * math::ln(core::f64::consts::TAU * c)) / c).max(-690.0))
    } else if target > 0.2 {
        if waiting { c - 0.3 * (1.0 - target) * math::sqrt(c) } else { c / (1.0 - target) }
    } else {
        // c = a + √(2aL) + L/3, solved for √a.
        let root = 0.5 * (math::sqrt(2.0 * l + 4.0 * (c - l / 3.0)) - math::sqrt(2.0 * l));
        root * root
    };
    if target > 0.5 && !waiting {
        // Nearly every server is busy, and c - a·(1 - B) would cancel.
        return a;
    }
    let limit = if waiting { c } else { f64::MAX };
    for _ in 0..8 {
        let ln_b = rough::ln_blocking(c, a);
        let b = math::exp(ln_b);
        let d = (c - a) + a * b;
        let (gap, slope) =
            if waiting { (ln_b + math::ln(c / d) + l, d + a * (1.0 - b) / d - a * b) } else { (ln_b + l, d) };
        a = moved(a, -gap / slope.max(1e-3), limit);
        if gap.abs() < 1e-2 {
            break;
        }
    }
    a
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "loads end at 10⁹, targets at 5·10⁻³²⁴")]
fn whole(n: f64) -> u32 {
    n as u32
}

impl Search {
    fn run(&self, first: f64) -> u32 {
        // Of next to nothing each server more refuses 10⁻²⁹⁰ of what one less does: two are enough for any target, and
        // quotients by the load would be infinite.
        if self.load < 1e-290 {
            return whole(
                (0..3).map(|more| first + f64::from(more)).find(|n| self.probe(*n).meets).unwrap_or(first + 3.0),
            );
        }
        let guess = self.guess(first);
        whole(smallest(guess, first, |n| self.probe(n)))
    }

    /// Newton on a real number of servers with the rough formula; ln(1/B) is convex in c, with slope ln(B + (c + ½)/a).
    fn guess(&self, first: f64) -> f64 {
        let a = self.load;
        let l = -self.ln_target;
        // B is about e^-E/√(2πc): the root takes its share of the target.
        let exponent = (l - 0.5 * math::ln(core::f64::consts::TAU * a + 1.0)).max(0.25 * l);
        let mut c = a * (1.0 - self.target) + math::sqrt(2.0 * a * exponent) + l / 3.0;
        if let Measure::Waiting { decay, .. } = self.measure {
            // C is about e^-E/(z√2π), z = √(2E): nearly free of c.
            let exponent = (l - 1.5).max(0.25 * l);
            c = (a + math::sqrt(2.0 * a * exponent)).min(a + l / decay.max(1e-300)) + 0.5;
        }
        c = c.max(first);
        for _ in 0..12 {
            let ln_b = rough::ln_blocking(c, a);
            let b = math::exp(ln_b);
            let fall = math::ln(b + (c + 0.5) / a);
            let (value, slope) = match self.measure {
                Measure::Blocking => (ln_b, -fall),
                Measure::Waiting { decay, .. } => {
                    let d = (c - a) + a * b;
                    (ln_b + math::ln(c / d) - decay * (c - a), 1.0 / c - fall - (1.0 - a * b * fall) / d - decay)
                }
            };
            let step = (value + l) / -slope.min(-1e-12);
            let next = (c + step).max(first);
            let moved = (next - c).abs();
            c = next;
            // Newton's next step would be about moved²/(2c·slope), the curvature being 1/c; what is left of less than half a
            // server the integers around decide.
            if moved < 0.25 || moved * moved < 0.5 * c * -slope {
                break;
            }
        }
        math::ceil(c)
    }

    fn probe(&self, n: f64) -> Probe {
        let a = self.load;
        match self.measure {
            Measure::Blocking => {
                let loss = Loss::of(a, n);
                let gap = loss.ln_blocking() - self.ln_target;
                // B(n-1) = n·B/(a(1 - B)), B(n+1) = a·B/(n + 1 + a·B): exact slopes for one logarithm.
                let before = gap + math::ln(n / (a * loss.accepted()));
                let fall = math::ln((n + 0.5) / a + loss.blocking());
                Probe { meets: self.met_by_loss(&loss), before_misses: n >= 1.0 && before > 1e-10, step: gap / fall }
            }
            Measure::Waiting { decay, rate, time } => {
                let queue = Queue::of(a, n);
                let gap = queue.ln_waiting() - decay * (n - a) - self.ln_target;
                let b = queue.loss().blocking();
                let fall = math::ln((n + 0.5) / a + b);
                let d = (n - a) + a * b;
                let slope = 1.0 / n - fall - (1.0 - a * b * fall) / d - decay;
                let before_misses = n - 1.0 <= a;
                Probe { meets: self.met_by_queue(&queue, rate, time), before_misses, step: gap / -slope }
            }
        }
    }

    /// The definition, decided on the side where nothing cancels.
    fn met_by_loss(&self, loss: &Loss) -> bool {
        match loss.tail() {
            // Exact: the target is at least a half.
            Tail::Upper { .. } if self.target > 0.5 => loss.accepted() >= 1.0 - self.target,
            _ => loss.scaled().at_most(self.target),
        }
    }

    fn met_by_queue(&self, queue: &Queue, rate: f64, time: f64) -> bool {
        if time == 0.0 {
            return if self.target > 0.5 {
                queue.immediate() >= 1.0 - self.target
            } else {
                queue.scaled().at_most(self.target)
            };
        }
        Wait::of(*queue, rate).exceeds_scaled(time).at_most(self.target)
    }
}
