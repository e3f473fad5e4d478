//! A node as the console keeps it: does it answer, and what presses it.
//! Field meanings: <https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/>.

use serde::{Deserialize, Serialize};

use super::pods::{Condition, Uid};
use super::table::{Row, SortKey, Standing};
use text::Outside;

/// One node, slim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeRow {
    /// `metadata.uid`.
    pub uid: Uid,
    /// `metadata.name`.
    pub name: Outside,
    /// `metadata.resourceVersion` when it parses as an integer.
    pub resource_version: Option<u64>,
    /// Condition `Ready`; `Unknown` counts as not true.
    pub ready: Option<Condition>,
    /// The other conditions that are true, such as `MemoryPressure`, in the order of the object.
    pub pressures: Box<[Outside]>,
    /// `spec.unschedulable`: cordoned.
    pub is_cordoned: bool,
}

impl NodeRow {
    /// The kubelet answers and takes pods.
    pub fn is_ready(&self) -> bool {
        self.ready.as_ref().is_some_and(|ready| ready.is_true)
    }
}

impl Row for NodeRow {
    fn uid(&self) -> &Uid {
        &self.uid
    }

    fn namespace(&self) -> &Outside {
        &self.name
    }

    fn name(&self) -> &Outside {
        &self.name
    }

    fn resource_version(&self) -> Option<u64> {
        self.resource_version
    }
}

/// Not ready first, then under pressure, then by name.
pub fn stand(node: &NodeRow) -> Standing {
    let rank = match (node.is_ready(), node.pressures.is_empty()) {
        (false, _) => 0,
        (true, false) => 1,
        (true, true) => 2,
    };
    Standing {
        key: SortKey::Rank(rank),
        is_sick: rank < 2,
        is_listed: true,
        due: None,
    }
}
