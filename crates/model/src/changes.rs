//! What others change, as the watches show it, until it is on the timeline: on which object, from what to what, when, and
//! who, as far as the server says so.

mod managers;
mod outdated;
mod words;

use std::collections::{BTreeMap, BTreeSet};

pub use managers::{ChangeAuthor, ChangeField, ChangeSpan, FieldManager};
pub use outdated::{ConfigChange, outdated};

use super::cluster::{Kind, ObjectRef};
use super::meta::Uid;
use super::serving::{Name, Readiness};
use super::time::{At, Seconds};
use text::Outside;

/// The part of the console that tells of changes, in its entries.
pub const SOURCE: &str = "changes";
/// Changes that are asked about at a time; beyond that they are recorded without asking who made them.
pub const ASKED_MAX: usize = 4;
/// A question without an answer is given up after this.
pub const ANSWER_MS: u64 = 15_000;
/// What a workload does by itself, and what lasts only a moment, is known after this.
pub const SETTLE_MS: u64 = 5_000;
/// Entries about changes in a minute: a namespace that goes takes hundreds of objects with it.
pub const ENTRIES_MAX: u32 = 60;
/// Over which they are counted.
pub const WINDOW_MS: u64 = 60_000;
/// Pods of which a deletion is remembered until it is settled.
pub const DELETED_MAX: usize = 1_000;

/// A change that somebody else made.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenChange {
    pub object: ObjectRef,
    pub part: ChangePart,
    pub moment: ChangeMoment,
}

/// When a change was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeMoment {
    pub seen: At,
    /// The watch was silent from here on: it happened at some time between the two.
    pub after: Option<At>,
    /// When it happened, as the cluster itself says.
    pub stamped: Option<Seconds>,
}

/// What was changed, from what to what.
#[derive(Clone, Debug, PartialEq)]
pub enum ChangePart {
    /// `spec.replicas`.
    Replicas { from: u32, to: u32 },
    /// `spec.paused`, as it is now.
    Paused(bool),
    /// Images of the template of a paused Deployment: what is rolled out is told as a rollout.
    Images {
        from: Box<[Outside]>,
        to: Box<[Outside]>,
    },
    /// The object is gone from the cluster.
    Deleted,
    /// Pods of it are being deleted, which it did not do itself.
    PodsDeleted(Vec<Outside>),
    /// Pods of it were evicted, and why.
    PodsEvicted { names: Vec<Outside>, why: Outside },
    /// `spec.unschedulable` of a node, as it is now.
    Cordoned(bool),
    /// Those that no controller of Kubernetes sets.
    Taints {
        from: Box<[Outside]>,
        to: Box<[Outside]>,
    },
    /// `spec.minReplicas` and `spec.maxReplicas` of an autoscaler.
    Limits { from: (u32, u32), to: (u32, u32) },
    /// What a `ConfigMap` or a Secret holds, which is never read; workloads whose pods use it.
    Content { used_by: Vec<Outside> },
    /// A node fails, and how.
    NodeFailed(&'static str),
    /// A node that failed is ready again.
    NodeReturned,
    /// A Service has no ready endpoint any more.
    Unserved(Readiness),
    /// A Service has a ready endpoint again.
    Served(Readiness),
    /// A namespace is being deleted.
    Terminating,
}

/// Pods of one workload that are being deleted, until it is known whether the workload did that itself.
#[derive(Clone, Debug, PartialEq)]
pub struct PodDeletions {
    /// The workload; of a pod without an owner the pod itself.
    pub of: ObjectRef,
    /// `metadata.generation` of the workload and the pods that it wanted, when the first of them went.
    pub spec: Option<(i64, u32)>,
    pub names: Vec<Outside>,
    /// Why they were evicted, if they were: their workload has no part in that.
    pub eviction: Option<Outside>,
    /// The revisions that they were of, as far as they say so.
    pub revisions: BTreeSet<Outside>,
    pub moment: ChangeMoment,
}

/// A Service that has lost its last ready endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServingSpan {
    pub moment: ChangeMoment,
    /// It is on the timeline.
    pub is_recorded: bool,
}

/// Everything about changes that are seen and not, or not wholly, recorded.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// What is kept belongs to this epoch of the cluster.
    pub epoch: u32,
    /// Those of which it is asked who made them.
    pub asked: BTreeMap<(Uid, ChangeField), SeenChange>,
    /// Deletions of pods that are not settled, by the uid of what they belong to and why they were evicted.
    pub deleted: BTreeMap<(Uid, Option<Outside>), PodDeletions>,
    /// Services without a ready endpoint that had one.
    pub unserved: BTreeMap<Name, ServingSpan>,
    /// When `ConfigMaps` and Secrets that workloads read changed last, by the server's clock.
    pub configs: BTreeMap<(Outside, Kind, Outside), Seconds>,
    /// Since when entries are counted, how many there are, and how many were left out.
    pub window: Option<(At, u32, u32)>,
}

impl Changes {
    /// When something is to be done although nothing came. What Services lack is not said while nothing is heard of them.
    pub fn next(&self, is_serving_current: bool) -> Option<At> {
        let asked = self.asked.values();
        let asked = asked.map(|change| change.moment.seen.plus_ms(ANSWER_MS));
        let deleted = self.deleted.values();
        let deleted = deleted.map(|pods| pods.moment.seen.plus_ms(SETTLE_MS));
        let unserved = self.unserved.values();
        let unserved = unserved.filter(|since| is_serving_current && !since.is_recorded);
        let unserved = unserved.map(|since| since.moment.seen.plus_ms(SETTLE_MS));
        let left_out = self.window.filter(|(_, _, left_out)| *left_out > 0);
        let left_out = left_out.map(|(since, ..)| since.plus_ms(WINDOW_MS));
        asked
            .chain(deleted)
            .chain(unserved)
            .chain(left_out)
            .min_by_key(|at| at.mono_ms)
    }
}
