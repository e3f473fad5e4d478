//! Input of the page of what changed: its cursor goes from change to change, and opens the entry of one.

use super::{OverlayInput, page};
use crate::input::{Handled, Keystroke};
use keys::action::Action;
use model::Model;
use model::entry::EntryId;
use model::message::Effect;
use model::screen::{ChangesPage, EntryPage};
use model::what_changed::{ChangeLine, WhatChanged};

/// Changes that a page key goes over.
const PAGE: usize = 10;

pub(super) struct ChangesInput;

impl OverlayInput for ChangesInput {
    fn act(&self, model: &mut Model, action: Action, _: Keystroke) -> Handled {
        let listed = listed(model);
        let open = model.screen.topmost::<ChangesPage>();
        let selected = open.and_then(|page| page.selected);
        let at = listed.iter().position(|id| Some(*id) == selected);
        let last = listed.len().saturating_sub(1);
        let from = at.unwrap_or(0);
        let to = match action {
            Action::Up => from.saturating_sub(1),
            Action::Down => at.map_or(0, |at| at + 1),
            Action::PageUp => from.saturating_sub(PAGE),
            Action::PageDown => from + PAGE,
            Action::Top => 0,
            Action::Bottom => last,
            Action::Open => return enter(model, selected),
            Action::Copy => return copy(model, selected).into(),
            Action::Changes => {
                model.screen.overlays.pop();
                return Handled::done();
            }
            _ => return page::act(model, action, |page: &mut ChangesPage| &mut page.top),
        };
        // Above the first change stands what is sick.
        let goes_up = matches!(action, Action::Up | Action::PageUp | Action::Top);
        if listed.is_empty() || (goes_up && from == 0) {
            return page::act(model, action, |page: &mut ChangesPage| &mut page.top);
        }
        let to = listed.get(to.min(last)).copied();
        if let Some(page) = model.screen.topmost_mut::<ChangesPage>() {
            page.selected = to;
        }
        Handled::done()
    }
}

/// Opens the page, with the nearest change selected.
pub(crate) fn open(model: &mut Model) {
    let selected = listed(model).first().copied();
    model.screen.lay(ChangesPage { selected, top: 0 });
}

/// The entries of the listed changes, in order.
fn listed(model: &Model) -> Vec<EntryId> {
    let lines = WhatChanged::of(model).lines(model).into_iter();
    let changes = lines.filter_map(|line| match line {
        ChangeLine::Change(id, _) => Some(id),
        ChangeLine::Head(_) | ChangeLine::Sick(_) | ChangeLine::Quiet(_) => None,
    });
    changes.collect()
}

fn enter(model: &mut Model, selected: Option<EntryId>) -> Handled {
    match selected {
        Some(id) => model.screen.lay(EntryPage { id, top: 0 }),
        None => model.say("no change is selected"),
    }
    Handled::done()
}

fn copy(model: &mut Model, selected: Option<EntryId>) -> Vec<Effect> {
    let draft = selected.and_then(|id| model.timeline.draft(id));
    let Some(title) = draft.map(|draft| draft.title.clone()) else {
        model.say("no change is selected");
        return Vec::new();
    };
    model.say("copied the title of the change");
    vec![Effect::Copy(title)]
}
