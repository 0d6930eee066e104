//! Ours beside other crates, on the same inputs in one run: worst error over the reference table, time for one
//! evaluation, and both as ratios.
//!
//! `cargo run --release` prints the tables. `… -- count FUNCTION SERVERS TIMES` evaluates only, for an instruction counter.

use std::hint::black_box;
use std::time::Instant;

use proxy_concurrency::erlang::{
    Loss, Queue, load_for_blocking, load_for_waiting, servers_for_blocking, servers_for_wait, servers_for_waiting,
};
use proxy_concurrency::finite_queue::FiniteQueue;
use proxy_concurrency::occupancy::Occupancy;
use proxy_concurrency::retry::{Retry, RetryPolicy, TimeoutRetry};
use proxy_concurrency::{Erlangs, Probability};
use proxy_concurrency_tests::tables::Table;
use statrs::distribution::{Discrete, DiscreteCDF, Poisson};

const SIZES: [u32; 5] = [10, 1_000, 100_000, 10_000_000, 1_000_000_000];

/// Sixteen loads around c servers, from far below to far above.
fn loads(c: u32) -> Vec<f64> {
    let c = f64::from(c);
    (0..16).map(|i| (c + (-4.0 + 0.5 * f64::from(i)) * c.sqrt() + 0.123).max(0.5)).collect()
}

fn erlangs(a: f64) -> Erlangs {
    Erlangs::new(a.min(1e9)).expect("in range")
}

fn share(p: f64) -> Probability {
    Probability::new(p).expect("in range")
}

/// Something to time or to judge: load and servers in, a number out.
struct Contender {
    name: &'static str,
    what: &'static str,
    /// Largest c that is tried: others loop over c.
    most: u32,
    run: fn(f64, u32) -> f64,
}

fn recurrence(a: f64, c: u32) -> f64 {
    let mut b = 1.0;
    for n in 1..=c {
        b = a * b / (f64::from(n) + a * b);
    }
    b
}

fn ours_blocking(a: f64, c: u32) -> f64 {
    Loss::checked(a, f64::from(c)).map_or(f64::NAN, |l| l.blocking())
}

fn ours_waiting(a: f64, c: u32) -> f64 {
    Queue::checked(a, f64::from(c)).map_or(f64::NAN, |q| q.waiting())
}

fn by_statrs(a: f64, c: u32) -> f64 {
    Poisson::new(a).map_or(f64::NAN, |p| p.pmf(u64::from(c)) / p.cdf(u64::from(c)))
}

fn by_puruspe(a: f64, c: u32) -> f64 {
    let c = f64::from(c);
    (c * a.ln() - a - puruspe::ln_gamma(c + 1.0)).exp() / puruspe::gammq(c + 1.0, a)
}

fn by_poolsim(a: f64, c: u32) -> f64 {
    poolsim_core::erlang::erlang_c(a, 1.0, c).unwrap_or(f64::NAN)
}

const BLOCKING: [Contender; 5] = [
    Contender { name: "ours", what: "erlang::Loss::blocking", most: u32::MAX, run: ours_blocking },
    Contender { name: "recurrence", what: "B = aB/(n + aB), here", most: 10_000_000, run: recurrence },
    Contender { name: "erlang_e1 0.9.0-rc.1", what: "erlang_b", most: 10_000_000, run: erlang_e1::erlang_b },
    Contender { name: "statrs 0.19.1", what: "Poisson pmf/cdf", most: u32::MAX, run: by_statrs },
    Contender { name: "puruspe 0.4.4", what: "ln_gamma, gammq", most: u32::MAX, run: by_puruspe },
];

const WAITING: [Contender; 2] = [
    Contender { name: "ours", what: "erlang::Queue::waiting", most: u32::MAX, run: ours_waiting },
    Contender { name: "poolsim-core 0.4.0", what: "erlang_c", most: 10_000_000, run: by_poolsim },
];

const QUANTILE: [Contender; 2] = [
    Contender {
        name: "ours",
        what: "Occupancy::quantile, p = 0.99",
        most: u32::MAX,
        run: |a, _| Occupancy::new(erlangs(a)).quantile(share(0.99)).unwrap_or(f64::NAN),
    },
    Contender {
        name: "statrs 0.19.1",
        what: "Poisson inverse_cdf",
        most: 100_000,
        #[expect(clippy::cast_precision_loss, reason = "timed only")]
        run: |a, _| Poisson::new(a).map_or(f64::NAN, |p| p.inverse_cdf(0.99) as f64),
    },
];

