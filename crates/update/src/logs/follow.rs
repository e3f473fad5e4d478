//! What is followed: what was selected and rests, or was chosen by a key. Which of its containers have a place is in `choose`.

use super::choose::choose;
use crate::list::succession;
use model::Model;
use model::link::{LinkTarget, Subject, WorkloadName};
use model::logs::REST_MS;
use model::pods::PodRow;
use model::screen::Pane;
use model::time::{At, Seconds};
use view::layout;

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
    // A pane that is read, or was told what to follow, keeps it; so does one whose pod is gone, until another is chosen.
    let is_lost = succession::is_on_a_stranger(&model.screen.pods);
    if is_lost || logs.is_held || logs.cursor.is_some() || !is_seen {
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
