//! The status column, in the words of `kubectl get pods`.

use super::{is_bad, is_node_lost};
use crate::pods::{ContainerRole, ContainerRow, ContainerState, Phase, PodRow, Termination};
use crate::workload::waiting::WaitingReason;
use text::Outside;

/// The status column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PodStatus<'a> {
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

impl PodStatus<'_> {
    /// As the column says it.
    pub fn words(&self) -> Outside {
        match self {
            PodStatus::Ours(word) => (*word).into(),
            PodStatus::Theirs(word) => (*word).clone(),
            PodStatus::Init(word) => format!("Init:{}", word.raw()).into(),
            PodStatus::InitProgress(done, total) => format!("Init:{done}/{total}").into(),
            PodStatus::Exit(code) => format!("ExitCode:{code}").into(),
            PodStatus::Signal(signal) => format!("Signal:{signal}").into(),
        }
    }
}

type Found<'a> = (PodStatus<'a>, Option<&'a ContainerRow>);

/// The status column as `kubectl get pods` computes it (printPod of kubernetes/pkg/printers/internalversion), and the
/// container it speaks of. Where kubectl hides what a person needs it differs: a pod that runs unready is `NotReady`, a
/// sidecar that crashes is named, and a pod that failed for a reason of its own has that reason.
pub(super) fn status(pod: &PodRow) -> Found<'_> {
    if pod.deleted.is_some() && !pod.phase.is_over() {
        let word = if is_node_lost(pod) {
            "Unknown"
        } else {
            "Terminating"
        };
        return (PodStatus::Ours(word), None);
    }
    match pod.phase {
        // Sidecars are killed when the others are done: how they ended says nothing.
        Phase::Succeeded => (PodStatus::Ours("Completed"), None),
        Phase::Failed => failed(pod),
        Phase::Pending | Phase::Running | Phase::Unknown => {
            unfinished(pod).unwrap_or_else(|| (phase_status(pod), None))
        }
    }
}

fn of_role(pod: &PodRow, role: ContainerRole) -> impl Iterator<Item = &ContainerRow> {
    let containers = pod.containers.iter();
    containers.filter(move |container| container.role == role)
}

fn failed(pod: &PodRow) -> Found<'_> {
    use ContainerRole::{Init, Main, Sidecar};
    let in_order = [Main, Init, Sidecar].into_iter();
    let mut ended = in_order
        .flat_map(|role| of_role(pod, role))
        .filter_map(|container| match &container.state {
            ContainerState::Terminated(end) if is_bad(end) => Some((container, end)),
            ContainerState::Terminated(_)
            | ContainerState::Waiting { .. }
            | ContainerState::Running { .. }
            | ContainerState::Unknown => None,
        });
    let culprit = ended.next();
    let status = match (&pod.reason, culprit) {
        (Some(reason), _) => PodStatus::Theirs(reason),
        (None, Some((container, end))) => match &end.reason {
            Some(reason) if container.role == Init => PodStatus::Init(reason),
            _ => termination_status(end),
        },
        (None, None) => PodStatus::Ours("Error"),
    };
    (status, culprit.map(|(container, _)| container))
}

/// What its containers say: those that are in trouble before those that are being started, main ones before sidecars.
fn unfinished(pod: &PodRow) -> Option<Found<'_>> {
    use ContainerRole::{Main, Sidecar};
    if let Some(found) = init_status(pod) {
        return Some(found);
    }
    let troubled = |role| of_role(pod, role).filter(|one| !is_starting(one));
    let is_done =
        |container: &ContainerRow| matches!(container.state, ContainerState::Terminated(_));
    let is_completed = of_role(pod, Main).next().is_some() && of_role(pod, Main).all(is_done);
    let completed = || is_completed.then_some((PodStatus::Ours("Completed"), None));
    let mut all = of_role(pod, Main).chain(of_role(pod, Sidecar));
    troubled(Main)
        .find_map(container_status)
        .or_else(completed)
        .or_else(|| troubled(Sidecar).find_map(container_status))
        .or_else(|| all.find_map(container_status))
}

fn is_starting(container: &ContainerRow) -> bool {
    match &container.state {
        ContainerState::Waiting { reason, .. } => {
            WaitingReason::of(reason) == WaitingReason::Starting
        }
        ContainerState::Terminated(_)
        | ContainerState::Running { .. }
        | ContainerState::Unknown => false,
    }
}

fn container_status(container: &ContainerRow) -> Option<Found<'_>> {
    match &container.state {
        ContainerState::Waiting { reason, .. } if !reason.raw().is_empty() => {
            Some((PodStatus::Theirs(reason), Some(container)))
        }
        ContainerState::Terminated(end) if is_bad(end) => {
            Some((termination_status(end), Some(container)))
        }
        ContainerState::Waiting { .. }
        | ContainerState::Terminated(_)
        | ContainerState::Running { .. }
        | ContainerState::Unknown => None,
    }
}

fn init_status(pod: &PodRow) -> Option<Found<'_>> {
    let inits = || of_role(pod, ContainerRole::Init);
    let total = inits().count();
    inits()
        .enumerate()
        .find_map(|(done, container)| match &container.state {
            ContainerState::Terminated(end) if !is_bad(end) => None,
            ContainerState::Terminated(end) => Some((
                end.reason
                    .as_ref()
                    .map_or(PodStatus::Exit(end.exit_code), PodStatus::Init),
                Some(container),
            )),
            ContainerState::Waiting { reason, .. }
                if !matches!(reason.raw(), "" | "PodInitializing") =>
            {
                Some((PodStatus::Init(reason), Some(container)))
            }
            ContainerState::Waiting { .. } | ContainerState::Running { .. } => {
                Some((PodStatus::InitProgress(done, total), None))
            }
            ContainerState::Unknown => None,
        })
}

fn termination_status(end: &Termination) -> PodStatus<'_> {
    match &end.reason {
        Some(reason) => PodStatus::Theirs(reason),
        None if end.signal != 0 => PodStatus::Signal(end.signal),
        None => PodStatus::Exit(end.exit_code),
    }
}

fn phase_status(pod: &PodRow) -> PodStatus<'_> {
    if let Some(reason) = &pod.reason {
        return PodStatus::Theirs(reason);
    }
    match pod.phase {
        Phase::Running if pod.ready.as_ref().is_some_and(|ready| !ready.is_true) => {
            PodStatus::Ours("NotReady")
        }
        Phase::Pending if pod.is_gated() => PodStatus::Ours("SchedulingGated"),
        Phase::Pending if pod.unscheduled.is_some() => PodStatus::Ours("Unschedulable"),
        Phase::Pending => PodStatus::Ours("Pending"),
        Phase::Running => PodStatus::Ours("Running"),
        Phase::Succeeded => PodStatus::Ours("Completed"),
        Phase::Failed => PodStatus::Ours("Error"),
        Phase::Unknown => PodStatus::Ours("Unknown"),
    }
}
