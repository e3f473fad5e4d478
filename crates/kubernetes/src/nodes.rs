//! A node from the wire to its row.

use super::decode::{NoRow, Row};
use super::intern::Intern;
use super::pods::condition;
use super::wire::core;
use model::nodes::NodeRow;
use model::pods::Uid;
use text::Outside;

impl Row for NodeRow {
    type Wire = core::Node;

    fn from_wire(wire: core::Node, intern: &mut Intern) -> Result<(NodeRow, String), NoRow> {
        let mut meta = wire.metadata.ok_or(NoRow)?;
        if meta.uid.is_empty() {
            return Err(NoRow);
        }
        let version = std::mem::take(&mut meta.resource_version);
        let conditions = wire.status.unwrap_or_default().conditions;
        let ready = conditions.iter().find(|one| one.kind == "Ready");
        let pressures = conditions
            .iter()
            .filter(|one| one.kind != "Ready" && one.status == "True");
        let row = NodeRow {
            uid: meta.uid.as_str().into(),
            name: Outside::from(meta.name.as_str()),
            resource_version: version.parse().ok(),
            pressures: pressures.map(|one| intern.share(&one.kind)).collect(),
            ready: ready.map(|wire| condition(wire, intern)),
            is_cordoned: wire.spec.unwrap_or_default().unschedulable,
        };
        Ok((row, version))
    }

    fn uid(&self) -> &Uid {
        &self.uid
    }

    fn version(&self) -> Option<u64> {
        self.resource_version
    }
}
