//! What the timeline does outside the console: export, note, timeline, verify. Each takes plain options and gives the text
//! for standard output; the caller prints it and chooses the exit code from the error.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use chrono::{DateTime, FixedOffset, NaiveTime, TimeDelta, Utc};

use crate::export::{self, Report};
use crate::store::append::Appended;
use crate::store::directory::{StateDir, open_private};
use crate::store::disk::{Disk, Identity};
use crate::store::{query, verify};
use model::entry::{Actor, Draft, Entry, EntryId, Ids};
use model::journal::{Range, StoreProblem};
use model::kind::Kind;
use model::note;
use model::severity::Scheme;
use text::Outside;

/// Exit code when something failed, as everywhere.
pub const FAILED: u8 = 1;

/// Exit code when the command line asks for something that cannot be, as clap's own.
pub const MISUSED: u8 = 2;

/// How often an entry is given to a timeline whose files are taken away meanwhile.
const APPEND_MAX: u32 = 3;

/// How long before its opening an incident's story may begin.
const LEAD_UP: TimeDelta = TimeDelta::hours(1);

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
) -> Result<String, Failure> {
    let disk = Disk::open(dir, &Identity::default())?;
    write(&report(&disk, part, now)?, format)
}

fn report(disk: &Disk, part: &Part, now: DateTime<Utc>) -> Result<Report, Failure> {
    let (title, range) = chosen(disk, part, now)?;
    let mut page = query::page(disk.connection(), &range)?;
    page.entries.extend(lead_up(disk, &range, &page.entries)?);
    if range.incident.is_some() && page.entries.is_empty() {
        let known = incidents(disk)?;
        return Err(misused(format!("no incident has this id; {known}")));
    }
    let is_incident = range.incident.is_some();
    let report = Report::new(title.into(), page.entries, page.unreadable, now);
    Ok(if is_incident {
        report.of_incident()
    } else {
        report
    })
}

/// The post-mortem of this incident, else the journal of today, in a new file under the state directory. Through the
/// timeline that the console has open: it must not be opened twice in one process.
pub fn export_file(
    disk: &Disk,
    dir: &StateDir,
    incident: Option<EntryId>,
    now: DateTime<Utc>,
) -> Result<PathBuf, Failure> {
    let part = Part {
        incident: incident.map(|id| id.to_string()),
        ..Part::default()
    };
    let text = write(&report(disk, &part, now)?, Format::Markdown)?;
    let exports = dir.inner("exports").prepare()?;
    let path = exports.join(format!("{}.md", now.format("%Y-%m-%dT%H-%M-%S%.3fZ")));
    let mut options = OpenOptions::new();
    let written = open_private(&path, options.write(true).create_new(true)).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    match written {
        Ok(()) => Ok(path),
        Err(error) => Err(failed(format!(
            "{}: {error}; `watchfloor export` prints it instead",
            path.display()
        ))),
    }
}

