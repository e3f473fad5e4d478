//! Which resourceVersion of each object was last let through, so that an older one never replaces a newer one.

use std::collections::{HashMap, VecDeque};

use foldhash::fast::RandomState;

use model::pods::Uid;

/// Deleted uids remembered: enough for events that arrive late, without growing under churn.
const TOMBSTONES_MAX: usize = 1_024;

#[derive(Debug, Default)]
pub(super) struct Ledger {
    seen: HashMap<Uid, Entry, RandomState>,
    tombstones: VecDeque<Uid>,
    /// Version of the last whole list: what it did not hold and is not newer was gone by then.
    listed_at: u64,
}

#[derive(Debug)]
struct Entry {
    /// 0 when it was no number: such versions cannot be compared, and everything is let through.
    version: u64,
    generation: u32,
    is_deleted: bool,
}

impl Ledger {
    /// An object of a list: a list is the truth, whatever came before.
    pub(super) fn list(&mut self, uid: &Uid, version: Option<u64>, generation: u32) {
        let entry = Entry {
            version: version.unwrap_or(0),
            generation,
            is_deleted: false,
        };
        self.seen.insert(Uid::clone(uid), entry);
    }

    /// An object of a watch: is it news?
    pub(super) fn admit(&mut self, uid: &Uid, version: Option<u64>, generation: u32) -> bool {
        let version = version.unwrap_or(0);
        match self.seen.get_mut(uid) {
            Some(entry) if version != 0 && version <= entry.version => false,
            Some(entry) if entry.is_deleted && version == 0 => false,
            Some(entry) => {
                *entry = Entry {
                    version,
                    generation,
                    is_deleted: false,
                };
                true
            }
            None if version != 0 && version <= self.listed_at => false,
            None => {
                self.seen.insert(
                    Uid::clone(uid),
                    Entry {
                        version,
                        generation,
                        is_deleted: false,
                    },
                );
                true
            }
        }
    }

    /// A deletion from a watch: is it news?
    pub(super) fn delete(&mut self, uid: &Uid, version: Option<u64>, generation: u32) -> bool {
        let version = version.unwrap_or(0);
        let before = self.seen.get(uid);
        if before.is_some_and(|entry| entry.is_deleted || (version != 0 && version < entry.version))
        {
            return false;
        }
        self.seen.insert(
            Uid::clone(uid),
            Entry {
                version,
                generation,
                is_deleted: true,
            },
        );
        self.tombstones.push_back(Uid::clone(uid));
        if self.tombstones.len() > TOMBSTONES_MAX
            && let Some(oldest) = self.tombstones.pop_front()
            && self.seen.get(&oldest).is_some_and(|entry| entry.is_deleted)
        {
            self.seen.remove(&oldest);
        }
        true
    }

    /// The list with this generation is complete, as of `version`: forgets what it did not hold.
    pub(super) fn sweep(&mut self, generation: u32, version: &str) {
        self.listed_at = version.parse().unwrap_or(0);
        self.seen
            .retain(|_, entry| entry.generation == generation && !entry.is_deleted);
        self.tombstones.clear();
    }
}
