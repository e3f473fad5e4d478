//! What a container may use: quantities by the name of the resource.

use super::meta::{Pair, pairs};

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct ResourceRequirements {
    #[prost(message, repeated, tag = "1")]
    #[serde(deserialize_with = "quantities")]
    pub(crate) limits: Vec<QuantityPair>,
    #[prost(message, repeated, tag = "2")]
    #[serde(deserialize_with = "quantities")]
    pub(crate) requests: Vec<QuantityPair>,
}

/// One entry of a `map<string, Quantity>`.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub(crate) struct QuantityPair {
    #[prost(string, tag = "1")]
    pub(crate) key: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) value: Option<Quantity>,
}

#[derive(Clone, PartialEq, Eq, prost::Message)]
pub(crate) struct Quantity {
    #[prost(string, tag = "1")]
    pub(crate) text: String,
}

/// A JSON object of quantities, in the form that protobuf has it.
fn quantities<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<QuantityPair>, D::Error> {
    let pairs = pairs(deserializer)?.into_iter();
    let pairs = pairs.map(|Pair { key, value }| QuantityPair {
        key,
        value: Some(Quantity { text: value }),
    });
    Ok(pairs.collect())
}
