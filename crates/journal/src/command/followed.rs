//! Which writes are still followed when something is exported: a console that runs awaits their last verdict.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::OptionalExtension;
use rustix::process::{Pid, test_kill_process};

use crate::store::query::EntryRows;
use model::entry::{Entry, EntryId};
use model::kind::{Kind, Outcome};
use model::workload::progress::FOLLOW_MS;

/// The intents among these entries whose writes are followed at this time.
pub(super) fn followed(
    rows: EntryRows<'_>,
    entries: &[Entry],
    now: DateTime<Utc>,
) -> rusqlite::Result<BTreeSet<EntryId>> {
    let limit = TimeDelta::milliseconds(i64::try_from(FOLLOW_MS).unwrap_or(i64::MAX));
    let is_open = |result: &&Entry| {
        let mut answers = entries.iter().map(|entry| &entry.draft);
        result.draft.outcome() == Some(Outcome::Applied)
            && now - result.draft.occurred_at <= limit
            && !answers.any(|answer| {
                answer.kind == Kind::ActionVerdict
                    && answer.refers_to == result.draft.refers_to
                    && !answer.is_interim()
            })
    };
    let mut followed = BTreeSet::new();
    for result in entries.iter().filter(is_open) {
        if runs(rows, &result.writer)? {
            followed.extend(result.draft.refers_to);
        }
    }
    Ok(followed)
}

/// It did not say that it stopped, and nothing shows that it is gone. Of another host nothing shows that.
fn runs(rows: EntryRows<'_>, writer: &str) -> rusqlite::Result<bool> {
    let connection = rows.connection;
    let has_stopped = connection
        .prepare_cached("SELECT 1 FROM entry WHERE writer = ?1 AND kind = 'console.stop'")?
        .exists([writer])?;
    let place = connection
        .prepare_cached("SELECT host, pid FROM writer WHERE id = ?1")?
        .query_row([writer], |row| {
            Ok((row.get::<_, Option<String>>(0)?, row.get::<_, i32>(1)?))
        })
        .optional()?;
    let Some((host, pid)) = place.filter(|_| !has_stopped) else {
        return Ok(false);
    };
    // Two processes of one host have not one number at a time.
    let has_heir = connection
        .prepare_cached("SELECT 1 FROM writer WHERE host IS ?1 AND pid = ?2 AND id > ?3")?
        .exists((&host, pid, writer))?;
    let name = rustix::system::uname();
    let is_here = host.is_none_or(|host| host == name.nodename().to_string_lossy());
    let lives = || Pid::from_raw(pid).is_some_and(|pid| test_kill_process(pid).is_ok());
    Ok(!has_heir && (!is_here || lives()))
}
