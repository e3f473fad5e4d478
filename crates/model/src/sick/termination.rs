//! How containers of a pod ended: which end counts, and how often they were started again.

use crate::pods::{ContainerRole, ContainerRow, ContainerState, PodRow, Termination};
use crate::time::Seconds;

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
    terminations(pod)
        .filter(|(_, end)| is_bad(end))
        .max_by_key(|(_, end)| end.finished)
}

/// The same, whatever its exit.
pub fn last_end(pod: &PodRow) -> Option<(&ContainerRow, &Termination)> {
    terminations(pod).max_by_key(|(_, end)| end.finished)
}

/// How each container ended last. Sidecars are killed when the others are done: how those ended says nothing then.
fn terminations(pod: &PodRow) -> impl Iterator<Item = (&ContainerRow, &Termination)> {
    let has_ended = |container: &ContainerRow| {
        container.role == ContainerRole::Sidecar
            || matches!(container.state, ContainerState::Terminated(_))
    };
    let is_done = pod.phase.is_over() || pod.containers.iter().all(has_ended);
    let containers = pod.containers.iter();
    containers
        .filter(move |container| !is_done || container.role != ContainerRole::Sidecar)
        .filter_map(|container| ended(container).map(|end| (container, end)))
}

/// When a pod that is over came to its end, as far as it says so.
pub fn end_of(pod: &PodRow) -> Option<Seconds> {
    let finished = last_end(pod).and_then(|(_, end)| end.finished);
    let unready = || pod.ready.as_ref().and_then(|ready| ready.since);
    finished.or_else(unready).or(pod.created)
}

fn ended(container: &ContainerRow) -> Option<&Termination> {
    match &container.state {
        ContainerState::Terminated(end) => Some(end),
        ContainerState::Unknown
        | ContainerState::Waiting { .. }
        | ContainerState::Running { .. } => container.last.as_deref(),
    }
}

pub(super) fn is_bad(end: &Termination) -> bool {
    end.exit_code != 0 || end.signal != 0
}
