//! Entries as a document: Markdown for people, JSON without loss for programs, CSV for spreadsheets, plain
//! lines for a terminal. Pure: what goes
//! in is all that comes out, less the secrets. Hostile text stays text.

mod actions;
mod alerts;
mod csv;
mod escape;
mod follow_ups;
mod lead_up;
mod markdown;
mod milestones;
mod sections;
mod summary;
mod trouble;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use serde::Serialize;

use model::entry::{Entry, EntryId, IncidentId};
use model::incident::Incident;
use model::redact;
use text::Outside;

pub use csv::csv;
pub use lead_up::{ends, lead_up};
pub use markdown::markdown;

/// What is exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What the document is called when it is not an incident, such as `Journal of 2026-03-01`.
    pub title: Outside,
    /// The incident, if it is one.
    pub incident: Option<Incident>,
    /// Entries in order of time; those of one moment as their writer wrote them.
    pub entries: Vec<Entry>,
    /// Intents whose writes a console still follows.
    pub followed: BTreeSet<EntryId>,
    /// Rows that could not be read as an entry: said, never hidden.
    pub unreadable: u32,
    /// When this was made.
    pub made_at: DateTime<Utc>,
}

impl Report {
    /// The report, with secrets taken out once more: rules are better today than when an entry was written.
    pub fn new(
        title: Outside,
        entries: Vec<Entry>,
        unreadable: u32,
        made_at: DateTime<Utc>,
    ) -> Report {
        let clean = |entry: Entry| Entry {
            draft: redact::draft(entry.draft),
            ..entry
        };
        let mut entries: Vec<Entry> = entries.into_iter().map(clean).collect();
        entries.sort_by_key(|entry| (entry.draft.occurred_at, entry.seq, entry.draft.id));
        let id = entries.iter().find_map(|entry| entry.draft.incident);
        let is_one = id.is_some() && entries.iter().all(|entry| entry.draft.incident == id);
        let incident = if is_one {
            Incident::told_by(&entries)
        } else {
            None
        };
        Report {
            title,
            incident,
            entries,
            followed: BTreeSet::new(),
            unreadable,
            made_at,
        }
    }

    /// The same as the report of the incident whose opening is in it: what led up to it is filed under none.
    #[must_use]
    pub fn of_incident(self) -> Report {
        Report {
            incident: Incident::told_by(&self.entries),
            ..self
        }
    }

    /// Secrets that were taken out.
    fn redactions(&self) -> u32 {
        self.entries
            .iter()
            .flat_map(|entry| &entry.draft.redactions)
            .map(|one| one.count)
            .sum()
    }
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    made_at: DateTime<Utc>,
    made_by: &'static str,
    title: &'a str,
    incident: Option<IncidentId>,
    unreadable: u32,
    entries: &'a [Entry],
}

const MADE_BY: &str = concat!("watchfloor ", env!("CARGO_PKG_VERSION"));

/// Every field of every entry, as JSON.
///
/// # Errors
/// Never for entries of ours; the type is that of the library.
pub fn json(report: &Report) -> Result<String, serde_json::Error> {
    let document = Document {
        format: "watchfloor timeline 1",
        made_at: report.made_at,
        made_by: MADE_BY,
        title: report
            .incident
            .as_ref()
            .map_or(&report.title, |incident| &incident.title)
            .raw(),
        incident: report.incident.as_ref().map(|incident| incident.id),
        unreadable: report.unreadable,
        entries: &report.entries,
    };
    let mut text = escaped(&serde_json::to_string_pretty(&document)?);
    text.push('\n');
    Ok(text)
}

/// The same JSON with no character that a terminal obeys or that turns the direction of text: they stand in strings alone.
pub fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}' => {
                let _ = write!(text, "\\u{:04x}", u32::from(character)); // writing to a String cannot fail
            }
            other => text.push(other),
        }
    }
    text
}

/// One line an entry, for a terminal.
pub fn lines(report: &Report) -> String {
    let mut text = String::new();
    for entry in &report.entries {
        let draft = &entry.draft;
        let severity = draft
            .severity
            .as_ref()
            .map(|severity| Outside::new(severity.name.clone()));
        let severity = severity
            .as_ref()
            .map_or(String::new(), |name| name.shown().to_string());
        let phase = draft
            .untold_phase()
            .map_or(String::new(), |phase| format!("{}: ", phase.word()));
        let when = draft.occurred_at.format("%Y-%m-%d %H:%M:%SZ");
        let line = format!(
            "{when}  {:<16} {severity:<3} {phase}{} ({})",
            draft.kind.word(),
            draft.title.shown(),
            draft.actor.name().shown()
        );
        text.push_str(line.trim_end());
        if let Some(ended) = draft.ended_at {
            let _ = write!(text, " until {}", ended.format("%H:%M:%SZ")); // writing to a String cannot fail
        }
        if draft.incident == Some(draft.id) {
            text.extend(["  [incident ", &draft.id.to_string(), "]"]);
        }
        text.push('\n');
    }
    text
}
