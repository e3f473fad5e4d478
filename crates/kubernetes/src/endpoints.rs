//! An `EndpointSlice` from the wire to its row.

use super::decode::{NoRow, Row};
use super::intern::Intern;
use super::wire::discovery;
use model::endpoints::{Endpoint, EndpointSliceRow};
use model::pods::Uid;
use text::Outside;

/// Whose endpoints a slice holds.
/// <https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#ownership>
const SERVICE: &str = "kubernetes.io/service-name";

impl Row for EndpointSliceRow {
    type Wire = discovery::EndpointSlice;

    fn from_wire(wire: Self::Wire, intern: &mut Intern) -> Result<(Self, String), NoRow> {
        let mut meta = wire.metadata.ok_or(NoRow)?;
        if meta.uid.is_empty() {
            return Err(NoRow);
        }
        let version = std::mem::take(&mut meta.resource_version);
        let row = EndpointSliceRow {
            uid: meta.uid.as_str().into(),
            namespace: intern.share(&meta.namespace),
            name: Outside::from(meta.name.as_str()),
            resource_version: version.parse().ok(),
            service: meta
                .label(SERVICE)
                .filter(|name| !name.is_empty())
                .map(|name| intern.share(name)),
            address_type: intern.share(&wire.address_type),
            endpoints: wire.endpoints.iter().map(endpoint).collect(),
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
