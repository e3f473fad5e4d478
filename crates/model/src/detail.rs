//! What a row does not show: one object whole, fetched when somebody looks at it and dropped when they look away.

use serde::{Deserialize, Serialize};

use super::meta::{Meta, Row};
use super::pods::{Condition, PodRow};
use super::workload::WorkloadRow;
use text::Outside;

/// One object, as its detail pane shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// `metadata.labels`, sorted.
    pub labels: Box<[(Outside, Outside)]>,
    /// `metadata.annotations`, sorted; `last-applied-configuration` is left out, long values are cut.
    pub annotations: Box<[(Outside, Outside)]>,
    /// `metadata.finalizers`.
    pub finalizers: Box<[Outside]>,
    /// `status.conditions`, each with its type.
    pub conditions: Box<[(Outside, Condition)]>,
    /// The same object as its table has it: containers, states, last terminations.
    pub row: DetailRow,
}

/// The row of the object's kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DetailRow {
    Pod(Box<PodRow>),
    Workload(Box<WorkloadRow>),
}

impl Row for Detail {
    fn meta(&self) -> &Meta {
        match &self.row {
            DetailRow::Pod(row) => &row.meta,
            DetailRow::Workload(row) => &row.meta,
        }
    }
}
