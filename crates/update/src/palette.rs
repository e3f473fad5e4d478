//! The palette takes keys while it is open, and does what is chosen.

use super::list;
use super::{input, overlay, pane};
use keys::action::Action;
use keys::key::Key;
use model::Model;
use model::filter::Filter;
use model::link;
use model::message::Effect;
use model::palette::{Goal, Offer};
use model::pods::Uid;
use model::screen::{Overlay, Pane, Picked};
use view::layout;

/// Offers an action to the palette, if it is on top.
pub(super) fn act(model: &mut Model, action: Action, key: Key, alone: bool) -> Option<Vec<Effect>> {
    let Some(Overlay::Palette(palette)) = model.screen.overlays.last() else {
        return None;
    };
    let offers = palette.offers(model);
    let (selected, last) = (palette.selected, offers.len().saturating_sub(1));
    let page = usize::from(layout::of(model).middle.height.saturating_sub(4)).max(1);
    let to = match action {
        Action::Up => selected.saturating_sub(1),
        Action::Down => (selected + 1).min(last),
        Action::PageUp => selected.saturating_sub(page),
        Action::PageDown => (selected + page).min(last),
        Action::Accept => {
            let chosen = offers.into_iter().nth(selected)?;
            return Some(choose(model, chosen, key, alone));
        }
        Action::Back | Action::Cancel => {
            model.screen.overlays.pop();
            return Some(Vec::new());
        }
        _ => selected,
    };
    if let Some(Overlay::Palette(palette)) = model.screen.overlays.last_mut() {
        palette.selected = to;
    }
    Some(Vec::new())
}

fn choose(model: &mut Model, offer: Offer, key: Key, alone: bool) -> Vec<Effect> {
    if let Some(ban) = &offer.ban {
        model.complain(format!("{}: {ban}", offer.name.raw()));
        return Vec::new();
    }
    model.screen.overlays.pop();
    match offer.goal {
        Goal::Action(action) => return input::act(model, action, key, alone),
        Goal::Namespace(name) => overlay::chosen(model, Picked::Namespace, name),
        Goal::Context(name) => overlay::chosen(model, Picked::Context, Some(name)),
        Goal::Pod(uid) => to_pod(model, &uid),
        Goal::Workload(uid) => to_workload(model, &uid),
    }
    Vec::new()
}

/// Selects a pod; what hides it is released.
fn to_pod(model: &mut Model, uid: &Uid) {
    model.screen.look_at(Pane::Pods);
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
    model.screen.look_at(Pane::Rollouts);
    pane::narrow(model, Some(subject));
    model.say(words);
}
