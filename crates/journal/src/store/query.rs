//! Reading the timeline: pages, the open incident, intents without a result. Never writes.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::disk::Disk;
use super::row::{self, COLUMNS, PARTS, Texts};
use model::entry::{Entry, EntryId};
use model::journal::{Opening, Range};

/// Entries, and how many rows could not be read as one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub entries: Vec<Entry>,
    /// Rows that were altered or are not known to this program.
    pub unreadable: u32,
    /// Position of the last row read, in order of commit.
    pub place: i64,
}

/// The entries of a range, oldest first; of a limited range the newest.
pub fn page(connection: &Connection, range: &Range) -> rusqlite::Result<Page> {
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
        connection,
        &format!("{condition} ORDER BY occurred_at DESC, id DESC LIMIT {limit}"),
        &values,
    )?;
    found.entries.reverse();
    Ok(found)
}

/// What was committed after `place`, by anybody but `writer`, in order of commit.
pub fn after(connection: &Connection, place: i64, writer: &str) -> rusqlite::Result<Page> {
    let mut found = select(
        connection,
        "place > ? AND writer <> ? ORDER BY place",
        &[Value::Integer(place), Value::Text(writer.into())],
    )?;
    found.place = found.place.max(place);
    Ok(found)
}

/// The last entries in order of commit, at most so many.
pub fn latest(connection: &Connection, count: u32) -> rusqlite::Result<Page> {
    let mut found = select(
        connection,
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

pub fn by_id(connection: &Connection, id: EntryId) -> rusqlite::Result<Option<Entry>> {
    Ok(
        select(connection, "id = ?", &[Value::Text(id.to_string())])?
            .entries
            .pop(),
    )
}

/// The incident that was opened last and is not closed.
pub fn open_incident_id(connection: &Connection) -> rusqlite::Result<Option<EntryId>> {
    let id: Option<String> = connection
        .prepare_cached(
            "SELECT id FROM entry AS opened WHERE kind = 'phase.change' AND phase = 'opened' AND NOT EXISTS
             (SELECT 1 FROM entry AS closed WHERE closed.kind = 'phase.change' AND closed.phase = 'closed' AND closed.incident = opened.id)
             ORDER BY place DESC LIMIT 1",
        )?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(id.and_then(|id| id.parse().ok()))
}

/// The incident that was closed last, if that was after `since`.
pub fn last_closed(
    connection: &Connection,
    since: DateTime<Utc>,
) -> rusqlite::Result<Option<EntryId>> {
    let id: Option<String> = connection
        .prepare_cached(
            "SELECT incident FROM entry WHERE kind = 'phase.change' AND phase = 'closed' AND occurred_at > ?1
             ORDER BY place DESC LIMIT 1",
        )?
        .query_row([since.timestamp_millis()], |row| row.get(0))
        .optional()?;
    Ok(id.and_then(|id| id.parse().ok()))
}

/// Intents that no result refers to: what became of them is unknown.
pub fn unknown_intents(connection: &Connection) -> rusqlite::Result<Vec<Entry>> {
    let condition = "kind = 'action.intent' AND NOT EXISTS
                     (SELECT 1 FROM entry AS answer WHERE answer.refers_to = entry.id AND answer.kind = 'action.result') ORDER BY place";
    Ok(select(connection, condition, &[])?.entries)
}

/// The newest entry of all, by the time it was written.
pub fn newest(connection: &Connection) -> rusqlite::Result<Option<Entry>> {
    Ok(select(connection, "1 ORDER BY place DESC LIMIT 1", &[])?
        .entries
        .pop())
}

/// Entries that a console holds from the start: several nights of a busy cluster.
const RECENT: u32 = 2_000;

/// After this an intent counts as left behind, even when a process of the same number runs.
const INTENT_ALIVE: TimeDelta = TimeDelta::minutes(10);

impl Disk {
    /// What is known at the start, and the place up to which it was read.
    pub fn opening(&self) -> rusqlite::Result<(Opening, i64)> {
        let place = newest_place(&self.connection)?;
        let recent = page(
            &self.connection,
            &Range {
                limit: Some(RECENT),
                ..Range::default()
            },
        )?;
        let incident = match open_incident_id(&self.connection)? {
            Some(id) => by_id(&self.connection, id)?,
            None => None,
        };
        let mut unknown = unknown_intents(&self.connection)?;
        unknown.retain(|intent| !self.may_be_under_way(intent));
        let opening = Opening {
            recent: recent.entries,
            unreadable: recent.unreadable,
            incident,
            unknown_intents: unknown,
            last_recorded: newest(&self.connection)?.map(|entry| entry.recorded_at),
            note_draft: None,
        };
        Ok((opening, place))
    }

    /// Another console on this host may be carrying it out just now.
    fn may_be_under_way(&self, intent: &Entry) -> bool {
        let found: rusqlite::Result<(Option<String>, i32)> = self.connection.query_row(
            "SELECT host, pid FROM writer WHERE id = ?1",
            [&*intent.writer],
            |row| Ok((row.get(0)?, row.get(1)?)),
        );
        let Ok((host, pid)) = found else { return false };
        let lives = rustix::process::Pid::from_raw(pid)
            .is_some_and(|pid| rustix::process::test_kill_process(pid).is_ok());
        host == self.identity.host && lives && Utc::now() - intent.recorded_at < INTENT_ALIVE
    }
}

fn select(connection: &Connection, condition: &str, values: &[Value]) -> rusqlite::Result<Page> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT place, hash, {} FROM entry WHERE {condition}",
        COLUMNS.join(", ")
    ))?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut page = Page::default();
    while let Some(row) = rows.next()? {
        let hash: Vec<u8> = row.get(1)?;
        let columns = (2..2 + COLUMNS.len())
            .map(|column| row.get(column))
            .collect::<rusqlite::Result<Vec<Value>>>()?;
        page.place = page.place.max(row.get(0)?);
        match row::entry(&columns, &texts(connection, &columns)?, &hash) {
            Ok(entry) => page.entries.push(entry),
            Err(_) => page.unreadable += 1,
        }
    }
    Ok(page)
}

/// The texts of the entry with these columns; those taken out since are `None`.
fn texts(connection: &Connection, columns: &[Value]) -> rusqlite::Result<Texts> {
    let mut texts = Texts::default();
    let has_text = columns
        .iter()
        .rev()
        .take(PARTS.len())
        .any(|digest| matches!(digest, Value::Blob(_)));
    if !has_text {
        return Ok(texts);
    }
    let id = columns.get(3).cloned().unwrap_or(Value::Null);
    let mut statement =
        connection.prepare_cached("SELECT part, text FROM entry_text WHERE entry = ?1")?;
    let mut rows = statement.query([id])?;
    while let Some(row) = rows.next()? {
        let part: String = row.get(0)?;
        if let Some(place) = PARTS.iter().position(|known| *known == part) {
            texts[place] = row.get(1)?;
        }
    }
    Ok(texts)
}
