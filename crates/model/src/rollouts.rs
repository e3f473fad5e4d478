//! Revisions that appeared or were there at the start: what is known of them, and what is still to be recorded.

mod change;
mod lookback;

use std::collections::{BTreeMap, BTreeSet};

pub use change::{FoundRevision, RELATED_S, RevisionChange, joined, tags};
pub use lookback::{Lookback, Lookbacks};

use super::cluster::Kind;
use super::entry::EntryId;
use super::meta::Uid;
use super::owner::Owner;
use super::revision_list::RevisionList;
use super::time::{At, Seconds};
use super::workload::WorkloadRow;
use super::workload::progress::{FOLLOW_MS, RolloutProgress};
use super::workload::revisions::RevisionId;
use text::Outside;

/// The list of a namespace comes from what the server has at hand: a revision that is missing is looked for again after this.
pub const AGAIN_MS: u64 = 2_000;
pub const TRIES: u8 = 3;
/// A list without an answer is given up after this: longer than the client waits for one.
pub const ANSWER_MS: u64 = 90_000;
/// Namespaces that are asked about at a time: a cluster in trouble is not asked about everything at once.
pub const ASKED_MAX: usize = 4;
/// Rollouts that wait to be recorded; beyond it they are recorded as they were seen, without looking for when and why.
pub const DUE_MAX: usize = 200;

/// Everything about revisions.
#[derive(Clone, Debug, Default)]
pub struct Rollouts {
    /// Kinds of which all that was there at the start is filed; what comes now is news.
    pub begun: BTreeSet<Kind>,
    /// The revision of each workload, as it was seen last.
    pub known: BTreeMap<Uid, KnownRevision>,
    /// Rollouts that wait for the list in which their revision is.
    pub due: BTreeMap<RevisionList, Vec<DueRollout>>,
    /// Lists that were asked for, and when.
    pub asked: BTreeMap<RevisionList, At>,
    /// Namespaces in which something is in trouble.
    pub troubled: BTreeSet<Outside>,
    /// What was rolled out there before anybody looked.
    pub lookbacks: Lookbacks,
    /// Rollouts whose end is not recorded.
    pub followed: BTreeMap<Uid, FollowedRollout>,
    /// Workloads and Jobs of which no pod can be created, as far as the timeline has them.
    pub refusals: BTreeMap<Uid, KnownRefusal>,
}

/// A revision as its workload shows it, with what was read of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownRevision {
    pub id: RevisionId,
    /// Its `ReplicaSet` or ControllerRevision.
    pub name: Option<Outside>,
    pub number: Option<u64>,
    /// Images of its template.
    pub images: Box<[Outside]>,
    /// The restart annotation of its template.
    pub restarted_at: Option<Outside>,
}

/// A rollout to be recorded.
#[derive(Clone, Debug)]
pub struct DueRollout {
    pub uid: Uid,
    pub workload: Owner,
    /// What is rolled out.
    pub now: KnownRevision,
    /// What was there before, if that was seen.
    pub before: Option<KnownRevision>,
    /// When it was seen.
    pub seen: At,
    /// It was so at the start.
    pub is_backfilled: bool,
    /// How often it was looked for.
    pub tries: u8,
    /// Not looked for again before this.
    pub not_before: At,
}

/// A rollout that is recorded and has not ended.
#[derive(Clone, Debug)]
pub struct FollowedRollout {
    /// The entry about it.
    pub entry: EntryId,
    /// The beginning of each title about it: `rollout r42 of checkout`.
    pub title: String,
    /// The same for each console that sees it.
    pub origin: String,
    /// Its `ReplicaSet` or ControllerRevision, if that is known.
    pub name: Option<Outside>,
    pub progress: RolloutProgress,
}

/// That no pod can be created, as the timeline has it.
#[derive(Clone, Copy, Debug)]
pub struct KnownRefusal {
    /// The first entry about it.
    pub entry: EntryId,
    /// That it is stuck is on the timeline.
    pub is_stuck: bool,
}

/// The first crash of a workload that is still known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstCrash {
    pub at: Seconds,
    /// There was none before it; else the cluster only remembers it no further back.
    pub is_first: bool,
}

impl Rollouts {
    /// When something is to be done although nothing came.
    pub fn next(&self, now: At) -> Option<At> {
        let given_up = self.asked.values().map(|asked| asked.plus_ms(ANSWER_MS));
        let again = self
            .due
            .iter()
            .filter(|(list, _)| !self.asked.contains_key(*list))
            .flat_map(|(_, due)| due.iter().map(|due| due.not_before));
        let again = again.filter(|_| self.asked.len() < ASKED_MAX);
        let followed = self.followed.values().flat_map(|followed| {
            let progress = &followed.progress;
            [progress.due(), progress.since.plus_ms(FOLLOW_MS)]
        });
        let followed = followed.filter(|due| due.mono_ms > now.mono_ms);
        given_up
            .chain(again)
            .chain(followed)
            .min_by_key(|at| at.mono_ms)
    }

    /// How many wait to be recorded.
    pub fn waiting(&self) -> usize {
        self.due.values().map(Vec::len).sum()
    }

    /// The `ReplicaSet` or ControllerRevision of what a workload has now, if it was read.
    pub fn current(&self, row: &WorkloadRow) -> Option<&Outside> {
        let known = self.known.get(row.uid())?;
        known
            .name
            .as_ref()
            .filter(|_| RevisionId::of(row).as_ref() == Some(&known.id))
    }
}

impl KnownRevision {
    /// The revision of a workload, once its controller has given it one.
    pub fn of(row: &WorkloadRow) -> Option<KnownRevision> {
        Some(KnownRevision {
            id: RevisionId::of(row)?,
            name: row.update_revision().cloned(),
            number: row.revision(),
            images: row.images().into(),
            restarted_at: row.restarted_at().cloned(),
        })
    }
}

impl DueRollout {
    /// Seen at this moment.
    pub fn new(
        row: &WorkloadRow,
        now: KnownRevision,
        before: Option<KnownRevision>,
        seen: At,
    ) -> DueRollout {
        DueRollout {
            uid: row.uid().clone(),
            workload: row.as_owner(),
            now,
            before,
            seen,
            is_backfilled: false,
            tries: 0,
            not_before: seen,
        }
    }

    /// Its row alone shows that another template is rolled out. The generation of a DaemonSet moves for other reasons too.
    pub fn is_certain(&self) -> bool {
        let (now, Some(before)) = (&self.now, &self.before) else {
            return true;
        };
        match now.id {
            RevisionId::Number(_) | RevisionId::Name(_) => true,
            RevisionId::Generation(_) => {
                (&now.images, &now.restarted_at) != (&before.images, &before.restarted_at)
            }
        }
    }
}
