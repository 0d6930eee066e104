//! What breaks first: each layer between the client and its destinations, with what a load needs of it and what it has.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use alloc::vec::Vec;

use crate::connections::{HttpVersion, PlanCounts, Route};
use crate::environment::presets::{ClientLimitCounts, Preset, TRACKED_AFTER_CLOSE};
use crate::environment::{CredentialSharing, Environment, checked};
use crate::math;
use crate::pool::{Pool, REQUEST, Setup};
use crate::runtime::{self, RuntimeNeed, Waiter};
use crate::scenario::{Case, Errors, Scenario};
use crate::sizing::{PlanUse, tier_for, whole_up};
use crate::units::{MAX_RATE, Probability, Seconds};

/// What a load needs of each layer, what keeping connections open buys, and what waiting takes.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Limits {
    /// Every layer, in the order from the plan outwards.
    pub layers: Vec<LayerUse>,
    /// The layer of which the largest share is used, of those whose capacity is known; of two alike, the one before.
    pub first: Option<Layer>,
    /// Whether the load with headroom fits every layer whose capacity is known.
    pub fits: bool,
    /// Share of the requests that find a connection open, as the layers beside the plan are computed with it: what a pool
    /// comes to, or what is stated where that is more. Where the plan charges idle connections, what is stated.
    pub reuse: f64,
    /// Keeping connections open.
    pub pool: Pooling,
    /// The same load in each runtime.
    pub runtime: Vec<RuntimeNeed>,
}

/// Something between a client and its destinations that holds only so much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Layer {
    /// The proxy plan, in what it counts.
    Plan,
    /// The cap of the client library, in connections or requests.
    ClientLibrary,
    /// File descriptors of a process.
    FileDescriptors,
    /// Local ports towards the proxy: those of open connections and those that still wait after a close.
    EphemeralPorts,
    /// Tracked connections: open ones and those that were closed lately.
    ConnectionTracking,
    /// Connections to one destination.
    Destination,
    /// Mbit/s.
    Bandwidth,
    /// MiB.
    Memory,
}

/// How full a layer is.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct LayerUse {
    /// Which.
    pub layer: Layer,
    /// What the load with headroom needs, on average.
    pub need: f64,
    /// What there is; `None` where nothing limits it, or nothing is known.
    pub capacity: Option<f64>,
    /// need / capacity: above 1, it does not fit.
    pub used: Option<f64>,
    /// Requests per second at which the layer is full, with no headroom left; `None` where there is no capacity, or none
    /// that 10⁹ requests a second would fill.
    pub full_at_per_second: Option<f64>,
    /// Where the capacity comes from.
    pub capacity_from: CapacityFrom,
    /// The default that stands for it, where one does.
    pub preset: Option<Preset>,
}

/// Where a capacity comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum CapacityFrom {
    /// It was given.
    Given,
    /// The default of the operating system or the client.
    Preset,
    /// By default there is no such limit.
    Unlimited,
    /// It was not given, and there is no default.
    Unknown,
}

/// What keeping connections open buys.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Pooling {
    /// Round trips of each step to a new connection.
    pub setup: Setup,
    /// Seconds of round trips to a new connection (of the first, where later ones share it), without the request.
    pub first_setup_time: f64,
    /// The same for every further connection or tunnel.
    pub setup_time: f64,
    /// Seconds of round trips to the first byte of the answer on the first connection.
    pub cold_time: f64,
    /// The same on a connection that is open.
    pub warm_time: f64,
    /// With the share of reuse that the scenario states.
    pub stated: Reuse,
    /// With what a pool comes to that keeps connections for as long as client and proxy do.
    pub kept: Reuse,
    /// The shorter of the client's and the proxy's idle time, seconds: how long that pool keeps a connection.
    pub kept_for: f64,
    /// Chance that a request is given a connection that the proxy has closed.
    pub stale_share: f64,
    /// How long the client library keeps an unused connection by default; `None` where that is not known.
    pub library_idle_time: Option<Preset>,
    /// Exit IPs, where a number of requests to each is asked for.
    pub rotation: Option<Rotation>,
}

