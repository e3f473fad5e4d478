//! Who may import whom, read from the syntax tree of every source file: a wrong import, a clock or a die in the pure core,
//! or outside text on its way to the screen unsanitised fails here with its file and line.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use syn::spanned::Spanned;
use syn::visit::Visit;

/// One layer: its name, the layers it may name, the external crates it may name and why.
struct Layer {
    name: &'static str,
    layers: &'static [&'static str],
    crates: &'static [(&'static str, &'static str)],
}

/// The wiring: these may name everything.
const FREE: &[&str] = &["app", "main", "lib", "start", "shell"];

/// A function of values only: no clock, no dice, no order that changes from run to run.
const PURE: &[&str] = &[
    "text", "key", "keymap", "action", "theme", "editor", "model", "message", "update", "view",
    "export",
];

const SERDE: (&str, &str) = ("serde", "state and messages are recorded and replayed");
const CHRONO: (&str, &str) = ("chrono", "wall clock values; never read here");
const SEGMENTATION: (&str, &str) = ("unicode_segmentation", "cursor and cuts by cluster");
const ARCSTR: (&str, &str) = ("arcstr", "shared text behind one word");
const WIDTH: (&str, &str) = ("unicode_width", "columns, not characters");
const RATATUI: (&str, &str) = ("ratatui", "cells, styles, rectangles");
const THISERROR: (&str, &str) = ("thiserror", "errors that name the thing");
const ANYHOW: (&str, &str) = ("anyhow", "errors with context");
const TRACING: (&str, &str) = ("tracing", "the whole error goes to the log");
const TOKIO: (&str, &str) = ("tokio", "tasks and channels");
const STRSIM: (&str, &str) = ("strsim", "the nearest right word for a wrong one");
const TOML: (&str, &str) = ("toml", "configuration and keymaps");
const RUSTIX: (&str, &str) = ("rustix", "system calls without unsafe code");

