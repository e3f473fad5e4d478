//! The styles of a screen in words, for snapshots: what changed is read in the difference.

use std::collections::BTreeMap;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

/// The runs of cells whose style is not the terminal's own, counted from 1 as an editor does:
/// `style r5-9,12 c2-8,80 light-red bold`. Runs of one style share a line where they cross the same rows.
pub fn runs(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width).max(1);
    let mut rows_of: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (row, cells) in (1..).zip(buffer.content.chunks(width)) {
        let mut first = 1;
        for run in cells.chunk_by(|cell, next| named(cell) == named(next)) {
            let (style, next) = (named(&run[0]), first + run.len());
            if !style.is_empty() {
                rows_of
                    .entry((first, next - 1, style))
                    .or_default()
                    .push((row, row));
            }
            first = next;
        }
    }
    let mut columns_of: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for ((first, last, style), rows) in rows_of {
        let columns = columns_of.entry((rows, style)).or_default();
        columns.push((first, last));
    }
    let mut lines: Vec<_> = columns_of.into_iter().collect();
    lines.sort_by_key(|((rows, _), columns)| (rows[0], columns[0]));
    let lines = lines.iter().map(|((rows, style), columns)| {
        format!("style r{} c{} {style}", ranges(rows), ranges(columns))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// `2,5-9`; ranges that follow each other are one.
fn ranges(ranges: &[(usize, usize)]) -> String {
    let joined = ranges.chunk_by(|range, next| range.1 + 1 == next.0);
    let words = joined.map(|ranges| {
        let (first, last) = (ranges[0].0, ranges[ranges.len() - 1].1);
        if first == last {
            first.to_string()
        } else {
            format!("{first}-{last}")
        }
    });
    words.collect::<Vec<_>>().join(",")
}

/// The style of a cell, nothing for the terminal's own.
fn named(cell: &Cell) -> String {
    let mut words = Vec::new();
    if cell.fg != Color::Reset {
        words.push(colour(cell.fg));
    }
    if cell.bg != Color::Reset {
        words.push(format!("on-{}", colour(cell.bg)));
    }
    let modifiers = [
        (Modifier::BOLD, "bold"),
        (Modifier::DIM, "dim"),
        (Modifier::ITALIC, "italic"),
        (Modifier::UNDERLINED, "underlined"),
        (Modifier::SLOW_BLINK, "blinking"),
        (Modifier::RAPID_BLINK, "fast-blinking"),
        (Modifier::REVERSED, "reversed"),
        (Modifier::HIDDEN, "hidden"),
        (Modifier::CROSSED_OUT, "crossed-out"),
    ];
    words.extend(
        modifiers
            .into_iter()
            .filter(|(modifier, _)| cell.modifier.contains(*modifier))
            .map(|(_, word)| word.to_owned()),
    );
    words.join(" ")
}

fn colour(colour: Color) -> String {
    let name = match colour {
        Color::Reset => "default",
        Color::Black => "black",
        Color::Red => "red",
        Color::Green => "green",
        Color::Yellow => "yellow",
        Color::Blue => "blue",
        Color::Magenta => "magenta",
        Color::Cyan => "cyan",
        Color::Gray => "gray",
        Color::DarkGray => "dark-gray",
        Color::LightRed => "light-red",
        Color::LightGreen => "light-green",
        Color::LightYellow => "light-yellow",
        Color::LightBlue => "light-blue",
        Color::LightMagenta => "light-magenta",
        Color::LightCyan => "light-cyan",
        Color::White => "white",
        Color::Rgb(red, green, blue) => return format!("#{red:02x}{green:02x}{blue:02x}"),
        Color::Indexed(index) => return format!("colour-{index}"),
    };
    name.to_owned()
}