/// What led up to the incident of this range, if it is one.
fn lead_up(disk: &Disk, range: &Range, entries: &[Entry]) -> Result<Vec<Entry>, Failure> {
    let opened = range
        .incident
        .and_then(|id| entries.iter().find(|entry| entry.draft.id == id));
    let Some(opened) = opened.map(|entry| entry.draft.occurred_at) else {
        return Ok(Vec::new());
    };
    let before = Range {
        since: Some(opened - LEAD_UP),
        until: Some(opened),
        ..Range::default()
    };
    Ok(export::lead_up(
        query::page(disk.connection(), &before)?.entries,
    ))
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

fn chosen(disk: &Disk, part: &Part, now: DateTime<Utc>) -> Result<(String, Range), Failure> {
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
            return Err(misused("--since must be before --until".into()));
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
    let open = query::open_incident_id(disk.connection())?;
    let closed = || query::last_closed(disk.connection(), now - RECENTLY_CLOSED);
    if let Some(open) = open.map_or_else(closed, |open| Ok(Some(open)))? {
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

fn incidents(disk: &Disk) -> Result<String, Failure> {
    let page = query::page(disk.connection(), &Range::default())?;
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
) -> Result<String, Failure> {
    if part.since.is_some() || part.until.is_some() {
        return export(dir, part, format, now);
    }
    let part = Part {
        since: Some(now - TimeDelta::days(1)),
        ..part.clone()
    };
    export(dir, &part, format, now)
}

/// Who writes, and with what chance the id is made.
#[derive(Clone, Debug)]
pub struct Writer {
    /// Kept with the process.
    pub identity: Identity,
    /// Who says it.
    pub actor: Actor,
    /// For the id.
    pub seed: u64,
}

/// Writes a note under the open incident, else into the journal of the day. What it gives is on disk.
pub fn note(
    dir: &StateDir,
    text: &str,
    severity: Option<&str>,
    writer: &Writer,
    now: DateTime<FixedOffset>,
) -> Result<String, Failure> {
    let scheme = Scheme::default();
    let asked = severity.map(|name| {
        let levels: Vec<&str> = scheme.levels.iter().map(|level| &**level).collect();
        let shown = Outside::from(name).shown().to_string();
        scheme.parse(name).ok_or_else(|| {
            misused(format!(
                "{shown} is not a severity; there are {}",
                levels.join(", ")
            ))
        })
    });
    let asked = asked.transpose()?;
    let said = note::said(text, now, &scheme);
    let now = now.to_utc();
    if said.title.is_empty() {
        return Err(misused(
            "there is nothing to note: give it some words".into(),
        ));
    }
    let disk = Disk::open(dir, &writer.identity)?;
    let draft = Draft {
        incident: query::open_incident_id(disk.connection())?,
        severity: asked.or(said.severity),
        body: said.body.map(Outside::from),
        occurred_at: said.occurred_at.unwrap_or(now),
        source: Some("command".into()),
        ..Draft::new(
            Ids::seeded(writer.seed).next(now),
            now,
            writer.actor.clone(),
            Kind::Note,
            said.title.into(),
        )
    };
    match append(disk, dir, &draft, writer)? {
        Appended::Stored(entry) => Ok(match entry.draft.incident {
            Some(incident) => format!("saved {} under incident {incident}\n", entry.draft.id),
            None => format!(
                "saved {} in the journal of {}\n",
                entry.draft.id,
                entry.draft.occurred_at.date_naive()
            ),
        }),
        Appended::Known | Appended::Refused(_) => {
            Err(failed("NOT SAVED: the timeline refused the entry".into()))
        }
    }
}

/// Appends until the files were still in place behind the commit; the same entry is stored once however often.
fn append(
    mut disk: Disk,
    dir: &StateDir,
    draft: &Draft,
    writer: &Writer,
) -> Result<Appended, Failure> {
    let place = disk.path().display().to_string();
    for _ in 0..APPEND_MAX {
        let done = disk.append(std::slice::from_ref(draft));
        if disk.displaced().is_none() {
            return done
                .map(|mut done| done.pop().unwrap_or(Appended::Known))
                .map_err(|error| failed(format!("NOT SAVED: {place}: {error}")));
        }
        drop(disk);
        disk = Disk::open(dir, &writer.identity)?;
    }
    Err(failed(format!(
        "NOT SAVED: {place}: another program moves or deletes it again and again"
    )))
}

/// Walks the whole chain. A timeline that does not hold is a failure, with every place named.
pub fn verify(dir: &StateDir) -> Result<String, Failure> {
    let disk = Disk::open(dir, &Identity::default())?;
    if let Some(notice) = disk.notice() {
        return Err(failed(notice.to_owned()));
    }
    let report = verify::verify(disk.connection())?;
    let summary = format!("{} entries of {} consoles", report.entries, report.writers);
    if report.faults.is_empty() {
        let redacted = if report.redacted > 0 {
            format!("; {} texts were taken out by redaction", report.redacted)
        } else {
            String::new()
        };
        return Ok(format!("{summary}: all as they were written{redacted}\n"));
    }
    let faults: Vec<String> = report
        .faults
        .iter()
        .map(|fault| format!("  {}", Outside::from(fault.as_str()).shown()))
        .collect();
    Err(failed(format!(
        "{summary}; {} places do not hold:\n{}",
        report.faults.len(),
        faults.join("\n")
    )))
}
