//! Which containers of the target have a place among the streams: those in trouble first, then those of sick pods. Who has a
//! place keeps it as long as nobody outside is worse.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::logs::{LogFollow, Logs, SET_ASIDE_MAX, STREAMS_MAX, StreamId};
use model::meta::Uid;
use model::pods::{ContainerRole, ContainerRow, ContainerState, PodRow};
use model::sick::{self, ContainerSickness};
use model::time::Seconds;
use model::{Model, sick::Circumstances};
use text::Outside;

/// A container that restarted so long ago may have been brought down by what is looked for.
const RESTARTED_S: i64 = 600;

/// How much its log is needed; the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Urgency {
    InTrouble(ContainerSickness),
    /// Its pod is sick.
    BesideTrouble,
    Well,
}

/// A container that could be followed.
struct Candidate<'a> {
    pod: &'a PodRow,
    container: &'a ContainerRow,
    urgency: Urgency,
    /// It was followed before in this session.
    is_known: bool,
    /// From when on it is read, if it was.
    since: Option<Seconds>,
}

/// Chooses the streams anew, the pods being as they are now.
pub(super) fn choose(model: &mut Model) {
    let (table, now) = (&model.cluster.pods.table, Seconds::from(model.server_now()));
    let circumstances = model.cluster.circumstances();
    let logs = &mut model.logs;
    logs.members.retain(|uid| table.get(uid).is_some());
    let pods = logs.members.iter().filter_map(|uid| table.get(uid));
    let pods: Vec<&PodRow> = pods
        .filter(|pod| !logs.refused.contains_key(&pod.namespace))
        .collect();
    let candidates = candidates(logs, &pods, &circumstances, now);
    let (inside, outside) = candidates.split_at(candidates.len().min(STREAMS_MAX));
    let mut followed: Vec<LogFollow> = inside
        .iter()
        .map(|candidate| follow(logs, candidate, now))
        .collect();
    followed.sort_by(|one, other| one.stream.cmp(&other.stream));
    let ends = inside.iter().filter(|_| logs.is_previous);
    let ends = ends.map(|candidate| {
        let stream = follow(logs, candidate, now).stream;
        (stream, candidate.container.clone())
    });
    let ends: Vec<_> = ends.collect();
    let mut set_aside: Vec<LogFollow> = outside
        .iter()
        .filter(|candidate| candidate.is_known)
        .map(|candidate| LogFollow {
            is_set_aside: true,
            ..follow(logs, candidate, now)
        })
        .collect();
    let waited = |follow: &LogFollow| {
        let mut waiting = logs.set_aside.iter();
        waiting
            .position(|known| known.stream == follow.stream)
            .unwrap_or(usize::MAX)
    };
    set_aside.sort_by_key(waited);
    set_aside.drain(..set_aside.len().saturating_sub(SET_ASIDE_MAX));
    let in_trouble =
        |candidate: &&Candidate<'_>| matches!(candidate.urgency, Urgency::InTrouble(_));
    logs.troubled_outside = outside.iter().filter(in_trouble).count();
    logs.candidates = candidates.len();
    logs.states
        .retain(|stream, _| followed.iter().any(|follow| follow.stream == *stream));
    for (stream, container) in ends {
        logs.ends.entry(stream).or_insert(container);
    }
    (logs.followed, logs.set_aside) = (followed, set_aside);
}

/// All containers that could be followed; where they are too many, in the order in which they get a place.
fn candidates<'a>(
    logs: &Logs,
    pods: &[&'a PodRow],
    circumstances: &Circumstances<'_>,
    now: Seconds,
) -> Vec<Candidate<'a>> {
    let known: BTreeMap<(&Uid, &Outside), (bool, Option<Seconds>)> = logs
        .set_aside
        .iter()
        .chain(&logs.followed)
        .map(|follow| {
            let stream = &follow.stream;
            let name = (&stream.uid, &stream.container);
            (name, (!follow.is_set_aside, follow.since))
        })
        .collect();
    let count: usize = pods.iter().map(|pod| speaking(logs, pod).count()).sum();
    let is_crowded = count > STREAMS_MAX;
    let mut candidates = Vec::with_capacity(count);
    for pod in pods {
        let is_sick = is_crowded && sick::diagnose(pod, circumstances, now).sickness.is_some();
        let otherwise = if is_sick {
            Urgency::BesideTrouble
        } else {
            Urgency::Well
        };
        for container in speaking(logs, pod) {
            let sickness = sick::container_sickness(pod, container, now);
            let known = known.get(&(&pod.uid, &container.name)).copied();
            let has_place = known.is_some_and(|(has_place, _)| has_place);
            let candidate = Candidate {
                pod,
                container,
                urgency: sickness.map_or(otherwise, Urgency::InTrouble),
                is_known: known.is_some(),
                since: known.and_then(|(_, since)| since),
            };
            candidates.push((!has_place, candidate));
        }
    }
    if is_crowded {
        // Stable: the containers of a pod stay in the order of its spec.
        candidates.sort_by(|(is_new, one), (other_is_new, other)| {
            let of_one = (one.urgency, is_new, &one.pod.name, &one.pod.uid);
            of_one.cmp(&(other.urgency, other_is_new, &other.pod.name, &other.pod.uid))
        });
    }
    candidates.into_iter().map(|(_, one)| one).collect()
}

/// The containers of a pod that have something to say, or will have.
fn speaking<'a>(logs: &Logs, pod: &'a PodRow) -> impl Iterator<Item = &'a ContainerRow> {
    pod.all_containers().filter(|container| {
        let is_wanted = match &logs.container {
            Some(only) => container.name == *only,
            None => container.role != ContainerRole::Init || speaks(&container.state),
        };
        is_wanted && (!logs.is_previous || container.last.is_some())
    })
}

/// An init container has something to say while it runs or after it failed.
fn speaks(state: &ContainerState) -> bool {
    match state {
        ContainerState::Running { .. } => true,
        ContainerState::Terminated(ended) => ended.exit_code != 0,
        ContainerState::Waiting { reason, .. } => reason.raw() == "CrashLoopBackOff",
        ContainerState::Unknown => false,
    }
}

fn follow(logs: &Logs, candidate: &Candidate<'_>, now: Seconds) -> LogFollow {
    let (pod, container) = (candidate.pod, candidate.container);
    let stream = Arc::new(StreamId {
        namespace: pod.namespace.clone(),
        pod: pod.name.clone(),
        uid: pod.uid.clone(),
        container: container.name.clone(),
        is_previous: logs.is_previous,
    });
    // What ended before may have ended before that, too.
    let since = logs.since.filter(|_| !logs.is_previous);
    // It spoke, and was forgotten among those set aside: what is here already does not come again.
    let resumed = || {
        logs.ring
            .latest(&stream)
            .map(|at| Seconds::new(at.second() + 1))
    };
    let since = if candidate.is_known {
        candidate.since
    } else {
        resumed().or(since)
    };
    let is_running = matches!(container.state, ContainerState::Running { .. });
    let started = match &container.state {
        ContainerState::Running { since } => *since,
        ContainerState::Waiting { .. }
        | ContainerState::Terminated(_)
        | ContainerState::Unknown => None,
    };
    LogFollow {
        stream,
        restarts: container.restarts,
        is_running,
        since,
        begins_before: container.last.is_some()
            && started.is_some_and(|start| now.unix().saturating_sub(start.unix()) < RESTARTED_S),
        is_set_aside: false,
    }
}
