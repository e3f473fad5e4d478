//! `k8s.io/api/apps/v1`: Deployments, `ReplicaSets`, `StatefulSets`, `DaemonSets`, `ControllerRevisions`.

use super::core::Condition;
use super::meta::{Object, ObjectMeta, Pair, RawExtension, Skipped, Time, list, pairs};
use super::template::TemplateSpec;

pub(crate) type Deployment = Object<DeploymentSpec, DeploymentStatus>;
pub(crate) type ReplicaSet = Object<ReplicaSetSpec, Skipped>;
pub(crate) type StatefulSet = Object<StatefulSetSpec, StatefulSetStatus>;
pub(crate) type DaemonSet = Object<DaemonSetSpec, DaemonSetStatus>;

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
pub(crate) struct ReplicaSetSpec {
    #[prost(message, optional, tag = "3")]
    pub(crate) template: Option<PodTemplateSpec>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct ControllerRevision {
    #[prost(message, optional, tag = "1")]
    pub(crate) metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub(crate) data: Option<RawExtension>,
    #[prost(int64, tag = "3")]
    pub(crate) revision: i64,
}

/// The part of `data` that the two controllers write: a patch that puts the template back.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct RevisionData {
    pub(crate) spec: ReplicaSetSpec,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct StatefulSetSpec {
    #[prost(int32, optional, tag = "1")]
    pub(crate) replicas: Option<i32>,
    #[prost(message, optional, tag = "2")]
    pub(crate) selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "3")]
    pub(crate) template: Option<PodTemplateSpec>,
    #[prost(string, tag = "6")]
    pub(crate) pod_management_policy: String,
    #[prost(message, optional, tag = "7")]
    pub(crate) update_strategy: Option<UpdateStrategy>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct UpdateStrategy {
    #[prost(string, tag = "1")]
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) rolling_update: Option<RollingUpdate>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct RollingUpdate {
    #[prost(int32, tag = "1")]
    pub(crate) partition: i32,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct StatefulSetStatus {
    #[prost(int64, tag = "1")]
    pub(crate) observed_generation: i64,
    #[prost(int32, tag = "2")]
    pub(crate) replicas: i32,
    #[prost(int32, tag = "3")]
    pub(crate) ready_replicas: i32,
    #[prost(int32, tag = "5")]
    pub(crate) updated_replicas: i32,
    #[prost(string, tag = "7")]
    pub(crate) update_revision: String,
    #[prost(int32, tag = "11")]
    pub(crate) available_replicas: i32,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DaemonSetSpec {
    #[prost(message, optional, tag = "1")]
    pub(crate) selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "2")]
    pub(crate) template: Option<PodTemplateSpec>,
    #[prost(message, optional, tag = "3")]
    pub(crate) update_strategy: Option<Strategy>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DaemonSetStatus {
    #[prost(int32, tag = "1")]
    pub(crate) current_number_scheduled: i32,
    #[prost(int32, tag = "3")]
    pub(crate) desired_number_scheduled: i32,
    #[prost(int32, tag = "4")]
    pub(crate) number_ready: i32,
    #[prost(int64, tag = "5")]
    pub(crate) observed_generation: i64,
    #[prost(int32, tag = "6")]
    pub(crate) updated_number_scheduled: i32,
    #[prost(int32, tag = "7")]
    pub(crate) number_available: i32,
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
    pub(crate) spec: Option<TemplateSpec>,
}

impl PodTemplateSpec {
    /// The value of an annotation of the template.
    pub(crate) fn annotation(&self, key: &str) -> Option<&str> {
        self.metadata.as_ref()?.annotation(key)
    }
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

impl From<DeploymentCondition> for Condition {
    fn from(wire: DeploymentCondition) -> Condition {
        Condition {
            kind: wire.kind,
            status: wire.status,
            last_transition_time: wire.last_transition_time,
            reason: wire.reason,
            message: wire.message,
        }
    }
}
