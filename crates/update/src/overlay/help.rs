//! Input of the help.

use super::{OverlayInput, page};
use crate::input::{Handled, Keystroke};
use keys::action::Action;
use model::Model;
use model::screen::HelpPage;

pub(super) struct HelpInput;

impl OverlayInput for HelpInput {
    fn act(&self, model: &mut Model, action: Action, _: Keystroke) -> Handled {
        if action == Action::Help {
            model.screen.overlays.pop();
            return Handled::done();
        }
        page::act(model, action, |page: &mut HelpPage| &mut page.top)
    }
}
