//! HAProxy as a local balancer: spreads any clients' connections over the plans, and queues what is over them.

use alloc::format;
use alloc::string::String;
use alloc::vec;

use super::{Caps, Checked, File, Snippet, digits, escape};

pub(super) fn snippet(input: &Checked) -> Snippet {
    let plans = [(&input.proxy, input.cap)].into_iter().chain(input.upstreams.iter().map(|(proxy, cap)| (proxy, *cap)));
    let promised_connections = plans.clone().map(|(_, cap)| cap).sum();
    let port = digits(input.local_port.into());
    let target = authority(input.urls.first().map_or("", String::as_str));
    let (mut check, mut servers, mut plan_sections) = (String::new(), String::new(), String::new());
    if !input.upstreams.is_empty() {
        check = format!(
            "  # A plan is up if it opens a tunnel.\n  option httpchk\n  http-check connect\n  \
             http-check send meth CONNECT uri {target} ver HTTP/1.1 hdr Host {target}\n  http-check expect status 200\n"
        );
    }
    for (i, (proxy, cap)) in plans.enumerate() {
        let name = format!("plan{}", i + 1);
        // A check is a connection too. It chooses between plans, and a plan of one has no room for it.
        let limit = match cap {
            2.. if !check.is_empty() => format!("maxconn {} check inter 10s", cap - 1),
            _ => format!("maxconn {cap}"),
        };
        servers.push_str(&format!("  server {name} abns@{name}-{port} {limit}\n"));
        let credentials = proxy.credentials.as_ref().map_or(String::new(), |(user, password)| {
            let basic = format!("Basic {}", base64(&[user, b":".as_slice(), password].concat()));
            format!("  http-request set-header Proxy-Authorization {}\n", escape::haproxy(&basic))
        });
        plan_sections.push_str(&format!(
            "\nfrontend {name}\n  bind abns@{name}-{port}\n  option httpclose\n  tcp-request inspect-delay 200ms\n  \
             tcp-request content switch-mode http if WAIT_END\n{credentials}  default_backend {name}\n\n\
             backend {name}\n  mode http\n  server proxy {}:{}\n",
            proxy.host, proxy.port
        ));
    }
    Snippet {
        files: vec![File { name: "haproxy.cfg", text: include_str!("haproxy.cfg").into() }],
        language: "haproxy",
        versions: "HAProxy 2.6 or newer, on Linux",
        install: "apt install haproxy",
        run: "haproxy -f haproxy.cfg",
        caps: Caps::OpenConnections,
        not_capped: "Not capped: what does not go through it. Idle tunnels hold slots: have clients send Connection: close.",
        promised_connections,
    }
    .filled(&[
        ("port", &port),
        ("servers", &(check + servers.trim_end())),
        ("plans", plan_sections.trim_end()),
    ])
}

/// `host:port` of a URL that [`url::destination`](super::url::destination) wrote.
fn authority(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let place = rest.split('/').next().unwrap_or_default();
    let named = place.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'));
    if named { place.into() } else { format!("{place}:{}", if scheme == "http" { 80 } else { 443 }) }
}

/// RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0_usize, |bits, i| bits << 8 | usize::from(group.get(i).copied().unwrap_or(0)));
        for i in 0..4 {
            let sextet = ALPHABET.get(bits >> (18 - 6 * i) & 63).copied();
            out.push(if i > group.len() { '=' } else { sextet.map_or('=', char::from) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648, section 10.
    #[test]
    fn base64_is_the_rfcs() {
        for (text, encoded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE=")]
        {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
        assert_eq!(base64(&[0xfb, 0xff, 0xfe]), "+//+");
    }

    #[test]
    fn a_destination_has_a_port() {
        for (url, place) in [
            ("https://h/", "h:443"),
            ("http://h/a:b", "h:80"),
            ("https://h:1/", "h:1"),
            ("https://[::1]/", "[::1]:443"),
            ("http://[::1]:2/", "[::1]:2"),
        ] {
            assert_eq!(authority(url), place);
        }
    }
}
