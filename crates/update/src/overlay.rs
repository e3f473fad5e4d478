//! What lies over the panes takes actions, keys and pastes first.

use super::{pane, yaml};
use keys::action::Action;
use keys::key::{Code, Key};
use model::Model;
use model::cluster::Scope;
use model::filter::{Filter, MAX_FILTER_CHARS};
use model::screen::{Overlay, Picked, Picker};
use text::Outside;
use view::layout;

/// Offers an action to the topmost overlay; true when it took it.
pub(super) fn act(model: &mut Model, action: Action) -> bool {
    match model.screen.overlays.last_mut() {
        None
        | Some(
            Overlay::Note(_)
            | Overlay::Incident(_)
            | Overlay::Dialog(_)
            | Overlay::Palette(_)
            | Overlay::Yaml(_),
        ) => false,
        Some(
            Overlay::Help { .. }
            | Overlay::Detail { .. }
            | Overlay::Alert { .. }
            | Overlay::Diff(_)
            | Overlay::Entry { .. },
        ) => act_page(model, action),
        Some(Overlay::Filter { .. }) => act_filter(model, action),
        Some(Overlay::Picker(_)) => act_picker(model, action),
    }
}

/// Keys over a page that is read.
fn act_page(model: &mut Model, action: Action) -> bool {
    let (rows, height) = layout::page(model);
    let top = match model.screen.overlays.last_mut() {
        Some(
            Overlay::Help { top }
            | Overlay::Detail { top, .. }
            | Overlay::Alert { top, .. }
            | Overlay::Entry { top, .. },
        ) => top,
        Some(Overlay::Diff(difference)) => &mut difference.top,
        _ => return false,
    };
    let last = rows.saturating_sub(height);
    if let Some(to) = scrolled((*top).min(last), height, last, action) {
        *top = to;
        return true;
    }
    match action {
        // These are of the pane below, which nobody sees.
        Action::Filter
        | Action::SearchNext
        | Action::SearchPrevious
        | Action::Sort
        | Action::SortReverse => {
            model.say("close this first: the key is for the pane below");
            true
        }
        Action::NextPane
        | Action::PreviousPane
        | Action::AlertsPane
        | Action::PodsPane
        | Action::LogsPane
        | Action::RolloutsPane
        | Action::TimelinePane
        | Action::Logs => {
            model.screen.overlays.clear();
            false
        }
        _ => close_on(
            model,
            action,
            &[
                Action::Back,
                Action::Cancel,
                Action::Help,
                Action::Diff,
                Action::Quit,
                Action::Open,
            ],
        ),
    }
}

/// What the words narrow, or search, that are typed now: a text that is read, else the focused pane.
pub(super) fn filter(model: &Model) -> &Filter {
    match yaml::open(&model.screen) {
        Some(yaml) => &yaml.search,
        None => pane::focused(model).filter(model),
    }
}

fn typed(model: &mut Model, filter: Filter) {
    if yaml::open(&model.screen).is_some() {
        yaml::search_for(model, filter);
    } else {
        pane::focused(model).set_filter(model, filter);
    }
}

/// Types a key that is bound to nothing into the topmost overlay.
pub(super) fn type_key(model: &mut Model, key: Key) {
    let is_text = !key.ctrl && !key.alt;
    match key.code {
        Code::Char(character) if is_text => edit(model, |text| {
            if text.chars().count() < MAX_FILTER_CHARS {
                text.push(character);
            }
        }),
        Code::Backspace => edit(model, |text| {
            text.pop();
        }),
        _ => {}
    }
}

/// A paste is one insertion of text; it never acts.
pub(super) fn paste(model: &mut Model, pasted: &Outside) {
    edit(model, |text| {
        let room = MAX_FILTER_CHARS.saturating_sub(text.chars().count());
        text.extend(
            pasted
                .raw()
                .chars()
                .filter(|character| !character.is_control())
                .take(room),
        );
    });
}

