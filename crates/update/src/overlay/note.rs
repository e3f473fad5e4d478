//! Input of the note editor: the text, its draft, and the entry that is made of it.

use super::OverlayInput;
use crate::input::{Handled, Keystroke};
use crate::{refusal, timeline};
use keys::action::Action;
use keys::key::Key;
use model::Model;
use model::entry::Draft;
use model::journal::{NoteDraft, StoreProblem};
use model::kind::Kind;
use model::message::{Effect, StoreEffect};
use model::note::Note;
use model::screen::OverlayState;
use model::severity::Severity;
use text::Outside;
use view::editor;

pub(super) struct NoteInput;

impl OverlayInput for NoteInput {
    fn act(&self, model: &mut Model, action: Action, _: Keystroke) -> Handled {
        let severity = chosen(model, action);
        let Some(note) = model.screen.topmost_mut::<Note>() else {
            return Handled::Ignored;
        };
        match action {
            Action::Save => return save(model).into(),
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
                return keep(model).into();
            }
            _ => {}
        }
        Handled::done()
    }

    fn type_key(&self, model: &mut Model, key: Key) -> Handled {
        if !editor::knows(key) {
            model.say(refusal::of_a_text(model, key));
            return Handled::done();
        }
        edit(model, |text| editor::press(text, key)).into()
    }

    fn paste(&self, model: &mut Model, pasted: &Outside) -> Handled {
        edit(model, |text| editor::insert(text, pasted)).into()
    }
}

/// Opens the editor with what was kept of a note before.
pub(crate) fn open(model: &mut Model) {
    let (draft, scheme) = (model.timeline.note.as_ref(), &model.timeline.scheme);
    let note = Note::new(model.now, draft, scheme);
    model.screen.lay(note);
}

/// The severity that an action chooses.
pub(super) fn chosen(model: &Model, action: Action) -> Option<Severity> {
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

fn edit(model: &mut Model, change: impl FnOnce(editor::Text) -> editor::Text) -> Vec<Effect> {
    let Some(note) = model.screen.topmost_mut::<Note>() else {
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
    let Some(note) = model.screen.topmost_mut::<Note>() else {
        return Vec::new();
    };
    note.revision += 1;
    vec![Effect::Store(StoreEffect::KeepNote {
        revision: note.revision,
        note: note.draft(),
    })]
}

/// The store has the note as it was at this revision on disk.
pub(crate) fn on_kept(model: &mut Model, revision: u64) {
    for note in model.screen.overlays.iter_mut().filter_map(Note::of_mut) {
        (note.kept, note.problem) = (revision, None);
    }
}

/// The store could not keep the note.
pub(crate) fn on_not_kept(model: &mut Model, problem: &StoreProblem) {
    for note in model.screen.overlays.iter_mut().filter_map(Note::of_mut) {
        note.problem = Some(problem.to_string());
    }
}

fn save(model: &mut Model) -> Vec<Effect> {
    let Some(note) = model.screen.topmost::<Note>() else {
        return Vec::new();
    };
    let said = note.said(model.settings.shown(model.now.wall), &model.timeline.scheme);
    if said.title.is_empty() {
        model.complain("there is nothing to save: write a line first");
        return Vec::new();
    }
    if let Some(why) = said.refusal() {
        model.complain(format!("not saved: {why}"));
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
pub(crate) fn on_saved(model: &mut Model, kind: Kind) -> Vec<Effect> {
    let mut overlays = model.screen.overlays.iter();
    let is_writing = overlays.any(|overlay| Note::of(overlay).is_some());
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
pub(crate) fn on_given_back(model: &mut Model, draft: &Draft) {
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
