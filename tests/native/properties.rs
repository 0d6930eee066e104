//! What must hold for every load, route and plan.

use proptest::prelude::*;
use proxy_concurrency::connections::{HttpVersion, OverStreamLimit, PlanCounts, Protocol, Route};
use proxy_concurrency::samples::summarise;
use proxy_concurrency::sizing::{PlanTier, PlanUse, arrival_rate, offered_load, response_time, tier_for, whole_up};
use proxy_concurrency::units::TimeUnit;
use proxy_concurrency::{Erlangs, Probability, Rate, Scenario, Seconds, report};

use crate::config;
use crate::oracle::{decimal, held_open, in_flight, placed, simulate};

const ROUTES: [Route; 5] = [Route::Forward, Route::Tunnel, Route::H2Proxy, Route::Gateway, Route::Socks5];
const COUNTS: [PlanCounts; 6] = [
    PlanCounts::BusyConnections,
    PlanCounts::OpenConnections,
    PlanCounts::Tunnels,
    PlanCounts::Requests,
    PlanCounts::Streams,
    PlanCounts::RequestsPerMinute,
];
const VERSIONS: [HttpVersion; 2] = [HttpVersion::Http1, HttpVersion::Http2];

/// Every unit that a plan counts, on every route, in either HTTP version.
fn ways() -> impl Iterator<Item = (PlanCounts, Route, HttpVersion)> {
    COUNTS.into_iter().flat_map(|c| ROUTES.into_iter().flat_map(move |r| VERSIONS.into_iter().map(move |v| (c, r, v))))
}

prop_compose! {
    fn protocol()(
        route in prop::sample::select(&ROUTES[..]),
        inner_http in prop::sample::select(&VERSIONS[..]),
        upstream_http in prop::sample::select(&VERSIONS[..]),
        destinations in prop_oneof![1u32..6, 1u32..80],
        max_concurrent_streams in prop_oneof![1u32..8, Just(100), Just(i32::MAX as u32)],
        waits in any::<bool>(),
        warm in any::<bool>(),
        origin_tls in any::<Option<bool>>(),
        proxy_tls in any::<bool>(),
    ) -> Protocol {
        let over_stream_limit = if waits { OverStreamLimit::Wait } else { OverStreamLimit::Open };
        Protocol {
            route, inner_http, upstream_http, destinations, max_concurrent_streams, over_stream_limit, warm,
            origin_tls: origin_tls.filter(|tls| !(*tls && route == Route::Forward)),
            proxy_tls,
        }
    }
}

/// A load that small whole connections hold.
fn load() -> impl Strategy<Value = Scenario> {
    (protocol(), 0.0..200.0_f64, 1e-3..10.0_f64, 0.0..2.0_f64, 0.0..5.0_f64, 0.0..20.0_f64, 0.0..=1.0_f64).prop_map(
        |(protocol, rate, response_time, headroom, setup, idle, reuse)| {
            let mut s = with(protocol);
            (s.arrival_rate, s.response_time, s.headroom) = (Some(rate), Some(response_time), headroom);
            (s.setup_time, s.idle_time, s.connection_reuse) = (setup, idle, reuse);
            s
        },
    )
}

fn with(p: Protocol) -> Scenario {
    let mut s = Scenario::default();
    (s.route, s.inner_http, s.upstream_http) = (p.route, p.inner_http, p.upstream_http);
    (s.destinations, s.max_concurrent_streams) = (f64::from(p.destinations), f64::from(p.max_concurrent_streams));
    (s.over_stream_limit, s.warm, s.origin_tls, s.proxy_tls) = (p.over_stream_limit, p.warm, None, p.proxy_tls);
    s
}

fn required(s: &Scenario) -> u32 {
    report(s).expect("a load within the limits").sizing.required
}

/// A plan's use of the same scenario, by the functions that need no `alloc`.
fn plan_use(s: &Scenario, counts: PlanCounts, protocol: Protocol) -> PlanUse {
    PlanUse {
        counts,
        protocol,
        setup_time: Seconds::new(s.setup_time).expect("in range"),
        idle_time: Seconds::new(s.idle_time).expect("in range"),
        connection_reuse: Probability::new(s.connection_reuse).expect("in range"),
    }
}

fn per_second(x: f64) -> Rate {
    Rate::per_second(x).expect("in range")
}

fn seconds(x: f64) -> Seconds {
    Seconds::new(x).expect("in range")
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 4.0 * f64::EPSILON * b.abs()
}

