//! A pod and its containers on their page.

use super::{PageText, age};
use crate::theme::Role;
use crate::{why, words};
use model::amounts;
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
        let words = SafeText::from(format!("sick {}", onset.words()));
        page.field("workload", Role::Warn, &words);
    }
    for container in pod.all_containers() {
        container_lines(model, container, page);
        resource_lines(model, pod, container, page);
    }
}

/// What it uses, and what it may: limits and requests as they are set, usage as it was measured.
fn resource_lines(model: &Model, pod: &PodRow, container: &ContainerRow, page: &mut PageText) {
    if container.role == ContainerRole::Init {
        return;
    }
    let measured = &model.cluster.measured;
    let used = measured.of(pod);
    let used = used.and_then(|used| used.of_container(&container.name));
    let unknown = match measured.problem_of(&pod.namespace) {
        Some(problem) => format!("use not known ({})", problem.what.shown()),
        None => "use not known yet".to_owned(),
    };
    let used = used.unwrap_or_default();
    let resources = container.resources.as_deref().copied().unwrap_or_default();
    let line = |used: Option<String>, limit: Option<String>, request: Option<String>| {
        let used = used.map_or(unknown.clone(), |used| format!("{used} used"));
        let limit = limit.map_or("no limit".to_owned(), |limit| format!("limit {limit}"));
        let request = request.map_or("no request".to_owned(), |one| format!("request {one}"));
        SafeText::from(format!("{used}, {limit}, {request}"))
    };
    let memory = line(
        used.memory_bytes.map(amounts::about_memory),
        resources.limits.memory_bytes.map(amounts::exact_memory),
        resources.requests.memory_bytes.map(amounts::exact_memory),
    );
    page.field("memory", Role::Text, &memory);
    let cpu = line(
        used.cpu_milli.map(amounts::cpu),
        resources.limits.cpu_milli.map(amounts::cpu),
        resources.requests.cpu_milli.map(amounts::cpu),
    );
    page.field("cpu", Role::Text, &cpu);
}

fn container_lines(model: &Model, container: &ContainerRow, page: &mut PageText) {
    page.head(match container.role {
        ContainerRole::Main => "Container",
        ContainerRole::Init => "Init container",
        ContainerRole::Sidecar => "Sidecar",
        ContainerRole::Ephemeral => "Ephemeral container",
    });
    page.field("name", Role::Text, &container.name.shown());
    page.field("image", Role::Text, &container.image.shown());
    // Nothing asks an ephemeral container whether it is ready.
    let ready = match (container.role, container.is_ready) {
        (ContainerRole::Ephemeral, _) => "",
        (_, true) => ", ready",
        (_, false) => ", not ready",
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
            SafeText::from(format!("running for {}{ready}", age(model, *since))),
            Role::Text,
        ),
        ContainerState::Terminated(end) => (
            ended(model, container, end),
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
            &ended(model, container, last),
        );
    }
}

fn ended(model: &Model, container: &ContainerRow, end: &Termination) -> SafeText<'static> {
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
        words::termination(container, end),
        age(model, end.finished)
    ))
}
