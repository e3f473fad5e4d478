//! Entries whose write-ahead log was deleted under the console: read through the connection that still has it open, and
//! written again into the file that others see.

use super::append::Appended;
use super::disk::{Disk, Displaced};
use super::query;
use model::entry::Draft;

/// More entries than a write-ahead log holds: SQLite carries it over into the file after 1,000 pages of 4 KB, and fewer than
/// ten entries fit on one.
const ENTRIES_MAX: u32 = 10_000;

/// Entries in one transaction.
const BATCH: usize = 500;

/// What may have been lost, until it is known to be on disk.
#[derive(Debug, Default)]
pub struct Rescue {
    entries: Vec<Draft>,
    notice: Option<String>,
}

impl Rescue {
    /// Reads what the open connection alone still sees.
    pub fn read(&mut self, disk: &Disk, displaced: Displaced) {
        let place = disk.path().display();
        match displaced {
            Displaced::Database => {
                self.notice = Some(
                    "the timeline's file was moved or deleted while it was open; another one was begun"
                        .to_owned(),
                );
            }
            Displaced::Wal => {
                let deleted = format!(
                    "{place}-wal was deleted or replaced by another program while the console had it open"
                );
                match query::latest(disk.connection(), ENTRIES_MAX) {
                    Ok(found) => {
                        self.entries
                            .extend(found.entries.into_iter().map(|entry| entry.draft));
                        self.notice = Some(deleted);
                    }
                    Err(error) => {
                        self.notice = Some(format!(
                            "{deleted}, and what was in it cannot be read ({error}): the newest entries may be missing, compare with the screen"
                        ));
                    }
                }
            }
        }
    }

    /// Writes what the file lacks. What to tell about it, once all of it is there.
    pub fn write(&mut self, disk: &mut Disk) -> rusqlite::Result<Option<String>> {
        let (mut written, mut refused) = (0, 0);
        for batch in self.entries.chunks(BATCH) {
            for done in disk.append(batch)? {
                match done {
                    Appended::Stored(entry) if entry.writer == disk.writer => written += 1,
                    Appended::Refused(_) => refused += 1,
                    Appended::Stored(_) | Appended::Known => {}
                }
            }
        }
        let is_wal = !std::mem::take(&mut self.entries).is_empty();
        Ok(self.notice.take().map(|notice| {
            let again = match (is_wal, written) {
                (false, _) => "",
                (true, 0) => "; nothing is missing",
                (true, _) => &format!("; {written} entries that stood only there were written again"),
            };
            let refused = if refused > 0 {
                format!("; {refused} could not be, because another incident was opened or closed meanwhile")
            } else {
                String::new()
            };
            format!("{notice}{again}{refused}")
        }))
    }
}
