//! Programs for clients: what is refused, and that nothing typed becomes anything but text. `tests/escaping` has the
//! languages' own parsers, `tests/proxies` the proxies that count.

use proptest::prelude::*;
use proxy_concurrency::Value;
use proxy_concurrency::snippet::{CLIENTS, Caps, Client, MAX_CAP, Snippet, SnippetInput, Upstream, escape, snippet};
use serde_json::json;

use crate::config;

const PROXY: &str = "http://user:pass@proxy.example:8080";

fn input(client: Client) -> SnippetInput {
    SnippetInput::new(client, 8, PROXY, &["https://example.com/", "http://example.org:81/a"])
}

fn read(record: &serde_json::Value) -> Result<SnippetInput, Vec<(String, String)>> {
    let value: Value = serde_json::from_value(record.clone()).expect("any JSON is a value");
    SnippetInput::from_value(&value)
        .map_err(|errors| errors.iter().map(|e| (e.field().to_owned(), e.to_string())).collect())
}

/// Fields that a record is refused for.
fn refused(record: &serde_json::Value) -> Vec<String> {
    read(record).expect_err("a bad record").into_iter().map(|(field, _)| field).collect()
}

#[test]
fn a_word_stands_for_each_client() {
    for (word, client) in CLIENTS.iter().zip(Client::ALL) {
        assert_eq!(serde_json::to_value(client).expect("a word"), json!(word));
        let record = json!({"client": word, "cap": 8, "proxyUrl": PROXY, "urls": ["https://example.com/", "http://example.org:81/a"]});
        assert_eq!(read(&record), Ok(input(client)));
    }
    assert_eq!(CLIENTS.len(), Client::ALL.len());
}

#[test]
fn every_client_has_a_program_that_promises_the_cap() {
    for client in Client::ALL {
        for cap in [1, 8, 157, MAX_CAP] {
            let program = snippet(&SnippetInput { cap, ..input(client) }).expect("a good input");
            assert_eq!(program.promised_connections, cap, "{client:?}");
            assert_eq!(program.caps, Caps::OpenConnections, "{client:?}");
            let Snippet { files, versions, not_capped, run, .. } = program;
            let first = &files.first().expect("a file");
            assert!(first.text.contains(versions) && first.text.contains(not_capped), "{client:?}: {}", first.text);
            assert!(run.contains(' ') && !versions.is_empty());
            for file in files {
                assert!(!file.text.contains("{{"), "{client:?}: a placeholder is left in {}", file.text);
            }
        }
    }
}

#[test]
fn a_balancer_promises_the_sum_of_its_plans() {
    let more = |cap| Upstream { proxy_url: "http://other:secret@10.0.0.1:3128".into(), cap };
    let balancer = SnippetInput { upstreams: vec![more(4), more(1)], local_port: 4000, ..input(Client::Haproxy) };
    let program = snippet(&balancer).expect("a good input");
    assert_eq!(program.promised_connections, 13);
    let text = &program.files[0].text;
    // A slot of each plan is the health check's, but where there is only one.
    for line in ["maxconn 7 check", "maxconn 3 check", "maxconn 1\n", "bind 127.0.0.1:4000", "uri example.com:443 "] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    // user:pass and other:secret, by coreutils' base64.
    assert!(text.contains("\"Basic dXNlcjpwYXNz\"") && text.contains("\"Basic b3RoZXI6c2VjcmV0\""));
    assert!(!text.contains("secret"));
    let one = snippet(&input(Client::Haproxy)).expect("a good input");
    assert!(one.files[0].text.contains("maxconn 8\n") && !one.files[0].text.contains("check"));
}

#[test]
fn what_is_wrong_is_named() {
    let good = json!({"client": "haproxy", "cap": 8, "proxyUrl": PROXY, "urls": ["https://example.com"], "upstreams": [], "localPort": 1});
    assert!(read(&good).is_ok());
    for (field, bad) in [
        ("client", json!([null, "Requests", "", 1, []])),
        ("cap", json!([null, 0, -1, 1.5, MAX_CAP + 1, "8", [8], 1e300])),
        (
            "proxyUrl",
            json!([
                null,
                1,
                "",
                "proxy.example:8080",
                "ftp://h:1",
                "http://h:1/x",
                "http://h\n:1",
                "https://h:1",
                "socks5://h:1"
            ]),
        ),
        (
            "urls",
            json!([
                null,
                [],
                "https://example.com",
                [1],
                [null],
                ["ftp://h"],
                ["https://h/\n"],
                ["https://u:p@h/"],
                vec!["http://h/"; 1001]
            ]),
        ),
        (
            "upstreams",
            json!([1, [1], [{}], [{"proxyUrl": PROXY}], [{"proxyUrl": PROXY, "cap": 0}], [{"proxyUrl": "x", "cap": 1}],
            [{"proxyUrl": PROXY, "cap": 1, "x": 1}], vec![json!({"proxyUrl": PROXY, "cap": 1}); 101]]),
        ),
        ("localPort", json!([0, 65536, 1.5, "3128"])),
    ] {
        for value in bad.as_array().expect("a list") {
            let mut record = good.clone();
            record[field] = value.clone();
            let errors = read(&record).expect_err(&format!("{field}: {value}"));
            assert_eq!(errors.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), [field], "{value}");
            assert!(errors[0].1.starts_with(field), "{}", errors[0].1);
        }
    }
    // All at once, and in the order of the fields.
    assert_eq!(refused(&json!({"client": 1, "urls": []})), ["client", "cap", "proxyUrl", "urls"]);
    assert_eq!(refused(&json!({"pace": 1})), ["client", "cap", "proxyUrl", "urls", "pace"]);
    assert_eq!(refused(&json!([])), ["snippet"]);
    let mut elsewhere = good.clone();
    (elsewhere["client"], elsewhere["upstreams"]) = (json!("curl"), json!([{"proxyUrl": PROXY, "cap": 1}]));
    assert_eq!(refused(&elsewhere), ["upstreams"]);
    // By hand, as by record.
    assert!(snippet(&SnippetInput { cap: 0, ..input(Client::Go) }).is_err());
    assert!(snippet(&SnippetInput { local_port: 0, ..input(Client::Haproxy) }).is_err());
}

