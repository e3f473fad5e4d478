//! Reading the timeline: pages, the open incident, intents without a result. Never writes.

use chrono::{DateTime, Utc};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::chain;
use super::row::{self, COLUMNS};
use super::stored::{self, Stored};
use model::entry::{Entry, EntryId};
use model::journal::Range;

/// Entries, and how many rows could not be read as one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub entries: Vec<Entry>,
    /// Rows that were altered or are not known to this program.
    pub unreadable: u32,
    /// Position of the last row read, in order of commit.
    pub place: i64,
    /// Those rows by name, and entries that do not say what was written.
    pub damaged: Vec<String>,
}

/// Names of damaged entries that are kept: more say nothing more.
const DAMAGED_MAX: usize = 1_000;

/// The rows of an open timeline, and how they are found.
#[derive(Clone, Copy, Debug)]
pub struct EntryRows<'a> {
    pub connection: &'a Connection,
    /// By reading every row, which is true whatever the indexes say, and each row against its hash.
    is_scan: bool,
}

impl<'a> EntryRows<'a> {
    pub fn indexed(connection: &'a Connection) -> EntryRows<'a> {
        let is_scan = false;
        EntryRows {
            connection,
            is_scan,
        }
    }

    pub fn scanned(connection: &'a Connection) -> EntryRows<'a> {
        let is_scan = true;
        EntryRows {
            connection,
            is_scan,
        }
    }

    fn table(self) -> &'static str {
        if self.is_scan {
            "entry NOT INDEXED"
        } else {
            "entry"
        }
    }
}

/// Source of what is written from the shell.
pub const COMMAND: &str = "command";

/// The entries of a range, oldest first; of a limited range the newest.
pub fn page(connection: &Connection, range: &Range) -> rusqlite::Result<Page> {
    page_of(EntryRows::indexed(connection), range)
}

/// The same, with a choice of how the rows are found.
pub fn page_of(rows: EntryRows<'_>, range: &Range) -> rusqlite::Result<Page> {
    let (mut conditions, mut values) = (Vec::new(), Vec::new());
    let mut add = |condition: &str, value: Option<Value>| {
        conditions.push(condition.to_owned());
        values.extend(value);
    };
    if let Some(incident) = range.incident {
        add("incident = ?", Some(Value::Text(incident.to_string())));
    }
    if range.outside_incidents {
        add("incident IS NULL", None);
    }
    if let Some(since) = range.since {
        add(
            "occurred_at >= ?",
            Some(Value::Integer(since.timestamp_millis())),
        );
    }
    if let Some(until) = range.until {
        add(
            "occurred_at < ?",
            Some(Value::Integer(until.timestamp_millis())),
        );
    }
    if let Some((at, id)) = range.before {
        add(
            "(occurred_at, id) < (?, ?)",
            Some(Value::Integer(at.timestamp_millis())),
        );
        values.push(Value::Text(id.to_string()));
    }
    let limit = range.limit.map_or(-1, i64::from);
    let condition = if conditions.is_empty() {
        "1".to_owned()
    } else {
        conditions.join(" AND ")
    };
    let mut found = select(
        rows,
        &format!("{condition} ORDER BY occurred_at DESC, id DESC LIMIT {limit}"),
        &values,
    )?;
    found.entries.reverse();
    Ok(found)
}

/// What was committed after `place`, by anybody but `writer`, in order of commit.
pub fn after(connection: &Connection, place: i64, writer: &str) -> rusqlite::Result<Page> {
    let mut found = select(
        EntryRows::indexed(connection),
        "place > ? AND writer <> ? ORDER BY place",
        &[Value::Integer(place), Value::Text(writer.into())],
    )?;
    found.place = found.place.max(place);
    Ok(found)
}

/// The last entries in order of commit, at most so many.
pub fn latest(connection: &Connection, count: u32) -> rusqlite::Result<Page> {
    let mut found = select(
        EntryRows::indexed(connection),
        &format!("1 ORDER BY place DESC LIMIT {count}"),
        &[],
    )?;
    found.entries.reverse();
    Ok(found)
}

/// The place of the newest row.
pub fn newest_place(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("SELECT coalesce(max(place), 0) FROM entry", [], |row| {
        row.get(0)
    })
}

/// An entry with all that answers or ends it.
pub fn with_answers(rows: EntryRows<'_>, id: EntryId) -> rusqlite::Result<Vec<Entry>> {
    let id = Value::Text(id.to_string());
    Ok(select(rows, "id = ?1 OR refers_to = ?1 ORDER BY place", &[id])?.entries)
}

/// The entries with this source and origin.
pub fn by_origin(rows: EntryRows<'_>, source: &str, origin: &str) -> rusqlite::Result<Vec<Entry>> {
    let values = [source, origin].map(|text| Value::Text(text.to_owned()));
    Ok(select(rows, "source = ?1 AND origin = ?2", &values)?.entries)
}

pub fn by_id(connection: &Connection, id: EntryId) -> rusqlite::Result<Option<Entry>> {
    Ok(select(
        EntryRows::indexed(connection),
        "id = ?",
        &[Value::Text(id.to_string())],
    )?
    .entries
    .pop())
}

/// The rows of the index by kind, in the words of the index: SQLite takes it only for a condition that repeats them.
pub(super) const IN_KIND_INDEX: &str =
    "kind IN ('action.intent', 'phase.change', 'console.start', 'console.stop')";

/// The incident that was opened last and is not closed.
pub fn open_incident_id(connection: &Connection) -> rusqlite::Result<Option<EntryId>> {
    Ok(incidents(EntryRows::indexed(connection))?.open)
}

/// Which incident is open, and which one was closed last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Incidents {
    pub open: Option<EntryId>,
    pub last_closed: Option<(EntryId, DateTime<Utc>)>,
}

