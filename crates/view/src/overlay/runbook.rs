//! A team's document over the panes: its rows or its headings, what is searched, which step is under the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::OverlayView;
use crate::hint::Hint::{self, Key};
use crate::theme::{Glyph, Role, Theme};
use crate::{paint, words};
use keys::action::Action;
use model::Model;
use model::runbook::{OpenRunbook, RunbookInk, RunbookPage, RunbookRow, RunbookStage, RunbookText};
use model::screen::FilterLine;
use text::{Outside, SafeText};

/// Kept free in the lower edge: ` 12345 of 12345 ` and the corners.
const POSITION_COLUMNS: usize = 24;
/// Corners of the frame, and a blank behind the name.
const TITLE_MARGIN: usize = 3;
/// A heading stands so many columns further in than the one above it.
const INDENT: usize = 2;

const HINTS: &[Hint] = &[
    Key(Action::Back, "close"),
    Key(Action::NextPane, "next step"),
    Key(Action::Logs, "headings"),
    Key(Action::Filter, "search"),
    Key(Action::Copy, "copy step"),
    Key(Action::SearchNext, "next match"),
    Key(Action::PageDown, "page down"),
    Key(Action::Note, "note"),
];

impl OverlayView for RunbookPage {
    fn draw(&self, model: &Model, theme: &Theme, whole: Rect, buffer: &mut Buffer) {
        let title = title(model, self, usize::from(whole.width), theme);
        let inside = paint::card(buffer, whole, title, Role::Focus, theme);
        match &self.stage {
            RunbookStage::Looking => wait(" looking for what fits", inside, theme, buffer),
            RunbookStage::Reading(_) => wait(" reading it", inside, theme, buffer),
            RunbookStage::Open(open) => match self.heading {
                Some(selected) => headings(open, selected, (whole, inside), theme, buffer),
                None => text(self, open, (whole, inside), theme, buffer),
            },
        }
    }

    fn hints(&self) -> &'static [Hint] {
        HINTS
    }
}

fn wait(words: &str, inside: Rect, theme: &Theme, buffer: &mut Buffer) {
    let words = SafeText::from(words);
    paint::text(
        buffer,
        paint::row(inside, 0),
        &words,
        theme.style(Role::Dim),
    );
}

fn title(
    model: &Model,
    page: &RunbookPage,
    width: usize,
    theme: &Theme,
) -> Vec<(SafeText<'static>, Style)> {
    let offer = match &page.stage {
        RunbookStage::Looking => None,
        RunbookStage::Reading(offer) => Some(offer),
        RunbookStage::Open(open) => Some(&open.offer),
    };
    let mut title = Vec::new();
    let dot = theme.glyph(Glyph::Separator);
    if let (Some(step), Some(open)) = (page.step, page.open()) {
        let words = format!("{dot} step {} of {} ", step + 1, open.runbook.steps.len());
        title.push((SafeText::from(words), theme.style(Role::Warn)));
    }
    let is_typing = model.screen.topmost::<FilterLine>().is_some();
    if is_typing || !page.search.is_empty() {
        let caret = if is_typing { "_" } else { "" };
        let text = Outside::from(page.search.text());
        let words = format!("{dot} /{}{caret}{} ", text.shown(), found(page));
        title.push((SafeText::from(words), theme.style(Role::Warn)));
    }
    // What was typed last has to be seen, so the name gives way.
    let head = SafeText::from(" Runbook ");
    let room = width.saturating_sub(TITLE_MARGIN + head.width() + paint::columns(&title));
    let name = offer.map(|offer| offer.name().shown());
    let name = name.as_ref().map(|name| name.at_words(room));
    let name = name.filter(|name| name.width() > 0);
    let name = name.map_or(String::new(), |name| format!("{name} "));
    title.insert(0, (SafeText::from(name), theme.style(Role::Title)));
    title.insert(0, (head, theme.style(Role::Title)));
    title
}

/// Which of the matches is under the eye.
fn found(page: &RunbookPage) -> String {
    let at = page
        .found
        .and_then(|line| page.matches.binary_search(&line).ok());
    match (page.search.is_empty(), at) {
        (true, _) => String::new(),
        (false, Some(at)) => format!(" {} of {}", at + 1, page.matches.len()),
        (false, None) if page.matches.is_empty() => " not found".to_owned(),
        (false, None) => format!(" {}", words::counted(page.matches.len(), "line")),
    }
}