/// Ours alone: nobody else has them in constant time.
const ALONE: [Contender; 14] = [
    Contender { name: "blocking", what: "", most: u32::MAX, run: ours_blocking },
    Contender { name: "accepted", what: "", most: u32::MAX, run: |a, c| Loss::new(erlangs(a), c).accepted() },
    Contender { name: "waiting", what: "", most: u32::MAX, run: ours_waiting },
    Contender {
        name: "wait quantile",
        what: "",
        most: u32::MAX,
        run: |a, c| Queue::new(erlangs(a), c).wait(0.4).map_or(f64::NAN, |w| w.quantile(share(0.99))),
    },
    Contender {
        name: "wait exceeds",
        what: "",
        most: u32::MAX,
        run: |a, c| Queue::new(erlangs(a), c).wait(0.4).and_then(|w| w.exceeds(0.5)).unwrap_or(f64::NAN),
    },
    Contender { name: "quantile", what: "", most: u32::MAX, run: QUANTILE[0].run },
    Contender {
        name: "servers 1e-2",
        what: "",
        most: u32::MAX,
        run: |a, _| servers_for_blocking(erlangs(a), share(0.01)).map_or(f64::NAN, f64::from),
    },
    Contender {
        name: "servers 1e-6",
        what: "",
        most: u32::MAX,
        run: |a, _| servers_for_blocking(erlangs(a), share(1e-6)).map_or(f64::NAN, f64::from),
    },
    Contender {
        name: "servers waiting",
        what: "",
        most: u32::MAX,
        run: |a, _| servers_for_waiting(erlangs(a), share(0.01)).map_or(f64::NAN, f64::from),
    },
    Contender {
        name: "servers wait",
        what: "",
        most: u32::MAX,
        run: |a, _| servers_for_wait(erlangs(a), 0.4, 0.5, share(0.01)).map_or(f64::NAN, f64::from),
    },
    Contender {
        name: "load 1e-2",
        what: "",
        most: u32::MAX,
        run: |_, c| load_for_blocking(c, share(0.01)).unwrap_or(f64::NAN),
    },
    Contender {
        name: "load waiting",
        what: "",
        most: u32::MAX,
        run: |_, c| load_for_waiting(c, share(0.01)).unwrap_or(f64::NAN),
    },
    Contender {
        name: "finite queue",
        what: "",
        most: u32::MAX,
        run: |a, c| FiniteQueue::new(erlangs(a), c, c).blocking(),
    },
    Contender {
        name: "retry",
        what: "",
        most: u32::MAX,
        run: |a, c| Retry::new(erlangs(a), c, RetryPolicy::new(share(0.9), 5)).load(),
    },
];

/// Nanoseconds for one evaluation: the least of 80 runs of about 0.2 ms (other work on the machine can only add), or of
/// three passes where a pass is longer.
fn time(run: fn(f64, u32) -> f64, c: u32) -> f64 {
    let loads = loads(c);
    let pass = |times: u32| {
        let start = Instant::now();
        for _ in 0..times {
            for &a in &loads {
                black_box(run(black_box(a), black_box(c)));
            }
        }
        start.elapsed().as_secs_f64() / f64::from(times) / 16.0 * 1e9
    };
    let once = pass(1).max(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 10⁵")]
    let times = (2e5 / (once * 16.0)).clamp(1.0, 1e5) as u32;
    let runs = if once > 1e5 { 3 } else { 80 };
    (0..runs).map(|_| pass(times)).fold(f64::INFINITY, f64::min)
}

/// Worst relative error over the rows with a normal answer, rows beyond 1e-13, and rows without a number.
fn judge(contender: &Contender, table: &str, column: &str, most: f64) -> (f64, u32, u32) {
    let (mut worst, mut bad, mut none) = (0.0_f64, 0, 0);
    for row in Table::read(table).rows() {
        let (c, a, want) = (row.number("c"), row.number("a"), row.number(column));
        if c > most || c > f64::from(contender.most) || c < 1.0 || want < f64::MIN_POSITIVE {
            continue;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number up to 10⁹")]
        let got = (contender.run)(a, c as u32);
        if got.is_finite() && got > 0.0 {
            let error = ((got - want) / want).abs();
            worst = worst.max(error);
            bad += u32::from(error > 1e-13);
        } else {
            none += 1;
        }
    }
    (worst, bad, none)
}

fn race(title: &str, contenders: &[Contender], table: Option<(&str, &str)>) {
    println!("\n{title}: ns for one evaluation (and as a multiple of ours)");
    let mut first: Vec<f64> = Vec::new();
    for contender in contenders {
        print!("{:22} {:30}", contender.name, contender.what);
        if let Some((table, column)) = table {
            let (worst, bad, none) = judge(contender, table, column, 1e9);
            print!(" max error {worst:8.1e}, {bad:4} rows over 1e-13, {none:4} without an answer;");
        }
        for (i, c) in SIZES.into_iter().enumerate() {
            if c > contender.most {
                print!(" {:>18}", "-");
                continue;
            }
            let ns = time(contender.run, c);
            if first.len() <= i {
                first.push(ns);
            }
            print!(" {ns:9.0} ({:7.1})", ns / first.get(i).copied().unwrap_or(ns));
        }
        println!();
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, name, c, times] = arguments.as_slice()
        && command == "count"
    {
        let contender = ALONE.iter().find(|f| f.name == name).expect("a function of the last table");
        let c: u32 = c.parse().expect("servers");
        let loads = loads(c);
        for _ in 0..times.parse::<u32>().expect("times") {
            for &a in &loads {
                black_box((contender.run)(black_box(a), black_box(c)));
            }
        }
        return;
    }
    println!("c = {SIZES:?}");
    race("Erlang B", &BLOCKING, Some(("erlang_b", "b")));
    race("Erlang C", &WAITING, Some(("erlang_c", "c_wait")));
    race("Poisson quantile", &QUANTILE, None);
    println!("\nOurs, ns");
    for contender in &ALONE {
        print!("{:16}", contender.name);
        for c in SIZES {
            print!(" {:9.0}", time(contender.run, c));
        }
        println!();
    }
    let policy = RetryPolicy::new(share(0.9), 3);
    print!("{:16}", "timeout fold");
    for c in SIZES {
        let start = Instant::now();
        for _ in 0..200 {
            black_box(TimeoutRetry::new(black_box(c), 0.3, policy).map_or(f64::NAN, |t| t.fold()));
        }
        print!(" {:9.0}", start.elapsed().as_secs_f64() / 200.0 * 1e9);
    }
    println!();
}
