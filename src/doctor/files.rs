//! The files on this machine: configuration, keymap, and the directory that keeps the timeline.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use crate::config::{self, Loaded};
use journal::store::directory::{self, StateDir};
use keys::keymap::Keymap;
use model::finding::Finding;
use model::journal::StoreProblem;

/// A long incident with exports takes a few megabytes; below this the disk is as good as full.
const FREE_BYTES_MIN: u64 = 64 << 20;

/// Written and removed again, to know that it can be done.
const PROBE: &str = ".doctor";

/// The configuration and the keymap it names.
pub fn configuration(loaded: &Loaded) -> Vec<Finding> {
    let mut findings: Vec<Finding> = loaded
        .problems
        .iter()
        .map(|problem| {
            Finding::bad(
                "config",
                problem.to_string(),
                "put it right; `assets/config.toml` in the sources documents every setting",
            )
        })
        .collect();
    if findings.is_empty() {
        let what = loaded.file.as_ref().map_or_else(
            || "no file: the defaults hold".to_owned(),
            |file| file.display().to_string(),
        );
        findings.push(Finding::good("config", what));
    }
    findings.push(keymap(loaded));
    findings
}

fn keymap(loaded: &Loaded) -> Finding {
    let bad = |what: String| {
        Finding::bad(
            "keymap",
            what,
            "put it right, or go on with --keymap default",
        )
    };
    match config::keymap_overlay(&loaded.config) {
        Err(problem) => bad(problem.to_string()),
        Ok(None) => Finding::good("keymap", "the built-in one"),
        Ok(Some((name, text))) => match Keymap::load(&[(&name, &text)]) {
            Ok(_) => Finding::good("keymap", name),
            Err(error) => bad(error.to_string()),
        },
    }
}

/// Where the timeline is kept.
pub fn state(configured: Option<&Path>) -> Vec<Finding> {
    let found = configured.map_or_else(StateDir::find, |path| Ok(StateDir::at(path)));
    match found.and_then(|dir| dir.prepare()) {
        Ok(path) => directory_stands(&path),
        Err(problem) => vec![refused(&problem)],
    }
}

fn refused(problem: &StoreProblem) -> Finding {
    Finding::bad("timeline", problem.what.raw(), problem.next.as_ref())
}

fn directory_stands(path: &Path) -> Vec<Finding> {
    let shown = path.display();
    if let Err(error) = probe(path) {
        return vec![Finding::bad(
            "timeline",
            format!("{shown} cannot be written: {error}"),
            "make room, or set state-dir in the configuration (or XDG_STATE_HOME) to a directory of yours",
        )];
    }
    let mut findings = vec![Finding::good("timeline", format!("{shown} can be written"))];
    if directory::is_network(path) {
        findings.push(Finding::lessened(
            "timeline",
            format!("{shown} is on a network file system: slower, and one console at a time"),
            "set state-dir to a local disk",
        ));
    }
    let free = rustix::fs::statvfs(path).map(|found| found.f_bavail.saturating_mul(found.f_frsize));
    if let Ok(free) = free
        && free < FREE_BYTES_MIN
    {
        findings.push(Finding::lessened(
            "timeline",
            format!("{} MB are free there", free >> 20),
            "make room before the disk is full: what cannot be saved waits in memory alone",
        ));
    }
    findings
}

/// A private file, written through to the disk, and gone again.
fn probe(path: &Path) -> std::io::Result<()> {
    let file = path.join(PROBE);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    let mut opened = directory::open_private(&file, &mut options)?;
    let written = opened
        .write_all(b"watchfloor doctor\n")
        .and_then(|()| opened.sync_all());
    written.and(std::fs::remove_file(&file))
}
