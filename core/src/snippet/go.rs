//! Go, net/http: each worker has one connection.

use alloc::vec;

use super::{Caps, Checked, File, Snippet, digits, escape, lines};

pub(super) fn snippet(input: &Checked) -> Snippet {
    Snippet {
        files: vec![
            File { name: "main.go", text: include_str!("go.go").into() },
            File { name: "go.mod", text: "module fetch\n\ngo 1.22\n".into() },
        ],
        language: "go",
        versions: "Go 1.22 or newer",
        install: "",
        run: "go run .",
        caps: Caps::OpenConnections,
        not_capped: "Not capped: other programs on the same plan. A dialler of one's own switches HTTP/2 off.",
        promised_connections: input.cap,
    }
    .filled(&[
        ("proxy", &escape::go(&input.proxy.url())),
        ("cap", &digits(input.cap)),
        ("urls", &lines(&input.urls, "\t", escape::go, ",")),
    ])
}
