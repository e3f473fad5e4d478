//! The list of the rollouts pane: workloads of all three kinds, and below some of them their revisions. The rows stay in
//! their tables; here stand only their places, and what was read of revisions.

mod evidence;
mod place;

use std::collections::{BTreeMap, BTreeSet};

use super::cluster::{Health, Problem};
use super::link::Subject;
use super::meta::Uid;
use super::meta::{Meta, row};
use super::screen::List;
use super::table::{RowCounts, Standing, Table};
use super::time::{At, Seconds};
use super::watched::Cluster;
use super::workload::WorkloadRow;
use super::workload::failure::{RefusedJob, RolloutEvidence};
use super::workload::revisions::{History, Revision, RevisionId};
use super::workload::status::{RolloutPhase, RolloutStatus};
use place::{includes, standing};
use text::Outside;

/// Workloads of which revisions are read at a time: a cluster in trouble is not asked about everything at once.
pub const ASKED_MAX: usize = 4;
/// Workloads whose revisions are kept; the pane shows fewer at a time.
pub const KEPT_MAX: usize = 40;
/// Revisions shown of one workload.
pub const REVISIONS_SHOWN: usize = 10;
/// A question without an answer is asked again after this: longer than the client waits for one.
pub const ANSWER_MS: u64 = 90_000;
/// What could not be read is asked for again after this.
pub const AGAIN_MS: u64 = 30_000;
/// Between the parts of a line's place.
const PLACE_END: char = '\u{1}';
/// Pods are counted by revision at most so often.
pub const COUNT_MS: u64 = 1_000;

/// What the pane is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RolloutColumn {
    /// Sick and rolling ones first.
    Phase,
    /// By namespace and name.
    Name,
    Kind,
}

impl RolloutColumn {
    /// All, in the order of the key.
    pub const ALL: [RolloutColumn; 3] = [
        RolloutColumn::Phase,
        RolloutColumn::Name,
        RolloutColumn::Kind,
    ];

    /// The column of a list.
    pub fn of(list: &List) -> RolloutColumn {
        RolloutColumn::ALL[list.sort % RolloutColumn::ALL.len()]
    }

    pub fn title(self) -> &'static str {
        match self {
            RolloutColumn::Phase => "rolling first",
            RolloutColumn::Name => "by name",
            RolloutColumn::Kind => "by kind",
        }
    }
}

/// One line: a workload, why its rollout does not go on, or one of its revisions. Its uid tells its place: the table moves no row whose
/// name changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolloutLine {
    /// Its name puts the reasons below the workload, then its revisions, the latest first.
    pub meta: Meta,
    pub workload: Uid,
    /// What it shows.
    pub part: RolloutPart,
}

row!(RolloutLine);

/// What a line shows of a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RolloutPart {
    Whole,
    /// One of the reasons why its rollout does not go on.
    Reason(usize),
    /// Its revisions are shown, and not read yet.
    Reading,
    /// The revision at this place of its history.
    Revision(usize),
}

impl RolloutLine {
    /// The name of its workload.
    pub fn workload_name(&self) -> &str {
        let name = self.meta.name.raw();
        name.split_once(PLACE_END).map_or(name, |(name, _)| name)
    }

    /// The revision's place in the history, where it shows one.
    pub fn revision(&self) -> Option<usize> {
        match self.part {
            RolloutPart::Revision(at) => Some(at),
            RolloutPart::Whole | RolloutPart::Reason(_) | RolloutPart::Reading => None,
        }
    }
}

/// What was read of a workload's revisions.
#[derive(Clone, Debug)]
pub struct KnownHistory {
    /// The revisions as they were read last.
    pub history: Option<History>,
    /// Why they could not be read.
    pub problem: Option<Problem>,
    pub at: At,
    /// The revision of the workload at that time: another one is read again.
    pub mark: RevisionMark,
}

/// The revision of a workload, and why it was changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RevisionMark(Option<RevisionId>, Option<Outside>);

impl RevisionMark {
    /// Of a workload now.
    pub fn of(row: &WorkloadRow) -> RevisionMark {
        RevisionMark(RevisionId::of(row), row.change_cause.clone())
    }
}

/// The pane's own state.
#[derive(Clone, Debug, Default)]
pub struct RolloutList {
    /// Moves with each switch of context or scope.
    pub epoch: u32,
    pub table: Table<RolloutLine>,
    /// The first of the workloads whose rollouts stand worst, whatever the filter; none while all are complete.
    pub worst: Option<Uid>,
    /// Workloads: all, and those that pass the filter.
    pub counts: RowCounts,
    /// What was read of revisions, by workload.
    pub known: BTreeMap<Uid, KnownHistory>,
    /// Workloads that are being asked about, and since when.
    pub asked: BTreeMap<Uid, At>,
    /// Workloads for which somebody turned round whether their revisions are shown.
    pub turned: BTreeSet<Uid>,
    /// Workloads whose revisions are shown.
    pub open: BTreeSet<Uid>,
    /// The revision to compare others with: workload and revision.
    pub marked: Option<(Uid, Uid)>,
    /// Pods of each revision: ready, and all.
    pub pods: BTreeMap<Uid, (u32, u32)>,
    /// Why rollouts do not go on, by workload.
    pub evidence: BTreeMap<Uid, RolloutEvidence>,
    /// Jobs for which no pod can be created.
    pub refused_jobs: BTreeMap<Uid, RefusedJob>,
    /// Workloads, revisions, filter or order have changed.
    pub is_stale: bool,
    /// Pods or Events have changed.
    pub is_miscounted: bool,
    /// When what is known changes by time alone, by the server's clock.
    pub due: Option<Seconds>,
    /// When pods were counted last.
    pub counted: Option<At>,
    generation: u32,
}

