//! Numbers that cannot be confused: each type holds one unit, and is checked when it is made.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use crate::error::Error;

/// Greatest offered load, in erlangs, that the reference tables reach; nothing is computed beyond it.
pub const MAX_LOAD_ERLANGS: f64 = 1e9;
/// Shortest response time: one microsecond, below any network's.
pub const MIN_SECONDS: f64 = 1e-6;
/// Longest response time: a day, which no client's timeout reaches.
pub const MAX_SECONDS: f64 = 86_400.0;
/// Highest arrival rate, per second.
pub const MAX_RATE: f64 = 1e9;

/// `true` for a number from `min` to `max`; `false` for NaN.
pub(crate) const fn within(x: f64, min: f64, max: f64) -> bool {
    x >= min && x <= max
}

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident, $new:ident, $get:ident, $field:literal, $min:expr, $max:expr, $unit:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            #[doc = concat!("From a number of ", $unit, ".")]
            ///
            /// # Errors
            /// NaN, infinity, and what lies outside the type's range.
            pub const fn $new(x: f64) -> Result<Self, Error> {
                if within(x, $min, $max) {
                    // `x + 0.0` makes one zero of the two.
                    Ok(Self(x + 0.0))
                } else {
                    Err(Error::number($field, x, $min, $max, false, $unit))
                }
            }

            #[doc = concat!("As a number of ", $unit, ".")]
            #[must_use]
            pub const fn $get(self) -> f64 {
                self.0
            }
        }
    };
}

unit! {
    /// Arrival rate λ: requests that start in a second, 0 to 10⁹.
    Rate, per_second, as_per_second, "arrivalRate", 0.0, MAX_RATE, "requests per second"
}
unit! {
    /// A time, 0 to 86,400 s: response time, setup time, idle time, wait.
    Seconds, new, as_secs_f64, "seconds", 0.0, MAX_SECONDS, "seconds"
}
unit! {
    /// Offered load a = λ·W: the mean number of requests in flight where nothing holds them back, 0 to 10⁹ erlangs.
    Erlangs, new, as_f64, "offeredLoad", 0.0, MAX_LOAD_ERLANGS, "erlangs"
}
unit! {
    /// A probability or a share, 0 to 1.
    Probability, new, as_f64, "probability", 0.0, 1.0, ""
}

/// The time in which a rate is counted or a deadline is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum TimeUnit {
    /// 1 s.
    #[default]
    Second,
    /// 60 s.
    Minute,
    /// 3600 s.
    Hour,
    /// 86,400 s.
    Day,
}

impl TimeUnit {
    /// Length in seconds.
    #[must_use]
    pub const fn as_secs(self) -> f64 {
        match self {
            Self::Second => 1.0,
            Self::Minute => 60.0,
            Self::Hour => 3600.0,
            Self::Day => 86_400.0,
        }
    }
}
