//! The object that somebody looks at: its row again, with what the row leaves out.

use super::decode::FromWire;
use super::intern::{Intern, long_message, message};
use super::pods::condition;
use super::wire::NoRow;
use super::wire::meta::{ObjectMeta, Pair};
use super::wire::{apps, core};
use super::workloads::sorted;
use model::detail::{Detail, DetailRow};
use model::pods::{Condition, PodRow};
use model::workload::WorkloadRow;
use text::Outside;

/// kubectl's copy of the whole object: long, and it may hold what a Secret's owner did not mean to show.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

impl FromWire<core::Pod> for Detail {
    fn from_wire(wire: core::Pod, intern: &mut Intern) -> Result<(Self, String), NoRow> {
        let meta = wire.metadata.clone().unwrap_or_default();
        let status = wire.status.clone().unwrap_or_default();
        let conditions = conditions(status.conditions.into_iter(), intern);
        let (row, version) = PodRow::from_wire(wire, intern)?;
        let row = DetailRow::Pod(Box::new(row));
        Ok((detail(&meta, conditions, row, intern), version))
    }
}

impl FromWire<apps::Deployment> for Detail {
    fn from_wire(wire: apps::Deployment, intern: &mut Intern) -> Result<(Self, String), NoRow> {
        let meta = wire.metadata.clone().unwrap_or_default();
        let status = wire.status.clone().unwrap_or_default();
        let all = status.conditions.into_iter().map(core::Condition::from);
        let conditions = conditions(all, intern);
        let (row, version) = WorkloadRow::from_wire(wire, intern)?;
        let row = DetailRow::Workload(Box::new(row));
        Ok((detail(&meta, conditions, row, intern), version))
    }
}

fn conditions(
    all: impl Iterator<Item = core::Condition>,
    intern: &mut Intern,
) -> Box<[(Outside, Condition)]> {
    all.map(|wire| {
        let condition = Condition {
            message: long_message(&wire.message),
            ..condition(&wire, intern)
        };
        (intern.share(&wire.kind), condition)
    })
    .collect()
}

fn detail(
    meta: &ObjectMeta,
    conditions: Box<[(Outside, Condition)]>,
    row: DetailRow,
    intern: &mut Intern,
) -> Detail {
    Detail {
        labels: sorted(&meta.labels, intern),
        annotations: annotations(&meta.annotations),
        finalizers: intern.share_all(&meta.finalizers),
        conditions,
        row,
    }
}

fn annotations(pairs: &[Pair]) -> Box<[(Outside, Outside)]> {
    let shown = pairs.iter().filter(|pair| pair.key != LAST_APPLIED);
    let mut sorted: Vec<_> = shown
        .map(|pair| {
            (
                Outside::from(pair.key.as_str()),
                message(&pair.value).unwrap_or_else(|| Outside::from("")),
            )
        })
        .collect();
    sorted.sort();
    sorted.into()
}
