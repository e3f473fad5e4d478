//! A node as the console keeps it: does it answer, and what presses it.
//! Field meanings: <https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/>.

use serde::{Deserialize, Serialize};

use super::meta::{Meta, row};
use super::pods::{Condition, Requirement};
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
    /// `spec.taints` as kubectl writes them, interned, without those that controllers set for the state of the node.
    pub taints: Box<[Outside]>,
    /// `metadata.labels`, interned: what pods ask for.
    pub labels: Box<[(Outside, Outside)]>,
}

row!(NodeRow);

impl NodeRow {
    /// The kubelet answers and takes pods.
    pub fn is_ready(&self) -> bool {
        self.ready.as_ref().is_some_and(|ready| ready.is_true)
    }

    /// The kubelet sends nothing any more, as the controller of nodes says it:
    /// <https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/nodelifecycle/node_lifecycle_controller.go>.
    pub fn is_silent(&self) -> bool {
        let reason = self.ready.as_ref().and_then(|ready| ready.reason.as_ref());
        reason.is_some_and(|reason| reason.raw() == "NodeStatusUnknown")
    }

    /// What is wrong with a node that is not ready.
    pub fn failure(&self) -> &'static str {
        if self.is_silent() {
            "does not answer"
        } else {
            "not ready"
        }
    }

    /// It has a label that satisfies this.
    pub fn satisfies(&self, requirement: &Requirement) -> bool {
        let is_wanted =
            |value: &Outside| requirement.values.is_empty() || requirement.values.contains(value);
        self.labels
            .iter()
            .any(|(key, value)| *key == requirement.key && is_wanted(value))
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
        aside: None,
        due: None,
    }
}