const LAYERS: &[Layer] = &[
    Layer {
        name: "text",
        layers: &[],
        crates: &[
            ARCSTR,
            SERDE,
            SEGMENTATION,
            WIDTH,
            ("icu_properties", "Unicode's tables"),
            ("memchr", "search"),
            ("ratatui", "only the last guard, over its Buffer"),
        ],
    },
    Layer {
        name: "key",
        layers: &[],
        crates: &[SERDE, THISERROR],
    },
    Layer {
        name: "action",
        layers: &[],
        crates: &[SERDE, THISERROR, STRSIM],
    },
    Layer {
        name: "keymap",
        layers: &["action", "key"],
        crates: &[SERDE, TOML, STRSIM, THISERROR, ANYHOW],
    },
    Layer {
        name: "theme",
        layers: &["text", "key"],
        crates: &[SERDE, RATATUI],
    },
    Layer {
        name: "config",
        layers: &["text", "key"],
        crates: &[
            SERDE,
            TOML,
            STRSIM,
            THISERROR,
            ANYHOW,
            ("directories", "XDG places"),
            RUSTIX,
            ("regex", "patterns of protected scopes"),
        ],
    },
    Layer {
        name: "cli",
        layers: &[],
        crates: &[
            ("clap", "flags"),
            ("clap_complete", "the names of shells"),
            CHRONO,
        ],
    },
    Layer {
        name: "editor",
        layers: &["key", "text"],
        crates: &[
            SERDE,
            RATATUI,
            SEGMENTATION,
            WIDTH,
            ("tui_textarea", "the only file that names it"),
        ],
    },
    Layer {
        name: "model",
        layers: &["text", "key", "action", "keymap"],
        crates: &[
            ARCSTR,
            SERDE,
            CHRONO,
            SEGMENTATION,
            WIDTH,
            THISERROR,
            STRSIM,
            ("serde_json", "trimmed documents kept as values"),
            ("pulldown_cmark", "Markdown of notes and runbooks"),
            ("memchr", "search over log segments"),
            ("regex", "filters"),
            ("ulid", "ids, from the seeded generator only"),
            ("fastrand", "the seeded generator"),
            ("sha2", "the hash chain is defined by the model"),
            ("nucleo_matcher", "the palette finds by letters in order"),
            ("similar", "what differs between two templates"),
        ],
    },
    Layer {
        name: "message",
        layers: &["model", "action", "key", "text"],
        crates: &[SERDE, CHRONO],
    },
    Layer {
        name: "update",
        layers: &[
            "model",
            "message",
            "action",
            "keymap",
            "key",
            "text",
            "editor",
            "view::layout",
        ],
        crates: &[
            SERDE,
            CHRONO,
            SEGMENTATION,
            WIDTH,
            STRSIM,
            ("memchr", "filters"),
            ("regex", "filters"),
            ("ulid", "ids, from the seeded generator only"),
            ("ratatui", "the rectangles of view::layout"),
        ],
    },
    Layer {
        name: "view",
        layers: &[
            "model", "action", "keymap", "key", "theme", "text", "editor",
        ],
        crates: &[
            RATATUI,
            CHRONO,
            SEGMENTATION,
            WIDTH,
            ("textwrap", "lines broken between words"),
        ],
    },
    Layer {
        name: "source",
        layers: &["model", "message", "text", "config"],
        crates: &[
            ARCSTR,
            SERDE,
            CHRONO,
            THISERROR,
            ANYHOW,
            TRACING,
            TOKIO,
            RUSTIX,
            ("base64", "protocol"),
            ("bytes", "protocol"),
            ("directories", "XDG places"),
            ("fastrand", "jitter"),
            (
                "foldhash",
                "interner and ledger, seeded anew for each process",
            ),
            ("futures", "streams"),
            ("http", "the only layer that speaks it, with demo"),
            ("http_body_util", "protocol"),
            ("hyper", "our client stack"),
            ("hyper_util", "our client stack"),
            ("k8s_openapi", "the only layer that names Kubernetes types"),
            ("kube", "the only layer that names Kubernetes types"),
            ("memchr", "log splitting"),
            (
                "process_wrap",
                "a credential plugin in a session of its own",
            ),
            ("prost", "protobuf"),
            ("regex", "redaction"),
            ("reqwest", "Alertmanager and Prometheus"),
            ("rustls", "TLS provider"),
            ("serde_json", "protocol"),
            ("serde_saphyr", "an object as YAML"),
            ("strsim", "the nearest context name"),
            ("tokio_rustls", "our client stack"),
            ("tokio_util", "framing"),
            ("tower", "our client stack"),
            ("tower_http", "our client stack"),
        ],
    },
    Layer {
        name: "store",
        layers: &["model", "message", "text"],
        crates: &[
            SERDE,
            CHRONO,
            THISERROR,
            ANYHOW,
            TRACING,
            TOKIO,
            RUSTIX,
            ("directories", "XDG places"),
            ("fastrand", "salts of digests"),
            ("regex", "redaction"),
            ("rusqlite", "the only layer that names it"),
            ("serde_json", "bodies"),
            ("sha2", "the hash chain"),
            ("ulid", "ids"),
        ],
    },
    Layer {
        name: "command",
        layers: &["model", "text", "store", "export"],
        crates: &[CHRONO, ("rusqlite", "its error becomes words")],
    },
    Layer {
        name: "export",
        layers: &["model", "text"],
        crates: &[
            ("csv", "RFC 4180"),
            SERDE,
            CHRONO,
            WIDTH,
            THISERROR,
            ("serde_json", "a format"),
        ],
    },
    Layer {
        name: "doctor",
        layers: &[
            "model", "source", "store", "terminal", "config", "keymap", "text",
        ],
        crates: &[ANYHOW, RUSTIX],
    },
    Layer {
        name: "terminal",
        layers: &["key", "message", "text"],
        crates: &[
            RATATUI,
            RUSTIX,
            TOKIO,
            TRACING,
            THISERROR,
            ANYHOW,
            WIDTH,
            ("base64", "OSC 52"),
            ("crossterm", "the only layer that names it"),
            ("memchr", "paste"),
            ("signal_hook", "signals"),
        ],
    },
    Layer {
        name: "demo",
        layers: &[],
        crates: &[
            SERDE,
            CHRONO,
            ANYHOW,
            THISERROR,
            TRACING,
            TOKIO,
            RUSTIX,
            ("base64", "the kubeconfig it writes"),
            ("bytes", "http"),
            ("fastrand", "the seeded world"),
            ("futures", "streams"),
            ("http", "it is a server"),
            ("http_body_util", "it is a server"),
            ("hyper", "it is a server"),
            ("hyper_util", "it is a server"),
            ("prost", "it answers protobuf"),
            ("rcgen", "a certificate made at start"),
            ("regex", "selectors"),
            ("rustls", "TLS on loopback"),
            ("serde_json", "it answers JSON"),
            ("sha2", "template hashes"),
            ("strsim", "the scenario that was meant"),
            ("tokio_rustls", "TLS on loopback"),
            ("tokio_util", "http"),
            ("tower", "the Service trait"),
            ("ulid", "uids"),
        ],
    },
];

