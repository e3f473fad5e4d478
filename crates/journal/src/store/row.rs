//! An entry as columns and back. What is hashed is exactly what is stored: nothing is computed twice.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rusqlite::types::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::chain;
use model::entry::{Draft, Entry, EntryChange};
use model::kind::{Kind, Phase, Visibility};
use text::Outside;

/// The hashed columns of `entry`, in the order in which they are hashed. Frozen with format 1.
pub const COLUMNS: [&str; 28] = [
    "format",
    "writer",
    "seq",
    "id",
    "incident",
    "occurred_at",
    "recorded_at",
    "ended_at",
    "clock_offset_ms",
    "kind",
    "severity",
    "phase",
    "title",
    "actor",
    "source",
    "origin",
    "target",
    "change",
    "command",
    "tags",
    "pinned",
    "visibility",
    "redactions",
    "links",
    "refers_to",
    "body_digest",
    "diff_digest",
    "evidence_digest",
];

/// The texts that may be taken out later, in the order of their digests.
pub const PARTS: [&str; 3] = ["body", "diff", "evidence"];

/// The texts of one entry, in the order of [`PARTS`].
pub type Texts = [Option<String>; 3];

/// What the store adds to a draft.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// Which process writes.
    pub writer: Arc<str>,
    /// Its next number.
    pub seq: i64,
    pub recorded_at: DateTime<Utc>,
}

/// Why a row cannot be read as an entry: the file was altered, or written by a program unlike this one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column} of an entry does not say what it should")]
pub struct Unreadable {
    /// The column at fault.
    pub column: &'static str,
}

/// The texts of a draft that are kept apart.
pub fn texts(draft: &Draft) -> Texts {
    let diff = draft
        .change
        .as_ref()
        .and_then(|change| change.diff.as_ref());
    [
        draft.body.as_ref().map(own),
        diff.map(own),
        some_json(&draft.evidence, draft.evidence.is_empty()),
    ]
}

/// The hashed columns of a draft. `digests` are those of its texts.
pub fn columns(draft: &Draft, stamp: &Stamp, digests: [Option<chain::Hash>; 3]) -> Vec<Value> {
    let without_diff = draft.change.as_ref().map(|change| EntryChange {
        diff: None,
        ..change.clone()
    });
    let [body, diff, evidence] =
        digests.map(|digest| digest.map_or(Value::Null, |digest| Value::Blob(digest.to_vec())));
    vec![
        Value::Integer(chain::FORMAT),
        Value::Text(stamp.writer.to_string()),
        Value::Integer(stamp.seq),
        Value::Text(draft.id.to_string()),
        text(draft.incident.map(|id| id.to_string())),
        Value::Integer(draft.occurred_at.timestamp_millis()),
        Value::Integer(stamp.recorded_at.timestamp_millis()),
        integer(draft.ended_at.map(|at| at.timestamp_millis())),
        integer(draft.clock_offset_ms),
        Value::Text(draft.kind.word().into()),
        text(draft.severity.as_ref().and_then(json)),
        text(draft.phase.map(|phase| phase.word().into())),
        Value::Text(own(&draft.title)),
        text(json(&draft.actor)),
        text(draft.source.as_ref().map(ToString::to_string)),
        text(draft.origin.as_ref().map(own)),
        text(draft.target.as_ref().and_then(json)),
        text(without_diff.as_ref().and_then(json)),
        text(draft.command.as_ref().and_then(json)),
        text(some_json(&draft.tags, draft.tags.is_empty())),
        Value::Integer(draft.pinned.into()),
        Value::Text(draft.visibility.word().into()),
        text(some_json(&draft.redactions, draft.redactions.is_empty())),
        text(some_json(&draft.links, draft.links.is_empty())),
        text(draft.refers_to.map(|id| id.to_string())),
        body,
        diff,
        evidence,
    ]
}

