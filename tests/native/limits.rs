//! What breaks first: known numbers, and what holds of any scenario in any environment.

#![expect(clippy::float_cmp, reason = "whole numbers of connections and ports, exact as doubles")]

use proptest::prelude::*;
use proxy_concurrency::connections::{HttpVersion, PlanCounts};
use proxy_concurrency::environment::presets::{OTHER_DESCRIPTORS, SOCKET_KIB, TRACKED_AFTER_CLOSE};
use proxy_concurrency::environment::{
    self, ClientLibrary, ConcurrencyModel, CredentialSharing, Environment, OperatingSystem,
};
use proxy_concurrency::fields::FIELDS;
use proxy_concurrency::runtime::{Waiter, need};
use proxy_concurrency::{CapacityFrom, Layer, LayerUse, Limits, Scenario, Value, limits, scale};
use proxy_concurrency_tests::special;

use crate::bad_input::{filled, filled_from};
use crate::config;

/// 50 a second for 2.5 s, changed.
fn article(change: impl FnOnce(&mut Scenario, &mut Environment)) -> Limits {
    let (mut scenario, mut environment) = (Scenario::default(), Environment::default());
    (scenario.arrival_rate, scenario.response_time) = (Some(50.0), Some(2.5));
    change(&mut scenario, &mut environment);
    limits(&scenario, &environment).expect("accepted")
}

fn layer(limits: &Limits, layer: Layer) -> LayerUse {
    *limits.layers.iter().find(|one| one.layer == layer).expect("every layer is there")
}

/// 28,232 ports for a minute each: 470 new connections a second to one endpoint, whatever the plan.
#[test]
fn ports_and_time_wait_allow_470_new_connections_a_second() {
    let without_reuse = |system, endpoints| {
        let limits = article(|s, e| {
            // Answered at once and closed at once: nothing is open, all of it waits.
            (s.response_time, s.idle_time) = (Some(1e-6), 0.0);
            (e.operating_system, e.proxy_endpoints) = (system, endpoints);
        });
        layer(&limits, Layer::EphemeralPorts).full_at_per_second.expect("a rate")
    };
    assert_eq!(without_reuse(OperatingSystem::Linux, 1.0).floor(), 470.0);
    assert_eq!(without_reuse(OperatingSystem::Macos, 1.0).floor(), 546.0);
    assert_eq!(without_reuse(OperatingSystem::Windows, 1.0).floor(), 136.0);
    assert_eq!(without_reuse(OperatingSystem::Linux, 3.0).floor(), 1411.0);
    // A tracked connection stays for two minutes: 262,144 / 120.
    let tracked = article(|s, _| (s.response_time, s.idle_time) = (Some(1e-6), 0.0));
    let tracked = layer(&tracked, Layer::ConnectionTracking).full_at_per_second.expect("a rate");
    assert_eq!(tracked.floor(), 2184.0);
}

/// Every request a different https:// origin, each tunnel kept for 15 s: 875 are open, not 125.
#[test]
fn idle_tunnels_are_open_too() {
    let limits = article(|s, e| {
        (s.destinations, s.headroom, e.client_library) = (1e6, 0.0, ClientLibrary::Aiohttp);
    });
    let open = layer(&limits, Layer::FileDescriptors).need - 10.0;
    assert!((open - 875.0).abs() < 1.0, "{open}");
    assert!((limits.pool.kept.idle - 750.0).abs() < 1.0 && limits.pool.kept.share < 0.001);
    // Within a plan of 200 that counts what is busy, aiohttp's own 100 are used up before it.
    let client = layer(&limits, Layer::ClientLibrary);
    assert_eq!((client.need, client.capacity, client.used), (125.0, Some(100.0), Some(1.25)));
    assert_eq!((client.full_at_per_second, client.capacity_from), (Some(40.0), CapacityFrom::Preset));
    assert_eq!((limits.first, limits.fits), (Some(Layer::ClientLibrary), false));
    // To one destination a pool needs no more than the most that are in flight at once.
    let one = article(|s, _| s.headroom = 0.0);
    assert!(one.reuse > 0.99 && layer(&one, Layer::FileDescriptors).need < 160.0);
    // A plan that counts open connections is sized by the stated reuse, and so is everything beside it.
    let stated = article(|s, _| (s.plan_counts, s.headroom) = (PlanCounts::OpenConnections, 0.0));
    assert_eq!((stated.reuse, layer(&stated, Layer::Plan).need), (0.0, 875.0));
    assert_eq!(layer(&stated, Layer::FileDescriptors).need, 885.0);
    assert_eq!((stated.pool.stated.open, stated.pool.stated.idle), (875.0, 750.0));
}

