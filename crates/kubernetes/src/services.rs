//! A Service from the wire to its row.

use super::decode::{NoRow, Row};
use super::deployments::sorted;
use super::intern::Intern;
use super::wire::core;
use model::pods::Uid;
use model::services::ServiceRow;
use text::Outside;

impl Row for ServiceRow {
    type Wire = core::Service;

    fn from_wire(wire: core::Service, intern: &mut Intern) -> Result<(ServiceRow, String), NoRow> {
        let mut meta = wire.metadata.ok_or(NoRow)?;
        if meta.uid.is_empty() {
            return Err(NoRow);
        }
        let version = std::mem::take(&mut meta.resource_version);
        let spec = wire.spec.unwrap_or_default();
        let row = ServiceRow {
            uid: meta.uid.as_str().into(),
            namespace: intern.share(&meta.namespace),
            name: Outside::from(meta.name.as_str()),
            resource_version: version.parse().ok(),
            selector: sorted(&spec.selector, intern),
            is_external: spec.kind == "ExternalName",
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
