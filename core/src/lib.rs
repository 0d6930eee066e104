//! How many concurrent connections a proxy plan needs, what breaks first, and what happens over the limit.
//!
//! Most users fill in a [`Scenario`] and ask for its [`report`]; each formula is there by itself as well, without
//! `alloc`. Nothing here reads a clock, a random source, a file or the network, and `libm` computes on every platform,
//! so the same input gives the same bits natively and in a browser.
//!
//! # Words
//! - *arrival rate* λ: requests that start in a second;
//! - *response time* W: from sending a request to its last byte;
//! - *offered load* a = λ·W, in erlangs: the mean number in flight where nothing holds requests back;
//! - *servers* c: what a plan holds at once;
//! - *stream*: one request on an HTTP/2 connection; *tunnel*: what CONNECT opens.
//!
//! # Features
//! `alloc` (default): [`Scenario`] and [`Report`]. `serde`: JSON and JavaScript. `std`: faster in WebAssembly, where square
//! roots are instructions that only std names. No feature changes a number.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;
// ts-rs writes code that expects std's prelude. In WebAssembly std has names for instructions: see `math`.
#[cfg(any(feature = "typescript", all(target_family = "wasm", feature = "std")))]
#[cfg_attr(feature = "typescript", macro_use)]
extern crate std;

pub mod abandonment;
pub mod connections;
#[cfg(feature = "alloc")]
pub mod effective;
pub mod environment;
pub mod erlang;
mod error;
#[cfg(feature = "alloc")]
mod exceeded;
pub mod fields;
pub mod finite_queue;
#[cfg(feature = "alloc")]
mod layers;
pub(crate) mod math;
pub mod occupancy;
pub mod overload;
pub mod pool;
#[cfg(feature = "alloc")]
pub mod probe;
#[cfg(feature = "alloc")]
mod report;
pub mod retry;
pub mod runtime;
pub mod samples;
#[cfg(feature = "alloc")]
mod scale;
#[cfg(feature = "alloc")]
mod scenario;
mod search;
#[cfg(feature = "alloc")]
pub mod sim;
pub mod sizing;
#[cfg(feature = "alloc")]
pub mod snippet;
mod two_word;
pub mod units;
#[cfg(feature = "alloc")]
mod value;

pub use environment::Environment;
pub use error::{Error, Given, Rule};
#[cfg(feature = "alloc")]
pub use exceeded::{AtCap, CapPoint, Exceeded, Occupied, RuleOfThumb, exceeded};
#[cfg(feature = "alloc")]
pub use layers::{CapacityFrom, Layer, LayerUse, Limits, Pooling, Reuse, Rotation, limits};
#[cfg(feature = "alloc")]
pub use report::{ColdAndWarm, Comparison, CurvePoint, Report, Sizing, Tier, report};
#[cfg(feature = "alloc")]
pub use scale::{Bandwidth, Mix, MixPart, Scale, scale};
#[cfg(feature = "alloc")]
pub use scenario::{Errors, OverLimit, Quantity, Scenario};
pub use units::{Erlangs, Probability, Rate, Seconds, TimeUnit};
#[cfg(feature = "alloc")]
pub use value::Value;
