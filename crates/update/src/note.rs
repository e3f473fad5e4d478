//! Writing onto the timeline: the note editor and the forms that open and close an incident.

use super::timeline;
use keys::action::Action;
use keys::key::{Code, Key};
use model::entry::Draft;
use model::journal::{NoteDraft, StoreProblem};
use model::kind::Kind;
use model::message::{Effect, StoreEffect};
use model::note::{self, IncidentForm, Note};
use model::screen::Overlay;
use model::severity::Severity;
use model::{Model, incident};
use text::Outside;
use view::editor;

/// A title of an incident is one line that people say aloud.
const TITLE_CHARS_MAX: usize = 200;

/// Does what an action means for a note or an incident; `None` when it means nothing here.
pub(super) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    match model.screen.overlays.last() {
        Some(Overlay::Note(_)) => Some(act_note(model, action)),
        Some(Overlay::Incident(_)) => Some(act_incident(model, action)),
        _ => act_outside(model, action),
    }
}

/// Types a key into the note or the form on top; `None` when neither is.
pub(super) fn type_key(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    match model.screen.overlays.last_mut() {
        Some(Overlay::Note(_)) => Some(edit(model, |text| editor::press(text, key))),
        Some(Overlay::Incident(form)) => {
            match key.code {
                Code::Char(character)
                    if !key.ctrl && !key.alt && form.text.chars().count() < TITLE_CHARS_MAX =>
                {
                    form.text.push(character)
                }
                Code::Backspace => drop(form.text.pop()),
                _ => {}
            }
            Some(Vec::new())
        }
        _ => None,
    }
}

/// One insertion, never keys; `None` when nothing here takes text.
pub(super) fn paste(model: &mut Model, pasted: &Outside) -> Option<Vec<Effect>> {
    match model.screen.overlays.last_mut() {
        Some(Overlay::Note(_)) => Some(edit(model, |text| editor::insert(text, pasted))),
        Some(Overlay::Incident(form)) => {
            let room = TITLE_CHARS_MAX.saturating_sub(form.text.chars().count());
            form.text.extend(
                pasted
                    .raw()
                    .chars()
                    .map(|character| if character == '\n' { ' ' } else { character })
                    .take(room),
            );
            Some(Vec::new())
        }
        _ => None,
    }
}

fn act_outside(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    match action {
        Action::Note => {
            let note = Note::new(
                model.now,
                model.timeline.note.as_ref(),
                &model.timeline.scheme,
            );
            model.screen.lay(Overlay::Note(Box::new(note)));
        }
        Action::IncidentOpen => match &model.timeline.incident {
            Some(open) => {
                let words = format!(
                    "the incident \"{}\" is open: close it first",
                    open.title.raw()
                );
                model.complain(words);
            }
            None => form(model, false),
        },
        Action::IncidentClose if model.timeline.incident.is_none() => {
            model.complain("no incident is open")
        }
        Action::IncidentClose => form(model, true),
        _ => return None,
    }
    Some(Vec::new())
}

fn form(model: &mut Model, is_closing: bool) {
    model.screen.lay(Overlay::Incident(IncidentForm {
        text: String::new(),
        severity: None,
        is_closing,
    }));
}

fn chosen(model: &Model, action: Action) -> Option<Severity> {
    let rank = match action {
        Action::Severity0 => 0,
        Action::Severity1 => 1,
        Action::Severity2 => 2,
        Action::Severity3 => 3,
        Action::Severity4 => 4,
        _ => return None,
    };
    model.timeline.scheme.level(rank)
}

fn act_note(model: &mut Model, action: Action) -> Vec<Effect> {
    let severity = chosen(model, action);
    let Some(Overlay::Note(note)) = model.screen.overlays.last_mut() else {
        return Vec::new();
    };
    match action {
        Action::Save => return save(model),
        Action::Back | Action::Cancel => {
            model.timeline.note = note.draft();
            let is_kept = model.timeline.note.is_some();
            model.screen.overlays.pop();
            if is_kept {
                model.say("the note is kept as a draft, not on the timeline");
            }
        }
        _ if severity.is_some() => {
            note.severity = if note.severity == severity {
                None
            } else {
                severity
            };
            return keep(model);
        }
        _ => {}
    }
    Vec::new()
}

