//! How much of the documents is understood, and why the rest is not.

use std::fmt::Write as _;

use runbook::StepRunner;
use text::Outside;

use super::super::list::count;
use super::LintReport;

/// Reasons that are listed; the rarer ones are counted.
const REASONS_MAX: usize = 20;

pub(super) fn text(report: &LintReport) -> String {
    let tally = &report.tally;
    let mut text = String::new();
    let classes = tally.by_class.iter();
    let classes = classes.map(|(class, number)| format!("{number} {}", class.word()));
    let runners = tally.by_runner.iter();
    let runners = runners.map(|(runner, number)| format!("{number} {}", runner.words()));
    let listed = |parts: Vec<String>| {
        if parts.is_empty() {
            String::new()
        } else {
            format!(": {}", parts.join(", "))
        }
    };
    let _ = writeln!(
        text,
        "{}, {}{}",
        count(tally.documents, "document"),
        count(tally.steps, "step"),
        listed(classes.collect())
    );
    let _ = writeln!(text, "done{}", listed(runners.collect()));
    let _ = writeln!(
        text,
        "{} with values to fill in, {} of them given by the document",
        count(tally.with_placeholders, "step"),
        tally.given
    );
    let by_hand = tally.by_runner.get(&StepRunner::Person);
    let _ = writeln!(
        text,
        "{} of {} are bound once their values are known",
        tally.bound,
        count(tally.steps - by_hand.unwrap_or(&0), "command")
    );
    let reasons = reasons(report);
    if !reasons.is_empty() {
        text.push_str("refused, or not by the console:\n");
    }
    for (reason, number) in reasons.iter().take(REASONS_MAX) {
        let _ = writeln!(
            text,
            "{number:6}  {}",
            Outside::from(reason.as_str()).shown()
        );
    }
    if let Some(rest) = reasons.get(REASONS_MAX..).filter(|rest| !rest.is_empty()) {
        let _ = writeln!(text, "        and {}", count(rest.len(), "more reason"));
    }
    let _ = writeln!(text, "{}", count(report.finding_count(), "finding"));
    text
}

/// The most frequent first.
pub(super) fn reasons(report: &LintReport) -> Vec<(&String, usize)> {
    let reasons = report.tally.reasons.iter();
    let mut reasons: Vec<(&String, usize)> = reasons.map(|(why, number)| (why, *number)).collect();
    reasons.sort_by_key(|(why, number)| (std::cmp::Reverse(*number), *why));
    reasons
}
