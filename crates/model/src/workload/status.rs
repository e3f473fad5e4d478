//! How the rollout of a workload stands. Pane, dialog, follow and timeline all ask here.

use super::WorkloadRow;
use super::failure::{FailedPod, Refusal, RolloutEvidence};
use text::Outside;

/// How a rollout stands, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RolloutPhase {
    /// Kubernetes gave up on it, or no pod could be created for a while.
    Stuck,
    /// A new pod cannot live, or none can be created.
    Failing,
    /// Fewer pods are available than wanted, and no pod is being replaced.
    Short,
    /// On its way.
    Rolling,
    /// It does not go on until somebody resumes it.
    Paused,
    /// `OnDelete`: pods of an older revision stay until somebody deletes them.
    OnDelete,
    /// No pod is wanted.
    SwitchedOff,
    /// All as wanted.
    Complete,
}

/// A workload with all that is known about its rollout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RolloutStatus<'a> {
    /// How it stands.
    pub phase: RolloutPhase,
    row: &'a WorkloadRow,
    failed_pod: Option<&'a FailedPod>,
    refusal: Option<&'a Refusal>,
}

impl RolloutPhase {
    /// As the pane shows it.
    pub fn word(self) -> &'static str {
        match self {
            RolloutPhase::Stuck => "STUCK",
            RolloutPhase::Failing => "FAILING",
            RolloutPhase::Short => "short",
            RolloutPhase::Rolling => "rolling",
            RolloutPhase::Paused => "PAUSED",
            RolloutPhase::OnDelete => "waits",
            RolloutPhase::SwitchedOff => "switched off",
            RolloutPhase::Complete => "",
        }
    }

    /// Somebody should look.
    pub fn is_sick(self) -> bool {
        match self {
            RolloutPhase::Stuck | RolloutPhase::Failing | RolloutPhase::Short => true,
            RolloutPhase::Rolling
            | RolloutPhase::Paused
            | RolloutPhase::OnDelete
            | RolloutPhase::SwitchedOff
            | RolloutPhase::Complete => false,
        }
    }

    /// Its revisions are of interest.
    pub fn is_unfinished(self) -> bool {
        self.is_sick() || matches!(self, RolloutPhase::Rolling | RolloutPhase::Paused)
    }
}

impl<'a> RolloutStatus<'a> {
    /// Judges a row by what is known beside it.
    pub fn of(row: &'a WorkloadRow, evidence: Option<&'a RolloutEvidence>) -> RolloutStatus<'a> {
        let failed_pod = evidence.and_then(|evidence| evidence.failed_pod.as_ref());
        let refusal = evidence.and_then(|evidence| evidence.refusal.as_ref());
        RolloutStatus {
            phase: phase(row, failed_pod, refusal),
            row,
            failed_pod,
            refusal,
        }
    }

    /// The phase and the counts; nothing when the rollout is complete.
    pub fn words(&self) -> String {
        let word = self.phase.word();
        match self.phase {
            RolloutPhase::Complete => String::new(),
            RolloutPhase::SwitchedOff => word.to_owned(),
            RolloutPhase::Stuck
            | RolloutPhase::Failing
            | RolloutPhase::Short
            | RolloutPhase::Rolling
            | RolloutPhase::Paused
            | RolloutPhase::OnDelete => format!(
                "{word}: {} updated, {} available",
                self.row.updated(),
                self.row.available()
            ),
        }
    }

    /// Why it does not go on, one sentence each.
    pub fn reasons(&self) -> Vec<Outside> {
        let mut reasons = Vec::new();
        if self.phase == RolloutPhase::Paused {
            reasons.push("it does not go on until somebody resumes it".to_owned());
        }
        if !matches!(
            self.phase,
            RolloutPhase::Complete | RolloutPhase::SwitchedOff
        ) {
            reasons.extend(self.refusal.map(Refusal::words));
        }
        reasons.extend(self.failed_pod.map(|pod| self.failed(pod)));
        reasons.extend(self.given_up());
        reasons.extend(self.stays_old());
        reasons.into_iter().map(Outside::from).collect()
    }

    pub fn row(&self) -> &'a WorkloadRow {
        self.row
    }

    /// Everything of the revision is there and nothing of another.
    pub fn is_done(&self) -> bool {
        match self.phase {
            RolloutPhase::Complete | RolloutPhase::SwitchedOff | RolloutPhase::OnDelete => true,
            RolloutPhase::Paused => self.row.is_done(),
            RolloutPhase::Stuck
            | RolloutPhase::Failing
            | RolloutPhase::Short
            | RolloutPhase::Rolling => false,
        }
    }

    /// A pod of the present revision that cannot live.
    pub fn failed_pod(&self) -> Option<&'a FailedPod> {
        self.failed_pod.filter(|pod| !pod.is_old)
    }

    /// Why the server creates no pod for it.
    pub fn refusal(&self) -> Option<&'a Refusal> {
        self.refusal
    }

    /// That Kubernetes gave up, in words.
    pub fn given_up(&self) -> Option<String> {
        let after = self.row.progress_deadline_s()?;
        let words = || format!("Kubernetes gave up after {after} s (ProgressDeadlineExceeded)");
        self.row.is_given_up().then(words)
    }

    /// What is not replaced on purpose, one sentence each.
    pub fn stays_old(&self) -> impl Iterator<Item = String> {
        let row = self.row;
        let on_delete = (self.phase == RolloutPhase::OnDelete).then(|| {
            let old = row.wanted().saturating_sub(row.updated());
            format!("OnDelete: {old} stay old until they are deleted")
        });
        let is_kept = row.partition() > 0 && row.updated() < row.wanted() && !row.is_on_delete();
        let partition =
            is_kept.then(|| format!("partition {}: lower ordinals stay old", row.partition()));
        on_delete.into_iter().chain(partition)
    }

    fn failed(&self, failed: &FailedPod) -> String {
        let (reason, pod) = (failed.reason.raw(), failed.pod.raw());
        let is_ordered = self
            .row
            .stateful_set()
            .is_some_and(|set| !set.is_parallel && !self.row.is_on_delete());
        if failed.is_old && is_ordered && self.row.is_replacing() {
            format!("{pod} has to be deleted first: {reason}")
        } else if failed.is_old {
            format!("{reason} (old {pod})")
        } else {
            format!("{reason} ({pod})")
        }
    }
}

fn phase(
    row: &WorkloadRow,
    failed_pod: Option<&FailedPod>,
    refusal: Option<&Refusal>,
) -> RolloutPhase {
    let is_replacing = row.is_replacing();
    let is_short = row.is_short();
    let is_failing = failed_pod.is_some_and(|pod| !pod.is_old);
    if row.is_given_up() {
        RolloutPhase::Stuck
    } else if row.is_paused() && is_replacing {
        RolloutPhase::Paused
    } else if (is_replacing || is_short) && refusal.is_some() {
        if refusal.is_some_and(|refusal| refusal.is_stuck) {
            RolloutPhase::Stuck
        } else {
            RolloutPhase::Failing
        }
    } else if is_replacing && is_failing {
        RolloutPhase::Failing
    } else if is_replacing {
        RolloutPhase::Rolling
    } else if is_short {
        RolloutPhase::Short
    } else if row.is_on_delete() && row.updated() < row.wanted() {
        RolloutPhase::OnDelete
    } else if row.is_paused() {
        RolloutPhase::Paused
    } else if row.is_switched_off() {
        RolloutPhase::SwitchedOff
    } else {
        RolloutPhase::Complete
    }
}
