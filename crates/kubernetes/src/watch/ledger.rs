//! Which resourceVersion of each object was last let through, so that an older one never replaces a newer one.

use std::collections::{HashMap, VecDeque};
use std::hash::BuildHasher;

use foldhash::{fast, quality};

use model::meta::Meta;
use model::meta::Uid;

/// Deleted uids remembered: enough for events that arrive late, without growing under churn.
const TOMBSTONES_MAX: usize = 1_024;

/// Hash of a uid. A row that is replaced takes its uid's text with it; a key of text would keep the first one alive for
/// each object. Two of 50,000 uids have the same hash once in 10^10 lists, and then one of them may be judged by the
/// other's version, which is of the same sequence.
type Key = u64;

#[derive(Debug, Default)]
pub(super) struct Ledger {
    keys: quality::RandomState,
    seen: HashMap<Key, Entry, fast::RandomState>,
    tombstones: VecDeque<Key>,
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
    pub(super) fn list(&mut self, meta: &Meta, generation: u32) {
        self.note(self.key(&meta.uid), version(meta), generation, false);
    }

    /// An object of a watch: is it news?
    pub(super) fn admit(&mut self, meta: &Meta, generation: u32) -> bool {
        let (key, version) = (self.key(&meta.uid), version(meta));
        let is_known = match self.seen.get(&key) {
            Some(entry) if version != 0 => version <= entry.version,
            Some(entry) => entry.is_deleted,
            None => version != 0 && version <= self.listed_at,
        };
        if !is_known {
            self.note(key, version, generation, false);
        }
        !is_known
    }

    /// A deletion from a watch: is it news?
    pub(super) fn delete(&mut self, meta: &Meta, generation: u32) -> bool {
        let (key, version) = (self.key(&meta.uid), version(meta));
        let is_known = self
            .seen
            .get(&key)
            .is_some_and(|entry| entry.is_deleted || (version != 0 && version < entry.version));
        if is_known {
            return false;
        }
        self.note(key, version, generation, true);
        self.tombstones.push_back(key);
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

    fn key(&self, uid: &Uid) -> Key {
        self.keys.hash_one(uid.as_str())
    }

    fn note(&mut self, key: Key, version: u64, generation: u32, is_deleted: bool) {
        let entry = Entry {
            version,
            generation,
            is_deleted,
        };
        self.seen.insert(key, entry);
    }
}

fn version(meta: &Meta) -> u64 {
    meta.version.map_or(0, u64::from)
}
