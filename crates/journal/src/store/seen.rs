//! How far the entries of other processes on the same file were read.

use super::disk::Disk;
use super::query;
use model::entry::Entry;

/// The last row read, and what SQLite said of the file then.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    place: i64,
    version: i64,
}

impl Seen {
    /// All up to this row.
    pub fn up_to(place: i64, disk: &Disk) -> Seen {
        Seen {
            place,
            version: disk.data_version().unwrap_or(0),
        }
    }

    /// What others wrote since, in order of commit. What cannot be read now is read the next time.
    pub fn by_others(&mut self, disk: &Disk) -> Vec<Entry> {
        let Ok(version) = disk.data_version() else {
            return Vec::new();
        };
        if version == self.version {
            return Vec::new();
        }
        let Ok(found) = query::after(disk.connection(), self.place, &disk.writer) else {
            return Vec::new();
        };
        *self = Seen {
            place: found.place,
            version,
        };
        found.entries
    }
}
