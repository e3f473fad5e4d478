//! What "sick" means, once. Normal rollouts, finished and evicted pods are not sick, nor what is left of pods that were
//! replaced, nor trouble that is past.

mod circumstances;
mod container;
pub mod exit;
pub mod image;
mod past;
pub mod placement;
mod status;
mod termination;
#[cfg(test)]
mod tests;

use super::nodes::NodeRow;
use super::pods::{ContainerRole, ContainerRow, ContainerState, Phase, PodRow};
use super::table::Aside;
use super::time::Seconds;
use super::workload::waiting::WaitingReason;
use text::Outside;

pub use circumstances::Circumstances;
pub use container::{ContainerSickness, container_sickness};
pub use past::past;
pub use status::PodStatus;
use termination::is_bad;
pub use termination::{end_of, last_end, last_termination, restarts};

/// A start, a wait to be placed, or not being ready is normal for this long.
const PATIENCE_S: i64 = 60;
/// A bad exit or a restart is news for this long.
const RECENT_S: i64 = 600;
/// A pod that failed for good, and that nothing replaces, is news for this long.
const FAILED_S: i64 = 3_600;
/// A pod may take this much longer than its grace period to end.
const TERMINATION_SLACK_S: i64 = 30;

/// Why a pod is sick; worse ones first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sickness {
    /// A container dies again and again, or died badly a moment ago.
    Crashing,
    /// An image cannot be had, or a container cannot be created.
    CannotStart,
    /// Its node is lost.
    NodeLost,
    /// No node takes it.
    Unschedulable,
    /// Runs, but is not ready.
    NotReady,
    /// Pending or creating for too long.
    Slow,
    /// Should be gone by now.
    StuckTerminating,
    /// Ready now, but restarted a short while ago.
    Restarted,
    /// Failed a short while ago; its controller makes another one, which is not there yet.
    LeftOver,
}

/// How a pod stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis<'a> {
    /// `None`: nothing to worry about.
    pub sickness: Option<Sickness>,
    /// The status as `kubectl get pods` words it, such as `CrashLoopBackOff` or `Init:0/1`.
    pub status: PodStatus<'a>,
    /// Counted on its own.
    pub aside: Option<Aside>,
    /// The container that explains the status, if one does.
    pub culprit: Option<&'a ContainerRow>,
    /// When this diagnosis may change although the pod does not.
    pub due: Option<Seconds>,
}

/// The containers a person counts: main ones and sidecars, ready and all.
pub fn readiness(pod: &PodRow) -> (usize, usize) {
    let counted = || {
        pod.containers
            .iter()
            .filter(|container| container.role != ContainerRole::Init)
    };
    (
        counted().filter(|container| container.is_ready).count(),
        counted().count(),
    )
}

/// Since when it is sick, by the server's own times as far as it tells them.
pub fn since(pod: &PodRow, sickness: Sickness) -> Option<Seconds> {
    let ready = pod.ready.as_ref().filter(|ready| !ready.is_true);
    let unready = ready.and_then(|ready| ready.since);
    let (restarts, ended) = restarts(pod);
    let known = match sickness {
        // Of many crashes only the last is known; it was not ready since an earlier one.
        Sickness::Crashing if restarts > 1 => [unready, ended].into_iter().flatten().min(),
        Sickness::Crashing | Sickness::Restarted | Sickness::LeftOver => ended.or(unready),
        Sickness::Unschedulable => pod.unscheduled.as_ref().and_then(|one| one.since),
        Sickness::StuckTerminating => pod.deleted,
        Sickness::CannotStart | Sickness::NodeLost | Sickness::NotReady | Sickness::Slow => unready,
    };
    known.or(pod.created)
}

/// Judges a pod at a moment.
pub fn diagnose<'a>(
    pod: &'a PodRow,
    circumstances: &Circumstances<'_>,
    now: Seconds,
) -> Diagnosis<'a> {
    let (status, culprit) = status::status(pod);
    let mut judge = Judge {
        now,
        circumstances,
        due: None,
    };
    let sickness = judge.sickness(pod, culprit);
    Diagnosis {
        sickness,
        status,
        aside: judge.aside(pod),
        culprit,
        due: judge.due,
    }
}

/// Notes, while judging, when the answer may change by itself.
struct Judge<'a> {
    now: Seconds,
    circumstances: &'a Circumstances<'a>,
    due: Option<Seconds>,
}

