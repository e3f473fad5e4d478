//! An Event of the cluster as the console keeps it.
//! Field meanings: <https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/>.

use serde::{Deserialize, Serialize};

use super::meta::Uid;
use super::meta::{Meta, row};
use super::time::Seconds;
use text::Outside;

/// What stands before the cause in the words of kubelet, controllers and runtimes.
const BEFORE_CAUSE: [&str; 4] = [
    "Failed to create pod sandbox: ",
    "Failed to pull image ",
    "Error: ",
    "rpc error: code = ",
];

/// One Event, slim. Repeats of it raise `count` and `last`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRow {
    /// Identity, version and age.
    pub meta: Meta,
    /// `type` is not `Normal`.
    pub is_warning: bool,
    /// Such as `BackOff`, interned.
    pub reason: Outside,
    /// `message`, cut at 512 bytes.
    pub message: Outside,
    /// How often it was seen: `series.count`, else `count`, at least 1.
    pub count: u32,
    pub first: Option<Seconds>,
    pub last: Option<Seconds>,
    /// Kind of the object it is about, interned.
    pub object_kind: Outside,
    pub object_name: Outside,
    /// Its uid; empty when the reporter left it out.
    pub object_uid: Uid,
    /// The container of the pod that it is about, interned; from `involvedObject.fieldPath`.
    pub container: Option<Outside>,
}

row!(EventRow);

impl EventRow {
    /// The end of a message that says what failed, for what, and then why.
    pub fn cause(&self) -> Outside {
        let mut rest = self.message.raw();
        for prefix in BEFORE_CAUSE {
            rest = rest.strip_prefix(prefix).unwrap_or(rest);
        }
        // `MountVolume.SetUp failed for volume "x" : why`
        if let Some((what, why)) = rest.split_once(" : ")
            && what.contains("failed for volume")
        {
            rest = why;
        }
        // `rpc error: code = Unknown desc = why`
        if let Some((_, why)) = rest.split_once("desc = ") {
            rest = why;
        }
        rest.into()
    }
}
