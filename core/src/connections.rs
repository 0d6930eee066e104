//! How many connections a number of parallel requests costs, by route and HTTP version.
//!
//! The rules follow RFC 9110 (section 9.3.6: a CONNECT proxy forwards blindly), RFC 9112 (section 9.3: one request at a
//! time on an HTTP/1.1 connection) and RFC 9113 (sections 5.1.2, 6.5.2: streams and their limit; 8.5: CONNECT takes one
//! stream; 9.1: one connection to an origin or proxy), and are compared with what real proxies and clients did:
//! `tests/vectors/connections.json`.

#[cfg(feature = "typescript")]
use std::prelude::v1::*;

use crate::math;

/// The way from the client to the origin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum Route {
    /// `http://` through a forward proxy, the request line in absolute form (RFC 9112, section 3.2.2). Always HTTP/1.1.
    Forward,
    /// A CONNECT tunnel spoken in HTTP/1.1; what is inside is between client and origin (RFC 9110, section 9.3.6).
    #[default]
    Tunnel,
    /// HTTP/2 to the proxy, where each CONNECT tunnel is one stream (RFC 9113, section 8.5).
    H2Proxy,
    /// A gateway that ends the client's HTTP and speaks its own to the origin (RFC 9110, section 3.7).
    Gateway,
    /// A SOCKS5 relay (RFC 1928).
    Socks5,
}

/// An HTTP version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum HttpVersion {
    /// HTTP/1.1 (RFC 9112).
    #[default]
    #[cfg_attr(feature = "serde", serde(rename = "1.1"))]
    Http1,
    /// HTTP/2 (RFC 9113).
    #[cfg_attr(feature = "serde", serde(rename = "2"))]
    Http2,
}

/// What a client does with a request that no stream is free for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum OverStreamLimit {
    /// Opens another connection.
    #[default]
    Open,
    /// Waits for a stream.
    Wait,
}

/// What a plan counts and limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum PlanCounts {
    /// Client connections with a request on them.
    #[default]
    BusyConnections,
    /// Client connections that are open, also while they are set up and while they idle.
    OpenConnections,
    /// CONNECT tunnels that are open.
    Tunnels,
    /// Requests in flight.
    Requests,
    /// HTTP/2 streams in flight; over HTTP/1.1 each request counts as one.
    Streams,
    /// Requests started in a minute.
    RequestsPerMinute,
}

/// Where a delayed or lost piece holds others up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub enum HeadOfLine {
    /// In each HTTP/1.1 connection: one request at a time (RFC 9112, section 9.3).
    Connection,
    /// In each tunnel: HTTP/1.1 inside, one request at a time.
    Tunnel,
    /// None in HTTP; a TCP loss on either leg holds up every stream of that tunnel.
    TcpOfTunnel,
    /// A TCP loss on the one leg to the proxy holds up every tunnel in it.
    TcpToProxy,
    /// None in HTTP; a TCP loss on the client's leg holds up every stream on it.
    TcpOfClientLeg,
    /// None in HTTP; a TCP loss on either leg holds up every stream on that leg.
    TcpOfBothLegs,
}

/// The protocol part of a scenario, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protocol {
    /// The way to the origin.
    pub route: Route,
    /// HTTP version of the client's requests.
    pub inner_http: HttpVersion,
    /// HTTP version behind a gateway; the other routes do not look at it.
    pub upstream_http: HttpVersion,
    /// Distinct destinations; 0 is taken as 1.
    pub destinations: u32,
    /// Streams that one HTTP/2 connection may carry; 0 is taken as 1.
    pub max_concurrent_streams: u32,
    /// What the client does above that.
    pub over_stream_limit: OverStreamLimit,
    /// Connections stand before the requests come.
    pub warm: bool,
    /// TLS with the destination; `None` follows from the route.
    pub origin_tls: Option<bool>,
    /// TLS with the proxy.
    pub proxy_tls: bool,
}

impl Default for Protocol {
    /// One `https://` destination through a CONNECT tunnel, HTTP/1.1, 100 streams, warm.
    fn default() -> Self {
        Self {
            route: Route::default(),
            inner_http: HttpVersion::default(),
            upstream_http: HttpVersion::default(),
            destinations: 1,
            max_concurrent_streams: 100,
            over_stream_limit: OverStreamLimit::default(),
            warm: true,
            origin_tls: None,
            proxy_tls: false,
        }
    }
}

