//! Input of the page of an alert.

use super::{OverlayInput, page};
use crate::input::{Handled, Keystroke};
use keys::action::Action;
use model::Model;
use model::screen::AlertPage;

pub(super) struct AlertInput;

impl OverlayInput for AlertInput {
    fn act(&self, model: &mut Model, action: Action, _: Keystroke) -> Handled {
        page::act(model, action, |page: &mut AlertPage| &mut page.top)
    }
}
