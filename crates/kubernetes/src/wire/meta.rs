//! `k8s.io/apimachinery`: metadata, times, `Status`, and the envelopes of the binary form.

use std::fmt;

use chrono::DateTime;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use super::{NoRow, Wire};
use crate::intern::Intern;
use model::meta::Meta;
use model::time::Seconds;
use text::Outside;

/// `metav1.Time`: in JSON an RFC 3339 string, in protobuf seconds (its nanoseconds are always 0).
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub(crate) struct Time {
    #[prost(int64, tag = "1")]
    pub(crate) seconds: i64,
}

/// One entry of a `map<string, string>`.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub(crate) struct Pair {
    #[prost(string, tag = "1")]
    pub(crate) key: String,
    #[prost(string, tag = "2")]
    pub(crate) value: String,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ObjectMeta {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "3")]
    pub(crate) namespace: String,
    #[prost(string, tag = "5")]
    pub(crate) uid: String,
    #[prost(string, tag = "6")]
    pub(crate) resource_version: String,
    #[prost(int64, tag = "7")]
    pub(crate) generation: i64,
    #[prost(message, optional, tag = "8")]
    pub(crate) creation_timestamp: Option<Time>,
    #[prost(message, optional, tag = "9")]
    pub(crate) deletion_timestamp: Option<Time>,
    #[prost(int64, optional, tag = "10")]
    pub(crate) deletion_grace_period_seconds: Option<i64>,
    #[prost(message, repeated, tag = "11")]
    #[serde(deserialize_with = "pairs")]
    pub(crate) labels: Vec<Pair>,
    #[prost(message, repeated, tag = "12")]
    #[serde(deserialize_with = "pairs")]
    pub(crate) annotations: Vec<Pair>,
    #[prost(message, repeated, tag = "13")]
    #[serde(deserialize_with = "list")]
    pub(crate) owner_references: Vec<OwnerReference>,
    #[prost(string, repeated, tag = "14")]
    #[serde(deserialize_with = "list")]
    pub(crate) finalizers: Vec<String>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct OwnerReference {
    #[prost(string, tag = "1")]
    pub(crate) kind: String,
    #[prost(string, tag = "3")]
    pub(crate) name: String,
    #[prost(bool, tag = "6")]
    pub(crate) controller: bool,
}

/// Any object, as far as its metadata.
#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct AnyObject {
    #[prost(message, optional, tag = "1")]
    pub(crate) metadata: Option<ObjectMeta>,
}

/// An object of which nothing but its identity is read: neither what it holds nor its annotations, one of which may repeat
/// that.
#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Bare {
    #[prost(message, optional, tag = "1")]
    pub(crate) metadata: Option<BareMeta>,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct BareMeta {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "3")]
    pub(crate) namespace: String,
    #[prost(string, tag = "5")]
    pub(crate) uid: String,
    #[prost(string, tag = "6")]
    pub(crate) resource_version: String,
    #[prost(message, optional, tag = "8")]
    pub(crate) creation_timestamp: Option<Time>,
}

/// A part of an object.
pub(crate) trait Part: Wire + Clone + Eq + fmt::Debug {}

impl<P: Wire + Clone + Eq + fmt::Debug> Part for P {}

/// An object with a spec, a status or both; what is not read of it is [`Skipped`].
#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(default, bound(deserialize = ""))]
pub(crate) struct Object<Spec: Part, Status: Part> {
    #[prost(message, optional, tag = "1")]
    pub(crate) metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub(crate) spec: Option<Spec>,
    #[prost(message, optional, tag = "3")]
    pub(crate) status: Option<Status>,
}

/// A part that is not read.
#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
pub(crate) struct Skipped {}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ListMeta {
    #[prost(string, tag = "2")]
    pub(crate) resource_version: String,
    #[prost(string, tag = "3")]
    #[serde(rename = "continue")]
    pub(crate) more: String,
}

