//! An `EndpointSlice` as the console keeps it: how many endpoints of a Service are ready, and which pods they are.
//! Field meanings: <https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/>.

use serde::{Deserialize, Serialize};

use super::pods::Uid;
use super::table::{Row, SortKey, Standing};
use text::Outside;

/// One `EndpointSlice`, slim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointSliceRow {
    /// `metadata.uid`.
    pub uid: Uid,
    /// `metadata.namespace`, interned.
    pub namespace: Outside,
    /// `metadata.name`.
    pub name: Outside,
    /// `metadata.resourceVersion` when it parses as an integer.
    pub resource_version: Option<u64>,
    /// Label `kubernetes.io/service-name`, interned.
    pub service: Option<Outside>,
    /// `addressType`, interned: a dual-stack Service has each endpoint once for each.
    pub address_type: Outside,
    /// Its endpoints.
    pub endpoints: Box<[Endpoint]>,
}

/// One endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// `targetRef.name` when it is a pod.
    pub pod: Option<Outside>,
    /// `conditions.ready`, which is true when absent.
    pub is_ready: bool,
}

impl Row for EndpointSliceRow {
    fn uid(&self) -> &Uid {
        &self.uid
    }

    fn namespace(&self) -> &Outside {
        &self.namespace
    }

    fn name(&self) -> &Outside {
        &self.name
    }

    fn resource_version(&self) -> Option<u64> {
        self.resource_version
    }
}

/// Slices stand by name.
pub fn stand(_: &EndpointSliceRow) -> Standing {
    Standing {
        key: SortKey::None,
        is_sick: false,
        is_listed: true,
        due: None,
    }
}
