//! Input of the difference between two revisions.

use super::{OverlayInput, page};
use crate::input::{Handled, Keystroke};
use keys::action::Action;
use model::Model;
use model::screen::Difference;

pub(super) struct DiffInput;

impl OverlayInput for DiffInput {
    fn act(&self, model: &mut Model, action: Action, _: Keystroke) -> Handled {
        if action == Action::Diff {
            model.screen.overlays.pop();
            return Handled::done();
        }
        page::act(model, action, |page: &mut Difference| &mut page.top)
    }
}
