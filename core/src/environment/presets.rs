//! What stands where nothing is given: defaults of operating systems and clients, and what a request in flight costs, each
//! with where the number comes from and when that was looked at. They change with every release: dated examples, no law.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use super::{ClientLibrary, ConcurrencyModel, OperatingSystem};

/// A default, and how it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Preset {
    /// The number; `None` where there is no such limit.
    pub value: Option<f64>,
    /// How it is known.
    pub evidence: Evidence,
    /// The document, the source or the program that was run.
    pub source: &'static str,
    /// The day on which that was looked at, as in ISO 8601.
    pub date: &'static str,
}

/// How a default is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Evidence {
    /// By running it.
    Measured,
    /// By reading the program's source.
    ReadInSource,
    /// From documents alone.
    Documented,
}

const DATE: &str = "2026-11-22";

const fn preset(value: f64, evidence: Evidence, source: &'static str) -> Preset {
    Preset { value: Some(value), evidence, source, date: DATE }
}

const fn none(evidence: Evidence, source: &'static str) -> Preset {
    Preset { value: None, evidence, source, date: DATE }
}

use Evidence::{Documented, Measured, ReadInSource};

/// Defaults of an operating system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OperatingSystemPreset {
    /// File descriptors that a process may have open, before anyone raises it.
    pub file_descriptors: Preset,
    /// Local ports for connections to one address and port.
    pub ephemeral_ports: Preset,
    /// Seconds for which a closed connection keeps its port.
    pub time_wait: Preset,
    /// Connections that the system's own firewall tracks at most.
    pub tracked_connections: Preset,
}

impl OperatingSystem {
    /// Its defaults.
    #[must_use]
    pub const fn preset(self) -> OperatingSystemPreset {
        match self {
            Self::Linux => OperatingSystemPreset {
                file_descriptors: preset(
                    1024.0,
                    Documented,
                    "systemd-system.conf(5): DefaultLimitNOFILE=1024:524288 (soft:hard)",
                ),
                ephemeral_ports: preset(
                    28_232.0,
                    Measured,
                    "net.ipv4.ip_local_port_range 32768-60999; connect() fails with EADDRNOTAVAIL beyond it",
                ),
                time_wait: preset(
                    60.0,
                    Measured,
                    "TCP_TIMEWAIT_LEN; tcp_tw_reuse, on by default, shortens it on loopback only",
                ),
                tracked_connections: preset(
                    262_144.0,
                    Documented,
                    "kernel.org nf_conntrack-sysctl: nf_conntrack_max, at most; memory / 16 KiB where that is less",
                ),
            },
            Self::Macos => OperatingSystemPreset {
                file_descriptors: preset(
                    256.0,
                    Documented,
                    "launchctl limit maxfiles, soft (apple.stackexchange 366187)",
                ),
                ephemeral_ports: preset(
                    16_384.0,
                    Documented,
                    "sysctl net.inet.ip.portrange.hifirst/hilast 49152-65535 (serverfault 145907)",
                ),
                time_wait: preset(30.0, Documented, "2 x sysctl net.inet.tcp.msl of 15000 ms (brianp.net, 2008)"),
                tracked_connections: none(Documented, "pf is off by default"),
            },
            Self::Windows => OperatingSystemPreset {
                file_descriptors: preset(
                    16_711_680.0,
                    Documented,
                    "kernel handles of a process (Russinovich, Pushing the Limits of Windows: Handles)",
                ),
                ephemeral_ports: preset(
                    16_384.0,
                    Documented,
                    "Microsoft, default dynamic port range for TCP/IP: 49152-65535",
                ),
                time_wait: preset(
                    120.0,
                    Documented,
                    "Microsoft, TcpTimedWaitDelay: 0x78 since Windows Server 2003 (240 s in Windows 2000)",
                ),
                tracked_connections: none(Documented, "no table size is documented"),
            },
        }
    }
}

/// What a client's limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum ClientLimitCounts {
    /// Connections that are in use.
    Connections,
    /// Requests in flight.
    Requests,
}

/// Defaults of a client.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClientLibraryPreset {
    /// The cap that holds where nobody sets one.
    pub limit: Preset,
    /// The cap to one destination, where the client has one of its own.
    pub limit_per_destination: Option<Preset>,
    /// What the cap counts.
    pub limit_counts: ClientLimitCounts,
    /// Seconds for which an unused connection is kept; `None` inside where no timer closes it, `None` where it is not
    /// known.
    pub idle_time: Option<Preset>,
    /// How it waits for many answers at once.
    pub model: ConcurrencyModel,
}

