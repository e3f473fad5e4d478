//! `k8s.io/api/core/v1`: what of a pod's spec decides where it may run.

use super::meta::{Skipped, list};

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(from = "InlineVolume")]
pub(crate) struct Volume {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) source: Option<VolumeSource>,
}

#[derive(Clone, PartialEq, Eq, prost::Message)]
pub(crate) struct VolumeSource {
    #[prost(message, optional, tag = "10")]
    pub(crate) persistent_volume_claim: Option<ClaimSource>,
    #[prost(message, optional, tag = "29")]
    pub(crate) ephemeral: Option<Skipped>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ClaimSource {
    #[prost(string, tag = "1")]
    pub(crate) claim_name: String,
}

/// In JSON the source is no object of its own.
#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct InlineVolume {
    name: String,
    persistent_volume_claim: Option<ClaimSource>,
    ephemeral: Option<Skipped>,
}

impl From<InlineVolume> for Volume {
    fn from(inline: InlineVolume) -> Volume {
        let source = VolumeSource {
            persistent_volume_claim: inline.persistent_volume_claim,
            ephemeral: inline.ephemeral,
        };
        Volume {
            name: inline.name,
            source: Some(source),
        }
    }
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Affinity {
    #[prost(message, optional, tag = "1")]
    pub(crate) node_affinity: Option<NodeAffinity>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct NodeAffinity {
    #[prost(message, optional, tag = "1")]
    #[serde(rename = "requiredDuringSchedulingIgnoredDuringExecution")]
    pub(crate) required: Option<NodeSelector>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NodeSelector {
    #[prost(message, repeated, tag = "1")]
    #[serde(deserialize_with = "list")]
    pub(crate) node_selector_terms: Vec<NodeSelectorTerm>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NodeSelectorTerm {
    #[prost(message, repeated, tag = "1")]
    #[serde(deserialize_with = "list")]
    pub(crate) match_expressions: Vec<NodeSelectorRequirement>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct NodeSelectorRequirement {
    #[prost(string, tag = "1")]
    pub(crate) key: String,
    #[prost(string, tag = "2")]
    pub(crate) operator: String,
    #[prost(string, repeated, tag = "3")]
    #[serde(deserialize_with = "list")]
    pub(crate) values: Vec<String>,
}
