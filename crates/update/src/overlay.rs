//! What lies over the panes takes input first: the one place in `update` that knows the kinds of overlays. A file for each
//! below.

mod alert;
pub(super) mod changes;
mod detail;
mod dialog;
mod diff;
mod entry;
pub(super) mod filter;
mod help;
pub(super) mod incident;
mod line;
pub(super) mod log_line;
pub(super) mod note;
mod page;
mod palette;
pub(super) mod picker;
mod runbook;
mod runbook_choice;
pub(super) mod yaml;

use super::input::{Handled, Keystroke};
use super::pane;
use keys::action::Action;
use keys::key::Key;
use model::Model;
use model::message::Watch;
use model::screen::{FilterLine, HelpPage, Overlay, OverlayState, Screen};
use text::Outside;

/// What input means for one kind of overlay. It is asked only while an overlay of that kind is on top.
pub(super) trait OverlayInput {
    /// Takes an action. What is ignored goes to the pane below when nothing lies over the panes any more, else it means what
    /// it means everywhere.
    fn act(&self, model: &mut Model, action: Action, keystroke: Keystroke) -> Handled;

    /// Takes a key that is bound to nothing where text is typed.
    fn type_key(&self, _: &mut Model, _: Key) -> Handled {
        Handled::Ignored
    }

    /// Takes a paste: one insertion of text, which never acts.
    fn paste(&self, _: &mut Model, _: &Outside) -> Handled {
        Handled::Ignored
    }

    /// What is watched while it is open, on top or not.
    fn watch(&self, _: &Overlay) -> Option<Watch> {
        None
    }
}

/// The input of an overlay.
fn of(overlay: &Overlay) -> &'static dyn OverlayInput {
    match overlay {
        Overlay::Help(_) => &help::HelpInput,
        Overlay::Filter(_) => &filter::FilterInput,
        Overlay::Picker(_) => &picker::PickerInput,
        Overlay::Palette(_) => &palette::PaletteInput,
        Overlay::Note(_) => &note::NoteInput,
        Overlay::Incident(_) => &incident::IncidentInput,
        Overlay::Dialog(_) => &dialog::DialogInput,
        Overlay::Diff(_) => &diff::DiffInput,
        Overlay::Entry(_) => &entry::EntryInput,
        Overlay::Alert(_) => &alert::AlertInput,
        Overlay::Changes(_) => &changes::ChangesInput,
        Overlay::Yaml(_) => &yaml::YamlInput,
        Overlay::LogLine(_) => &log_line::LogLineInput,
        Overlay::Detail(_) => &detail::DetailInput,
        Overlay::Runbook(_) => &runbook::RunbookInput,
        Overlay::RunbookChoice(_) => &runbook_choice::RunbookChoiceInput,
    }
}

fn topmost(model: &Model) -> Option<&'static dyn OverlayInput> {
    model.screen.overlays.last().map(of)
}

/// Selects in its pane what the topmost page is about; the help is about nothing, and lies over one that is. Says why not.
pub(super) fn point(model: &mut Model) -> Result<(), String> {
    let overlays = model.screen.overlays.iter().rev();
    let page = overlays
        .clone()
        .find(|overlay| HelpPage::of(overlay).is_none());
    match page.cloned() {
        Some(Overlay::Detail(page)) => pane::point_at(model, &page.object),
        Some(Overlay::Yaml(yaml)) => pane::point_at(model, &yaml.object),
        Some(Overlay::Alert(page)) => pane::point_at_alert(model, &page.uid),
        Some(Overlay::Diff(page)) => pane::point_at_rollout(model, &page.line),
        Some(Overlay::Entry(page)) => entry::point(model, page.id),
        // What the pane below has selected nobody sees.
        Some(Overlay::Changes(_)) => {
            let close = model.key(Action::Back);
            Err(format!("a change is no object to act on; {close} closes its page"))
        }
        Some(
            Overlay::Help(_)
            | Overlay::Filter(_)
            | Overlay::Picker(_)
            | Overlay::Palette(_)
            | Overlay::Note(_)
            | Overlay::Incident(_)
            // Its own keys mean its pod.
            | Overlay::LogLine(_)
            | Overlay::Dialog(_)
            | Overlay::Runbook(_)
            | Overlay::RunbookChoice(_),
        )
        | None => Ok(()),
    }
}

/// What lies over a page that is read, or is about the whole console.
fn lies_over_all(action: Action) -> bool {
    matches!(
        action,
        Action::Help
            | Action::Palette
            | Action::Filter
            | Action::Suspend
            | Action::Login
            | Action::Note
            | Action::IncidentOpen
            | Action::IncidentClose
            | Action::Arm
    )
}

/// The page on top, or under the line in which a search is typed.
fn below_the_search<S: OverlayState>(screen: &Screen) -> Option<&S> {
    let mut overlays = screen.overlays.iter().rev();
    let top = overlays.find(|overlay| FilterLine::of(overlay).is_none());
    top.and_then(S::of)
}

fn below_the_search_mut<S: OverlayState>(screen: &mut Screen) -> Option<&mut S> {
    let mut overlays = screen.overlays.iter_mut().rev();
    let top = overlays.find(|overlay| FilterLine::of(overlay).is_none());
    top.and_then(S::of_mut)
}

/// Offers an action to the topmost overlay.
pub(super) fn act(model: &mut Model, action: Action, keystroke: Keystroke) -> Handled {
    topmost(model).map_or(Handled::Ignored, |overlay| {
        overlay.act(model, action, keystroke)
    })
}

/// Offers a key that is bound to nothing to the topmost overlay.
pub(super) fn type_key(model: &mut Model, key: Key) -> Handled {
    topmost(model).map_or(Handled::Ignored, |overlay| overlay.type_key(model, key))
}

/// Offers a paste to the topmost overlay.
pub(super) fn paste(model: &mut Model, pasted: &Outside) -> Handled {
    topmost(model).map_or(Handled::Ignored, |overlay| overlay.paste(model, pasted))
}

/// What is watched for the overlays that are open.
pub(super) fn watches(model: &Model) -> impl Iterator<Item = Watch> + '_ {
    let overlays = model.screen.overlays.iter();
    overlays.filter_map(|overlay| of(overlay).watch(overlay))
}
