//! The words of the code: a type has a name of its own, and what is no word of every program, nor of Kubernetes, stands in the
//! glossary.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use regex::Regex;

use crate::crates::{root, sources};

/// Words of any program.
const GENERAL: &[&str] = &[
    "answer",
    "at",
    "awaited",
    "back",
    "by",
    "change",
    "class",
    "column",
    "connection",
    "count",
    "cursor",
    "detail",
    "differing",
    "document",
    "done",
    "due",
    "end",
    "extra",
    "failed",
    "failure",
    "field",
    "filter",
    "finished",
    "first",
    "followed",
    "following",
    "form",
    "goal",
    "refused",
    "found",
    "help",
    "history",
    "id",
    "in",
    "index",
    "input",
    "key",
    "known",
    "left",
    "line",
    "list",
    "listed",
    "mark",
    "model",
    "name",
    "named",
    "nano",
    "no",
    "open",
    "opening",
    "origin",
    "out",
    "output",
    "page",
    "pair",
    "palette",
    "parsed",
    "part",
    "pending",
    "picked",
    "picker",
    "place",
    "plan",
    "point",
    "press",
    "push",
    "range",
    "read",
    "reading",
    "reason",
    "ref",
    "requested",
    "result",
    "ring",
    "role",
    "row",
    "screen",
    "second",
    "seen",
    "sending",
    "sent",
    "setting",
    "side",
    "sort",
    "span",
    "state",
    "store",
    "table",
    "targeted",
    "text",
    "through",
    "time",
    "token",
    "use",
    "value",
    "view",
    "waiting",
    "watch",
    "watched",
    "weight",
    "yes",
];

/// Words of Kubernetes and of Alertmanager.
const THEIRS: &[&str] = &[
    "alertmanager",
    "autoscaler",
    "cluster",
    "command",
    "condition",
    "container",
    "deployment",
    "endpoint",
    "event",
    "gate",
    "job",
    "log",
    "manager",
    "namespace",
    "node",
    "object",
    "pod",
    "port",
    "readiness",
    "replica",
    "requirement",
    "scale",
    "scaled",
    "service",
    "set",
    "slice",
    "stateful",
    "status",
    "strategy",
    "template",
    "termination",
    "uid",
    "update",
    "yaml",
];

/// The types of a folder that others see, each with its file.
fn types(folder: &str) -> Vec<(String, String)> {
    let declared = Regex::new(r"(?m)^pub (?:struct|enum|trait|type) (\w+)").unwrap();
    let is_test = |file: &Path| {
        let parts = file.components().any(|part| part.as_os_str() == "tests");
        parts || file.ends_with("tests.rs")
    };
    let mut types = Vec::new();
    for (file, text) in sources(folder) {
        if !is_test(&file) {
            let of_file = declared.captures_iter(&text);
            types.extend(of_file.map(|name| (name[1].to_owned(), file.display().to_string())));
        }
    }
    types
}

/// The words of a name, in lower case and the singular: `RowCounts` is `row` and `count`.
fn words(name: &str) -> Vec<String> {
    let word = Regex::new("[A-Z][a-z0-9]*").unwrap();
    word.find_iter(name)
        .map(|word| {
            let word = word.as_str().to_lowercase();
            let is_plural = !["ss", "us", "yes"].iter().any(|end| word.ends_with(end));
            let singular = word.strip_suffix('s').filter(|_| is_plural);
            singular.map_or(word.clone(), str::to_owned)
        })
        .collect()
}

#[test]
fn a_type_of_the_model_has_a_name_of_its_own() {
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, file) in types("crates/model/src") {
        files.entry(name).or_default().push(file);
    }
    assert!(files.len() > 100, "{files:?}");
    files.retain(|_, files| files.len() > 1);
    assert!(files.is_empty(), "{files:#?}");
}

#[test]
fn the_glossary_holds_every_noun_of_the_model() {
    let architecture = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let (_, glossary) = architecture.split_once("## Glossary").unwrap();
    let (glossary, _) = glossary.split_once("\n## ").unwrap();
    let row = Regex::new(r"(?m)^\| ([^|]+) \|").unwrap();
    let terms = row.captures_iter(glossary).flat_map(|row| words(&row[1]));
    let known: BTreeSet<String> = terms
        .chain(GENERAL.iter().chain(THEIRS).map(|word| (*word).to_owned()))
        .collect();
    let mut missing: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, _) in types("crates/model/src") {
        for word in words(&name) {
            if !known.contains(&word) {
                missing.entry(word).or_default().insert(name.clone());
            }
        }
    }
    assert!(missing.is_empty(), "not in the glossary: {missing:#?}");
}
