//! Requests that come back: the load that a pool really sees.
//!
//! [`Retry`] is for requests that are *refused* and tried again: the load grows, to one fixed point.
//! [`TimeoutRetry`] is for requests that *wait too long*, are given up by the client and served all the same: there the
//! wasted work feeds itself, and the same load can have a good state and a collapsed one.

use crate::erlang::{Loss, Queue, Wait};
use crate::error::Error;
use crate::math;
use crate::two_word::{Two, two_product};
use crate::units::{Erlangs, Probability, within};

/// How a client tries again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryPolicy {
    share: f64,
    most: f64,
}

impl RetryPolicy {
    /// Nobody tries again.
    pub const NONE: Self = Self { share: 0.0, most: 0.0 };

    /// Each failed attempt is tried again with probability `share`, at most `most` times for one request.
    #[must_use]
    pub fn new(share: Probability, most: u32) -> Self {
        Self { share: share.as_f64(), most: f64::from(most) }
    }

    /// Attempts per request when each fails with probability `failing`: `Σ_{k=0..r} (q·F)^k`, with `1 - F` given.
    pub(crate) fn attempts(&self, failing: f64, succeeding: f64) -> f64 {
        self.sum(self.share * failing, (1.0 - self.share) + self.share * succeeding)
    }

    /// Share of requests that fails after all attempts, when each fails with probability `failing`:
    /// `F·(w^r + (1 - q)·Σ_{k<r} w^k)` with w = q·F: the last attempt fails, or one fails and is not tried again. Sums of
    /// positive terms, so that a small share keeps its digits, which `1 - (1 - F)·Σ_{k<=r} w^k` would lose.
    pub(crate) fn failed(&self, failing: f64, succeeding: f64) -> f64 {
        let (w, rest) = (self.share * failing, (1.0 - self.share) + self.share * succeeding);
        let given_up = if self.most > 0.0 && self.share < 1.0 {
            let fewer = Self { most: self.most - 1.0, ..*self };
            (1.0 - self.share) * fewer.sum(w, rest)
        } else {
            0.0
        };
        math::between(failing * (power(w, rest, self.most) + given_up), 0.0, 1.0)
    }

    /// `Σ_{k=0..r} w^k`, given w and 1 - w.
    fn sum(&self, w: f64, rest: f64) -> f64 {
        let n = self.most + 1.0;
        if w == 0.0 {
            return 1.0;
        }
        if n * rest < 1e-9 {
            return n * (1.0 - 0.5 * self.most * rest);
        }
        // The first attempt is one; a rounding must not make it less.
        (self.gone(w, rest) / rest).max(1.0)
    }

    /// `1 - w^(r+1)`.
    fn gone(&self, w: f64, rest: f64) -> f64 {
        -math::exp_m1((self.most + 1.0) * ln(w, rest))
    }

    /// `d ln Σ w^k/d ln w`.
    fn elasticity(&self, w: f64, rest: f64) -> f64 {
        let n = self.most + 1.0;
        if w == 0.0 {
            return 0.0;
        }
        let x = -ln(w, rest);
        if n * x < 1e-3 {
            return 0.5 * self.most * (1.0 - (n + 1.0) * x / 6.0);
        }
        let last = math::exp_m1(n * x);
        (w / rest - n / last).max(0.0)
    }

    /// `Σ_{k=0..r} q^k`: attempts per request when every attempt fails.
    fn worst(&self) -> f64 {
        self.sum(self.share, 1.0 - self.share)
    }
}

/// `w^n` for whole n, given 1 - w. Near 1 by the logarithm, which is small there; else by squaring, which loses half a
/// unit a step and no digits to an exponent.
fn power(w: f64, rest: f64, n: f64) -> f64 {
    if rest < 0.5 {
        return math::exp(n * math::ln_1p(-rest));
    }
    let (mut result, mut square, mut left) = (1.0, w, n);
    while left >= 1.0 {
        let half = math::floor(0.5 * left);
        if left > 2.0 * half {
            result *= square;
        }
        square *= square;
        left = half;
    }
    result
}

