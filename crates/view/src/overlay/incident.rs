//! The form that opens or closes an incident, with every key that works in it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::OverlayView;
use super::note::{COLUMNS, keys, severities};
use crate::theme::{Role, Theme};
use crate::{layout, paint, timeline};
use keys::action::Action;
use keys::keymap::Place;
use model::incident_form::IncidentForm;
use model::note;
use model::{Model, unfinished};
use text::{Outside, SafeText};

const ROWS: u16 = 8;
/// What stands around the name of the incident to be closed, less the name.
const CLOSE_TITLE: &str = " Close the incident \"\"? ";

impl OverlayView for IncidentForm {
    fn draw(&self, model: &Model, theme: &Theme, whole: Rect, buffer: &mut Buffer) {
        let area = layout::centred(whole, COLUMNS, ROWS);
        let open = model.timeline.incident.as_ref();
        let closed = open.filter(|_| self.is_closing);
        let title = match closed {
            Some(open) => {
                let around = SafeText::from(CLOSE_TITLE).width();
                let room = usize::from(area.width).saturating_sub(around + 2);
                let title = open.title.shown();
                let name = title.truncated(room);
                format!(" Close the incident \"{name}\"? ")
            }
            None => " Open an incident ".to_owned(),
        };
        let title = vec![(SafeText::from(title), theme.style(Role::Title))];
        let inside = paint::card(buffer, area, title, Role::Focus, theme);
        if self.is_asking {
            draw_question(model, theme, inside, buffer);
            return;
        }
        let question = if closed.is_some() {
            "How did it end? (may stay empty)"
        } else {
            "Title: what do users notice?"
        };
        let mut line = |at: usize, words: String, role: Role| {
            let words = SafeText::from(words);
            paint::text(buffer, paint::row(inside, at), &words, theme.style(role));
        };
        line(0, question.to_owned(), Role::Dim);
        let typed = Outside::from(self.text.as_str());
        let room = usize::from(inside.width).saturating_sub(3);
        let lines = timeline::wrap(typed.shown().as_str(), room.max(1));
        let last = lines.last().map_or("", String::as_str);
        line(1, format!("> {last}_"), Role::Text);
        if closed.is_some() {
            draw_keys(model, "close it", theme, paint::row(inside, 4), buffer);
            return;
        }
        let scheme = &model.timeline.scheme;
        let said = note::said(&self.text, model.settings.shown(model.now.wall), scheme);
        let missing = self.missing(&said);
        if let Some(worst) = scheme.levels.first() {
            let words = format!(
                "Severity: how grave it is, {worst} the worst. By key, or first in the title."
            );
            line(2, words, Role::Dim);
        }
        if let Some(why) = said.refusal() {
            line(4, why, Role::Warn);
        } else if !missing.is_empty() {
            line(4, format!("missing: {}", missing.join(", ")), Role::Warn);
        }
        let severity = self.severity.clone().or(said.severity);
        let pieces = severities(model, Place::Line, severity.as_ref(), theme);
        paint::pieces(buffer, paint::row(inside, 3), &pieces);
        draw_keys(model, "open it", theme, paint::row(inside, 5), buffer);
    }
}

fn draw_keys(model: &Model, verb: &'static str, theme: &Theme, row: Rect, buffer: &mut Buffer) {
    let actions = [(Action::Accept, verb), (Action::Back, "leave all as it is")];
    let pieces = keys(model, Place::Line, &actions, theme);
    paint::pieces(buffer, row, &pieces);
}

/// What is not over yet, and whether to close it all the same.
fn draw_question(model: &Model, theme: &Theme, inside: Rect, buffer: &mut Buffer) {
    let unfinished = unfinished::of_incident(model);
    let words = Outside::from(if unfinished.is_empty() {
        "all is over by now: close it?".to_owned()
    } else {
        format!("{}: close it all the same?", unfinished.join(", "))
    });
    let lines = paint::wrapped(&words.shown(), usize::from(inside.width));
    for (at, line) in lines.iter().take(4).enumerate() {
        paint::text(
            buffer,
            paint::row(inside, at),
            line,
            theme.style(Role::Warn),
        );
    }
    let actions = [(Action::Confirm, "close it"), (Action::Refuse, "not yet")];
    let pieces = keys(model, Place::Dialog, &actions, theme);
    paint::pieces(buffer, paint::row(inside, 5), &pieces);
}
