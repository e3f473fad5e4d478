//! What the timeline does outside the console: export, note, timeline, verify. Each takes plain options and gives the text
//! for standard output; the caller prints it and chooses the exit code from the error.

mod export_file;
mod followed;
mod incident;
mod note;
mod verify;

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use crate::export::{self, Report};
use crate::store::directory::StateDir;
use crate::store::problem;
use crate::store::query::{self, EntryRows};
use crate::store::reader::TimelineReader;
use model::entry::EntryId;
use model::journal::{Range, StoreFailure, StoreProblem};
use text::Outside;

pub use self::export_file::export_file;
pub use self::note::{Writer, note};
pub use self::verify::verify;

/// Exit code when something failed, as everywhere.
pub const FAILED: u8 = 1;

/// Exit code when the command line asks for something that cannot be, as clap's own.
pub const MISUSED: u8 = 2;

/// How often a timeline is read that is written meanwhile, where no lock keeps it as it is.
const READ_MAX: u32 = 5;

/// For so long after its end the export that names nothing is of the incident that was closed last.
const RECENTLY_CLOSED: TimeDelta = TimeDelta::hours(24);

/// Which part of the timeline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The incident with this id.
    pub incident: Option<String>,
    /// From this moment.
    pub since: Option<DateTime<Utc>>,
    /// To this moment, not included.
    pub until: Option<DateTime<Utc>>,
}

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One line an entry.
    Text,
    /// The post-mortem.
    Markdown,
    Json,
    /// A line an entry, for spreadsheets.
    Csv,
}

/// Why a command failed, and with which exit code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// For standard error; outside text in it is shown, never obeyed.
    pub words: String,
    pub code: u8,
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.words)
    }
}

impl std::error::Error for Failure {}

impl From<StoreProblem> for Failure {
    fn from(problem: StoreProblem) -> Self {
        failed(format!("{}; {}", problem.what.shown(), problem.next))
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        failed(format!(
            "the timeline cannot be read: {error}; `watchfloor verify` says more"
        ))
    }
}

/// What a command prints, and what a person must know beside it: damage, and the way out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printout {
    /// For standard output.
    pub text: String,
    /// For standard error, a line each; outside text in it is made safe. With any, the command has failed in part.
    pub warnings: Vec<String>,
}

/// Why reading stopped.
enum ReadStop {
    /// By what the file is.
    Sqlite(rusqlite::Error),
    /// By what was asked.
    Failed(Failure),
}

impl From<rusqlite::Error> for ReadStop {
    fn from(error: rusqlite::Error) -> Self {
        ReadStop::Sqlite(error)
    }
}

impl From<Failure> for ReadStop {
    fn from(failure: Failure) -> Self {
        ReadStop::Failed(failure)
    }
}

impl From<ReadStop> for Failure {
    fn from(stop: ReadStop) -> Self {
        match stop {
            ReadStop::Sqlite(error) => error.into(),
            ReadStop::Failed(failure) => failure,
        }
    }
}

/// Reads the timeline without changing anything; of a damaged one what is left.
fn read<T>(
    dir: &StateDir,
    work: impl Fn(&TimelineReader) -> Result<T, ReadStop>,
) -> Result<(T, TimelineReader), Failure> {
    for _ in 0..READ_MAX {
        let mut reader = TimelineReader::open(dir)?;
        let mut done = work(&reader);
        if let Err(ReadStop::Sqlite(error)) = &done
            && problem::class_of(error) == StoreFailure::Corrupt
        {
            reader = reader.of_what_is_left(&error.to_string())?;
            done = work(&reader);
        }
        if !reader.is_outdated() {
            return Ok((done?, reader));
        }
    }
    Err(failed(format!(
        "another program writes to it again and again: {}",
        dir.path().display()
    )))
}

fn warnings(reader: &TimelineReader, damaged: &[String]) -> Vec<String> {
    let unreadable = reader.unreadable().iter();
    let unreadable = unreadable.map(|name| format!("{name} cannot be read"));
    let said = reader.said().iter().cloned().chain(unreadable);
    said.chain(damaged.iter().cloned())
        .map(|line| Outside::from(line).shown().to_string())
        .collect()
}

fn failed(words: String) -> Failure {
    Failure {
        words,
        code: FAILED,
    }
}

fn misused(words: String) -> Failure {
    Failure {
        words,
        code: MISUSED,
    }
}

/// The part that is asked for: an incident, a range; else the open incident, the one closed in the last day, or the journal
/// of today.
pub fn export(
    dir: &StateDir,
    part: &Part,
    format: Format,
    now: DateTime<Utc>,
) -> Result<Printout, Failure> {
    let ((report, damaged), reader) = read(dir, |reader| report(reader.rows(), part, now))?;
    let unreadable = u32::try_from(reader.unreadable().len()).unwrap_or(u32::MAX);
    let report = Report {
        unreadable: report.unreadable.saturating_add(unreadable),
        ..report
    };
    Ok(Printout {
        text: write(&report, format)?,
        warnings: warnings(&reader, &damaged),
    })
}

