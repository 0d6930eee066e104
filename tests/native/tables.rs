//! Every row of every reference table, asked through `evaluate` and judged as the table's header says.

use proxy_concurrency_tests::tables::{Row, Table};
use proxy_concurrency_tests::tolerance::{self, NEAR_FOLD, SUBNORMAL_UNITS};

use crate::evaluate::answer;

/// Answers of one function against one column; arguments are columns, or numbers.
fn judge(table: &str, function: &str, arguments: &[&str], column: &str) {
    let table = Table::read(table);
    let mut worst = (0.0, String::new());
    let mut failed = Vec::new();
    for row in table.rows() {
        if row.text(column) == Some("") {
            continue;
        }
        let call = call(function, arguments, row);
        let (error, bound) = error(function, row, column, &call);
        if error > worst.0 {
            worst = (error, call.clone());
        }
        // Not `error > bound`: a NaN fails too.
        let within = error <= bound;
        if !within {
            failed.push(format!("{call}: {error:e}"));
        }
    }
    println!("{function} {column}: at most {:.2e} at {}", worst.0, worst.1);
    assert!(failed.is_empty(), "{function}: {} rows, such as {:?}", failed.len(), failed.first());
}

fn call(function: &str, arguments: &[&str], row: Row<'_>) -> String {
    let mut call = function.to_owned();
    for argument in arguments {
        call.push(' ');
        call.push_str(row.text(argument).unwrap_or(argument));
    }
    call
}

/// Error and allowed error, in the measure that the row asks for.
fn error(function: &str, row: Row<'_>, column: &str, call: &str) -> (f64, f64) {
    let got: f64 = answer(call).parse().expect("an answer is a number");
    let want = row.number(column);
    let off = (got - want).abs();
    if function == "wait_quantile" {
        return (off / want.max(row.number("wait_scale")), tolerance::of(function));
    }
    if want == 0.0 && column == "ln_b" {
        // The table gives B = 1 - 1e-299 the logarithm 0; ours is the -1e-299 that a double can hold.
        return (got.abs(), 1e-290);
    }
    if want.abs() < f64::MIN_POSITIVE {
        return (off / 5e-324, SUBNORMAL_UNITS);
    }
    let near_fold = row.text("regime") == Some("near_fold") && function == "retry_timeout_load";
    (off / want.abs(), if near_fold { NEAR_FOLD } else { tolerance::of(function) })
}

/// Whole-number answers are right or wrong.
fn judge_exact(table: &str, function: &str, arguments: &[&str], column: &str) {
    for row in Table::read(table).rows() {
        let call = call(function, arguments, row);
        assert_eq!(Some(answer(&call).as_str()), row.text(column), "{call}");
    }
}

#[test]
fn blocking() {
    judge("erlang_b", "erlang_b", &["a", "c"], "b");
    judge("erlang_b", "erlang_b_complement", &["a", "c"], "one_minus_b");
    judge("erlang_b", "erlang_b_ln", &["a", "c"], "ln_b");
}

#[test]
fn waiting() {
    judge("erlang_c", "erlang_c", &["a", "c"], "c_wait");
    judge("erlang_c", "erlang_c_complement", &["a", "c"], "one_minus_c");
    judge("erlang_c", "erlang_c_ln", &["a", "c"], "ln_c");
}

#[test]
fn waits() {
    judge("erlang_c_wait", "wait_mean", &["a", "c", "mu"], "mean_wait");
    judge("erlang_c_wait", "wait_exceeds", &["a", "c", "mu", "t"], "p_wait_gt_t");
    for (p, column) in [("0.5", "p50"), ("0.95", "p95"), ("0.99", "p99"), ("0.999", "p999")] {
        judge("erlang_c_wait", "wait_quantile", &["a", "c", "mu", p], column);
    }
}

#[test]
fn fewest_servers() {
    judge_exact("erlang_b_inverse_c", "servers_for_blocking", &["a", "eps"], "c_min");
    judge_exact("erlang_c_inverse_c", "servers_for_waiting", &["a", "eps"], "c_min");
    judge_exact("wait_inverse_c", "servers_for_wait", &["a", "mu", "t", "eps"], "c_min");
}

#[test]
fn largest_load() {
    judge("erlang_b_inverse_a", "load_for_blocking", &["c", "eps"], "a_max");
    judge("erlang_c_inverse_a", "load_for_waiting", &["c", "eps"], "a_max");
}

#[test]
fn poisson_quantiles() {
    judge_exact("poisson_quantile", "poisson_quantile", &["a", "p"], "n");
}

#[test]
fn finite_queues() {
    for (function, column) in [
        ("mmck_block", "p_block"),
        ("mmck_accept", "p_accept"),
        ("mmck_wait", "p_wait"),
        ("mmck_queue", "lq"),
        ("mmck_wait_mean", "wq_accepted_mu1"),
    ] {
        judge("mmck", function, &["a", "c", "k"], column);
    }
}

#[test]
fn retries_of_the_refused() {
    judge("retry_fixed_point", "retry_load", &["a", "c", "q", "r"], "a_eff");
    judge("retry_fixed_point", "retry_success", &["a", "c", "q", "r"], "p_success");
}

#[test]
fn retries_of_the_timed_out() {
    judge("retry_timeout", "retry_timeout_load", &["a", "c", "tau", "q", "r"], "x_low");
    judge("retry_timeout", "retry_timeout_fold", &["c", "tau", "q", "r"], "a_fold");
    judge("retry_timeout", "retry_timeout_recover", &["c", "q", "r"], "a_recover");
}
