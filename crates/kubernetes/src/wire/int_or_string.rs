//! `k8s.io/apimachinery/pkg/util/intstr`: a number, or a name in its place.

use serde::de::{Deserialize, Deserializer};

#[derive(Clone, PartialEq, Eq, prost::Message)]
pub(crate) struct IntOrString {
    #[prost(int64, tag = "1")]
    pub(crate) kind: i64,
    #[prost(int32, tag = "2")]
    pub(crate) number: i32,
    #[prost(string, tag = "3")]
    pub(crate) name: String,
}

impl IntOrString {
    /// `kind` of one that is a name.
    pub(crate) const NAME: i64 = 1;

    /// The name, when it is one.
    pub(crate) fn name(&self) -> Option<&str> {
        (self.kind == Self::NAME).then_some(self.name.as_str())
    }
}

impl<'de> Deserialize<'de> for IntOrString {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Either {
            Number(i32),
            Name(String),
        }
        Ok(match Either::deserialize(deserializer)? {
            Either::Number(number) => Self {
                number,
                ..Self::default()
            },
            Either::Name(name) => Self {
                kind: Self::NAME,
                name,
                ..Self::default()
            },
        })
    }
}
