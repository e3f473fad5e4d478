//! The difference of two buffers -> bytes. Emits cursor positions, text, SGR, one erase on a fresh screen and the scroll of a region,
//! nothing else; an empty difference is no bytes at all.

mod scroll;
#[cfg(test)]
mod tests;

use std::io::Write as _;
use std::ops::Range;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use crate::guard::guard;
use scroll::Scroll;

/// Begin of a synchronized update: the terminal shows the frame at once (mode 2026,
/// <https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036>). A terminal that does not know it ignores it.
const SYNC_BEGIN: &[u8] = b"\x1b[?2026h";
/// End of a synchronized update.
pub(super) const SYNC_END: &[u8] = b"\x1b[?2026l";
/// Default style, whole screen erased.
const ERASE: &[u8] = b"\x1b[0m\x1b[2J";
const STYLE_RESET: &[u8] = b"\x1b[0m";

/// Modifiers and their SGR numbers. Hidden (8) is left out: nothing on the screen is to be invisible; blinking too.
const MODIFIERS: [(Modifier, &[u8]); 6] = [
    (Modifier::BOLD, b";1"),
    (Modifier::DIM, b";2"),
    (Modifier::ITALIC, b";3"),
    (Modifier::UNDERLINED, b";4"),
    (Modifier::REVERSED, b";7"),
    (Modifier::CROSSED_OUT, b";9"),
];

/// A difference of fewer bytes is not worth the search for a scroll.
const SCROLL_WORTH: usize = 200;

/// Columns up to which a cell that need not be written is shorter than a position.
const PASSED_MAX: usize = 6;

type CellStyle = (Color, Color, Modifier);
const PLAIN: CellStyle = (Color::Reset, Color::Reset, Modifier::empty());

/// What the terminal shows, and what it can.
pub(super) struct Painter {
    shown: Buffer,
    next: Buffer,
    erase: bool,
    ascii: bool,
    scrolls: bool,
}

impl Painter {
    /// `scrolls` when the terminal is known to have scroll regions.
    pub(super) fn new(ascii: bool, scrolls: bool) -> Self {
        Painter {
            shown: Buffer::default(),
            next: Buffer::default(),
            erase: true,
            ascii,
            scrolls,
        }
    }

    /// The screen shows something else than we believe: erase it and draw everything.
    pub(super) fn forget(&mut self) {
        self.erase = true;
    }

    /// Draws a frame of that size and gives the bytes that change the last one into it; empty when nothing changed.
    pub(super) fn frame(
        &mut self,
        columns: u16,
        rows: u16,
        draw: impl FnOnce(&mut Buffer),
    ) -> Vec<u8> {
        let area = Rect::new(0, 0, columns, rows);
        self.next.resize(area);
        self.next.reset();
        draw(&mut self.next);
        let mut bytes = Vec::new();
        if self.erase || self.shown.area != area {
            self.shown = Buffer::empty(area);
            self.erase = false;
            bytes.extend_from_slice(ERASE);
        }
        let whole = bytes.len();
        // What the terminal shows has passed the guard.
        let changed: Vec<usize> = self.changed().collect();
        for row in &changed {
            guard(&mut self.next.content[cells(*row, area)]);
        }
        self.difference(&changed, &mut bytes);
        if self.scrolls
            && bytes.len() >= whole + SCROLL_WORTH
            && let Some(scroll) = Scroll::between(&self.shown, &self.next)
        {
            bytes.truncate(whole);
            scroll.write(&mut bytes);
            scroll.apply(&mut self.shown);
            let changed: Vec<usize> = self.changed().collect();
            self.difference(&changed, &mut bytes);
        }
        std::mem::swap(&mut self.shown, &mut self.next);
        if bytes.is_empty() {
            return bytes;
        }
        [SYNC_BEGIN, &bytes, SYNC_END].concat()
    }

    /// Rows that are not what the terminal shows. Both buffers have the same size.
    fn changed(&self) -> impl Iterator<Item = usize> {
        let area = self.next.area;
        (0..usize::from(area.height)).filter(move |row| {
            let cells = cells(*row, area);
            self.shown.content[cells.clone()] != self.next.content[cells]
        })
    }

