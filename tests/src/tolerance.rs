//! How far an answer may be from the reference, per function, and why.

/// Allowed error of one function.
#[derive(Clone, Copy, Debug)]
pub struct Tolerance {
    /// Name of the call in `evaluate`.
    pub function: &'static str,
    /// Relative error where the reference is a normal double.
    pub relative: f64,
    /// What the bound rests on.
    pub reason: &'static str,
}

/// A subnormal reference: units of 2^-1074, for every function (one rounding, and the relative error before it).
pub const SUBNORMAL_UNITS: f64 = 1.0;
/// Rows of the regime `near_fold`: the root behaves as a square root there, and the table says 1e-9.
pub const NEAR_FOLD: f64 = 1e-9;

const KERNEL: &str = "exponent in two words; some ten roundings follow";
const SOLVED: &str = "a root of the kernel's logarithm, with a slope of at least about 1";
const LOOP: &str = "a fixed point: the kernel's error times the condition of the root, at most 40 in the table";

/// One line per function.
pub const TABLE: &[Tolerance] = &[
    Tolerance { function: "erlang_b", relative: 2e-15, reason: KERNEL },
    Tolerance { function: "erlang_b_complement", relative: 2e-15, reason: KERNEL },
    Tolerance { function: "erlang_b_ln", relative: 2e-15, reason: KERNEL },
    Tolerance { function: "erlang_c", relative: 2e-15, reason: KERNEL },
    Tolerance { function: "erlang_c_complement", relative: 2e-15, reason: KERNEL },
    Tolerance { function: "erlang_c_ln", relative: 2e-15, reason: KERNEL },
    Tolerance { function: "wait_mean", relative: 2e-15, reason: KERNEL },
    Tolerance { function: "wait_quantile", relative: 2e-15, reason: "of the wait or its scale, whichever is greater" },
    Tolerance { function: "wait_exceeds", relative: 2e-15, reason: KERNEL },
    Tolerance { function: "mmck_block", relative: 4e-15, reason: KERNEL },
    Tolerance { function: "mmck_accept", relative: 4e-15, reason: KERNEL },
    Tolerance { function: "mmck_wait", relative: 4e-15, reason: KERNEL },
    Tolerance { function: "mmck_queue", relative: 4e-15, reason: KERNEL },
    Tolerance { function: "mmck_wait_mean", relative: 4e-15, reason: KERNEL },
    Tolerance { function: "load_for_blocking", relative: 2e-15, reason: SOLVED },
    Tolerance { function: "load_for_waiting", relative: 2e-15, reason: SOLVED },
    Tolerance { function: "retry_load", relative: 1e-14, reason: LOOP },
    Tolerance { function: "retry_success", relative: 1e-14, reason: LOOP },
    Tolerance { function: "retry_timeout_load", relative: 1e-14, reason: LOOP },
    Tolerance {
        function: "retry_timeout_fold",
        relative: 1e-14,
        reason: "a maximum: flat in the place where it is found",
    },
    Tolerance { function: "retry_timeout_recover", relative: 1e-14, reason: "a quotient of sums" },
];

/// The allowed relative error of `function`.
///
/// # Panics
/// When the function has no line: every function that is judged needs one.
#[must_use]
#[expect(clippy::panic, reason = "a test without a tolerance must stop by its name")]
pub fn of(function: &str) -> f64 {
    TABLE.iter().find(|t| t.function == function).map_or_else(|| panic!("{function} has no tolerance"), |t| t.relative)
}
