//! What an incident's export has beside the entries that are filed under it: what led up to it, and how that ended when the
//! incident was closed by then.

use chrono::TimeDelta;

use crate::export;
use crate::store::query::{self, EntryRows};
use model::entry::Entry;
use model::journal::Range;
use model::kind::{Kind, Phase};

/// How long before its opening an incident's story may begin.
const LEAD_UP: TimeDelta = TimeDelta::hours(1);

/// How long after its close what led up to it may end.
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
    let mut around = export::lead_up(query::page_of(rows, &before)?.entries);
    let is_closing = |entry: &&Entry| {
        entry.draft.kind == Kind::PhaseChange && entry.draft.phase == Some(Phase::Closed)
    };
    if let Some(closing) = own.iter().rfind(is_closing) {
        let closed = closing.draft.occurred_at;
        let after = Range {
            outside_incidents: true,
            since: Some(closed),
            until: Some(closed + ENDS),
            ..Range::default()
        };
        let after = query::page_of(rows, &after)?.entries;
        let ends = export::ends(&around, after);
        around.extend(ends);
    }
    Ok(around)
}
