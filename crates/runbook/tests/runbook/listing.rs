//! A document's steps as lines to compare.

use std::fmt::Write as _;

use runbook::{Runbook, RunbookStep, parse};

pub fn steps_of(document: &str) -> Vec<RunbookStep> {
    parse(document.as_bytes()).steps
}

/// The only step of one line in a fence of a shell.
pub fn step(line: &str) -> RunbookStep {
    let steps = steps_of(&format!("```bash\n{line}\n```\n"));
    assert_eq!(steps.len(), 1, "{line}: {}", listing_of(&steps));
    steps.into_iter().next().unwrap()
}

/// What the line would do.
pub fn words(line: &str) -> String {
    let step = step(line);
    let words: Vec<String> = step
        .commands()
        .iter()
        .map(runbook::StepCommand::words)
        .collect();
    words.join(" ; ")
}

/// The placeholders as they are written.
pub fn written(line: &str) -> Vec<String> {
    let step = step(line);
    step.placeholders
        .iter()
        .map(|one| one.written.raw().to_owned())
        .collect()
}

pub fn listing(runbook: &Runbook) -> String {
    listing_of(&runbook.steps)
}

fn listing_of(steps: &[RunbookStep]) -> String {
    let mut out = String::new();
    for step in steps {
        let text: Vec<&str> = step.text.raw().lines().map(str::trim).collect();
        let (class, risk, runner) = (step.class, step.risk.word(), step.runner());
        writeln!(
            out,
            "{:>3} {class:?}, {risk}, {runner:?}: {}",
            step.lines.first,
            text.join(" ")
        )
        .unwrap();
        if let Some(title) = &step.title {
            writeln!(out, "    title: {}", title.raw()).unwrap();
        }
        for command in step.commands() {
            writeln!(out, "    does: {}", command.words()).unwrap();
        }
        if let Some(reason) = step.reason() {
            writeln!(out, "    since: {reason}").unwrap();
        }
        for one in &step.placeholders {
            write!(
                out,
                "    open: {} {:?} {:?}",
                one.written.raw(),
                one.kind,
                one.style
            )
            .unwrap();
            if let Some(fallback) = &one.fallback {
                write!(out, ", else {}", fallback.raw()).unwrap();
            }
            if let Some(line) = one.assigned_on {
                write!(out, ", given on line {line}").unwrap();
            }
            out.push('\n');
        }
    }
    out
}