#[test]
fn a_proxy_that_the_client_cannot_reach_is_refused() {
    for (client, https, socks5) in [
        (Client::Requests, true, true),
        (Client::Aiohttp, true, false),
        (Client::Httpx, true, true),
        (Client::Scrapy, false, false),
        (Client::Curl, true, true),
        (Client::Haproxy, false, false),
    ] {
        for (scheme, taken) in [("http", true), ("https", https), ("socks5", socks5), ("socks5h", socks5)] {
            let proxy_url = format!("{scheme}://u:p@proxy.example:1080");
            assert_eq!(snippet(&SnippetInput { proxy_url, ..input(client) }).is_ok(), taken, "{client:?} {scheme}");
        }
    }
}

/// What a literal means, by the common rules of the five languages with double quotes.
fn meaning(literal: &str) -> Option<String> {
    let body: Vec<char> = literal.strip_prefix('"')?.strip_suffix('"')?.chars().collect();
    let (mut units, mut i) = (Vec::new(), 0);
    while i < body.len() {
        let hex = |from: usize, length: usize| {
            u32::from_str_radix(&body.get(from..from + length)?.iter().collect::<String>(), 16).ok()
        };
        let (code, length) = match (*body.get(i)?, body.get(i + 1).copied()) {
            ('"', _) => return None,
            ('\\', Some(c @ ('"' | '\\'))) => (u32::from(c), 2),
            ('\\', Some('u')) if body.get(i + 2) == Some(&'{') => {
                let end = body.get(i..)?.iter().position(|c| *c == '}')?;
                (hex(i + 3, end - 3)?, end + 1)
            }
            ('\\', Some('u')) => (hex(i + 2, 4)?, 6),
            ('\\', Some('U')) => (hex(i + 2, 8)?, 10),
            ('\\', _) => return None,
            (c, _) => (u32::from(c), 1),
        };
        match u16::try_from(code) {
            Ok(unit) => units.push(unit),
            Err(_) => units.extend(char::from_u32(code)?.encode_utf16(&mut [0; 2]).iter()),
        }
        i += length;
    }
    String::from_utf16(&units).ok()
}

fn hostile() -> impl Strategy<Value = String> {
    let parts = vec![
        "\"",
        "'",
        "\\",
        "\n",
        "\r\n",
        "*/",
        "#",
        "//",
        "${x}",
        "%",
        "{{proxy}}",
        "\u{2028}",
        "\0",
        "\nURLS\n",
        "</script>",
        " ",
        "a",
    ];
    let part = prop_oneof![prop::sample::select(parts).prop_map(String::from), any::<char>().prop_map(String::from)];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn a_literal_means_its_text(text in hostile()) {
        for literal in [escape::python(&text), escape::go(&text), escape::rust(&text), escape::javascript(&text)] {
            prop_assert!(literal.bytes().all(|b| (b' '..=b'~').contains(&b)), "{}", literal);
            prop_assert_eq!(meaning(&literal), Some(text.clone()), "{}", literal);
        }
        prop_assert_eq!(serde_json::from_str::<String>(&escape::javascript(&text)).ok(), Some(text.clone()));
        // A shell's quotes end only where the text has one, and begin again at once.
        let shell = escape::shell(&text);
        let inside = shell.strip_prefix('\'').and_then(|s| s.strip_suffix('\'')).expect("quotes");
        let parts: Vec<_> = text.split('\'').map(|part| part.replace('\0', "")).collect();
        prop_assert_eq!(inside.split(r"'\''").collect::<Vec<_>>(), parts);
        let haproxy = escape::haproxy(&text);
        prop_assert!(haproxy.bytes().all(|b| (b' '..=b'~').contains(&b)), "{}", haproxy);
        prop_assert!(!haproxy[1..haproxy.len() - 1].contains(['"', '\'', '$', '#']), "{}", haproxy);
    }

    #[test]
    fn a_program_has_as_many_lines_whatever_is_typed(
        client in prop::sample::select(&Client::ALL[..]), user in hostile(), password in hostile(), host in hostile(), path in hostile(),
    ) {
        let plain = snippet(&input(client)).expect("a good input");
        let urls = [format!("https://example.com/{path}"), format!("http://example.org/?{path}")];
        for place in ["proxy.example:8080", &format!("{host}:8080"), &format!("proxy.example:{host}")] {
            let proxy_url = format!("http://{user}:{password}@{place}");
            let Ok(program) = snippet(&SnippetInput { proxy_url, urls: urls.to_vec(), ..input(client) }) else { continue };
            for (file, plain) in program.files.iter().zip(&plain.files) {
                prop_assert_eq!(file.text.lines().count(), plain.text.lines().count(), "{}", file.text);
                prop_assert!(file.text.bytes().all(|b| matches!(b, b' '..=b'~' | b'\n' | b'\t')), "{}", file.text);
            }
        }
    }
}
