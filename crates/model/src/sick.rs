//! What "sick" means, once, with the words that explain it. Normal rollouts, finished and evicted pods are not sick.

#[cfg(test)]
mod tests;

use super::pods::{ContainerRole, ContainerRow, ContainerState, Phase, PodRow, Termination};
use super::time::Seconds;
use super::workload::waiting::WaitingReason;
use text::Outside;

/// A start, a wait to be placed, or not being ready is normal for this long.
const PATIENCE_S: i64 = 60;
/// A bad exit or a restart is news for this long.
const RECENT_S: i64 = 600;
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
}

/// How a pod stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis<'a> {
    /// `None`: nothing to worry about.
    pub sickness: Option<Sickness>,
    /// The status as `kubectl get pods` words it, such as `CrashLoopBackOff` or `Init:0/1`.
    pub status: Status<'a>,
    /// The container that explains the status, if one does.
    pub culprit: Option<&'a ContainerRow>,
    /// When this diagnosis may change although the pod does not.
    pub due: Option<Seconds>,
}

/// The status column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status<'a> {
    Ours(&'static str),
    /// The cluster's word.
    Theirs(&'a Outside),
    /// An init container's: `Init:` before it.
    Init(&'a Outside),
    /// So many init containers of so many are done.
    InitProgress(usize, usize),
    /// `ExitCode:N`, the container gave no reason.
    Exit(i32),
    /// `Signal:N`.
    Signal(i32),
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

/// Restarts of all counted containers, and the end of the last run.
pub fn restarts(pod: &PodRow) -> (u32, Option<Seconds>) {
    let count = pod
        .containers
        .iter()
        .map(|container| container.restarts)
        .sum();
    (
        count,
        last_termination(pod).and_then(|(_, end)| end.finished),
    )
}

/// The latest termination of any container: the present state's if it is one, else the last.
pub fn last_termination(pod: &PodRow) -> Option<(&ContainerRow, &Termination)> {
    pod.containers
        .iter()
        .filter_map(|container| ended(container).map(|end| (container, end)))
        .filter(|(_, end)| is_bad(end))
        .max_by_key(|(_, end)| end.finished)
}

fn ended(container: &ContainerRow) -> Option<&Termination> {
    match &container.state {
        ContainerState::Terminated(end) => Some(end),
        ContainerState::Unknown
        | ContainerState::Waiting { .. }
        | ContainerState::Running { .. } => container.last.as_deref(),
    }
}

fn is_bad(end: &Termination) -> bool {
    end.exit_code != 0 || end.signal != 0
}

/// Judges a pod at a moment.
pub fn diagnose(pod: &PodRow, now: Seconds) -> Diagnosis<'_> {
    let (status, culprit) = status(pod);
    let mut judge = Judge { now, due: None };
    let sickness = judge.sickness(pod, culprit);
    Diagnosis {
        sickness,
        status,
        culprit,
        due: judge.due,
    }
}

/// Notes, while judging, when the answer may change by itself.
struct Judge {
    now: Seconds,
    due: Option<Seconds>,
}

impl Judge {
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

    fn sickness(&mut self, pod: &PodRow, culprit: Option<&ContainerRow>) -> Option<Sickness> {
        if is_counted_out(pod) {
            return None;
        }
        if is_node_lost(pod) {
            return Some(Sickness::NodeLost);
        }
        if let Some(deadline) = pod.deleted {
            return self
                .longer_than(Some(deadline), TERMINATION_SLACK_S)
                .then_some(Sickness::StuckTerminating);
        }
        culprit
            .and_then(|container| self.container(pod, container))
            .or_else(|| self.whole(pod))
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
            ContainerState::Terminated(end)
                if is_bad(end)
                    && (pod.phase == Phase::Failed || self.within(end.finished, RECENT_S)) =>
            {
                Some(Sickness::Crashing)
            }
            ContainerState::Terminated(_)
            | ContainerState::Running { .. }
            | ContainerState::Unknown => None,
        }
    }

    fn whole(&mut self, pod: &PodRow) -> Option<Sickness> {
        let last = last_termination(pod).and_then(|(_, end)| end.finished);
        let is_recent = self.within(last, RECENT_S)
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
        if pod.phase == Phase::Failed {
            return Some(Sickness::Crashing);
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
        self.within(latest, RECENT_S)
    }
}

/// Finished well, or a leftover of an eviction: counted, not sick.
fn is_counted_out(pod: &PodRow) -> bool {
    pod.phase == Phase::Succeeded
        || (pod.phase == Phase::Failed
            && pod
                .reason
                .as_ref()
                .is_some_and(|reason| reason.raw() == "Evicted"))
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

/// The status column as `kubectl get pods` computes it (printPod of kubernetes/pkg/printers/internalversion), but that a
/// pod which runs unready is `NotReady`, not `Running`; and the container it speaks of.
fn status(pod: &PodRow) -> (Status<'_>, Option<&ContainerRow>) {
    if pod.deleted.is_some() {
        return (
            Status::Ours(if is_node_lost(pod) {
                "Unknown"
            } else {
                "Terminating"
            }),
            None,
        );
    }
    if let Some(found) = init_status(pod) {
        return found;
    }
    let main = || {
        pod.containers
            .iter()
            .filter(|container| container.role != ContainerRole::Init)
    };
    let told = main().find_map(|container| match &container.state {
        ContainerState::Waiting { reason, .. } => Some((Status::Theirs(reason), Some(container))),
        ContainerState::Terminated(end) if is_bad(end) => {
            Some((termination_status(end), Some(container)))
        }
        ContainerState::Terminated(_)
        | ContainerState::Running { .. }
        | ContainerState::Unknown => None,
    });
    told.unwrap_or_else(|| (phase_status(pod), None))
}

fn init_status(pod: &PodRow) -> Option<(Status<'_>, Option<&ContainerRow>)> {
    let inits = || {
        pod.containers
            .iter()
            .filter(|container| container.role == ContainerRole::Init)
    };
    let total = inits().count();
    inits()
        .enumerate()
        .find_map(|(done, container)| match &container.state {
            ContainerState::Terminated(end) if !is_bad(end) => None,
            ContainerState::Terminated(end) => Some((
                end.reason
                    .as_ref()
                    .map_or(Status::Exit(end.exit_code), Status::Init),
                Some(container),
            )),
            ContainerState::Waiting { reason, .. } if reason.raw() != "PodInitializing" => {
                Some((Status::Init(reason), Some(container)))
            }
            ContainerState::Waiting { .. } | ContainerState::Running { .. } => {
                Some((Status::InitProgress(done, total), None))
            }
            ContainerState::Unknown => None,
        })
}

fn termination_status(end: &Termination) -> Status<'_> {
    match &end.reason {
        Some(reason) => Status::Theirs(reason),
        None if end.signal != 0 => Status::Signal(end.signal),
        None => Status::Exit(end.exit_code),
    }
}

fn phase_status(pod: &PodRow) -> Status<'_> {
    if let Some(reason) = &pod.reason {
        return Status::Theirs(reason);
    }
    match pod.phase {
        Phase::Running if pod.ready.as_ref().is_some_and(|ready| !ready.is_true) => {
            Status::Ours("NotReady")
        }
        Phase::Pending if pod.unscheduled.is_some() => Status::Ours("Unschedulable"),
        Phase::Pending => Status::Ours("Pending"),
        Phase::Running => Status::Ours("Running"),
        Phase::Succeeded => Status::Ours("Completed"),
        Phase::Failed => Status::Ours("Error"),
        Phase::Unknown => Status::Ours("Unknown"),
    }
}
