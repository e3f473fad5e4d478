//! Rows by uid with a maintained order: a changed row moves by binary search, a full sort happens only on a new sort or
//! filter. While a person is pressing keys the order holds still.

mod lines;
mod standing;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::meta::Row;
use super::meta::Uid;
use super::time::Seconds;

pub use standing::{Aside, RowCounts, SortKey, Standing, by_name};

/// While the order is held, changes wait; more than this many and the order moves anyway.
const MAX_WAITING: usize = 20_000;

#[derive(Clone, Debug)]
struct Slot<R> {
    row: R,
    standing: Standing,
    /// Key under which the slot stands in the order, when it stands there.
    placed: Option<SortKey>,
    generation: u32,
    is_gone: bool,
}

/// The table. `update` writes it; view reads `len`, `row_at` and `counts`.
#[derive(Clone, Debug)]
pub struct Table<R> {
    slots: Vec<Option<Slot<R>>>,
    free: Vec<u32>,
    index: BTreeMap<Uid, u32>,
    order: Vec<u32>,
    due: BTreeSet<(Seconds, u32)>,
    waiting: BTreeSet<u32>,
    counts: RowCounts,
    generation: u32,
    is_reversed: bool,
    is_held: bool,
}

impl<R> Default for Table<R> {
    fn default() -> Self {
        Table {
            slots: Vec::new(),
            free: Vec::new(),
            index: BTreeMap::new(),
            order: Vec::new(),
            due: BTreeSet::new(),
            waiting: BTreeSet::new(),
            counts: RowCounts::default(),
            generation: 0,
            is_reversed: false,
            is_held: false,
        }
    }
}

impl<R: Row> Table<R> {
    /// Lines in the order, gone ones that are still shown included.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Nothing is listed.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The row on this line, and whether it is gone from the cluster.
    pub fn row_at(&self, line: usize) -> Option<(&R, bool)> {
        let slot = self.slot(*self.order.get(line)?)?;
        Some((&slot.row, slot.is_gone))
    }

    /// The row of this uid, if the cluster still has it.
    pub fn get(&self, uid: &Uid) -> Option<&R> {
        let slot = self.slot(*self.index.get(uid)?)?;
        (!slot.is_gone).then_some(&slot.row)
    }

    /// The line on which this uid stands.
    pub fn line_of(&self, uid: &Uid) -> Option<usize> {
        let id = *self.index.get(uid)?;
        let slot = self.slot(id)?;
        self.find(slot.placed.as_ref()?, id).ok()
    }

    /// Counts of all rows and of the listed ones.
    pub fn counts(&self) -> RowCounts {
        self.counts
    }

    /// All rows that the cluster has, in no particular order.
    pub fn rows(&self) -> impl Iterator<Item = &R> {
        self.slots
            .iter()
            .flatten()
            .filter(|slot| !slot.is_gone)
            .map(|slot| &slot.row)
    }

    /// The rows that are sick, or whose standing will change by itself.
    pub fn unsettled(&self) -> impl Iterator<Item = &R> {
        let is_unsettled = |slot: &&Slot<R>| {
            !slot.is_gone && (slot.standing.is_sick || slot.standing.due.is_some())
        };
        let unsettled = self.slots.iter().flatten().filter(is_unsettled);
        unsettled.map(|slot| &slot.row)
    }

    /// When the first standing changes by itself.
    pub fn next_due(&self) -> Option<Seconds> {
        self.due.first().map(|(at, _)| *at)
    }

    /// A new list begins: rows applied from now on carry `generation`.
    pub fn begin(&mut self, generation: u32) {
        self.generation = generation;
    }

    /// Rows that the list with this generation has not shown yet.
    pub fn unlisted(&self, generation: u32) -> impl Iterator<Item = &R> {
        let is_old = move |slot: &&Slot<R>| !slot.is_gone && slot.generation != generation;
        let slots = self.slots.iter().flatten();
        slots.filter(is_old).map(|slot| &slot.row)
    }

    /// The list is complete: rows not seen in it are gone. Returns them.
    pub fn sweep(&mut self, generation: u32) -> Vec<Uid> {
        let uids = self.unlisted(generation).map(|row| row.meta().uid.clone());
        let old: Vec<Uid> = uids.collect();
        for uid in &old {
            self.remove(uid);
        }
        old
    }

