//! `k8s.io/api/core/v1`: pods, events, namespaces, Services, nodes.

use super::int_or_string::IntOrString;
use super::meta::{Object, ObjectMeta, Pair, Skipped, Time, list, pairs};
pub(crate) use super::placement::{Affinity, Volume};
pub(crate) use super::quantities::{QuantityPair, ResourceRequirements};

pub(crate) type Pod = Object<PodSpec, PodStatus>;
pub(crate) type Namespace = Object<Skipped, NamespaceStatus>;
pub(crate) type Service = Object<ServiceSpec, Skipped>;
pub(crate) type Node = Object<NodeSpec, NodeStatus>;

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodSpec {
    #[prost(message, repeated, tag = "20")]
    #[serde(deserialize_with = "list")]
    pub(crate) init_containers: Vec<Container>,
    #[prost(message, repeated, tag = "2")]
    #[serde(deserialize_with = "list")]
    pub(crate) containers: Vec<Container>,
    #[prost(message, repeated, tag = "34")]
    #[serde(deserialize_with = "list")]
    pub(crate) ephemeral_containers: Vec<EphemeralContainer>,
    #[prost(string, tag = "10")]
    pub(crate) node_name: String,
    #[prost(message, repeated, tag = "1")]
    #[serde(deserialize_with = "list")]
    pub(crate) volumes: Vec<Volume>,
    #[prost(message, repeated, tag = "7")]
    #[serde(deserialize_with = "pairs")]
    pub(crate) node_selector: Vec<Pair>,
    #[prost(message, optional, tag = "18")]
    pub(crate) affinity: Option<Affinity>,
    #[prost(message, repeated, tag = "28")]
    #[serde(deserialize_with = "list")]
    pub(crate) readiness_gates: Vec<PodReadinessGate>,
    #[prost(message, repeated, tag = "38")]
    #[serde(deserialize_with = "list")]
    pub(crate) scheduling_gates: Vec<PodSchedulingGate>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodReadinessGate {
    #[prost(string, tag = "1")]
    pub(crate) condition_type: String,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct PodSchedulingGate {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Container {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) image: String,
    #[prost(string, tag = "24")]
    pub(crate) restart_policy: String,
    #[prost(message, optional, tag = "8")]
    pub(crate) resources: Option<ResourceRequirements>,
}

/// In JSON the fields of the container are its own.
#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(from = "Container")]
pub(crate) struct EphemeralContainer {
    #[prost(message, optional, tag = "1")]
    pub(crate) container: Option<Container>,
}

impl From<Container> for EphemeralContainer {
    fn from(container: Container) -> EphemeralContainer {
        EphemeralContainer {
            container: Some(container),
        }
    }
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodStatus {
    #[prost(string, tag = "1")]
    pub(crate) phase: String,
    #[prost(message, repeated, tag = "2")]
    #[serde(deserialize_with = "list")]
    pub(crate) conditions: Vec<Condition>,
    #[prost(string, tag = "3")]
    pub(crate) message: String,
    #[prost(string, tag = "4")]
    pub(crate) reason: String,
    #[prost(message, repeated, tag = "10")]
    #[serde(deserialize_with = "list")]
    pub(crate) init_container_statuses: Vec<ContainerStatus>,
    #[prost(message, repeated, tag = "8")]
    #[serde(deserialize_with = "list")]
    pub(crate) container_statuses: Vec<ContainerStatus>,
    #[prost(message, repeated, tag = "13")]
    #[serde(deserialize_with = "list")]
    pub(crate) ephemeral_container_statuses: Vec<ContainerStatus>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Condition {
    #[prost(string, tag = "1")]
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[prost(string, tag = "2")]
    pub(crate) status: String,
    #[prost(message, optional, tag = "4")]
    pub(crate) last_transition_time: Option<Time>,
    #[prost(string, tag = "5")]
    pub(crate) reason: String,
    #[prost(string, tag = "6")]
    pub(crate) message: String,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ContainerStatus {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) state: Option<ContainerState>,
    #[prost(message, optional, tag = "3")]
    pub(crate) last_state: Option<ContainerState>,
    #[prost(bool, tag = "4")]
    pub(crate) ready: bool,
    #[prost(int32, tag = "5")]
    pub(crate) restart_count: i32,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct ContainerState {
    #[prost(message, optional, tag = "1")]
    pub(crate) waiting: Option<Waiting>,
    #[prost(message, optional, tag = "2")]
    pub(crate) running: Option<Running>,
    #[prost(message, optional, tag = "3")]
    pub(crate) terminated: Option<Terminated>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Waiting {
    #[prost(string, tag = "1")]
    pub(crate) reason: String,
    #[prost(string, tag = "2")]
    pub(crate) message: String,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Running {
    #[prost(message, optional, tag = "1")]
    pub(crate) started_at: Option<Time>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Terminated {
    #[prost(int32, tag = "1")]
    pub(crate) exit_code: i32,
    #[prost(int32, tag = "2")]
    pub(crate) signal: i32,
    #[prost(string, tag = "3")]
    pub(crate) reason: String,
    #[prost(string, tag = "4")]
    pub(crate) message: String,
    #[prost(message, optional, tag = "5")]
    pub(crate) started_at: Option<Time>,
    #[prost(message, optional, tag = "6")]
    pub(crate) finished_at: Option<Time>,
}

#[allow(clippy::struct_field_names)] // `eventTime` is the API's name
#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Event {
    #[prost(message, optional, tag = "1")]
    pub(crate) metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub(crate) involved_object: Option<ObjectReference>,
    #[prost(string, tag = "3")]
    pub(crate) reason: String,
    #[prost(string, tag = "4")]
    pub(crate) message: String,
    #[prost(message, optional, tag = "6")]
    pub(crate) first_timestamp: Option<Time>,
    #[prost(message, optional, tag = "7")]
    pub(crate) last_timestamp: Option<Time>,
    #[prost(int32, tag = "8")]
    pub(crate) count: i32,
    #[prost(string, tag = "9")]
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[prost(message, optional, tag = "10")]
    pub(crate) event_time: Option<Time>,
    #[prost(message, optional, tag = "11")]
    pub(crate) series: Option<EventSeries>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct EventSeries {
    #[prost(int32, tag = "1")]
    pub(crate) count: i32,
    #[prost(message, optional, tag = "2")]
    pub(crate) last_observed_time: Option<Time>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ObjectReference {
    #[prost(string, tag = "1")]
    pub(crate) kind: String,
    #[prost(string, tag = "2")]
    pub(crate) namespace: String,
    #[prost(string, tag = "3")]
    pub(crate) name: String,
    #[prost(string, tag = "4")]
    pub(crate) uid: String,
    #[prost(string, tag = "7")]
    pub(crate) field_path: String,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct NamespaceStatus {
    #[prost(string, tag = "1")]
    pub(crate) phase: String,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct ServiceSpec {
    #[prost(message, repeated, tag = "1")]
    #[serde(deserialize_with = "list")]
    pub(crate) ports: Vec<ServicePort>,
    #[prost(message, repeated, tag = "2")]
    #[serde(deserialize_with = "pairs")]
    pub(crate) selector: Vec<Pair>,
    #[prost(string, tag = "4")]
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ServicePort {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(int32, tag = "3")]
    pub(crate) port: i32,
    #[prost(message, optional, tag = "4")]
    pub(crate) target_port: Option<IntOrString>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct NodeSpec {
    #[prost(bool, tag = "4")]
    pub(crate) unschedulable: bool,
    #[prost(message, repeated, tag = "5")]
    #[serde(deserialize_with = "list")]
    pub(crate) taints: Vec<Taint>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Taint {
    #[prost(string, tag = "1")]
    pub(crate) key: String,
    #[prost(string, tag = "2")]
    pub(crate) value: String,
    #[prost(string, tag = "3")]
    pub(crate) effect: String,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct NodeStatus {
    #[prost(message, repeated, tag = "4")]
    #[serde(deserialize_with = "list")]
    pub(crate) conditions: Vec<Condition>,
}