/// The entry that these columns, texts and hash say.
pub fn entry(columns: &[Value], texts: &Texts, hash: &[u8]) -> Result<Entry, Unreadable> {
    let row = Row { columns };
    let [body, diff, evidence] = texts.each_ref().map(Option::as_deref);
    let mut change: Option<EntryChange> = row.json("change")?;
    if let (Some(change), Some(diff)) = (&mut change, diff) {
        change.diff = Some(diff.into());
    }
    let draft = Draft {
        id: row.parse("id")?.ok_or(Unreadable { column: "id" })?,
        incident: row.parse("incident")?,
        occurred_at: row.time("occurred_at")?.ok_or(Unreadable {
            column: "occurred_at",
        })?,
        ended_at: row.time("ended_at")?,
        clock_offset_ms: row.integer("clock_offset_ms"),
        actor: row.json("actor")?.ok_or(Unreadable { column: "actor" })?,
        source: row.text("source").map(Arc::from),
        origin: row.text("origin").map(Outside::from),
        kind: row
            .word("kind", Kind::from_word)?
            .ok_or(Unreadable { column: "kind" })?,
        severity: row.json("severity")?,
        phase: row.word("phase", Phase::from_word)?,
        title: row
            .text("title")
            .ok_or(Unreadable { column: "title" })?
            .into(),
        body: body.map(Outside::from),
        target: row.json("target")?,
        change,
        command: row.json("command")?,
        evidence: evidence.map_or(Ok(Vec::new()), |text| {
            serde_json::from_str(text).map_err(|_| Unreadable { column: "evidence" })
        })?,
        tags: row.json("tags")?.unwrap_or_default(),
        pinned: row.integer("pinned") == Some(1),
        visibility: row
            .word("visibility", Visibility::from_word)?
            .ok_or(Unreadable {
                column: "visibility",
            })?,
        redactions: row.json("redactions")?.unwrap_or_default(),
        links: row.json("links")?.unwrap_or_default(),
        refers_to: row.parse("refers_to")?,
    };
    Ok(Entry {
        draft,
        recorded_at: row.time("recorded_at")?.ok_or(Unreadable {
            column: "recorded_at",
        })?,
        writer: row
            .text("writer")
            .ok_or(Unreadable { column: "writer" })?
            .into(),
        seq: row
            .integer("seq")
            .and_then(|seq| u64::try_from(seq).ok())
            .ok_or(Unreadable { column: "seq" })?,
        hash: chain::hex(hash).into(),
    })
}

/// Columns by name.
struct Row<'a> {
    columns: &'a [Value],
}

impl<'a> Row<'a> {
    fn value(&self, name: &str) -> Option<&'a Value> {
        self.columns
            .get(COLUMNS.iter().position(|column| *column == name)?)
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        match self.value(name) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    fn integer(&self, name: &str) -> Option<i64> {
        match self.value(name) {
            Some(Value::Integer(number)) => Some(*number),
            _ => None,
        }
    }

    fn time(&self, column: &'static str) -> Result<Option<DateTime<Utc>>, Unreadable> {
        self.integer(column)
            .map(|at| DateTime::from_timestamp_millis(at).ok_or(Unreadable { column }))
            .transpose()
    }

    fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<Option<T>, Unreadable> {
        self.text(column)
            .map(|text| serde_json::from_str(text).map_err(|_| Unreadable { column }))
            .transpose()
    }

    fn word<T>(
        &self,
        column: &'static str,
        known: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Unreadable> {
        self.text(column)
            .map(|word| known(word).ok_or(Unreadable { column }))
            .transpose()
    }

    fn parse<T: std::str::FromStr>(&self, column: &'static str) -> Result<Option<T>, Unreadable> {
        self.text(column)
            .map(|text| text.parse().map_err(|_| Unreadable { column }))
            .transpose()
    }
}

fn own(text: &Outside) -> String {
    text.raw().to_owned()
}

fn text(text: Option<String>) -> Value {
    text.map_or(Value::Null, Value::Text)
}

fn integer(number: Option<i64>) -> Value {
    number.map_or(Value::Null, Value::Integer)
}

/// Our own types have string keys and finite numbers only: they always become JSON.
fn json<T: Serialize>(value: &T) -> Option<String> {
    serde_json::to_string(value).ok()
}

fn some_json<T: Serialize>(value: &T, is_empty: bool) -> Option<String> {
    if is_empty { None } else { json(value) }
}
