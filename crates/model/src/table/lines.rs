//! What is asked of the lines of a table, and how they are turned round.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{SortKey, Standing, Table};
use crate::meta::Row;
use crate::pods::Uid;

impl<R: Row> Table<R> {
    /// How many of these lines are sick and meant.
    pub fn sick_in(&self, lines: Range<usize>, is_meant: impl Fn(&R) -> bool) -> usize {
        let lines = self.order.get(lines).unwrap_or_default().iter();
        let slots = lines.filter_map(|id| self.slot(*id));
        let sick = slots.filter(|slot| slot.standing.is_sick && !slot.is_gone);
        sick.filter(|slot| is_meant(&slot.row)).count()
    }

    /// Turns the order round, or back, with the standings as they are.
    pub fn turn(&mut self, is_reversed: bool) {
        let standings: BTreeMap<Uid, Standing> = self
            .slots
            .iter()
            .flatten()
            .map(|slot| (slot.row.meta().uid.clone(), slot.standing.clone()))
            .collect();
        let unknown = || Standing {
            key: SortKey::None,
            is_sick: false,
            is_listed: false,
            aside: None,
            due: None,
        };
        self.reorder(is_reversed, |row| {
            standings
                .get(&row.meta().uid)
                .cloned()
                .unwrap_or_else(unknown)
        });
    }
}
