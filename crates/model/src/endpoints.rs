//! An `EndpointSlice` as the console keeps it: how many endpoints of a Service are ready, and which pods they are.
//! Field meanings: <https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/>.

use serde::{Deserialize, Serialize};

use super::meta::{Meta, row};
use text::Outside;

/// One `EndpointSlice`, slim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointSliceRow {
    /// Identity, version and age.
    pub meta: Meta,
    /// Label `kubernetes.io/service-name`, interned.
    pub service: Option<Outside>,
    /// `addressType`, interned: a dual-stack Service has each endpoint once for each.
    pub address_type: Outside,
    /// Names of the Service's ports that these endpoints have, interned; an unnamed one is empty. A named `targetPort` that no
    /// container of a pod has is left out by the controller: <https://github.com/kubernetes/endpointslice>, `getEndpointPorts`.
    pub ports: Box<[Outside]>,
    pub endpoints: Box<[Endpoint]>,
}

row!(EndpointSliceRow);

impl EndpointSliceRow {
    /// Its endpoints that are ready.
    pub fn ready(&self) -> impl Iterator<Item = &Endpoint> {
        self.endpoints.iter().filter(|endpoint| endpoint.is_ready)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// `targetRef.name` when it is a pod.
    pub pod: Option<Outside>,
    /// `conditions.ready`, which is true when absent.
    pub is_ready: bool,
}
