//! A node from the wire to its row.

use super::decode::FromWire;
use super::intern::Intern;
use super::pods::condition;
use super::wire::NoRow;
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
        let spec = wire.spec.unwrap_or_default();
        let set = spec.taints.iter().filter(|taint| !is_of_state(taint));
        let taints = set.map(|taint| intern.share(&written(taint))).collect();
        let row = NodeRow {
            taints,
            meta: meta.of_row(intern)?,
            pressures: pressures.map(|one| intern.share(&one.kind)).collect(),
            ready: ready.map(|wire| condition(wire, intern)),
            labels: sorted(&meta.labels, intern),
            is_cordoned: spec.unschedulable,
        };
        Ok((row, meta.resource_version))
    }
}

/// Whose taints say how the node is: not ready, under pressure, cordoned.
/// <https://kubernetes.io/docs/reference/labels-annotations-taints/>
const STATE_PREFIXES: [&str; 2] = ["node.kubernetes.io/", "node.cloudprovider.kubernetes.io/"];

fn is_of_state(taint: &core::Taint) -> bool {
    STATE_PREFIXES
        .iter()
        .any(|prefix| taint.key.starts_with(prefix))
}

/// `key=value:effect`, as kubectl takes it.
fn written(taint: &core::Taint) -> String {
    let core::Taint { key, value, effect } = taint;
    let value = if value.is_empty() {
        String::new()
    } else {
        format!("={value}")
    };
    format!("{key}{value}:{effect}")
}
