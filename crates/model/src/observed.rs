//! What the console has noticed by itself and not yet, or already, put on the timeline: sick workloads, revisions.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::EntryId;
use super::meta::Uid;
use super::rollouts::{FirstCrash, Rollouts};
use super::sick::Sickness;
use super::time::{At, Seconds};
use text::Outside;

/// A workload turns sick pod by pod: its entry waits this long, so that it tells of most of them and is still on disk two
/// seconds after the first was seen.
pub const SETTLE_MS: u64 = 1_500;

/// A workload that is well must stay so this long before it is said: crash loops look well between two crashes.
pub const WELL_MS: u64 = 30_000;

/// What was so before the start is told when Deployments and Events are there too, or after this without them.
pub const BACKFILL_MS: u64 = 5_000;

/// Why pods of one workload are sick, as coarse as an entry of its own deserves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SicknessGroup {
    /// Dies, or died a moment ago.
    Crashing,
    /// Cannot be started.
    CannotStart,
    /// Its node is lost.
    NodeLost,
    /// No node takes it.
    Unschedulable,
    /// Not ready, or not yet.
    NotReady,
    /// Should be gone.
    Terminating,
    /// Over before its time, and not yet replaced.
    Failed,
}

impl SicknessGroup {
    /// The trouble behind a sickness.
    pub fn of(sickness: Sickness) -> SicknessGroup {
        match sickness {
            Sickness::Crashing | Sickness::Restarted => SicknessGroup::Crashing,
            Sickness::CannotStart => SicknessGroup::CannotStart,
            Sickness::NodeLost => SicknessGroup::NodeLost,
            Sickness::Unschedulable => SicknessGroup::Unschedulable,
            Sickness::NotReady | Sickness::Slow => SicknessGroup::NotReady,
            Sickness::StuckTerminating => SicknessGroup::Terminating,
            Sickness::LeftOver => SicknessGroup::Failed,
        }
    }

    /// What its pods are.
    pub fn words(self) -> &'static str {
        match self {
            SicknessGroup::Crashing => "crashing",
            SicknessGroup::CannotStart => "cannot start",
            SicknessGroup::NodeLost => "node lost",
            SicknessGroup::Unschedulable => "no node takes them",
            SicknessGroup::NotReady => "not ready",
            SicknessGroup::Terminating => "stuck terminating",
            SicknessGroup::Failed => "failed",
        }
    }

    /// What is said when none of its pods is so any more, whether they recovered or are gone.
    pub fn words_of_end(self) -> &'static str {
        match self {
            SicknessGroup::Crashing => "no longer crashing",
            SicknessGroup::CannotStart => "no longer unable to start",
            SicknessGroup::NodeLost => "no longer on a lost node",
            SicknessGroup::Unschedulable => "no longer without a node",
            SicknessGroup::NotReady => "no longer unready",
            SicknessGroup::Terminating => "no longer stuck terminating",
            SicknessGroup::Failed => "no longer failed",
        }
    }
}

/// Which workload has which trouble.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SickWorkload {
    pub namespace: Outside,
    /// Name of the workload, or of a pod without one.
    pub workload: Outside,
    /// What troubles it.
    pub trouble: SicknessGroup,
}

/// How a case stands.
#[derive(Clone, Debug)]
pub struct SickSpan {
    /// Sick pods now.
    pub pods: BTreeSet<Uid>,
    /// The most there were.
    pub most: usize,
    pub since: At,
    /// The first of them, and since when it is sick by the server's own times: the same for each console that sees it.
    pub first: (Seconds, Uid),
    /// The cluster's words on one of them.
    pub words: Outside,
    /// The entry that tells of it.
    pub entry: Option<EntryId>,
    /// When the last of them was well.
    pub well_since: Option<At>,
    /// No pod of the workload was wanted then.
    pub was_switched_off: bool,
    /// That pod, and since when it is ready by the server's own times; `None` when it is gone.
    pub last_well: Option<(Uid, Option<Seconds>)>,
}

impl SickSpan {
    /// With no pod yet.
    pub fn new(since: At, first: (Seconds, Uid), words: Outside) -> SickSpan {
        SickSpan {
            pods: BTreeSet::new(),
            most: 0,
            since,
            first,
            words,
            entry: None,
            well_since: None,
            was_switched_off: false,
            last_well: None,
        }
    }
}

/// A source that has stopped to answer: nothing is known of it from then on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlindSpan {
    /// Its last word.
    pub since: At,
    /// What went wrong.
    pub why: Outside,
}

#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// Epoch of the watch that this belongs to; `None` before the first complete list.
    pub epoch: Option<u32>,
    /// When the pods of this epoch were first complete.
    pub since: Option<At>,
    /// What was so before anybody looked is recorded.
    pub is_backfilled: bool,
    /// The first crash of each sick workload, by namespace and name.
    pub first_crash: BTreeMap<(Outside, Outside), FirstCrash>,
    /// Cases by workload and trouble.
    pub cases: BTreeMap<SickWorkload, SickSpan>,
    /// The case that each sick pod belongs to.
    pub case_of: BTreeMap<Uid, SickWorkload>,
    /// When a pod is to be judged again although it did not change.
    pub due: BTreeSet<(Seconds, Uid)>,
    /// Pods whose node or workload has changed: they are to be judged again.
    pub outdated: Vec<Uid>,
    pub rollouts: Rollouts,
    /// While the API server is silent.
    pub blind: Option<BlindSpan>,
    /// When it spoke again after its last silence.
    pub heard_again: Option<At>,
}

impl Observed {
    /// Since when a case was seen to be well without a silence between: what happened in one comes only after the first word.
    pub fn seen_well_since(&self, span: &SickSpan) -> Option<At> {
        let well = span.well_since?;
        let later = self.heard_again.filter(|at| at.mono_ms > well.mono_ms);
        Some(later.unwrap_or(well))
    }

    /// When the next case is to be told. From silence nothing is concluded, so that it waits for nothing then.
    pub fn next(&self, now: At, is_current: bool) -> Option<At> {
        let moment = |span: &SickSpan| match (span.entry, self.seen_well_since(span)) {
            (_, Some(well)) => Some(well.plus_ms(WELL_MS)),
            (None, None) => Some(span.since.plus_ms(SETTLE_MS)),
            (Some(_), None) => None,
        };
        let backfill = self.since.filter(|_| !self.is_backfilled);
        self.cases
            .values()
            .filter(|_| is_current)
            .filter_map(moment)
            .chain(backfill.map(|since| since.plus_ms(BACKFILL_MS)))
            .chain(self.rollouts.next(now))
            .min_by_key(|at| at.mono_ms)
    }
}
