//! A line that goes back to its beginning: cell by cell, what a terminal would show in the end.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{Rendered, Rendition, SafeText, colour, control_at};
use crate::sanitise::{self, TAB_COLUMNS};

/// Columns of the longest line that is laid out: more than any terminal has. What is written behind them is counted.
const COLUMNS_MAX: usize = 8 * 1024;

/// What stands in a column: a cluster, or the second half of a wide one.
#[derive(Clone, Debug, Default)]
struct Cell {
    rendition: Rendition,
    text: String,
    is_second_half: bool,
}

#[derive(Default)]
struct Cells {
    columns: Vec<Cell>,
    column: usize,
    rendition: Rendition,
    /// Clusters for which there was no column.
    cut: usize,
    states: usize,
    /// Something was written since the last carriage return.
    is_written: bool,
}

pub(super) fn rendered(line: &str) -> Rendered<'static> {
    let mut cells = Cells::default();
    let mut rest = line;
    while !rest.is_empty() {
        rest = cells.take(rest);
    }
    cells.done()
}

impl Cells {
    /// Takes what stands first; gives the rest.
    fn take<'a>(&mut self, text: &'a str) -> &'a str {
        if let Some(rest) = text.strip_prefix('\r') {
            (self.column, self.is_written) = (0, false);
            return rest;
        }
        match control_at(text) {
            Some((parameters, b'm', rest)) => {
                colour::apply(&mut self.rendition, parameters);
                return rest;
            }
            Some((parameters @ ("" | "0" | "1" | "2"), b'K', rest)) => {
                self.erase(parameters);
                return rest;
            }
            _ => {}
        }
        let end = if text.starts_with('\x1b') {
            1
        } else {
            text.find(['\r', '\x1b']).unwrap_or(text.len())
        };
        for cluster in text[..end].graphemes(true) {
            self.put(cluster);
        }
        &text[end..]
    }

    fn put(&mut self, cluster: &str) {
        if !std::mem::replace(&mut self.is_written, true) {
            self.states += 1;
        }
        if cluster == "\t" {
            self.column += TAB_COLUMNS - self.column % TAB_COLUMNS;
            return;
        }
        // A name of what cannot be shown is several clusters.
        for part in sanitise::line(cluster, usize::MAX).graphemes(true) {
            let width = part.width();
            if self.column + width > COLUMNS_MAX {
                self.cut += 1;
                continue;
            }
            for (at, column) in (self.column..self.column + width).enumerate() {
                let text = if at == 0 { part } else { "" };
                self.set(column, text, at > 0);
            }
            self.column += width;
        }
    }

    fn set(&mut self, column: usize, text: &str, is_second_half: bool) {
        if self.columns.len() <= column {
            self.columns.resize(column + 1, Cell::default());
        }
        // Half of a wide cluster is nothing: the other half is blank from now on.
        if self.columns[column].is_second_half
            && !is_second_half
            && let Some(first) = column.checked_sub(1)
        {
            self.columns[first].text.clear();
        }
        if let Some(next) = self.columns.get_mut(column + 1)
            && next.is_second_half
        {
            *next = Cell::default();
        }
        self.columns[column] = Cell {
            rendition: self.rendition,
            text: text.to_owned(),
            is_second_half,
        };
    }

    fn erase(&mut self, parameters: &str) {
        let end = self.columns.len();
        let erased = match parameters {
            "1" => 0..end.min(self.column + 1),
            "2" => 0..end,
            _ => self.column.min(end)..end,
        };
        self.columns[erased].fill(Cell::default());
    }

    fn done(self) -> Rendered<'static> {
        let blank = |cell: &Cell| cell.text.is_empty() && !cell.is_second_half;
        let end = self.columns.iter().rposition(|cell| !blank(cell));
        let cells = &self.columns[..end.map_or(0, |at| at + 1)];
        let mut pieces: Vec<(Rendition, String)> = Vec::new();
        for cell in cells.iter().filter(|cell| !cell.is_second_half) {
            let text = if cell.text.is_empty() {
                " "
            } else {
                &cell.text
            };
            match pieces.last_mut() {
                Some((rendition, piece)) if *rendition == cell.rendition => piece.push_str(text),
                _ => pieces.push((cell.rendition, text.to_owned())),
            }
        }
        if self.cut > 0 {
            let words = format!("<+{} characters>", self.cut);
            pieces.push((Rendition::default(), words));
        }
        let safe = |(rendition, text): (Rendition, String)| {
            (rendition, SafeText::whole(&text).into_owned())
        };
        Rendered {
            pieces: pieces.into_iter().map(safe).collect(),
            states: self.states.max(1),
        }
    }
}
