//! Input of the line in which a filter is typed: of the focused pane, or the search in a text that lies below.

use super::line::{self, LineEdit};
use super::{OverlayInput, runbook, yaml};
use crate::input::{Handled, Keystroke};
use crate::pane;
use keys::action::Action;
use keys::key::Key;
use model::Model;
use model::filter::{Filter, MAX_FILTER_CHARS};
use model::screen::FilterLine;
use text::Outside;

pub(super) struct FilterInput;

impl OverlayInput for FilterInput {
    fn act(&self, model: &mut Model, action: Action, _: Keystroke) -> Handled {
        match action {
            Action::Accept => drop(model.screen.overlays.pop()),
            Action::Back | Action::Cancel => {
                let line = model.screen.topmost::<FilterLine>();
                if let Some(before) = line.map(|line| line.before.clone()) {
                    set(model, before);
                }
                model.screen.overlays.pop();
            }
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
}

/// Opens the line over what it narrows or searches.
pub(crate) fn open(model: &mut Model) {
    let before = current(model).clone();
    model.screen.lay(FilterLine { before });
}

/// What the words narrow, or search, that are typed now: a text that is read, else the focused pane.
fn current(model: &Model) -> &Filter {
    let screen = &model.screen;
    match (yaml::shown(screen), runbook::shown(screen)) {
        (Some(yaml), _) => &yaml.search,
        (None, Some(page)) => &page.search,
        (None, None) => pane::focused(model).filter(model),
    }
}

fn set(model: &mut Model, filter: Filter) {
    if yaml::shown(&model.screen).is_some() {
        yaml::search_for(model, filter);
    } else if runbook::shown(&model.screen).is_some() {
        runbook::search_for(model, filter);
    } else {
        pane::focused(model).set_filter(model, filter);
    }
}

fn edit(model: &mut Model, change: LineEdit) {
    let mut text = current(model).text().to_owned();
    change.apply(&mut text, MAX_FILTER_CHARS);
    set(model, Filter::parse(&text));
}
