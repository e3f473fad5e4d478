//! Input of the palette, and what is chosen in it is done.

use super::line::{self, LineEdit};
use super::{OverlayInput, picker};
use crate::input::{self, Handled, Keystroke};
use crate::{list, pane};
use keys::action::Action;
use keys::key::Key;
use keys::keymap::Place;
use model::Model;
use model::cluster::{Kind, Scope};
use model::filter::{Filter, MAX_FILTER_CHARS};
use model::link;
use model::message::{Effect, Watch};
use model::meta::Uid;
use model::palette::{Palette, PaletteGoal, PaletteLine, kubectl_line};
use model::screen::{Overlay, Pane, Picked};
use text::Outside;
use view::layout;

pub(super) struct PaletteInput;

impl OverlayInput for PaletteInput {
    fn act(&self, model: &mut Model, action: Action, keystroke: Keystroke) -> Handled {
        let Some(palette) = model.screen.topmost::<Palette>() else {
            return Handled::Ignored;
        };
        let offers = palette.offers(model);
        let (selected, last) = (palette.selected, offers.len().saturating_sub(1));
        let page = usize::from(layout::of(model).middle.height.saturating_sub(6)).max(1);
        match action {
            Action::Up => select(model, selected.saturating_sub(1)),
            Action::Down => select(model, (selected + 1).min(last)),
            Action::PageUp => select(model, selected.saturating_sub(page)),
            Action::PageDown => select(model, (selected + page).min(last)),
            Action::Accept => {
                if let Some(offer) = offers.into_iter().nth(selected) {
                    return choose(model, offer, keystroke).into();
                }
                say_nothing_fits(model);
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

    /// Namespaces are among what it offers.
    fn watch(&self, _: &Overlay) -> Option<Watch> {
        Some(Watch::Table(Kind::Namespace, Scope::All))
    }
}

fn select(model: &mut Model, to: usize) {
    if let Some(palette) = model.screen.topmost_mut::<Palette>() {
        (palette.selected, palette.is_moved) = (to, true);
    }
}

fn edit(model: &mut Model, change: LineEdit) {
    if let Some(palette) = model.screen.topmost_mut::<Palette>() {
        change.apply(&mut palette.text, MAX_FILTER_CHARS);
        (palette.selected, palette.is_moved, palette.asked) = (0, false, None);
    }
}

fn choose(model: &mut Model, offer: PaletteLine, keystroke: Keystroke) -> Vec<Effect> {
    if let Some(ban) = &offer.ban {
        model.complain(format!("{}: {ban}", offer.name.raw()));
        return Vec::new();
    }
    if !is_meant(model, &offer) {
        return Vec::new();
    }
    model.screen.overlays.pop();
    match offer.goal {
        PaletteGoal::Action(action) => return input::act(model, action, keystroke),
        PaletteGoal::Namespace(name) => picker::chosen(model, Picked::Namespace, name),
        PaletteGoal::Context(name) => picker::chosen(model, Picked::Context, Some(name)),
        PaletteGoal::Pod(uid) => to_pod(model, &uid),
        PaletteGoal::Workload(uid) => to_workload(model, &uid),
        PaletteGoal::Kind => {}
    }
    Vec::new()
}

/// What the typed words do not begin is asked about first: the same key once more does it.
fn is_meant(model: &mut Model, offer: &PaletteLine) -> bool {
    let enter = model.keymap.chord_of(Place::Line, Action::Accept);
    let Some(palette) = model.screen.topmost_mut::<Palette>() else {
        return false;
    };
    let goal = Some(offer.goal.clone());
    if offer.is_meant || palette.is_moved || palette.asked == goal {
        return true;
    }
    palette.asked = goal;
    let (enter, name) = (enter.unwrap_or_default(), offer.name.raw());
    let words = if palette.text.trim().is_empty() {
        format!("nothing was typed; {enter} again for {name}")
    } else {
        format!("no word of it begins so; {enter} again for {name}")
    };
    model.say(words);
    false
}

fn say_nothing_fits(model: &mut Model) {
    let typed = model.screen.topmost::<Palette>();
    let typed = typed.map(|palette| palette.text.clone());
    let line = typed.and_then(|typed| kubectl_line(model, &typed));
    model.complain(match line {
        Some(line) => format!("nothing here has this name, and a kind of it has no view; {line}"),
        None => "nothing here has this name; erase some of it".to_owned(),
    });
}

/// Selects a pod; what hides it is released.
fn to_pod(model: &mut Model, uid: &Uid) {
    model.screen.focus_on(Pane::Pods);
    if model.cluster.pods.table.line_of(uid).is_none() {
        pane::release(model);
        pane::of(Pane::Pods).set_filter(model, Filter::default());
    }
    let height = usize::from(layout::of(model).pods_body().height);
    match model.cluster.pods.table.line_of(uid) {
        Some(line) => {
            let table = &model.cluster.pods.table;
            list::select_line(&mut model.screen.pods, table, height, line);
        }
        None => model.complain("that pod is gone"),
    }
}

fn to_workload(model: &mut Model, uid: &Uid) {
    let Some(workload) = model.cluster.workload(uid) else {
        model.complain("that workload is gone");
        return;
    };
    let subject = link::of_workload(workload, &model.cluster);
    let words = format!("narrowed to {}", subject.title.raw());
    model.screen.focus_on(Pane::Rollouts);
    pane::narrow(model, Some(subject));
    // What is done next is done to the line of the cursor.
    if model.rollout_list.table.line_of(uid).is_none() {
        pane::of(Pane::Rollouts).set_filter(model, Filter::default());
    }
    match pane::point_at_rollout(model, uid) {
        Ok(()) => model.say(words),
        Err(why) => model.complain(why),
    }
}