    /// Adds or replaces a row; an older resourceVersion never replaces a newer one. True when the row was taken.
    pub fn apply(&mut self, row: R, stand: impl FnOnce(&R) -> Standing) -> bool {
        let Some(id) = self.index.get(&row.meta().uid).copied() else {
            let standing = stand(&row);
            let id = self.insert(row, standing);
            self.place_later(id);
            return true;
        };
        let generation = self.generation;
        let Some(slot) = self.slot_mut(id) else {
            return false;
        };
        slot.generation = generation;
        if slot
            .row
            .meta()
            .version
            .zip(row.meta().version)
            .is_some_and(|(old, new)| new < old)
        {
            return false;
        }
        let standing = stand(&row);
        slot.row = row;
        let was_gone = std::mem::replace(&mut slot.is_gone, false);
        self.counts.total += usize::from(was_gone);
        self.restand(id, &standing, was_gone);
        true
    }

    /// Takes a row out. While the order is held its line stays, marked as gone.
    pub fn remove(&mut self, uid: &Uid) {
        let Some(id) = self.index.get(uid).copied() else {
            return;
        };
        let slot = self.slot_mut(id).filter(|slot| !slot.is_gone);
        let Some(slot) = slot else { return };
        slot.is_gone = true;
        let standing = slot.standing.clone();
        self.count(&standing, false);
        self.counts.total -= 1;
        if let Some(due) = standing.due {
            self.due.remove(&(due, id));
        }
        self.place_later(id);
    }

    /// Recomputes the standing of the rows whose time has come.
    pub fn refresh_due(&mut self, now: Seconds, mut stand: impl FnMut(&R) -> Standing) {
        while let Some((at, id)) = self.due.first().copied().filter(|(at, _)| *at <= now) {
            self.due.remove(&(at, id));
            let Some(mut standing) = self.slot(id).map(|slot| stand(&slot.row)) else {
                continue;
            };
            // A standing that is due in the past would spin here.
            standing.due = standing.due.filter(|due| *due > now);
            self.restand(id, &standing, false);
        }
    }

    /// The standings of these rows again; the lines stay where they are while they are held.
    pub fn refresh(
        &mut self,
        is_meant: impl Fn(&R) -> bool,
        mut stand: impl FnMut(&R) -> Standing,
    ) {
        for id in 0..u32::try_from(self.slots.len()).unwrap_or(u32::MAX) {
            let slot = self.slot(id).filter(|slot| !slot.is_gone);
            let slot = slot.filter(|slot| is_meant(&slot.row));
            if let Some(standing) = slot.map(|slot| stand(&slot.row)) {
                self.restand(id, &standing, false);
            }
        }
    }

    /// A new sort or filter: every standing again, and one full sort.
    pub fn reorder(&mut self, is_reversed: bool, mut stand: impl FnMut(&R) -> Standing) {
        self.is_reversed = is_reversed;
        self.release_gone();
        self.waiting.clear();
        self.due.clear();
        self.counts = RowCounts::default();
        let mut order = std::mem::take(&mut self.order);
        order.clear();
        for id in 0..u32::try_from(self.slots.len()).unwrap_or(u32::MAX) {
            let Some(standing) = self.slot(id).map(|slot| stand(&slot.row)) else {
                continue;
            };
            self.counts.total += 1;
            self.count(&standing, true);
            if let Some(due) = standing.due {
                self.due.insert((due, id));
            }
            if standing.is_listed {
                order.push(id);
            }
            if let Some(slot) = self.slot_mut(id) {
                slot.placed = standing.is_listed.then(|| standing.key.clone());
                slot.standing = standing;
            }
        }
        order.sort_unstable_by(|a, b| self.compare_ids(*a, *b));
        self.order = order;
    }

    /// Holds the order still, or lets it move again and places everything that waited.
    pub fn hold(&mut self, is_held: bool) {
        self.is_held = is_held;
        if !is_held {
            for id in std::mem::take(&mut self.waiting) {
                self.place(id);
            }
        }
    }

    fn slot(&self, id: u32) -> Option<&Slot<R>> {
        self.slots.get(id as usize)?.as_ref()
    }

    fn slot_mut(&mut self, id: u32) -> Option<&mut Slot<R>> {
        self.slots.get_mut(id as usize)?.as_mut()
    }

