//! Our simulator beside others, on the same M/M/c in one run: millions of events a second, the ratio to ours, and the mean wait
//! beside Erlang C's, so that a simulator of something else is seen. An event is an arrival or a departure: two to a customer.
//!
//! `simulators` prints the tables. `simulators count NAME SERVERS CUSTOMERS` simulates only, for an instruction counter.

mod by_desque;
mod chance;
mod jump_chain;
mod ours;
mod workload;

use std::hint::black_box;
use std::time::Instant;

use proxy_concurrency::samples::summarise;
use proxy_concurrency::{Erlangs, erlang};

const SIZES: [u32; 3] = [10, 100, 1000];
/// Share of the servers that is busy.
const BUSY: f64 = 0.9;
/// So few that a run lasts some milliseconds: one or another is not interrupted, whatever else the machine does.
const CUSTOMERS: u32 = 100_000;
const RUNS: u64 = 120;

/// Poisson arrivals, `load` in one response time, exponential response times of mean 1, and so many servers.
#[derive(Clone, Copy)]
struct System {
    load: f64,
    servers: u32,
}

impl System {
    fn new(servers: u32) -> Self {
        Self { load: BUSY * f64::from(servers), servers }
    }

    fn mean_wait(self) -> f64 {
        let load = Erlangs::new(self.load).expect("in range");
        erlang::Queue::new(load, self.servers).waiting() / (f64::from(self.servers) - self.load)
    }
}

struct Contender {
    name: &'static str,
    what: &'static str,
    /// Mean wait of so many customers, from a seed.
    mean_wait: fn(System, u32, u64) -> f64,
}

const CONTENDERS: [Contender; 4] = [
    Contender { name: "ours", what: "sim::Simulation", mean_wait: ours::mean_wait },
    Contender { name: "jump chain", what: "how many there are, and nothing else", mean_wait: jump_chain::mean_wait },
    Contender { name: "Kiefer-Wolfowitz", what: "when each server is free", mean_wait: workload::mean_wait },
    Contender { name: "desque 0.4.0", what: "serial::Simulation", mean_wait: by_desque::mean_wait },
];

/// One after the other, again and again: what else the machine does, it does to all of them.
fn race(servers: u32) {
    let system = System::new(servers);
    let mut least = [f64::INFINITY; CONTENDERS.len()];
    let mut waits = CONTENDERS.map(|_| Vec::new());
    for seed in 0..RUNS {
        for ((contender, least), waits) in CONTENDERS.iter().zip(&mut least).zip(&mut waits) {
            let start = Instant::now();
            waits.push(black_box((contender.mean_wait)(black_box(system), CUSTOMERS, seed)));
            *least = least.min(start.elapsed().as_secs_f64());
        }
    }
    let exact = system.mean_wait();
    println!("\nM/M/{servers}, {BUSY} busy; mean wait by Erlang C {exact:.3e}");
    let [ours, ..] = least;
    for ((contender, least), waits) in CONTENDERS.iter().zip(least).zip(&mut waits) {
        let Contender { name, what, .. } = contender;
        let speed = 2.0 * f64::from(CUSTOMERS) / least / 1e6;
        let summary = summarise(waits).expect("some runs");
        let half_width = summary.mean_half_width.expect("more than one");
        let verdict = if (summary.mean - exact).abs() <= 2.0 * half_width { "" } else { "  WRONG" };
        println!(
            "{name:22} {what:38} {speed:8.2} ({:7.3})   mean wait {:.3e} ± {half_width:.1e}{verdict}",
            ours / least,
            summary.mean
        );
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, name, servers, customers] = arguments.as_slice()
        && command == "count"
    {
        let contender = CONTENDERS.iter().find(|c| c.name == name).expect("a contender's name");
        let system = System::new(servers.parse().expect("servers"));
        black_box((contender.mean_wait)(black_box(system), customers.parse().expect("customers"), 1));
        return;
    }
    println!("Simulators: million events a second, the most of {RUNS} runs in turns (and as a multiple of ours)");
    SIZES.into_iter().for_each(race);
    ours::full_model();
    ours::growth();
}
