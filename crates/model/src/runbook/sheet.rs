//! A document as rows of the screen. Made once for each width; it knows no colours.

use ::runbook::Runbook;
use text::SafeText;

use super::arrange;
use crate::filter::Filter;

/// Of a document: everything that is drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunbookSheet {
    pub(super) columns: usize,
    pub rows: Vec<RunbookRow>,
    /// The text of each line, however many rows it takes.
    pub(super) lines: Vec<String>,
    pub headings: Vec<RunbookHeading>,
    /// Each step, and the line on which it begins, in the order of the lines.
    pub steps: Vec<(usize, usize)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunbookRow {
    pub spot: RunbookSpot,
    pub pieces: Vec<RunbookText>,
    /// The step that it is part of.
    pub step: Option<usize>,
}

/// A row, whatever the width is: a line of the text, and which part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunbookSpot {
    /// From 0.
    pub line: usize,
    /// Of a line that takes several rows, from 0.
    pub part: usize,
}

pub type RunbookText = (SafeText<'static>, RunbookInk);

/// What a piece of a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunbookInk {
    Text,
    /// Less important.
    Dim,
    Heading,
    Strong,
    Emphasis,
    Struck,
    Code,
    Link,
    /// A line from left to right: each `-` is a part of it.
    Rule,
    /// A line from above to below: each `|` is a part of it.
    Bar,
    Caution,
    Danger,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunbookHeading {
    pub line: usize,
    pub level: u8,
    pub anchor: String,
    pub text: SafeText<'static>,
}

impl RunbookSpot {
    pub fn start(line: usize) -> RunbookSpot {
        RunbookSpot { line, part: 0 }
    }
}

impl RunbookSheet {
    pub fn new(runbook: &Runbook, columns: usize) -> RunbookSheet {
        arrange::sheet(runbook, columns)
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    pub fn heading_of(&self, anchor: &str) -> Option<&RunbookHeading> {
        self.headings
            .iter()
            .find(|heading| heading.anchor == anchor)
    }

    /// The row at which a spot is, or what follows it.
    pub fn row_of(&self, spot: RunbookSpot) -> usize {
        self.rows.partition_point(|row| row.spot < spot)
    }

    /// The lines that match; none when nothing is searched.
    pub(super) fn matches(&self, search: &Filter) -> Vec<usize> {
        if search.is_empty() {
            return Vec::new();
        }
        let lines = self.lines.iter().enumerate();
        lines
            .filter(|(_, line)| search.matches(&std::iter::once(line.as_str())))
            .map(|(at, _)| at)
            .collect()
    }
}