/// What one share of reuse comes to, at the scenario's rate.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Reuse {
    /// Share of the requests that find a connection open.
    pub share: f64,
    /// Requests on one connection before it is closed, on average: 1/(1 − share); `None` where it is never closed. Where
    /// the proxy gives each connection an exit IP, requests from one IP.
    pub requests_per_connection: Option<f64>,
    /// Connections that are opened each second: handshakes, and exit IPs where each connection has its own.
    pub opened_per_second: f64,
    /// Handshakes that reuse saves each second.
    pub saved_per_second: f64,
    /// Seconds of round trips that reuse saves a request, on average.
    pub saved_time: f64,
    /// Connections that are open, on average.
    pub open: f64,
    /// Those of them on which no request is.
    pub idle: f64,
}

/// Pooling against rotation, where the proxy gives each connection an exit IP.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Rotation {
    /// Most requests from one IP, as asked for.
    pub requests_per_ip: f64,
    /// The largest share of reuse that keeps to it: 1 − 1/n.
    pub largest_reuse: f64,
    /// IPs (and connections) each second at that share.
    pub ips_per_second: f64,
    /// Whether the stated reuse keeps to it.
    pub stated_keeps: bool,
    /// Whether a pool that keeps connections as long as it can does: if not, each must be closed after n requests.
    pub kept_keeps: bool,
}

/// Says what breaks first, what keeping connections open buys, and what waiting takes.
///
/// # Formula
/// With λ the arrival rate and headroom, n = λ·W in flight, x connections open (also while they are set up and idle, as a
/// plan that counts open connections would count them), idle until client or proxy closes them, and
/// λ_new = min((1 − reuse)·λ, x/(setup + W + idle)) new ones each second:
/// - plan: what it counts, against its cap, times the credentials where each has its own;
/// - client library: connections in use or requests in flight, against its cap;
/// - file descriptors: x + 10, or 1 + 10 in each process where each request has its own;
/// - ephemeral ports: x + λ_new·TIME_WAIT, against ports × proxy endpoints: the client closes first;
/// - connection tracking: x + λ_new·120 s;
/// - destination: the connections that each sees, against its tolerance × exit IPs;
/// - bandwidth: λ × response size;
/// - memory: n·(waiter + response) + x·3.9 KiB, every response in flight held whole.
/// # Source
/// Little's Law over the time that each thing is held: [`PlanUse::charged`], [`runtime::need`], [`Pool`]; capacities from
/// [`presets`](crate::environment::presets).
/// # Errors
/// As [`report`](crate::report); as well, every field of the environment outside its limits.
/// # Examples
/// ```
/// use proxy_concurrency::{limits, Environment, Layer, Scenario};
///
/// // 400 requests a second on new connections: before any plan, the ports to one endpoint run out.
/// let mut scenario = Scenario::default();
/// (scenario.arrival_rate, scenario.response_time, scenario.idle_time) = (Some(400.0), Some(0.5), 0.0);
/// let limits = limits(&scenario, &Environment::default())?;
/// assert_eq!((limits.first, limits.fits), (Some(Layer::EphemeralPorts), false));
/// let ports = limits.layers[3];
/// assert!((ports.need - 30_250.0).abs() < 1e-6 && ports.capacity == Some(28_232.0));
/// assert!((ports.full_at_per_second.unwrap() - 28_232.0 / 60.5).abs() < 1e-6);
/// # Ok::<(), proxy_concurrency::Errors>(())
/// ```
pub fn limits(scenario: &Scenario, environment: &Environment) -> Result<Limits, Errors> {
    let case = checked(scenario, environment)?;
    // Everything was checked at the door.
    let model = Model::new(&case, scenario, environment)?;
    let layers: Vec<LayerUse> = LAYERS.iter().map(|layer| model.layer(*layer)).collect();
    let mut first: Option<(Layer, f64)> = None;
    for layer in &layers {
        match (layer.used, first) {
            (Some(used), Some((_, most))) if used <= most => {}
            (Some(used), _) => first = Some((layer.layer, used)),
            (None, _) => {}
        }
    }
    let (in_flight, open) = (model.in_flight(model.rate()), model.open(model.rate()));
    let chosen = model.waiter();
    Ok(Limits {
        fits: first.is_none_or(|(_, used)| used <= 1.0),
        first: first.map(|(layer, _)| layer),
        layers,
        reuse: model.sockets.connection_reuse.as_f64(),
        pool: model.pooling(),
        runtime: Waiter::ALL
            .iter()
            .map(|waiter| RuntimeNeed { chosen: *waiter == chosen, ..runtime::need(*waiter, in_flight, open) })
            .collect(),
    })
}