fn text(
    page: &RunbookPage,
    open: &OpenRunbook,
    (whole, inside): (Rect, Rect),
    theme: &Theme,
    buffer: &mut Buffer,
) {
    let rows = &open.sheet.rows;
    let height = usize::from(inside.height);
    let top = open.sheet.row_of(page.top);
    let top = top.min(rows.len().saturating_sub(height));
    if rows.is_empty() {
        wait(" there is nothing in this document", inside, theme, buffer);
    }
    for (at, row) in rows.iter().skip(top).take(height).enumerate() {
        let area = paint::row(inside, at);
        let is_match = page.matches.binary_search(&row.spot.line).is_ok();
        let is_found = page.found == Some(row.spot.line);
        let is_step = page.step.is_some() && row.step == page.step;
        let sign = match (is_found, is_match && row.spot.part == 0, is_step) {
            (true, ..) if row.spot.part == 0 => theme.glyph(Glyph::Cursor),
            (_, _, true) => theme.glyph(Glyph::Cursor),
            (_, true, _) => theme.glyph(Glyph::Separator),
            _ => " ",
        };
        paint::pieces(buffer, area, &drawn(sign, row, theme));
        let is_text = !row.pieces.is_empty();
        if (is_found || is_step) && is_text && !area.is_empty() {
            buffer.set_style(area, theme.style(Role::Selected));
        }
    }
    let path = format!(" {} ", open.offer.file.path.shown());
    let room = usize::from(whole.width).saturating_sub(POSITION_COLUMNS);
    let path = SafeText::from(path);
    paint::foot(buffer, whole, &path.truncated(room), theme.style(Role::Dim));
    paint::position(buffer, whole, (top, rows.len()), theme.style(Role::Dim));
}

fn drawn<'r>(sign: &'r str, row: &'r RunbookRow, theme: &Theme) -> Vec<(SafeText<'r>, Style)> {
    let sign = (SafeText::from(sign), theme.style(Role::Warn));
    let pieces = row.pieces.iter().map(|piece| inked(piece, theme));
    std::iter::once(sign).chain(pieces).collect()
}

fn inked<'r>((text, ink): &'r RunbookText, theme: &Theme) -> (SafeText<'r>, Style) {
    let border = theme.border();
    let lines = |sign: &str| SafeText::from(sign.repeat(text.width()));
    match ink {
        RunbookInk::Rule => (lines(border.horizontal_top), theme.style(Role::Border)),
        RunbookInk::Bar => (lines(border.vertical_left), theme.style(Role::Border)),
        RunbookInk::Text
        | RunbookInk::Dim
        | RunbookInk::Heading
        | RunbookInk::Strong
        | RunbookInk::Emphasis
        | RunbookInk::Struck
        | RunbookInk::Code
        | RunbookInk::Link
        | RunbookInk::Caution
        | RunbookInk::Danger => (text.clone(), style(*ink, theme)),
    }
}

fn style(ink: RunbookInk, theme: &Theme) -> Style {
    let plain = theme.style(Role::Text);
    match ink {
        RunbookInk::Text => plain,
        RunbookInk::Dim | RunbookInk::Rule | RunbookInk::Bar => theme.style(Role::Dim),
        RunbookInk::Heading => theme.style(Role::Title),
        RunbookInk::Strong => plain.add_modifier(Modifier::BOLD),
        RunbookInk::Emphasis => plain.add_modifier(Modifier::ITALIC),
        RunbookInk::Struck => plain.add_modifier(Modifier::CROSSED_OUT),
        RunbookInk::Code => theme.style(Role::Key),
        RunbookInk::Link => plain.add_modifier(Modifier::UNDERLINED),
        RunbookInk::Caution => theme.style(Role::Warn),
        RunbookInk::Danger => theme.style(Role::Bad),
    }
}

fn headings(
    open: &OpenRunbook,
    selected: usize,
    (whole, inside): (Rect, Rect),
    theme: &Theme,
    buffer: &mut Buffer,
) {
    let headings = &open.sheet.headings;
    let height = usize::from(inside.height).max(1);
    let top = (selected + 1).saturating_sub(height);
    for (at, heading) in headings.iter().enumerate().skip(top).take(height) {
        let area = paint::row(inside, at - top);
        let sign = if at == selected {
            theme.glyph(Glyph::Cursor)
        } else {
            " "
        };
        let blanks = INDENT * usize::from(heading.level.saturating_sub(1));
        let words = format!("{sign} {:blanks$}{}", "", heading.text);
        paint::text(
            buffer,
            area,
            &SafeText::from(words),
            theme.style(Role::Text),
        );
        if at == selected && !area.is_empty() {
            buffer.set_style(area, theme.style(Role::Selected));
        }
    }
    paint::position(buffer, whole, (top, headings.len()), theme.style(Role::Dim));
}
