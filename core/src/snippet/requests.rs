//! Python, requests: each thread of a pool has one connection.

use alloc::vec;

use super::url::Scheme;
use super::{Caps, Checked, File, Snippet, digits, escape, lines};

pub(super) fn snippet(input: &Checked) -> Snippet {
    let socks = input.proxy.scheme == Scheme::Socks5;
    // `socks5` would have the client look the destination's name up.
    let proxy = if socks { input.proxy.url_as("socks5h") } else { input.proxy.url() };
    Snippet {
        files: vec![File { name: "fetch.py", text: include_str!("requests.py").into() }],
        language: "python",
        versions: "requests 2.32 to 2.34 with urllib3 2, Python 3.10 or newer",
        install: if socks { "pip install 'requests[socks]'" } else { "pip install requests" },
        run: "python3 fetch.py",
        caps: Caps::OpenConnections,
        not_capped: "Not capped: other programs on the same plan, and other processes that run this one.",
        promised_connections: input.cap,
    }
    .filled(&[
        ("proxy", &escape::python(&proxy)),
        ("cap", &digits(input.cap)),
        ("urls", &lines(&input.urls, "    ", escape::python, ",")),
        ("connection", if socks { "import socks as connection" } else { "from urllib3.util import connection" }),
    ])
}
