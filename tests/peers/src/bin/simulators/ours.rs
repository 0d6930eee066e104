//! Ours, of which waits, response times, occupancy and the course over time are kept as always.

use std::hint::black_box;
use std::time::Instant;

use proxy_concurrency::sim::{Config, Covers, LateWork, Over, Progress, Retry, Simulation, Timeout};

use crate::System;

const STRETCHES: u32 = 60;

fn waiting_line(System { load, servers }: System, duration_s: f64) -> Config {
    Config { over: Over::Queue { places: u32::MAX }, ..Config::new(load, 1.0, servers, duration_s) }
}

pub fn mean_wait(system: System, customers: u32, seed: u64) -> f64 {
    let config = waiting_line(system, f64::from(customers) / system.load);
    let mut run = Simulation::new(config, seed).expect("a system");
    while run.advance(u64::MAX) == Progress::Running {}
    run.results().mean_wait.expect("someone was served").mean
}

/// Million events a second: the most of some stretches of one run.
fn speed(config: Config, warm_up: u64, events: u64) -> f64 {
    let mut run = Simulation::new(config, 1).expect("a system");
    run.advance(warm_up);
    let mut least = f64::INFINITY;
    for _ in 0..STRETCHES {
        let start = Instant::now();
        assert_eq!(black_box(run.advance(events)), Progress::Running, "too short a run to time");
        least = least.min(start.elapsed().as_secs_f64());
    }
    #[expect(clippy::cast_precision_loss, reason = "some millions")]
    let events = events as f64;
    events / least / 1e6
}

/// Fifty places to wait, nobody longer than a tenth of a response time, and two retries after a pause that grows. Events are
/// arrivals, ends, timeouts and retries.
pub fn full_model() {
    let system = Config {
        over: Over::Queue { places: 50 },
        timeout: Some(Timeout { after_s: 0.1, covers: Covers::Waiting, late: LateWork::Cancelled }),
        retry: Retry { most: 2, share: 1.0, backoff_s: 1.0, factor: 2.0, longest_s: 60.0, jitter: 0.5 },
        ..Config::new(95.0, 1.0, 100, 1e9)
    };
    println!("\nFull model, 100 servers: 50 places to wait, timeouts, retries");
    println!("{:22} {:38} {:8.2}", "ours", "sim::Simulation", speed(system, 1_000_000, 100_000));
}

/// The cost of an event by what is in flight: no more than the logarithm, but for the processor's caches.
pub fn growth() {
    println!("\nours, by what is in flight: ns an event");
    for servers in [11, 111, 1_111, 11_111, 111_111, 1_111_111] {
        let system = System::new(servers);
        // From nothing to as many in flight as there will be takes some response times.
        let filling = 10 * u64::from(servers);
        let ns = 1e3 / speed(waiting_line(system, 1e9), filling + 100_000, 100_000);
        println!("{:>9.0} {ns:8.1}", system.load);
    }
}
