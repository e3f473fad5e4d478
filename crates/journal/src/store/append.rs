//! Appending: number, digest, hash and insert in one transaction that also read the head, so that two processes on one
//! file never fork a chain.

use chrono::{DateTime, Utc};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params, params_from_iter};

use super::chain::{self, GENESIS, Hash};
use super::disk::Disk;
use super::row::{self, COLUMNS, PARTS, Stamp};
use super::{beginning, query};
use model::entry::{Draft, Entry, EntryId};
use model::kind::{Kind, Phase};
use model::redact;

/// Ids of facts that another console wrote first: what ends them refers to them by these.
const KNOWN_MAX: usize = 1_000;

/// What became of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It is on disk.
    Stored(Box<Entry>),
    /// The same fact, by source and origin, was there before.
    Known,
    /// An incident is open already, or the one to be closed is not: nothing was written.
    Refused(Option<EntryId>),
}

impl Disk {
    /// Appends all of `drafts`, or none when there is an error. Secrets are taken out first.
    pub fn append(&mut self, drafts: &[Draft]) -> rusqlite::Result<Vec<Appended>> {
        let now = Utc::now();
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut head = Head::read(&transaction, &self.writer)?;
        let mut done = Vec::with_capacity(drafts.len());
        for draft in drafts {
            if let Some(known) = known_fact(&transaction, draft)? {
                self.known.insert(draft.id, known);
                if self.known.len() > KNOWN_MAX {
                    self.known.pop_first();
                }
                done.push(Appended::Known);
                continue;
            }
            if let Some(answer) = answer_without_writing(&transaction, draft)? {
                done.push(answer);
                continue;
            }
            let mut draft = redact::draft(draft.clone());
            let known = |id: EntryId| self.known.get(&id).copied().unwrap_or(id);
            draft.refers_to = draft.refers_to.map(known);
            draft.incident = beginning::filed_under(&transaction, &draft)?;
            if head.seq == 0 {
                register(&transaction, &self.writer, &self.identity, now)?;
            }
            let mut salts = [[0_u8; 16]; 3];
            for salt in &mut salts {
                getrandom::fill(salt).map_err(|error| {
                    let error = std::io::Error::other(error.to_string());
                    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
                })?;
            }
            let stamp = Stamp {
                writer: self.writer.clone(),
                seq: head.seq + 1,
                recorded_at: now,
            };
            let entry = insert(&transaction, &draft, &stamp, &salts, &mut head)?;
            done.push(Appended::Stored(Box::new(entry)));
        }
        transaction.commit()?;
        Ok(done)
    }
}

/// The last entry of a writer, or for its first one the last of anybody: so each chain also holds what came before it.
struct Head {
    seq: i64,
    hash: Hash,
}

impl Head {
    fn read(transaction: &Transaction<'_>, writer: &str) -> rusqlite::Result<Head> {
        let own = transaction
            .prepare_cached(
                "SELECT seq, hash FROM entry WHERE writer = ?1 ORDER BY seq DESC LIMIT 1",
            )?
            .query_row([writer], |row| {
                Ok(Head {
                    seq: row.get(0)?,
                    hash: row.get(1)?,
                })
            })
            .optional()?;
        if let Some(head) = own {
            return Ok(head);
        }
        let last = transaction
            .query_row(
                "SELECT hash FROM entry ORDER BY place DESC LIMIT 1",
                [],
                |row| row.get(0),
            )
            .optional()?;
        Ok(Head {
            seq: 0,
            hash: last.unwrap_or(GENESIS),
        })
    }
}

/// The entry that says the same, by its source and origin, under another id.
fn known_fact(transaction: &Transaction<'_>, draft: &Draft) -> rusqlite::Result<Option<EntryId>> {
    let (Some(source), Some(origin), false) = (&draft.source, &draft.origin, draft.kind.is_human())
    else {
        return Ok(None);
    };
    let id: Option<String> = transaction
        .prepare_cached("SELECT id FROM entry WHERE source = ?1 AND origin = ?2")?
        .query_row(params![&**source, origin.raw()], |row| row.get(0))
        .optional()?;
    let id: Option<EntryId> = id.and_then(|id| id.parse().ok());
    Ok(id.filter(|id| *id != draft.id))
}

fn answer_without_writing(
    transaction: &Transaction<'_>,
    draft: &Draft,
) -> rusqlite::Result<Option<Appended>> {
    // A commit that was reported as failed may have reached the disk all the same.
    if let Some(entry) = query::by_id(transaction, draft.id)? {
        return Ok(Some(Appended::Stored(Box::new(entry))));
    }
    if draft.kind != Kind::PhaseChange {
        return Ok(None);
    }
    let open = query::open_incident_id(transaction)?;
    Ok(match draft.phase {
        Some(Phase::Opened) if open.is_some() => Some(Appended::Refused(open)),
        Some(Phase::Closed) if open.is_none() || open != draft.incident => {
            Some(Appended::Refused(open))
        }
        _ => None,
    })
}

fn register(
    transaction: &Transaction<'_>,
    writer: &str,
    identity: &super::disk::Identity,
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    transaction.execute(
        "INSERT OR IGNORE INTO writer (id, started_at, user, host, pid, version) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![writer, now.timestamp_millis(), identity.user, identity.host, std::process::id(), env!("CARGO_PKG_VERSION")],
    )?;
    Ok(())
}

fn insert(
    transaction: &Transaction<'_>,
    draft: &Draft,
    stamp: &Stamp,
    salts: &[[u8; 16]; 3],
    head: &mut Head,
) -> rusqlite::Result<Entry> {
    let texts = row::texts(draft);
    let mut digests = [None; 3];
    for (part, text) in texts.iter().enumerate() {
        digests[part] = text
            .as_ref()
            .map(|text| chain::text_digest(PARTS[part], &salts[part], text));
    }
    let columns = row::columns(draft, stamp, digests);
    let hash = chain::entry_hash(&head.hash, &columns);
    let own = [Value::Blob(head.hash.to_vec()), Value::Blob(hash.to_vec())];
    transaction
        .prepare_cached(&insert_sql())?
        .execute(params_from_iter(columns.iter().chain(&own)))?;
    for (part, text) in texts.iter().enumerate() {
        if let Some(text) = text {
            transaction
                .prepare_cached(
                    "INSERT INTO entry_text (entry, part, salt, text) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![
                    draft.id.to_string(),
                    PARTS[part],
                    salts[part].as_slice(),
                    text
                ])?;
        }
    }
    *head = Head {
        seq: stamp.seq,
        hash,
    };
    row::entry(&columns, &texts, &hash)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

fn insert_sql() -> String {
    let marks: Vec<String> = (1..=COLUMNS.len() + 2)
        .map(|number| format!("?{number}"))
        .collect();
    format!(
        "INSERT INTO entry ({}, prev_hash, hash) VALUES ({})",
        COLUMNS.join(", "),
        marks.join(", ")
    )
}
