//! `watchfloor runbook list`: what a folder holds, and what of it fits an alert.

use std::fmt::Write as _;

use runbook::{IndexedRunbook, Runbook, RunbookQuestion, find};
use text::{Outside, SafeText};

use super::folder;
use crate::cli::RunbookList;
use crate::config::Config;
use crate::shell;

/// Widest columns of a path and of a title.
const COLUMNS_MAX: usize = 48;

/// A document of a list.
struct Listed {
    entry: IndexedRunbook,
    steps: usize,
}

pub(super) fn command(config: &Config, list: &RunbookList) -> anyhow::Result<u8> {
    let folders = super::folders(config, list.folder.as_deref())?;
    let mut listed = Vec::new();
    let mut unread = Vec::new();
    for (at, root) in folders.iter().enumerate() {
        let walk = folder::walk(root);
        unread.extend(walk.unread);
        for file in walk.documents {
            match folder::read(&file.path) {
                Ok(bytes) => listed.push(of(at, file.name, &runbook::parse(&bytes))),
                Err(why) => unread.push(folder::Unread::new(&file.path, why)),
            }
        }
    }
    let question = question(list);
    let is_asked = question != RunbookQuestion::default();
    let roots: Vec<String> = folders.iter().map(|root| super::shown(root)).collect();
    let (text, is_found) = if is_asked {
        fitting(config, &roots, &listed, &question)
    } else {
        (all(&roots, &listed), true)
    };
    let code = shell::print(&text)?;
    super::tell(&unread);
    Ok(match (unread.is_empty(), is_found) {
        (false, _) => journal::command::MISUSED,
        (true, false) => journal::command::FAILED,
        (true, true) => code,
    })
}

fn of(folder: usize, name: Outside, runbook: &Runbook) -> Listed {
    Listed {
        entry: IndexedRunbook::new(folder, name, runbook),
        steps: runbook.steps.len(),
    }
}

fn question(list: &RunbookList) -> RunbookQuestion {
    let mut labels: Vec<(Outside, Outside)> = list
        .label
        .iter()
        .map(|(name, value)| (name.as_str().into(), value.as_str().into()))
        .collect();
    let alert = list.alert.as_deref().map(Outside::from);
    labels.extend(
        alert
            .iter()
            .map(|alert| ("alertname".into(), alert.clone())),
    );
    RunbookQuestion {
        alert,
        labels,
        addresses: list
            .runbook_url
            .iter()
            .map(|url| url.as_str().into())
            .collect(),
        workload: None,
    }
}

fn all(roots: &[String], listed: &[Listed]) -> String {
    let mut text = String::new();
    for (at, root) in roots.iter().enumerate() {
        let own: Vec<&Listed> = listed.iter().filter(|one| one.entry.folder == at).collect();
        let _ = writeln!(text, "{root}: {}", count(own.len(), "document"));
        let width = |of: fn(&Listed) -> usize| {
            let widest = own.iter().map(|one| of(one)).max();
            widest.unwrap_or(0).min(COLUMNS_MAX)
        };
        let path_width = width(|one| one.entry.path.shown().width());
        let title_width = width(|one| title(one).width());
        for one in &own {
            let steps = count(one.steps, "step");
            let matches = matches(&one.entry);
            let line = format!(
                "  {:path_width$}  {:title_width$}  {steps:>9}  {}",
                one.entry.path.shown().truncated(COLUMNS_MAX),
                title(one).truncated(COLUMNS_MAX),
                matches.shown(),
            );
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }
    text
}

fn title(one: &Listed) -> SafeText<'_> {
    one.entry
        .title
        .as_ref()
        .map_or_else(|| SafeText::from("(no title)"), Outside::shown)
}

/// `alertname=A|B namespace=*`
fn matches(entry: &IndexedRunbook) -> Outside {
    let each = entry.matches.iter().map(|(label, values)| {
        let values: Vec<&str> = values.iter().map(Outside::raw).collect();
        let values = if values.is_empty() {
            "*".to_owned()
        } else {
            values.join("|")
        };
        format!("{}={values}", label.raw())
    });
    each.collect::<Vec<_>>().join(" ").into()
}

/// What fits, or where it was looked for.
fn fitting(
    config: &Config,
    roots: &[String],
    listed: &[Listed],
    question: &RunbookQuestion,
) -> (String, bool) {
    let index: Vec<IndexedRunbook> = listed.iter().map(|one| one.entry.clone()).collect();
    let search = find(&index, &config.runbooks.urls, question);
    let mut text = String::new();
    for found in &search.found {
        let entry = &index[found.document];
        let anchor = found.anchor.as_ref();
        let anchor = anchor.map_or(String::new(), |anchor| format!("#{}", anchor.shown()));
        let root = &roots[entry.folder];
        let (path, reason) = (entry.path.shown(), found.by.words());
        let _ = writeln!(text, "{root}/{path}{anchor}: {}", reason.shown());
    }
    if search.found.is_empty() {
        let documents = count(index.len(), "document");
        let _ = writeln!(
            text,
            "none of {documents} in {} fits. Looked for:",
            roots.join(", ")
        );
        for words in &search.looked_for {
            let _ = writeln!(text, "  {}", words.shown());
        }
    }
    (text, !search.found.is_empty())
}

pub(super) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