/// The report, and the names of its damaged entries.
fn report(
    rows: EntryRows<'_>,
    part: &Part,
    now: DateTime<Utc>,
) -> Result<(Report, Vec<String>), ReadStop> {
    let (title, range) = chosen(rows, part, now)?;
    let mut page = query::page_of(rows, &range)?;
    page.entries
        .extend(incident::around(rows, &range, &page.entries)?);
    if range.incident.is_some() && page.entries.is_empty() {
        let known = incidents(rows)?;
        return Err(misused(format!("no incident has this id; {known}")).into());
    }
    let is_incident = range.incident.is_some();
    let report = Report {
        followed: followed::followed(rows, &page.entries, now)?,
        ..Report::new(title.into(), page.entries, page.unreadable, now)
    };
    let report = if is_incident {
        report.of_incident()
    } else {
        report
    };
    Ok((report, page.damaged))
}

fn write(report: &Report, format: Format) -> Result<String, Failure> {
    match format {
        Format::Text => Ok(export::lines(report)),
        Format::Markdown => Ok(export::markdown(report)),
        Format::Json => export::json(report)
            .map_err(|error| failed(format!("the timeline cannot be written as JSON: {error}"))),
        Format::Csv => export::csv(report)
            .map_err(|error| failed(format!("the timeline cannot be written as CSV: {error}"))),
    }
}

fn chosen(
    rows: EntryRows<'_>,
    part: &Part,
    now: DateTime<Utc>,
) -> Result<(String, Range), ReadStop> {
    if let Some(id) = &part.incident {
        let id: EntryId = id.trim().parse().map_err(|_| {
            misused(format!("{} is not the id of an incident: 26 letters and digits, as `watchfloor timeline` shows them", Outside::from(id.as_str()).shown()))
        })?;
        return Ok((
            format!("Incident {id}"),
            Range {
                incident: Some(id),
                ..Range::default()
            },
        ));
    }
    if part.since.is_some() || part.until.is_some() {
        if let (Some(since), Some(until)) = (part.since, part.until)
            && since >= until
        {
            return Err(misused("--since must be before --until".into()).into());
        }
        let shown = |at: Option<DateTime<Utc>>, none: &str| {
            at.map_or(none.to_owned(), |at| {
                at.format("%Y-%m-%d %H:%M:%SZ").to_string()
            })
        };
        let title = format!(
            "Timeline from {} to {}",
            shown(part.since, "the beginning"),
            shown(part.until, "now")
        );
        return Ok((
            title,
            Range {
                since: part.since,
                until: part.until,
                ..Range::default()
            },
        ));
    }
    let known = query::incidents(rows)?;
    let closed = known
        .last_closed
        .filter(|(_, at)| *at > now - RECENTLY_CLOSED);
    if let Some(open) = known.open.or(closed.map(|(id, _)| id)) {
        return Ok((
            format!("Incident {open}"),
            Range {
                incident: Some(open),
                ..Range::default()
            },
        ));
    }
    let day = now.date_naive().and_time(NaiveTime::MIN).and_utc();
    let range = Range {
        outside_incidents: true,
        since: Some(day),
        until: Some(day + TimeDelta::days(1)),
        ..Range::default()
    };
    Ok((format!("Journal of {}", now.date_naive()), range))
}

fn incidents(rows: EntryRows<'_>) -> rusqlite::Result<String> {
    let page = query::page_of(rows, &Range::default())?;
    let known: BTreeMap<EntryId, String> = page
        .entries
        .iter()
        .filter(|entry| entry.draft.incident == Some(entry.draft.id))
        .map(|entry| (entry.draft.id, entry.draft.title.shown().to_string()))
        .collect();
    if known.is_empty() {
        return Ok("no incident was ever opened here".into());
    }
    let last: Vec<String> = known
        .iter()
        .rev()
        .take(5)
        .map(|(id, title)| format!("{id} ({title})"))
        .collect();
    Ok(format!("the latest are {}", last.join(", ")))
}

/// The last day of the timeline, or the range that is asked for, incidents and journal together.
pub fn timeline(
    dir: &StateDir,
    part: &Part,
    format: Format,
    now: DateTime<Utc>,
) -> Result<Printout, Failure> {
    if part.since.is_some() || part.until.is_some() {
        return export(dir, part, format, now);
    }
    let part = Part {
        since: Some(now - TimeDelta::days(1)),
        ..part.clone()
    };
    export(dir, &part, format, now)
}
