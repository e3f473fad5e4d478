//! Input of the form that opens or closes an incident.

use std::collections::BTreeSet;

use super::OverlayInput;
use super::line::{self, LineEdit};
use super::note::chosen;
use crate::input::{Handled, Keystroke};
use crate::{leaving, timeline};
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
/// Alerts that still fire are named up to so many; the others are counted.
const ALERTS_NAMED: usize = 2;

pub(super) struct IncidentInput;

impl OverlayInput for IncidentInput {
    fn act(&self, model: &mut Model, action: Action, _: Keystroke) -> Handled {
        let severity = chosen(model, action);
        let Some(form) = model.screen.topmost_mut::<IncidentForm>() else {
            return Handled::Ignored;
        };
        match action {
            Action::Accept | Action::Save => return accept(model).into(),
            Action::Confirm if form.is_asking() => return close_now(model).into(),
            Action::Refuse if form.is_asking() => form.unfinished.clear(),
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
    let form = model.screen.topmost_mut::<IncidentForm>();
    if let Some(form) = form.filter(|form| !form.is_asking()) {
        change.apply(&mut form.text, TITLE_CHARS_MAX);
    }
}

fn lay(model: &mut Model, is_closing: bool) {
    model.screen.lay(IncidentForm {
        text: String::new(),
        severity: None,
        is_closing,
        unfinished: Vec::new(),
    });
}

fn accept(model: &mut Model) -> Vec<Effect> {
    let Some(form) = model.screen.topmost::<IncidentForm>() else {
        return Vec::new();
    };
    if form.is_closing {
        let unfinished = unfinished(model);
        if unfinished.is_empty() {
            return close_now(model);
        }
        if let Some(form) = model.screen.topmost_mut::<IncidentForm>() {
            form.unfinished = unfinished;
        }
        return Vec::new();
    }
    let (form, now) = (form.clone(), model.now.wall);
    let said = note::said(
        &form.text,
        model.settings.shown(now),
        &model.timeline.scheme,
    );
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

/// What is not over while the incident is to be closed: alerts that fire, writes without a verdict.
fn unfinished(model: &Model) -> Vec<String> {
    let rows = model.alerts.watched.table.rows();
    let firing = rows.filter(|alert| alert.is_firing());
    let names: BTreeSet<&str> = firing.map(|alert| alert.name.raw()).collect();
    let mut unfinished: Vec<String> = names
        .iter()
        .take(ALERTS_NAMED)
        .map(|name| format!("{name} still fires"))
        .collect();
    let more = names.len().saturating_sub(ALERTS_NAMED);
    if more > 0 {
        unfinished.push(format!("so do {more} more"));
    }
    unfinished.extend(leaving::writes(model));
    unfinished
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
