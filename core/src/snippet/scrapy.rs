//! Python, Scrapy: its one limit that holds, and a pause before a slot is used again.

use alloc::vec;

use super::{Caps, Checked, File, Snippet, digits, escape, lines};

pub(super) fn snippet(input: &Checked) -> Snippet {
    Snippet {
        files: vec![File { name: "fetch.py", text: include_str!("scrapy.py").into() }],
        language: "python",
        versions: "Scrapy 2.14 to 2.19, Python 3.10 or newer",
        install: "pip install scrapy",
        run: "python3 fetch.py",
        caps: Caps::OpenConnections,
        not_capped: "Not capped: connections that the proxy takes more than 0.2 s to see closed.",
        promised_connections: input.cap,
    }
    .filled(&[
        ("proxy", &escape::python(&input.proxy.url())),
        ("cap", &digits(input.cap)),
        ("urls", &lines(&input.urls, "    ", escape::python, ",")),
    ])
}
