//! Which streams should run: those of what was selected and rests, or was chosen by a key; the pods as they come and go.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::link::{LinkTarget, Subject, WorkloadName};
use model::logs::{LogFollow, Logs, REST_MS, STREAMS_MAX, StreamId};
use model::pods::{ContainerRole, ContainerRow, ContainerState, PodRow, Uid};
use model::screen::Pane;
use model::time::{At, Seconds};
use model::{Model, sick};
use view::layout;

/// A container that restarted so long ago may have been brought down by what is looked for.
const RESTARTED_S: i64 = 600;

/// Follows what was selected and rests, and the pods of the target as they are now.
pub(crate) fn settle(model: &mut Model) {
    if model.logs.epoch != model.cluster.epoch {
        model.logs.is_held = false;
        model.logs.begin(None, None, model.cluster.epoch);
    }
    rest(model);
    if std::mem::take(&mut model.logs.is_outdated) {
        choose(model);
    }
    if model.logs.cursor.is_some() && model.logs.ring.order().is_empty() {
        model.logs.cursor = None;
    }
}

/// When the selection has rested long enough.
pub(crate) fn next_due(model: &Model) -> Option<At> {
    model
        .logs
        .resting
        .as_ref()
        .map(|(_, since)| since.plus_ms(REST_MS))
}

fn rest(model: &mut Model) {
    let is_seen = !layout::of(model).pane(Pane::Logs).is_empty();
    let logs = &model.logs;
    // A pane that is read, or was told what to follow, keeps it.
    if logs.is_held || logs.cursor.is_some() || !is_seen {
        model.logs.resting = None;
        return;
    }
    let selected = model
        .screen
        .pods
        .cursor
        .as_ref()
        .and_then(|cursor| model.cluster.pods.table.get(&cursor.uid));
    let Some(selected) = selected.map(subject_of) else {
        model.logs.resting = None;
        return;
    };
    if is_followed(model, &selected) {
        model.logs.resting = None;
        return;
    }
    match &model.logs.resting {
        Some((subject, since)) if subject.targets == selected.targets => {
            if model.now.since_ms(*since) >= REST_MS {
                follow(model, Some(selected), None);
            }
        }
        _ => model.logs.resting = Some((selected, model.now)),
    }
}

/// Whether the logs of just these objects are followed.
pub(crate) fn is_followed(model: &Model, subject: &Subject) -> bool {
    let target = model.logs.target.as_ref();
    target.is_some_and(|target| target.targets == subject.targets)
}

/// A pod as something to follow.
pub(crate) fn subject_of(pod: &PodRow) -> Subject {
    Subject {
        from: Pane::Pods,
        title: format!("pod/{}", pod.name.raw()).into(),
        targets: vec![LinkTarget::Pod {
            namespace: pod.namespace.clone(),
            name: pod.name.clone(),
            workload: WorkloadName::of_pod(pod),
        }],
        services: Vec::new(),
        apps: Vec::new(),
    }
}

/// Follows something else, from a moment on.
pub(crate) fn follow(model: &mut Model, target: Option<Subject>, since: Option<Seconds>) {
    model.logs.begin(target, since, model.cluster.epoch);
    let Some(target) = &model.logs.target else {
        return;
    };
    let pods = model.cluster.pods.table.rows();
    model.logs.members = pods
        .filter(|pod| target.includes_pod(pod))
        .map(|pod| pod.uid.clone())
        .collect();
}

/// Chooses the streams: all of them, or those that run already and the sick ones first.
fn choose(model: &mut Model) {
    let (table, now) = (&model.cluster.pods.table, Seconds::from(model.server_now()));
    let circumstances = model.cluster.circumstances();
    let logs = &mut model.logs;
    logs.members.retain(|uid| table.get(uid).is_some());
    let before: BTreeSet<&Uid> = logs
        .followed
        .iter()
        .map(|follow| &follow.stream.uid)
        .collect();
    let is_crowded = logs.members.len() > STREAMS_MAX;
    let mut pods: Vec<((bool, bool), &PodRow)> = logs
        .members
        .iter()
        .filter_map(|uid| table.get(uid))
        .filter(|pod| !logs.refused.contains_key(&pod.namespace))
        .map(|pod| {
            let is_sick = is_crowded && sick::diagnose(pod, &circumstances, now).sickness.is_some();
            ((!before.contains(&pod.uid), !is_sick), pod)
        })
        .collect();
    pods.sort_by(|(rank, pod), (other, second)| {
        rank.cmp(other).then_with(|| pod.name.cmp(&second.name))
    });
    let mut followed: Vec<LogFollow> = pods
        .iter()
        .flat_map(|(_, pod)| streams(logs, pod, now))
        .take(STREAMS_MAX)
        .collect();
    followed.sort_by(|one, other| one.stream.cmp(&other.stream));
    let running: BTreeSet<&Arc<StreamId>> = followed.iter().map(|follow| &follow.stream).collect();
    logs.states.retain(|stream, _| running.contains(stream));
    logs.followed = followed;
}

/// The containers of a pod that are followed.
fn streams(logs: &Logs, pod: &PodRow, now: Seconds) -> Vec<LogFollow> {
    let is_wanted = |container: &&ContainerRow| match &logs.container {
        Some(only) => container.name == *only,
        None => container.role != ContainerRole::Init || speaks(&container.state),
    };
    let has_run = |container: &&ContainerRow| !logs.is_previous || container.last.is_some();
    let containers = pod.containers.iter().filter(is_wanted).filter(has_run);
    let stream = |container: &ContainerRow| {
        let is_running = matches!(container.state, ContainerState::Running { .. });
        let since = match &container.state {
            ContainerState::Running { since } => *since,
            _ => None,
        };
        LogFollow {
            stream: Arc::new(StreamId {
                namespace: pod.namespace.clone(),
                pod: pod.name.clone(),
                uid: pod.uid.clone(),
                container: container.name.clone(),
                is_previous: logs.is_previous,
            }),
            restarts: container.restarts,
            is_running,
            // What ended before may have ended before that, too.
            since: logs.since.filter(|_| !logs.is_previous),
            begins_before: container.last.is_some()
                && since.is_some_and(|since| now.unix().saturating_sub(since.unix()) < RESTARTED_S),
        }
    };
    containers.map(stream).collect()
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