#[test]
fn clients_bring_their_own_caps() {
    let cap = |library, destinations, http| {
        let limits = article(|s, e| (s.destinations, s.inner_http, e.client_library) = (destinations, http, library));
        let client = layer(&limits, Layer::ClientLibrary);
        (client.need, client.capacity, client.capacity_from)
    };
    use ClientLibrary::{Curl, Go, Httpx, NodeFetch, Playwright, Requests, Reqwest, Scrapy, Undici};
    for library in [Requests, Undici, NodeFetch, Go, Reqwest] {
        assert_eq!(cap(library, 1.0, HttpVersion::Http1), (156.25, None, CapacityFrom::Unlimited));
    }
    let preset = CapacityFrom::Preset;
    assert_eq!(cap(Httpx, 1.0, HttpVersion::Http1), (156.25, Some(100.0), preset));
    // Requests, not connections: HTTP/2 does not help.
    assert_eq!(cap(Scrapy, 1.0, HttpVersion::Http2), (156.25, Some(16.0), preset));
    assert_eq!(cap(Curl, 1.0, HttpVersion::Http1), (156.25, Some(50.0), preset));
    // A browser opens six to one origin, and 128 in all.
    assert_eq!(cap(Playwright, 1.0, HttpVersion::Http1), (156.25, Some(6.0), preset));
    assert_eq!(cap(Playwright, 12.0, HttpVersion::Http1), (156.25, Some(72.0), preset));
    assert_eq!(cap(Playwright, 60.0, HttpVersion::Http1), (156.25, Some(128.0), preset));
    assert_eq!(cap(Playwright, 1.0, HttpVersion::Http2), (2.0, Some(6.0), preset));
    let own = article(|_, e| (e.client_library, e.client_limit) = (Playwright, Some(8.0)));
    assert_eq!(layer(&own, Layer::ClientLibrary).capacity, Some(8.0));
}

#[test]
fn the_other_layers_hold_what_documents_say() {
    let limits = article(|s, e| {
        (s.headroom, s.exit_ips, s.plan_tiers) = (0.0, 5.0, None);
        (e.bandwidth, e.response_size, e.destination_limit) = (Some(800.0), 1000.0, Some(10.0));
        (e.memory, e.operating_system) = (Some(256.0), OperatingSystem::Macos);
    });
    // 50 MB/s are 400 Mbit/s.
    let bandwidth = layer(&limits, Layer::Bandwidth);
    assert_eq!((bandwidth.need, bandwidth.used, bandwidth.full_at_per_second), (400.0, Some(0.5), Some(100.0)));
    assert_eq!(layer(&limits, Layer::FileDescriptors).capacity, Some(256.0));
    // Nobody knows what macOS tracks, nor, without plans, what the plan holds.
    assert_eq!(layer(&limits, Layer::ConnectionTracking).capacity_from, CapacityFrom::Unlimited);
    assert_eq!(layer(&limits, Layer::Plan).capacity_from, CapacityFrom::Unknown);
    // Ten connections each on five addresses.
    let destination = layer(&limits, Layer::Destination);
    assert_eq!((destination.capacity, limits.first), (Some(50.0), Some(Layer::Destination)));
    assert!(destination.used.is_some_and(|used| used > 2.5));
    // 125 responses of 1 MB, 125 threads and some 130 sockets.
    let memory = layer(&limits, Layer::Memory).need;
    assert!((119.2 + 2.0..119.2 + 3.0).contains(&memory), "{memory}");
    // Of two alike, the one before.
    let two = article(|s, e| (s.cap, e.client_limit, s.headroom) = (Some(125.0), Some(125.0), 0.0));
    assert_eq!((two.first, two.fits, layer(&two, Layer::Plan).used), (Some(Layer::Plan), true, Some(1.0)));
    let credentials = article(|s, e| (s.cap, e.credentials) = (Some(100.0), 3.0));
    assert_eq!(layer(&credentials, Layer::Plan).capacity, Some(300.0));
    // 33 each, not 33 and a third.
    let split = article(|s, e| {
        (s.cap, e.credentials, e.credential_sharing) = (Some(100.0), 3.0, CredentialSharing::Split);
    });
    assert_eq!(layer(&split, Layer::Plan).capacity, Some(99.0));
}

