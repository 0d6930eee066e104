//! Python, httpx: each worker has one connection.

use alloc::vec;

use super::url::Scheme;
use super::{Caps, Checked, File, Snippet, digits, escape, lines};

pub(super) fn snippet(input: &Checked) -> Snippet {
    let socks = input.proxy.scheme == Scheme::Socks5;
    Snippet {
        files: vec![File { name: "fetch.py", text: include_str!("httpx.py").into() }],
        language: "python",
        versions: "httpx 0.28, Python 3.11 or newer",
        install: if socks { "pip install 'httpx[socks]'" } else { "pip install httpx" },
        run: "python3 fetch.py",
        caps: Caps::OpenConnections,
        not_capped: "Not capped: HTTP/2 streams, if you switch it on, and other programs on the same plan.",
        promised_connections: input.cap,
    }
    .filled(&[
        ("proxy", &escape::python(&input.proxy.url())),
        ("cap", &digits(input.cap)),
        ("urls", &lines(&input.urls, "    ", escape::python, ",")),
    ])
}
