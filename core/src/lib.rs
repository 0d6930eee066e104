//! placeholder
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod abandonment;
pub mod erlang;
mod error;
pub mod finite_queue;
pub(crate) mod math;
pub mod occupancy;
pub mod overload;
pub mod retry;
mod search;
mod two_word;
mod units;

pub use error::{Error, Given, Rule};
pub use units::{Erlangs, Probability, Rate, Seconds, TimeUnit};
