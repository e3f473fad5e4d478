//! `k8s.io/api/discovery/v1`: `EndpointSlices`.

use super::core::ObjectReference;
use super::meta::{ObjectMeta, list};

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct EndpointSlice {
    #[prost(message, optional, tag = "1")]
    pub(crate) metadata: Option<ObjectMeta>,
    #[prost(message, repeated, tag = "2")]
    #[serde(deserialize_with = "list")]
    pub(crate) endpoints: Vec<Endpoint>,
    #[prost(message, repeated, tag = "3")]
    #[serde(deserialize_with = "list")]
    pub(crate) ports: Vec<EndpointPort>,
    #[prost(string, tag = "4")]
    pub(crate) address_type: String,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct EndpointPort {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Endpoint {
    #[prost(message, optional, tag = "2")]
    pub(crate) conditions: Option<EndpointConditions>,
    #[prost(message, optional, tag = "4")]
    pub(crate) target_ref: Option<ObjectReference>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct EndpointConditions {
    #[prost(bool, optional, tag = "1")]
    pub(crate) ready: Option<bool>,
}
