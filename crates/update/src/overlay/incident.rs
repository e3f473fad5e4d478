//! Input of the form that opens or closes an incident.

use super::OverlayInput;
use super::line::{self, LineEdit};
use super::note::chosen;
use crate::input::{Handled, Keystroke};
use crate::timeline;
use keys::action::Action;
use keys::key::Key;
use model::entry::Draft;
use model::message::Effect;
use model::note::{self, IncidentForm};
use model::what_changed::WhatChanged;
use model::{Model, incident};
use text::Outside;

/// A title of an incident is one line that people say aloud.
const TITLE_CHARS_MAX: usize = 200;

pub(super) struct IncidentInput;

impl OverlayInput for IncidentInput {
    fn act(&self, model: &mut Model, action: Action, _: Keystroke) -> Handled {
        let severity = chosen(model, action);
        let Some(form) = model.screen.topmost_mut::<IncidentForm>() else {
            return Handled::Ignored;
        };
        match action {
            Action::Accept | Action::Save => return accept(model).into(),
            Action::Back | Action::Cancel => drop(model.screen.overlays.pop()),
            _ if severity.is_some() => form.severity = severity,
            _ => {}
        }
        Handled::done()
    }

    fn type_key(&self, model: &mut Model, key: Key) -> Handled {
        line::type_key(model, key, edit)
    }

    /// Lines become one.
    fn paste(&self, model: &mut Model, pasted: &Outside) -> Handled {
        let characters = pasted.raw().chars();
        let text = characters.map(|character| if character == '\n' { ' ' } else { character });
        edit(model, LineEdit::Insert(text.collect()));
        Handled::done()
    }
}

/// Opens the form in which an incident is opened, unless one is open.
pub(crate) fn open(model: &mut Model) {
    match model.ban(Action::IncidentOpen) {
        Some(ban) => model.complain(ban),
        None => lay(model, false),
    }
}

/// Opens the form in which the incident is closed, if one is open.
pub(crate) fn close(model: &mut Model) {
    match model.ban(Action::IncidentClose) {
        Some(ban) => model.complain(ban),
        None => lay(model, true),
    }
}

fn edit(model: &mut Model, change: LineEdit) {
    if let Some(form) = model.screen.topmost_mut::<IncidentForm>() {
        change.apply(&mut form.text, TITLE_CHARS_MAX);
    }
}

fn lay(model: &mut Model, is_closing: bool) {
    model.screen.lay(IncidentForm {
        text: String::new(),
        severity: None,
        is_closing,
    });
}

fn accept(model: &mut Model) -> Vec<Effect> {
    let Some(form) = model.screen.topmost::<IncidentForm>() else {
        return Vec::new();
    };
    let (form, now) = (form.clone(), model.now.wall);
    let said = note::said(
        &form.text,
        model.settings.shown(now),
        &model.timeline.scheme,
    );
    let actor = timeline::person(model);
    let draft = match &model.timeline.incident {
        Some(open) if form.is_closing => {
            let id = model.timeline.ids.next(now);
            incident::closing(id, now, actor, open, &form.text)
        }
        None if form.is_closing => {
            model.complain("no incident is open any more");
            return Vec::new();
        }
        _ => {
            let Some(severity) = form.severity.or(said.severity) else {
                model.complain("how bad is it? begin with its name, such as P1, or choose by key");
                return Vec::new();
            };
            if said.title.is_empty() {
                model.complain("give it a title: what do users notice?");
                return Vec::new();
            }
            let at = said.occurred_at.unwrap_or(now);
            let changed = WhatChanged::of(model).body(model);
            let id = model.timeline.ids.next(now);
            Draft {
                body: Some(changed.into()),
                ..incident::opening(id, at, actor, said.title.into(), severity)
            }
        }
    };
    model.screen.overlays.pop();
    vec![
        timeline::save(
            model,
            Draft {
                source: Some("incident".into()),
                ..draft
            },
        )
        .1,
    ]
}
