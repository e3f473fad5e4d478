//! What is wrong with one container, whatever its pod is judged to be: whose log is read first.

use super::{RECENT_S, is_bad};
use crate::pods::{ContainerRole, ContainerRow, ContainerState, PodRow, Termination};
use crate::time::Seconds;
use crate::workload::waiting::WaitingReason;

/// Why a container is in trouble; what has most to say first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContainerSickness {
    /// It dies again and again, ended badly or was started again a short while ago.
    Crashing,
    /// It runs, and is not ready.
    NotReady,
    /// It waits for something that does not come by itself, and has not printed anything.
    CannotStart,
}

/// Judges a container at a moment. What it went through a short while ago counts on: between two crashes it is as sick as
/// in its back-off.
pub fn container_sickness(
    pod: &PodRow,
    container: &ContainerRow,
    now: Seconds,
) -> Option<ContainerSickness> {
    let is_recent = |end: &Termination| {
        end.finished
            .is_some_and(|end| now.unix().saturating_sub(end.unix()) <= RECENT_S)
    };
    let has_restarted = container.restarts > 0 && container.last.as_deref().is_some_and(is_recent);
    if has_restarted {
        return Some(ContainerSickness::Crashing);
    }
    match &container.state {
        ContainerState::Waiting { reason, .. } => match WaitingReason::of(reason) {
            WaitingReason::Crashing => Some(ContainerSickness::Crashing),
            WaitingReason::CannotStart | WaitingReason::Other => {
                Some(ContainerSickness::CannotStart)
            }
            WaitingReason::Starting => None,
        },
        ContainerState::Terminated(end) => {
            (is_bad(end) && is_recent(end)).then_some(ContainerSickness::Crashing)
        }
        ContainerState::Running { .. } => {
            let is_awaited = match container.role {
                ContainerRole::Main | ContainerRole::Sidecar => pod.deleted.is_none(),
                ContainerRole::Init | ContainerRole::Ephemeral => false,
            };
            (is_awaited && !container.is_ready).then_some(ContainerSickness::NotReady)
        }
        ContainerState::Unknown => None,
    }
}
