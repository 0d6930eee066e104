//! One call per line on stdin, one answer per line on stdout: `erlang_b 125 157`.
//!
//! Names and argument order are those of `tests/vectors/README.md`. Answers have 17 significant digits, whole-number
//! answers are whole numbers, and what cannot be answered is `error: …` with the argument named.

use std::io::{self, BufRead, BufWriter, Write};

use proxy_concurrency::abandonment::Abandonment;
use proxy_concurrency::erlang::{self, Loss, Queue, Wait};
use proxy_concurrency::finite_queue::FiniteQueue;
use proxy_concurrency::occupancy::Occupancy;
use proxy_concurrency::retry::{Retry, RetryPolicy, TimeoutRetry};
use proxy_concurrency::{Erlangs, Error, Probability};

/// What a call gives: a number, or a whole number.
enum Answer {
    Real(f64),
    Whole(f64),
}

/// Why there is no answer.
enum Refusal {
    Input(Error),
    Call(String),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Input(error)
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Input(error) => write!(f, "{error}"),
            Self::Call(words) => f.write_str(words),
        }
    }
}

type Outcome = Result<Answer, Refusal>;

/// Reads the arguments by name; all of them must be used.
struct Arguments<'a>(std::str::SplitAsciiWhitespace<'a>);

impl Arguments<'_> {
    fn take<const N: usize>(mut self, names: [&str; N]) -> Result<[f64; N], Refusal> {
        let mut values = [0.0; N];
        for (value, name) in values.iter_mut().zip(names) {
            let text = self.0.next().ok_or_else(|| Refusal::Call(format!("{name} is missing")))?;
            *value =
                text.parse().map_err(|_| Refusal::Call(format!("{name} must be a number, not {}", shown(text))))?;
        }
        match self.0.next() {
            Some(extra) => Err(Refusal::Call(format!("{} is one argument too many", shown(extra)))),
            None => Ok(values),
        }
    }
}

/// Enough of a text to recognise it.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

fn loss(arguments: Arguments<'_>, read: fn(&Loss) -> f64) -> Outcome {
    let [a, c] = arguments.take(["offeredLoad", "servers"])?;
    Ok(Answer::Real(read(&Loss::checked(a, c)?)))
}

fn queue(arguments: Arguments<'_>, read: fn(&Queue) -> f64) -> Outcome {
    let [a, c] = arguments.take(["offeredLoad", "servers"])?;
    Ok(Answer::Real(read(&Queue::checked(a, c)?)))
}

fn finite_queue(arguments: Arguments<'_>, read: fn(&FiniteQueue) -> f64) -> Outcome {
    let [a, c, k] = arguments.take(["offeredLoad", "servers", "places"])?;
    Ok(Answer::Real(read(&FiniteQueue::checked(a, c, k)?)))
}

fn occupancy(arguments: Arguments<'_>, read: fn(&Occupancy, u32) -> f64) -> Outcome {
    let [a, n] = arguments.take(["offeredLoad", "requests"])?;
    Ok(Answer::Real(read(&Occupancy::checked(a)?, whole("requests", n)?)))
}

fn abandonment(arguments: Arguments<'_>, read: fn(&Abandonment) -> f64) -> Outcome {
    let [a, c, patience] = arguments.take(["offeredLoad", "servers", "patience"])?;
    Ok(Answer::Real(read(&Abandonment::checked(a, c, patience)?)))
}

fn policy(q: f64, r: f64) -> Result<RetryPolicy, Refusal> {
    Ok(RetryPolicy::new(probability("retryShare", q)?, whole("retries", r)?))
}

fn retry(arguments: Arguments<'_>, read: fn(&Retry) -> f64) -> Outcome {
    let [a, c, q, r] = arguments.take(["offeredLoad", "servers", "retryShare", "retries"])?;
    Ok(Answer::Real(read(&Retry::new(Erlangs::new(a)?, whole("servers", c)?, policy(q, r)?))))
}

fn wait(a: f64, c: f64, mu: f64) -> Result<Wait, Refusal> {
    Ok(Queue::checked(a, c)?.wait(mu)?)
}

/// A probability by the name that it has in this call.
fn probability(name: &str, x: f64) -> Result<Probability, Refusal> {
    Probability::new(x).map_err(|_| Refusal::Call(format!("{name} must be a number from 0 to 1, not {x}")))
}

/// A whole number by the name that it has in this call.
fn whole(name: &str, x: f64) -> Result<u32, Refusal> {
    if x >= 0.0 && x <= f64::from(u32::MAX) && x.fract() == 0.0 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked in the line above")]
        return Ok(x as u32);
    }
    Err(Refusal::Call(format!("{name} must be a whole number from 0 to {}, not {x}", u32::MAX)))
}

