//! What a console knows of the timeline when it starts. Never writes.

use chrono::{TimeDelta, Utc};

use super::disk::Disk;
use super::query::{
    by_id, newest_of_consoles, newest_place, open_incident_id, page, unknown_intents, unstopped,
};
use model::entry::{Entry, EntryTarget};
use model::journal::{Opening, Range};
use model::kind::Kind;

/// Entries that a console holds from the start: several nights of a busy cluster.
const RECENT: u32 = 2_000;

/// After this an intent counts as left behind, even when a process of the same number runs.
const INTENT_ALIVE: TimeDelta = TimeDelta::minutes(10);

impl Disk {
    /// What is known at the start, and the place up to which it was read; with the names of what could not be.
    pub fn opening(&self) -> rusqlite::Result<(Opening, i64, Vec<String>)> {
        let place = newest_place(&self.connection)?;
        let recent = page(
            &self.connection,
            &Range {
                limit: Some(RECENT),
                ..Range::default()
            },
        )?;
        let incident = match open_incident_id(&self.connection)? {
            Some(id) => by_id(&self.connection, id)?,
            None => None,
        };
        let mut unknown = unknown_intents(&self.connection)?;
        unknown.retain(|intent| !self.may_be_under_way(intent));
        let newest = newest_of_consoles(&self.connection)?;
        let opening = Opening {
            recent: recent.entries,
            unreadable: recent.unreadable,
            incident,
            unknown_intents: unknown,
            last_recorded: newest.as_ref().map(|entry| entry.recorded_at),
            is_end_unknown: newest.is_some_and(|entry| entry.draft.kind != Kind::ConsoleStop),
            watched: self.watched()?,
            note_draft: None,
        };
        Ok((opening, place, recent.damaged))
    }

    /// What other consoles watch that run now: they have begun, have not stopped, and have the file open beside us.
    fn watched(&self) -> rusqlite::Result<Vec<EntryTarget>> {
        if !self.is_shared {
            return Ok(Vec::new());
        }
        let begun = unstopped(&self.connection)?.into_iter();
        let others = begun.filter(|start| start.writer != self.writer && self.lives(&start.writer));
        Ok(others.filter_map(|start| start.draft.target).collect())
    }

    /// Another console on this host may be carrying it out just now.
    fn may_be_under_way(&self, intent: &Entry) -> bool {
        self.lives(&intent.writer) && Utc::now() - intent.recorded_at < INTENT_ALIVE
    }

    /// A process of the number of this writer runs on this host.
    fn lives(&self, writer: &str) -> bool {
        let found: rusqlite::Result<(Option<String>, i32)> = self.connection.query_row(
            "SELECT host, pid FROM writer WHERE id = ?1",
            [writer],
            |row| Ok((row.get(0)?, row.get(1)?)),
        );
        let Ok((host, pid)) = found else { return false };
        let lives = rustix::process::Pid::from_raw(pid)
            .is_some_and(|pid| rustix::process::test_kill_process(pid).is_ok());
        host == self.identity.host && lives
    }
}