/// Node's own `fetch` is undici.
const UNDICI_IDLE_TIME: Preset =
    preset(4.0, Documented, "undici Client.md: keepAliveTimeout; up to 600 s on the server's hint");

impl ClientLibrary {
    /// Its defaults.
    #[must_use]
    pub const fn preset(self) -> ClientLibraryPreset {
        use ClientLimitCounts::{Connections, Requests};
        use ConcurrencyModel::{EventLoop, Threads};
        let (limit, limit_counts, idle_time, model) = match self {
            Self::Requests => (
                // 40 of 40 connections were opened with pool_maxsize 8: it counts the connections that are kept.
                none(Measured, "requests 2.34.2: pool_maxsize does not cap without pool_block"),
                Connections,
                none(ReadInSource, "urllib3 2.8.0: no timer, until the pool evicts it or the peer closes"),
                Threads,
            ),
            Self::Aiohttp => (
                preset(100.0, Measured, "aiohttp 3.14.5: TCPConnector(limit=100), on every system"),
                Connections,
                preset(15.0, ReadInSource, "aiohttp 3.14.5: TCPConnector(keepalive_timeout)"),
                EventLoop,
            ),
            Self::Httpx => (
                preset(100.0, Measured, "httpx 0.28.1: Limits(max_connections=100)"),
                Connections,
                preset(5.0, ReadInSource, "httpx 0.28.1: Limits(keepalive_expiry)"),
                EventLoop,
            ),
            Self::Scrapy => (
                // The 8 to one domain are not enforced in bursts since 2.14: 36 of 40 were in flight with a limit of 4.
                preset(16.0, Measured, "Scrapy 2.19.0: CONCURRENT_REQUESTS"),
                Requests,
                preset(240.0, ReadInSource, "Twisted 26.10: HTTPConnectionPool.cachedConnectionTimeout"),
                EventLoop,
            ),
            Self::Undici => (
                none(Measured, "undici 8.12.4: connections is unlimited, and counts by destination"),
                Connections,
                UNDICI_IDLE_TIME,
                EventLoop,
            ),
            Self::NodeFetch => (
                none(Measured, "Node 24.19: the built-in undici 7.29 has no cap"),
                Connections,
                UNDICI_IDLE_TIME,
                EventLoop,
            ),
            Self::Go => (
                none(Measured, "Go 1.27.3: Transport.MaxConnsPerHost is 0, and counts by destination"),
                Connections,
                preset(
                    90.0,
                    ReadInSource,
                    "Go 1.27.3: DefaultTransport.IdleConnTimeout; a Transport of one's own has none",
                ),
                EventLoop,
            ),
            Self::Reqwest => (
                none(Measured, "reqwest 0.13.5: has no cap"),
                Connections,
                preset(90.0, ReadInSource, "reqwest 0.13.5: pool_idle_timeout"),
                EventLoop,
            ),
            Self::Curl => (
                preset(50.0, Documented, "curl(1): --parallel-max"),
                Requests,
                preset(118.0, Documented, "CURLOPT_MAXAGE_CONN(3)"),
                EventLoop,
            ),
            Self::Playwright => {
                let limit = preset(
                    128.0,
                    Measured,
                    "Chromium 156: MaxConnectionsPerProxy, in one browser context; up to twice as many at random",
                );
                let limit_per_destination = Some(preset(6.0, Measured, "Chromium 156: connections to one origin"));
                return ClientLibraryPreset {
                    limit,
                    limit_per_destination,
                    limit_counts: Connections,
                    idle_time: None,
                    model: EventLoop,
                };
            }
        };
        ClientLibraryPreset { limit, limit_per_destination: None, limit_counts, idle_time: Some(idle_time), model }
    }
}

/// Seconds for which Linux tracks a connection that was closed.
pub const TRACKED_AFTER_CLOSE: Preset =
    preset(120.0, Documented, "kernel.org nf_conntrack-sysctl: nf_conntrack_tcp_timeout_time_wait");

/// Descriptors that a client has open beside its sockets.
///
/// With `ulimit -n 64` Python opened 60 sockets; name resolution and files come on top.
pub const OTHER_DESCRIPTORS: Preset = preset(10.0, Measured, "Python 3.11.7 under ulimit -n 64, rounded up");

/// Kernel memory of an idle TCP socket, KiB: socket, inode, file and dentry. Buffers come on top while data queues.
pub const SOCKET_KIB: Preset = preset(3.9, Measured, "Linux 6.18: slab memory of 4000 connections");
