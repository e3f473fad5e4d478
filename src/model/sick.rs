//! What "sick" means, once, with the words that explain it. Normal rollouts, finished and evicted pods are not sick.

use super::pods::{ContainerRole, ContainerRow, ContainerState, Phase, PodRow, Termination};
use super::time::Seconds;
use crate::text::Outside;

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
    /// Ours.
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
        let Some(Seconds(since)) = since else {
            return false;
        };
        let over = Seconds(since + limit_s + 1);
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
            ContainerState::Waiting { reason, .. } if is_starting(reason) => self
                .longer_than(pod.created, PATIENCE_S)
                .then_some(Sickness::Slow),
            ContainerState::Waiting { reason, .. } if is_crash_word(reason) => {
                Some(Sickness::Crashing)
            }
            ContainerState::Waiting { .. } => Some(Sickness::CannotStart),
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

fn is_starting(reason: &Outside) -> bool {
    matches!(reason.raw(), "ContainerCreating" | "PodInitializing")
}

fn is_crash_word(reason: &Outside) -> bool {
    matches!(
        reason.raw(),
        "CrashLoopBackOff" | "RunContainerError" | "StartError"
    )
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::pods::Condition;

    const NOW: Seconds = Seconds(1_000_000);

    fn container(state: ContainerState) -> ContainerRow {
        let is_ready = matches!(state, ContainerState::Running { .. });
        ContainerRow {
            name: "app".into(),
            image: "shop:1".into(),
            role: ContainerRole::Main,
            is_ready,
            restarts: 0,
            state,
            last: None,
        }
    }

    fn pod(age_s: i64, is_ready: bool, containers: Vec<ContainerRow>) -> PodRow {
        let since = Some(Seconds(NOW.0 - age_s));
        PodRow {
            uid: "u".into(),
            namespace: "shop".into(),
            name: "checkout-1".into(),
            resource_version: None,
            created: since,
            deleted: None,
            owner: None,
            template_hash: None,
            node: None,
            phase: Phase::Running,
            message: None,
            reason: None,
            ready: Some(Condition {
                is_true: is_ready,
                since,
                reason: None,
                message: None,
            }),
            unscheduled: None,
            containers: containers.into(),
            passed: None,
        }
    }

    fn waiting(reason: &str) -> ContainerState {
        ContainerState::Waiting {
            reason: reason.into(),
            message: None,
        }
    }

    fn ended(exit_code: i32, ago_s: i64) -> Termination {
        Termination {
            exit_code,
            finished: Some(Seconds(NOW.0 - ago_s)),
            ..Termination::default()
        }
    }

    #[test]
    fn a_running_ready_pod_is_well_and_stays_so() {
        let pod = pod(
            5,
            true,
            vec![container(ContainerState::Running { since: None })],
        );
        let diagnosis = diagnose(&pod, NOW);
        assert_eq!(
            (diagnosis.sickness, diagnosis.due, diagnosis.status),
            (None, None, Status::Ours("Running"))
        );
    }

    #[test]
    fn a_crash_loop_and_an_image_error_are_sick_at_once() {
        let crash = pod(5, false, vec![container(waiting("CrashLoopBackOff"))]);
        assert_eq!(diagnose(&crash, NOW).sickness, Some(Sickness::Crashing));
        let image = pod(5, false, vec![container(waiting("ImagePullBackOff"))]);
        assert_eq!(diagnose(&image, NOW).sickness, Some(Sickness::CannotStart));
    }

    #[test]
    fn creating_is_normal_for_a_minute_and_says_when_to_ask_again() {
        let mut young = pod(10, false, vec![container(waiting("ContainerCreating"))]);
        young.phase = Phase::Pending;
        let diagnosis = diagnose(&young, NOW);
        assert_eq!(
            (diagnosis.sickness, diagnosis.due),
            (None, Some(Seconds(NOW.0 + 51)))
        );
        assert_eq!(
            diagnose(&young, Seconds(NOW.0 + 51)).sickness,
            Some(Sickness::Slow)
        );
    }

    #[test]
    fn a_restart_is_news_for_ten_minutes() {
        let mut up = container(ContainerState::Running { since: None });
        (up.restarts, up.last) = (1, Some(Box::new(ended(137, 100))));
        let pod = pod(5_000, true, vec![up]);
        assert_eq!(diagnose(&pod, NOW).sickness, Some(Sickness::Restarted));
        assert_eq!(diagnose(&pod, NOW).due, Some(Seconds(NOW.0 + 501)));
        assert_eq!(diagnose(&pod, Seconds(NOW.0 + 501)).sickness, None);
    }

    #[test]
    fn not_ready_is_sick_after_a_minute() {
        let containers = || vec![container(ContainerState::Running { since: None })];
        assert_eq!(diagnose(&pod(30, false, containers()), NOW).sickness, None);
        assert_eq!(
            diagnose(&pod(61, false, containers()), NOW).sickness,
            Some(Sickness::NotReady)
        );
    }

    #[test]
    fn a_termination_is_sick_thirty_seconds_after_its_grace() {
        let mut going = pod(
            5_000,
            false,
            vec![container(ContainerState::Running { since: None })],
        );
        going.deleted = Some(Seconds(NOW.0 - 30));
        assert_eq!(diagnose(&going, NOW).sickness, None);
        assert_eq!(
            diagnose(&going, Seconds(NOW.0 + 1)).sickness,
            Some(Sickness::StuckTerminating)
        );
    }

    #[test]
    fn finished_and_evicted_pods_are_not_sick() {
        let mut done = pod(
            5_000,
            false,
            vec![container(ContainerState::Terminated(Box::new(ended(
                0, 100,
            ))))],
        );
        done.phase = Phase::Succeeded;
        assert_eq!(diagnose(&done, NOW).sickness, None);
        let mut evicted = pod(5_000, false, vec![]);
        (evicted.phase, evicted.reason) = (Phase::Failed, Some("Evicted".into()));
        assert_eq!(diagnose(&evicted, NOW).sickness, None);
    }

    #[test]
    fn a_lost_node_is_told_apart() {
        let mut lost = pod(
            5_000,
            false,
            vec![container(ContainerState::Running { since: None })],
        );
        lost.reason = Some("NodeLost".into());
        assert_eq!(diagnose(&lost, NOW).sickness, Some(Sickness::NodeLost));
    }

    #[test]
    fn an_init_container_speaks_first() {
        let mut init = container(waiting("CrashLoopBackOff"));
        init.role = ContainerRole::Init;
        let pod = pod(5, false, vec![init, container(waiting("PodInitializing"))]);
        let crash: Outside = "CrashLoopBackOff".into();
        assert_eq!(diagnose(&pod, NOW).status, Status::Init(&crash));
        assert_eq!(diagnose(&pod, NOW).sickness, Some(Sickness::Crashing));
    }
}
