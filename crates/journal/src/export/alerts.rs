//! What fired, for how long, and who held it back: from the entries alone.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::milestones::span;
use super::sections::{self, severity, time};
use super::{Report, escape};
use model::alerts::{AlertId, AlertOrigin};
use model::entry::Draft;
use model::kind::Kind;
use text::Outside;

/// One row for each entry of an alert that fired; below, who silenced what.
pub(super) fn section(report: &Report) -> String {
    let ends = Ends::of(report.entries.iter().map(|entry| &entry.draft));
    let rows: Vec<String> = of(report, Kind::AlertFired)
        .map(|fired| row(fired, &ends))
        .collect();
    if rows.is_empty() {
        return "No alert was seen to fire.".to_owned();
    }
    let held = [Kind::AlertSilenced, Kind::AlertAcknowledged]
        .into_iter()
        .flat_map(|kind| of(report, kind))
        .map(|draft| {
            let (at, title) = (time(draft.occurred_at), escape::inline(&draft.title));
            format!("- {at}: {title}")
        });
    let held: Vec<String> = held.collect();
    let held = if held.is_empty() {
        "None was silenced.".to_owned()
    } else {
        held.join("\n")
    };
    format!(
        "| alert | severity | since | until | for |\n|---|---|---|---|---|\n{}\n\n{held}",
        rows.join("\n")
    )
}

/// How many alerts entries of this kind tell of.
pub(super) fn count(report: &Report, kind: Kind) -> usize {
    of(report, kind).map(weight).sum()
}

fn of(report: &Report, kind: Kind) -> impl Iterator<Item = &Draft> {
    sections::of(report, move |draft| draft.kind == kind)
}

fn row(fired: &Draft, ends: &Ends<'_>) -> String {
    let end = ends.end(fired);
    let until = end.map_or("not seen to end".to_owned(), time);
    let lasted = end.map_or(String::new(), |end| span(fired.occurred_at, end));
    format!(
        "| {} | {} | {} | {until} | {lasted} |",
        escape::inline(&fired.title),
        severity(fired).unwrap_or_default(),
        time(fired.occurred_at),
    )
}

/// When alerts ended.
pub(super) struct Ends<'a> {
    by_id: BTreeMap<AlertId, DateTime<Utc>>,
    /// The ends of those that were told as many, by name.
    of_many: BTreeMap<&'a Outside, Vec<&'a Draft>>,
}

impl<'a> Ends<'a> {
    pub(super) fn of(drafts: impl Iterator<Item = &'a Draft> + Clone) -> Ends<'a> {
        let alone: BTreeSet<AlertId> = drafts
            .clone()
            .filter_map(|draft| match AlertOrigin::of(draft)? {
                AlertOrigin::Fired(id) => Some(id),
                _ => None,
            })
            .collect();
        let (mut by_id, mut of_many) = (BTreeMap::new(), BTreeMap::new());
        for draft in drafts.filter(|draft| draft.kind == Kind::AlertResolved) {
            let target = draft.target.as_ref();
            match (AlertOrigin::of(draft), target.and_then(|t| t.name.as_ref())) {
                (Some(AlertOrigin::Resolved(id)), _) if alone.contains(&id) => {
                    by_id.insert(id, draft.occurred_at);
                }
                (_, Some(name)) => of_many.entry(name).or_insert_with(Vec::new).push(draft),
                (_, None) => {}
            }
        }
        Ends { by_id, of_many }
    }

    /// Of many of one name it is that of the last, once all are over.
    pub(super) fn end(&self, fired: &Draft) -> Option<DateTime<Utc>> {
        match AlertOrigin::of(fired)? {
            AlertOrigin::Fired(id) => self.by_id.get(&id).copied(),
            AlertOrigin::FiredMany(count, _) => {
                let name = fired.target.as_ref()?.name.as_ref()?;
                let ends = self.of_many.get(name)?.iter();
                let ends = ends.filter(|end| end.occurred_at >= fired.occurred_at);
                let over: usize = ends.clone().map(|end| weight(end)).sum();
                let last = ends.map(|end| end.occurred_at).max();
                last.filter(|_| over >= count)
            }
            AlertOrigin::Resolved(_)
            | AlertOrigin::ResolvedMany(..)
            | AlertOrigin::Silenced(_)
            | AlertOrigin::Unsilenced(_) => None,
        }
    }
}

/// Alerts that fired, by what their ends are called.
pub(super) struct Firings<'a> {
    alone: BTreeSet<AlertId>,
    many: BTreeSet<&'a Outside>,
}

impl<'a> Firings<'a> {
    pub(super) fn of(drafts: impl Iterator<Item = &'a Draft>) -> Firings<'a> {
        let (mut alone, mut many) = (BTreeSet::new(), BTreeSet::new());
        for draft in drafts {
            match AlertOrigin::of(draft) {
                Some(AlertOrigin::Fired(id)) => drop(alone.insert(id)),
                Some(AlertOrigin::FiredMany(..)) => many.extend(name(draft)),
                _ => {}
            }
        }
        Firings { alone, many }
    }

    /// This one tells that one of them is over.
    pub(super) fn has(&self, end: &Draft) -> bool {
        match AlertOrigin::of(end) {
            Some(AlertOrigin::Resolved(id)) if self.alone.contains(&id) => true,
            Some(AlertOrigin::Resolved(_) | AlertOrigin::ResolvedMany(..)) => {
                name(end).is_some_and(|name| self.many.contains(name))
            }
            _ => false,
        }
    }
}

fn name(draft: &Draft) -> Option<&Outside> {
    draft.target.as_ref()?.name.as_ref()
}

fn weight(draft: &Draft) -> usize {
    AlertOrigin::of(draft).map_or(1, |origin| origin.count())
}
