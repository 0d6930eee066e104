//! Erlang's two formulas: what a pool of servers turns away, and what it makes wait.
//!
//! [`Loss`] is the pool that rejects (M/G/c/c, Erlang B); [`Queue`] is the pool that queues without limit (M/M/c,
//! Erlang C). Both take the offered load in erlangs and cost the same for ten servers and for a billion.

mod deviance;
mod inverse;
mod kernel;
mod loss;
mod queue;
mod rough;
mod subnormal;
mod tables;
mod wait;

pub use inverse::{load_for_blocking, load_for_waiting, servers_for_blocking, servers_for_wait, servers_for_waiting};
pub use loss::Loss;
pub use queue::Queue;
pub use wait::Wait;

use crate::error::Error;
use crate::units::within;

pub(crate) use deviance::{deviance, ln_ratio};
pub(crate) use kernel::{Tail, at_and_below, at_and_beyond, beyond_real, probability};
pub(crate) use subnormal::{is_tiny, probability as tiny_probability};

/// Most servers that a formula takes: every whole number below is exact in the arithmetic used.
pub const MAX_SERVERS: f64 = 1e15;

/// A whole number of servers, as a double.
#[expect(clippy::float_cmp, reason = "a whole number is its own floor exactly")]
pub(crate) fn checked_servers(servers: f64, min: f64) -> Result<f64, Error> {
    if within(servers, min, MAX_SERVERS) && crate::math::floor(servers) == servers {
        Ok(servers + 0.0)
    } else {
        Err(Error::number("servers", servers, min, MAX_SERVERS, true, ""))
    }
}

/// Any finite load: the formulas hold far beyond what [`Erlangs`](crate::Erlangs) takes.
pub(crate) fn checked_load(load_erlangs: f64) -> Result<f64, Error> {
    if within(load_erlangs, 0.0, f64::MAX) {
        Ok(load_erlangs + 0.0)
    } else {
        Err(Error::number("offeredLoad", load_erlangs, 0.0, f64::MAX, false, "erlangs"))
    }
}
