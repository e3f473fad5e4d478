//! Draws the model into a buffer. Never changes state, and decides nothing that the model does not say.

mod alerts;
pub mod editor;
mod footer;
mod header;
mod hint;
pub mod layout;
mod logs;
mod names;
mod overlay;
mod paint;
mod pods;
mod rollouts;
mod serving;
mod strip;
pub mod theme;
mod timeline;
mod why;
mod words;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::theme::Theme;
use model::Model;
use model::screen::Pane;

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
    let rollout_line = visible(layout.rollout_line);
    if !rollout_line.is_empty() {
        rollouts::draw_line(model, theme, rollout_line, buffer);
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
        overlay::of(overlay).draw(model, theme, whole, buffer);
    }
    strip::draw(model, theme, visible(layout.strip), buffer);
    footer::draw(model, theme, visible(layout.footer), buffer);
}
