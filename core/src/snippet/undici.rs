//! Node.js, undici, and Node's own `fetch` with undici's dispatcher: each worker has one connection.

use alloc::vec;

use super::{Caps, Checked, File, Snippet, digits, escape, lines};

pub(super) fn snippet(input: &Checked) -> Snippet {
    written(
        input,
        "undici 8 on Node.js 22.19 or newer, undici 7 on 20.18.1 or newer",
        "npm install undici",
        "Client, ProxyAgent, fetch",
    )
}

/// Node's `fetch` has no limit of its own, and what its `NODE_USE_ENV_PROXY` switches on has none either. It takes a
/// dispatcher of the package undici, dependably only of the version that Node is built with.
pub(super) fn node_fetch(input: &Checked) -> Snippet {
    written(input, "Node.js 20 to 26", "npm install undici@$(node -p process.versions.undici)", "Client, ProxyAgent")
}

fn written(input: &Checked, versions: &'static str, install: &'static str, imports: &str) -> Snippet {
    Snippet {
        files: vec![File { name: "fetch.mjs", text: include_str!("undici.mjs").into() }],
        language: "javascript",
        versions,
        install,
        run: "node fetch.mjs",
        caps: Caps::OpenConnections,
        not_capped: "Not capped: other programs on the same plan. HTTP/2 is off, or one connection would carry many requests.",
        promised_connections: input.cap,
    }
    .filled(&[
        ("imports", imports),
        ("proxy", &escape::javascript(&input.proxy.url())),
        ("cap", &digits(input.cap)),
        ("urls", &lines(&input.urls, "  ", escape::javascript, ",")),
    ])
}