const LAYERS: [Layer; 8] = [
    Layer::Plan,
    Layer::ClientLibrary,
    Layer::FileDescriptors,
    Layer::EphemeralPorts,
    Layer::ConnectionTracking,
    Layer::Destination,
    Layer::Bandwidth,
    Layer::Memory,
];

impl Case {
    /// The cap of one plan: as said, or of the plan that holds the load, or of the largest on offer.
    pub(crate) fn plan_cap(&self, scenario: &Scenario) -> Option<u32> {
        let tier = || tier_for(&self.tiers, self.required()).or_else(|| self.tiers.last().copied());
        scenario.cap.map(whole_up).or_else(|| tier().map(|tier| tier.size))
    }
}

/// The cap that so many credentials have together.
pub(crate) fn cap_together(cap: u32, environment: &Environment) -> f64 {
    let cap = f64::from(cap);
    match environment.credential_sharing {
        CredentialSharing::Multiplied => cap * environment.credentials,
        CredentialSharing::Split => math::floor(cap / environment.credentials) * environment.credentials,
    }
}

/// A checked scenario in its environment: what each layer needs at any rate.
pub(crate) struct Model<'a> {
    case: &'a Case,
    scenario: &'a Scenario,
    environment: &'a Environment,
    /// The plan's use with the pool's share of reuse and idle time.
    sockets: PlanUse,
    pool: Pool,
    proxy_idle: Seconds,
    legs: [Seconds; 2],
}

impl<'a> Model<'a> {
    pub(crate) fn new(case: &'a Case, scenario: &'a Scenario, environment: &'a Environment) -> Result<Self, Errors> {
        let seconds = |x| Seconds::new(x).map_err(Errors::from);
        let (plan, proxy_idle) = (case.plan, seconds(environment.proxy_idle_timeout)?);
        let idle_time = if proxy_idle < plan.idle_time { proxy_idle } else { plan.idle_time };
        let pool = Pool::new(case.rate, case.response_time, &plan.protocol);
        // A client that keeps connections does not leave them unused while it opens others.
        let connection_reuse = match Probability::new(1.0 - pool.new_share(idle_time)) {
            Ok(kept) if kept > plan.connection_reuse && !plan.charges_idle() => kept,
            _ => plan.connection_reuse,
        };
        Ok(Self {
            case,
            scenario,
            environment,
            sockets: PlanUse { connection_reuse, idle_time, ..plan },
            pool,
            proxy_idle,
            legs: [seconds(environment.proxy_round_trip)?, seconds(environment.origin_round_trip)?],
        })
    }

    /// λ with headroom.
    pub(crate) fn rate(&self) -> f64 {
        self.case.rate.as_per_second() * (1.0 + self.case.headroom)
    }

    fn response_time(&self) -> f64 {
        self.case.response_time.as_secs_f64()
    }

    fn counted(&self, counts: PlanCounts, rate: f64) -> f64 {
        PlanUse { counts, ..self.sockets }.charged_f64(rate, self.response_time())
    }

    fn in_flight(&self, rate: f64) -> f64 {
        rate * self.response_time()
    }

    /// Connections between client and proxy, also those that are set up or idle.
    fn open(&self, rate: f64) -> f64 {
        self.counted(PlanCounts::OpenConnections, rate)
    }

    /// New connections each second: with HTTP/2 no more than are open in a connection's shortest life.
    fn opened(&self, rate: f64) -> f64 {
        let sockets = &self.sockets;
        let life = self.response_time() + sockets.setup_time.as_secs_f64() + sockets.idle_time.as_secs_f64();
        ((1.0 - sockets.connection_reuse.as_f64()) * rate).min(self.open(rate) / life)
    }

