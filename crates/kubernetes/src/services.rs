//! A Service from the wire to its row.

use super::decode::FromWire;
use super::intern::Intern;
use super::wire::NoRow;
use super::wire::core;
use super::workloads::sorted;
use model::services::{ServicePort, ServiceRow};

impl FromWire<core::Service> for ServiceRow {
    fn from_wire(wire: core::Service, intern: &mut Intern) -> Result<(ServiceRow, String), NoRow> {
        let meta = wire.metadata.ok_or(NoRow)?;
        let spec = wire.spec.unwrap_or_default();
        let row = ServiceRow {
            meta: meta.of_row(intern)?,
            selector: sorted(&spec.selector, intern),
            is_external: spec.kind == "ExternalName",
            ports: spec.ports.iter().map(|wire| port(wire, intern)).collect(),
        };
        Ok((row, meta.resource_version))
    }
}

fn port(wire: &core::ServicePort, intern: &mut Intern) -> ServicePort {
    let target = wire.target_port.as_ref();
    ServicePort {
        name: intern.share(&wire.name),
        number: wire.port,
        target: target
            .and_then(|target| target.name())
            .map(|name| intern.share(name)),
    }
}
