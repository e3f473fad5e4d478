//! Objects as protobuf: our own messages, with the field numbers of `generated.proto` in k8s.io/api and k8s.io/apimachinery.

pub mod messages;
mod meta;
pub mod sets;

use messages as m;
use meta::{amount, containers, int, meta, selector, template, time};
use prost::Message;

use super::super::world::events::node_name;
use super::super::world::object::{Deployment, Kind, Object, Strategy};
use super::super::world::pod::{Ended, Pod};
use super::json::{image_id, unready_message};
use super::pod_status::{ContainerStatus, State};

/// What every protobuf answer begins with.
pub const MAGIC: &[u8] = b"k8s\0";

/// Whether a kind can be answered as protobuf.
pub fn speaks(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Pod
            | Kind::Deployment
            | Kind::StatefulSet
            | Kind::DaemonSet
            | Kind::ControllerRevision
    )
}

/// A message in the envelope that names its kind.
pub fn envelope(api_version: &str, kind: &str, raw: Vec<u8>) -> Vec<u8> {
    let type_meta = Some(m::TypeMeta {
        api_version: api_version.to_owned(),
        kind: kind.to_owned(),
    });
    let unknown = m::Unknown {
        type_meta,
        raw,
        content_encoding: String::new(),
        content_type: String::new(),
    };
    let mut bytes = MAGIC.to_vec();
    unknown.encode(&mut bytes).ok();
    bytes
}

/// The message of an object, without envelope; empty for kinds that do not speak protobuf.
pub fn object(object: &Object) -> Vec<u8> {
    match object {
        Object::Pod(p) => pod(p).encode_to_vec(),
        Object::Deployment(d) => deployment(d).encode_to_vec(),
        Object::StatefulSet(set) => sets::stateful(set).encode_to_vec(),
        Object::DaemonSet(set) => sets::daemon(set).encode_to_vec(),
        Object::ControllerRevision(revision) => sets::revision(revision).encode_to_vec(),
        Object::Namespace(_)
        | Object::Node(_)
        | Object::ReplicaSet(_)
        | Object::Service(_)
        | Object::EndpointSlice(_)
        | Object::Autoscaler(_)
        | Object::Budget(_)
        | Object::Event(_) => vec![],
    }
}

fn pod(pod: &Pod) -> m::Pod {
    let conditions = pod.conditions().into_iter().map(|c| m::PodCondition {
        kind: c.kind.to_owned(),
        status: if c.met { "True" } else { "False" }.to_owned(),
        last_transition_time: Some(time(c.changed)),
        reason: c.reason.unwrap_or_default().to_owned(),
        message: c
            .reason
            .map_or(String::new(), |reason| unready_message(reason, pod)),
    });
    m::Pod {
        metadata: Some(meta(&pod.meta)),
        spec: Some(m::PodSpec {
            containers: containers(&pod.template),
            restart_policy: "Always".to_owned(),
            node_name: pod.node.map_or(String::new(), node_name),
        }),
        status: Some(m::PodStatus {
            phase: pod.phase().to_owned(),
            conditions: conditions.collect(),
            pod_ip: pod.address().map_or(String::new(), |a| a.to_string()),
            start_time: pod.node.map(|_| time(pod.seen)),
            container_statuses: pod
                .container_statuses()
                .iter()
                .map(container_status)
                .collect(),
            qos_class: "BestEffort".to_owned(),
        }),
    }
}

fn container_status(status: &ContainerStatus<'_>) -> m::ContainerStatus {
    let last = m::ContainerState {
        terminated: status.last.map(terminated),
        ..m::ContainerState::default()
    };
    let state = match &status.state {
        State::Waiting(reason, message) => m::ContainerState {
            waiting: Some(m::ContainerStateWaiting {
                reason: (*reason).to_owned(),
                message: message.clone(),
            }),
            ..m::ContainerState::default()
        },
        State::Running(since) => m::ContainerState {
            running: Some(m::ContainerStateRunning {
                started_at: Some(time(*since)),
            }),
            ..m::ContainerState::default()
        },
        State::Terminated(ended) => m::ContainerState {
            terminated: Some(terminated(*ended)),
            ..m::ContainerState::default()
        },
    };
    m::ContainerStatus {
        name: status.name.to_owned(),
        started: Some(state.running.is_some()),
        state: Some(state),
        last_state: Some(last),
        ready: status.ready,
        restart_count: i32::try_from(status.restarts).unwrap_or(i32::MAX),
        image: status.image.to_owned(),
        image_id: image_id(status.image),
    }
}

fn terminated(ended: Ended) -> m::ContainerStateTerminated {
    m::ContainerStateTerminated {
        exit_code: ended.code,
        reason: ended.reason().to_owned(),
        started_at: Some(time(ended.started)),
        finished_at: Some(time(ended.finished)),
    }
}

fn deployment(d: &Deployment) -> m::Deployment {
    let strategy = match d.strategy {
        Strategy::Recreate => m::UpdateStrategy {
            kind: "Recreate".to_owned(),
            rolling_update: None,
        },
        Strategy::Rolling { surge, unavailable } => m::UpdateStrategy {
            kind: "RollingUpdate".to_owned(),
            rolling_update: Some(m::RollingUpdate {
                max_unavailable: Some(amount(unavailable)),
                max_surge: Some(amount(surge)),
            }),
        },
    };
    m::Deployment {
        metadata: Some(meta(&d.meta)),
        spec: Some(m::DeploymentSpec {
            replicas: Some(int(d.replicas)),
            selector: Some(selector(&d.selector)),
            template: Some(template(&d.template)),
            strategy: Some(strategy),
            min_ready_seconds: int(d.min_ready_s),
            revision_history_limit: Some(int(d.history_limit)),
            paused: d.paused,
            progress_deadline_seconds: Some(int(d.deadline_s)),
        }),
        status: Some(deployment_status(d)),
    }
}

fn deployment_status(d: &Deployment) -> m::DeploymentStatus {
    let s = &d.status;
    let conditions = s.conditions.iter().map(|c| m::DeploymentCondition {
        kind: c.kind.to_owned(),
        status: c.status.to_owned(),
        reason: c.reason.to_owned(),
        message: c.message.clone(),
        last_update_time: Some(time(c.updated)),
        last_transition_time: Some(time(c.changed)),
    });
    m::DeploymentStatus {
        observed_generation: i64::try_from(s.observed).unwrap_or(i64::MAX),
        replicas: int(s.replicas),
        updated_replicas: int(s.updated),
        available_replicas: int(s.available),
        unavailable_replicas: int(d.replicas.max(s.replicas).saturating_sub(s.available)),
        conditions: conditions.collect(),
        ready_replicas: int(s.ready),
    }
}
