//! Since when a pod is sick, by the server's own times as far as it tells them.

use super::{Sickness, restarts};
use crate::pods::PodRow;
use crate::time::Seconds;

/// Of a sickness that was diagnosed; the age of the pod where nothing nearer is known.
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
