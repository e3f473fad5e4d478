//! A node from the wire to its row.

use super::decode::{FromWire, NoRow};
use super::intern::Intern;
use super::pods::condition;
use super::wire::core;
use super::workloads::sorted;
use model::nodes::NodeRow;

impl FromWire<core::Node> for NodeRow {
    fn from_wire(wire: core::Node, intern: &mut Intern) -> Result<(NodeRow, String), NoRow> {
        let meta = wire.metadata.ok_or(NoRow)?;
        let conditions = wire.status.unwrap_or_default().conditions;
        let ready = conditions.iter().find(|one| one.kind == "Ready");
        let pressures = conditions
            .iter()
            .filter(|one| one.kind != "Ready" && one.status == "True");
        let row = NodeRow {
            meta: meta.of_row(intern)?,
            pressures: pressures.map(|one| intern.share(&one.kind)).collect(),
            ready: ready.map(|wire| condition(wire, intern)),
            labels: sorted(&meta.labels, intern),
            is_cordoned: wire.spec.unwrap_or_default().unschedulable,
        };
        Ok((row, meta.resource_version))
    }
}
