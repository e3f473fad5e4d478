//! `k8s.io/api/apps/v1`: Deployments and `ReplicaSets`.

use super::core::PodSpec;
use super::meta::{ObjectMeta, Pair, Time, list, pairs};

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Deployment {
    #[prost(message, optional, tag = "1")]
    pub(crate) metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub(crate) spec: Option<DeploymentSpec>,
    #[prost(message, optional, tag = "3")]
    pub(crate) status: Option<DeploymentStatus>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DeploymentSpec {
    #[prost(int32, optional, tag = "1")]
    pub(crate) replicas: Option<i32>,
    #[prost(message, optional, tag = "2")]
    pub(crate) selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "3")]
    pub(crate) template: Option<PodTemplateSpec>,
    #[prost(message, optional, tag = "4")]
    pub(crate) strategy: Option<Strategy>,
    #[prost(bool, tag = "7")]
    pub(crate) paused: bool,
    #[prost(int32, optional, tag = "9")]
    pub(crate) progress_deadline_seconds: Option<i32>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct ReplicaSet {
    #[prost(message, optional, tag = "1")]
    pub(crate) metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub(crate) spec: Option<ReplicaSetSpec>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct ReplicaSetSpec {
    #[prost(message, optional, tag = "3")]
    pub(crate) template: Option<PodTemplateSpec>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LabelSelector {
    #[prost(message, repeated, tag = "1")]
    #[serde(deserialize_with = "pairs")]
    pub(crate) match_labels: Vec<Pair>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct PodTemplateSpec {
    #[prost(message, optional, tag = "1")]
    pub(crate) metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub(crate) spec: Option<PodSpec>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Strategy {
    #[prost(string, tag = "1")]
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DeploymentStatus {
    #[prost(int64, tag = "1")]
    pub(crate) observed_generation: i64,
    #[prost(int32, tag = "2")]
    pub(crate) replicas: i32,
    #[prost(int32, tag = "3")]
    pub(crate) updated_replicas: i32,
    #[prost(int32, tag = "4")]
    pub(crate) available_replicas: i32,
    #[prost(message, repeated, tag = "6")]
    #[serde(deserialize_with = "list")]
    pub(crate) conditions: Vec<DeploymentCondition>,
    #[prost(int32, tag = "7")]
    pub(crate) ready_replicas: i32,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DeploymentCondition {
    #[prost(string, tag = "1")]
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[prost(string, tag = "2")]
    pub(crate) status: String,
    #[prost(string, tag = "4")]
    pub(crate) reason: String,
    #[prost(string, tag = "5")]
    pub(crate) message: String,
    #[prost(message, optional, tag = "7")]
    pub(crate) last_transition_time: Option<Time>,
}
