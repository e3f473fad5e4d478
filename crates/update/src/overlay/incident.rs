//! Input of the form that opens or closes an incident.

use super::OverlayInput;
use super::line::{self, LineEdit};
use super::note::chosen;
use crate::input::{Handled, Keystroke};
use crate::{refusal, timeline};
use keys::action::Action;
use keys::key::Key;
use model::entry::Draft;
use model::incident_form::IncidentForm;
use model::message::Effect;
use model::note;
use model::what_changed::WhatChanged;
use model::{Model, incident, unfinished};
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
            Action::Confirm if form.is_asking => return close_now(model).into(),
            Action::Refuse if form.is_asking => form.is_asking = false,
            Action::Back | Action::Cancel => leave(model),
            _ if severity.is_some() => form.severity = severity,
            _ => {}
        }
        Handled::done()
    }

    fn type_key(&self, model: &mut Model, key: Key) -> Handled {
        let form = model.screen.topmost::<IncidentForm>();
        if form.is_some_and(|form| form.is_asking) {
            model.say(refusal::of_a_question(model, key));
            return Handled::done();
        }
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
    let form = model.screen.topmost_mut::<IncidentForm>();
    if let Some(form) = form.filter(|form| !form.is_asking) {
        change.apply(&mut form.text, TITLE_CHARS_MAX);
    }
}

fn lay(model: &mut Model, is_closing: bool) {
    let kept = model
        .timeline
        .incident_form
        .take_if(|kept| kept.is_closing == is_closing);
    model.screen.lay(kept.unwrap_or(IncidentForm {
        text: String::new(),
        severity: None,
        is_closing,
        is_asking: false,
    }));
}

/// What was typed is kept for the next time.
fn leave(model: &mut Model) {
    let form = model.screen.topmost::<IncidentForm>().cloned();
    model.screen.overlays.pop();
    if let Some(form) = form.filter(|form| !form.text.trim().is_empty()) {
        let again = model.key(if form.is_closing {
            Action::IncidentClose
        } else {
            Action::IncidentOpen
        });
        model.timeline.incident_form = Some(IncidentForm {
            is_asking: false,
            ..form
        });
        model.say(format!("what was typed is kept; {again} opens it again"));
    }
}

fn accept(model: &mut Model) -> Vec<Effect> {
    let Some(form) = model.screen.topmost::<IncidentForm>() else {
        return Vec::new();
    };
    if form.is_closing {
        if unfinished::of_incident(model).is_empty() {
            return close_now(model);
        }
        if let Some(form) = model.screen.topmost_mut::<IncidentForm>() {
            form.is_asking = true;
        }
        return Vec::new();
    }
    let (form, now) = (form.clone(), model.now.wall);
    let said = note::said(
        &form.text,
        model.settings.shown(now),
        &model.timeline.scheme,
    );
    if let Some(why) = said.refusal() {
        model.complain(format!("not opened yet: {why}"));
        return Vec::new();
    }
    let missing = form.missing(&said);
    let severity = form.severity.or(said.severity);
    let (Some(severity), true) = (severity, missing.is_empty()) else {
        model.complain(format!("not opened yet, missing: {}", missing.join(", ")));
        return Vec::new();
    };
    let at = said.occurred_at.unwrap_or(now);
    let changed = WhatChanged::of(model).body(model);
    let id = model.timeline.ids.next(now);
    let actor = timeline::person(model);
    let draft = Draft {
        body: Some(changed.into()),
        ..incident::opening(id, at, actor, said.title.into(), severity)
    };
    save(model, draft)
}

fn close_now(model: &mut Model) -> Vec<Effect> {
    let Some(form) = model.screen.topmost::<IncidentForm>() else {
        return Vec::new();
    };
    let (words, now) = (form.text.clone(), model.now.wall);
    let actor = timeline::person(model);
    let Some(open) = &model.timeline.incident else {
        model.complain("no incident is open any more");
        return Vec::new();
    };
    let id = model.timeline.ids.next(now);
    let draft = incident::closing(id, now, actor, open, &words);
    save(model, draft)
}

fn save(model: &mut Model, draft: Draft) -> Vec<Effect> {
    model.screen.overlays.pop();
    let draft = Draft {
        source: Some("incident".into()),
        ..draft
    };
    vec![timeline::save(model, draft).1]
}
