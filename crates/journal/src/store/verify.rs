//! Walks every chain of the file and says each place where it does not hold. Never writes.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use rusqlite::types::Value;

use super::chain::{self, GENESIS};
use super::row::{COLUMNS, PARTS};
use super::stored::{self, Stored};
use super::{format, problem};
use model::journal::StoreFailure;

/// What `verify` found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub entries: u64,
    /// Writers whose chains were walked.
    pub writers: u64,
    /// Texts that were taken out by a redaction: their digests still take part.
    pub redacted: u64,
    /// One sentence for each place that does not hold; empty: all is as it was written.
    pub faults: Vec<String>,
    /// The file itself does not hold together.
    pub damage: Option<FileDamage>,
}

/// What of a file does not hold together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileDamage {
    /// Every row can be read, but not every index says so.
    Indexes,
    /// Some rows cannot be read, or are not where they belong.
    Rows,
}

/// More faults than this say nothing more.
const FAULTS_MAX: usize = 100;

impl Report {
    pub fn fault(&mut self, what: String) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(what);
        }
    }

    fn damaged(&mut self, damage: FileDamage, how: &str) {
        self.damage = Some(damage);
        self.fault(match damage {
            FileDamage::Indexes => format!("an index is damaged ({how}); every row can be read. To build it anew, start watchfloor"),
            FileDamage::Rows => format!("the file is damaged ({how}). To write what can be read into a new file and keep this one, close every watchfloor that uses it and start watchfloor"),
        });
    }
}

/// Checks the hash of each entry, the digest of each text, and that each chain is whole up to its newest entry.
///
/// A chain cannot tell that its own newest entries were cut off, unless a later writer began after them.
pub fn verify(connection: &Connection) -> rusqlite::Result<Report> {
    let mut report = Report::default();
    let walked = walk(connection, &mut report);
    let (damage, found) = match walked {
        // A tree that leads past rows is damaged; one from which they were taken is not, and its chains say so.
        Ok(is_whole) => {
            let damage = if is_whole {
                FileDamage::Indexes
            } else {
                FileDamage::Rows
            };
            (damage, format::integrity(connection))
        }
        Err(error) => (FileDamage::Rows, Err(error)),
    };
    match found {
        Ok(integrity) if integrity == "ok" => {}
        Ok(how) => report.damaged(damage, &how),
        Err(error) if problem::class_of(&error) == StoreFailure::Corrupt => {
            report.damaged(damage, &error.to_string());
        }
        Err(error) => return Err(error),
    }
    Ok(report)
}

/// The chains alone. Is the place of each row the next one?
pub fn walk(connection: &Connection, report: &mut Report) -> rusqlite::Result<bool> {
    let mut heads: BTreeMap<String, (i64, Vec<u8>)> = BTreeMap::new();
    let mut seen: BTreeSet<Vec<u8>> = BTreeSet::from([GENESIS.to_vec()]);
    let sql = format!(
        "SELECT place, prev_hash, hash, {} FROM entry NOT INDEXED ORDER BY place",
        COLUMNS.join(", ")
    );
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let (mut is_whole, mut parts) = (true, BTreeMap::new());
    while let Some(row) = rows.next()? {
        let stored = Stored::read(row)?;
        report.entries += 1;
        is_whole &= u64::try_from(stored.place) == Ok(report.entries);
        let name = stored.name();
        let computed = stored
            .prev
            .map(|prev| chain::entry_hash(&prev, &stored.columns));
        if let Some(column) = stored.fault {
            report.fault(format!("{name} cannot be read: {column} is no text"));
        } else if computed.is_none_or(|computed| computed.as_slice() != stored.hash) {
            report.fault(format!("{name} was altered after it was written"));
        }
        let prev = stored.prev.map(Vec::from).unwrap_or_default();
        if let (Some(Value::Text(writer)), Some(Value::Integer(seq))) =
            (stored.columns.get(1), stored.columns.get(2))
        {
            match heads.get(writer) {
                Some((last, head)) if last + 1 != *seq || *head != prev => {
                    report.fault(format!("before {name}: writer {writer} goes from number {last} to {seq}, something is missing or was moved"));
                }
                None if *seq != 1 || !seen.contains(&prev) => {
                    report.fault(format!("{name} is the first of writer {writer} but has number {seq}, or what it follows is missing"));
                }
                _ => {}
            }
            heads.insert(writer.clone(), (*seq, stored.hash.clone()));
            report.writers = heads.len() as u64;
        } else {
            report.fault(format!("{name} has no writer or number"));
        }
        let texts = stored::texts(connection, &stored.columns)?;
        if let Some(Value::Text(id)) = stored.columns.get(3) {
            let of_entry = stored::digests(&stored.columns).map(|(part, _)| PARTS[part]);
            parts.insert(id.clone(), of_entry.collect::<Vec<&str>>());
        }
        report.redacted += texts.redacted;
        if let Some(part) = texts.altered {
            report.fault(format!(
                "the {part} of {name} was altered after it was written"
            ));
        }
        if let Some(part) = texts.fault {
            report.fault(format!("{name} cannot be read: its {part} is no text"));
        }
        seen.insert(stored.hash);
    }
    let mut texts = connection.prepare("SELECT entry, part FROM entry_text")?;
    let mut rows = texts.query([])?;
    while let Some(row) = rows.next()? {
        let (id, part) = (row.get_ref(0)?.as_str(), row.get_ref(1)?.as_str());
        if let (Ok(id), Ok(part)) = (id, part)
            && parts.get(id).is_some_and(|known| !known.contains(&part))
        {
            report.fault(format!(
                "the {part} of entry {id} was added after it was written"
            ));
        }
    }
    Ok(is_whole)
}
