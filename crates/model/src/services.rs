//! A Service as the console keeps it: which pods it would send traffic to.
//! Field meanings: <https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/>.

use serde::{Deserialize, Serialize};

use super::meta::{Meta, row};
use text::Outside;

/// One Service, slim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceRow {
    /// Identity, version and age.
    pub meta: Meta,
    /// `spec.selector`, sorted by key; empty when somebody else keeps its endpoints, or nobody.
    pub selector: Box<[(Outside, Outside)]>,
    /// `spec.type` is `ExternalName`: a name elsewhere, without endpoints.
    pub is_external: bool,
    /// `spec.ports`; a headless Service may have none.
    pub ports: Box<[ServicePort]>,
}

row!(ServiceRow);

/// One port of a Service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServicePort {
    /// Name, interned; empty for the only one.
    pub name: Outside,
    /// `port`, where clients connect.
    pub number: i32,
    /// `targetPort` when it is the name of a container's port, interned.
    pub target: Option<Outside>,
}

impl ServiceRow {
    /// Does it send traffic to pods with these labels? One without a selector selects nothing.
    pub fn selects(&self, labels: &[(Outside, Outside)]) -> bool {
        !self.selector.is_empty() && self.selector.iter().all(|pair| labels.contains(pair))
    }

    /// Its endpoints follow from its selector.
    pub fn has_selector(&self) -> bool {
        !self.is_external && !self.selector.is_empty()
    }
}
