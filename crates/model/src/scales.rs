//! Replica counts as they were seen last: a change that this console did not make is put on the timeline.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::pods::Uid;
use super::time::{At, Seconds};
use text::Outside;

/// Changes that are asked about at a time; beyond that they are recorded without asking who made them.
pub const ASKED_MAX: usize = 4;
/// A question without an answer is given up after this.
pub const ANSWER_MS: u64 = 15_000;

/// Who last set a field, as the server keeps it.
/// <https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldManager {
    /// Such as `kubectl`.
    pub name: Outside,
    pub at: Option<Seconds>,
}

/// Who set a replica count, as far as the server says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScaledBy {
    /// The latest field manager of `spec.replicas`.
    Manager(FieldManager),
    /// Somebody by the scale subresource: a count set to 0 that way loses its field manager, because the field is left out
    /// of a Scale when it is 0, and the next one gets none either (seen on 1.34).
    ScaleSubresource,
    /// It could not be read.
    NotKnown,
}

#[derive(Clone, Debug, Default)]
pub struct ReplicaChanges {
    /// `spec.replicas` by workload.
    pub replicas: BTreeMap<Uid, u32>,
    /// Changes that are being asked about.
    pub asked: BTreeMap<Uid, ReplicaChange>,
}

/// A change of a replica count that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplicaChange {
    pub from: u32,
    pub to: u32,
    /// When it was seen.
    pub seen: At,
}

impl ReplicaChanges {
    /// When a question is given up.
    pub fn next(&self) -> Option<At> {
        let asked = self.asked.values();
        asked
            .map(|scaled| scaled.seen.plus_ms(ANSWER_MS))
            .min_by_key(|at| at.mono_ms)
    }
}