/// Length from which a file is named in the report: STYLE, rule 2.
const LINES_MAX: usize = 300;

#[test]
fn every_file_imports_only_what_its_layer_may() {
    let faults: Vec<String> = sources().iter().flat_map(faults).collect();
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn every_folder_of_the_house_is_a_layer() {
    let unknown: BTreeSet<String> = sources()
        .iter()
        .map(Source::layer)
        .filter(|layer| {
            !FREE.contains(&layer.as_str()) && !LAYERS.iter().any(|known| known.name == layer)
        })
        .collect();
    assert!(
        unknown.is_empty(),
        "not in the table of tests/layers.rs: {unknown:?}"
    );
}

#[test]
fn long_files_are_named() {
    let mut files: Vec<(usize, PathBuf)> = sources()
        .into_iter()
        .map(|file| (file.text.lines().count(), file.path))
        .collect();
    files.sort();
    for (lines, path) in files
        .iter()
        .rev()
        .take_while(|(lines, _)| *lines > LINES_MAX)
    {
        println!("over {LINES_MAX} lines: {lines:5} {}", path.display());
    }
}

#[test]
fn wrong_imports_are_found() {
    let cases = [
        ("model/a.rs", "use crate::view::pods;", "`view`"),
        (
            "model/a.rs",
            "use crate::{text::Outside, source};",
            "`source`",
        ),
        ("model/a.rs", "use super::super::store;", "`store`"),
        (
            "model/a.rs",
            "fn f() { crate::terminal::enter(); }",
            "`terminal`",
        ),
        (
            "model/a.rs",
            "fn f() { println!(\"{}\", crate::terminal::x()); }",
            "`terminal`",
        ),
        ("model/a.rs", "type P = kube::Client;", "crate `kube`"),
        (
            "model/a.rs",
            "use std::collections::{BTreeMap, HashMap};",
            "HashMap",
        ),
        (
            "update/a.rs",
            "fn f() { let x = std::collections::HashSet::<u8>::new(); }",
            "HashSet",
        ),
        (
            "update/a.rs",
            "fn f() { let now = chrono::Utc::now(); }",
            "clock",
        ),
        (
            "update/a.rs",
            "use crate::view::pods::draw;",
            "`view::pods`",
        ),
        ("model/a.rs", "fn f() -> u8 { fastrand::u8(..) }", "dice"),
        ("model/a.rs", "fn f() { ulid::Ulid::new(); }", "dice"),
        (
            "view/a.rs",
            "fn f(o: &crate::text::Outside) { o.raw(); }",
            ".raw()",
        ),
        (
            "view/a.rs",
            "fn f() { use crate::text::Outside; names.map(Outside::raw); }",
            "Outside::raw",
        ),
    ];
    for (path, text, said) in cases {
        let file = Source {
            path: path.into(),
            text: text.to_owned(),
        };
        let faults = faults(&file).join("\n");
        assert!(
            faults.contains(said),
            "{path}: {text}: {faults:?} does not say {said}"
        );
    }
}

#[test]
fn right_imports_and_tests_are_left_alone() {
    let text = "use crate::model::pods; use super::time; use std::collections::BTreeMap;
        fn f(g: &mut fastrand::Rng) -> u64 { let bytes = 1; g.u64(..) + bytes }
        #[cfg(test)] mod tests { use crate::view; fn now() { std::time::Instant::now(); } }";
    let file = Source {
        path: "model/a.rs".into(),
        text: text.to_owned(),
    };
    assert_eq!(faults(&file), Vec::<String>::new());
    let text = "use crate::view::layout; use crate::view::layout::Panes; use crate::view::{layout::split};";
    let file = Source {
        path: "update/a.rs".into(),
        text: text.to_owned(),
    };
    assert_eq!(faults(&file), Vec::<String>::new());
}

/// A file below `src`, its path relative to that.
struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    fn layer(&self) -> String {
        let first = self.path.components().next().unwrap();
        Path::new(first.as_os_str())
            .file_stem()
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned()
    }

    fn tree(&self) -> syn::File {
        syn::parse_file(&self.text)
            .unwrap_or_else(|error| panic!("{}: {error}", self.path.display()))
    }

    /// `model/pods.rs` -> `["model", "pods"]`.
    fn module(&self) -> Vec<String> {
        let path = self.path.with_extension("");
        let mut module: Vec<String> = path
            .iter()
            .map(|part| part.to_str().unwrap().to_owned())
            .collect();
        if matches!(
            module.last().map(String::as_str),
            Some("mod" | "lib" | "main")
        ) {
            module.pop();
        }
        module
    }
}

