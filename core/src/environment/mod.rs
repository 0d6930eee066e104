//! Where the client runs: operating system, HTTP client, network and credentials, and the defaults that stand where
//! nothing is given.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

pub mod fields;
pub mod presets;
#[cfg(feature = "alloc")]
mod read;

pub use fields::FIELDS;
#[cfg(feature = "alloc")]
pub(crate) use read::checked;
#[cfg(feature = "alloc")]
pub use read::read;

/// Where the client runs, one flat record whose names are disjoint from those of a `Scenario`. Each field's unit, limits
/// and help stand in [`fields`]; what is `None` comes from the [`presets`] of the operating system or the client.
///
/// ```
/// use proxy_concurrency::environment::{ClientLibrary, Environment};
///
/// let mut environment = Environment::default();
/// environment.client_library = ClientLibrary::Aiohttp;
/// environment.memory = Some(512.0);
/// assert_eq!(environment.client_library.preset().limit.value, Some(100.0));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts", optional_fields))]
pub struct Environment {
    /// The client's operating system.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<OperatingSystem>"))]
    pub operating_system: OperatingSystem,
    /// File descriptors that a process may have open.
    pub file_descriptors: Option<f64>,
    /// Local ports for connections to one address and port.
    pub ephemeral_ports: Option<f64>,
    /// Time for which a closed connection keeps its port, in seconds.
    pub time_wait: Option<f64>,
    /// Connections that can be tracked on the way.
    pub tracked_connections: Option<f64>,
    /// Addresses and ports of the proxy.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub proxy_endpoints: f64,
    /// The HTTP client.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<ClientLibrary>"))]
    pub client_library: ClientLibrary,
    /// The cap that is set in it.
    pub client_limit: Option<f64>,
    /// How it waits for many answers at once; `None` for the library's own way.
    pub concurrency_model: Option<ConcurrencyModel>,
    /// Memory for the client, in MiB.
    pub memory: Option<f64>,
    /// Connections that one destination tolerates from one exit IP.
    pub destination_limit: Option<f64>,
    /// Mean size of a response, in kB.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub response_size: f64,
    /// Bandwidth, in Mbit/s.
    pub bandwidth: Option<f64>,
    /// Round trip between client and proxy, in seconds.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub proxy_round_trip: f64,
    /// Round trip between proxy and destination, in seconds.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub origin_round_trip: f64,
    /// TLS version.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<TlsVersion>"))]
    pub tls_version: TlsVersion,
    /// Time after which the proxy closes an unused connection, in seconds.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub proxy_idle_timeout: f64,
    /// Most requests from one exit IP.
    pub requests_per_ip: Option<f64>,
    /// Credentials or sub-users.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<f64>"))]
    pub credentials: f64,
    /// What a further credential does to the cap.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<CredentialSharing>"))]
    pub credential_sharing: CredentialSharing,
    /// Traffic in 30 days after which the cap drops, in GB.
    pub reduced_after_traffic: Option<f64>,
}

/// The client's operating system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum OperatingSystem {
    /// Linux with systemd.
    #[default]
    Linux,
    /// macOS.
    Macos,
    /// Windows.
    Windows,
}

/// An HTTP client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum ClientLibrary {
    /// Python's requests.
    #[default]
    Requests,
    /// Python's aiohttp.
    Aiohttp,
    /// Python's httpx.
    Httpx,
    /// Scrapy.
    Scrapy,
    /// undici from npm.
    Undici,
    /// Node's own `fetch`.
    NodeFetch,
    /// Go's `net/http`.
    Go,
    /// Rust's reqwest.
    Reqwest,
    /// `curl --parallel`.
    Curl,
    /// Chromium under Playwright.
    Playwright,
}

/// How a client waits for many answers at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum ConcurrencyModel {
    /// One thread for each request in flight.
    Threads,
    /// One loop for all; a task, coroutine or goroutine for each request in flight.
    EventLoop,
    /// One process for each request in flight.
    Processes,
}

/// A version of TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246): two round trips.
    #[cfg_attr(feature = "serde", serde(rename = "1.2"))]
    Tls12,
    /// TLS 1.3 (RFC 8446): one round trip.
    #[default]
    #[cfg_attr(feature = "serde", serde(rename = "1.3"))]
    Tls13,
}

/// What a further credential does to the cap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum CredentialSharing {
    /// Each has the plan's cap.
    #[default]
    Multiplied,
    /// All share the plan's cap in equal whole parts.
    Split,
}

impl Default for Environment {
    /// Every field at its default in [`fields`].
    fn default() -> Self {
        Self {
            operating_system: OperatingSystem::default(),
            file_descriptors: None,
            ephemeral_ports: None,
            time_wait: None,
            tracked_connections: None,
            proxy_endpoints: fields::PROXY_ENDPOINTS.default_number(),
            client_library: ClientLibrary::default(),
            client_limit: None,
            concurrency_model: None,
            memory: None,
            destination_limit: None,
            response_size: fields::RESPONSE_SIZE.default_number(),
            bandwidth: None,
            proxy_round_trip: fields::PROXY_ROUND_TRIP.default_number(),
            origin_round_trip: fields::ORIGIN_ROUND_TRIP.default_number(),
            tls_version: TlsVersion::default(),
            proxy_idle_timeout: fields::PROXY_IDLE_TIMEOUT.default_number(),
            requests_per_ip: None,
            credentials: fields::CREDENTIALS.default_number(),
            credential_sharing: CredentialSharing::default(),
            reduced_after_traffic: None,
        }
    }
}

impl Environment {
    /// How the client waits: as said, or the library's own way.
    #[must_use]
    pub fn model(&self) -> ConcurrencyModel {
        self.concurrency_model.unwrap_or_else(|| self.client_library.preset().model)
    }
}
