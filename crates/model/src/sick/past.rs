//! Trouble that a pod has left behind: not sick, and still worth a look.

use super::{last_termination, readiness};
use crate::pods::{ContainerRow, PodRow, Termination};
use crate::time::Seconds;

/// A bad end is worth a sign for so long, a night and the morning after it.
const PAST_S: u64 = 24 * 3_600;

/// How a container of a pod ended badly that is ready again. Ask of a pod that is not sick.
pub fn past(pod: &PodRow, now: Seconds) -> Option<(&ContainerRow, &Termination)> {
    let (ready, all) = readiness(pod);
    let is_well = ready == all && pod.deleted.is_none() && !pod.phase.is_over();
    let (container, end) = last_termination(pod).filter(|_| is_well)?;
    let age_s = now.unix().saturating_sub(end.finished?.unix());
    u64::try_from(age_s)
        .is_ok_and(|age_s| age_s <= PAST_S)
        .then_some((container, end))
}
