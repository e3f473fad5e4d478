//! What the API server sends, as far as we show it: one set of messages that both protobuf and JSON decode into, so
//! that the two can only differ where a field is named wrongly. Never leaves `source`.
//!
//! Numbers and names are those of the `generated.proto` files of <https://github.com/kubernetes/api> and
//! <https://github.com/kubernetes/apimachinery> (1.34). prost and serde skip every field that is not named here.

pub(crate) mod apps;
pub(crate) mod autoscaling;
pub(crate) mod core;
pub(crate) mod discovery;
pub(crate) mod int_or_string;
pub(crate) mod meta;
pub(crate) mod placement;
pub(crate) mod quantities;
pub(crate) mod template;

use serde::de::DeserializeOwned;

/// What every binary object begins with.
pub(crate) const MAGIC: &[u8] = b"k8s\0";

/// An object on the wire.
pub(crate) trait Wire: prost::Message + Default + DeserializeOwned + 'static {}

impl<W: prost::Message + Default + DeserializeOwned + 'static> Wire for W {}

/// An object without the fields that make an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoRow;
