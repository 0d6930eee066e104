//! Every public function of the core is named in a native test.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Public functions that no native test needs to name, with the reason.
const ELSEWHERE: [(&str, &str); 1] =
    [("write_with", "with JavaScript's numbers: every refusal of the wasm runner; with Rust's: Display")];

fn sources(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder of sources").map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let files = files.iter().filter(|path| path.extension().is_some_and(|x| x == "rs"));
    let mut texts: Vec<String> = files.map(|path| fs::read_to_string(path).expect("a source")).collect();
    texts.extend(folders.iter().flat_map(|folder| sources(folder)));
    texts
}

/// Names after `pub fn` or `pub const fn`.
fn public_functions(source: &str) -> impl Iterator<Item = &str> {
    let lines = source.lines().map(str::trim_start);
    lines
        .filter_map(|line| line.strip_prefix("pub const fn ").or_else(|| line.strip_prefix("pub fn ")))
        .filter_map(|rest| rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next())
        // A name that a macro fills in.
        .filter(|name| !name.is_empty())
}

#[test]
fn every_public_function_is_tested() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let core = sources(&root.join("../core/src"));
    // What `evaluate` calls is judged on the reference tables.
    let tests = ["native", "src", "../core/examples"].map(|folder| sources(&root.join(folder)).join("\n")).join("\n");
    let words: BTreeSet<&str> = tests.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
    let public: BTreeSet<&str> = core.iter().flat_map(|source| public_functions(source)).collect();
    assert!(public.len() > 20, "only {} public functions were found", public.len());
    let untested: Vec<&str> = public
        .into_iter()
        .filter(|name| !words.contains(name) && !ELSEWHERE.iter().any(|(known, _)| known == name))
        .collect();
    assert!(untested.is_empty(), "no native test names {}", untested.join(", "));
}
