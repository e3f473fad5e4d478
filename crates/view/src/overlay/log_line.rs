//! One line of a log whole, over the panes: of whom and when, its text or its fields, and as it was printed.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::OverlayView;
use super::page::{self, Lines, PageText};
use crate::hint::Hint::{self, Key};
use crate::theme::{Glyph, Role, Theme};
use crate::words;
use keys::action::Action;
use model::Model;
use model::filter::{self, Filter};
use model::logs::{LogField, LogLine, Marker, fields};
use model::screen::LogLinePage;
use text::{Outside, SafeText};

const HINTS: &[Hint] = &[
    Key(Action::Back, "close"),
    Key(Action::PageDown, "page down"),
    Key(Action::SearchNext, "next match"),
    Key(Action::Copy, "copy"),
    Key(Action::LogsPin, "pin"),
    Key(Action::Note, "note"),
];

impl OverlayView for LogLinePage {
    fn draw(&self, model: &Model, theme: &Theme, whole: Rect, buffer: &mut Buffer) {
        let mut title = vec![(SafeText::from(" Log line "), theme.style(Role::Title))];
        let filter = &model.screen.logs.filter;
        if !filter.is_empty() {
            let width = usize::from(whole.width.saturating_sub(2));
            let count = matches(model, self, width).len();
            let (dot, text) = (theme.glyph(Glyph::Separator), Outside::from(filter.text()));
            let place = match self.found {
                Some(at) if count > 0 => format!("{} of {count}", at.min(count - 1) + 1),
                Some(_) | None => format!("{count} here"),
            };
            let words = format!("{dot} /{} {place} ", text.shown());
            title.push((SafeText::from(words), theme.style(Role::Warn)));
        }
        let lines = |width| lines(model, self, width).0;
        page::draw(title, self.top, lines, theme, whole, buffer);
    }

    fn hints(&self) -> &'static [Hint] {
        HINTS
    }

    fn rows(&self, model: &Model, width: usize) -> usize {
        lines(model, self, width).0.len()
    }
}

/// The rows of the page in which something begins that matches.
pub(crate) fn matches(model: &Model, page: &LogLinePage, width: usize) -> Vec<usize> {
    lines(model, page, width).1
}

fn lines(model: &Model, page: &LogLinePage, width: usize) -> (Lines, Vec<usize>) {
    let mut whole = Whole {
        page: PageText::new(width),
        filter: &model.screen.logs.filter,
        matches: Vec::new(),
    };
    let Some(line) = page.line() else {
        return (Lines::new(), Vec::new());
    };
    about(model, page, line, &mut whole.page);
    let text = page.segment.text(line);
    let states: Vec<&str> = text.split('\r').filter(|state| !state.is_empty()).collect();
    let last = states.last().copied().unwrap_or_default();
    let mut is_as_printed = text == last;
    match fields(&text::without_colours(last)) {
        Some((before, fields)) => {
            is_as_printed = false;
            if !before.is_empty() {
                whole.page.head("Before");
                whole.text(before);
            }
            whole.page.head("Fields");
            for field in &fields {
                whole.field(field);
            }
        }
        None if states.len() > 1 => {
            whole.page.head("States");
            for state in &states {
                whole.text(&text::without_colours(state));
            }
        }
        None => {
            let plain = text::without_colours(last);
            is_as_printed &= plain == last;
            whole.page.head("Text");
            whole.text(&plain);
        }
    }
    if !is_as_printed {
        whole.page.head("As it was printed");
        whole.page.text(Role::Dim, &SafeText::whole(text));
    }
    (whole.page.lines, whole.matches)
}

fn about(model: &Model, page: &LogLinePage, line: &LogLine, lines: &mut PageText) {
    let stream = &page.segment.stream;
    lines.head("Line");
    let (at, mark) = (
        model.settings.shown(line.at.utc()),
        model.settings.zone_mark(),
    );
    let at = format!("{}{mark}", at.format("%Y-%m-%d %H:%M:%S%.9f"));
    lines.field("printed", Role::Text, &SafeText::from(at));
    let pod = format!("{}/{}", stream.namespace.shown(), stream.pod.shown());
    lines.field("pod", Role::Text, &SafeText::from(pod));
    let before = if stream.is_previous {
        ", the instance before"
    } else {
        ""
    };
    let container = format!("{}{before}", stream.container.shown());
    lines.field("container", Role::Text, &SafeText::from(container));
    let length = Outside::from(page.segment.text(line)).raw_bytes().len();
    let length = words::counted(length, "byte");
    match line.marker.as_deref() {
        Some(Marker::Cut { bytes }) => {
            let words = format!("{length}, {bytes} more were cut");
            lines.field("length", Role::Warn, &SafeText::from(words));
        }
        _ => lines.field("length", Role::Text, &SafeText::from(length)),
    }
}

/// The text of the page, with the rows that match.
struct Whole<'a> {
    page: PageText,
    filter: &'a Filter,
    matches: Vec<usize>,
}

impl Whole<'_> {
    /// What is found stands out, and is gone to.
    fn role(&mut self, text: &str) -> Role {
        if self.filter.found_in(text).is_empty() {
            return Role::Text;
        }
        self.matches.push(self.page.lines.len());
        Role::Title
    }

    fn text(&mut self, text: &str) {
        let role = self.role(text);
        self.page.text(role, &SafeText::whole(text));
    }

    /// A name, and beside it its value line by line.
    fn field(&mut self, field: &LogField) {
        let value = field.value.as_ref().map_or("", filter::field);
        let name = filter::field(&field.name);
        let mut lines = value.split(['\n', '\r']).filter(|line| !line.is_empty());
        let first = text::without_colours(lines.next().unwrap_or_default());
        let role = self.role(&format!("{name}\n{first}"));
        let label = (field.depth, field.name.shown());
        self.page.named(&label, role, &SafeText::whole(&first));
        for line in lines {
            let line = text::without_colours(line);
            let role = self.role(&line);
            let label = (field.depth, SafeText::from(""));
            self.page.named(&label, role, &SafeText::whole(&line));
        }
    }
}
