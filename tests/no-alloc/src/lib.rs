//! Sizing, accounting and the queueing formulas on bare metal: no std, no `alloc`, no allocator to link with.
#![no_std]

use proxy_concurrency::connections::{HttpVersion, PlanCounts, Protocol, Route};
use proxy_concurrency::erlang::{Loss, Queue};
use proxy_concurrency::sizing::{PlanUse, offered_load, whole_up};
use proxy_concurrency::{Error, Probability, Rate, Seconds};

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

/// C = λ·W; NaN for what the core refuses.
#[unsafe(no_mangle)]
pub extern "C" fn mean(rate: f64, response_time: f64) -> f64 {
    load(rate, response_time).unwrap_or(f64::NAN)
}

/// Whole connections for a mean number in flight and a headroom of so many parts of it.
#[unsafe(no_mangle)]
pub extern "C" fn required(mean: f64, headroom: f64) -> u32 {
    whole_up(mean * (1.0 + headroom))
}

/// What a plan that counts open connections charges; NaN for what the core refuses.
#[unsafe(no_mangle)]
pub extern "C" fn open_connections(rate: f64, response_time: f64, idle_time: f64) -> f64 {
    charged(rate, response_time, idle_time).unwrap_or(f64::NAN)
}

/// Connections from client to proxy for parallel requests to one destination through a tunnel.
#[unsafe(no_mangle)]
pub extern "C" fn client_connections(parallel: u32, http2: bool, streams: u32) -> u32 {
    let protocol = Protocol {
        route: Route::Tunnel,
        inner_http: if http2 { HttpVersion::Http2 } else { HttpVersion::Http1 },
        max_concurrent_streams: streams,
        ..Protocol::default()
    };
    protocol.account(parallel).client_to_proxy_tcp
}

/// Share of the requests that a plan turns away; NaN for what the core refuses.
#[unsafe(no_mangle)]
pub extern "C" fn blocking(load_erlangs: f64, servers: f64) -> f64 {
    Loss::checked(load_erlangs, servers).map_or(f64::NAN, |loss| loss.blocking())
}

/// Share of the requests that wait at a plan that queues; NaN for what the core refuses.
#[unsafe(no_mangle)]
pub extern "C" fn waiting(load_erlangs: f64, servers: f64) -> f64 {
    Queue::checked(load_erlangs, servers).map_or(f64::NAN, |queue| queue.waiting())
}

fn load(rate: f64, response_time: f64) -> Result<f64, Error> {
    Ok(offered_load(Rate::per_second(rate)?, Seconds::new(response_time)?)?.as_f64())
}

fn charged(rate: f64, response_time: f64, idle_time: f64) -> Result<f64, Error> {
    let plan = PlanUse {
        counts: PlanCounts::OpenConnections,
        protocol: Protocol::default(),
        setup_time: Seconds::new(0.0)?,
        idle_time: Seconds::new(idle_time)?,
        connection_reuse: Probability::new(0.0)?,
    };
    Ok(plan.charged(Rate::per_second(rate)?, Seconds::new(response_time)?))
}