/// Every source file but those that exist only in tests (`#[cfg(test)] mod name;`).
fn sources() -> Vec<Source> {
    let files = files();
    let test_only: Vec<Vec<String>> = files.iter().flat_map(test_modules).collect();
    let (tests, sources): (Vec<Source>, Vec<Source>) = files.into_iter().partition(|file| {
        let module = file.module();
        test_only.iter().any(|test| module.starts_with(test))
    });
    assert!(!tests.is_empty() && sources.len() > 10, "src was not found");
    sources
}

/// The modules that `file` declares for tests only.
fn test_modules(file: &Source) -> Vec<Vec<String>> {
    let tree = file.tree();
    let names = tree.items.iter().filter_map(|item| match item {
        syn::Item::Mod(module) if is_test_only(&module.attrs) => Some(module.ident.to_string()),
        _ => None,
    });
    names
        .map(|name| file.module().into_iter().chain([name]).collect())
        .collect()
}

fn files() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push(Source {
                    path: path.strip_prefix(&root).unwrap().to_owned(),
                    text,
                });
            }
        }
    }
    found
}

fn faults(file: &Source) -> Vec<String> {
    let layer = file.layer();
    if FREE.contains(&layer.as_str()) {
        return Vec::new();
    }
    let tree = file.tree();
    let rules = LAYERS.iter().find(|known| known.name == layer);
    let mut reader = Reader {
        file,
        layer,
        module: file.module(),
        layers: rules.map_or(&[][..], |rules| rules.layers),
        crates: rules.map_or(&[][..], |rules| rules.crates),
        dependencies: dependencies(),
        faults: Vec::new(),
    };
    reader.visit_file(&tree);
    reader.faults
}

/// Names of all crates in `Cargo.toml`, as code spells them.
fn dependencies() -> BTreeSet<String> {
    let manifest: toml::Table = include_str!("../Cargo.toml").parse().unwrap();
    ["dependencies", "dev-dependencies"]
        .iter()
        .flat_map(|section| manifest[*section].as_table().unwrap().keys())
        .map(|name| name.replace('-', "_"))
        .collect()
}

struct Reader<'a> {
    file: &'a Source,
    layer: String,
    module: Vec<String>,
    layers: &'static [&'static str],
    crates: &'static [(&'static str, &'static str)],
    dependencies: BTreeSet<String>,
    faults: Vec<String>,
}

