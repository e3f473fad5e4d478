//! A table as lines with its columns one below the other.

use runbook::{ColumnSide, TextSpan};
use text::SafeText;

/// Widest column: what is longer pushes the rest of its row to the right.
const COLUMN_MAX: usize = 40;

pub(super) fn lines(
    columns: &[ColumnSide],
    head: &[Vec<TextSpan>],
    rows: &[Vec<Vec<TextSpan>>],
) -> Vec<String> {
    let cells = |row: &[Vec<TextSpan>]| -> Vec<String> {
        let one_line = |cell: &Vec<TextSpan>| super::words(cell).replace('\n', " ");
        row.iter().map(one_line).collect()
    };
    let all: Vec<Vec<String>> = std::iter::once(cells(head))
        .chain(rows.iter().map(|row| cells(row)))
        .collect();
    let width = |at: usize| {
        let widest = all
            .iter()
            .filter_map(|row| row.get(at))
            .map(|cell| SafeText::whole(cell).width())
            .max();
        widest.unwrap_or(0).min(COLUMN_MAX)
    };
    let count = all.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count).map(width).collect();
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let mut lines: Vec<String> = all
        .iter()
        .map(|row| {
            let set = row.iter().enumerate().map(|(at, cell)| {
                let side = columns.get(at).copied().unwrap_or(ColumnSide::None);
                padded(cell, widths[at], side)
            });
            set.collect::<Vec<_>>().join(" | ")
        })
        .collect();
    lines.insert(1, rule.join("-|-"));
    lines
}

fn padded(cell: &str, width: usize, side: ColumnSide) -> String {
    let free = width.saturating_sub(SafeText::whole(cell).width());
    let before = match side {
        ColumnSide::None | ColumnSide::Left => 0,
        ColumnSide::Centre => free / 2,
        ColumnSide::Right => free,
    };
    format!("{}{cell}{}", " ".repeat(before), " ".repeat(free - before))
}