    fn insert(&mut self, row: R, standing: Standing) -> u32 {
        self.counts.total += 1;
        self.count(&standing, true);
        let (uid, due) = (row.meta().uid.clone(), standing.due);
        let slot = Some(Slot {
            row,
            standing,
            placed: None,
            generation: self.generation,
            is_gone: false,
        });
        let id = if let Some(id) = self.free.pop() {
            self.slots[id as usize] = slot;
            id
        } else {
            self.slots.push(slot);
            u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
        };
        self.index.insert(uid, id);
        if let Some(due) = due {
            self.due.insert((due, id));
        }
        id
    }

    fn restand(&mut self, id: u32, standing: &Standing, was_gone: bool) {
        let Some(slot) = self.slot_mut(id) else {
            return;
        };
        let old = std::mem::replace(&mut slot.standing, standing.clone());
        let is_in_place = slot.placed.as_ref() == standing.is_listed.then_some(&standing.key);
        if !was_gone {
            self.count(&old, false);
            if let Some(due) = old.due {
                self.due.remove(&(due, id));
            }
        }
        self.count(standing, true);
        if let Some(due) = standing.due {
            self.due.insert((due, id));
        }
        if !is_in_place {
            self.place_later(id);
        }
    }

    fn count(&mut self, standing: &Standing, add: bool) {
        self.counts.count(standing, add);
    }

    fn place_later(&mut self, id: u32) {
        if self.is_held && self.waiting.len() < MAX_WAITING {
            self.waiting.insert(id);
        } else {
            self.waiting.remove(&id);
            self.place(id);
        }
    }

    fn place(&mut self, id: u32) {
        let Some(slot) = self.slot(id) else { return };
        let (placed, is_gone) = (slot.placed.clone(), slot.is_gone);
        let key = (!is_gone && slot.standing.is_listed).then(|| slot.standing.key.clone());
        if let Some(line) = placed.and_then(|key| self.find(&key, id).ok()) {
            self.order.remove(line);
        }
        if let Some(key) = &key
            && let Err(line) = self.find(key, id)
        {
            self.order.insert(line, id);
        }
        if is_gone {
            self.forget(id);
        } else if let Some(slot) = self.slot_mut(id) {
            slot.placed = key;
        }
    }

    fn forget(&mut self, id: u32) {
        if let Some(slot) = self.slots.get_mut(id as usize).and_then(Option::take) {
            self.index.remove(&slot.row.meta().uid);
            self.free.push(id);
        }
    }

    fn release_gone(&mut self) {
        let is_gone = |slot: &Option<Slot<R>>| slot.as_ref().is_some_and(|slot| slot.is_gone);
        let gone: Vec<u32> = (0..)
            .zip(&self.slots)
            .filter(|(_, slot)| is_gone(slot))
            .map(|(id, _)| id)
            .collect();
        for id in gone {
            self.forget(id);
        }
    }

    /// The line of `id` when it stands under `key`, else the line where it belongs.
    fn find(&self, key: &SortKey, id: u32) -> Result<usize, usize> {
        let Some(slot) = self.slot(id) else {
            return Err(0);
        };
        let compare = |other: &u32| match self.slot(*other) {
            Some(other) => self.compare(
                (other.placed.as_ref().unwrap_or(&SortKey::None), &other.row),
                (key, &slot.row),
            ),
            None => Ordering::Less,
        };
        // Servers list in the order of names: most rows of a first list belong behind all others.
        if self.order.last().is_none_or(|last| compare(last).is_lt()) {
            return Err(self.order.len());
        }
        self.order.binary_search_by(compare)
    }

    fn compare_ids(&self, a: u32, b: u32) -> Ordering {
        match (self.slot(a), self.slot(b)) {
            (Some(a), Some(b)) => {
                self.compare((&a.standing.key, &a.row), (&b.standing.key, &b.row))
            }
            (a, b) => a.is_some().cmp(&b.is_some()),
        }
    }

    fn compare(&self, (a_key, a): (&SortKey, &R), (b_key, b): (&SortKey, &R)) -> Ordering {
        let by_key = if self.is_reversed {
            b_key.cmp(a_key)
        } else {
            a_key.cmp(b_key)
        };
        let (a, b) = (a.meta(), b.meta());
        by_key
            .then_with(|| a.namespace.cmp(&b.namespace))
            .then_with(|| a.name.cmp(&b.name))
            .then_with(|| a.uid.cmp(&b.uid))
    }
}
