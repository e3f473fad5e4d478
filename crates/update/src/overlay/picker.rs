//! Input of the list from which a namespace or a context is chosen.

use super::OverlayInput;
use super::line::{self, LineEdit};
use crate::input::{Handled, Keystroke};
use crate::pane;
use keys::action::Action;
use keys::key::Key;
use model::Model;
use model::cluster::{Kind, Scope};
use model::filter::MAX_FILTER_CHARS;
use model::message::Watch;
use model::screen::{Overlay, OverlayState, Picked, Picker};
use text::Outside;

pub(super) struct PickerInput;

impl OverlayInput for PickerInput {
    fn act(&self, model: &mut Model, action: Action, _: Keystroke) -> Handled {
        let Some(picker) = model.screen.topmost::<Picker>() else {
            return Handled::Ignored;
        };
        let choices = picker.choices(&model.cluster);
        let (what, selected) = (picker.what, picker.selected);
        let last = choices.len().saturating_sub(1);
        match action {
            Action::Up => select(model, selected.saturating_sub(1)),
            Action::Down => select(model, (selected + 1).min(last)),
            Action::Accept => {
                model.screen.overlays.pop();
                if let Some(choice) = choices.into_iter().nth(selected) {
                    chosen(model, what, choice);
                }
            }
            Action::Back | Action::Cancel => drop(model.screen.overlays.pop()),
            action => return line::consume(action),
        }
        Handled::done()
    }

    fn type_key(&self, model: &mut Model, key: Key) -> Handled {
        line::type_key(model, key, edit)
    }

    fn paste(&self, model: &mut Model, pasted: &Outside) -> Handled {
        line::paste(model, pasted, edit)
    }

    fn watch(&self, overlay: &Overlay) -> Option<Watch> {
        match Picker::of(overlay)?.what {
            Picked::Namespace => Some(Watch::Table(Kind::Namespace, Scope::All)),
            Picked::Context => None,
        }
    }
}

/// Opens the list.
pub(crate) fn open(model: &mut Model, what: Picked) {
    model.screen.lay(Picker {
        what,
        text: String::new(),
        selected: 0,
    });
}

fn select(model: &mut Model, to: usize) {
    if let Some(picker) = model.screen.topmost_mut::<Picker>() {
        picker.selected = to;
    }
}

fn edit(model: &mut Model, change: LineEdit) {
    if let Some(picker) = model.screen.topmost_mut::<Picker>() {
        change.apply(&mut picker.text, MAX_FILTER_CHARS);
        picker.selected = 0;
    }
}

/// What was chosen in a list takes effect.
pub(super) fn chosen(model: &mut Model, what: Picked, choice: Option<Outside>) {
    let cluster = &mut model.cluster;
    match (what, choice) {
        (Picked::Namespace, None) => cluster.switch(cluster.context.clone(), Scope::All),
        (Picked::Namespace, Some(namespace)) => {
            cluster.switch(cluster.context.clone(), Scope::Namespace(namespace))
        }
        (Picked::Context, Some(context)) => cluster.visit(context),
        (Picked::Context, None) => {}
    }
    (model.screen.pods.cursor, model.screen.pods.is_pointed) = (None, false);
    pane::narrow(model, None);
}
