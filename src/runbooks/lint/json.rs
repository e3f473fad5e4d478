//! The report as JSON, for programs: no character in it that a terminal obeys.

use runbook::{LintFinding, LintKind, StepRunner, Tally};
use serde_json::{Value, json};
use text::Outside;

use super::{LintReport, LintedDocument, summary};

pub(super) fn json(report: &LintReport) -> anyhow::Result<String> {
    let reasons = summary::reasons(report).into_iter();
    let reasons = reasons.map(|(why, number)| json!({"reason": why, "steps": number}));
    let unread = report.unread.iter();
    let unread = unread.map(|one| json!({"path": one.path.raw(), "why": one.why}));
    let value = json!({
        "format": "watchfloor runbook lint 1",
        "documents": report.documents.iter().map(document).collect::<Vec<_>>(),
        "total": tally(&report.tally),
        "reasons": reasons.collect::<Vec<_>>(),
        "unread": unread.collect::<Vec<_>>(),
    });
    let text = serde_json::to_string_pretty(&value)?;
    Ok(journal::export::escaped(&text) + "\n")
}

fn document(document: &LintedDocument) -> Value {
    json!({
        "path": document.path.raw(),
        "title": document.title.as_ref().map(Outside::raw),
        "steps": tally(&document.tally),
        "findings": document.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn finding(finding: &LintFinding) -> Value {
    let placeholders = match &finding.kind {
        LintKind::Unbound(keys) | LintKind::Unmarked(keys) => keys.clone(),
        LintKind::Problem(_)
        | LintKind::Unparsable(_)
        | LintKind::NoWayBack
        | LintKind::DeadAnchor(_)
        | LintKind::DeadLink(_) => Vec::new(),
    };
    json!({
        "first_line": finding.lines.first,
        "last_line": finding.lines.last,
        "kind": finding.kind.name(),
        "words": finding.kind.words().raw(),
        "placeholders": placeholders,
    })
}

fn tally(tally: &Tally) -> Value {
    let classes = tally.by_class.iter();
    let classes = classes.map(|(class, number)| (class.word().to_owned(), json!(number)));
    let runners = tally.by_runner.iter();
    let runners = runners.map(|(runner, number)| (runner_name(*runner).to_owned(), json!(number)));
    json!({
        "found": tally.steps,
        "by_class": Value::Object(classes.collect()),
        "by_runner": Value::Object(runners.collect()),
        "with_placeholders": tally.with_placeholders,
        "given": tally.given,
        "bound": tally.bound,
    })
}

fn runner_name(runner: StepRunner) -> &'static str {
    match runner {
        StepRunner::Console => "console",
        StepRunner::GuardedProcess => "guarded_process",
        StepRunner::Person => "person",
        StepRunner::Nobody => "refused",
    }
}