/// The article's threads "use 1 to 8 MB of stack": they reserve it.
#[test]
fn threads_reserve_what_they_do_not_use() {
    let limits = article(|_, e| e.client_library = ClientLibrary::Go);
    let of = |waiter| *limits.runtime.iter().find(|need| need.waiter == waiter).expect("every waiter");
    assert_eq!(
        limits.runtime.iter().filter(|need| need.chosen).map(|need| need.waiter).collect::<Vec<_>>(),
        [Waiter::Goroutine]
    );
    let threads = of(Waiter::PythonThread);
    // 156.25 × 8 MiB reserved, 156.25 × 16.4 KiB used, and the sockets.
    assert_eq!((threads.reserved, threads.model), (1250.0, ConcurrencyModel::Threads));
    assert!((2.5..3.2).contains(&threads.resident), "{}", threads.resident);
    assert!(of(Waiter::AsyncioTask).resident < of(Waiter::Goroutine).resident);
    assert!(of(Waiter::Goroutine).resident < threads.resident && threads.resident < of(Waiter::JavaThread).resident);
    // A process of its own for each: gigabytes, but next to no descriptors in each.
    let processes = of(Waiter::PythonProcess);
    assert!(processes.resident > 1024.0 && processes.descriptors == 11.0);
    assert_eq!(need(Waiter::of(ClientLibrary::Requests, ConcurrencyModel::EventLoop), 0.0, 0.0).resident, 0.0);
    assert_eq!(Environment::default().model(), ConcurrencyModel::Threads);
    assert_eq!(Waiter::PythonThread.resident().value, Some(16.4));
    assert_eq!(Waiter::JavaThread.reserved_kib(), 1024.0);
}

#[test]
fn every_preset_has_a_source_and_a_date() {
    let systems = [OperatingSystem::Linux, OperatingSystem::Macos, OperatingSystem::Windows].map(|s| s.preset());
    let mut presets: Vec<_> = systems
        .iter()
        .flat_map(|s| [s.file_descriptors, s.ephemeral_ports, s.time_wait, s.tracked_connections])
        .chain([OTHER_DESCRIPTORS, SOCKET_KIB, TRACKED_AFTER_CLOSE])
        .chain(Waiter::ALL.map(Waiter::resident))
        .collect();
    for library in
        environment::FIELDS.iter().find(|f| f.name == "clientLibrary").into_iter().flat_map(|f| match f.takes {
            proxy_concurrency::fields::Kind::Choice { options, .. } => options,
            _ => &[],
        })
    {
        let value = Value::Record(vec![("clientLibrary".into(), Value::Text((*library).into()))]);
        let preset = Environment::from_value(&value).expect("an environment").client_library.preset();
        presets.extend([Some(preset.limit), preset.limit_per_destination, preset.idle_time].into_iter().flatten());
    }
    assert_eq!(presets.len(), 12 + 3 + 5 + 20);
    for preset in presets {
        assert!(
            !preset.source.is_empty() && preset.date.starts_with("2026-11-") && preset.date.len() == 10,
            "{preset:?}"
        );
        assert!(preset.value.is_none_or(|x| x > 0.0 && x.is_finite()), "{preset:?}");
    }
}

