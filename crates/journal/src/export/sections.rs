//! The sections of the post-mortem, each from the entries alone.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Report, alerts, escape};
use model::entry::{Draft, Entry};
use model::kind::{ActorKind, Kind, Phase, RolloutEnd};
use text::Outside;

const NOT_RECORDED: &str = "not recorded";

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

/// The severities that the incident had, in order.
pub(super) fn severities(report: &Report) -> String {
    let is_change =
        |draft: &Draft| draft.kind == Kind::SeverityChange || draft.phase == Some(Phase::Opened);
    let reported = of(report, is_change).filter_map(|draft| {
        Some(format!(
            "{} from {}",
            severity(draft)?,
            time(draft.occurred_at)
        ))
    });
    or_none(&reported.collect::<Vec<_>>())
}

pub(super) fn duration(report: &Report) -> String {
    let Some(opened) = milestone(report, Phase::Opened) else {
        return NOT_RECORDED.to_owned();
    };
    match milestone(report, Phase::Closed) {
        Some(closed) => span(closed - opened),
        None => format!("still open, {} so far", span(report.made_at - opened)),
    }
}

pub(super) fn span(time: chrono::TimeDelta) -> String {
    let seconds = time.num_seconds().max(0);
    format!(
        "{}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

fn milestone(report: &Report, phase: Phase) -> Option<DateTime<Utc>> {
    of(report, |draft| {
        draft.kind == Kind::PhaseChange && draft.phase == Some(phase)
    })
    .map(|draft| draft.occurred_at)
    .min()
}

/// Who wrote, by name.
pub(super) fn people(report: &Report) -> BTreeSet<Outside> {
    of(report, |draft| draft.actor.kind == ActorKind::Human)
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
    let people = of(report, |draft| draft.actor.kind == ActorKind::Human).count();
    format!("{}, {people} of them by people", report.entries.len())
}

/// Facts that can be counted.
pub(super) fn summary(report: &Report) -> String {
    let count = |kind: Kind| of(report, move |draft| draft.kind == kind).count();
    [
        format!(
            "- alerts fired: {}, resolved: {}, silences: {}",
            alerts::count(report, Kind::AlertFired),
            alerts::count(report, Kind::AlertResolved),
            count(Kind::AlertSilenced)
        ),
        rollouts(report),
        format!(
            "- workloads turned sick or well: {}",
            count(Kind::PodTransition)
        ),
        format!(
            "- actions taken: {}, undone: {}",
            count(Kind::ActionIntent),
            count(Kind::ActionUndone)
        ),
    ]
    .join("\n")
}

/// A rollout is one entry, and each of its ends another one that refers to it.
fn rollouts(report: &Report) -> String {
    let count = |is_wanted: &dyn Fn(&Draft) -> bool| {
        of(report, |draft| {
            draft.kind == Kind::Rollout && is_wanted(draft)
        })
        .count()
    };
    let ended = |end: &RolloutEnd| {
        let is_it = |draft: &Draft| draft.rollout_end() == Some(*end);
        format!("{end}: {}", count(&is_it))
    };
    let ends: Vec<String> = RolloutEnd::ALL.iter().map(ended).collect();
    let ends = ends.join(", ");
    let seen = count(&|draft| draft.refers_to.is_none());
    format!("- rollouts seen: {seen}, {ends}")
}

/// When each step was reached, and which is missing.
pub(super) fn milestones(report: &Report) -> String {
    let first = |kind: Kind| {
        of(report, move |draft| draft.kind == kind)
            .map(|draft| draft.occurred_at)
            .min()
    };
    let mut rows = vec![
        ("impact began", first(Kind::ImpactStart)),
        ("first alert", first(Kind::AlertFired)),
        ("first action", first(Kind::ActionIntent)),
    ];
    rows.extend(
        Phase::ALL
            .iter()
            .map(|phase| (phase.word(), milestone(report, *phase))),
    );
    rows.push(("impact ended", first(Kind::ImpactStop)));
    let rows = rows
        .into_iter()
        .map(|(name, at)| format!("| {name} | {} |", at.map_or(NOT_RECORDED.to_owned(), time)));
    format!(
        "| milestone | reached |\n|---|---|\n{}",
        rows.collect::<Vec<_>>().join("\n")
    )
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
            .phase
            .map_or(String::new(), |phase| format!("**{}** ", phase.word()));
        let late = if entry.recorded_at - draft.occurred_at > chrono::TimeDelta::minutes(1) {
            format!(" _(recorded {})_", entry.recorded_at.format("%H:%M:%SZ"))
        } else {
            String::new()
        };
        format!(
            "| {} | {} | {severity} | {phase}{}{late} | {} |",
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

/// Each write: what was asked, what was answered, what became of it.
pub(super) fn actions(report: &Report) -> String {
    let reported =
        of(report, |draft| draft.kind == Kind::ActionIntent).map(|intent| action(report, intent));
    let reported: Vec<String> = reported.collect();
    if reported.is_empty() {
        "No action was taken from the console.".to_owned()
    } else {
        reported.join("\n\n")
    }
}

fn action(report: &Report, intent: &Draft) -> String {
    let mut lines = vec![
        format!(
            "### {} {}",
            time(intent.occurred_at),
            escape::inline(&intent.title)
        ),
        String::new(),
    ];
    lines.push(format!("- by {}", escape::inline(&intent.actor.name())));
    if let Some(command) = intent
        .command
        .as_ref()
        .and_then(|command| command.typed.as_ref())
    {
        lines.push(format!("- {}", escape::code(command)));
    }
    let answers: Vec<&Draft> = of(report, |draft| draft.refers_to == Some(intent.id)).collect();
    for (name, kind) in [
        ("result", Kind::ActionResult),
        ("verdict", Kind::ActionVerdict),
        ("undone", Kind::ActionUndone),
    ] {
        for answer in answers.iter().filter(|answer| answer.kind == kind) {
            lines.push(format!(
                "- {name} at {}: {}",
                time(answer.occurred_at),
                escape::inline(&answer.title)
            ));
        }
    }
    if !answers
        .iter()
        .any(|answer| answer.kind == Kind::ActionResult)
    {
        lines.push(
            "- **UNKNOWN**: no result was recorded; it may or may not have been carried out"
                .to_owned(),
        );
    }
    lines.join("\n")
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
        let hash = evidence.sha256.as_ref().map_or(String::new(), |hash| {
            format!(", SHA-256 {}", escape::code(&Outside::new(hash.clone())))
        });
        parts.push(format!(
            "- evidence ({sort}): {}{hash}",
            escape::code(&evidence.query)
        ));
    }
    parts.join("\n\n")
}

pub(super) fn todos(report: &Report) -> String {
    let reported: Vec<String> = of(report, |draft| draft.kind == Kind::Todo)
        .map(|draft| format!("- [ ] {}", escape::inline(&draft.title)))
        .collect();
    if reported.is_empty() {
        "None recorded.".to_owned()
    } else {
        reported.join("\n")
    }
}
