//! The form that opens or closes an incident, with every key that works in it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::OverlayView;
use super::note::{COLUMNS, keys, severities};
use crate::theme::{Role, Theme};
use crate::{layout, paint, timeline};
use keys::action::Action;
use keys::keymap::Place;
use model::Model;
use model::note::IncidentForm;
use text::{Outside, SafeText};

const ROWS: u16 = 7;

impl OverlayView for IncidentForm {
    fn draw(&self, model: &Model, theme: &Theme, whole: Rect, buffer: &mut Buffer) {
        let area = layout::centred(whole, COLUMNS, ROWS);
        let open = model.timeline.incident.as_ref();
        let (title, question, verb) = match open {
            Some(open) if self.is_closing => (
                format!(" Close the incident \"{}\"? ", open.title.shown()),
                "How did it end? (may stay empty)",
                "close it",
            ),
            _ => (
                " Open an incident ".to_owned(),
                "What do users notice? Begin with its severity, such as P1.",
                "open it",
            ),
        };
        let inside = paint::card(
            buffer,
            area,
            vec![(SafeText::from(title), theme.style(Role::Title))],
            Role::Focus,
            theme,
        );
        paint::text(
            buffer,
            paint::row(inside, 0),
            &SafeText::from(question),
            theme.style(Role::Dim),
        );
        let typed = Outside::from(self.text.as_str());
        let room = usize::from(inside.width).saturating_sub(3);
        let lines = timeline::wrap(typed.shown().as_str(), room.max(1));
        let last = lines.last().map_or("", String::as_str);
        paint::text(
            buffer,
            paint::row(inside, 1),
            &SafeText::from(format!("> {last}_")),
            theme.style(Role::Text),
        );
        if !self.is_closing {
            let said = model::note::said(
                &self.text,
                model.settings.shown(model.now.wall),
                &model.timeline.scheme,
            );
            let severity = self.severity.clone().or(said.severity);
            paint::pieces(
                buffer,
                paint::row(inside, 2),
                &severities(model, Place::Line, severity.as_ref(), theme),
            );
        }
        paint::pieces(
            buffer,
            paint::row(inside, 4),
            &keys(
                model,
                Place::Line,
                &[(Action::Accept, verb), (Action::Back, "not now")],
                theme,
            ),
        );
    }
}
