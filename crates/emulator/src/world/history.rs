//! The objects of one kind and the changes that led to them, as far back as a watch may resume.

use std::collections::{BTreeMap, VecDeque};

use super::object::{Key, Object};

/// Changes remembered for each kind: about half a minute of the strongest churn offered, as a real watch cache holds little more under load.
const CHANGES_MAX: usize = 32_768;

/// What happened to an object.
#[derive(Clone, Debug, PartialEq)]
pub enum Changed {
    Added,
    /// It was this before.
    Modified(Object),
    Deleted,
}

/// A change and the version it made.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The resourceVersion of the change.
    pub version: u64,
    /// The object after it (before it, with the new version, when deleted).
    pub object: Object,
    pub changed: Changed,
}

/// The asked version is no longer remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compacted {
    /// The oldest that is.
    pub oldest: u64,
}

/// Objects and changes of one kind.
pub(super) struct Store {
    pub(super) objects: BTreeMap<Key, Object>,
    changes: VecDeque<Change>,
    /// All changes after this version are in `changes`.
    oldest: u64,
}

impl Store {
    pub(super) fn new(oldest: u64) -> Self {
        Self {
            objects: BTreeMap::new(),
            changes: VecDeque::new(),
            oldest,
        }
    }

    pub(super) fn oldest(&self) -> u64 {
        self.oldest
    }

    pub(super) fn put(&mut self, version: u64, object: Object) {
        let before = self
            .objects
            .insert(object.meta().key.clone(), object.clone());
        let changed = before.map_or(Changed::Added, Changed::Modified);
        self.remember(Change {
            version,
            object,
            changed,
        });
    }

    pub(super) fn remove(&mut self, version: u64, key: &Key) {
        let Some(mut object) = self.objects.remove(key) else {
            return;
        };
        object.meta_mut().version = version;
        self.remember(Change {
            version,
            object,
            changed: Changed::Deleted,
        });
    }

    fn remember(&mut self, change: Change) {
        if self.changes.len() == CHANGES_MAX {
            self.oldest = self.changes.pop_front().map_or(self.oldest, |c| c.version);
        }
        self.changes.push_back(change);
    }

    pub(super) fn compact(&mut self, version: u64) {
        self.changes.clear();
        self.oldest = version;
    }

    pub(super) fn since(&self, version: u64, limit: usize) -> Result<Vec<Change>, Compacted> {
        if version < self.oldest {
            return Err(Compacted {
                oldest: self.oldest,
            });
        }
        let from = self.changes.partition_point(|c| c.version <= version);
        Ok(self.changes.range(from..).take(limit).cloned().collect())
    }
}
