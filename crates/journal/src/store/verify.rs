//! Walks every chain of the file and says each place where it does not hold. Never writes.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use rusqlite::types::Value;

use super::chain::{self, GENESIS};
use super::file;
use super::row::{COLUMNS, PARTS};

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
}

/// More faults than this say nothing more.
const FAULTS_MAX: usize = 100;

impl Report {
    fn fault(&mut self, what: String) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(what);
        }
    }
}

/// Checks the hash of each entry, the digest of each text, and that each chain is whole up to its newest entry.
///
/// A chain cannot tell that its own newest entries were cut off, unless a later writer began after them.
pub fn verify(connection: &Connection) -> rusqlite::Result<Report> {
    let mut report = Report::default();
    let mut heads: BTreeMap<String, (i64, Vec<u8>)> = BTreeMap::new();
    let mut seen: BTreeSet<Vec<u8>> = BTreeSet::from([GENESIS.to_vec()]);
    let sql = format!(
        "SELECT prev_hash, hash, {} FROM entry ORDER BY place",
        COLUMNS.join(", ")
    );
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (prev, hash): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let columns = (2..2 + COLUMNS.len())
            .map(|column| row.get(column))
            .collect::<rusqlite::Result<Vec<Value>>>()?;
        report.entries += 1;
        let (Some(Value::Text(writer)), Some(Value::Integer(seq)), Some(Value::Text(id))) =
            (columns.get(1), columns.get(2), columns.get(3))
        else {
            report.fault("an entry has no writer, number or id".into());
            continue;
        };
        let computed =
            <[u8; 32]>::try_from(prev.as_slice()).map(|prev| chain::entry_hash(&prev, &columns));
        if computed.is_ok_and(|computed| computed.as_slice() != hash) || computed.is_err() {
            report.fault(format!("entry {id} was altered after it was written"));
        }
        match heads.get(writer) {
            Some((last, head)) if last + 1 != *seq || *head != prev => {
                report.fault(format!("before entry {id}: writer {writer} goes from number {last} to {seq}, something is missing or was moved"));
            }
            None if *seq != 1 || !seen.contains(&prev) => {
                report.fault(format!("entry {id} is the first of writer {writer} but has number {seq}, or what it follows is missing"));
            }
            _ => {}
        }
        check_texts(connection, id, &columns, &mut report)?;
        heads.insert(writer.clone(), (*seq, hash.clone()));
        seen.insert(hash);
    }
    report.writers = heads.len() as u64;
    let integrity = file::integrity(connection, true)?;
    if integrity != "ok" {
        report.fault(format!("the file is damaged: {integrity}"));
    }
    Ok(report)
}

fn check_texts(
    connection: &Connection,
    id: &str,
    columns: &[Value],
    report: &mut Report,
) -> rusqlite::Result<()> {
    let mut statement = connection
        .prepare_cached("SELECT salt, text FROM entry_text WHERE entry = ?1 AND part = ?2")?;
    for (part, digest) in PARTS.iter().zip(&columns[COLUMNS.len() - PARTS.len()..]) {
        let mut rows = statement.query([id, part])?;
        let stored: Option<(Option<Vec<u8>>, Option<String>)> = match rows.next()? {
            Some(row) => Some((row.get(0)?, row.get(1)?)),
            None => None,
        };
        match (digest, stored) {
            (Value::Null, None) => {}
            (Value::Blob(_), Some((None, None))) => report.redacted += 1,
            (Value::Blob(digest), Some((Some(salt), Some(text))))
                if chain::text_digest(part, &salt, &text) == digest.as_slice() => {}
            _ => report.fault(format!(
                "the {part} of entry {id} was altered after it was written"
            )),
        }
    }
    Ok(())
}
