//! What is asked of the lines of a table, and how they are turned round.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{SortKey, Standing, Table};
use crate::meta::Row;
use crate::meta::Uid;

impl<R: Row> Table<R> {
    /// How many of these lines are sick, and how many of those are meant. Looks no further than the first `most`: a list has
    /// 50,000 lines, and its few sick ones stand together.
    pub fn sick_in(
        &self,
        lines: Range<usize>,
        most: usize,
        is_meant: impl Fn(&R) -> bool,
    ) -> (usize, usize) {
        let lines = self.order.get(lines).unwrap_or_default().iter();
        let slots = lines.filter_map(|id| self.slot(*id));
        let sick = slots.filter(|slot| slot.standing.is_sick && !slot.is_gone);
        sick.take(most).fold((0, 0), |(sick, meant), slot| {
            (sick + 1, meant + usize::from(is_meant(&slot.row)))
        })
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
