//! Who may use whom. Cargo holds it; this holds that the graph is the one that `ARCHITECTURE.md` shows, and what neither Cargo
//! nor clippy can say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;
use serde_json::Value;

/// Crates for one crate alone: what knows a protocol, a file format or a device.
const ONE_OWNER: &[(&str, &str)] = &[
    ("crossterm", "terminal"),
    ("k8s-openapi", "kubernetes"),
    ("kube", "kubernetes"),
    ("pulldown-cmark", "runbook"),
    ("reqwest", "kubernetes"),
    ("rusqlite", "journal"),
    ("signal-hook", "terminal"),
    ("tui-textarea", "view"),
];

/// Crates without a clock, randomness and I/O.
const PURE: &[&str] = &["keys", "model", "runbook", "text", "update", "view"];

/// Longest file that needs no entry in [`LONG`].
const LINES_MAX: usize = 300;

/// Files that are longer, and how long each may be: the numbers only fall.
const LONG: &str = include_str!("long-files.txt");

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn packages() -> Vec<Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "cargo metadata: {output:?}");
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Package to what it depends on outside its tests: `is_ours` for those of the workspace, else the others.
fn dependencies(is_ours: bool) -> BTreeMap<String, BTreeSet<String>> {
    let depends = |package: &Value| {
        let all = package["dependencies"].as_array().unwrap().clone();
        all.into_iter()
            .filter(|one| one["kind"].is_null() && one["path"].is_string() == is_ours)
            .map(|one| {
                let renamed = one["rename"].as_str();
                renamed.unwrap_or(one["name"].as_str().unwrap()).to_owned()
            })
            .collect()
    };
    packages()
        .iter()
        .map(|package| {
            (
                package["name"].as_str().unwrap().to_owned(),
                depends(package),
            )
        })
        .collect()
}

#[test]
fn the_graph_in_the_architecture_is_the_one_that_cargo_has() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let (_, rest) = text.split_once("<!-- crates -->").unwrap();
    let (table, _) = rest.split_once("<!-- end -->").unwrap();
    let row = Regex::new(r"(?m)^\| \[`([a-z]+)`\]\([^)]*\) \|[^|]*\| ([^|]*) \|$").unwrap();
    let shown: BTreeMap<String, BTreeSet<String>> = row
        .captures_iter(table)
        .map(|row| {
            let uses = row[2].split(", ").filter(|name| *name != "-");
            (row[1].to_owned(), uses.map(str::to_owned).collect())
        })
        .collect();
    let mut real = dependencies(true);
    for tests_only in ["components", "harness"] {
        real.remove(tests_only);
    }
    assert_eq!(shown, real, "left: ARCHITECTURE.md, right: cargo");
}

#[test]
fn what_knows_a_protocol_or_a_device_stands_in_one_crate() {
    for (package, names) in dependencies(false) {
        for (name, owner) in ONE_OWNER {
            let is_allowed = package == *owner || package == "components" || !names.contains(*name);
            assert!(is_allowed, "{package} depends on {name}: only {owner} may");
        }
    }
}

#[test]
fn the_pure_crates_have_the_lints_that_keep_them_so() {
    let lints = |path: &str| -> toml::Table {
        let text = std::fs::read_to_string(root().join(path)).unwrap();
        text.parse()
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let pure = lints("crates/clippy.pure.toml");
    for name in PURE {
        let own = lints(&format!("crates/{name}/clippy.toml"));
        for list in ["disallowed-types", "disallowed-methods"] {
            for entry in pure[list].as_array().unwrap() {
                let has = own[list].as_array().unwrap().contains(entry);
                assert!(has, "crates/{name}/clippy.toml lacks {entry}");
            }
        }
    }
}

/// `update` takes sizes from the layout and types into the editor; what is drawn is none of its business.
#[test]
fn update_uses_the_layout_and_the_editor_of_the_view_alone() {
    let path = Regex::new(r"\bview::(\{[^}]*\}|\w+)").unwrap();
    let mut seen = 0;
    for (file, text) in sources("crates/update/src") {
        for found in path.captures_iter(&text) {
            seen += 1;
            let is_allowed = matches!(&found[1], "layout" | "editor");
            assert!(is_allowed, "{}: {}", file.display(), &found[0]);
        }
    }
    assert!(
        seen > 0,
        "update names the view nowhere: the test reads the wrong folder"
    );
}

/// The read-only guard refuses what changes a cluster; this holds where such a request can be built, and by whom it is sent.
#[test]
fn requests_that_change_a_cluster_are_built_in_one_file() {
    let in_files = |pattern: &str| -> BTreeSet<String> {
        let pattern = Regex::new(pattern).unwrap();
        let folder = root().join("crates/kubernetes/src");
        let all = sources("crates/kubernetes/src").into_iter();
        all.filter_map(|(path, text)| {
            let path = path.strip_prefix(&folder).unwrap().display().to_string();
            let (code, _) = text.split_once("#[cfg(test)]").unwrap_or((&text, ""));
            let is_test = path.ends_with("tests.rs") || path.contains("/tests/");
            (!is_test && pattern.is_match(code)).then_some(path)
        })
        .collect()
    };
    let files = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let changing = r"\bMethod::(PATCH|PUT|DELETE)\b|\bRequest::(builder|patch|put|delete)\b";
    assert_eq!(in_files(changing), files(&["operate/change.rs"]));
    // The client's own requests are reads and reviews of ourselves.
    let sending = r"\bclient(\(\))?\s*\.send\(";
    let senders: BTreeSet<String> = files(&["client.rs", "operate/change.rs"]);
    assert_eq!(in_files(sending), senders);
    // The guard tells a POST from a read.
    let posting = r"\bMethod::POST\b|\bRequest::post\b|\.post\(";
    assert_eq!(in_files(posting), files(&["client.rs", "guard.rs"]));
}

#[test]
fn a_file_is_one_noun_and_does_not_grow_past_its_bound() {
    let bounds: BTreeMap<&str, usize> = LONG
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(lines, file)| (file, lines.parse().unwrap()))
        .collect();
    let mut seen = BTreeSet::new();
    for folder in ["src", "crates"] {
        for (path, text) in sources(folder) {
            let path = path.strip_prefix(root()).unwrap().display().to_string();
            if path.contains("/tests/") || path.ends_with("tests.rs") {
                continue;
            }
            let lines = text.lines().count();
            let bound = bounds.get(path.as_str()).copied();
            assert!(
                lines <= bound.unwrap_or(LINES_MAX),
                "{path} has {lines} lines, at most {}: split it by noun",
                bound.unwrap_or(LINES_MAX)
            );
            if bound.is_some() {
                assert!(
                    lines > LINES_MAX,
                    "{path} has {lines} lines: take it off tests/repository/long-files.txt"
                );
                seen.insert(path);
            }
        }
    }
    for file in bounds.keys() {
        assert!(
            seen.contains(*file),
            "{file} of long-files.txt is not there"
        );
    }
}

/// Every Rust file below a folder of the repository.
pub fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension() == Some(Path::new("rs").as_os_str()) {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} holds no Rust file");
    found
}
