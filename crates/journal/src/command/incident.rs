//! What an incident's export has beside the entries that are filed under it: what led up to it, how that ended when the
//! incident was closed by then, and where what ended in it began.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use crate::export;
use crate::store::query::{self, EntryRows};
use model::alerts::{AlertOrigin, SOURCE};
use model::entry::{Draft, Entry, EntryId};
use model::journal::Range;
use model::kind::{Kind, Phase};

/// How long before its opening an incident's story may begin.
const LEAD_UP: TimeDelta = TimeDelta::hours(24);

/// How long after its close what led up to it may end. What ended before may have been told after the close.
const ENDS: TimeDelta = TimeDelta::hours(24);

/// Of the incident of this range, if it is one, whose own entries these are.
pub(super) fn around(
    rows: EntryRows<'_>,
    range: &Range,
    own: &[Entry],
) -> rusqlite::Result<Vec<Entry>> {
    let opened = range
        .incident
        .and_then(|id| own.iter().find(|entry| entry.draft.id == id));
    let Some(opened) = opened.map(|entry| entry.draft.occurred_at) else {
        return Ok(Vec::new());
    };
    let before = Range {
        since: Some(opened - LEAD_UP),
        until: Some(opened),
        ..Range::default()
    };
    let mut around = export::lead_up(query::page_of(rows, &before)?.entries, opened);
    let is_closing = |entry: &&Entry| {
        entry.draft.kind == Kind::PhaseChange && entry.draft.phase == Some(Phase::Closed)
    };
    if let Some(closing) = own.iter().rfind(is_closing) {
        let closed = closing.draft.occurred_at;
        let after = Range {
            outside_incidents: true,
            since: Some(opened),
            until: Some(closed + ENDS),
            ..Range::default()
        };
        let after = query::page_of(rows, &after)?.entries;
        let ends = export::ends(&around, after);
        around.extend(ends);
    }
    begun_before(rows, own, &mut around)?;
    Ok(around)
}

/// What ended or was answered in it began somewhere: an alert that fired hours before, a write that was still under way.
fn begun_before(
    rows: EntryRows<'_>,
    own: &[Entry],
    around: &mut Vec<Entry>,
) -> rusqlite::Result<()> {
    let mut known: BTreeSet<EntryId> = own.iter().chain(&*around).map(id_of).collect();
    let mut open: Vec<Entry> = own.iter().chain(&*around).cloned().collect();
    while let Some(entry) = open.pop() {
        for begun in beginnings(rows, &entry.draft)? {
            // Of another incident nothing stands here.
            if begun.draft.incident.is_none() && known.insert(id_of(&begun)) {
                around.push(begun.clone());
                open.push(begun);
            }
        }
    }
    Ok(())
}

fn id_of(entry: &Entry) -> EntryId {
    entry.draft.id
}

fn beginnings(rows: EntryRows<'_>, draft: &Draft) -> rusqlite::Result<Vec<Entry>> {
    if let Some(begun) = draft.refers_to {
        return query::with_answers(rows, begun);
    }
    match AlertOrigin::of(draft) {
        Some(AlertOrigin::Resolved(id)) => {
            query::by_origin(rows, SOURCE, &AlertOrigin::Fired(id).to_string())
        }
        Some(AlertOrigin::Unsilenced(id)) => {
            query::by_origin(rows, SOURCE, &AlertOrigin::Silenced(id).to_string())
        }
        _ => Ok(Vec::new()),
    }
}
