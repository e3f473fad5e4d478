//! The few strokes that every view is made of: text cut to its width, a framed box, a line of styled pieces.

mod put;

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Widget};

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::names;
use crate::theme::{Glyph, Role, Theme};
use model::Model;
use model::meta::Row;
use model::screen::Pane;
use model::table::Table;
use put::put;
use text::SafeText;

/// Fewer letters of a name tell nobody what a pane is narrowed to.
const SUBJECT_LEAST: usize = 8;

/// Writes text into one line of `area`, cut with an ellipsis.
pub fn text(buffer: &mut Buffer, area: Rect, text: &SafeText<'_>, style: Style) {
    if !area.is_empty() {
        let cut = text.truncated(usize::from(area.width));
        put(buffer, area, &cut, style);
    }
}

/// Writes styled pieces one after the other into the first line of `area`; returns the columns used.
pub fn pieces(buffer: &mut Buffer, area: Rect, pieces: &[(SafeText<'_>, Style)]) -> u16 {
    let mut x = area.x;
    for (piece, style) in pieces {
        let room = area.right().saturating_sub(x);
        if room == 0 || area.is_empty() {
            break;
        }
        // Blanks at the end are no reason to cut a word.
        let blanks = piece.as_str().len() - piece.as_str().trim_end_matches(' ').len();
        let is_whole = piece.width() - blanks <= usize::from(room);
        let cut = if is_whole {
            piece.clone()
        } else {
            piece.truncated(usize::from(room))
        };
        let rest = Rect {
            x,
            width: room,
            ..area
        };
        x = put(buffer, rest, &cut, *style);
    }
    x - area.x
}

/// The pieces without their first so many columns, and a sign where they are cut.
pub fn further_on(
    pieces: Vec<(SafeText<'_>, Style)>,
    columns: usize,
) -> Vec<(SafeText<'_>, Style)> {
    if columns == 0 || self::columns(&pieces) == 0 {
        return pieces;
    }
    let mut hidden = columns;
    let mut rest = vec![(SafeText::from("…"), Style::new())];
    for (piece, style) in pieces {
        let mut at = 0;
        for cluster in piece.as_str().graphemes(true) {
            if hidden == 0 {
                break;
            }
            hidden = hidden.saturating_sub(cluster.width());
            at += cluster.len();
        }
        if at < piece.as_str().len() {
            rest.push((SafeText::whole(&piece.as_str()[at..]).into_owned(), style));
        }
    }
    rest
}

/// Columns that styled pieces take.
pub fn columns(pieces: &[(SafeText<'_>, Style)]) -> usize {
    pieces.iter().map(|(piece, _)| piece.width()).sum()
}

/// A framed box with a title; returns its inside.
pub fn frame(
    buffer: &mut Buffer,
    area: Rect,
    title: Vec<(SafeText<'_>, Style)>,
    role: Role,
    theme: &Theme,
) -> Rect {
    let block = Block::bordered()
        .border_set(theme.border())
        .border_style(theme.style(role))
        .title(line(title));
    let inside = block.inner(area);
    block.render(area, buffer);
    inside
}

/// The first piece of a pane's title: its digit and its name.
pub fn pane_title(pane: Pane, theme: &Theme) -> (SafeText<'static>, Style) {
    let words = format!(" {} {} ", pane.digit(), pane.title());
    (SafeText::from(words), theme.style(Role::Title))
}

/// The title of a pane with what it is narrowed to: whole with its extras, else without them, else with a shortened subject.
pub fn narrowed<'a>(
    model: &Model,
    (pane, width): (Pane, u16),
    theme: &Theme,
    title: impl Fn(Option<(SafeText<'static>, Style)>, bool) -> Vec<(SafeText<'a>, Style)>,
) -> Vec<(SafeText<'a>, Style)> {
    let room = usize::from(width.saturating_sub(2));
    let subject = model.screen.subject_of(pane);
    let is_gone = subject.is_some_and(|subject| subject.is_gone(&model.cluster));
    let gone = if is_gone { ", gone" } else { "" };
    let words = |name: &SafeText<'_>| {
        let words = SafeText::from(format!("of {name}{gone} "));
        (words, theme.style(Role::Warn))
    };
    let whole = subject.map(|subject| words(&subject.title.shown()));
    for has_extras in [true, false] {
        let title = title(whole.clone(), has_extras);
        if columns(&title) <= room {
            return title;
        }
    }
    let bare = title(None, false);
    let left = room.saturating_sub(columns(&bare) + "of  ".len() + gone.len());
    let subject = subject.filter(|_| left >= SUBJECT_LEAST);
    match subject {
        Some(subject) => {
            let name = names::shortened(&subject.title.shown(), left);
            title(Some(words(&name)), false)
        }
        None => bare,
    }
}

/// The frame of a pane tells whether the keys go there.
pub fn pane_role(model: &Model, pane: Pane) -> Role {
    if model.screen.focus == pane {
        Role::Focus
    } else {
        Role::Border
    }
}

/// Frames are faint, words in them are not.
fn over_frame(style: Style) -> Style {
    style.remove_modifier(Modifier::DIM)
}

/// Lines of a list above its first line on the screen, or below its last one.
#[derive(Clone, Copy)]
pub struct Unseen {
    pub lines: usize,
    pub sick: usize,
}

/// What is out of sight above line `top` of a table, and below the last of `height` lines.
pub fn beyond<R: Row>(
    table: &Table<R>,
    top: usize,
    height: usize,
    is_meant: impl Fn(&R) -> bool,
) -> (Unseen, Unseen) {
    let end = (top + height).min(table.len());
    let mut left = table.counts().listed_sick;
    let mut part = |lines: Range<usize>| {
        let (sick, meant) = table.sick_in(lines.clone(), left, &is_meant);
        left -= sick;
        Unseen {
            lines: lines.len(),
            sick: meant,
        }
    };
    let above = part(0..top);
    part(top..end);
    (above, part(end..table.len()))
}

/// What is out of sight in a list, in the lower edge of its frame: `↑ 2 sick  ↓ 14, 3 sick`. Returns the frame less the
/// columns that it took.
pub fn unseen(
    buffer: &mut Buffer,
    area: Rect,
    (above, below): (Unseen, Unseen),
    sick: &str,
    theme: &Theme,
) -> Rect {
    let side = |glyph: Glyph, unseen: Unseen| {
        let count = match (unseen.lines, unseen.sick) {
            (0, _) => return None,
            (lines, 0) => format!("{lines}"),
            (lines, count) if lines == count => format!("{count} {sick}"),
            (lines, count) => format!("{lines}, {count} {sick}"),
        };
        Some(format!("{} {count}", theme.glyph(glyph)))
    };
    let sides = [side(Glyph::Above, above), side(Glyph::Below, below)];
    let words: Vec<String> = sides.into_iter().flatten().collect();
    if words.is_empty() {
        return area;
    }
    let words = SafeText::from(format!(" {} ", words.join("  ")));
    let role = if above.sick + below.sick > 0 {
        Role::Bad
    } else {
        Role::Text
    };
    at_right_edge(buffer, area, &words, theme.style(role))
}

/// Words at the right of the lower edge; returns the frame less the columns that they took.
pub fn at_right_edge(buffer: &mut Buffer, area: Rect, words: &SafeText<'_>, style: Style) -> Rect {
    let width = u16::try_from(words.width()).unwrap_or(u16::MAX);
    if area.width <= width.saturating_add(4) || area.height < 2 {
        return area;
    }
    let edge = Rect {
        x: area.right() - width - 2,
        y: area.bottom() - 1,
        width,
        height: 1,
    };
    text(buffer, edge, words, over_frame(style));
    Rect {
        width: area.width - width - 1,
        ..area
    }
}

/// Words in the lower edge of a frame that was drawn.
pub fn foot(buffer: &mut Buffer, area: Rect, text: &SafeText<'_>, style: Style) {
    if area.height > 1 && area.width > 4 {
        let edge = Rect {
            x: area.x + 2,
            y: area.bottom() - 1,
            width: area.width - 4,
            height: 1,
        };
        let cut = text.at_words(usize::from(edge.width));
        self::text(buffer, edge, &cut, over_frame(style));
    }
}

/// Where the reader of a page is, in the lower edge of its frame; nothing when all of it is seen.
pub fn position(buffer: &mut Buffer, area: Rect, (top, rows): (usize, usize), style: Style) {
    let height = usize::from(area.height.saturating_sub(2));
    if rows > height {
        let words = format!(" {} of {rows} ", (top + height).min(rows));
        at_right_edge(buffer, area, &SafeText::from(words), style);
    }
}

fn line(pieces: Vec<(SafeText<'_>, Style)>) -> Line<'static> {
    let spans = pieces
        .into_iter()
        .map(|(text, style)| Span::styled(text.into_owned().to_string(), over_frame(style)));
    Line::from(spans.collect::<Vec<_>>())
}

/// A framed box over what was there.
pub fn card(
    buffer: &mut Buffer,
    area: Rect,
    title: Vec<(SafeText<'_>, Style)>,
    role: Role,
    theme: &Theme,
) -> Rect {
    Clear.render(area, buffer);
    frame(buffer, area, title, role, theme)
}

/// The line of `area` with this number, or nothing below its end.
pub fn row(area: Rect, line: usize) -> Rect {
    match u16::try_from(line) {
        Ok(line) if line < area.height => Rect {
            y: area.y + line,
            height: 1,
            ..area
        },
        _ => Rect::ZERO,
    }
}

/// The text broken into lines of at most `width` columns, between words where there are any.
pub fn wrapped(text: &SafeText<'_>, width: usize) -> Vec<SafeText<'static>> {
    let lines = textwrap::wrap(text.as_str(), width.max(1));
    lines
        .into_iter()
        .map(|line| SafeText::from(line.into_owned()))
        .collect()
}
