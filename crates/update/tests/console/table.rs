//! The maintained order of a table equals what sorting everything anew would give, whatever happens to the rows.

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use model::meta::Uid;
use model::meta::{Meta, Row};
use model::table::{SortKey, Standing, Table};
use model::time::Seconds;
use proptest::prelude::*;

#[derive(Clone, Debug, PartialEq)]
struct Thing {
    meta: Meta,
    rank: u8,
    is_listed: bool,
}

impl Row for Thing {
    fn meta(&self) -> &Meta {
        &self.meta
    }
}

fn stand(thing: &Thing) -> Standing {
    let is_sick = thing.rank < 2;
    Standing {
        key: SortKey::Rank(thing.rank),
        is_sick,
        is_listed: thing.is_listed,
        aside: None,
        due: is_sick.then_some(Seconds::new(100)),
    }
}

#[derive(Clone, Debug)]
enum Step {
    Apply(u8, u8, u64, bool),
    Remove(u8),
    Relist(Vec<u8>),
    Hold(bool),
    Reorder(bool),
    Due,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..20u8, 0..5u8, 1..50u64, any::<bool>()).prop_map(|(id, rank, version, listed)| Step::Apply(id, rank, version, listed)),
        2 => (0..20u8).prop_map(Step::Remove),
        1 => prop::collection::vec(0..20u8, 0..10).prop_map(Step::Relist),
        1 => any::<bool>().prop_map(Step::Hold),
        1 => any::<bool>().prop_map(Step::Reorder),
        1 => Just(Step::Due),
    ]
}

/// The plain truth: rows by uid, latest version wins.
#[derive(Default)]
struct Truth {
    rows: BTreeMap<Uid, Thing>,
    is_reversed: bool,
}

impl Truth {
    fn apply(&mut self, thing: &Thing) {
        let is_older = self
            .rows
            .get(&thing.meta.uid)
            .is_some_and(|known| thing.meta.version < known.meta.version);
        if !is_older {
            self.rows.insert(thing.meta.uid.clone(), thing.clone());
        }
    }

    fn order(&self) -> Vec<&Thing> {
        let mut order: Vec<&Thing> = self.rows.values().filter(|thing| thing.is_listed).collect();
        order.sort_by(|a, b| {
            let by_rank = a.rank.cmp(&b.rank);
            let by_rank = if self.is_reversed {
                by_rank.reverse()
            } else {
                by_rank
            };
            by_rank
                .then_with(|| a.meta.namespace.cmp(&b.meta.namespace))
                .then_with(|| a.meta.name.cmp(&b.meta.name))
                .then_with(|| a.meta.uid.cmp(&b.meta.uid))
        });
        order
    }
}

fn thing(id: u8, rank: u8, version: u64, is_listed: bool) -> Thing {
    Thing {
        meta: Meta {
            uid: format!("uid-{id}").into(),
            namespace: format!("namespace-{}", id % 2).into(),
            name: format!("name-{}", id % 7).into(),
            version: NonZeroU64::new(version),
            created: None,
        },
        rank,
        is_listed,
    }
}

proptest! {
    #[test]
    fn the_maintained_order_is_the_sorted_order(steps in prop::collection::vec(step(), 1..120)) {
        let (mut table, mut truth, mut generation) = (Table::default(), Truth::default(), 0);
        for step in steps {
            match step {
                Step::Apply(id, rank, version, is_listed) => {
                    let thing = thing(id, rank, version, is_listed);
                    // A removed uid never comes back in a cluster; one that does is a new object.
                    if table.get(&thing.meta.uid).is_some() || !truth.rows.contains_key(&thing.meta.uid) {
                        truth.apply(&thing);
                        table.apply(thing, stand);
                    }
                }
                Step::Remove(id) => {
                    let uid: Uid = format!("uid-{id}").into();
                    table.hold(false);
                    truth.rows.remove(&uid);
                    table.remove(&uid);
                }
                Step::Relist(ids) => {
                    table.hold(false);
                    generation += 1;
                    table.begin(generation);
                    for id in &ids {
                        let thing = thing(*id, 3, 100, true);
                        truth.apply(&thing);
                        table.apply(thing, stand);
                    }
                    table.sweep(generation);
                    truth.rows.retain(|uid, _| ids.iter().any(|id| **uid == *format!("uid-{id}")));
                }
                Step::Hold(is_held) => table.hold(is_held),
                Step::Reorder(is_reversed) => {
                    truth.is_reversed = is_reversed;
                    table.reorder(is_reversed, stand);
                }
                Step::Due => table.refresh_due(Seconds::new(200), stand),
            }
        }
        table.hold(false);
        let order: Vec<&Thing> = (0..table.len()).map(|line| table.row_at(line).unwrap().0).collect();
        prop_assert_eq!(&order, &truth.order());
        for (line, thing) in order.iter().enumerate() {
            prop_assert_eq!(table.line_of(&thing.meta.uid), Some(line));
        }
        let counts = table.counts();
        prop_assert_eq!(counts.total, truth.rows.len());
        prop_assert_eq!(counts.listed, order.len());
        prop_assert_eq!(counts.sick, truth.rows.values().filter(|thing| thing.rank < 2).count());
        prop_assert_eq!(counts.listed_sick, order.iter().filter(|thing| thing.rank < 2).count());
    }

    #[test]
    fn while_the_order_is_held_no_line_moves(before in prop::collection::vec((0..20u8, 0..5u8), 1..20), after in prop::collection::vec((0..20u8, 0..5u8), 1..40)) {
        let mut table = Table::default();
        for (id, rank) in before {
            table.apply(thing(id, rank, 1, true), stand);
        }
        let uids = |table: &Table<Thing>| (0..table.len()).map(|line| table.row_at(line).unwrap().0.meta.uid.clone()).collect::<Vec<_>>();
        let order = uids(&table);
        table.hold(true);
        for (id, rank) in after {
            if rank == 0 {
                table.remove(&format!("uid-{id}").into());
            } else {
                table.apply(thing(id, rank, 2, rank != 1), stand);
            }
        }
        prop_assert_eq!(uids(&table), order);
    }
}
