//! Browsers, by Playwright: behind a guard in the same program, since Chromium's limits are per origin and per context.

use alloc::format;
use alloc::string::String;
use alloc::vec;

use super::url::Scheme;
use super::{Caps, Checked, File, Snippet, digits, escape, lines};

pub(super) fn snippet(input: &Checked) -> Snippet {
    let proxy = &input.proxy;
    let host = proxy.host.trim_matches(['[', ']']);
    // A certificate for an address is asked for without a name.
    let name = if host.parse::<core::net::IpAddr>().is_ok() { "" } else { host };
    let to = format!("host: {}, port: {}", escape::javascript(host), proxy.port);
    let credentials = proxy.credentials.as_ref().map_or(String::new(), |(user, password)| {
        let text = |bytes| escape::javascript(&String::from_utf8_lossy(bytes));
        format!("username: {}, password: {}", text(user), text(password))
    });
    let (module, scheme) = match proxy.scheme {
        Scheme::Http => ("net", "http"),
        Scheme::Https => ("tls", "http"),
        Scheme::Socks5 => ("net", "socks5"),
    };
    Snippet {
        files: vec![File { name: "fetch.mjs", text: include_str!("playwright.mjs").into() }],
        language: "javascript",
        versions: "Playwright 1.65 with Chromium, Node.js 20 or newer",
        install: "npm install playwright && npx playwright install chromium",
        run: "node fetch.mjs",
        caps: Caps::OpenConnections,
        not_capped: "Not capped: requests in flight, of which one HTTP/2 connection carries many, and other programs on the same plan.",
        promised_connections: input.cap,
    }
    .filled(&[
        ("to", &match proxy.scheme {
            Scheme::Https => format!("{to}, servername: {}", escape::javascript(name)),
            _ => to,
        }),
        ("credentials", &credentials),
        ("module", module),
        ("scheme", scheme),
        ("cap", &digits(input.cap)),
        ("urls", &lines(&input.urls, "  ", escape::javascript, ",")),
    ])
}