/// `ln w`, given w and 1 - w.
fn ln(w: f64, rest: f64) -> f64 {
    if rest < 0.5 { math::ln_1p(-rest) } else { math::ln(w) }
}

/// A pool that turns away whoever finds it full, and whose clients try again.
///
/// Assumes that retries come after a wait long enough to mix with fresh arrivals, which stay Poisson.
///
/// # Formula
/// `x = a·Σ_{k=0..r} (q·B(c, x))^k`, x the load that the pool sees. For q from 0 to 1 the root is unique: the carried
/// load `x(1 - B)` grows with x, while `a(1 - B)·Σ(qB)^k` falls. So refused requests amplify the load, but cannot lock the
/// pool into a second, worse state.
/// # Source
/// R. L. Wilkinson, "Theories for toll traffic engineering in the USA", Bell Syst. Tech. J. 35 (1956) 421, for the model.
/// Values: `tests/vectors/retry_fixed_point.csv`.
/// # Accuracy
/// Measured: relative error at most 2.2e-15 for the load and 8e-16 for the share that succeeds, over 30,000 random systems up
/// to 10⁹ servers (where the root is up to hundreds of times as sensitive as its equation), 3e-15 over the table.
/// # Examples
/// ```
/// # use proxy_concurrency::{Erlangs, Probability, retry::{Retry, RetryPolicy}};
/// // One server, one erlang, one retry: x = 1 + x/(1 + x), the golden ratio.
/// let policy = RetryPolicy::new(Probability::new(1.0)?, 1);
/// let retry = Retry::new(Erlangs::new(1.0)?, 1, policy);
/// assert!((retry.load() - (1.0 + 5.0_f64.sqrt()) / 2.0).abs() < 1e-15);
/// # Ok::<(), proxy_concurrency::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Retry {
    fresh: f64,
    policy: RetryPolicy,
    loss: Loss,
}

impl Retry {
    /// `servers` at offered load `load` of fresh requests.
    #[must_use]
    pub fn new(load: Erlangs, servers: u32, policy: RetryPolicy) -> Self {
        Self::of(load.as_f64(), f64::from(servers), policy)
    }

    pub(crate) fn of(a: f64, c: f64, policy: RetryPolicy) -> Self {
        Self { fresh: a, policy, loss: Loss::of(fixed_point(a, c, policy), c) }
    }

    /// Load that the pool sees, fresh and repeated, in erlangs.
    #[must_use]
    pub const fn load(&self) -> f64 {
        self.loss.load()
    }

    /// Share of requests that are served in the end.
    ///
    /// # Formula
    /// `(1 - B)·Σ_{k=0..r} (q·B)^k`
    #[must_use]
    pub fn success(&self) -> f64 {
        let (b, accepted) = (self.loss.blocking(), self.loss.accepted());
        (accepted * self.policy.attempts(b, accepted)).min(1.0)
    }

    /// Attempts per request: `x/a`, from 1 to `Σ_{k=0..r} q^k`.
    #[must_use]
    pub fn attempts(&self) -> f64 {
        if self.fresh == 0.0 { 1.0 } else { self.load() / self.fresh }
    }

    /// The pool at the load that it sees: its blocking is that of one attempt.
    #[must_use]
    pub const fn loss(&self) -> Loss {
        self.loss
    }
}

