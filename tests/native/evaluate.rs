//! The `evaluate` example, line by line: what it answers, and what it says to a line that makes no sense.

#[path = "../../core/examples/evaluate.rs"]
#[allow(dead_code, reason = "its main is not called here")]
mod example;

/// The line that the example writes for a line.
pub(crate) fn answer(line: &str) -> String {
    let mut out = Vec::new();
    example::write_answer(line, &mut out).expect("a Vec takes everything");
    String::from_utf8(out).expect("answers are text").trim_end().to_owned()
}

#[test]
fn answers_have_seventeen_digits_and_whole_numbers_no_fraction() {
    assert_eq!(answer("erlang_b 1 1"), "5.0000000000000000e-1");
    assert_eq!(answer("servers_for_blocking 1 0.5"), "1");
}

#[test]
fn what_cannot_be_answered_names_the_argument() {
    for (line, word) in [
        ("", "empty"),
        ("   ", "empty"),
        ("nonsense 1 2", "nonsense"),
        ("erlang_b", "offeredLoad"),
        ("erlang_b 1", "servers"),
        ("erlang_b 1 2 3", "too many"),
        ("erlang_b NaN 2", "offeredLoad"),
        ("erlang_b inf 2", "offeredLoad"),
        ("erlang_b -1 2", "offeredLoad"),
        ("erlang_b 1 2.5", "servers"),
        ("erlang_b 1 -2", "servers"),
        ("erlang_b 1 1e300", "servers"),
        ("erlang_b one 2", "offeredLoad"),
        ("wait_mean 1 2 0", "serviceRate"),
        ("wait_quantile 1 2 1 1.5", "probability"),
        ("wait_exceeds 1 2 1 -1", "time"),
        ("servers_for_blocking 1 0", "target"),
        ("load_for_blocking 0 0.1", "servers"),
        ("load_for_blocking 1 1", "target"),
        ("mmck_block 1 5 4", "places"),
        ("retry_load 1 1 2 1", "retryShare"),
        ("retry_load 1 1 1 1.5", "retries"),
        ("retry_timeout_fold 1 -1 1 1", "timeout"),
        ("poisson_quantile 1 1", "probability"),
    ] {
        let said = answer(line);
        assert!(said.starts_with("error: ") && said.contains(word), "{line:?} gave {said}");
    }
}

/// Numbers that have broken such code before.
const EXTREMES: [&str; 31] = [
    "0",
    "-0",
    "5e-324",
    "1e-310",
    "1e-300",
    "1e-16",
    "0.1",
    "0.5",
    "0.9999999999999999",
    "1",
    "1.0000000000000002",
    "2",
    "63",
    "64",
    "65",
    "100",
    "1e6",
    "1000001",
    "1e9",
    "4294967295",
    "1e12",
    "1e15",
    "1e16",
    "1e300",
    "1.7976931348623157e308",
    "-1",
    "NaN",
    "inf",
    "-inf",
    "1e999",
    "x",
];

const FUNCTIONS: [(&str, u32); 35] = [
    ("erlang_b_carried", 2),
    ("erlang_b_idle", 2),
    ("poisson_exactly", 2),
    ("poisson_at_most", 2),
    ("poisson_more_than", 2),
    ("mmck_exceeds", 4),
    ("retry_timeout_failing", 3),
    ("erlang_b", 2),
    ("erlang_b_complement", 2),
    ("erlang_b_ln", 2),
    ("erlang_c", 2),
    ("erlang_c_complement", 2),
    ("erlang_c_ln", 2),
    ("wait_mean", 3),
    ("mmck_block", 3),
    ("mmck_accept", 3),
    ("mmck_wait", 3),
    ("mmck_queue", 3),
    ("mmck_wait_mean", 3),
    ("servers_for_blocking", 2),
    ("servers_for_waiting", 2),
    ("load_for_blocking", 2),
    ("load_for_waiting", 2),
    ("poisson_quantile", 2),
    ("wait_quantile", 4),
    ("wait_exceeds", 4),
    ("servers_for_wait", 4),
    ("retry_load", 4),
    ("retry_success", 4),
    ("retry_timeout_fold", 4),
    ("retry_timeout_recover", 3),
    ("retry_timeout_load", 5),
    ("abandon_wait", 3),
    ("abandon_share", 3),
    ("abandon_queue", 3),
];

#[test]
fn no_combination_of_extremes_gives_nan() {
    for (function, arguments) in FUNCTIONS {
        // With four or five arguments every combination would be millions: take them at a stride instead, one that
        // shares no factor with 31.
        let all = EXTREMES.len().pow(arguments);
        let stride = all / 30_000 + 1;
        for mut code in (0..all).step_by(stride) {
            let mut line = function.to_owned();
            for _ in 0..arguments {
                line.push(' ');
                line.push_str(EXTREMES.get(code % EXTREMES.len()).expect("a remainder is in range"));
                code /= EXTREMES.len();
            }
            let said = answer(&line);
            let number = said.parse::<f64>();
            assert!(said.starts_with("error: ") || number.is_ok_and(|x| !x.is_nan()), "{line} gave {said}");
        }
    }
}
