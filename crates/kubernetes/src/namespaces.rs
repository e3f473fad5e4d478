//! A namespace from the wire to its row.

use super::decode::{FromWire, NoRow};
use super::intern::Intern;
use super::wire::core;
use model::cluster::NamespaceRow;

impl FromWire<core::Namespace> for NamespaceRow {
    fn from_wire(
        wire: core::Namespace,
        intern: &mut Intern,
    ) -> Result<(NamespaceRow, String), NoRow> {
        let meta = wire.metadata.ok_or(NoRow)?;
        let row = NamespaceRow {
            meta: meta.of_row(intern)?,
            is_terminating: wire
                .status
                .is_some_and(|status| status.phase == "Terminating"),
        };
        Ok((row, meta.resource_version))
    }
}
