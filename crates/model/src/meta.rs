//! What every row of a table has: identity, namespace and name, version and age.

use std::num::NonZeroU64;
use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};

use super::alert::AlertRow;
use super::cluster::NamespaceRow;
use super::configs::{AutoscalerRow, ConfigRow};
use super::endpoints::EndpointSliceRow;
use super::events::EventRow;
use super::nodes::NodeRow;
use super::pods::{PodRow, Uid};
use super::revision_list::RevisionRow;
use super::rollout_list::RolloutLine;
use super::services::ServiceRow;
use super::time::Seconds;
use super::workload::WorkloadRow;
use text::Outside;

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

/// Rows dereference to their [`Meta`], so that `pod.name` needs no accessor on each kind of row.
macro_rules! rows {
    ($($row:ty),* $(,)?) => {
        $(
            impl Row for $row {
                fn meta(&self) -> &Meta {
                    &self.meta
                }
            }

            impl Deref for $row {
                type Target = Meta;

                fn deref(&self) -> &Meta {
                    &self.meta
                }
            }

            impl DerefMut for $row {
                fn deref_mut(&mut self) -> &mut Meta {
                    &mut self.meta
                }
            }
        )*
    };
}

rows!(
    AlertRow,
    AutoscalerRow,
    ConfigRow,
    EndpointSliceRow,
    EventRow,
    RolloutLine,
    NamespaceRow,
    NodeRow,
    PodRow,
    RevisionRow,
    ServiceRow,
    WorkloadRow,
);
