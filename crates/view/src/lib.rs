//! Draws the model into a buffer. Never changes state, and decides nothing that the model does not say.

mod alert;
mod alerts;
mod detail;
mod dialog;
mod diff;
pub mod editor;
mod entry;
mod footer;
mod header;
mod help;
pub mod layout;
mod logs;
mod note;
mod paint;
mod palette;
mod picker;
mod pods;
mod rollouts;
mod serving;
mod strip;
pub mod theme;
mod timeline;
mod words;
mod yaml;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::theme::Theme;
use model::Model;
use model::screen::{Overlay, Pane};

/// Draws one frame. The buffer's area is the terminal.
pub fn draw(model: &Model, theme: &Theme, buffer: &mut Buffer) {
    let layout = layout::of(model);
    let screen = *buffer.area();
    let visible = |area: Rect| area.intersection(screen);
    header::draw(model, theme, visible(layout.header), buffer);
    let alert_line = visible(layout.alert_line);
    if !alert_line.is_empty() {
        alerts::draw_line(model, theme, alert_line, buffer);
    }
    for (pane, area) in &layout.panes {
        match pane {
            Pane::Alerts => alerts::draw(model, theme, visible(*area), buffer),
            Pane::Pods => pods::draw(model, theme, visible(*area), buffer),
            Pane::Logs => logs::draw(model, theme, visible(*area), buffer),
            Pane::Rollouts => rollouts::draw(model, theme, visible(*area), buffer),
            Pane::Timeline => timeline::draw(model, theme, visible(*area), buffer),
        }
    }
    // Context, freshness and the status line stay on the screen whatever lies over the panes.
    let whole = visible(layout.middle);
    for overlay in &model.screen.overlays {
        match overlay {
            Overlay::Diff(difference) => diff::draw(difference, theme, whole, buffer),
            Overlay::Help { top } => help::draw(model, *top, theme, whole, buffer),
            Overlay::Palette(palette) => palette::draw(model, palette, theme, whole, buffer),
            Overlay::Picker(picker) => picker::draw(model, picker, theme, whole, buffer),
            Overlay::Yaml(yaml) => yaml::draw(model, yaml, theme, whole, buffer),
            Overlay::Detail { top, .. } => detail::draw(model, *top, theme, whole, buffer),
            Overlay::Alert { uid, top } => alert::draw(model, (uid, *top), theme, whole, buffer),
            Overlay::Entry { id, top } => entry::draw(model, (*id, *top), theme, whole, buffer),
            Overlay::Note(note) => note::draw(model, note, theme, whole, buffer),
            Overlay::Dialog(dialog) => dialog::draw(model, dialog, theme, whole, buffer),
            Overlay::Incident(form) => note::draw_form(model, form, theme, whole, buffer),
            Overlay::Filter { .. } => {}
        }
    }
    strip::draw(model, theme, visible(layout.strip), buffer);
    footer::draw(model, theme, visible(layout.footer), buffer);
}
