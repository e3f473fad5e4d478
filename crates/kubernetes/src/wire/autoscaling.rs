//! `k8s.io/api/autoscaling/v2`: autoscalers.

use super::meta::{Object, Skipped};

pub(crate) type HorizontalPodAutoscaler = Object<AutoscalerSpec, Skipped>;

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AutoscalerSpec {
    #[prost(message, optional, tag = "1")]
    pub(crate) scale_target_ref: Option<ScaleTarget>,
    #[prost(int32, optional, tag = "2")]
    pub(crate) min_replicas: Option<i32>,
    #[prost(int32, tag = "3")]
    pub(crate) max_replicas: i32,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct ScaleTarget {
    #[prost(string, tag = "1")]
    pub(crate) kind: String,
    #[prost(string, tag = "2")]
    pub(crate) name: String,
}
