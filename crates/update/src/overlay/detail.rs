//! Input of the page of an object, which is watched while it is open.

use super::{OverlayInput, page, yaml};
use crate::input::{Handled, Keystroke};
use keys::action::Action;
use model::Model;
use model::message::Watch;
use model::screen::{DetailPage, Overlay, OverlayState};

pub(super) struct DetailInput;

impl OverlayInput for DetailInput {
    fn act(&self, model: &mut Model, action: Action, _: Keystroke) -> Handled {
        if action == Action::Yaml
            && let Some(page) = model.screen.topmost::<DetailPage>()
        {
            let object = page.object.clone();
            return yaml::open(model, object).into();
        }
        page::act(model, action, |page: &mut DetailPage| &mut page.top)
    }

    fn watch(&self, overlay: &Overlay) -> Option<Watch> {
        let page = DetailPage::of(overlay)?;
        Some(Watch::Detail(page.object.clone()))
    }
}
