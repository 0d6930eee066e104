//! Rust, reqwest: behind a guard in the same program, since reqwest has no limit of its own.

use alloc::vec;

use super::{Caps, Checked, File, Snippet, digits, escape, lines};

pub(super) fn snippet(input: &Checked) -> Snippet {
    Snippet {
        files: vec![
            File { name: "src/main.rs", text: include_str!("reqwest.main.rs").into() },
            File { name: "Cargo.toml", text: include_str!("reqwest.toml").into() },
        ],
        language: "rust",
        versions: "reqwest 0.13 on tokio 1, Rust 1.85 or newer",
        install: "",
        run: "cargo run --release",
        caps: Caps::OpenConnections,
        not_capped: "Not capped: other programs on the same plan. HTTP/2 is off, or one connection would carry many requests.",
        promised_connections: input.cap,
    }
    .filled(&[
        ("proxy", &escape::rust(&input.proxy.url())),
        ("port", &digits(input.proxy.port.into())),
        ("cap", &digits(input.cap)),
        ("urls", &lines(&input.urls, "    ", escape::rust, ",")),
    ])
}
