//! The native runner: one binary, one module a topic.
//!
//! `PROPTEST_CASES` sets the number of cases of each property, `PROPTEST_RNG_SEED` repeats a run.

use proptest::test_runner::Config;

mod abandonment;
mod bad_input;
mod coverage;
mod effective;
mod erlang;
mod evaluate;
mod exceeded;
mod experiment;
mod fields;
mod limits;
mod occupancy;
mod oracle;
mod overload;
mod pool;
mod probe;
mod properties;
mod retries;
mod scale;
mod seams;
mod sim;
mod snippet;
mod subnormal;
mod tables;
mod vectors;

/// So many cases where nothing else is asked for; what fails is printed and goes into a test of its own, not a file.
fn config(cases: u32) -> Config {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let usual = Config::default();
    Config { cases: if asked { usual.cases } else { cases }, failure_persistence: None, ..usual }
}
