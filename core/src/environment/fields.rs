//! What a user can say about the place where the client runs: name, unit, limits, default and help of each field, once.
//!
//! They are no part of [`crate::fields::FIELDS`]: the first answer needs none of them.

use crate::fields::{Field, MAX_CONNECTIONS, choice, count, number};
use crate::units::{MAX_LOAD_ERLANGS, MAX_SECONDS};

/// Operating system of the client.
pub static OPERATING_SYSTEM: Field = choice(
    "operatingSystem",
    &["linux", "macos", "windows"],
    Some("linux"),
    "The client's operating system: its default limits stand where you give none",
);
/// File descriptors that a process may have open.
///
/// Limits: a descriptor is a C `int`.
pub static FILE_DESCRIPTORS: Field = count(
    "fileDescriptors",
    (1.0, 2_147_483_647.0),
    None,
    "What ulimit -n prints: files and sockets that one process may have open; left out, the system's default",
);
/// Local ports for outgoing connections to one address and port.
///
/// Limits: port numbers have 16 bits.
pub static EPHEMERAL_PORTS: Field = count(
    "ephemeralPorts",
    (1.0, 65_535.0),
    None,
    "Local ports for outgoing connections to one proxy address and port; left out, the system's default",
);
/// Time for which a closed connection keeps its port.
///
/// Limits: the longest that a system can be set to is Windows' 300 s; RFC 9293 says 240 s.
pub static TIME_WAIT: Field = number(
    "timeWait",
    (0.0, 300.0),
    None,
    "s",
    "Time for which a connection that the client closed keeps its local port; left out, the system's default",
);
/// Entries in the table of tracked connections.
///
/// Limits: no answer names more than 4 × 10⁹.
pub static TRACKED_CONNECTIONS: Field = count(
    "trackedConnections",
    (1.0, MAX_CONNECTIONS),
    None,
    "Connections that the firewall or router between client and proxy can track; left out, the system's default",
);
/// Addresses and ports at which the proxy is reached.
///
/// Limits: a million are more than any provider's list.
pub static PROXY_ENDPOINTS: Field = count(
    "proxyEndpoints",
    (1.0, 1e6),
    Some(1.0),
    "Proxy addresses and ports that the client spreads its connections over",
);
/// HTTP client.
pub static CLIENT_LIBRARY: Field = choice(
    "clientLibrary",
    &["requests", "aiohttp", "httpx", "scrapy", "undici", "node-fetch", "go", "reqwest", "curl", "playwright"],
    Some("requests"),
    "The HTTP client: its default limit stands where you give none",
);
/// The client's own cap.
///
/// Limits: the reference tables end at 10⁹.
pub static CLIENT_LIMIT: Field = count(
    "clientLimit",
    (1.0, MAX_LOAD_ERLANGS),
    None,
    "The cap that you set in the client: TCPConnector(limit), Limits(max_connections), CONCURRENT_REQUESTS, a semaphore",
);
/// How the client waits for many answers at once.
pub static CONCURRENCY_MODEL: Field = choice(
    "concurrencyModel",
    &["threads", "event-loop", "processes"],
    None,
    "One thread per request, one event loop for all, or one process per request; left out, the client library's own way",
);
/// Memory for the client.
///
/// Limits: 10⁹ MiB are beyond any machine.
pub static MEMORY: Field =
    number("memory", (1.0, 1e9), None, "MiB", "Memory that the client may take for its connections and responses");
/// Connections that one destination takes from one address.
///
/// Limits: a million are more than one address has ports.
pub static DESTINATION_LIMIT: Field =
    count("destinationLimit", (1.0, 1e6), None, "Connections that one destination tolerates from one exit IP");
/// Mean size of a response.
///
/// Limits: a terabyte is beyond any response.
pub static RESPONSE_SIZE: Field =
    number("responseSize", (0.0, 1e9), Some(100.0), "kB", "Mean size of a response on the wire: 1 MB is 1000 kB");
/// Bandwidth between client and proxy.
///
/// Limits: 10⁹ Mbit/s are beyond any line.
pub static BANDWIDTH: Field =
    number("bandwidth", (1e-3, 1e9), None, "Mbit/s", "Bandwidth of your line or plan: 1 MB/s is 8 Mbit/s");
/// Round trip between client and proxy.
///
/// Limits: a minute is beyond any path on which TCP connects.
pub static PROXY_ROUND_TRIP: Field =
    number("proxyRoundTrip", (0.0, 60.0), Some(0.05), "s", "Round trip between client and proxy, as ping shows it");
/// Round trip between proxy and destination.
///
/// Limits: a minute is beyond any path on which TCP connects.
pub static ORIGIN_ROUND_TRIP: Field =
    number("originRoundTrip", (0.0, 60.0), Some(0.05), "s", "Round trip between the proxy's exit and the destination");
/// TLS version.
pub static TLS_VERSION: Field =
    choice("tlsVersion", &["1.2", "1.3"], Some("1.3"), "TLS version: 1.2 takes a round trip more than 1.3");
/// Time after which the proxy closes an unused connection.
///
/// Limits: a day is beyond any client's timeout.
pub static PROXY_IDLE_TIMEOUT: Field = number(
    "proxyIdleTimeout",
    (0.0, MAX_SECONDS),
    Some(60.0),
    "s",
    "Time after which the proxy closes a connection that nobody uses",
);
/// Requests between two changes of the exit IP.
///
/// Limits: 10⁹ requests are as good as none between two changes.
pub static REQUESTS_PER_IP: Field = count(
    "requestsPerIp",
    (1.0, 1e9),
    None,
    "Most requests that you want to send from one exit IP, where the proxy changes it with every connection",
);
/// Credentials or sub-users.
///
/// Limits: a million are more than any account has.
pub static CREDENTIALS: Field =
    count("credentials", (1.0, 1e6), Some(1.0), "Credentials or sub-users that you spread the requests over");
/// What a further credential does to the cap.
pub static CREDENTIAL_SHARING: Field = choice(
    "credentialSharing",
    &["multiplied", "split"],
    Some("multiplied"),
    "Each credential has the plan's cap, or they share it in equal parts (as some providers do it)",
);
/// Traffic after which the cap drops.
///
/// Limits: 10⁹ GB in a month are beyond any plan.
pub static REDUCED_AFTER_TRAFFIC: Field =
    number("reducedAfterTraffic", (0.0, 1e9), None, "GB", "Traffic in 30 days after which the provider lowers the cap");

/// All fields, in the order of a form.
pub static FIELDS: &[&Field] = &[
    &OPERATING_SYSTEM,
    &FILE_DESCRIPTORS,
    &EPHEMERAL_PORTS,
    &TIME_WAIT,
    &TRACKED_CONNECTIONS,
    &PROXY_ENDPOINTS,
    &CLIENT_LIBRARY,
    &CLIENT_LIMIT,
    &CONCURRENCY_MODEL,
    &MEMORY,
    &DESTINATION_LIMIT,
    &RESPONSE_SIZE,
    &BANDWIDTH,
    &PROXY_ROUND_TRIP,
    &ORIGIN_ROUND_TRIP,
    &TLS_VERSION,
    &PROXY_IDLE_TIMEOUT,
    &REQUESTS_PER_IP,
    &CREDENTIALS,
    &CREDENTIAL_SHARING,
    &REDUCED_AFTER_TRAFFIC,
];
