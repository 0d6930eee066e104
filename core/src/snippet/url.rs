//! URLs that a user typed, checked and written as RFC 3986 has them.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Longest URL that is taken, in bytes: servers take about 8 kB.
pub(super) const LONGEST_URL: usize = 2048;

/// What is spoken to the proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Http,
    Https,
    /// The proxy resolves the destination's name.
    Socks5,
}

/// A proxy's URL, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Proxy {
    pub(super) scheme: Scheme,
    /// User and password, percent-decoded.
    pub(super) credentials: Option<(Vec<u8>, Vec<u8>)>,
    /// A name, an IPv4 address, or an IPv6 address in brackets.
    pub(super) host: String,
    pub(super) port: u16,
    /// `user:password@` as it stands in a URL; empty without credentials.
    userinfo: String,
}

impl Proxy {
    /// The URL, under the scheme's usual name.
    pub(super) fn url(&self) -> String {
        self.url_as(match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
            Scheme::Socks5 => "socks5",
        })
    }

    /// The URL, under a client's own name for the scheme, such as `socks5h`.
    pub(super) fn url_as(&self, scheme: &str) -> String {
        format!("{scheme}://{}{}:{}", self.userinfo, self.host, self.port)
    }
}

/// Reads `scheme://[user[:password]@]host[:port][/]`.
pub(super) fn proxy(text: &str) -> Option<Proxy> {
    if text.len() > LONGEST_URL || text.chars().any(char::is_control) {
        return None;
    }
    let (scheme, rest) = text.split_once("://")?;
    let (scheme, usual_port) = match scheme.to_ascii_lowercase().as_str() {
        "http" => (Scheme::Http, 80),
        "https" => (Scheme::Https, 443),
        "socks5" | "socks5h" => (Scheme::Socks5, 1080),
        _ => return None,
    };
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    let (user, place) = match authority.rsplit_once('@') {
        Some((user, place)) => (Some(user), place),
        None => (None, authority),
    };
    let (host, port) = host_and_port(place)?;
    let parts = user.map(|user| user.split_once(':').unwrap_or((user, "")));
    Some(Proxy {
        scheme,
        credentials: parts.map(|(user, password)| (decoded(user), decoded(password))),
        host,
        port: port.unwrap_or(usual_port),
        userinfo: parts
            .map(|(user, password)| format!("{}:{}@", encoded(user, ""), encoded(password, "")))
            .unwrap_or_default(),
    })
}

/// Reads an `http://` or `https://` URL of a destination. Its fragment, which no client sends, is kept.
pub(super) fn destination(text: &str) -> Option<String> {
    if text.len() > LONGEST_URL || text.chars().any(char::is_control) {
        return None;
    }
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    if scheme != "http" && scheme != "https" {
        return None;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (place, path) = rest.split_at_checked(end)?;
    let (host, port) = host_and_port(place)?;
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    let slash = if path.starts_with('/') { "" } else { "/" };
    Some(format!("{scheme}://{host}{port}{slash}{}", encoded(path, ":/?#@")))
}

/// `host[:port]`: a name or an address of ASCII letters, digits, hyphens, underscores and dots, or IPv6 in brackets.
fn host_and_port(place: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            address.parse::<core::net::Ipv6Addr>().ok()?;
            (place.get(..address.len() + 2)?, port.strip_prefix(':').or(port.is_empty().then_some(""))?)
        }
        None => {
            let (host, port) = place.split_once(':').unwrap_or((place, ""));
            let named = |label: &str| {
                (1..=63).contains(&label.len())
                    && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
                    && !label.starts_with('-')
            };
            if host.len() > 253 || !host.strip_suffix('.').unwrap_or(host).split('.').all(named) {
                return None;
            }
            (host, port)
        }
    };
    let port = match port {
        "" if !place.ends_with(':') => None,
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => Some(digits.parse().ok().filter(|&port| port > 0)?),
        _ => return None,
    };
    Some((host.to_ascii_lowercase(), port))
}

/// `%41` is `A`; a lone `%` is itself.
fn decoded(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped =
            if first == b'%' { after.split_first_chunk::<2>().and_then(|(hex, _)| hex_byte(*hex)) } else { None };
        out.push(escaped.unwrap_or(first));
        rest = if escaped.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    out
}

fn hex_byte(hex: [u8; 2]) -> Option<u8> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    Some(digit(hex[0])? * 16 + digit(hex[1])?)
}

/// Percent-encodes what RFC 3986 leaves no place for but in an escape: all but unreserved characters, sub-delimiters,
/// escapes and what `also` has.
fn encoded(text: &str, also: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&b, after)) = rest.split_first() {
        let escape = b == b'%' && after.split_first_chunk::<2>().is_some_and(|(hex, _)| hex_byte(*hex).is_some());
        if escape || b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&b) || also.as_bytes().contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_user_types_is_a_proxy_or_is_not() {
        for (text, url) in [
            ("http://proxy.example:8080", "http://proxy.example:8080"),
            ("HTTP://Proxy.Example", "http://proxy.example:80"),
            ("https://user:pass@proxy.example", "https://user:pass@proxy.example:443"),
            ("socks5h://u@127.0.0.1:9050/", "socks5://u:@127.0.0.1:9050"),
            ("http://u:p%40ss@[::1]:3128", "http://u:p%40ss@[::1]:3128"),
            ("http://u:p@ss\"w\\rd é%@host:1", "http://u:p%40ss%22w%5Crd%20%C3%A9%25@host:1"),
        ] {
            assert_eq!(proxy(text).map(|p| p.url()).as_deref(), Some(url), "{text}");
        }
        for text in [
            "",
            "proxy.example:8080",
            "ftp://h:1",
            "http://",
            "http://h:0",
            "http://h:65536",
            "http://h:",
            "http://h:1/path",
            "http://h:+1",
            "http://-h:1",
            "http://h..i",
            "http://exa mple",
            "http://é.example",
            "http://[::1",
            "http://[g]:1",
            "http://h:1\n",
            "http://u:p\n@h:1",
            "http://h:1?x",
            "http://h:1#x",
            "http://[::1]1",
        ] {
            assert_eq!(proxy(text), None, "{text}");
        }
    }

    #[test]
    fn credentials_are_what_the_escapes_mean() {
        let read = proxy("http://us%3Aer:p%25%@h").and_then(|p| p.credentials);
        assert_eq!(read, Some((b"us:er".to_vec(), b"p%%".to_vec())));
    }

    #[test]
    fn what_a_user_types_is_a_destination_or_is_not() {
        for (text, url) in [
            ("https://example.com", "https://example.com/"),
            ("https://example.com?q=1", "https://example.com/?q=1"),
            (
                "HTTP://Example.com:8080/A b/\"é\\`{}|^<>[]?x='$(y)#z",
                "http://example.com:8080/A%20b/%22%C3%A9%5C%60%7B%7D%7C%5E%3C%3E%5B%5D?x='$(y)#z",
            ),
        ] {
            assert_eq!(destination(text).as_deref(), Some(url), "{text}");
        }
        for text in [
            "",
            "example.com",
            "file:///etc/passwd",
            "https://",
            "https:///x",
            "https://u:p@h/",
            "http://h/\n",
            "http://h:x/",
        ] {
            assert_eq!(destination(text), None, "{text}");
        }
        assert_eq!(destination(&(String::from("http://h/") + &"a".repeat(LONGEST_URL))), None);
    }
}
