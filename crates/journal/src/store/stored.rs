//! A row as it stands in the file, whatever it stands there for: a damaged one is named, and costs no other.

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row};

use super::chain::{self, Hash};
use super::row::{COLUMNS, PARTS, Texts};

/// A row of `place, prev_hash, hash` and the hashed columns.
#[derive(Debug)]
pub struct Stored {
    pub place: i64,
    /// The hash before it; `None`: it is none.
    pub prev: Option<Hash>,
    pub hash: Vec<u8>,
    /// The hashed columns; null in the place of a text that is none.
    pub columns: Vec<Value>,
    /// The first column that cannot be read.
    pub fault: Option<&'static str>,
}

impl Stored {
    pub fn read(row: &Row<'_>) -> rusqlite::Result<Stored> {
        let mut fault = None;
        let mut columns = Vec::with_capacity(COLUMNS.len());
        for (place, column) in COLUMNS.iter().enumerate() {
            let value = owned(row.get_ref(place + 3)?);
            if value.is_none() {
                fault.get_or_insert(*column);
            }
            columns.push(value.unwrap_or(Value::Null));
        }
        let bytes = |column| -> rusqlite::Result<Vec<u8>> {
            let bytes = row.get_ref(column)?.as_blob().unwrap_or_default();
            Ok(bytes.to_vec())
        };
        Ok(Stored {
            place: row.get_ref(0)?.as_i64().unwrap_or_default(),
            prev: bytes(1)?.try_into().ok(),
            hash: bytes(2)?,
            columns,
            fault,
        })
    }

    /// What a person finds it by.
    pub fn name(&self) -> String {
        match self.columns.get(3) {
            Some(Value::Text(id)) => format!("entry {id} (row {})", self.place),
            _ => format!("the entry of row {}", self.place),
        }
    }
}

/// `None`: text that is not UTF-8.
fn owned(value: ValueRef<'_>) -> Option<Value> {
    Some(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) => Value::Text(std::str::from_utf8(bytes).ok()?.to_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    })
}

/// The texts of one entry.
#[derive(Debug, Default)]
pub struct StoredTexts {
    pub texts: Texts,
    /// Each one has the digest that its entry says, or was taken out by a redaction.
    pub are_whole: bool,
    /// How many were taken out.
    pub redacted: u64,
    /// The first part that is no text.
    pub fault: Option<&'static str>,
    /// The first part that is missing or is not what was written.
    pub altered: Option<&'static str>,
}

/// The parts of which an entry with these columns has a text, with its digest.
pub fn digests(columns: &[Value]) -> impl Iterator<Item = (usize, &[u8])> {
    let digests = &columns[columns.len().saturating_sub(PARTS.len())..];
    digests
        .iter()
        .enumerate()
        .filter_map(|(part, digest)| match digest {
            Value::Blob(digest) => Some((part, digest.as_slice())),
            _ => None,
        })
}

/// The texts of the entry with these columns; those taken out since are `None`.
pub fn texts(connection: &Connection, columns: &[Value]) -> rusqlite::Result<StoredTexts> {
    let mut found = StoredTexts::default();
    let id = columns.get(3).cloned().unwrap_or(Value::Null);
    let mut statement = connection
        .prepare_cached("SELECT salt, text FROM entry_text WHERE entry = ?1 AND part = ?2")?;
    for (place, digest) in digests(columns) {
        let part = PARTS[place];
        let mut rows = statement.query([&id, &Value::Text(part.to_owned())])?;
        let Some(row) = rows.next()? else {
            found.altered.get_or_insert(part);
            continue;
        };
        match (owned(row.get_ref(0)?), owned(row.get_ref(1)?)) {
            (_, None) => drop(found.fault.get_or_insert(part)),
            (Some(Value::Null), Some(Value::Null)) => found.redacted += 1,
            (salt, Some(Value::Text(text))) => {
                let is_same = matches!(&salt, Some(Value::Blob(salt)) if chain::text_digest(part, salt, &text) == digest);
                if !is_same {
                    found.altered.get_or_insert(part);
                }
                found.texts[place] = Some(text);
            }
            _ => drop(found.altered.get_or_insert(part)),
        }
    }
    found.are_whole = found.altered.is_none() && found.fault.is_none();
    Ok(found)
}
