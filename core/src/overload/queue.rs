//! The cap that lets wait, and refuses when the queue is full.

use super::{Outcome, Overload, Traffic, smallest_load};
use crate::error::Error;
use crate::finite_queue::FiniteQueue;
use crate::units::{MAX_RATE, Probability, Seconds};

/// A queue of so many places behind the cap; refused when it is full too. A client may give up after a timeout of the wait,
/// while its request keeps its place and is served all the same.
///
/// With retries, what timed out and is served in vain makes others wait: see [`thresholds`](Self::thresholds).
///
/// # Formula
/// Rejected `P_K`, timed out `Σ_{j<m} P_(c+j)·P(N <= j)`, N ~ Poisson(c·τ), waiting and mean wait of [`FiniteQueue`], all at
/// the smallest load `x = a·Σ_{k=0..r} (q·F(x))^k`, F the two shares together.
/// # Source
/// [`FiniteQueue`]; the retries of [`TimeoutRetry`](crate::retry::TimeoutRetry) with a line that has an end.
/// # Accuracy
/// As [`Overload::outcome`], but for timed out: 9e-14 over 1800 random scenarios; next to full load with more than
/// 4096 places that of [`FiniteQueue::exceeds`].
/// # Examples
/// ```
/// # use proxy_concurrency::{Probability, Rate, Seconds, overload::{Overload, Queue, Traffic}, retry::RetryPolicy};
/// let traffic = Traffic::new(Rate::per_second(50.0)?, Seconds::new(2.0)?, 110);
/// let queue = Queue::new(1000).with_timeout(Seconds::new(1.0)?);
/// let outcome = queue.outcome(&traffic);
/// assert!(outcome.rejected < 1e-9 && outcome.timed_out > 0.001 && outcome.timed_out < outcome.waiting);
/// // Without retries nothing can lock in; with three of them the same cap has two states between two loads.
/// assert!(queue.thresholds(&traffic).is_none());
/// let again = traffic.with_retry(RetryPolicy::new(Probability::new(1.0)?, 3));
/// let t = queue.thresholds(&again).expect("bistable");
/// assert!(t.recover_per_s < 20.0 && t.collapse_per_s > 48.0 && t.collapse_per_s < 55.0);
/// # Ok::<(), proxy_concurrency::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Queue {
    places: u32,
    timeout_s: Option<f64>,
}

/// Arrival rates between which a good and a collapsed state exist side by side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// Above this rate of fresh requests the good state is gone.
    pub collapse_per_s: f64,
    /// A collapsed pool recovers only below this rate of fresh requests.
    pub recover_per_s: f64,
}

/// Shares at one load.
struct State {
    queue: FiniteQueue,
    timed_out: f64,
}

impl State {
    fn failing(&self) -> f64 {
        (self.queue.blocking() + self.timed_out).min(1.0)
    }
}

impl Queue {
    /// `places` to wait; clients wait as long as it takes.
    #[must_use]
    pub const fn new(places: u32) -> Self {
        Self { places, timeout_s: None }
    }

    /// The same with clients that give up after a wait of `timeout`.
    #[must_use]
    pub const fn with_timeout(self, timeout: Seconds) -> Self {
        Self { timeout_s: Some(timeout.as_secs_f64()), ..self }
    }

    fn state(&self, traffic: &Traffic, x: f64) -> State {
        let queue = FiniteQueue::of(x, f64::from(traffic.cap), f64::from(self.places));
        let timed_out = match self.timeout_s {
            Some(t) if traffic.response_time > 0.0 => queue.exceeds(t / traffic.response_time),
            _ => 0.0,
        };
        State { queue, timed_out }
    }

    /// Collapse and recovery rates, where timeouts and retries make two states; `None` where there is one state at any rate.
    ///
    /// # Formula
    /// Local maximum, then minimum, of `x/Σ(qF(x))^k` over the load x that the cap sees, over the response time.
    /// # Source
    /// N. Bronson and others, "Metastable failures in distributed systems", HotOS 2021, for the form of failure.
    /// # Accuracy
    /// Found on 400 loads and refined; a dip that is narrower than a step of 1 % of the cap, or shallower than 10⁻⁹, is
    /// taken for none. Measured: relative error at most 4e-14 over 40 random scenarios.
    #[must_use]
    pub fn thresholds(&self, traffic: &Traffic) -> Option<Thresholds> {
        self.timeout_s?;
        // Where nobody tries again the cap sees what was sent: there is one state, and nothing to look for.
        if traffic.response_time <= 0.0 || traffic.cap == 0 || traffic.retry.attempts(1.0, 0.0) <= 1.0 {
            return None;
        }
        let supported = |x: f64| {
            let f = self.state(traffic, x).failing();
            x / traffic.retry.attempts(f, 1.0 - f)
        };
        let step = 0.01 * f64::from(traffic.cap);
        let mut before = 0.0;
        let mut peak = None;
        for i in 1..=400_u32 {
            let x = f64::from(i) * step;
            let now = supported(x);
            if now < before * (1.0 - 1e-9) {
                peak = Some(x);
                break;
            }
            before = now;
        }
        let after = peak?;
        let top = extremum((after - 2.0 * step).max(0.0), after, |x| -supported(x));
        // Past the peak the curve falls to the collapsed state, and rises once every attempt fails.
        let mut x = after;
        let mut lowest = supported(x);
        while x < 1e3 * after {
            let next = supported(x * 1.01);
            if next > lowest {
                break;
            }
            lowest = next;
            x *= 1.01;
        }
        let bottom = extremum((x / 1.02).max(top), x * 1.02, supported);
        Some(Thresholds {
            collapse_per_s: supported(top) / traffic.response_time,
            recover_per_s: supported(bottom) / traffic.response_time,
        })
    }
}

/// Where f is least between two numbers, by golden section.
fn extremum(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let (mut x, mut y) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut fx, mut fy) = (f(x), f(y));
    for _ in 0..60 {
        if fx <= fy {
            (high, y, fy) = (y, x, fx);
            x = high - GOLDEN * (high - low);
            fx = f(x);
        } else {
            (low, x, fx) = (x, y, fy);
            y = low + GOLDEN * (high - low);
            fy = f(y);
        }
    }
    0.5 * (low + high)
}

impl Overload for Queue {
    fn outcome(&self, traffic: &Traffic) -> Outcome {
        // Only work in vain makes a second state.
        let several = self.timeout_s.map(|_| traffic.cap);
        let load = smallest_load(traffic.load(), traffic.retry, several, |x| self.state(traffic, x).failing());
        let state = self.state(traffic, load);
        let failing = state.failing();
        let failed = traffic.retry.failed(failing, 1.0 - failing);
        let mean_wait_s = state.queue.mean_wait() * traffic.response_time;
        let mean_wait_s = if mean_wait_s.is_nan() { 0.0 } else { mean_wait_s };
        Outcome {
            load,
            attempts: traffic.retry.attempts(failing, 1.0 - failing),
            rejected: state.queue.blocking(),
            timed_out: state.timed_out,
            waiting: state.queue.waiting(),
            mean_wait_s,
            response_time_s: mean_wait_s + traffic.response_time,
            failed,
            goodput_per_s: traffic.rate * (1.0 - failed),
        }
    }

    fn most_per_s(&self, traffic: &Traffic, target: Probability) -> Result<f64, Error> {
        // Just above the collapse the good state is left so slowly that it looks as if it were still there.
        let limit = self.thresholds(traffic).map_or(MAX_RATE, |t| t.collapse_per_s);
        super::most_per_s(self, traffic, target, limit)
    }
}
