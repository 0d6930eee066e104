//! The vector files against the core.

use std::collections::BTreeSet;

use proxy_concurrency_tests::{answer, at, folder, meets, read, rows, same, special};
use serde_json::Value as Json;

#[test]
fn every_row_gives_exactly_what_it_wants() {
    let mut wrong = Vec::new();
    for row in rows() {
        match answer(&special(&row.input)) {
            Err(message) => wrong.push(format!("{}: {message}", row.name)),
            Ok(report) => {
                for (path, want) in &row.want {
                    match at(&report, path) {
                        Some(got) if meets(got, want, row.within) => {}
                        got => wrong.push(format!("{}: {path} is {got:?}, not {want}", row.name)),
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_json_file_is_read_and_every_row_has_its_own_name() {
    let mut names = BTreeSet::new();
    let mut files = BTreeSet::from(["refusals".to_owned()]);
    for row in rows() {
        files.extend(row.name.split(':').next().map(str::to_owned));
        assert!(names.insert(row.name.clone()), "{} is there twice", row.name);
    }
    let folder = folder().read_dir().expect("tests/vectors");
    for path in folder.map(|entry| entry.expect("an entry of tests/vectors").path()) {
        if path.extension().is_some_and(|x| x == "json") {
            let name = path.file_stem().and_then(|x| x.to_str()).unwrap_or_default().to_owned();
            assert!(files.contains(&name), "no runner reads {name}.json");
        }
    }
    assert!(names.len() >= 100, "only {} rows", names.len());
}

#[test]
fn comparison_sees_a_single_bit() {
    let a = serde_json::json!({"x": [0.1 + 0.2]});
    assert!(same(&a, &serde_json::json!({"x": [0.300_000_000_000_000_04]})));
    assert!(!same(&a, &serde_json::json!({"x": [0.3]})));
    assert!(!same(&a, &serde_json::json!({"x": [0.300_000_000_000_000_04], "y": 0})));
    assert!(read("article").is_object());
    // A row's tolerance is relative, also of nothing, and never passes what is no number.
    let (one, none) = (serde_json::json!(1), serde_json::json!(0));
    assert!(
        meets(&serde_json::json!(1.0 + 1e-14), &one, 1e-13) && !meets(&serde_json::json!(1.0 + 1e-12), &one, 1e-13)
    );
    assert!(!meets(&serde_json::json!(1e-300), &none, 1e-13) && !meets(&Json::Null, &none, 1e-13));
}