fn evaluate(line: &str) -> Outcome {
    let mut words = line.split_ascii_whitespace();
    let name =
        words.next().ok_or_else(|| Refusal::Call("the line is empty: a name and its arguments are needed".into()))?;
    let arguments = Arguments(words);
    match name {
        "erlang_b" => loss(arguments, Loss::blocking),
        "erlang_b_complement" => loss(arguments, Loss::accepted),
        "erlang_b_ln" => loss(arguments, Loss::ln_blocking),
        "erlang_b_carried" => loss(arguments, Loss::carried),
        "erlang_b_idle" => loss(arguments, Loss::idle),
        "erlang_c" => queue(arguments, Queue::waiting),
        "erlang_c_complement" => queue(arguments, Queue::immediate),
        "erlang_c_ln" => queue(arguments, Queue::ln_waiting),
        "poisson_exactly" => occupancy(arguments, Occupancy::exactly),
        "poisson_at_most" => occupancy(arguments, Occupancy::at_most),
        "poisson_more_than" => occupancy(arguments, Occupancy::more_than),
        "poisson_quantile" => {
            let [a, p] = arguments.take(["offeredLoad", "probability"])?;
            Ok(Answer::Whole(Occupancy::checked(a)?.quantile(Probability::new(p)?)?))
        }
        "wait_mean" => {
            let [a, c, mu] = arguments.take(["offeredLoad", "servers", "serviceRate"])?;
            Ok(Answer::Real(wait(a, c, mu)?.mean()))
        }
        "wait_quantile" => {
            let [a, c, mu, p] = arguments.take(["offeredLoad", "servers", "serviceRate", "probability"])?;
            Ok(Answer::Real(wait(a, c, mu)?.quantile(Probability::new(p)?)))
        }
        "wait_exceeds" => {
            let [a, c, mu, t] = arguments.take(["offeredLoad", "servers", "serviceRate", "time"])?;
            Ok(Answer::Real(wait(a, c, mu)?.exceeds(t)?))
        }
        "servers_for_blocking" => {
            let [a, target] = arguments.take(["offeredLoad", "target"])?;
            Ok(Answer::Whole(erlang::servers_for_blocking(Erlangs::new(a)?, probability("target", target)?)?.into()))
        }
        "servers_for_waiting" => {
            let [a, target] = arguments.take(["offeredLoad", "target"])?;
            Ok(Answer::Whole(erlang::servers_for_waiting(Erlangs::new(a)?, probability("target", target)?)?.into()))
        }
        "servers_for_wait" => {
            let [a, mu, t, target] = arguments.take(["offeredLoad", "serviceRate", "time", "target"])?;
            Ok(Answer::Whole(erlang::servers_for_wait(Erlangs::new(a)?, mu, t, probability("target", target)?)?.into()))
        }
        "load_for_blocking" => {
            let [c, target] = arguments.take(["servers", "target"])?;
            Ok(Answer::Real(erlang::load_for_blocking(whole("servers", c)?, probability("target", target)?)?))
        }
        "load_for_waiting" => {
            let [c, target] = arguments.take(["servers", "target"])?;
            Ok(Answer::Real(erlang::load_for_waiting(whole("servers", c)?, probability("target", target)?)?))
        }
        "mmck_block" => finite_queue(arguments, FiniteQueue::blocking),
        "mmck_accept" => finite_queue(arguments, FiniteQueue::accepted),
        "mmck_wait" => finite_queue(arguments, FiniteQueue::waiting),
        "mmck_queue" => finite_queue(arguments, FiniteQueue::queue_length),
        "mmck_wait_mean" => finite_queue(arguments, FiniteQueue::mean_wait),
        "mmck_exceeds" => {
            let [a, c, k, t] = arguments.take(["offeredLoad", "servers", "places", "time"])?;
            Ok(Answer::Real(FiniteQueue::checked(a, c, k)?.exceeds(t)))
        }
        "retry_load" => retry(arguments, Retry::load),
        "retry_success" => retry(arguments, Retry::success),
        "retry_timeout_load" => {
            let [a, c, tau, q, r] = arguments.take(["offeredLoad", "servers", "timeout", "retryShare", "retries"])?;
            let policy = policy(q, r)?;
            Ok(Answer::Real(TimeoutRetry::new(whole("servers", c)?, tau, policy)?.load(Erlangs::new(a)?)))
        }
        "retry_timeout_fold" => {
            let [c, tau, q, r] = arguments.take(["servers", "timeout", "retryShare", "retries"])?;
            let policy = policy(q, r)?;
            Ok(Answer::Real(TimeoutRetry::new(whole("servers", c)?, tau, policy)?.fold()))
        }
        "retry_timeout_failing" => {
            let [x, c, tau] = arguments.take(["load", "servers", "timeout"])?;
            let pool = TimeoutRetry::new(whole("servers", c)?, tau, RetryPolicy::NONE)?;
            Ok(Answer::Real(pool.failing(Erlangs::new(x)?)))
        }
        "retry_timeout_recover" => {
            let [c, q, r] = arguments.take(["servers", "retryShare", "retries"])?;
            let policy = policy(q, r)?;
            Ok(Answer::Real(TimeoutRetry::new(whole("servers", c)?, 0.0, policy)?.recover()))
        }
        "abandon_wait" => abandonment(arguments, Abandonment::waiting),
        "abandon_immediate" => abandonment(arguments, Abandonment::immediate),
        "abandon_share" => abandonment(arguments, Abandonment::abandoning),
        "abandon_queue" => abandonment(arguments, Abandonment::queue_length),
        _ => Err(Refusal::Call(format!("{} is not a function", shown(name)))),
    }
}

fn main() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut output = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return output.flush();
        }
        write_answer(&String::from_utf8_lossy(&line), &mut output)?;
    }
}

/// Answers one line with one line.
pub(crate) fn write_answer(line: &str, output: &mut impl Write) -> io::Result<()> {
    match evaluate(line) {
        Ok(Answer::Real(x)) => writeln!(output, "{x:.16e}"),
        Ok(Answer::Whole(x)) => writeln!(output, "{x}"),
        Err(refusal) => writeln!(output, "error: {refusal}"),
    }
}
