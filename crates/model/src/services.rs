//! A Service as the console keeps it: which pods it would send traffic to.
//! Field meanings: <https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/>.

use serde::{Deserialize, Serialize};

use super::pods::Uid;
use super::table::{Row, SortKey, Standing};
use text::Outside;

/// One Service, slim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceRow {
    /// `metadata.uid`.
    pub uid: Uid,
    /// `metadata.namespace`, interned.
    pub namespace: Outside,
    /// `metadata.name`.
    pub name: Outside,
    /// `metadata.resourceVersion` when it parses as an integer.
    pub resource_version: Option<u64>,
    /// `spec.selector`, sorted by key; empty when somebody else keeps its endpoints, or nobody.
    pub selector: Box<[(Outside, Outside)]>,
    /// `spec.type` is `ExternalName`: a name elsewhere, without endpoints.
    pub is_external: bool,
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

impl Row for ServiceRow {
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

/// Services stand by name.
pub fn stand(_: &ServiceRow) -> Standing {
    Standing {
        key: SortKey::None,
        is_sick: false,
        is_listed: true,
        due: None,
    }
}
