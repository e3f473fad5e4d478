//! An `EndpointSlice` from the wire to its row.

use super::decode::FromWire;
use super::intern::Intern;
use super::wire::NoRow;
use super::wire::discovery;
use model::endpoints::{Endpoint, EndpointSliceRow};
use text::Outside;

/// Whose endpoints a slice holds.
/// <https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#ownership>
const SERVICE: &str = "kubernetes.io/service-name";

impl FromWire<discovery::EndpointSlice> for EndpointSliceRow {
    fn from_wire(
        wire: discovery::EndpointSlice,
        intern: &mut Intern,
    ) -> Result<(Self, String), NoRow> {
        let meta = wire.metadata.ok_or(NoRow)?;
        let row = EndpointSliceRow {
            meta: meta.of_row(intern)?,
            service: meta
                .label(SERVICE)
                .filter(|name| !name.is_empty())
                .map(|name| intern.share(name)),
            address_type: intern.share(&wire.address_type),
            ports: wire
                .ports
                .iter()
                .map(|port| intern.share(&port.name))
                .collect(),
            endpoints: wire.endpoints.iter().map(endpoint).collect(),
        };
        Ok((row, meta.resource_version))
    }
}

fn endpoint(wire: &discovery::Endpoint) -> Endpoint {
    let target = wire.target_ref.as_ref();
    Endpoint {
        pod: target
            .filter(|target| target.kind == "Pod")
            .map(|target| Outside::from(target.name.as_str())),
        is_ready: wire
            .conditions
            .as_ref()
            .and_then(|conditions| conditions.ready)
            .unwrap_or(true),
    }
}