    fn waiter(&self) -> Waiter {
        Waiter::of(self.environment.client_library, self.environment.model())
    }

    /// What `layer` needs at `rate` requests a second, which never falls as the rate grows.
    pub(crate) fn need(&self, layer: Layer, rate: f64) -> f64 {
        let environment = self.environment;
        let body_mib = environment.response_size * 1000.0 / (1024.0 * 1024.0);
        match layer {
            Layer::Plan => self.case.plan.charged_f64(rate, self.response_time()),
            Layer::ClientLibrary => match environment.client_library.preset().limit_counts {
                ClientLimitCounts::Connections => self.counted(PlanCounts::BusyConnections, rate),
                ClientLimitCounts::Requests => self.in_flight(rate),
            },
            Layer::FileDescriptors => runtime::need(self.waiter(), self.in_flight(rate), self.open(rate)).descriptors,
            Layer::EphemeralPorts => self.open(rate) + self.opened(rate) * self.time_wait(),
            Layer::ConnectionTracking => {
                self.open(rate) + self.opened(rate) * TRACKED_AFTER_CLOSE.value.unwrap_or_default()
            }
            Layer::Destination => self.at_origins(rate) / self.scenario.destinations,
            Layer::Bandwidth => rate * environment.response_size * 8e-3,
            Layer::Memory => {
                let in_flight = self.in_flight(rate);
                runtime::need(self.waiter(), in_flight, self.open(rate)).resident + in_flight * body_mib
            }
        }
    }

    fn time_wait(&self) -> f64 {
        let preset = self.environment.operating_system.preset().time_wait;
        self.environment.time_wait.or(preset.value).unwrap_or_default()
    }

    /// Connections that all destinations see together: a tunnel is one for as long as it is open; a proxy that speaks HTTP
    /// itself has one for each request in flight, or as many as carry them as streams.
    fn at_origins(&self, rate: f64) -> f64 {
        let protocol = self.case.plan.protocol;
        match protocol.route {
            Route::Tunnel | Route::H2Proxy | Route::Socks5 => self.counted(PlanCounts::Tunnels, rate),
            Route::Gateway if protocol.upstream_http == HttpVersion::Http2 => {
                // As a tunnel with HTTP/2 inside, to each destination of its own.
                let inner =
                    crate::connections::Protocol { route: Route::Tunnel, inner_http: HttpVersion::Http2, ..protocol };
                f64::from(inner.settled_connections(whole_up(self.in_flight(rate))))
            }
            Route::Forward | Route::Gateway => self.in_flight(rate),
        }
    }

    fn capacity(&self, layer: Layer) -> (Option<f64>, Option<Preset>) {
        let environment = self.environment;
        let system = environment.operating_system.preset();
        let library = environment.client_library.preset();
        let or = |given: Option<f64>, preset: Preset| match given {
            Some(_) => (given, None),
            None => (preset.value, Some(preset)),
        };
        let times = |(capacity, preset): (Option<f64>, _), n: f64| (capacity.map(|x| x * n), preset);
        match layer {
            Layer::Plan => (self.case.plan_cap(self.scenario).map(|cap| cap_together(cap, environment)), None),
            Layer::ClientLibrary => {
                let each = library.limit_per_destination.filter(|_| environment.client_limit.is_none());
                let to_all = each.and_then(|each| Some((each.value? * self.scenario.destinations, each)));
                let (limit, preset) = or(environment.client_limit, library.limit);
                match to_all {
                    Some((to_all, each)) if limit.is_none_or(|limit| to_all < limit) => (Some(to_all), Some(each)),
                    _ => (limit, preset),
                }
            }
            Layer::FileDescriptors => or(environment.file_descriptors, system.file_descriptors),
            Layer::EphemeralPorts => {
                times(or(environment.ephemeral_ports, system.ephemeral_ports), environment.proxy_endpoints)
            }
            Layer::ConnectionTracking => or(environment.tracked_connections, system.tracked_connections),
            Layer::Destination => times((environment.destination_limit, None), self.scenario.exit_ips),
            Layer::Bandwidth => (environment.bandwidth, None),
            Layer::Memory => (environment.memory, None),
        }
    }

