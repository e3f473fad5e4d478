//! What a write asked the cluster for, as the timeline keeps it.

use serde::{Deserialize, Serialize};

use text::Outside;

/// What a write asks for, as a value: by it the write is judged when nobody heard the answer. The words beside it are for
/// people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestedChange {
    /// Another number of replicas.
    Scale { from: u32, to: u32 },
    /// New pods, one after the other.
    Restart {
        /// The time of the restart before.
        from: Option<Outside>,
        at: Outside,
    },
    /// Another pod template.
    Rollback { from: TemplateRef, to: TemplateRef },
    /// That a pod is deleted.
    DeletePod { pod: Outside, uid: Outside },
}

/// A pod template, by what it can be recognised by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateRef {
    /// Number of its revision, where known.
    pub revision: Option<u64>,
    /// As the console computes it.
    pub digest: Outside,
}
