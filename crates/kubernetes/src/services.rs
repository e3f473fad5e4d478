//! A Service from the wire to its row.

use super::decode::{FromWire, NoRow};
use super::intern::Intern;
use super::wire::core;
use super::workloads::sorted;
use model::services::ServiceRow;

impl FromWire<core::Service> for ServiceRow {
    fn from_wire(wire: core::Service, intern: &mut Intern) -> Result<(ServiceRow, String), NoRow> {
        let meta = wire.metadata.ok_or(NoRow)?;
        let spec = wire.spec.unwrap_or_default();
        let row = ServiceRow {
            meta: meta.of_row(intern)?,
            selector: sorted(&spec.selector, intern),
            is_external: spec.kind == "ExternalName",
        };
        Ok((row, meta.resource_version))
    }
}
