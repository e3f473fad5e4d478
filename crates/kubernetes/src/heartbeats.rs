//! Changes that change nothing that a row holds, such as a kubelet's signs of life in the status of its node: with 5,000 nodes there
//! are 17 of them a second, and each would wake the loop.

use std::collections::BTreeMap;

use model::message::WatchChange;
use model::meta::Uid;

use super::fold::Fold;

/// The rows of a kind that has such changes, as they were told last.
pub(crate) struct Heartbeats<R> {
    told: BTreeMap<Uid, R>,
}

impl<R: Fold> Heartbeats<R> {
    pub(crate) fn new() -> Heartbeats<R> {
        Heartbeats {
            told: BTreeMap::new(),
        }
    }

    /// The change without the rows that are as they were told. `None` when nothing is left of it.
    pub(crate) fn without(&mut self, change: WatchChange<R>) -> Option<WatchChange<R>> {
        match change {
            WatchChange::Batch {
                mut rows,
                gone,
                unreadable,
            } if R::HAS_HEARTBEATS => {
                rows.retain(|row| !self.is_told(row));
                for uid in &gone {
                    self.told.remove(uid);
                }
                let is_empty = rows.is_empty() && gone.is_empty() && unreadable.is_empty();
                (!is_empty).then_some(WatchChange::Batch {
                    rows,
                    gone,
                    unreadable,
                })
            }
            WatchChange::Begin { .. } => {
                // A list tells every row again: what it does not hold is gone.
                self.told.clear();
                Some(change)
            }
            WatchChange::Batch { .. } | WatchChange::Synced { .. } | WatchChange::Health(_) => {
                Some(change)
            }
        }
    }

    fn is_told(&mut self, row: &R) -> bool {
        let uid = &row.meta().uid;
        let is_told = self.told.get(uid).is_some_and(|told| told.is_as_shown(row));
        if !is_told {
            self.told.insert(uid.clone(), row.clone());
        }
        is_told
    }
}
