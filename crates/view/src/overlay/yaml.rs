//! An object as YAML, over the panes: the text, what was left out of it, what is searched in it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::OverlayView;
use crate::hint::Hint::{self, Key};
use crate::theme::{Glyph, Role, Theme};
use crate::{paint, words};
use keys::action::Action;
use model::Model;
use model::screen::FilterLine;
use model::yaml::{Document, LeftOut, Yaml};
use text::{Outside, SafeText};

/// The column in which matches are marked.
pub(crate) const MARGIN: u16 = 1;
/// Kept free in the lower edge: ` 12345 of 12345 ` and the corners.
const POSITION_COLUMNS: usize = 24;

const HINTS: &[Hint] = &[
    Key(Action::Back, "close"),
    Key(Action::Filter, "search"),
    Key(Action::SearchNext, "next"),
    Key(Action::SearchPrevious, "before"),
    Key(Action::Copy, "copy"),
    Key(Action::Retry, "read again"),
    Key(Action::Note, "note"),
];

impl OverlayView for Yaml {
    fn draw(&self, model: &Model, theme: &Theme, whole: Rect, buffer: &mut Buffer) {
        let title = title(model, self, theme);
        let inside = paint::card(buffer, whole, title, Role::Focus, theme);
        let height = usize::from(inside.height);
        if self.read.is_none() {
            for (at, (text, role)) in absent(self, usize::from(inside.width)).iter().enumerate() {
                paint::text(buffer, paint::row(inside, at), text, theme.style(*role));
            }
            return;
        }
        let rows = self.rows(usize::from(inside.width.saturating_sub(MARGIN)));
        let matches = self.matches();
        let top = rows.partition_point(|(spot, _)| *spot < self.top);
        let top = top.min(rows.len().saturating_sub(height));
        for (at, (spot, text)) in rows.iter().skip(top).take(height).enumerate() {
            let area = paint::row(inside, at);
            let is_match = matches.binary_search(&spot.line).is_ok();
            let is_found = self.found == Some(spot.line);
            let sign = match (is_found, is_match, spot.part) {
                (true, _, 0) => theme.glyph(Glyph::Cursor),
                (_, true, 0) => theme.glyph(Glyph::Separator),
                _ => " ",
            };
            let mut pieces = vec![(SafeText::from(sign), theme.style(Role::Warn))];
            let line = coloured(text, spot.part == 0, theme);
            pieces.extend(paint::further_on(line, self.sideways.columns()));
            paint::pieces(buffer, area, &pieces);
            if is_found && !area.is_empty() {
                buffer.set_style(area, theme.style(Role::Selected));
            }
        }
        foot(self, (top, rows.len()), whole, theme, buffer);
    }

    fn hints(&self) -> &'static [Hint] {
        HINTS
    }
}

fn title(model: &Model, yaml: &Yaml, theme: &Theme) -> Vec<(SafeText<'static>, Style)> {
    let object = &yaml.object;
    let namespace = object
        .namespace
        .as_ref()
        .map_or(String::new(), |namespace| format!("{}/", namespace.shown()));
    let name = format!(
        " {} {namespace}{} ",
        object.kind.word(),
        object.name.shown()
    );
    let mut title = vec![(SafeText::from(name), theme.style(Role::Title))];
    let dot = theme.glyph(Glyph::Separator);
    if let Some((_, at)) = &yaml.read {
        let (at, mark) = (model.settings.shown(at.wall), model.settings.zone_mark());
        let words = format!("{dot} as of {}{mark} ", at.format("%H:%M:%S"));
        title.push((SafeText::from(words), theme.style(Role::Dim)));
    }
    if yaml.is_reading {
        let words = format!("{dot} {} reading ", theme.glyph(Glyph::Moving));
        title.push((SafeText::from(words), theme.style(Role::Warn)));
    }
    let is_typing = model.screen.topmost::<FilterLine>().is_some();
    if is_typing || !yaml.search.is_empty() {
        let caret = if is_typing { "_" } else { "" };
        let text = Outside::from(yaml.search.text());
        let words = format!("{dot} /{}{caret}{} ", text.shown(), found(yaml));
        title.push((SafeText::from(words), theme.style(Role::Warn)));
    }
    title
}

/// Which of the matches is under the eye.
fn found(yaml: &Yaml) -> String {
    let matches = yaml.matches();
    let at = yaml
        .found
        .and_then(|line| matches.binary_search(&line).ok());
    match (yaml.search.is_empty(), at) {
        (true, _) => String::new(),
        (false, Some(at)) => format!(" {} of {}", at + 1, matches.len()),
        (false, None) if matches.is_empty() => " not found".to_owned(),
        (false, None) => format!(" {}", words::counted(matches.len(), "line")),
    }
}

/// Nothing could be read yet: why.
fn absent(yaml: &Yaml, width: usize) -> Vec<(SafeText<'static>, Role)> {
    let Some(problem) = yaml.problem.as_ref().filter(|_| !yaml.is_reading) else {
        return vec![(SafeText::from(" reading it"), Role::Dim)];
    };
    let what = problem.what.shown();
    let next = SafeText::from(&*problem.next);
    let lines = |text: &SafeText<'_>, role: Role| {
        let lines = paint::wrapped(text, width.saturating_sub(2)).into_iter();
        lines
            .map(|line| (SafeText::from(format!(" {line}")), role))
            .collect::<Vec<_>>()
    };
    let mut all = lines(
        &SafeText::from("not known: it could not be read"),
        Role::Bad,
    );
    all.push((SafeText::from(""), Role::Text));
    all.extend(lines(&what, Role::Text));
    all.extend(lines(&next, Role::Text));
    all
}

/// A key stands out from its value.
fn coloured(text: &SafeText<'_>, is_start: bool, theme: &Theme) -> Vec<(SafeText<'static>, Style)> {
    let (all, plain) = (text.as_str(), theme.style(Role::Text));
    let end = all.find(": ").or(all.strip_suffix(':').map(str::len));
    match end.filter(|_| is_start) {
        Some(end) => vec![
            (
                SafeText::from(all[..end].to_owned()),
                theme.style(Role::Key),
            ),
            (SafeText::from(all[end..].to_owned()), plain),
        ],
        None => vec![(text.clone().into_owned(), plain)],
    }
}

/// In the lower edge: what is wrong with it, what is not in it, and where the reader is.
fn foot(yaml: &Yaml, place: (usize, usize), whole: Rect, theme: &Theme, buffer: &mut Buffer) {
    let (words, role) = match (&yaml.problem, &yaml.read) {
        (Some(problem), _) => (format!(" now: {} ", problem.what.shown()), Role::Bad),
        (None, Some((document, _))) => (left_out(document), Role::Dim),
        (None, None) => (String::new(), Role::Dim),
    };
    let room = usize::from(whole.width).saturating_sub(POSITION_COLUMNS);
    let words = SafeText::from(words);
    paint::foot(buffer, whole, &words.truncated(room), theme.style(role));
    paint::position(buffer, whole, place, theme.style(Role::Dim));
}

fn left_out(document: &Document) -> String {
    let words = document.left_out.iter().map(|what| match what {
        LeftOut::ManagedFields => "managedFields".to_owned(),
        LeftOut::LastApplied => "last-applied-configuration".to_owned(),
        LeftOut::SecretValues(count) => words::counted(*count, "secret value"),
        LeftOut::Lines(count) => format!("{} at the end", words::counted(*count, "line")),
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() {
        return String::new();
    }
    format!(" without {} ", words.join(", "))
}
