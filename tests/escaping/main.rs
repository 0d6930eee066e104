//! One JSON string per line on stdin; on stdout, per line, what each language's escape makes of it.

use std::io::{self, BufRead, BufWriter, Write};

use proxy_concurrency::snippet::escape::{go, haproxy, javascript, python, rust, shell};
use serde_json::json;

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let text: String = serde_json::from_str(&line?)?;
        let literals = json!({
            "python": python(&text), "javascript": javascript(&text), "go": go(&text), "rust": rust(&text),
            "shell": shell(&text), "haproxy": haproxy(&text),
        });
        writeln!(out, "{literals}")?;
    }
    out.flush()
}
