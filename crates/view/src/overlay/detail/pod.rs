//! A pod and its containers on their page.

use super::{PageText, age};
use crate::theme::Role;
use crate::{why, words};
use model::changes::outdated;
use model::pods::{ContainerRole, ContainerRow, ContainerState, PodRow, Termination};
use model::time::Seconds;
use model::what_changed::onset_of;
use model::{Model, sick};
use text::{Outside, SafeText};

pub(super) fn lines(model: &Model, pod: &PodRow, page: &mut PageText) {
    let now = model.server_now();
    let diagnosis = sick::diagnose(pod, &model.cluster.circumstances(), Seconds::from(now));
    let role = if diagnosis.sickness.is_some() {
        Role::Bad
    } else {
        Role::Text
    };
    page.head("Pod");
    let why = why::why(model, pod, &diagnosis);
    page.field(
        "status",
        role,
        &SafeText::from(format!("{}  {why}", words::status(&diagnosis.status))),
    );
    if let Some(message) = &pod.message {
        page.field("message", role, &message.shown());
    }
    let owner = pod.owner.as_ref().map(|owner| {
        let kind = Outside::from(owner.kind.word());
        SafeText::from(format!("{} {}", kind.shown(), owner.name.shown()))
    });
    page.field(
        "owner",
        Role::Text,
        &owner.unwrap_or(SafeText::from("none")),
    );
    page.field(
        "node",
        Role::Text,
        &pod.node
            .as_ref()
            .map_or(SafeText::from("not placed"), Outside::shown),
    );
    page.field("age", Role::Text, &age(model, pod.created));
    if let Some(changed) = outdated(model, pod) {
        let words = Outside::from(changed.words());
        let ago = age(model, Some(changed.at));
        let words = SafeText::from(format!("{}, {ago} ago", words.shown()));
        page.field("reads", Role::Warn, &words);
    }
    if let Some(onset) = onset_of(model, &pod.namespace, &pod.workload_name()) {
        let words = SafeText::from(format!("its workload is, {}", onset.words()));
        page.field("sick", Role::Warn, &words);
    }
    for container in &pod.containers {
        container_lines(model, container, page);
    }
}

fn container_lines(model: &Model, container: &ContainerRow, page: &mut PageText) {
    page.head(match container.role {
        ContainerRole::Main => "Container",
        ContainerRole::Init => "Init container",
        ContainerRole::Sidecar => "Sidecar",
    });
    page.field("name", Role::Text, &container.name.shown());
    page.field("image", Role::Text, &container.image.shown());
    let ready = if container.is_ready {
        "ready"
    } else {
        "not ready"
    };
    let (state, role) = match &container.state {
        ContainerState::Unknown => (SafeText::from("no status yet"), Role::Dim),
        ContainerState::Waiting { reason, message } => {
            let message = message
                .as_ref()
                .map_or(String::new(), |message| format!(": {}", message.shown()));
            (
                SafeText::from(format!("waiting, {}{message}", reason.shown())),
                Role::Warn,
            )
        }
        ContainerState::Running { since } => (
            SafeText::from(format!("running for {}, {ready}", age(model, *since))),
            Role::Text,
        ),
        ContainerState::Terminated(end) => (
            ended(model, end),
            if end.exit_code == 0 {
                Role::Text
            } else {
                Role::Bad
            },
        ),
    };
    page.field("state", role, &state);
    page.field(
        "restarts",
        Role::Text,
        &SafeText::from(container.restarts.to_string()),
    );
    if let Some(last) = &container.last {
        page.field(
            "last ended",
            if last.exit_code == 0 {
                Role::Text
            } else {
                Role::Bad
            },
            &ended(model, last),
        );
    }
}

fn ended(model: &Model, end: &Termination) -> SafeText<'static> {
    let message = end
        .message
        .as_ref()
        .map_or(String::new(), |message| format!(": {}", message.shown()));
    let ran = end
        .started
        .zip(end.finished)
        .map_or(String::new(), |(from, to)| {
            format!(
                " after {}",
                words::duration(u64::try_from(to.unix() - from.unix()).unwrap_or(0))
            )
        });
    SafeText::from(format!(
        "{}, {} ago{ran}{message}",
        words::termination(end),
        age(model, end.finished)
    ))
}