/// What N parallel requests take.
///
/// Counts of one moment: all N have been sent, none has been answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Accounting {
    /// N.
    pub parallel_requests: u32,
    /// HTTP version that the requests really travel in: `http://` through a forward proxy is always HTTP/1.1.
    pub http_version: HttpVersion,
    /// TCP connections between client and proxy. In a cold HTTP/2 burst, the most that a client opens.
    pub client_to_proxy_tcp: u32,
    /// The fewest that a client opens: the same but for a cold HTTP/2 burst, where some clients wait for the first
    /// connection to say that it speaks HTTP/2.
    pub fewest_client_to_proxy_tcp: u32,
    /// TCP connections between proxy and origin. In a cold HTTP/2 burst, the most that client or gateway opens.
    pub proxy_to_origin_tcp: u32,
    /// TLS handshakes between client and proxy, one for each of those connections that is TLS.
    pub proxy_tls_handshakes: u32,
    /// TLS handshakes with the origin: end to end in a tunnel, the gateway's own otherwise.
    pub origin_tls_handshakes: u32,
    /// HTTP/2 streams in flight on the leg or tunnel that the client speaks HTTP/2 on.
    pub streams: u32,
    /// Most streams on one connection at the origin; 0 where the origin is spoken to in HTTP/1.1.
    pub max_streams_on_one_connection: u32,
    /// Requests that are at the origin.
    pub requests_in_flight_at_origin: u32,
    /// Requests that wait in the client for a free stream.
    pub requests_waiting: u32,
    /// File descriptors of sockets in the client.
    pub client_descriptors: u32,
    /// File descriptors of sockets in the proxy: both sides.
    pub proxy_descriptors: u32,
    /// Ephemeral ports that the client uses towards the proxy.
    pub client_ephemeral_ports: u32,
    /// Ephemeral ports that the proxy uses towards the origins.
    pub proxy_ephemeral_ports: u32,
    /// Connections left open on the client's side when all is answered, where both ends keep them alive.
    pub idle_client_connections: u32,
    /// The same on the origin's side.
    pub idle_origin_connections: u32,
    /// Where one request can hold up another.
    pub head_of_line: HeadOfLine,
    /// Most requests that one lost TCP segment on the client's leg holds up.
    pub requests_behind_one_loss: u32,
    /// What each way of counting would charge.
    pub charged: Charged,
}

/// What each counting unit charges for the N requests; `None` where the proxy cannot see the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "types.ts"))]
pub struct Charged {
    /// Connections to the proxy that carry a request or a tunnel.
    pub busy_connections: u32,
    /// Connections to the proxy that are open at that moment; idle ones of earlier requests come on top.
    pub open_connections: u32,
    /// CONNECT or SOCKS tunnels.
    pub tunnels: Option<u32>,
    /// Requests in flight.
    pub requests: Option<u32>,
    /// Streams in flight, or HTTP/1.1 requests in their place.
    pub streams: Option<u32>,
}

/// Shares of `parallel` requests, spread as evenly as whole numbers allow over the destinations.
#[derive(Clone, Copy)]
struct Spread {
    /// Requests to each destination, at least.
    each: u32,
    /// Destinations that have one request more.
    with_one_more: u32,
    destinations: u32,
}

impl Spread {
    const fn new(parallel: u32, destinations: u32) -> Self {
        let destinations = if destinations == 0 { 1 } else { destinations };
        Self { each: parallel / destinations, with_one_more: parallel % destinations, destinations }
    }

    /// Sum over the destinations of `f(requests to it)`; `f(n) ≤ n`, so the sum is at most `parallel`.
    fn sum(self, f: impl Fn(u32) -> u32) -> u32 {
        let more = u64::from(self.with_one_more) * u64::from(f(self.each.saturating_add(1)));
        let rest = u64::from(self.destinations - self.with_one_more) * u64::from(f(self.each));
        u32::try_from(more + rest).unwrap_or(u32::MAX)
    }

    const fn busiest(self) -> u32 {
        if self.with_one_more > 0 { self.each + 1 } else { self.each }
    }
}

impl Protocol {
    /// HTTP version that the requests really travel in.
    #[must_use]
    pub const fn http_version(&self) -> HttpVersion {
        match self.route {
            // There is no HTTP/2 for http:// through a forward proxy: clients send HTTP/1.1 in absolute form.
            Route::Forward => HttpVersion::Http1,
            _ => self.inner_http,
        }
    }

