//! A table as rows: each column as wide as it needs, cells broken where there is less room, and one field below the other where
//! there is hardly any.

use ::runbook::{ColumnSide, TextSpan};

use super::arrange::piece;
use super::sheet::{RunbookInk as Ink, RunbookText};
use super::spans::lines_of;
use super::wrap;

/// Blanks between two columns.
const GAP: usize = 2;
/// In narrower columns nobody reads a text.
const COLUMN_LEAST: usize = 12;
/// A column is as wide as its longest word, but no wider than this for its sake.
const WORD_MAX: usize = 20;

/// One row of the table: its text, and what is drawn of it.
pub(super) struct TableLine {
    pub(super) text: String,
    pub(super) rows: Vec<Vec<RunbookText>>,
}

pub(super) fn lines(
    sides: &[ColumnSide],
    head: &[Vec<TextSpan>],
    rows: &[Vec<Vec<TextSpan>>],
    room: usize,
) -> Vec<TableLine> {
    let head: Vec<Vec<RunbookText>> = head.iter().map(|cell| pieces(cell, Ink::Heading)).collect();
    let rows: Vec<Vec<Vec<RunbookText>>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| pieces(cell, Ink::Text)).collect())
        .collect();
    let count = rows.iter().map(Vec::len).max().unwrap_or(0).max(head.len());
    let needs = (0..count).map(|column| {
        let cells = rows.iter().chain([&head]).filter_map(|row| row.get(column));
        cells.map(|cell| wrap::width(cell)).max().unwrap_or(0)
    });
    let needs: Vec<usize> = needs.collect();
    let words = (0..count).map(|column| {
        let cells = rows.iter().chain([&head]).filter_map(|row| row.get(column));
        cells
            .map(|cell| wrap::longest_word(cell))
            .max()
            .unwrap_or(0)
    });
    let words: Vec<usize> = words.map(|word| word.min(WORD_MAX)).collect();
    match widths(&needs, &words, room) {
        Some(widths) => in_columns(sides, &head, &rows, &widths),
        None => as_fields(&head, &rows, room),
    }
}

fn pieces(cell: &[TextSpan], ink: Ink) -> Vec<RunbookText> {
    let mut lines = lines_of(cell, ink);
    let mut all = lines.remove(0);
    for line in lines {
        all.push(piece(" ", Ink::Text));
        all.extend(line);
    }
    all
}

/// What each column gets: all it needs, else no more than a cap that all share, but its longest word; none when there is no room
/// for that.
fn widths(needs: &[usize], words: &[usize], room: usize) -> Option<Vec<usize>> {
    let room = room.checked_sub(GAP * needs.len().saturating_sub(1))?;
    let given = |cap: usize| {
        let columns = needs.iter().zip(words);
        columns.map(move |(need, word)| (*need).min(cap.max(*word)))
    };
    let used = |cap: usize| given(cap).sum::<usize>();
    let widest = needs.iter().copied().max().unwrap_or(0);
    if used(widest) <= room {
        return Some(needs.to_vec());
    }
    let (mut cap, mut above) = (0, widest);
    while cap + 1 < above {
        let middle = usize::midpoint(cap, above);
        if used(middle) <= room {
            cap = middle;
        } else {
            above = middle;
        }
    }
    if cap < COLUMN_LEAST {
        return None;
    }
    let mut left = room.checked_sub(used(cap))?;
    let widths = given(cap).zip(needs).map(|(width, need)| {
        let extra = usize::from(width < *need && left > 0);
        left -= extra;
        width + extra
    });
    Some(widths.collect())
}

fn in_columns(
    sides: &[ColumnSide],
    head: &[Vec<RunbookText>],
    rows: &[Vec<Vec<RunbookText>>],
    widths: &[usize],
) -> Vec<TableLine> {
    let mut lines = vec![in_line(sides, head, widths)];
    if let Some(first) = lines.first_mut() {
        let wide = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
        first.rows.push(vec![piece(&"-".repeat(wide), Ink::Rule)]);
    }
    lines.extend(rows.iter().map(|row| in_line(sides, row, widths)));
    lines
}

fn in_line(sides: &[ColumnSide], cells: &[Vec<RunbookText>], widths: &[usize]) -> TableLine {
    let cells_of = cells.iter().zip(widths);
    let broken: Vec<Vec<Vec<RunbookText>>> = cells_of
        .map(|(cell, width)| wrap::wrapped(cell, *width, *width))
        .collect();
    let height = broken.iter().map(Vec::len).max().unwrap_or(1);
    let rows = (0..height).map(|part| {
        let mut row = Vec::new();
        let mut owed = 0;
        for (column, (cell, width)) in broken.iter().zip(widths).enumerate() {
            let text = cell.get(part).cloned().unwrap_or_default();
            let free = width.saturating_sub(wrap::width(&text));
            let before = match sides.get(column) {
                Some(ColumnSide::Right) => free,
                Some(ColumnSide::Centre) => free / 2,
                Some(ColumnSide::Left | ColumnSide::None) | None => 0,
            };
            if text.is_empty() {
                owed += width + GAP;
            } else {
                row.push(piece(&" ".repeat(owed + before), Ink::Text));
                row.extend(text);
                owed = free - before + GAP;
            }
        }
        row
    });
    TableLine {
        text: text_of(cells),
        rows: rows.collect(),
    }
}

/// `head: cell`, one below the other.
fn as_fields(
    head: &[Vec<RunbookText>],
    rows: &[Vec<Vec<RunbookText>>],
    room: usize,
) -> Vec<TableLine> {
    let line = |row: &Vec<Vec<RunbookText>>| {
        let mut drawn = Vec::new();
        for (column, cell) in row.iter().enumerate() {
            let mut field = head.get(column).cloned().unwrap_or_default();
            if !field.is_empty() {
                field.push(piece(": ", Ink::Dim));
            }
            field.extend(cell.iter().cloned());
            drawn.extend(wrap::wrapped(&field, room, room));
        }
        drawn.push(Vec::new());
        TableLine {
            text: text_of(row),
            rows: drawn,
        }
    };
    if rows.is_empty() {
        let head = head.to_vec();
        return vec![line(&head)];
    }
    rows.iter().map(line).collect()
}

fn text_of(cells: &[Vec<RunbookText>]) -> String {
    let texts = cells.iter().map(|cell| {
        let texts = cell.iter().map(|(text, _)| text.as_str());
        texts.collect::<String>()
    });
    texts.collect::<Vec<_>>().join(" ")
}
