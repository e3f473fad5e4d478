//! `k8s.io/api/core/v1`: what of the pod template of a workload is shown, and which `ConfigMaps` and Secrets it names. The pods
//! themselves are many: there none of it is read.

use super::meta::list;

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct TemplateSpec {
    #[prost(message, repeated, tag = "1")]
    #[serde(deserialize_with = "list")]
    pub(crate) volumes: Vec<TemplateVolume>,
    #[prost(message, repeated, tag = "2")]
    #[serde(deserialize_with = "list")]
    pub(crate) containers: Vec<TemplateContainer>,
    #[prost(message, repeated, tag = "20")]
    #[serde(deserialize_with = "list")]
    pub(crate) init_containers: Vec<TemplateContainer>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct TemplateContainer {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) image: String,
    #[prost(message, repeated, tag = "7")]
    #[serde(deserialize_with = "list")]
    pub(crate) env: Vec<Variable>,
    #[prost(message, repeated, tag = "19")]
    #[serde(deserialize_with = "list")]
    pub(crate) env_from: Vec<Variables>,
}

/// An environment variable, without its name and value.
#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Variable {
    #[prost(message, optional, tag = "3")]
    pub(crate) value_from: Option<ValueSource>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ValueSource {
    #[prost(message, optional, tag = "3")]
    pub(crate) config_map_key_ref: Option<ByName>,
    #[prost(message, optional, tag = "4")]
    pub(crate) secret_key_ref: Option<ByName>,
}

/// All variables of one object.
#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Variables {
    #[prost(message, optional, tag = "2")]
    pub(crate) config_map_ref: Option<ByName>,
    #[prost(message, optional, tag = "3")]
    pub(crate) secret_ref: Option<ByName>,
}

/// A reference that begins with a `LocalObjectReference`, which has no object of its own in JSON.
#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(from = "Named")]
pub(crate) struct ByName {
    #[prost(message, optional, tag = "1")]
    pub(crate) reference: Option<Named>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Named {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
}

impl From<Named> for ByName {
    fn from(named: Named) -> ByName {
        ByName {
            reference: Some(named),
        }
    }
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(from = "Source")]
pub(crate) struct TemplateVolume {
    #[prost(message, optional, tag = "2")]
    pub(crate) source: Option<Source>,
}

impl From<Source> for TemplateVolume {
    fn from(source: Source) -> TemplateVolume {
        TemplateVolume {
            source: Some(source),
        }
    }
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Source {
    #[prost(message, optional, tag = "6")]
    pub(crate) secret: Option<SecretSource>,
    #[prost(message, optional, tag = "19")]
    pub(crate) config_map: Option<ByName>,
    #[prost(message, optional, tag = "26")]
    pub(crate) projected: Option<Projected>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SecretSource {
    #[prost(string, tag = "1")]
    pub(crate) secret_name: String,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Projected {
    #[prost(message, repeated, tag = "1")]
    #[serde(deserialize_with = "list")]
    pub(crate) sources: Vec<Projection>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Projection {
    #[prost(message, optional, tag = "1")]
    pub(crate) secret: Option<ByName>,
    #[prost(message, optional, tag = "3")]
    pub(crate) config_map: Option<ByName>,
}
