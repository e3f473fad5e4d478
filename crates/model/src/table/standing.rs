//! How a row stands at a moment, and how many of each standing there are.

use crate::time::Seconds;
use text::Outside;

/// How a row stands at a moment: computed once for each change, kept beside the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Where it sorts.
    pub key: SortKey,
    /// Counted as sick.
    pub is_sick: bool,
    /// Passes the filter.
    pub is_listed: bool,
    /// Counted on its own: neither sick nor at work.
    pub aside: Option<Aside>,
    /// When the standing changes by itself, the row being unchanged.
    pub due: Option<Seconds>,
}

/// Of rows that are listed by name alone and are never sick.
pub fn by_name<R>(_: &R) -> Standing {
    Standing {
        key: SortKey::None,
        is_sick: false,
        is_listed: true,
        aside: None,
        due: None,
    }
}

/// Why a row is counted on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside {
    /// What is left of a pod that its controller has replaced.
    LeftOver,
    /// It waits for a scheduling gate.
    Gated,
}

/// What a row is sorted by before namespace and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    /// By name alone, whichever way round.
    None,
    /// By namespace and name.
    Name(Outside, Outside),
    Number(i64),
    /// Rank, the lowest first.
    Rank(u8),
    Text(Outside),
}

/// How many rows there are, and how many are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowCounts {
    pub total: usize,
    pub sick: usize,
    /// Rows that pass the filter.
    pub listed: usize,
    /// Sick rows that pass the filter.
    pub listed_sick: usize,
    pub left_over: usize,
    /// Left over, and listed by a filter.
    pub listed_left_over: usize,
    pub gated: usize,
}

impl RowCounts {
    /// Counts a row of this standing in, or out. How many rows there are the table counts itself.
    pub(super) fn count(&mut self, standing: &Standing, add: bool) {
        let is_left_over = standing.aside == Some(Aside::LeftOver);
        let is_listed = standing.is_listed;
        let parts = [
            (&mut self.sick, standing.is_sick),
            (&mut self.listed, is_listed),
            (&mut self.listed_sick, is_listed && standing.is_sick),
            (&mut self.left_over, is_left_over),
            (&mut self.listed_left_over, is_listed && is_left_over),
            (&mut self.gated, standing.aside == Some(Aside::Gated)),
        ];
        for (count, _) in parts.into_iter().filter(|(_, counts)| *counts) {
            *count = if add {
                *count + 1
            } else {
                count.saturating_sub(1)
            };
        }
    }
}
