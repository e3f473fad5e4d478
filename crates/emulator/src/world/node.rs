//! Nodes: their conditions, and whether pods may be put on them.

use std::sync::Arc;

use super::World;
use super::object::{Key, Kind, Labels, Meta, Millis, Object};

/// A condition of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeCondition {
    pub kind: String,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    pub reason: String,
    pub message: String,
    pub changed: Millis,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub meta: Meta,
    /// `spec.unschedulable`: cordoned.
    pub unschedulable: bool,
    /// `status.conditions`.
    pub conditions: Vec<NodeCondition>,
}

impl Node {
    /// Whether the condition of that type is true.
    pub fn is(&self, kind: &str) -> bool {
        let mut conditions = self.conditions.iter();
        conditions.any(|c| c.kind == kind && c.status == "True")
    }
}

/// What a kubelet reports when all is well.
fn well(now: Millis) -> Vec<NodeCondition> {
    let rows = [
        (
            "MemoryPressure",
            "False",
            "KubeletHasSufficientMemory",
            "kubelet has sufficient memory available",
        ),
        (
            "DiskPressure",
            "False",
            "KubeletHasNoDiskPressure",
            "kubelet has no disk pressure",
        ),
        (
            "PIDPressure",
            "False",
            "KubeletHasSufficientPID",
            "kubelet has sufficient PID available",
        ),
        (
            "Ready",
            "True",
            "KubeletReady",
            "kubelet is posting ready status",
        ),
    ];
    rows.map(|(kind, status, reason, message)| NodeCondition {
        kind: kind.to_owned(),
        status: status.to_owned(),
        reason: reason.to_owned(),
        message: message.to_owned(),
        changed: now,
    })
    .to_vec()
}

impl World {
    /// Adds a node, if it is not there.
    pub fn add_node(&mut self, name: &str) {
        let key = Key::new("", name);
        if self.get(Kind::Node, &key).is_some() {
            return;
        }
        let labels = [
            ("kubernetes.io/hostname", name),
            ("kubernetes.io/os", "linux"),
            ("kubernetes.io/arch", "amd64"),
        ];
        let labels = labels.map(|(k, v)| (k.to_owned(), v.to_owned()));
        let meta = self.new_meta(key, Arc::new(Labels::from(labels)), None);
        let conditions = well(self.now());
        self.put(Object::Node(Arc::new(Node {
            meta,
            unschedulable: false,
            conditions,
        })));
    }

    pub fn node(&self, name: &str) -> Option<&Arc<Node>> {
        match self.get(Kind::Node, &Key::new("", name)) {
            Some(Object::Node(node)) => Some(node),
            _ => None,
        }
    }
}
