//! A namespace from the wire to its row.

use super::decode::{NoRow, Row};
use super::intern::Intern;
use super::wire::core;
use model::cluster::NamespaceRow;
use model::pods::Uid;
use text::Outside;

impl Row for NamespaceRow {
    type Wire = core::Namespace;

    fn from_wire(wire: core::Namespace, _: &mut Intern) -> Result<(NamespaceRow, String), NoRow> {
        let mut meta = wire.metadata.ok_or(NoRow)?;
        if meta.uid.is_empty() {
            return Err(NoRow);
        }
        let version = std::mem::take(&mut meta.resource_version);
        let row = NamespaceRow {
            uid: meta.uid.as_str().into(),
            name: Outside::from(meta.name.as_str()),
            resource_version: version.parse().ok(),
            is_terminating: wire
                .status
                .is_some_and(|status| status.phase == "Terminating"),
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