    fn layer(&self, layer: Layer) -> LayerUse {
        let (capacity, preset) = self.capacity(layer);
        let need = match layer {
            Layer::Plan => f64::from(self.case.required()),
            _ => self.need(layer, self.rate()) + 0.0,
        };
        LayerUse {
            layer,
            need,
            capacity,
            used: capacity.map(|capacity| need / capacity),
            full_at_per_second: capacity.and_then(|capacity| self.full_at(layer, capacity)),
            capacity_from: match (capacity, preset) {
                (Some(_), None) => CapacityFrom::Given,
                (Some(_), Some(_)) => CapacityFrom::Preset,
                (None, Some(_)) => CapacityFrom::Unlimited,
                (None, None) => CapacityFrom::Unknown,
            },
            preset,
        }
    }

    /// The highest rate at which `layer` needs no more than `capacity`, by bisection: to the last bit but one.
    pub(crate) fn full_at(&self, layer: Layer, capacity: f64) -> Option<f64> {
        let fits = |rate: f64| self.need(layer, rate) <= capacity;
        if fits(MAX_RATE) {
            return None;
        }
        let (mut low, mut high) = (0.0, MAX_RATE);
        // Twice the bits of a double below 10⁹, most of which a doubling from below would save; each is a few products.
        while fits(low) {
            let middle = if low > 0.0 { low + (high - low) / 2.0 } else { high / 1024.0 };
            if middle <= low || middle >= high || high < f64::MIN_POSITIVE {
                break;
            }
            if fits(middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(low)
    }

    /// What one share of reuse comes to.
    fn reuse(&self, new_share: f64, open: f64, busy: f64, setup_time: f64) -> Reuse {
        let rate = self.case.rate.as_per_second();
        let share = 1.0 - new_share;
        Reuse {
            share,
            requests_per_connection: (new_share > 1e-12).then(|| 1.0 / new_share),
            opened_per_second: rate * new_share,
            saved_per_second: rate * share,
            saved_time: share * setup_time,
            open,
            idle: (open - busy).max(0.0) + 0.0,
        }
    }

    fn pooling(&self) -> Pooling {
        let (environment, plan, pool) = (self.environment, &self.case.plan, &self.pool);
        let [proxy_leg, origin_leg] = self.legs;
        let setup = Setup::of(&plan.protocol, environment.tls_version);
        let first_setup_time = setup.total().seconds(proxy_leg, origin_leg);
        let setup_time = setup.further().seconds(proxy_leg, origin_leg);
        let warm_time = REQUEST.seconds(proxy_leg, origin_leg);

        let rate = self.case.rate;
        let stated_new = 1.0 - plan.connection_reuse.as_f64();
        let charged = |counts| PlanUse { counts, ..*plan }.charged(rate, self.case.response_time);
        let [stated_open, stated_busy] = [PlanCounts::OpenConnections, PlanCounts::BusyConnections].map(charged);
        let stated = self.reuse(stated_new, stated_open, stated_busy, setup_time);
        let idle_time = self.sockets.idle_time;
        let kept = self.reuse(pool.new_share(idle_time), pool.open(idle_time), pool.busy(), setup_time);

        let rotation = environment.requests_per_ip.map(|requests_per_ip| {
            let keeps = |reuse: &Reuse| reuse.requests_per_connection.is_some_and(|n| n <= requests_per_ip);
            Rotation {
                requests_per_ip,
                largest_reuse: 1.0 - 1.0 / requests_per_ip,
                ips_per_second: rate.as_per_second() / requests_per_ip,
                stated_keeps: keeps(&stated),
                kept_keeps: keeps(&kept),
            }
        });
        Pooling {
            setup,
            first_setup_time,
            setup_time,
            cold_time: first_setup_time + warm_time,
            warm_time,
            stated,
            kept,
            kept_for: idle_time.as_secs_f64(),
            stale_share: pool.stale_share(plan.idle_time, self.proxy_idle),
            library_idle_time: environment.client_library.preset().idle_time,
            rotation,
        }
    }
}
