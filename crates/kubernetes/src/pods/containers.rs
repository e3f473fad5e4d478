//! The containers of a pod with their states, from the wire.

use std::sync::Arc;

use crate::intern::{Intern, message};
use crate::wire::core;
use crate::wire::meta::seconds;
use model::amounts::{Amounts, Resources};
use model::pods::{ContainerRole, ContainerRow, ContainerState, Termination};

/// Init containers, then the others, each in the order of the spec.
pub(super) fn of_template(
    spec: &core::PodSpec,
    status: &core::PodStatus,
    intern: &mut Intern,
) -> Box<[ContainerRow]> {
    let init = spec.init_containers.iter().map(|container| {
        let role = if container.restart_policy == "Always" {
            ContainerRole::Sidecar
        } else {
            ContainerRole::Init
        };
        (container, role, &status.init_container_statuses)
    });
    let main = spec
        .containers
        .iter()
        .map(|container| (container, ContainerRole::Main, &status.container_statuses));
    init.chain(main)
        .map(|(wire, role, statuses)| container(wire, role, statuses, intern))
        .collect()
}

pub(super) fn ephemeral(
    spec: &core::PodSpec,
    status: &core::PodStatus,
    intern: &mut Intern,
) -> Box<[ContainerRow]> {
    let all = spec.ephemeral_containers.iter();
    let statuses = &status.ephemeral_container_statuses;
    all.filter_map(|one| one.container.as_ref())
        .map(|wire| container(wire, ContainerRole::Ephemeral, statuses, intern))
        .collect()
}

fn container(
    wire: &core::Container,
    role: ContainerRole,
    statuses: &[core::ContainerStatus],
    intern: &mut Intern,
) -> ContainerRow {
    let status = statuses.iter().find(|status| status.name == wire.name);
    let restarts = |status: &core::ContainerStatus| u32::try_from(status.restart_count).ok();
    ContainerRow {
        name: intern.share(&wire.name),
        image: intern.share(&wire.image),
        role,
        is_ready: status.is_some_and(|status| status.ready),
        restarts: status.and_then(restarts).unwrap_or(0),
        state: status
            .and_then(|status| status.state.as_ref())
            .map_or(ContainerState::Unknown, |state| {
                container_state(state, intern)
            }),
        last: status
            .and_then(|status| status.last_state.as_ref()?.terminated.as_ref())
            .map(|end| Box::new(termination(end, intern))),
        resources: resources(wire, intern),
    }
}

/// What it may use; nothing is kept of a container that sets nothing.
fn resources(container: &core::Container, intern: &mut Intern) -> Option<Arc<Resources>> {
    let wire = container.resources.as_ref()?;
    let amounts = |pairs: &[core::QuantityPair]| {
        let of = |name: &str| {
            let pair = pairs.iter().find(|pair| pair.key == name)?;
            Some(pair.value.as_ref()?.text.as_str())
        };
        Amounts::read(of("cpu"), of("memory"))
    };
    let resources = Resources {
        requests: amounts(&wire.requests),
        limits: amounts(&wire.limits),
    };
    (resources != Resources::default()).then(|| intern.share_resources(resources))
}

fn container_state(wire: &core::ContainerState, intern: &mut Intern) -> ContainerState {
    if let Some(end) = &wire.terminated {
        ContainerState::Terminated(Box::new(termination(end, intern)))
    } else if let Some(running) = &wire.running {
        ContainerState::Running {
            since: seconds(running.started_at),
        }
    } else if let Some(waiting) = &wire.waiting {
        ContainerState::Waiting {
            reason: intern.share(&waiting.reason),
            message: message(&waiting.message),
        }
    } else {
        ContainerState::Unknown
    }
}

fn termination(wire: &core::Terminated, intern: &mut Intern) -> Termination {
    Termination {
        exit_code: wire.exit_code,
        signal: wire.signal,
        reason: intern.share_some(&wire.reason),
        message: message(&wire.message),
        started: seconds(wire.started_at),
        finished: seconds(wire.finished_at),
    }
}
