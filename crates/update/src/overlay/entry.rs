//! Input of the page of an entry.

use super::{OverlayInput, page};
use crate::input::{Handled, Keystroke};
use crate::timeline;
use keys::action::Action;
use model::Model;
use model::screen::EntryPage;

pub(super) struct EntryInput;

impl OverlayInput for EntryInput {
    fn act(&self, model: &mut Model, action: Action, _: Keystroke) -> Handled {
        if action == Action::Copy {
            return timeline::copy(model).into();
        }
        page::act(model, action, |page: &mut EntryPage| &mut page.top)
    }
}
