//! One record per line on stdin, one program per line on stdout, both as JSON:
//!
//! ```sh
//! echo '{"client": "requests", "cap": 157, "proxyUrl": "http://user:password@proxy.example:8080",
//!        "urls": ["https://example.com/"]}' | tr -d '\n' | cargo run --example snippet
//! ```
//!
//! What cannot be written is `{"errors": […]}`, with every field that is wrong and why.

use std::io::{self, BufRead, BufWriter, Write};

use proxy_concurrency::snippet::{Snippet, SnippetInput, snippet};
use proxy_concurrency::{Errors, Value};
use serde_json::json;

fn program(record: &Value) -> Result<Snippet, Errors> {
    snippet(&SnippetInput::from_value(record)?)
}

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let answer = match program(&serde_json::from_str(&line?)?) {
            Ok(snippet) => json!(snippet),
            Err(errors) => {
                let refused = |e: &proxy_concurrency::Error| json!({"field": e.field(), "message": e.to_string()});
                json!({"errors": errors.iter().map(refused).collect::<Vec<_>>()})
            }
        };
        writeln!(out, "{answer}")?;
    }
    out.flush()
}
