//! Facts that can be counted: each number is that of rows further down.

use super::sections::of;
use super::{Report, alerts};
use model::entry::Draft;
use model::kind::{Kind, RolloutEnd};

pub(super) fn section(report: &Report) -> String {
    let count = |kind: Kind| of(report, move |draft| draft.kind == kind).count();
    [
        format!(
            "- alerts fired: {}, resolved: {}, silences: {}",
            alerts::count(report, Kind::AlertFired),
            alerts::count(report, Kind::AlertResolved),
            count(Kind::AlertSilenced)
        ),
        rollouts(report),
        pods(report),
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

/// What was so when a console started turned sick at another time.
fn pods(report: &Report) -> String {
    let count = |wanted: PodNews| {
        let is_it = |draft: &Draft| news(draft) == Some(wanted);
        of(report, is_it).count()
    };
    let mut line = format!(
        "- workloads turned sick: {}, well again: {}",
        count(PodNews::Sick),
        count(PodNews::Well)
    );
    let before = count(PodNews::AtStart);
    if before > 0 {
        let entries = if before == 1 { "entry" } else { "entries" };
        line = format!("{line}; already so when a console started: {before} {entries}");
    }
    line
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PodNews {
    Sick,
    Well,
    AtStart,
    /// It goes on.
    Still,
}

pub(super) fn news(draft: &Draft) -> Option<PodNews> {
    if draft.kind != Kind::PodTransition {
        return None;
    }
    Some(if draft.refers_to.is_some() {
        match draft.tags.as_slice() {
            [] => PodNews::Well,
            _ => PodNews::Still,
        }
    } else if draft.is_backfilled() || draft.target.is_none() {
        PodNews::AtStart
    } else {
        PodNews::Sick
    })
}