/// `metav1.Status`: every refusal of the API server.
#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Status {
    #[prost(string, tag = "3")]
    pub(crate) message: String,
    #[prost(string, tag = "4")]
    pub(crate) reason: String,
    #[prost(message, optional, tag = "5")]
    pub(crate) details: Option<StatusDetails>,
    #[prost(int32, tag = "6")]
    pub(crate) code: i32,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct StatusDetails {
    #[prost(message, repeated, tag = "4")]
    #[serde(deserialize_with = "list")]
    pub(crate) causes: Vec<StatusCause>,
    #[prost(int32, tag = "5")]
    pub(crate) retry_after_seconds: i32,
}

#[derive(Clone, PartialEq, Eq, prost::Message, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct StatusCause {
    #[prost(string, tag = "1")]
    pub(crate) reason: String,
    #[prost(string, tag = "2")]
    pub(crate) message: String,
}

/// `runtime.Unknown`: what follows the magic `k8s\0`.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub(crate) struct Unknown {
    #[prost(bytes = "bytes", tag = "2")]
    pub(crate) raw: bytes::Bytes,
}

/// One frame of a binary watch.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub(crate) struct WatchEvent {
    #[prost(string, tag = "1")]
    pub(crate) kind: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) object: Option<RawExtension>,
}

/// An object as it came: in protobuf bytes of any encoding, in JSON its text.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub(crate) struct RawExtension {
    #[prost(bytes = "bytes", tag = "1")]
    pub(crate) raw: bytes::Bytes,
}

impl<'de> Deserialize<'de> for RawExtension {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<serde_json::value::RawValue>::deserialize(deserializer)?;
        let raw = bytes::Bytes::from(text.get().to_owned());
        Ok(RawExtension { raw })
    }
}

impl ObjectMeta {
    /// What a row keeps of it. Without a uid it is no object.
    pub(crate) fn of_row(&self, intern: &mut Intern) -> Result<Meta, NoRow> {
        if self.uid.is_empty() {
            return Err(NoRow);
        }
        Ok(Meta {
            uid: self.uid.as_str().into(),
            namespace: intern.share(&self.namespace),
            name: Outside::from(self.name.as_str()),
            version: self.resource_version.parse().ok(),
            created: seconds(self.creation_timestamp),
        })
    }

    /// The value of a label.
    pub(crate) fn label(&self, key: &str) -> Option<&str> {
        find(&self.labels, key)
    }

    /// The value of an annotation.
    pub(crate) fn annotation(&self, key: &str) -> Option<&str> {
        find(&self.annotations, key)
    }

    /// The owner that controls the object.
    pub(crate) fn controller(&self) -> Option<&OwnerReference> {
        self.owner_references.iter().find(|owner| owner.controller)
    }
}

fn find<'a>(pairs: &'a [Pair], key: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|pair| pair.key == key)
        .map(|pair| pair.value.as_str())
}

/// A time that is there and is not Go's zero time, which some controllers send for "never".
pub(crate) fn seconds(time: Option<Time>) -> Option<Seconds> {
    const GO_ZERO: i64 = -62_135_596_800;
    time.filter(|time| time.seconds != GO_ZERO && time.seconds != 0)
        .map(|time| Seconds::new(time.seconds))
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Time;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an RFC 3339 time")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Time, E> {
                let time = DateTime::parse_from_rfc3339(text).map_err(E::custom)?;
                Ok(Time {
                    seconds: time.timestamp(),
                })
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// A JSON array, where `null` means empty as it does in Go.
pub(crate) fn list<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(deserializer)?.unwrap_or_default())
}

/// A JSON object of strings, in the form that protobuf has it.
pub(crate) fn pairs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Pair>, D::Error> {
    struct Object;
    impl<'de> Visitor<'de> for Object {
        type Value = Vec<Pair>;

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("an object of strings")
        }

        fn visit_unit<E>(self) -> Result<Vec<Pair>, E> {
            Ok(Vec::new())
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<Pair>, A::Error> {
            let mut pairs = Vec::new();
            while let Some((key, value)) = map.next_entry()? {
                pairs.push(Pair { key, value });
            }
            Ok(pairs)
        }
    }
    deserializer.deserialize_any(Object)
}
