//! What every row of a table has: identity, namespace and name, version and age.

use std::num::NonZeroU64;

use arcstr::ArcStr;
use serde::{Deserialize, Serialize};

use super::time::Seconds;
use text::Outside;

/// `metadata.uid`: the identity of an object through renames, re-sorts and deletions.
pub type Uid = ArcStr;

/// The part of `metadata` that all rows keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// `metadata.uid`.
    pub uid: Uid,
    /// `metadata.namespace`, interned; empty for cluster-scoped kinds.
    pub namespace: Outside,
    /// `metadata.name`.
    pub name: Outside,
    /// `metadata.resourceVersion` when it parses as an integer: an older one never replaces a newer one.
    pub version: Option<NonZeroU64>,
    /// `metadata.creationTimestamp`.
    pub created: Option<Seconds>,
}

impl Meta {
    /// Of what has neither a version nor a time of creation.
    pub fn plain(uid: Uid, namespace: Outside, name: Outside) -> Meta {
        Meta {
            uid,
            namespace,
            name,
            version: None,
            created: None,
        }
    }
}

/// A row of a table.
pub trait Row {
    /// Identity and version, and namespace and name as the last sort keys.
    fn meta(&self) -> &Meta;
}

/// Makes a struct with a field `meta` a row, which dereferences to its [`Meta`], so that `pod.name` needs no accessor on each
/// kind of row.
macro_rules! row {
    ($row:ty) => {
        impl $crate::meta::Row for $row {
            fn meta(&self) -> &$crate::meta::Meta {
                &self.meta
            }
        }

        impl std::ops::Deref for $row {
            type Target = $crate::meta::Meta;

            fn deref(&self) -> &$crate::meta::Meta {
                &self.meta
            }
        }

        impl std::ops::DerefMut for $row {
            fn deref_mut(&mut self) -> &mut $crate::meta::Meta {
                &mut self.meta
            }
        }
    };
}
pub(crate) use row;