#[test]
fn one_record_is_read_into_two_and_refused_once() {
    let read = |json: serde_json::Value| environment::read(&special(&json));
    let (scenario, environment) = read(serde_json::json!({
        "arrivalRate": 50, "responseTime": 2.5, "clientLibrary": "go", "memory": 512, "tlsVersion": "1.2"
    }))
    .expect("both");
    assert_eq!((scenario.arrival_rate, environment.memory), (Some(50.0), Some(512.0)));
    let refused = |json| -> Vec<(String, String)> {
        let errors = read(json).expect_err("bad");
        errors.iter().map(|e| (e.field().to_owned(), e.code().to_owned())).collect()
    };
    let pair = |field: &str, code: &str| (field.to_owned(), code.to_owned());
    // In the order of the fields, the unknown once and last; a combination only when all else is right.
    assert_eq!(
        refused(serde_json::json!({"memory": 0, "nonsense": 1, "headroom": -1, "clientLibrary": "wget"})),
        [
            pair("headroom", "number"),
            pair("clientLibrary", "choice"),
            pair("memory", "number"),
            pair("nonsense", "unknown")
        ]
    );
    assert_eq!(refused(serde_json::json!({"memory": 1})), [pair("arrivalRate", "told")]);
    let split = serde_json::json!({"arrivalRate": 1, "responseTime": 1, "cap": 5, "credentials": 6, "credentialSharing": "split"});
    assert_eq!(refused(split), [pair("credentials", "told")]);
    assert_eq!(environment::read(&Value::Other).expect_err("no record").iter().count(), 1);
    // Each record takes its own names alone.
    let mixed = special(&serde_json::json!({"memory": 1, "arrivalRate": 1}));
    assert!(Environment::from_value(&mixed).is_err() && Scenario::from_value(&mixed).is_err());
    // What was filled in by hand is checked as well.
    let (mut scenario, mut environment) = (Scenario::default(), Environment::default());
    (scenario.arrival_rate, scenario.response_time) = (Some(1.0), Some(1.0));
    environment.response_size = f64::NAN;
    assert!(limits(&scenario, &environment).is_err() && scale(&scenario, &environment).is_err());
}

#[test]
fn rotation_bounds_reuse() {
    let limits = article(|s, e| (s.connection_reuse, e.requests_per_ip) = (0.75, Some(5.0)));
    let rotation = limits.pool.rotation.expect("asked for");
    // A quarter of the requests opens a connection: four on each.
    assert_eq!(limits.pool.stated.requests_per_connection, Some(4.0));
    assert_eq!((rotation.largest_reuse, rotation.ips_per_second), (0.8, 10.0));
    assert!(rotation.stated_keeps && !rotation.kept_keeps, "{rotation:?}");
    // Three quarters of 0.25 s of setup, by CONNECT and TLS 1.3 over two legs of 50 ms.
    assert!((limits.pool.stated.saved_time - 0.1875).abs() < 1e-12 && limits.pool.stated.saved_per_second == 37.5);
    assert!((limits.pool.cold_time - 0.35).abs() < 1e-12 && (limits.pool.warm_time - 0.1).abs() < 1e-12);
    // The client keeps connections for 15 s, the proxy for 60.
    assert_eq!((limits.pool.stale_share, limits.pool.kept_for), (0.0, 15.0));
    let stale = article(|s, e| (s.destinations, e.proxy_idle_timeout) = (1000.0, 5.0));
    assert!(stale.pool.stale_share > 0.1 && stale.pool.kept_for < 5.1);
}

