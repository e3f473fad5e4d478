//! The sections of the post-mortem, each from the entries alone.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Report, escape};
use model::entry::{Draft, Entry, Evidence, HASHING};
use text::Outside;

pub(super) const NOT_RECORDED: &str = "not recorded";

pub(super) fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%SZ").to_string()
}

pub(super) fn or_none(parts: &[String]) -> String {
    if parts.is_empty() {
        NOT_RECORDED.to_owned()
    } else {
        parts.join(", ")
    }
}

pub(super) fn of(report: &Report, wanted: impl Fn(&Draft) -> bool) -> impl Iterator<Item = &Draft> {
    report
        .entries
        .iter()
        .map(|entry| &entry.draft)
        .filter(move |draft| wanted(draft))
}

pub(super) fn severity(draft: &Draft) -> Option<String> {
    let severity = draft.severity.as_ref()?;
    Some(escape::inline(&Outside::new(severity.name.clone())))
}

/// Who wrote, by name.
pub(super) fn people(report: &Report) -> BTreeSet<Outside> {
    of(report, Draft::is_by_person)
        .map(|draft| draft.actor.name())
        .collect()
}

/// Where it happened.
pub(super) fn contexts(report: &Report) -> BTreeSet<Outside> {
    of(report, |_| true)
        .filter_map(|draft| draft.target.as_ref()?.context.clone())
        .collect()
}

pub(super) fn count(report: &Report) -> String {
    let people = of(report, Draft::is_by_person).count();
    format!("{}, {people} of them by people", report.entries.len())
}

/// Every entry, one row each.
pub(super) fn timeline(report: &Report) -> String {
    if report.entries.is_empty() {
        return "Nothing was recorded.".to_owned();
    }
    let rows = report.entries.iter().map(|entry| {
        let draft = &entry.draft;
        let severity = severity(draft).unwrap_or_default();
        let phase = draft
            .untold_phase()
            .map_or(String::new(), |phase| format!("**{}** ", phase.word()));
        let ended = draft.ended_at.map_or(String::new(), |ended| {
            format!(" _(until {})_", ended.format("%H:%M:%SZ"))
        });
        let late = if entry.recorded_at - draft.occurred_at > chrono::TimeDelta::minutes(1) {
            format!(" _(recorded {})_", entry.recorded_at.format("%H:%M:%SZ"))
        } else {
            String::new()
        };
        format!(
            "| {} | {} | {severity} | {phase}{}{ended}{late} | {} |",
            time(draft.occurred_at),
            draft.kind.word(),
            escape::inline(&draft.title),
            escape::inline(&draft.actor.name())
        )
    });
    format!(
        "| time | kind | severity | what | who |\n|---|---|---|---|---|\n{}",
        rows.collect::<Vec<_>>().join("\n")
    )
}

/// What changed in the cluster.
pub(super) fn changes(report: &Report) -> String {
    let is_change = |draft: &Draft| draft.kind.is_change();
    let reported: Vec<String> = of(report, is_change).map(change).collect();
    if reported.is_empty() {
        "No change was seen.".to_owned()
    } else {
        reported.join("\n")
    }
}

fn change(draft: &Draft) -> String {
    let mut parts = vec![format!(
        "- {}: {}",
        time(draft.occurred_at),
        escape::inline(&draft.title)
    )];
    let Some(change) = &draft.change else {
        return parts.concat();
    };
    if let (Some(before), Some(after)) = (&change.before, &change.after) {
        parts.push(format!(
            "; {} -> {}",
            escape::code(before),
            escape::code(after)
        ));
    }
    if let (Some(from), Some(to)) = (change.revision_from, change.revision_to) {
        parts.push(format!("; revision {from} -> {to}"));
    }
    if let Some(diff) = &change.diff {
        parts.push(format!("\n\n{}\n", escape::fenced(diff, "diff")));
    }
    parts.concat()
}

/// Texts that do not fit into a row of the timeline, and what proves them.
pub(super) fn notes(report: &Report) -> String {
    let has_more = |entry: &&Entry| entry.draft.body.is_some() || !entry.draft.evidence.is_empty();
    let reported: Vec<String> = report
        .entries
        .iter()
        .filter(has_more)
        .map(|entry| note(&entry.draft))
        .collect();
    if reported.is_empty() {
        "No longer note was written.".to_owned()
    } else {
        reported.join("\n\n")
    }
}

fn note(draft: &Draft) -> String {
    let mut parts = vec![format!(
        "### {} {} ({})",
        time(draft.occurred_at),
        escape::inline(&draft.title),
        escape::inline(&draft.actor.name())
    )];
    parts.extend(draft.body.as_ref().map(|body| escape::fenced(body, "text")));
    for evidence in &draft.evidence {
        let sort = escape::inline(&Outside::new(evidence.sort.clone()));
        parts.push(format!(
            "- evidence ({sort}): {}{}",
            escape::code(&evidence.query),
            hash(evidence)
        ));
    }
    parts.join("\n\n")
}

/// What was hashed, and what gives the same.
fn hash(evidence: &Evidence) -> String {
    let Some(hash) = &evidence.sha256 else {
        return String::new();
    };
    let hash = escape::code(&Outside::new(hash.clone()));
    if evidence.query.raw().ends_with(HASHING) {
        format!("\n- SHA-256 of the line, as this command prints it: {hash}")
    } else {
        format!("\n- SHA-256 of the line alone, without its time and its end: {hash}")
    }
}
