//! A node as the console keeps it: does it answer, and what presses it.
//! Field meanings: <https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/>.

use serde::{Deserialize, Serialize};

use super::meta::Meta;
use super::pods::Condition;
use super::table::{SortKey, Standing};
use text::Outside;

/// One node, slim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeRow {
    /// Identity, version and age.
    pub meta: Meta,
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
