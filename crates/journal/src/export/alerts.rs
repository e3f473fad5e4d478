//! What fired, for how long, and who held it back: from the entries alone.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::sections::{self, severity, span, time};
use super::{Report, escape};
use model::entry::Draft;
use model::kind::Kind;
use text::Outside;

/// What the origins of alerts begin with: `fired/FINGERPRINT/START`, `fired/group/COUNT/FINGERPRINT/START`.
const FIRED: &str = "fired/";
const RESOLVED: &str = "resolved/";
const GROUP: &str = "group/";

/// One row for each entry of an alert that fired; below, who silenced what.
pub(super) fn section(report: &Report) -> String {
    let ends = Ends::of(report);
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
    let lasted = end.map_or(String::new(), |end| span(end - fired.occurred_at));
    format!(
        "| {} | {} | {} | {until} | {lasted} |",
        escape::inline(&fired.title),
        severity(fired).unwrap_or_default(),
        time(fired.occurred_at),
    )
}

/// When alerts ended.
struct Ends<'a> {
    /// What stands behind `resolved/` in the origin.
    by_origin: BTreeMap<&'a str, DateTime<Utc>>,
    /// The ends of those that were told as many, by name.
    of_many: BTreeMap<&'a Outside, Vec<&'a Draft>>,
}

impl<'a> Ends<'a> {
    fn of(report: &'a Report) -> Ends<'a> {
        let told = |draft: &'a Draft| origin(draft).strip_prefix(FIRED);
        let alone: BTreeSet<&str> = of(report, Kind::AlertFired).filter_map(told).collect();
        let (mut by_origin, mut of_many) = (BTreeMap::new(), BTreeMap::new());
        for draft in of(report, Kind::AlertResolved) {
            let end = origin(draft).strip_prefix(RESOLVED).unwrap_or_default();
            if alone.contains(end) {
                by_origin.insert(end, draft.occurred_at);
            } else if let Some(name) = draft
                .target
                .as_ref()
                .and_then(|target| target.name.as_ref())
            {
                of_many.entry(name).or_insert_with(Vec::new).push(draft);
            }
        }
        Ends { by_origin, of_many }
    }

    /// Of many of one name it is that of the last, once all are over.
    fn end(&self, fired: &Draft) -> Option<DateTime<Utc>> {
        let origin = origin(fired).strip_prefix(FIRED)?;
        if !origin.starts_with(GROUP) {
            return self.by_origin.get(origin).copied();
        }
        let name = fired.target.as_ref()?.name.as_ref()?;
        let ends = self.of_many.get(name)?.iter();
        let ends = ends.filter(|end| end.occurred_at >= fired.occurred_at);
        let over: usize = ends.clone().map(|end| weight(end)).sum();
        let last = ends.map(|end| end.occurred_at).max();
        last.filter(|_| over >= weight(fired))
    }
}

fn origin(draft: &Draft) -> &str {
    draft.origin.as_ref().map_or("", Outside::raw)
}

fn weight(draft: &Draft) -> usize {
    let origin = origin(draft);
    let rest = origin
        .strip_prefix(FIRED)
        .or_else(|| origin.strip_prefix(RESOLVED));
    rest.and_then(|rest| rest.strip_prefix(GROUP)?.split('/').next()?.parse().ok())
        .unwrap_or(1)
}
