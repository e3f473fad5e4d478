//! What lies over the panes: the one place in the view that knows the kinds of overlays. A file for each below.

mod alert;
mod changes;
mod detail;
mod dialog;
mod diff;
mod entry;
mod filter;
mod help;
mod incident;
mod log_line;
mod note;
mod page;
mod palette;
mod picker;
mod runbook;
mod runbook_choice;
mod yaml;

pub(crate) use log_line::matches as log_line_matches;
pub(crate) use yaml::MARGIN as TEXT_MARGIN;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::hint::Hint::{self, Key};
use crate::theme::Theme;
use keys::action::Action;
use model::Model;
use model::screen::Overlay;

/// Of a list from which one is chosen.
const CHOICE_HINTS: &[Hint] = &[Key(Action::Accept, "take it"), Key(Action::Back, "close")];

/// How one kind of overlay is shown.
pub(crate) trait OverlayView {
    /// Draws it over `whole`, which is all between header and footer.
    fn draw(&self, model: &Model, theme: &Theme, whole: Rect, buffer: &mut Buffer);

    /// The hints of the footer while it is on top: none of what says its keys beside what it asks.
    fn hints(&self) -> &'static [Hint] {
        &[]
    }

    /// How many rows its page has at this width; none where nobody scrolls by rows.
    fn rows(&self, _: &Model, _width: usize) -> usize {
        0
    }
}

/// The view of an overlay.
pub(crate) fn of(overlay: &Overlay) -> &dyn OverlayView {
    match overlay {
        Overlay::Help(help) => &**help,
        Overlay::Filter(filter) => &**filter,
        Overlay::Picker(picker) => &**picker,
        Overlay::Palette(palette) => &**palette,
        Overlay::Note(note) => &**note,
        Overlay::Incident(form) => &**form,
        Overlay::Dialog(dialog) => &**dialog,
        Overlay::Diff(difference) => &**difference,
        Overlay::Entry(entry) => &**entry,
        Overlay::Alert(alert) => &**alert,
        Overlay::Changes(changes) => &**changes,
        Overlay::Yaml(yaml) => &**yaml,
        Overlay::LogLine(page) => &**page,
        Overlay::Detail(detail) => &**detail,
        Overlay::Runbook(page) => &**page,
        Overlay::RunbookChoice(choice) => &**choice,
    }
}
