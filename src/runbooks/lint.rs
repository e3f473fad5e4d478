//! `watchfloor runbook lint`: what should be mended in documents, and how much of them is understood.

mod json;
mod links;
mod summary;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use runbook::{LintFinding, Tally};
use text::Outside;

use super::folder::{self, Unread};
use crate::cli::RunbookLint;
use crate::config::Config;
use crate::shell;

/// What was found in all documents.
#[derive(Default)]
struct LintReport {
    documents: Vec<LintedDocument>,
    tally: Tally,
    unread: Vec<Unread>,
}

struct LintedDocument {
    path: Outside,
    title: Option<Outside>,
    tally: Tally,
    findings: Vec<LintFinding>,
}

pub(super) fn command(config: &Config, lint: &RunbookLint) -> anyhow::Result<u8> {
    let places = if lint.places.is_empty() {
        super::folders(config, None)?
    } else {
        lint.places.clone()
    };
    let report = LintReport::of(&places);
    if lint.json {
        shell::print(&json::json(&report)?)?;
    } else {
        shell::print(&text(&report))?;
        super::tell(&report.unread);
    }
    Ok(report.code())
}

impl LintReport {
    fn of(places: &[PathBuf]) -> LintReport {
        let mut report = LintReport::default();
        for place in places {
            if !place.is_dir() {
                report.document(place);
                continue;
            }
            let walk = folder::walk(place);
            if walk.documents.is_empty() && walk.unread.is_empty() {
                report
                    .unread
                    .push(Unread::new(place, "there is no Markdown document in it"));
            }
            report.unread.extend(walk.unread);
            for file in walk.documents {
                report.document(&file.path);
            }
        }
        report
    }

    fn document(&mut self, path: &Path) {
        let bytes = match folder::read(path) {
            Ok(bytes) => bytes,
            Err(why) => return self.unread.push(Unread::new(path, why)),
        };
        let runbook = runbook::parse(&bytes);
        let mut findings = runbook::lint(&runbook);
        findings.extend(links::dead(&runbook, path));
        findings.sort_by_key(|finding| finding.lines);
        self.tally.add(&runbook);
        let mut tally = Tally::default();
        tally.add(&runbook);
        self.documents.push(LintedDocument {
            path: Outside::from_bytes(path.as_os_str().as_encoded_bytes()),
            title: runbook.title,
            tally,
            findings,
        });
    }

    fn finding_count(&self) -> usize {
        self.documents
            .iter()
            .map(|document| document.findings.len())
            .sum()
    }

    /// 0 is clean, 1 has findings, 2 could not read all.
    fn code(&self) -> u8 {
        if !self.unread.is_empty() {
            return journal::command::MISUSED;
        }
        match self.finding_count() {
            0 => 0,
            _ => journal::command::FAILED,
        }
    }
}

fn text(report: &LintReport) -> String {
    let mut text = String::new();
    for document in &report.documents {
        for finding in &document.findings {
            let (path, line) = (document.path.shown(), finding.lines.first);
            let words = finding.kind.words();
            let _ = writeln!(text, "{path}:{line}: {}", words.shown());
        }
    }
    text + &summary::text(report)
}