    fn difference(&self, rows: &[usize], bytes: &mut Vec<u8>) {
        let mut current = PLAIN;
        let mut cursor = None;
        let rows = rows
            .iter()
            .map(|row| (alone(&self.shown, *row), alone(&self.next, *row)));
        for (shown, next) in rows {
            for (x, y, cell) in shown.diff_iter(&next) {
                let before = cursor.filter(|(at, row)| *row == y && *at < x);
                let passed = before.and_then(|(at, _)| passed(&next, at..x, current));
                if let Some(passed) = passed {
                    bytes.extend(passed);
                } else if cursor != Some((x, y)) {
                    let _ = write!(bytes, "\x1b[{};{}H", y + 1, x + 1);
                }
                let wanted = style_of(cell);
                if wanted != current {
                    style(bytes, wanted);
                    current = wanted;
                }
                cursor = self.symbol(bytes, cell).map(|width| (x + width, y));
            }
        }
        if current != PLAIN {
            bytes.extend_from_slice(STYLE_RESET);
        }
    }

    /// Writes the symbol; gives how far the cursor went when every terminal agrees on that.
    fn symbol(&self, bytes: &mut Vec<u8>, cell: &Cell) -> Option<u16> {
        let symbol = cell.symbol();
        if symbol.is_ascii() {
            bytes.extend_from_slice(symbol.as_bytes());
            return Some(1);
        }
        if self.ascii {
            // In an 8-bit character set the bytes of UTF-8 may be controls: none of them may go out.
            let width = unicode_width::UnicodeWidthStr::width(symbol);
            let stand_in = ascii(symbol);
            bytes.extend(std::iter::repeat_n(stand_in, width.max(1)));
            return u16::try_from(width).ok();
        }
        bytes.extend_from_slice(symbol.as_bytes());
        let mut characters = symbol.chars();
        matches!(
            (characters.next(), characters.next()),
            (Some('\u{2500}'..='\u{259F}'), None)
        )
        .then_some(1)
    }
}

/// Where the cells of a row are.
fn cells(row: usize, area: Rect) -> Range<usize> {
    let columns = usize::from(area.width);
    row * columns..(row + 1) * columns
}

/// One row of a buffer, in its place.
fn alone(buffer: &Buffer, row: usize) -> Buffer {
    Buffer {
        area: Rect {
            y: u16::try_from(row).unwrap_or(u16::MAX),
            height: 1,
            ..buffer.area
        },
        content: buffer.content[cells(row, buffer.area)].to_vec(),
    }
}

/// The bytes of cells that the terminal shows already, where writing them again is shorter than going over them.
fn passed(row: &Buffer, columns: Range<u16>, current: CellStyle) -> Option<Vec<u8>> {
    let cells = columns.map(|x| match row[(x, row.area.y)].symbol().as_bytes() {
        [byte] if style_of(&row[(x, row.area.y)]) == current => Some(*byte),
        _ => None,
    });
    (cells.len() <= PASSED_MAX).then(|| cells.collect())?
}

fn style_of(cell: &Cell) -> CellStyle {
    (cell.fg, cell.bg, cell.modifier)
}

/// What stands for a character where only ASCII can be shown: lines stay lines, the rest says that it is something else.
fn ascii(symbol: &str) -> u8 {
    match symbol.chars().next() {
        Some('─' | '━' | '═' | '╌' | '—' | '–') => b'-',
        Some('│' | '┃' | '║' | '╎') => b'|',
        Some('\u{2500}'..='\u{257F}') => b'+',
        Some('\u{2580}'..='\u{259F}') => b'#',
        Some('…') => b'~',
        Some('·' | '•') => b'.',
        _ => b'?',
    }
}

fn style(bytes: &mut Vec<u8>, (foreground, background, modifier): CellStyle) {
    bytes.extend_from_slice(b"\x1b[0");
    for (one, number) in MODIFIERS {
        if modifier.contains(one) {
            bytes.extend_from_slice(number);
        }
    }
    color(bytes, foreground, 30);
    color(bytes, background, 40);
    bytes.push(b'm');
}

/// The SGR numbers of a colour; `base` is 30 for the foreground and 40 for the background.
fn color(bytes: &mut Vec<u8>, color: Color, base: u8) {
    const BRIGHT: u8 = 60;
    let number = match color {
        Color::Reset => return,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => BRIGHT,
        Color::LightRed => BRIGHT + 1,
        Color::LightGreen => BRIGHT + 2,
        Color::LightYellow => BRIGHT + 3,
        Color::LightBlue => BRIGHT + 4,
        Color::LightMagenta => BRIGHT + 5,
        Color::LightCyan => BRIGHT + 6,
        Color::White => BRIGHT + 7,
        Color::Indexed(index) => {
            let _ = write!(bytes, ";{};5;{index}", base + 8);
            return;
        }
        Color::Rgb(red, green, blue) => {
            let _ = write!(bytes, ";{};2;{red};{green};{blue}", base + 8);
            return;
        }
    };
    let _ = write!(bytes, ";{}", base + number);
}
