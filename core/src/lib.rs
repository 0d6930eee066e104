//! placeholder
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;

mod error;
pub(crate) mod math;
mod units;

pub use error::{Error, Given, Rule};
pub use units::{Erlangs, Probability, Rate, Seconds, TimeUnit};