/// Room for the rounding of a quotient and a product, and for a step that is certainly one.
const A_BIT_LESS: f64 = 1.0 - 1e-12;
const A_BIT_MORE: f64 = 1.0 + 1e-8;

/// 200 × (0.25 + 0.0116 × 300) = 746, and its like: 1 − 0.9884 is right to 16 places, not to 16 digits.
#[test]
fn a_high_reuse_is_not_rounded_up_once_more() {
    for (rate, headroom, reuse, w, idle, needed) in [
        (200.0, 0.0, 0.9884, 0.25, 300.0, 746),
        (1000.0, 0.25, 0.9843, 2.5, 240.0, 7835),
        (100.0, 0.1, 0.9812, 0.5, 1000.0, 2123),
        (10_000.0, 0.25, 0.9953, 2.5, 1000.0, 90_000),
        (2000.0, 0.1, 0.9792, 0.5, 300.0, 14_828),
    ] {
        let mut s = Scenario::default();
        (s.arrival_rate, s.response_time, s.headroom) = (Some(rate), Some(w), headroom);
        (s.idle_time, s.connection_reuse, s.plan_counts) = (idle, reuse, PlanCounts::OpenConnections);
        assert_eq!(required(&s), needed, "{rate} {reuse}");
    }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn required_is_the_smallest_whole_number_that_holds_the_load(
        rate in 0u64..100_000, unit in 0usize..4, headroom in 0u64..=1000, w in 1u64..100_000,
    ) {
        let (unit, seconds) = [(TimeUnit::Second, 1), (TimeUnit::Minute, 60), (TimeUnit::Hour, 3600), (TimeUnit::Day, 86_400)][unit];
        let mut s = Scenario::default();
        (s.arrival_rate, s.rate_unit) = (Some(decimal(rate, 2)), unit);
        (s.response_time, s.headroom) = (Some(decimal(w, 3)), decimal(headroom, 2));
        prop_assert_eq!(u128::from(required(&s)), in_flight(rate, seconds, headroom, w), "{:?}", s);
    }

    #[test]
    fn open_connections_are_rounded_up_from_what_the_decimals_say(
        rate in 0u64..10_000, headroom in 0u64..=100, w in 1u64..10_000, reuse in 0u64..=100, setup in 0u64..1000, idle in 0u64..100_000,
    ) {
        let mut s = Scenario::default();
        (s.arrival_rate, s.response_time, s.headroom) = (Some(decimal(rate, 2)), Some(decimal(w, 3)), decimal(headroom, 2));
        (s.setup_time, s.idle_time, s.connection_reuse) = (decimal(setup, 3), decimal(idle, 3), decimal(reuse, 2));
        s.plan_counts = PlanCounts::OpenConnections;
        prop_assert_eq!(u128::from(required(&s)), held_open(rate, headroom, w, reuse, setup + idle), "{:?}", s);
    }

    #[test]
    fn whole_connections_meant_by_decimals_are_not_rounded_up_once_more(
        // Divisors that decimals write exactly: n / d · d is n.
        n in 1u64..1_000_000, parts in prop::sample::select(vec![(2u64, 500u64), (4, 250), (5, 200), (8, 125), (10, 100), (20, 50), (25, 40), (50, 20), (100, 10)]),
    ) {
        let (times, thousandths) = parts;
        let mut s = Scenario::default();
        (s.arrival_rate, s.response_time, s.headroom) = (Some(decimal(n * times, 0)), Some(decimal(thousandths, 3)), 0.0);
        prop_assert_eq!(u64::from(required(&s)), n);
        s.response_time = Some(decimal(thousandths, 2));
        prop_assert_eq!(u64::from(required(&s)), 10 * n);
    }

    #[test]
    fn a_whole_number_is_the_smallest_that_is_not_below(x in 0.0..4e9_f64) {
        let n = whole_up(x);
        prop_assert!(f64::from(n) >= x * (1.0 - 8.0 * f64::EPSILON) && (n == 0 || f64::from(n - 1) < x));
    }

    #[test]
    fn more_load_never_needs_fewer(s in load(), more in 1.0..3.0_f64, which in 0u8..6) {
        for (counts, route, version) in ways() {
            let mut less = s.clone();
            (less.plan_counts, less.route, less.inner_http) = (counts, route, version);
            let mut heavier = less.clone();
            match which {
                0 => heavier.arrival_rate = heavier.arrival_rate.map(|x| x * more),
                1 => heavier.response_time = heavier.response_time.map(|x| x * more),
                2 => heavier.headroom = heavier.headroom * more + (more - 1.0),
                3 => heavier.idle_time *= more,
                4 => heavier.setup_time *= more,
                _ => heavier.connection_reuse /= more,
            }
            prop_assert!(required(&less) <= required(&heavier), "{:?} {:?} {:?}", counts, route, version);
            let (a, b) = (report(&less).expect("fine").sizing, report(&heavier).expect("fine").sizing);
            prop_assert!(a.charged <= b.charged && a.charged_with_headroom <= b.charged_with_headroom);
        }
    }

    #[test]
    fn required_never_falls_along_the_curve(s in load()) {
        for (counts, route, version) in ways() {
            let mut s = s.clone();
            (s.plan_counts, s.route, s.inner_http) = (counts, route, version);
            let curve = report(&s).expect("fine").curve;
            prop_assert!(curve.len() > 1);
            for pair in curve.windows(2) {
                prop_assert!(pair[0].response_time < pair[1].response_time && pair[0].charged <= pair[1].charged);
                prop_assert!(pair[0].charged <= pair[0].charged_with_headroom);
            }
        }
    }

    #[test]
    fn the_three_directions_invert_each_other(rate in 1e-3..1e5_f64, w in 1e-3..1e3_f64) {
        let load = offered_load(per_second(rate), seconds(w)).expect("in range");
        prop_assert!(close(arrival_rate(load, seconds(w)).expect("in range").as_per_second(), rate));
        prop_assert!(close(response_time(load, per_second(rate)).expect("in range").as_secs_f64(), w));
        // And through the scenario.
        let mut s = Scenario::default();
        (s.in_flight, s.response_time) = (Some(load.as_f64()), Some(w));
        prop_assert!(close(report(&s).expect("fine").sizing.arrival_rate, rate));
        (s.response_time, s.arrival_rate) = (None, Some(rate));
        prop_assert!(close(report(&s).expect("fine").sizing.response_time, w));
    }

    #[test]
    fn a_plan_carries_its_largest_rate_and_no_more(s in load(), size in prop_oneof![1u32..12, 1u32..2000]) {
        for (counts, route, version) in ways() {
            let mut s = s.clone();
            (s.plan_counts, s.route, s.inner_http, s.headroom) = (counts, route, version, 0.0);
            s.plan_tiers = Some(vec![PlanTier { size, price: None }]);
            let report = report(&s).expect("fine");
            let largest = report.tiers[0].largest_rate;
            prop_assert!(largest.is_finite() && largest >= 0.0);
            if largest > 1e6 {
                // Nearly unlimited streams: more than a scenario may ask for.
                continue;
            }
            let mut full = s.clone();
            full.arrival_rate = Some(largest * A_BIT_LESS);
            prop_assert!(required(&full) <= size, "{:?} {:?} {:?}: {} needs {}", counts, route, version, largest, required(&full));
            // A client that waits never asks for more connections, only for more patience.
            let waits = version == HttpVersion::Http2 && s.over_stream_limit == OverStreamLimit::Wait && route != Route::Forward;
            if !waits {
                full.arrival_rate = Some(largest * A_BIT_MORE);
                prop_assert!(required(&full) > size, "{:?} {:?} {:?}: {} fits", counts, route, version, largest);
            }
        }
    }

    #[test]
    fn a_plan_carries_its_longest_response_time_and_no_more(s in load(), size in prop_oneof![1u32..12, 1u32..2000]) {
        for (counts, route, version) in ways() {
            let mut s = s.clone();
            (s.plan_counts, s.route, s.inner_http, s.headroom) = (counts, route, version, 0.0);
            s.plan_tiers = Some(vec![PlanTier { size, price: None }]);
            let Some(longest) = report(&s).expect("fine").tiers[0].longest_response_time else {
                prop_assert!(counts == PlanCounts::RequestsPerMinute || s.arrival_rate == Some(0.0));
                continue;
            };
            if !(1e-3..1e4).contains(&longest) {
                continue;
            }
            let mut slow = s.clone();
            slow.response_time = Some(longest * A_BIT_LESS);
            prop_assert!(required(&slow) <= size, "{:?} {:?} {:?}: {} needs {}", counts, route, version, longest, required(&slow));
            let waits = version == HttpVersion::Http2 && s.over_stream_limit == OverStreamLimit::Wait && route != Route::Forward;
            if !waits {
                slow.response_time = Some(longest * A_BIT_MORE);
                // The idle time is part of what is held: a step of the response time is a smaller step of that.
                let step = longest * 1e-8 / (longest + s.idle_time + s.setup_time);
                prop_assert!(step < 1e-11 || required(&slow) > size, "{:?} {:?} {:?}: {} fits", counts, route, version, longest);
            }
        }
    }

    #[test]
    fn http2_never_needs_more_than_http11(s in load()) {
        for (counts, route, _) in ways() {
            let mut h1 = s.clone();
            (h1.plan_counts, h1.route, h1.inner_http) = (counts, route, HttpVersion::Http1);
            let mut h2 = h1.clone();
            h2.inner_http = HttpVersion::Http2;
            prop_assert!(required(&h2) <= required(&h1), "{:?} {:?}", counts, route);
            let both = report(&h1).expect("fine").comparison;
            for (h1, h2) in [(both.http1.cold, both.http2.cold), (both.http1.warm, both.http2.warm)] {
                prop_assert!(h2.client_to_proxy_tcp <= h1.client_to_proxy_tcp);
                prop_assert!(h2.fewest_client_to_proxy_tcp <= h2.client_to_proxy_tcp);
                prop_assert!(h2.proxy_to_origin_tcp <= h1.proxy_to_origin_tcp);
                prop_assert!(h2.client_descriptors <= h1.client_descriptors && h2.proxy_descriptors <= h1.proxy_descriptors);
            }
        }
    }

    #[test]
    fn a_report_says_what_the_functions_without_alloc_say(s in load(), size in 1u32..500) {
        for (counts, route, version) in ways() {
            let mut s = s.clone();
            (s.plan_counts, s.route, s.inner_http) = (counts, route, version);
            s.plan_tiers = Some(vec![PlanTier { size, price: None }]);
            let got = report(&s).expect("fine");
            let (rate, w) = (per_second(s.arrival_rate.expect("given")), seconds(s.response_time.expect("given")));
            let protocol = Protocol {
                route,
                inner_http: version,
                upstream_http: s.upstream_http,
                destinations: whole_up(s.destinations),
                max_concurrent_streams: whole_up(s.max_concurrent_streams),
                over_stream_limit: s.over_stream_limit,
                warm: s.warm,
                origin_tls: None,
                proxy_tls: s.proxy_tls,
            };
            let plan = plan_use(&s, counts, protocol);
            prop_assert_eq!(got.sizing.charged.to_bits(), plan.charged(rate, w).to_bits());
            prop_assert_eq!(got.sizing.plan_counts_visible, plan.is_visible());
            prop_assert_eq!(got.sizing.elasticity, plan.elasticity(w));
            prop_assert_eq!(got.tiers[0].largest_rate.to_bits(), plan.largest_rate(size, w).to_bits());
            prop_assert_eq!(got.tiers[0].longest_response_time, plan.longest_response_time(size, rate));
            prop_assert_eq!(got.connections, protocol.account(got.connections.parallel_requests));
            prop_assert_eq!(got.connections.http_version, protocol.http_version());
            prop_assert_eq!(u64::from(got.connections.parallel_requests), u64::from(whole_up(got.sizing.mean)));
        }
    }

    #[test]
    fn accounting_is_what_placing_request_after_request_comes_to(p in protocol(), parallel in prop_oneof![0u32..40, 0u32..600]) {
        let account = p.account(parallel);
        let mut simulated = simulate(&p, parallel as usize);
        let mut counted = placed(&account);
        if p.route == Route::H2Proxy && p.http_version() == HttpVersion::Http2 {
            // Which tunnels share a connection is the client's choice: the core gives the most.
            prop_assert!(simulated.behind_one_loss <= counted.behind_one_loss);
            (simulated.behind_one_loss, counted.behind_one_loss) = (0, 0);
        }
        prop_assert_eq!(&simulated, &counted, "{:?} {}", p, parallel);
        let settled = simulate(&Protocol { warm: true, ..p }, parallel as usize);
        prop_assert_eq!(settled.client_to_proxy, account.fewest_client_to_proxy_tcp as usize);
        prop_assert_eq!(account.parallel_requests, account.requests_in_flight_at_origin + account.requests_waiting);
        prop_assert_eq!(account.proxy_descriptors, account.client_to_proxy_tcp + account.proxy_to_origin_tcp);
        if p.route != Route::H2Proxy {
            prop_assert_eq!(settled.client_to_proxy, p.settled_connections(parallel) as usize);
        }
        prop_assert!(account.origin_tls_handshakes == 0 || account.origin_tls_handshakes == account.proxy_to_origin_tcp);
        prop_assert!(account.proxy_tls_handshakes == 0 || account.proxy_tls_handshakes == account.client_to_proxy_tcp);
    }

    #[test]
    fn more_streams_never_need_more_connections(p in protocol(), parallel in 0u32..2000) {
        let wider = Protocol { max_concurrent_streams: p.max_concurrent_streams.saturating_mul(2), ..p };
        prop_assert!(wider.account(parallel).client_to_proxy_tcp <= p.account(parallel).client_to_proxy_tcp);
        prop_assert!(p.account(parallel).client_to_proxy_tcp <= p.account(parallel + 1).client_to_proxy_tcp);
    }

    #[test]
    fn the_plan_is_the_best_of_those_that_hold(
        sizes in prop::collection::btree_set(1u32..40, 1..8), prices in prop::option::of(prop::collection::vec(0u8..5, 8)), needed in 0u32..45,
    ) {
        let tiers: Vec<PlanTier> = sizes.iter().enumerate()
            .map(|(i, size)| PlanTier { size: *size, price: prices.as_ref().map(|p| f64::from(p[i])) }).collect();
        let plan = tier_for(&tiers, needed);
        let holds: Vec<&PlanTier> = tiers.iter().filter(|t| t.size >= needed).collect();
        prop_assert_eq!(plan.is_none(), holds.is_empty());
        for other in holds {
            let plan = plan.expect("one holds");
            prop_assert!(plan.size >= needed);
            prop_assert!((plan.price, plan.size) <= (other.price, other.size));
        }
    }

    #[test]
    fn samples_are_summed_up_as_whole_milliseconds_say(ms in prop::collection::vec(1u32..100_000, 1..200)) {
        let mut times: Vec<f64> = ms.iter().map(|t| decimal(u64::from(*t), 3)).collect();
        let summary = summarise(&mut times).expect("not empty");
        let mut sorted = ms.clone();
        sorted.sort_unstable();
        let n = sorted.len();
        for (p, got) in [(50, summary.p50), (95, summary.p95), (99, summary.p99)] {
            let smallest = sorted.iter().find(|t| 100 * sorted.iter().filter(|u| u <= t).count() >= p * n);
            prop_assert_eq!(got.to_bits(), decimal(u64::from(*smallest.expect("the largest")), 3).to_bits());
        }
        let total: u64 = sorted.iter().map(|t| u64::from(*t)).sum();
        prop_assert!(close(summary.mean, decimal(total, 3) / f64::from(u32::try_from(n).expect("few"))));
        prop_assert_eq!(summary.mean_half_width.is_some(), n > 1);
    }

    #[test]
    fn units_take_exactly_their_range(x in prop::num::f64::ANY) {
        prop_assert_eq!(Rate::per_second(x).is_ok(), (0.0..=1e9).contains(&x));
        prop_assert_eq!(Seconds::new(x).is_ok(), (0.0..=86_400.0).contains(&x));
        prop_assert_eq!(Erlangs::new(x).is_ok(), (0.0..=1e9).contains(&x));
        prop_assert_eq!(Probability::new(x).is_ok(), (0.0..=1.0).contains(&x));
    }
}

#[test]
fn a_plan_as_servers_holds_what_its_largest_rate_puts_into_it() {
    let mut scenario = Scenario::default();
    (scenario.setup_time, scenario.idle_time, scenario.connection_reuse) = (0.3, 15.0, 0.25);
    let response_time = Seconds::new(2.5).unwrap();
    for (counts, route, inner_http) in ways() {
        let protocol = Protocol { route, inner_http, destinations: 3, ..Protocol::default() };
        let plan = plan_use(&scenario, counts, protocol);
        let Some((held_s, servers)) = plan.as_servers(7, response_time) else {
            assert_eq!(counts, PlanCounts::RequestsPerMinute);
            continue;
        };
        // Little's law: rate × time held = servers, but for the fraction of one that a whole number cannot hold.
        let filled = plan.largest_rate(7, response_time) * held_s;
        let servers = f64::from(servers);
        assert!((servers * (1.0 - 1e-12)..servers + 1.0).contains(&filled), "{counts:?} {route:?}: {filled} {servers}");
    }
}