/// Opens a picker.
pub(super) fn pick(model: &mut Model, what: Picked) {
    model.screen.lay(Overlay::Picker(Picker {
        what,
        text: String::new(),
        selected: 0,
    }));
}

/// Where a page begins after an action; `last` is the lowest it may.
pub(super) fn scrolled(top: usize, height: usize, last: usize, action: Action) -> Option<usize> {
    let page = height.saturating_sub(1).max(1);
    let to = match action {
        Action::Up => top.saturating_sub(1),
        Action::Down => top + 1,
        Action::PageUp => top.saturating_sub(page),
        Action::PageDown => top + page,
        Action::Top => 0,
        Action::Bottom => last,
        _ => return None,
    };
    Some(to.min(last))
}

fn close_on(model: &mut Model, action: Action, closing: &[Action]) -> bool {
    let closes = closing.contains(&action);
    if closes {
        model.screen.overlays.pop();
    }
    closes
}

fn act_filter(model: &mut Model, action: Action) -> bool {
    if let Action::Back | Action::Cancel = action
        && let Some(Overlay::Filter { before }) = model.screen.overlays.last()
    {
        let before = before.clone();
        typed(model, before);
    }
    close_on(
        model,
        action,
        &[Action::Back, Action::Cancel, Action::Accept],
    );
    true
}

fn act_picker(model: &mut Model, action: Action) -> bool {
    let Some(Overlay::Picker(picker)) = model.screen.overlays.last() else {
        return false;
    };
    let choices = picker.choices(&model.cluster);
    let (what, selected, last) = (
        picker.what,
        picker.selected,
        choices.len().saturating_sub(1),
    );
    let to = match action {
        Action::Up => selected.saturating_sub(1),
        Action::Down => (selected + 1).min(last),
        Action::Accept => {
            model.screen.overlays.pop();
            if let Some(choice) = choices.into_iter().nth(selected) {
                chosen(model, what, choice);
            }
            return true;
        }
        _ => {
            close_on(model, action, &[Action::Back, Action::Cancel]);
            return true;
        }
    };
    if let Some(Overlay::Picker(picker)) = model.screen.overlays.last_mut() {
        picker.selected = to;
    }
    true
}

/// What was chosen in a list takes effect.
pub(super) fn chosen(model: &mut Model, what: Picked, choice: Option<Outside>) {
    let cluster = &mut model.cluster;
    match (what, choice) {
        (Picked::Namespace, None) => cluster.switch(cluster.context.clone(), Scope::All),
        (Picked::Namespace, Some(namespace)) => {
            cluster.switch(cluster.context.clone(), Scope::Namespace(namespace))
        }
        (Picked::Context, Some(context)) => {
            cluster.switch(context, Scope::All);
            cluster.awaits_namespace = true;
        }
        (Picked::Context, None) => {}
    }
    model.screen.pods.cursor = None;
    pane::narrow(model, None);
}

/// Edits the text of the topmost overlay that has one, and lets it take effect.
fn edit(model: &mut Model, change: impl FnOnce(&mut String)) {
    match model.screen.overlays.last_mut() {
        Some(Overlay::Picker(picker)) => {
            change(&mut picker.text);
            picker.selected = 0;
        }
        Some(Overlay::Palette(palette)) => {
            change(&mut palette.text);
            palette.selected = 0;
        }
        Some(Overlay::Filter { .. }) => {
            let mut text = filter(model).text().to_owned();
            change(&mut text);
            typed(model, Filter::parse(&text));
        }
        Some(
            Overlay::Help { .. }
            | Overlay::Diff(_)
            | Overlay::Alert { .. }
            | Overlay::Detail { .. }
            | Overlay::Entry { .. }
            | Overlay::Yaml(_)
            | Overlay::Note(_)
            | Overlay::Incident(_)
            | Overlay::Dialog(_),
        )
        | None => {}
    }
}
