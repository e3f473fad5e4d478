//! `watchfloor note`: an entry from the shell. What it calls saved is on disk.

use chrono::{DateTime, FixedOffset};

use super::{Failure, Printout, failed, misused};
use crate::store::append::Appended;
use crate::store::directory::StateDir;
use crate::store::disk::{Disk, Identity};
use crate::store::{problem, query};
use model::entry::{Actor, Draft, Ids};
use model::journal::StoreFailure;
use model::kind::Kind;
use model::note;
use model::severity::Scheme;
use text::Outside;

/// How often an entry is given to a timeline whose files are taken away meanwhile.
const APPEND_MAX: u32 = 3;

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
) -> Result<Printout, Failure> {
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
    if let Some(why) = said.refusal() {
        return Err(misused(why));
    }
    let now = now.to_utc();
    if said.title.is_empty() {
        return Err(misused(
            "there is nothing to note: give it some words".into(),
        ));
    }
    let disk = Disk::open(dir, &writer.identity)?;
    let draft = Draft {
        severity: asked.or(said.severity),
        body: said.body.map(Outside::from),
        occurred_at: said.occurred_at.unwrap_or(now),
        source: Some(query::COMMAND.into()),
        ..Draft::new(
            Ids::seeded(writer.seed).next(now),
            now,
            writer.actor.clone(),
            Kind::Note,
            said.title.into(),
        )
    };
    let mut warnings = Vec::new();
    match append(disk, dir, &draft, writer, &mut warnings)? {
        Appended::Stored(entry) => Ok(Printout {
            text: match entry.draft.incident {
                Some(incident) => format!("saved {} under incident {incident}\n", entry.draft.id),
                None => format!(
                    "saved {} in the journal of {}\n",
                    entry.draft.id,
                    entry.draft.occurred_at.date_naive()
                ),
            },
            warnings,
        }),
        Appended::Known | Appended::Refused(_) => {
            Err(failed("NOT SAVED: the timeline refused the entry".into()))
        }
    }
}

/// Appends under the open incident until the files were still in place behind the commit; the same entry is stored once however often. When SQLite
/// comes upon damage, the file is checked and repaired first.
fn append(
    mut disk: Disk,
    dir: &StateDir,
    draft: &Draft,
    writer: &Writer,
    warnings: &mut Vec<String>,
) -> Result<Appended, Failure> {
    let place = disk.path().display().to_string();
    let mut is_repaired = false;
    for _ in 0..APPEND_MAX {
        let notice = disk.notice().map(Outside::from);
        warnings.extend(notice.map(|notice| notice.shown().to_string()));
        let done = query::open_incident_id(disk.connection()).and_then(|incident| {
            let draft = Draft {
                incident,
                ..draft.clone()
            };
            disk.append(&[draft])
        });
        let is_damaged =
            |error: &rusqlite::Error| problem::class_of(error) == StoreFailure::Corrupt;
        let repairs = !is_repaired && done.as_ref().is_err_and(is_damaged);
        if disk.displaced().is_none() && !repairs {
            return done
                .map(|mut done| done.pop().unwrap_or(Appended::Known))
                .map_err(|error| {
                    let problem = problem::sqlite(&error, &place);
                    failed(format!("NOT SAVED: {}", Failure::from(problem)))
                });
        }
        drop(disk);
        disk = if repairs {
            is_repaired = true;
            Disk::repair(dir, &writer.identity)?
        } else {
            Disk::open(dir, &writer.identity)?
        };
    }
    Err(failed(format!(
        "NOT SAVED: another program moves or deletes it again and again: {place}"
    )))
}
