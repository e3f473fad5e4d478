//! What a team should mend in a document before it is needed.

mod words;

use crate::block::{Block, BlockKind, TextSpan};
use crate::bound::bound_by;
use crate::problem::{RunbookProblem, SourceLines};
use crate::risk::Risk;
use crate::step::{RunbookStep, StepBody};
use crate::{Runbook, placeholder::PlaceholderStyle};
use text::Outside;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LintFinding {
    pub lines: SourceLines,
    pub kind: LintKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LintKind {
    Problem(RunbookProblem),
    /// Placeholders that only their words tell: nobody can be sure what is to be filled in.
    Unmarked(Vec<String>),
    /// Placeholders to which the document gives no value.
    Unbound(Vec<String>),
    Unparsable(String),
    /// It destroys something, and the document says nowhere how to go back.
    NoWayBack,
    DeadAnchor(Outside),
    /// Said by who asks for the files of [`local_links`].
    DeadLink(Outside),
}

/// A link to a file: whether it is there is for the caller to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalLink {
    pub lines: SourceLines,
    /// As the document has it, without the part behind `#`.
    pub path: Outside,
}

/// Words of a heading, a title or a text that promise a way back.
const WAYS_BACK: &[&str] = &[
    "rollback",
    "roll back",
    "rolling back",
    "undo",
    "revert",
    "restore",
    "recover",
    "backup",
    "back up",
    "way back",
    "snapshot",
];

pub fn lint(runbook: &Runbook) -> Vec<LintFinding> {
    let mut findings: Vec<LintFinding> = Vec::new();
    let problems = runbook.problems.iter().cloned();
    findings.extend(problems.map(|problem| LintFinding {
        lines: problem.lines,
        kind: LintKind::Problem(problem),
    }));
    let has_way_back = has_way_back(runbook);
    for step in &runbook.steps {
        of_step(runbook, step, has_way_back, &mut findings);
    }
    let anchors: Vec<&str> = anchors(&runbook.blocks);
    each_span(&runbook.blocks, &mut |span, lines| {
        let Some(anchor) = span
            .link
            .as_ref()
            .and_then(|link| link.raw().strip_prefix('#'))
        else {
            return;
        };
        if !anchor.is_empty() && !anchors.contains(&anchor.to_lowercase().as_str()) {
            findings.push(LintFinding {
                lines,
                kind: LintKind::DeadAnchor(Outside::new(anchor)),
            });
        }
    });
    findings.sort_by_key(|finding| finding.lines);
    findings
}

fn of_step(
    runbook: &Runbook,
    step: &RunbookStep,
    has_way_back: bool,
    findings: &mut Vec<LintFinding>,
) {
    let mut say = |kind| {
        findings.push(LintFinding {
            lines: step.lines,
            kind,
        })
    };
    if let StepBody::Refused(fault) = &step.body {
        say(LintKind::Unparsable(fault.words()));
    }
    let open = |is_bare: bool| -> Vec<String> {
        let of = step.placeholders.iter().filter(|one| {
            (one.style == PlaceholderStyle::Bare) == is_bare && bound_by(runbook, one).is_none()
        });
        of.map(|one| one.key.clone()).collect()
    };
    for (keys, kind) in [
        (open(false), LintKind::Unbound as fn(_) -> _),
        (open(true), LintKind::Unmarked as fn(_) -> _),
    ] {
        if !keys.is_empty() {
            say(kind(keys));
        }
    }
    if step.risk == Risk::Destructive && !has_way_back {
        say(LintKind::NoWayBack);
    }
}

fn has_way_back(runbook: &Runbook) -> bool {
    let says = |text: &str| {
        let text = text.to_lowercase();
        WAYS_BACK.iter().any(|word| text.contains(word))
    };
    let by_step = runbook.steps.iter().any(|step| {
        step.risk == Risk::Rollback
            || step
                .path
                .iter()
                .chain(&step.title)
                .any(|text| says(text.raw()))
    });
    let mut by_text = false;
    each_span(&runbook.blocks, &mut |span, _| {
        by_text |= says(span.text.raw())
    });
    by_step || by_text
}

/// Links to files beside the document.
pub fn local_links(runbook: &Runbook) -> Vec<LocalLink> {
    let mut links: Vec<LocalLink> = Vec::new();
    each_span(&runbook.blocks, &mut |span, lines| {
        let Some(link) = &span.link else {
            return;
        };
        let path = link.raw().split(['#', '?']).next().unwrap_or("");
        let has_scheme = path.split_once(':').is_some_and(|(scheme, _)| {
            scheme
                .chars()
                .all(|one| one.is_ascii_alphanumeric() || "+-.".contains(one))
        });
        let is_local = !path.is_empty() && !has_scheme && !path.starts_with("//");
        let link = LocalLink {
            lines,
            path: Outside::new(path),
        };
        if is_local && links.last() != Some(&link) {
            links.push(link);
        }
    });
    links
}

fn anchors(blocks: &[Block]) -> Vec<&str> {
    let mut found = Vec::new();
    for block in blocks {
        match &block.kind {
            BlockKind::Heading { anchor, .. } => found.push(anchor.as_str()),
            BlockKind::Quote(inner) => found.extend(anchors(inner)),
            BlockKind::List { items, .. } => {
                found.extend(items.iter().flat_map(|item| anchors(&item.blocks)))
            }
            BlockKind::Paragraph(_)
            | BlockKind::Code(_)
            | BlockKind::Table { .. }
            | BlockKind::Rule => {}
        }
    }
    found
}

fn each_span(blocks: &[Block], visit: &mut dyn FnMut(&TextSpan, SourceLines)) {
    for block in blocks {
        match &block.kind {
            BlockKind::Heading { spans, .. } | BlockKind::Paragraph(spans) => {
                for span in spans {
                    visit(span, block.lines);
                }
            }
            BlockKind::List { items, .. } => {
                for item in items {
                    each_span(&item.blocks, visit);
                }
            }
            BlockKind::Quote(inner) => each_span(inner, visit),
            BlockKind::Table { head, rows, .. } => {
                for span in head.iter().chain(rows.iter().flatten()).flatten() {
                    visit(span, block.lines);
                }
            }
            BlockKind::Code(_) | BlockKind::Rule => {}
        }
    }
}