impl RolloutList {
    /// Are the revisions of a workload shown? Those of a rollout under way are, until somebody turns that round.
    fn shows(&self, row: &WorkloadRow, subject: Option<&Subject>) -> bool {
        let is_of_interest = self.status(row).phase.is_unfinished();
        let is_meant = subject.is_some_and(|subject| includes(subject, row));
        (is_of_interest || is_meant) != self.turned.contains(row.uid())
    }

    /// Puts every line in its place anew.
    pub fn arrange(&mut self, cluster: &Cluster, list: &List, subject: Option<&Subject>) {
        self.generation += 1;
        self.table.begin(self.generation);
        self.counts = RowCounts::default();
        self.open.clear();
        let column = RolloutColumn::of(list);
        let mut worst: Option<(RolloutPhase, Uid)> = None;
        for row in cluster.workloads() {
            let phase = self.status(row).phase;
            let history = self.history(row.uid());
            let standing = standing(row, phase, column, (&list.filter, subject), history);
            let is_open = standing.is_listed && self.shows(row, subject);
            let shown = history.filter(|_| is_open);
            let is_asked_for = is_open && self.turned.contains(row.uid());
            let is_reading = is_asked_for && history.is_none() && !self.is_refused(row);
            let revisions = shown.into_iter().flat_map(|history| &history.revisions);
            let mut lines = vec![line(row, RolloutPart::Whole, None)];
            let reasons = self.reasons(row).len();
            lines.extend((0..reasons).map(|at| line(row, RolloutPart::Reason(at), None)));
            lines.extend(is_reading.then(|| line(row, RolloutPart::Reading, None)));
            let latest = revisions.take(REVISIONS_SHOWN).enumerate();
            lines.extend(
                latest.map(|(at, revision)| line(row, RolloutPart::Revision(at), Some(revision))),
            );
            if phase.is_unfinished() && worst.as_ref().is_none_or(|(other, _)| phase < *other) {
                worst = Some((phase, row.uid().clone()));
            }
            if is_open {
                self.open.insert(row.uid().clone());
            }
            self.count(&standing);
            for line in lines {
                self.table.apply(line, |_| standing.clone());
            }
        }
        self.worst = worst.map(|(_, uid)| uid);
        self.table.sweep(self.generation);
        self.is_stale = false;
    }

    /// How the rollout of a workload stands.
    pub fn status<'a>(&'a self, row: &'a WorkloadRow) -> RolloutStatus<'a> {
        RolloutStatus::of(row, self.evidence.get(row.uid()))
    }

    /// Why a rollout does not go on, and why its revisions are not known.
    pub fn reasons(&self, row: &WorkloadRow) -> Vec<Outside> {
        let mut reasons = self.status(row).reasons();
        let problem = self
            .known
            .get(row.uid())
            .and_then(|known| known.problem.as_ref());
        reasons.extend(problem.map(|problem| problem.what.clone()));
        reasons
    }

    /// Its revisions could not be read.
    fn is_refused(&self, row: &WorkloadRow) -> bool {
        let known = self.known.get(row.uid());
        known.is_some_and(|known| known.problem.is_some())
    }

    fn count(&mut self, standing: &Standing) {
        let counts = &mut self.counts;
        counts.total += 1;
        counts.sick += usize::from(standing.is_sick);
        counts.listed += usize::from(standing.is_listed);
        counts.listed_sick += usize::from(standing.is_listed && standing.is_sick);
    }

    /// The revision on a line.
    pub fn history(&self, workload: &Uid) -> Option<&History> {
        self.known.get(workload)?.history.as_ref()
    }
}

fn line(row: &WorkloadRow, part: RolloutPart, revision: Option<&Revision>) -> RolloutLine {
    let workload = row.uid();
    let (uid, below) = match (part, revision) {
        (RolloutPart::Revision(_), Some(revision)) => (
            Uid::from(format!("{}#{}", revision.uid, revision.number)),
            format!("\u{1}{:020}", u64::MAX - revision.number),
        ),
        (RolloutPart::Reason(at), _) => (
            Uid::from(format!("{workload}!{at}")),
            format!("\u{1}!{at:02}"),
        ),
        (RolloutPart::Reading, _) => (Uid::from(format!("{workload}?")), format!("{PLACE_END}~")),
        (RolloutPart::Whole | RolloutPart::Revision(_), _) => (workload.clone(), String::new()),
    };
    let place = format!(
        "{}{PLACE_END}{}{below}",
        row.name().raw(),
        row.kind().word()
    );
    RolloutLine {
        meta: Meta::plain(uid, row.namespace().clone(), place.into()),
        workload: workload.clone(),
        part,
    }
}

impl Cluster {
    /// The worst of the three kinds: how fresh the rollouts are.
    pub fn rollouts_health(&self) -> &Health {
        let health = self.workload_tables().map(|watched| &watched.health);
        let rank = |health: &&Health| match health {
            Health::Live { .. } => 0,
            Health::Polling { .. } => 1,
            Health::Listing { .. } => 2,
            Health::Connecting => 3,
            Health::Stale { .. } => 4,
            Health::Stopped { .. } => 5,
        };
        let worst = health.into_iter().max_by_key(rank);
        worst.unwrap_or(&self.deployments.health)
    }
}
