//! What holds a rollout up, in words. Judges nothing by time: the row and its pods have said it.

use super::pods::PodRow;
use super::rollout_list;
use super::time::Seconds;
use super::workload::follow;
use super::workload::{Course, Workload};
use crate::text::Outside;

/// A pod that cannot live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Why, in a word: `ImagePullBackOff`.
    pub reason: Outside,
    /// Which.
    pub pod: Outside,
    /// It is not of the revision that is rolled out.
    pub is_old: bool,
}

impl Trouble {
    /// Of a pod; `None` when it may still live. `is_old` is of no revision that is rolled out now.
    pub fn of(pod: &PodRow, is_old: bool, now: Seconds) -> Option<Trouble> {
        let reason = follow::trouble(pod, now)?;
        Some(Trouble {
            reason,
            pod: pod.name.clone(),
            is_old,
        })
    }
}

/// Does the rollout fail, although Kubernetes has not given up on it?
pub fn is_failing(row: Workload<'_>, trouble: Option<&Trouble>) -> bool {
    let is_broken = trouble.is_some_and(|trouble| !trouble.is_old);
    row.course() == Course::Rolling && (is_broken || refused(row).is_some())
}

/// How it stands, in a word.
pub fn word(row: Workload<'_>, trouble: Option<&Trouble>) -> &'static str {
    if is_failing(row, trouble) {
        "FAILING"
    } else {
        rollout_list::words(row.course())
    }
}

/// The word, and how far it is; nothing when all is well.
pub fn words(row: Workload<'_>, trouble: Option<&Trouble>) -> String {
    match row.course() {
        Course::Well => String::new(),
        _ => format!(
            "{}: {} updated, {} available",
            word(row, trouble),
            row.updated(),
            row.available()
        ),
    }
}

/// What holds it up, one sentence each.
pub fn reasons(row: Workload<'_>, trouble: Option<&Trouble>) -> Vec<Outside> {
    let course = row.course();
    let mut reasons = Vec::new();
    if course == Course::Paused {
        reasons.push("it does not go on until somebody resumes it".to_owned());
    }
    if course != Course::Well {
        reasons.extend(refused(row).map(|why| format!("no new pod: {why}")));
    }
    reasons.extend(trouble.map(|trouble| broken(row, trouble)));
    if let (Workload::Deployment(deployment), true) = (row, row.is_given_up()) {
        reasons.push(format!(
            "Kubernetes gave up after {} s (ProgressDeadlineExceeded)",
            deployment.progress_deadline_s
        ));
    }
    if course == Course::Waiting {
        let old = row.wanted().saturating_sub(row.updated());
        reasons.push(format!("OnDelete: {old} stay old until they are deleted"));
    }
    if let Workload::StatefulSet(set) = row
        && set.partition > 0
        && set.updated < set.replicas
        && !set.is_on_delete
    {
        reasons.push(format!(
            "partition {}: lower ordinals stay old",
            set.partition
        ));
    }
    reasons.into_iter().map(Outside::from).collect()
}

fn broken(row: Workload<'_>, trouble: &Trouble) -> String {
    let (reason, pod) = (trouble.reason.raw(), trouble.pod.raw());
    let is_ordered =
        matches!(row, Workload::StatefulSet(set) if !set.is_parallel && !set.is_on_delete);
    if trouble.is_old && is_ordered && row.course() == Course::Rolling {
        format!("{pod} has to be deleted first: {reason}")
    } else if trouble.is_old {
        format!("{reason} (old {pod})")
    } else {
        format!("{reason} ({pod})")
    }
}

/// Why the server makes no pod: a quota, an admission policy. The server's words, from where they say something.
fn refused(row: Workload<'_>) -> Option<&str> {
    let Workload::Deployment(row) = row else {
        return None;
    };
    let failure = row
        .replica_failure
        .as_ref()
        .filter(|failure| failure.is_true)?;
    let words = failure.message.as_ref().or(failure.reason.as_ref())?.raw();
    Some(
        words
            .split_once("is forbidden: ")
            .map_or(words, |(_, why)| why),
    )
}