    pub(crate) const fn streams_each(&self) -> u32 {
        if self.max_concurrent_streams == 0 { 1 } else { self.max_concurrent_streams }
    }

    /// HTTP/2 connections for `n` requests to one destination: ⌈n / streams⌉, or one where the client waits.
    fn h2_connections(&self, n: u32) -> u32 {
        match self.over_stream_limit {
            OverStreamLimit::Open => n.div_ceil(self.streams_each()),
            OverStreamLimit::Wait => n.min(1),
        }
    }

    /// Endpoints that the client keeps connections to: a gateway is one, whatever lies behind it; elsewhere each
    /// destination is one.
    pub(crate) const fn client_endpoints(&self) -> u32 {
        match self.route {
            Route::Gateway => 1,
            _ if self.destinations == 0 => 1,
            _ => self.destinations,
        }
    }

    /// Connections, or tunnels where the route has them, that `parallel` requests take once warm.
    #[must_use]
    pub fn settled_connections(&self, parallel: u32) -> u32 {
        match self.http_version() {
            HttpVersion::Http1 => parallel,
            HttpVersion::Http2 => Spread::new(parallel, self.client_endpoints()).sum(|n| self.h2_connections(n)),
        }
    }

    /// The most requests in flight that `connections` HTTP/2 connections carry, spread evenly: the largest n for which
    /// [`settled_connections`](Self::settled_connections) is not above `connections` and none has to wait.
    pub(crate) fn most_in_flight(&self, connections: f64) -> f64 {
        let endpoints = f64::from(self.client_endpoints());
        let streams = f64::from(self.streams_each());
        if connections < endpoints {
            // One more request would be the first to one more endpoint.
            return connections;
        }
        match self.over_stream_limit {
            OverStreamLimit::Open => {
                // Not `%`: the remainder of floats is a kilobyte of code, and both are whole numbers below 2⁵³.
                let spare = connections - endpoints * math::floor(connections / endpoints);
                // Where some endpoints may open one connection more, one request to each of them still fits.
                streams * (connections - spare) + spare
            }
            // The client opens no more than one connection to each. What exceeds their streams waits, and a load that
            // always does never catches up.
            OverStreamLimit::Wait => streams * endpoints,
        }
    }

    /// Connections to a proxy that takes tunnels as HTTP/2 streams.
    pub(crate) const fn connections_for_tunnels(&self, tunnels: u32) -> u32 {
        tunnels.div_ceil(self.streams_each())
    }