fn edit(model: &mut Model, change: impl FnOnce(editor::Text) -> editor::Text) -> Vec<Effect> {
    let Some(Overlay::Note(note)) = model.screen.overlays.last_mut() else {
        return Vec::new();
    };
    let before = editor::Text {
        lines: std::mem::take(&mut note.lines),
        cursor: note.cursor,
    };
    let after = change(before.clone());
    let is_changed = after.lines != before.lines;
    (note.lines, note.cursor) = (after.lines, after.cursor);
    if is_changed { keep(model) } else { Vec::new() }
}

/// Gives the note to the store to keep: a crash does not take it.
fn keep(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Note(note)) = model.screen.overlays.last_mut() else {
        return Vec::new();
    };
    note.revision += 1;
    vec![Effect::Store(StoreEffect::KeepNote {
        revision: note.revision,
        note: note.draft(),
    })]
}

/// The store kept the note, or could not.
pub(super) fn kept(model: &mut Model, revision: u64, problem: Option<&StoreProblem>) {
    for overlay in &mut model.screen.overlays {
        if let Overlay::Note(note) = overlay {
            match problem {
                None => (note.kept, note.problem) = (revision, None),
                Some(problem) => note.problem = Some(problem.to_string()),
            }
        }
    }
}

fn save(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Note(note)) = model.screen.overlays.last() else {
        return Vec::new();
    };
    let said = note.said(model.settings.shown(model.now.wall), &model.timeline.scheme);
    if said.title.is_empty() {
        model.complain("there is nothing to save: write a line first");
        return Vec::new();
    }
    // What was kept on disk stays there until the store says "saved".
    model.timeline.note = None;
    model.screen.overlays.pop();
    let actor = timeline::person(model);
    let draft = timeline::draft(model, actor, Kind::Note, said.title);
    let draft = Draft {
        occurred_at: said.occurred_at.unwrap_or(draft.occurred_at),
        severity: said.severity,
        body: said.body.map(Outside::from),
        source: Some("note".into()),
        ..draft
    };
    vec![timeline::save(model, draft).1]
}

/// A note is on disk as an entry: its draft is no longer needed.
pub(super) fn saved(model: &mut Model, kind: Kind) -> Vec<Effect> {
    let is_writing = model
        .screen
        .overlays
        .iter()
        .any(|overlay| matches!(overlay, Overlay::Note(_)));
    let is_another_waiting = model
        .timeline
        .pending
        .values()
        .any(|pending| pending.draft.kind == Kind::Note);
    if kind != Kind::Note || is_writing || is_another_waiting || model.timeline.note.is_some() {
        return Vec::new();
    }
    vec![Effect::Store(StoreEffect::KeepNote {
        revision: 0,
        note: None,
    })]
}

/// The store gave an entry back: a note goes into the editor again.
pub(super) fn given_back(model: &mut Model, draft: &Draft) {
    if draft.kind != Kind::Note {
        return;
    }
    let body = draft
        .body
        .as_ref()
        .map_or(String::new(), |body| format!("\n{}", body.raw()));
    let severity = draft
        .severity
        .as_ref()
        .map(|severity| severity.name.clone());
    model.timeline.note = Some(NoteDraft {
        text: format!("{}{body}", draft.title.raw()),
        severity,
    });
}

fn act_incident(model: &mut Model, action: Action) -> Vec<Effect> {
    let severity = chosen(model, action);
    let Some(Overlay::Incident(form)) = model.screen.overlays.last_mut() else {
        return Vec::new();
    };
    match action {
        Action::Accept | Action::Save => return accept(model),
        Action::Back | Action::Cancel => drop(model.screen.overlays.pop()),
        _ if severity.is_some() => form.severity = severity,
        _ => {}
    }
    Vec::new()
}

fn accept(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Incident(form)) = model.screen.overlays.last() else {
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
            incident::opening(
                model.timeline.ids.next(now),
                at,
                actor,
                said.title.into(),
                severity,
            )
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