impl Reader<'_> {
    fn fault(&mut self, line: usize, what: &str) {
        let fault = format!(
            "src/{}:{line}: {what} [layer {}]",
            self.file.path.display(),
            self.layer
        );
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// One path, from its first segment on.
    fn path(&mut self, segments: &[String], line: usize) {
        let Some(first) = segments.first() else {
            return;
        };
        match first.as_str() {
            "crate" => self.ours(&segments[1..], line),
            "super" => {
                let up = segments
                    .iter()
                    .take_while(|segment| *segment == "super")
                    .count();
                let kept = self.module.len().saturating_sub(up);
                let path: Vec<String> = self.module[..kept]
                    .iter()
                    .chain(&segments[up..])
                    .cloned()
                    .collect();
                self.ours(&path, line);
            }
            name if segments.len() > 1
                && self.dependencies.contains(name)
                && !self.crates.iter().any(|(allowed, _)| *allowed == name) =>
            {
                self.fault(line, &format!("names the crate `{name}`"));
            }
            _ => {}
        }
        if PURE.contains(&self.layer.as_str()) {
            self.purity(segments, line);
        }
    }

    /// A path from our crate's root.
    fn ours(&mut self, path: &[String], line: usize) {
        let Some(layer) = path.first() else { return };
        let known =
            LAYERS.iter().any(|known| known.name == layer) || FREE.contains(&layer.as_str());
        if !known || *layer == self.layer || self.layers.contains(&layer.as_str()) {
            return;
        }
        let pair = path
            .iter()
            .take(2)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("::");
        if !self.layers.contains(&pair.as_str()) {
            self.fault(line, &format!("names `{pair}` of the layer `{layer}`"));
        }
    }

    fn purity(&mut self, segments: &[String], line: usize) {
        let names: Vec<&str> = segments.iter().map(String::as_str).collect();
        if let Some(name) = names
            .iter()
            .find(|name| matches!(**name, "HashMap" | "HashSet"))
        {
            self.fault(
                line,
                &format!(
                    "{name}: its order changes from run to run, use BTreeMap, BTreeSet or a Vec"
                ),
            );
        }
        match names.as_slice() {
            [.., "Utc" | "Local" | "Instant" | "SystemTime", "now"] => {
                self.fault(line, "reads a clock: time comes with the message");
            }
            [.., "Ulid", "new" | "generate" | "from_datetime"] | [.., "Rng", "new"] => {
                self.fault(
                    line,
                    "rolls dice: ids come from the seeded generator in the Model",
                );
            }
            ["fastrand", name, ..] if *name != "Rng" => {
                self.fault(
                    line,
                    "rolls dice: ids come from the seeded generator in the Model",
                );
            }
            [.., "Outside", "raw" | "raw_bytes"] if self.layer == "view" => {
                self.fault(line, "Outside::raw: only `shown` may reach the screen");
            }
            _ => {}
        }
    }

    fn use_tree(&mut self, prefix: &[String], tree: &syn::UseTree) {
        let line = tree.span().start().line;
        let with = |name: String| prefix.iter().cloned().chain([name]).collect::<Vec<_>>();
        match tree {
            syn::UseTree::Path(path) => self.use_tree(&with(path.ident.to_string()), &path.tree),
            syn::UseTree::Name(name) if name.ident == "self" => self.path(prefix, line),
            syn::UseTree::Name(name) => self.path(&with(name.ident.to_string()), line),
            syn::UseTree::Rename(rename) => self.path(&with(rename.ident.to_string()), line),
            syn::UseTree::Glob(_) => self.path(&with("*".to_owned()), line),
            syn::UseTree::Group(group) => group
                .items
                .iter()
                .for_each(|item| self.use_tree(prefix, item)),
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.use_tree(&[], &item.tree);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if is_test_only(&item.attrs) {
            return;
        }
        self.module.push(item.ident.to_string());
        syn::visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        self.path(&segments, path.span().start().line);
        syn::visit::visit_path(self, path);
    }

    /// What stands inside a macro is not a tree: its paths are picked out of the tokens.
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let line = call.span().start().line;
        let tokens = call.tokens.to_string();
        let paths =
            regex::Regex::new(r"[A-Za-z_][A-Za-z0-9_]*(\s*::\s*[A-Za-z_][A-Za-z0-9_]*)+").unwrap();
        for found in paths.find_iter(&tokens) {
            let segments: Vec<String> = found
                .as_str()
                .split("::")
                .map(|segment| segment.trim().to_owned())
                .collect();
            self.path(&segments, line);
        }
        if self.layer == "view" && tokens.replace(' ', "").contains(".raw()") {
            self.fault(line, ".raw(): only `shown` may reach the screen");
        }
        syn::visit::visit_macro(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if self.layer == "view" && matches!(call.method.to_string().as_str(), "raw" | "raw_bytes") {
            self.fault(
                call.span().start().line,
                ".raw(): only `shown` may reach the screen",
            );
        }
        syn::visit::visit_expr_method_call(self, call);
    }
}

fn is_test_only(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .meta
                .require_list()
                .is_ok_and(|list| list.tokens.to_string() == "test")
    })
}