/// Root of `ln x - ln a - ln Σ(qB)^k` in `[a, a·Σq^k]`: Newton, kept inside by halving.
fn fixed_point(a: f64, c: f64, policy: RetryPolicy) -> f64 {
    if a == 0.0 || policy.share == 0.0 || policy.most == 0.0 {
        return a;
    }
    if c == 0.0 {
        // Every attempt is refused: the equation below would be 0/0.
        return a * policy.worst();
    }
    let (mut low, mut high) = (a, a * policy.worst());
    let mut x = a;
    for _ in 0..200 {
        let loss = Loss::of(x, c);
        let (b, accepted) = (loss.blocking(), loss.accepted());
        let w = policy.share * b;
        let rest = (1.0 - policy.share) + policy.share * accepted;
        let idle = loss.idle();
        // x(1 - w) - a(1 - w^(r+1)) over x(1 - w). With every server busy, x(1 - qB) = (1 - q)x + q(c - idle), and what
        // is left over is far smaller than either side, unless most retries fail too: the root is a slow function of a, and
        // needs every digit.
        let last = if x > c { math::exp((policy.most + 1.0) * ln(w, rest)) } else { 1.0 };
        let gap = if last > 0.5 {
            (x - a * policy.sum(w, rest)) / x
        } else {
            let plain = two_product(policy.share, c).minus(Two::from(a)).value();
            (((1.0 - policy.share) * x + plain) - policy.share * idle + a * last) / (x * rest)
        };
        if gap < 0.0 {
            low = x
        } else {
            high = x
        }
        // d ln B/d ln x = c - x(1 - B)
        let slope = 1.0 - policy.elasticity(w, rest) * idle;
        let step = math::between(-gap / slope, -50.0, 50.0);
        let newton = x + x * math::exp_m1(step);
        // The next step would be smaller than a rounding: its size is the square of this one, on the scale of 1/√c.
        if slope > 0.0 && step.abs() * math::sqrt(c) < 1e-8 {
            return math::between(newton, a, a * policy.worst());
        }
        x = if slope > 0.0 && newton > low && newton < high { newton } else { 0.5 * (low + high) };
        if high - low <= f64::EPSILON * high {
            return x;
        }
    }
    x
}

/// A queue whose clients give up after a timeout and try again, while the work that they gave up is done all the same.
///
/// The loop feeds itself: work that nobody waits for makes others wait. Below [`recover`](Self::recover) only the good state
/// exists, above [`fold`](Self::fold) only the collapsed one, and between them both: a short overload is enough to fall,
/// and the load has to go down to `recover` to climb back.
///
/// # Formula
/// An attempt fails when its wait exceeds τ: `F(x) = C(c, x)·e^(-(c - x)τ)` for x < c, 1 above, τ in mean response times.
/// `x = a·S(qF(x))`, `S(w) = Σ_{k=0..r} w^k`; fold `max_{x<c} x/S(qF(x))`, recovery `c/S(q)`.
/// # Source
/// The form of failure: N. Bronson and others, "Metastable failures in distributed systems", HotOS 2021.
/// Values: `tests/vectors/retry_timeout.csv`.
/// # Accuracy
/// Measured: relative error at most 1.2e-15 for the load, 5e-16 for the fold, 4e-16 for the recovery and 1e-15 for the share that
/// times out, over 30,000 random pools up to 10⁹ servers; 4e-15 next to the fold.
/// # Examples
/// ```
/// # use proxy_concurrency::{Probability, retry::{RetryPolicy, TimeoutRetry}};
/// // 100 servers, clients that wait 0.3 response times and try twice more.
/// let loop_ = TimeoutRetry::new(100, 0.3, RetryPolicy::new(Probability::new(1.0)?, 2))?;
/// assert!((loop_.fold() / 100.0 - 0.895).abs() < 5e-4);
/// assert!((loop_.recover() - 100.0 / 3.0).abs() < 1e-13);
/// # Ok::<(), proxy_concurrency::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TimeoutRetry {
    servers: f64,
    timeout: f64,
    policy: RetryPolicy,
    /// Where `x/S(qF(x))` is greatest.
    peak: f64,
    fold: f64,
}

const MAX_TIMEOUT: f64 = 1e12;

impl TimeoutRetry {
    /// `servers`, and a timeout of the wait in mean response times.
    ///
    /// # Errors
    /// `servers` when 0; `timeout` when negative, NaN or beyond 10¹².
    pub fn new(servers: u32, timeout: f64, policy: RetryPolicy) -> Result<Self, Error> {
        let c = f64::from(servers);
        if servers == 0 {
            return Err(Error::number("servers", c, 1.0, f64::from(u32::MAX), true, ""));
        }
        if !within(timeout, 0.0, MAX_TIMEOUT) {
            return Err(Error::number("timeout", timeout, 0.0, MAX_TIMEOUT, false, "mean response times"));
        }
        let mut it = Self { servers: c, timeout: timeout + 0.0, policy, peak: c, fold: 0.0 };
        it.peak = it.find_peak();
        // At x = c every attempt fails, and the two loads meet.
        it.fold = it.at(it.peak).supported.max(it.recover());
        Ok(it)
    }