fn everything() -> impl Strategy<Value = Value> {
    (filled(), filled_from(environment::FIELDS)).prop_map(|(a, b)| match (a, b) {
        (Value::Record(a), Value::Record(b)) => Value::Record(a.into_iter().chain(b).collect()),
        other => unreachable!("records: {other:?}"),
    })
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn what_passes_the_door_has_finite_answers(value in everything()) {
        let Ok((scenario, environment)) = environment::read(&value) else { return Ok(()) };
        let limits = limits(&scenario, &environment).expect("what passed the door has an answer");
        let scale = scale(&scenario, &environment).expect("what passed the door has an answer");
        let text = format!("{limits:?} {scale:?}");
        prop_assert!(!text.contains("NaN") && !text.contains("inf,") && !text.contains("inf)"), "{text}");
        // Nothing is negative, nor minus zero; a source may have a dash in it.
        let minus = |before: &str| text.split(before).skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        prop_assert!(!minus(": -") && !minus("(-"), "{text}");
        prop_assert_eq!(limits.layers.len(), 8);
        let most = limits.layers.iter().filter_map(|layer| layer.used).fold(f64::NEG_INFINITY, f64::max);
        prop_assert_eq!(limits.first.map(|first| layer(&limits, first).used), limits.first.map(|_| Some(most)));
        let with_headroom = proxy_concurrency::report(&scenario).expect("a report").sizing.arrival_rate * (1.0 + scenario.headroom);
        for layer in &limits.layers {
            // Full below the load, and only then, where more than that is used.
            if let (Some(used), Some(full_at)) = (layer.used, layer.full_at_per_second) {
                prop_assert!((used > 1.0 + 1e-9) <= (full_at <= with_headroom), "{layer:?} {with_headroom}");
                prop_assert!((used < 1.0 - 1e-9) <= (full_at >= with_headroom), "{layer:?} {with_headroom}");
            }
            prop_assert_eq!(layer.capacity.is_some(), layer.used.is_some());
        }
        for reuse in [&limits.pool.kept, &limits.pool.stated] {
            prop_assert!((0.0..=1.0).contains(&reuse.share) && reuse.idle <= reuse.open, "{reuse:?}");
        }
        prop_assert!((0.0..=1.0).contains(&limits.pool.stale_share) && (0.0..=1.0).contains(&limits.reuse));
    }

    #[test]
    fn more_capacity_is_used_less(value in everything(), factor in 1.0..3.0_f64) {
        let Ok((scenario, mut environment)) = environment::read(&value) else { return Ok(()) };
        let before = limits(&scenario, &environment).expect("an answer");
        let more = |x: &mut Option<f64>, most: f64| *x = x.map(|x| (x * factor).floor().min(most));
        more(&mut environment.file_descriptors, 2_147_483_647.0);
        more(&mut environment.ephemeral_ports, 65_535.0);
        more(&mut environment.tracked_connections, 4e9);
        more(&mut environment.client_limit, 1e9);
        more(&mut environment.memory, 1e9);
        more(&mut environment.destination_limit, 1e6);
        environment.bandwidth = environment.bandwidth.map(|x| (x * factor).min(1e9));
        environment.proxy_endpoints = (environment.proxy_endpoints * factor).floor().min(1e6);
        let after = limits(&scenario, &environment).expect("an answer");
        for (before, after) in before.layers.iter().zip(&after.layers) {
            // Memory of less than a MiB is refused, and what is rounded down to itself stays.
            prop_assert!(after.used <= before.used || after.capacity < before.capacity, "{before:?} {after:?}");
            prop_assert!(after.full_at_per_second.is_none() || after.full_at_per_second >= before.full_at_per_second || after.capacity < before.capacity);
            prop_assert_eq!(before.need.to_bits(), after.need.to_bits());
        }
    }

    /// With the reuse as it is stated: denser traffic to the same destinations may reuse more.
    #[test]
    fn more_load_needs_no_less(value in everything(), factor in 1.0..3.0_f64) {
        let Ok((mut scenario, environment)) = environment::read(&value) else { return Ok(()) };
        scenario.plan_counts = PlanCounts::OpenConnections;
        (scenario.targets, scenario.deadline, scenario.in_flight) = (None, None, None);
        scenario.arrival_rate = scenario.arrival_rate.or(Some(1.0));
        scenario.response_time_samples = None;
        scenario.response_time = scenario.response_time.or(Some(1.0));
        let mut more = scenario.clone();
        more.arrival_rate = more.arrival_rate.map(|x| x * factor);
        let mut slower = scenario.clone();
        slower.response_time = slower.response_time.map(|x| x * factor);
        let Ok(before) = limits(&scenario, &environment) else { return Ok(()) };
        if let Ok(after) = limits(&more, &environment) {
            for (before, after) in before.layers.iter().zip(&after.layers) {
                prop_assert!(after.need >= before.need * (1.0 - 1e-14), "{before:?} {after:?}");
            }
        }
        if let Ok(after) = limits(&slower, &environment) {
            for layer in [Layer::Plan, Layer::ClientLibrary, Layer::FileDescriptors, Layer::Destination, Layer::Memory] {
                let (before, after) = (self::layer(&before, layer), self::layer(&after, layer));
                prop_assert!(after.need >= before.need * (1.0 - 1e-14), "{before:?} {after:?}");
            }
        }
    }
}

#[test]
fn fields_of_both_records_are_told_apart() {
    assert!(FIELDS.iter().all(|a| environment::FIELDS.iter().all(|b| a.name != b.name)));
}