/// By the entries that opened and closed them, in order of commit.
pub fn incidents(rows: EntryRows<'_>) -> rusqlite::Result<Incidents> {
    let mut statement = rows.connection.prepare_cached(&format!(
        "SELECT phase, id, incident, occurred_at FROM {} WHERE {IN_KIND_INDEX} AND kind = 'phase.change' AND phase IN ('opened', 'closed') ORDER BY place",
        rows.table()
    ))?;
    let mut found = statement.query([])?;
    let (mut open, mut last_closed): (Vec<EntryId>, _) = (Vec::new(), None);
    while let Some(row) = found.next()? {
        let id =
            |column| -> Option<EntryId> { row.get_ref(column).ok()?.as_str().ok()?.parse().ok() };
        if row.get_ref(0)?.as_str() == Ok("opened") {
            open.extend(id(1));
            continue;
        }
        let Some(closed) = id(2) else { continue };
        open.retain(|one| *one != closed);
        if let Ok(Some(at)) = row
            .get_ref(3)?
            .as_i64()
            .map(DateTime::from_timestamp_millis)
        {
            last_closed = Some((closed, at));
        }
    }
    Ok(Incidents {
        open: open.pop(),
        last_closed,
    })
}

/// Intents that no result refers to: what became of them is unknown.
pub fn unknown_intents(connection: &Connection) -> rusqlite::Result<Vec<Entry>> {
    let condition = format!(
        "{IN_KIND_INDEX} AND kind = 'action.intent' AND NOT EXISTS
         (SELECT 1 FROM entry AS answer WHERE answer.refers_to = entry.id AND answer.kind = 'action.result') ORDER BY place"
    );
    Ok(select(EntryRows::indexed(connection), &condition, &[])?.entries)
}

/// The newest entry of a console, by the time it was written. Notes of the shell are written while nobody watches, too.
pub fn newest_of_consoles(connection: &Connection) -> rusqlite::Result<Option<Entry>> {
    let newest = format!("source IS NOT '{COMMAND}' ORDER BY place DESC LIMIT 1");
    Ok(select(EntryRows::indexed(connection), &newest, &[])?
        .entries
        .pop())
}

/// The starts of consoles that did not say that they stopped.
pub fn unstopped(connection: &Connection) -> rusqlite::Result<Vec<Entry>> {
    let condition = format!(
        "{IN_KIND_INDEX} AND kind = 'console.start' AND NOT EXISTS
         (SELECT 1 FROM entry AS stop WHERE stop.{IN_KIND_INDEX} AND stop.kind = 'console.stop' AND stop.writer = entry.writer)
         ORDER BY place"
    );
    Ok(select(EntryRows::indexed(connection), &condition, &[])?.entries)
}

fn select(from: EntryRows<'_>, condition: &str, values: &[Value]) -> rusqlite::Result<Page> {
    let mut statement = from.connection.prepare_cached(&format!(
        "SELECT place, prev_hash, hash, {} FROM {} WHERE {condition}",
        COLUMNS.join(", "),
        from.table()
    ))?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut page = Page::default();
    while let Some(row) = rows.next()? {
        let stored = Stored::read(row)?;
        page.place = page.place.max(stored.place);
        let texts = stored::texts(from.connection, &stored.columns)?;
        let entry = match stored.fault.or(texts.fault) {
            None => row::entry(&stored.columns, &texts.texts, &stored.hash)
                .map_err(|unreadable| unreadable.column),
            Some(column) => Err(column),
        };
        let mut name = |what: String| {
            if page.damaged.len() < DAMAGED_MAX {
                page.damaged.push(what);
            }
        };
        match entry {
            Err(column) => {
                name(format!("{} cannot be read: {column}", stored.name()));
                page.unreadable += 1;
            }
            Ok(entry) => {
                let is_whole = !from.is_scan
                    || texts.are_whole && {
                        let computed = stored
                            .prev
                            .map(|prev| chain::entry_hash(&prev, &stored.columns));
                        computed.is_some_and(|computed| computed.as_slice() == stored.hash)
                    };
                if !is_whole {
                    name(format!(
                        "{} was altered after it was written",
                        stored.name()
                    ));
                }
                page.entries.push(entry);
            }
        }
    }
    Ok(page)
}
