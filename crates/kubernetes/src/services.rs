//! A Service from the wire to its row.

use super::decode::{FromWire, NoRow};
use super::deployments::sorted;
use super::intern::Intern;
use super::wire::core;
use model::services::ServiceRow;

impl FromWire for ServiceRow {
    type Wire = core::Service;

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
