//! What a key chooses to be followed: the selected line of another pane, the whole workload, one container.

use crate::{logs, pane, refusal};
use model::Model;
use model::link::{LinkTarget, Subject};
use model::screen::Pane;
use model::time::Seconds;

/// What brings an alert about is printed before it fires: its rule waits, and so does the scrape.
const BEFORE_ALERT_S: i64 = 300;

/// From the pod to all pods of its workload.
pub(super) fn widen(model: &mut Model) {
    let workload = model
        .logs
        .target
        .as_ref()
        .and_then(|target| match target.targets.as_slice() {
            [
                LinkTarget::Pod {
                    workload: Some(workload),
                    ..
                },
            ] => Some(workload.clone()),
            _ => None,
        });
    let Some(workload) = workload else {
        let words = format!(
            "this is followed as a whole already; {}",
            refusal::to_rows(model)
        );
        model.say(words);
        return;
    };
    let subject = Subject {
        from: Pane::Logs,
        title: format!(
            "{}/{}",
            workload.kind.word().to_lowercase(),
            workload.name.raw()
        )
        .into(),
        targets: vec![LinkTarget::Workload(workload)],
        services: Vec::new(),
        apps: Vec::new(),
    };
    let since = model.logs.since;
    logs::follow(model, Some(subject), since);
    model.logs.is_held = true;
}

/// The next container of the pods that are followed, and after the last all of them.
pub(super) fn next_container(model: &mut Model) {
    let mut names = Vec::new();
    for uid in &model.logs.members {
        let pod = model.cluster.pods.table.get(uid);
        for container in pod.iter().flat_map(|pod| pod.all_containers()) {
            if !names.contains(&container.name) {
                names.push(container.name.clone());
            }
        }
    }
    if names.is_empty() {
        let words = format!(
            "there is no container to choose; {}",
            refusal::to_rows(model)
        );
        model.say(words);
        return;
    }
    let at = model
        .logs
        .container
        .as_ref()
        .and_then(|only| names.iter().position(|name| name == only));
    let next = names.get(at.map_or(0, |at| at + 1)).cloned();
    let words = match &next {
        Some(name) => format!("container {}", name.raw()),
        None => "all containers".to_owned(),
    };
    let (target, is_previous) = (model.logs.target.clone(), model.logs.is_previous);
    logs::follow(model, target, model.logs.since);
    (model.logs.is_previous, model.logs.container) = (is_previous, next);
    model.say(words);
}

/// From any pane: the logs of the selected line, with the keys going there.
pub(crate) fn show(model: &mut Model) {
    let Some(subject) = pane::focused(model).subject(model) else {
        return;
    };
    hold(model, subject);
    model.screen.focus_on(Pane::Logs);
}

/// Follows this, whatever is selected among the pods. Of what an alert is about, from a little before it began to fire.
pub(super) fn hold(model: &mut Model, subject: Subject) {
    if !logs::is_followed(model, &subject) {
        let alert = model.screen.alerts.cursor.as_ref();
        let alert = alert.and_then(|cursor| model.alerts.watched.table.get(&cursor.uid));
        let began = alert.and_then(|alert| alert.starts_at);
        let since = began.filter(|_| subject.from == Pane::Alerts);
        let since = since.map(|began| Seconds::new(began.timestamp() - BEFORE_ALERT_S));
        logs::follow(model, Some(subject), since);
    }
    model.logs.is_held = true;
}
