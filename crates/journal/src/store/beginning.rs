//! Which incident an entry belongs to: what ends, answers or amends something is filed where that began; what began in none
//! where it ended, and a change where it was made; also when the incident is closed by then or another one is open.

use chrono::TimeDelta;
use rusqlite::{OptionalExtension, Row, Transaction};

use super::query::{self, IN_KIND_INDEX};
use model::alerts::{AlertOrigin, SOURCE};
use model::entry::{Draft, EntryId, IncidentId};
use model::kind::Kind;

/// The times of the server are whole seconds: what is stamped so happened within this.
const SERVER_TIME: TimeDelta = TimeDelta::seconds(1);

/// The incident under which this entry is filed. One that was never opened, because the store refused it while the entry was
/// already made, gives way to the open one.
pub fn filed_under(
    transaction: &Transaction<'_>,
    draft: &Draft,
) -> rusqlite::Result<Option<IncidentId>> {
    if let Some(incident) = incident(transaction, draft)? {
        return Ok(Some(incident));
    }
    if let Some(incident) = happened_in(transaction, draft)? {
        return Ok(Some(incident));
    }
    match draft.incident {
        Some(id) if id != draft.id && !is_stored(transaction, id)? => {
            query::open_incident_id(transaction)
        }
        same => Ok(same),
    }
}

fn is_stored(transaction: &Transaction<'_>, id: EntryId) -> rusqlite::Result<bool> {
    transaction
        .prepare_cached("SELECT 1 FROM entry WHERE id = ?1")?
        .exists([id.to_string()])
}

/// The closed incident in which it happened for certain, of what may be told after the close: who made a change is asked first,
/// and an end is believed when it has lasted.
fn happened_in(
    transaction: &Transaction<'_>,
    draft: &Draft,
) -> rusqlite::Result<Option<IncidentId>> {
    let is_change = draft.kind.is_change() && draft.refers_to.is_none();
    let is_end = draft.kind == Kind::AlertResolved
        || (draft.kind == Kind::PodTransition && draft.refers_to.is_some());
    if !is_change && !is_end {
        return Ok(None);
    }
    let at = draft.occurred_at;
    let latest = if is_end { at } else { at + SERVER_TIME };
    let happened = [at, draft.ended_at.unwrap_or(latest)];
    let [from, until] = happened.map(|at| at.timestamp_millis());
    transaction
        .prepare_cached(&format!(
            "SELECT opened.id FROM entry AS closed JOIN entry AS opened ON opened.id = closed.incident
             WHERE closed.{IN_KIND_INDEX} AND closed.kind = 'phase.change' AND closed.phase = 'closed'
             AND opened.occurred_at <= ?1 AND closed.occurred_at >= ?2 ORDER BY closed.place DESC LIMIT 1"
        ))?
        .query_row([from, until], incident_of)
        .optional()
        .map(Option::flatten)
}

/// The incident of what this entry refers to, if that is on disk and belongs to one.
fn incident(transaction: &Transaction<'_>, draft: &Draft) -> rusqlite::Result<Option<IncidentId>> {
    // To take an action back is another action.
    let begun = draft.refers_to.filter(|_| draft.kind != Kind::ActionIntent);
    if let Some(begun) = begun {
        return of_entry(transaction, begun);
    }
    match AlertOrigin::of(draft) {
        Some(AlertOrigin::Resolved(id)) => {
            let fired = AlertOrigin::Fired(id).to_string();
            match of_origin(transaction, &fired)? {
                Some(found) => Ok(found.incident),
                None => of_many(transaction, draft),
            }
        }
        Some(AlertOrigin::ResolvedMany(..)) => of_many(transaction, draft),
        Some(AlertOrigin::Unsilenced(id)) => {
            let silenced = AlertOrigin::Silenced(id).to_string();
            let found = of_origin(transaction, &silenced)?;
            Ok(found.and_then(|found| found.incident))
        }
        Some(AlertOrigin::Fired(_) | AlertOrigin::FiredMany(..) | AlertOrigin::Silenced(_))
        | None => Ok(None),
    }
}

fn of_entry(transaction: &Transaction<'_>, id: EntryId) -> rusqlite::Result<Option<IncidentId>> {
    let mut found = transaction.prepare_cached("SELECT incident FROM entry WHERE id = ?1")?;
    let found = found.query_row([id.to_string()], incident_of).optional()?;
    Ok(found.flatten())
}

/// An alert's beginning that is on disk.
struct Fired {
    incident: Option<IncidentId>,
}

/// The entry with this origin, if there is one.
fn of_origin(transaction: &Transaction<'_>, origin: &str) -> rusqlite::Result<Option<Fired>> {
    transaction
        .prepare_cached("SELECT incident FROM entry WHERE source = ?1 AND origin = ?2")?
        .query_row([SOURCE, origin], |row| {
            let incident = incident_of(row)?;
            Ok(Fired { incident })
        })
        .optional()
}

/// The last entry about many alerts of this name that fire: which of them are over, nobody said.
fn of_many(transaction: &Transaction<'_>, draft: &Draft) -> rusqlite::Result<Option<IncidentId>> {
    let target = draft.target.as_ref();
    let Some(name) = target.and_then(|target| target.name.as_ref()) else {
        return Ok(None);
    };
    let found = transaction
        .prepare_cached(
            "SELECT incident FROM entry WHERE source = ?1 AND origin >= ?2 AND origin < ?2 || char(1114111)
             AND json_extract(target, '$.name') = ?3 ORDER BY place DESC LIMIT 1",
        )?
        .query_row([SOURCE, &AlertOrigin::fired_many(), name.raw()], incident_of)
        .optional()?;
    Ok(found.flatten())
}

fn incident_of(row: &Row<'_>) -> rusqlite::Result<Option<IncidentId>> {
    let id: Option<String> = row.get(0)?;
    Ok(id.and_then(|id| id.parse().ok()))
}
