//! What may be lost of a row that another of the same object replaces.

use model::cluster::NamespaceRow;
use model::configs::{AutoscalerRow, ConfigRow};
use model::detail::Detail;
use model::endpoints::EndpointSliceRow;
use model::events::EventRow;
use model::meta::Row;
use model::nodes::NodeRow;
use model::services::ServiceRow;
use model::workload::WorkloadRow;

/// A row that a later row of the same object may replace before anybody saw it.
pub(crate) trait Fold: Row + Clone {
    /// Most of its changes change nothing that a row holds.
    const HAS_HEARTBEATS: bool = false;

    /// Are the two alike but for their versions?
    fn is_as_shown(&self, _other: &Self) -> bool {
        false
    }

    /// `earlier` is replaced by `self`: keeps what must not be lost.
    fn fold(&mut self, _earlier: Self)
    where
        Self: Sized,
    {
    }
}

impl Fold for AutoscalerRow {}
impl Fold for ConfigRow {}
impl Fold for Detail {}
impl Fold for EndpointSliceRow {}
impl Fold for EventRow {}
impl Fold for NamespaceRow {}
impl Fold for NodeRow {
    const HAS_HEARTBEATS: bool = true;

    fn is_as_shown(&self, other: &NodeRow) -> bool {
        let mut other = other.clone();
        other.version = self.version;
        *self == other
    }
}
impl Fold for ServiceRow {}
impl Fold for WorkloadRow {}
