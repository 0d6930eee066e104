//! Python, requests: a session for each thread of a pool, one connection for each session.

use alloc::vec;

use super::url::Scheme;
use super::{Caps, Checked, File, Snippet, digits, escape, fill, lines};

pub(super) fn snippet(input: &Checked) -> Snippet {
    let proxy = match input.proxy.scheme {
        // `socks5` would have the client look the name up.
        Scheme::Socks5 => input.proxy.url_as("socks5h"),
        _ => input.proxy.url(),
    };
    let text = fill(
        include_str!("requests.py"),
        &[
            ("proxy", &escape::python(&proxy)),
            ("cap", &digits(input.cap)),
            ("urls", &lines(&input.urls, "    ", escape::python)),
        ],
    );
    Snippet {
        files: vec![File { name: "fetch.py", text }],
        language: "python",
        versions: "requests 2.32 to 2.34 on urllib3 2, Python 3.9 or newer",
        install: "pip install 'requests[socks]>=2.32'",
        run: "python3 fetch.py",
        caps: Caps::OpenConnections,
        not_capped: "Each process that runs it has a cap of its own.",
        promised_connections: input.cap,
    }
}
