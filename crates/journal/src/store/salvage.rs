//! What can still be read of a damaged timeline: every row that stands whole on a page, by whatever way the damaged trees
//! lead to it or not; and the name of each entry of which only its place in an index is left.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::format::SCHEMA;
use super::image::Image;
use super::record::{self, Cell};
use super::row::{COLUMNS, PARTS};

/// `place`, `prev_hash` and `hash` beside the hashed columns.
const ENTRY_VALUES: usize = COLUMNS.len() + 3;
/// Where `id` stands in a row of `entry`.
const ID: usize = 6;
const WRITER_VALUES: usize = 6;
const ULID_CHARS: usize = 26;

/// Rows and their names.
#[derive(Debug, Default)]
pub struct Salvage {
    /// Entries by their place; the values as the table has them.
    entries: BTreeMap<i64, Vec<Value>>,
    texts: Vec<Vec<Value>>,
    writers: BTreeMap<String, Vec<Value>>,
    /// What cannot be read, in words: `entry 01H…` or `row 17`.
    pub unreadable: Vec<String>,
}

/// Rows in the order of the pages, before it is known which place is the right one.
#[derive(Default)]
struct FoundRows {
    entries: BTreeMap<String, (i64, Vec<Value>)>,
    /// Rows of entries of which a text is none.
    broken: BTreeMap<i64, Option<String>>,
    texts: BTreeMap<(String, String), Vec<Value>>,
    writers: BTreeMap<String, Vec<Value>>,
    /// Places by id, as the index by time has them.
    places: BTreeMap<String, i64>,
}

/// Reads the file at `path` page by page.
pub fn salvage(path: &Path) -> io::Result<Salvage> {
    let image = Image::read(path)?;
    let mut found = FoundRows::default();
    for page in 1..=image.last() {
        for record in record::records(&image, page) {
            found.take(&record);
        }
    }
    Ok(found.sorted())
}

impl FoundRows {
    fn take(&mut self, record: &Cell) {
        let id_at = |place: usize| match record.values.get(place) {
            Some(Ok(Value::Text(id))) if id.len() == ULID_CHARS => Some(id.clone()),
            _ => None,
        };
        let values: Option<Vec<Value>> = record.values.iter().cloned().map(Result::ok).collect();
        match (record.row, record.values.len()) {
            (Some(row), ENTRY_VALUES) => match (id_at(ID), values) {
                (Some(id), Some(values)) => {
                    self.entries.entry(id).or_insert((row, values));
                }
                (id, _) => drop(self.broken.insert(row, id)),
            },
            (Some(_), WRITER_VALUES) => {
                if let (Some(id), Some(values)) = (id_at(0), values) {
                    self.writers.insert(id, values);
                }
            }
            (None, 4) => {
                let part = match record.values.get(1) {
                    Some(Ok(Value::Text(part))) if PARTS.contains(&part.as_str()) => part.clone(),
                    _ => return,
                };
                if let (Some(id), Some(values)) = (id_at(0), values) {
                    self.texts.insert((id, part), values);
                }
            }
            (None, 3) => {
                if let ([Ok(Value::Integer(_)), _, Ok(Value::Integer(place))], Some(id)) =
                    (record.values.as_slice(), id_at(1))
                {
                    self.places.insert(id, *place);
                }
            }
            _ => {}
        }
    }

    /// Rows at the places on which table and index agree; where they do not, the smaller one that is free.
    fn sorted(self) -> Salvage {
        let mut salvage = Salvage {
            texts: self.texts.into_values().collect(),
            writers: self.writers,
            ..Salvage::default()
        };
        let mut doubtful = Vec::new();
        for (id, (row, values)) in self.entries {
            match self.places.get(&id) {
                Some(place) if *place != row => doubtful.push((row, *place, values)),
                _ if salvage.entries.contains_key(&row) => doubtful.push((row, row, values)),
                _ => drop(salvage.entries.insert(row, values)),
            }
        }
        for (row, place, values) in doubtful {
            let behind = salvage
                .entries
                .last_key_value()
                .map_or(1, |(last, _)| last + 1);
            let candidates = [row.min(place), row.max(place), behind];
            let free = candidates
                .into_iter()
                .find(|place| *place > 0 && !salvage.entries.contains_key(place));
            salvage.entries.insert(free.unwrap_or(behind), values);
        }
        let read: BTreeSet<&str> = salvage
            .entries
            .values()
            .filter_map(|row| id_of(row))
            .collect();
        let mut names: BTreeMap<i64, Option<String>> = self.broken;
        for (id, place) in self.places {
            if !read.contains(id.as_str()) {
                names.insert(place, Some(id));
            }
        }
        let mut expected = 1;
        for place in salvage.entries.keys() {
            for missing in (expected..*place).take(GAP_MAX) {
                names.entry(missing).or_insert(None);
            }
            expected = place + 1;
        }
        names.retain(|place, id| id.is_some() || !salvage.entries.contains_key(place));
        salvage.unreadable = names
            .into_iter()
            .map(|(place, id)| match id {
                Some(id) => format!("entry {id} (row {place})"),
                None => format!("the entry of row {place}"),
            })
            .collect();
        salvage
    }
}

/// Missing rows before one row that are named one by one: more are no damage of one page, but of the row's own number.
const GAP_MAX: usize = 1_000;

fn id_of(row: &[Value]) -> Option<&str> {
    match row.get(ID) {
        Some(Value::Text(id)) => Some(id),
        _ => None,
    }
}

/// The numbers of rows in the order of commit: no part of what was written, but what reading tells lost rows by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowNumbers {
    AsTheyWere,
    WithoutGaps,
}

impl Salvage {
    /// How many entries can be read.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// A timeline in memory of what can be read.
    pub fn into_memory(self) -> rusqlite::Result<(Connection, Vec<String>)> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(SCHEMA)?;
        let unreadable = self.fill(&connection, RowNumbers::AsTheyWere)?;
        Ok((connection, unreadable))
    }

    /// Writes what can be read into an empty timeline, in one transaction, as it stood. The names of what cannot.
    pub fn fill(
        self,
        connection: &Connection,
        places: RowNumbers,
    ) -> rusqlite::Result<Vec<String>> {
        // A text may be there whose entry is not.
        connection.pragma_update(None, "foreign_keys", false)?;
        let transaction = connection.unchecked_transaction()?;
        for values in self.writers.into_values() {
            // Names and numbers of consoles; an entry stands without them.
            insert(&transaction, "writer", &values).ok();
        }
        let mut unreadable = self.unreadable;
        for (place, mut values) in self.entries {
            values[0] = match places {
                RowNumbers::AsTheyWere => Value::Integer(place),
                RowNumbers::WithoutGaps => Value::Null,
            };
            if insert(&transaction, "entry", &values).is_err() {
                let id = id_of(&values).unwrap_or_default();
                unreadable.push(format!("entry {id} (row {place})"));
            }
        }
        for values in self.texts {
            // One that is missing is named with its entry.
            insert(&transaction, "entry_text", &values).ok();
        }
        transaction.commit()?;
        Ok(unreadable)
    }
}

fn insert(connection: &Connection, table: &str, values: &[Value]) -> rusqlite::Result<usize> {
    let marks = vec!["?"; values.len()].join(", ");
    connection
        .prepare_cached(&format!("INSERT INTO {table} VALUES ({marks})"))?
        .execute(params_from_iter(values))
}