impl Judge<'_> {
    /// More than `limit_s` seconds since `since`? If not yet, asks again then.
    fn longer_than(&mut self, since: Option<Seconds>, limit_s: i64) -> bool {
        let Some(since) = since.map(Seconds::unix) else {
            return false;
        };
        let over = Seconds::new(since + limit_s + 1);
        if self.now >= over {
            return true;
        }
        self.ask_again(over);
        false
    }

    fn within(&mut self, moment: Option<Seconds>, limit_s: i64) -> bool {
        moment.is_some() && !self.longer_than(moment, limit_s)
    }

    fn ask_again(&mut self, at: Seconds) {
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    fn aside(&self, pod: &PodRow) -> Option<Aside> {
        if pod.deleted.is_some() {
            None
        } else if pod.phase.is_over() {
            self.circumstances
                .is_replaced(pod)
                .then_some(Aside::LeftOver)
        } else {
            pod.is_gated().then_some(Aside::Gated)
        }
    }

    fn sickness(&mut self, pod: &PodRow, culprit: Option<&ContainerRow>) -> Option<Sickness> {
        if pod.phase.is_over() && pod.deleted.is_none() {
            return self.over(pod);
        }
        let failed_node = self.circumstances.failed_node(pod);
        let failed_node = failed_node.filter(|_| !pod.is_ready());
        if is_node_lost(pod) || failed_node.is_some_and(NodeRow::is_silent) {
            return Some(Sickness::NodeLost);
        }
        if let Some(deadline) = pod.deleted {
            return self
                .longer_than(Some(deadline), TERMINATION_SLACK_S)
                .then_some(Sickness::StuckTerminating);
        }
        if pod.is_gated() {
            return None;
        }
        culprit
            .and_then(|container| self.container(pod, container))
            .or_else(|| failed_node.map(|_| Sickness::NodeLost))
            .or_else(|| self.whole(pod))
    }

    /// Finished well, evicted and replaced ones are not sick; the others are for a while.
    fn over(&mut self, pod: &PodRow) -> Option<Sickness> {
        if pod.phase == Phase::Succeeded || pod.is_evicted() || self.circumstances.is_replaced(pod)
        {
            return None;
        }
        if circumstances::has_replacing_owner(pod) {
            return self
                .within(end_of(pod), RECENT_S)
                .then_some(Sickness::LeftOver);
        }
        self.within(end_of(pod), FAILED_S)
            .then_some(Sickness::Crashing)
    }

    fn container(&mut self, pod: &PodRow, container: &ContainerRow) -> Option<Sickness> {
        match &container.state {
            ContainerState::Waiting { reason, .. } => match WaitingReason::of(reason) {
                WaitingReason::Starting => self
                    .longer_than(pod.created, PATIENCE_S)
                    .then_some(Sickness::Slow),
                WaitingReason::Crashing => Some(Sickness::Crashing),
                WaitingReason::CannotStart | WaitingReason::Other => Some(Sickness::CannotStart),
            },
            ContainerState::Terminated(end) if is_bad(end) && self.is_recent(pod, end.finished) => {
                Some(Sickness::Crashing)
            }
            ContainerState::Terminated(_)
            | ContainerState::Running { .. }
            | ContainerState::Unknown => None,
        }
    }

    fn whole(&mut self, pod: &PodRow) -> Option<Sickness> {
        let last = last_termination(pod).and_then(|(_, end)| end.finished);
        let is_recent = self.is_recent(pod, last)
            || (last.is_none() && restarts(pod).0 > 0 && self.restarted_recently(pod));
        let is_ready = pod.ready.as_ref().is_some_and(|ready| ready.is_true);
        if is_recent {
            return Some(if is_ready {
                Sickness::Restarted
            } else {
                Sickness::Crashing
            });
        }
        if let Some(unscheduled) = &pod.unscheduled {
            return self
                .longer_than(unscheduled.since.or(pod.created), PATIENCE_S)
                .then_some(Sickness::Unschedulable);
        }
        if pod.phase == Phase::Pending {
            return self
                .longer_than(pod.created, PATIENCE_S)
                .then_some(Sickness::Slow);
        }
        if is_ready {
            return None;
        }
        let since = pod
            .ready
            .as_ref()
            .and_then(|ready| ready.since)
            .or(pod.created);
        self.longer_than(since, PATIENCE_S)
            .then_some(Sickness::NotReady)
    }

    fn restarted_recently(&mut self, pod: &PodRow) -> bool {
        let started = pod
            .containers
            .iter()
            .filter(|container| container.restarts > 0)
            .filter_map(|container| match &container.state {
                ContainerState::Running { since } => *since,
                ContainerState::Unknown
                | ContainerState::Waiting { .. }
                | ContainerState::Terminated(_) => None,
            });
        let latest = started.max();
        self.is_recent(pod, latest)
    }

    /// It was a short while ago, and is not past.
    fn is_recent(&mut self, pod: &PodRow, moment: Option<Seconds>) -> bool {
        let is_past = moment.is_some_and(|moment| self.circumstances.is_past(pod, moment));
        !is_past && self.within(moment, RECENT_S)
    }
}

fn is_node_lost(pod: &PodRow) -> bool {
    let lost = |reason: &Outside| matches!(reason.raw(), "NodeLost" | "NodeStatusUnknown");
    pod.phase == Phase::Unknown
        || pod.reason.as_ref().is_some_and(lost)
        || pod
            .ready
            .as_ref()
            .and_then(|ready| ready.reason.as_ref())
            .is_some_and(lost)
}
