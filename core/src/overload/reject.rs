//! The cap that refuses at once.

use super::{Outcome, Overload, Traffic};
use crate::retry::Retry;

/// Whoever comes while the cap is reached is refused at once (a 503 or 429), as in Erlang's loss formula.
///
/// # Formula
/// Rejected `B(c, x)` at the load `x = a·Σ_{k=0..r} (q·B)^k` that the cap sees; failed `B·((qB)^r + (1 - q)·Σ_{k<r} (qB)^k)`.
/// # Source
/// [`Loss`](crate::erlang::Loss) and [`Retry`].
/// # Examples
/// ```
/// # use proxy_concurrency::{Rate, Seconds, overload::{Overload, Reject, Traffic}};
/// // 50 a second for 2.5 s under a cap of 157: one in 1400 is refused.
/// let traffic = Traffic::new(Rate::per_second(50.0)?, Seconds::new(2.5)?, 157);
/// let outcome = Reject.outcome(&traffic);
/// assert!((outcome.rejected - 7.242e-4).abs() < 1e-7);
/// assert!(outcome.mean_wait_s == 0.0 && outcome.goodput_per_s > 49.9);
/// # Ok::<(), proxy_concurrency::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reject;

impl Overload for Reject {
    fn outcome(&self, traffic: &Traffic) -> Outcome {
        let retry = Retry::of(traffic.load(), f64::from(traffic.cap), traffic.retry);
        let success = retry.success();
        Outcome {
            load: retry.load(),
            attempts: retry.attempts(),
            rejected: retry.loss().blocking(),
            timed_out: 0.0,
            waiting: 0.0,
            mean_wait_s: 0.0,
            response_time_s: traffic.response_time,
            failed: traffic.retry.failed(retry.loss().blocking(), retry.loss().accepted()),
            goodput_per_s: traffic.rate * success,
        }
    }
}
