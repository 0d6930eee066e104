//! The command line, curl: one process for each URL.

use alloc::vec;

use super::url::Scheme;
use super::{Caps, Checked, File, Snippet, digits, escape};

pub(super) fn snippet(input: &Checked) -> Snippet {
    // `socks5` would have curl look the destination's name up.
    let socks = input.proxy.scheme == Scheme::Socks5;
    let proxy = if socks { input.proxy.url_as("socks5h") } else { input.proxy.url() };
    Snippet {
        files: vec![File { name: "fetch.sh", text: include_str!("curl.sh").into() }],
        language: "sh",
        versions: "curl 7.88 or newer, with xargs -P (Linux, macOS, BSD)",
        install: "",
        run: "sh fetch.sh",
        caps: Caps::OpenConnections,
        not_capped: "Not capped: connections that the proxy takes more than 0.2 s to see closed.",
        promised_connections: input.cap,
    }
    .filled(&[
        ("proxy", &escape::shell(&proxy)),
        ("cap", &digits(input.cap)),
        // In a here-document without expansions: no URL is its end, since each has a scheme.
        ("urls", &input.urls.join("\n")),
    ])
}