    /// Counts what `parallel` requests take.
    ///
    /// # Formula
    /// With n_h requests to destination h and S streams a connection: HTTP/1.1 takes N connections; HTTP/2 takes
    /// Σ_h ⌈n_h / S⌉ once warm, and up to N in a cold burst; HTTP/2 to the proxy takes ⌈T / S⌉ for T tunnels; a gateway
    /// takes ⌈N / S⌉ from its client, since all origins share that leg.
    /// # Source
    /// RFC 9110, section 9.3.6; RFC 9112, section 9.3; RFC 9113, sections 5.1.2, 8.5 and 9.1. Counted values:
    /// `tests/vectors/connections.json`.
    /// # Examples
    /// ```
    /// use proxy_concurrency::connections::{HttpVersion, Protocol};
    ///
    /// let h1 = Protocol::default();
    /// let h2 = Protocol { inner_http: HttpVersion::Http2, ..h1 };
    /// assert_eq!(h1.account(125).client_to_proxy_tcp, 125);
    /// assert_eq!(h2.account(125).client_to_proxy_tcp, 2);
    /// // Before the first connection has said that it speaks HTTP/2, a client may open one for each request.
    /// assert_eq!(Protocol { warm: false, ..h2 }.account(125).client_to_proxy_tcp, 125);
    /// ```
    #[must_use]
    pub fn account(&self, parallel: u32) -> Accounting {
        let http_version = self.http_version();
        let h2 = http_version == HttpVersion::Http2;
        let streams_each = self.streams_each();
        let cold_burst = h2 && !self.warm;
        let waits = h2 && self.over_stream_limit == OverStreamLimit::Wait && !cold_burst;

        let spread = Spread::new(parallel, self.client_endpoints());
        let in_flight = if waits { spread.sum(|n| n.min(streams_each)) } else { parallel };
        let settled = self.settled_connections(parallel);
        // Tunnels, or client connections where nothing is tunnelled.
        let opened = if cold_burst { parallel } else { settled };

        let (client, fewest_client) = match self.route {
            Route::H2Proxy => (self.connections_for_tunnels(opened), self.connections_for_tunnels(settled)),
            _ => (opened, settled),
        };
        let origin_http = if self.route == Route::Gateway { self.upstream_http } else { http_version };
        let origin = match (self.route, origin_http) {
            (Route::Gateway, HttpVersion::Http1) => in_flight,
            // No connection has said yet how many streams it takes: HAProxy opens one for each request.
            (Route::Gateway, HttpVersion::Http2) if !self.warm => in_flight,
            (Route::Gateway, HttpVersion::Http2) => {
                Spread::new(in_flight, self.destinations).sum(|n| n.div_ceil(streams_each))
            }
            _ => opened,
        };
        let max_streams_on_one_connection = match origin_http {
            HttpVersion::Http1 => 0,
            HttpVersion::Http2 if !self.warm => parallel.min(1),
            HttpVersion::Http2 => Spread::new(in_flight, self.destinations).busiest().min(streams_each),
        };

        let origin_tls = self.origin_tls.unwrap_or(match self.route {
            Route::Forward => false,
            Route::Tunnel | Route::H2Proxy | Route::Socks5 => true,
            // Between a gateway and its origin HTTP/2 is agreed in TLS (ALPN); HTTP/1.1 is plain there by habit.
            Route::Gateway => self.upstream_http == HttpVersion::Http2,
        });
        let proxy_tls = self.proxy_tls
            || match self.route {
                Route::H2Proxy => true,
                Route::Gateway => h2,
                Route::Forward | Route::Tunnel | Route::Socks5 => false,
            };

        let streams = match self.route {
            Route::H2Proxy if !h2 => opened,
            _ if h2 => in_flight,
            _ => 0,
        };
        let busiest_streams = if cold_burst { parallel.min(1) } else { spread.busiest().min(streams_each) };
        let (head_of_line, requests_behind_one_loss) = match self.route {
            Route::Forward => (HeadOfLine::Connection, parallel.min(1)),
            Route::Tunnel | Route::Socks5 if h2 => (HeadOfLine::TcpOfTunnel, busiest_streams),
            Route::Tunnel | Route::Socks5 => (HeadOfLine::Tunnel, parallel.min(1)),
            Route::H2Proxy => {
                let tunnels_on_one = opened.min(streams_each);
                let requests_in_tunnel = if h2 { busiest_streams } else { 1 };
                (HeadOfLine::TcpToProxy, tunnels_on_one.saturating_mul(requests_in_tunnel).min(in_flight))
            }
            Route::Gateway if !h2 => (HeadOfLine::Connection, parallel.min(1)),
            Route::Gateway if self.upstream_http == HttpVersion::Http2 => (HeadOfLine::TcpOfBothLegs, busiest_streams),
            Route::Gateway => (HeadOfLine::TcpOfClientLeg, busiest_streams),
        };

        let ends_http = matches!(self.route, Route::Forward | Route::Gateway);
        Accounting {
            parallel_requests: parallel,
            http_version,
            client_to_proxy_tcp: client,
            fewest_client_to_proxy_tcp: fewest_client,
            proxy_to_origin_tcp: origin,
            proxy_tls_handshakes: if proxy_tls { client } else { 0 },
            origin_tls_handshakes: if origin_tls { origin } else { 0 },
            streams,
            max_streams_on_one_connection,
            requests_in_flight_at_origin: in_flight,
            requests_waiting: parallel - in_flight,
            client_descriptors: client,
            proxy_descriptors: client.saturating_add(origin),
            client_ephemeral_ports: client,
            proxy_ephemeral_ports: origin,
            idle_client_connections: client,
            idle_origin_connections: origin,
            head_of_line,
            requests_behind_one_loss,
            charged: Charged {
                busy_connections: client,
                open_connections: client,
                tunnels: if ends_http { None } else { Some(opened) },
                requests: ends_http.then_some(in_flight),
                streams: match self.route {
                    Route::Forward | Route::Gateway => Some(in_flight),
                    Route::H2Proxy => Some(opened),
                    Route::Tunnel | Route::Socks5 => None,
                },
            },
        }
    }
}