    /// Greatest load, in erlangs of fresh requests, that has a good state; beyond it the pool collapses.
    #[must_use]
    pub const fn fold(&self) -> f64 {
        self.fold
    }

    /// Load, in erlangs of fresh requests, from which on the collapsed state sustains itself: a collapsed pool recovers
    /// below it only.
    #[must_use]
    pub fn recover(&self) -> f64 {
        self.servers / self.policy.worst()
    }

    /// Load that the pool sees in its good state at fresh load `load`, or in the collapsed state beyond the fold.
    #[must_use]
    pub fn load(&self, load: Erlangs) -> f64 {
        let a = load.as_f64();
        if a > self.fold || (self.peak >= self.servers && a >= self.fold) {
            return a * self.policy.worst();
        }
        self.smallest_root(a)
    }

    /// Share of attempts that time out when the pool sees a load of `x` erlangs: `F(x)`, 0 to 1.
    #[must_use]
    pub fn failing(&self, x: Erlangs) -> f64 {
        self.at(x.as_f64()).failing
    }

    fn at(&self, x: f64) -> Point {
        if x >= self.servers {
            return Point { failing: 1.0, supported: x / self.policy.worst(), slope: 1.0 };
        }
        let queue = Queue::of(x, self.servers);
        let failing = Wait::of(queue, 1.0).exceeds_scaled(self.timeout).value();
        let decay = (self.servers - x) * self.timeout;
        // 1 - C·e^-d = (1 - C) + C(1 - e^-d)
        let succeeding = queue.immediate() - queue.waiting() * math::exp_m1(-decay);
        let w = self.policy.share * failing;
        let rest = (1.0 - self.policy.share) + self.policy.share * succeeding;
        let (b, accepted) = (queue.loss().blocking(), queue.loss().accepted());
        let d = (self.servers - x) + x * b;
        let rise = d + x * accepted / d - x * b + x * self.timeout;
        Point { failing, supported: x / self.policy.sum(w, rest), slope: 1.0 - self.policy.elasticity(w, rest) * rise }
    }

    /// Where the slope of ln(x/S) changes sign: positive at light load; never, when the good state reaches to c.
    fn find_peak(&self) -> f64 {
        let c = self.servers;
        let last = c - c * 1e-12;
        if self.at(last).slope >= 0.0 {
            return c;
        }
        let (mut low, mut high) = (0.0, last);
        // The maximum is flat: half the digits of its place give all digits of its height, and a few more do no harm.
        for _ in 0..64 {
            let middle = 0.5 * (low + high);
            if self.at(middle).slope >= 0.0 {
                low = middle
            } else {
                high = middle
            }
            if high - low <= 1e-13 * high {
                break;
            }
        }
        0.5 * (low + high)
    }

    /// Smallest x with `x/S(qF(x)) = a`, between a and the peak, where the left side grows.
    fn smallest_root(&self, a: f64) -> f64 {
        if a == 0.0 {
            return 0.0;
        }
        let (mut low, mut high) = (a, self.peak.max(a));
        let mut x = a;
        for _ in 0..200 {
            let p = self.at(x);
            let gap = math::ln_1p((p.supported - a) / a);
            if gap < 0.0 {
                low = x
            } else {
                high = x
            }
            let newton = x + x * math::exp_m1(math::between(-gap / p.slope, -50.0, 50.0));
            // A step whose square no longer counts is the last.
            if p.slope > 0.0 && gap.abs() < 1e-9 * p.slope * p.slope / self.servers.max(1.0) {
                return math::between(newton, a, self.servers);
            }
            x = if p.slope > 0.0 && newton > low && newton < high { newton } else { 0.5 * (low + high) };
            if high - low <= f64::EPSILON * high {
                return x;
            }
        }
        x
    }
}

/// What is known of the loop at one load.
struct Point {
    failing: f64,
    /// `x/S(qF(x))`: the fresh load that keeps the pool at x.
    supported: f64,
    /// Its logarithmic slope.
    slope: f64,
}
