//! Input of the list from which a document is chosen.

use super::OverlayInput;
use super::line::{self, LineEdit};
use crate::input::{Handled, Keystroke};
use crate::runbook;
use keys::action::Action;
use keys::key::Key;
use model::Model;
use model::filter::MAX_FILTER_CHARS;
use model::runbook::RunbookChoice;
use text::Outside;

/// Lines that a page key moves by.
const PAGE: usize = 10;

pub(super) struct RunbookChoiceInput;

impl OverlayInput for RunbookChoiceInput {
    fn act(&self, model: &mut Model, action: Action, _: Keystroke) -> Handled {
        let Some(choice) = model.screen.topmost_mut::<RunbookChoice>() else {
            return Handled::Ignored;
        };
        let last = choice.offers().len().saturating_sub(1);
        let selected = choice.selected;
        let to = match action {
            Action::Up => selected.saturating_sub(1),
            Action::Down => selected + 1,
            Action::PageUp => selected.saturating_sub(PAGE),
            Action::PageDown => selected + PAGE,
            Action::Accept => {
                let offer = choice.offers().get(selected).map(|offer| (*offer).clone());
                // The list stays below the page: closing that leads back to it.
                return offer
                    .map_or_else(Vec::new, |offer| runbook::open(model, offer))
                    .into();
            }
            Action::Back | Action::Cancel => {
                model.screen.overlays.pop();
                return Handled::done();
            }
            action => return line::consume(action),
        };
        choice.selected = to.min(last);
        Handled::done()
    }

    fn type_key(&self, model: &mut Model, key: Key) -> Handled {
        line::type_key(model, key, edit)
    }

    fn paste(&self, model: &mut Model, pasted: &Outside) -> Handled {
        line::paste(model, pasted, edit)
    }
}

fn edit(model: &mut Model, change: LineEdit) {
    if let Some(choice) = model.screen.topmost_mut::<RunbookChoice>() {
        change.apply(&mut choice.text, MAX_FILTER_CHARS);
        choice.selected = 0;
    }
}
