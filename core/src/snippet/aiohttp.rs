//! Python, aiohttp: each worker has one connection.

use alloc::vec;

use super::{Caps, Checked, File, Snippet, digits, escape, lines};

pub(super) fn snippet(input: &Checked) -> Snippet {
    Snippet {
        files: vec![File { name: "fetch.py", text: include_str!("aiohttp.py").into() }],
        language: "python",
        versions: "aiohttp 3.12 to 3.14, Python 3.11 or newer",
        install: "pip install aiohttp",
        run: "python3 fetch.py",
        caps: Caps::OpenConnections,
        not_capped: "Not capped: other programs on the same plan, and other processes that run this one.",
        promised_connections: input.cap,
    }
    .filled(&[
        ("proxy", &escape::python(&input.proxy.url())),
        ("cap", &digits(input.cap)),
        ("urls", &lines(&input.urls, "    ", escape::python, ",")),
    ])
}
