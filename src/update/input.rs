//! Keys and the terminal's own news: a key is looked up in the keymap of the place it falls into, and becomes an action.

use super::list::{self, Move};
use super::{note, overlay, timeline, write};
use crate::action::Action;
use crate::key::Key;
use crate::keymap::Resolved;
use crate::message::{ClusterEffect, Effect, Input};
use crate::model::Model;
use crate::model::filter::Filter;
use crate::model::pod_list::Column;
use crate::model::pods::PodRow;
use crate::model::screen::{CANCEL_TWICE_MS, Overlay, Pane, Picked};
use crate::model::sick;
use crate::model::time::Seconds;
use crate::model::watched::DetailSeen;
use crate::view::layout;

pub(super) fn update(model: &mut Model, input: Input) -> Vec<Effect> {
    match input {
        Input::Key { key, alone } => press(model, key, alone),
        Input::Paste(text) => {
            if write::paste(model) {
                return Vec::new();
            }
            let taken = note::paste(model, &text);
            taken.unwrap_or_else(|| {
                overlay::paste(model, &text);
                Vec::new()
            })
        }
        Input::Resize { columns, rows } => {
            model.screen.size = (columns, rows);
            Vec::new()
        }
        Input::Done(words) => {
            model.say(words);
            Vec::new()
        }
        Input::Failed(words) => {
            model.complain(words);
            Vec::new()
        }
        Input::FrameShown => {
            write::frame_shown(model);
            Vec::new()
        }
        Input::Resumed => Vec::new(),
    }
}

fn press(model: &mut Model, key: Key, alone: bool) -> Vec<Effect> {
    model.screen.last_key = Some(model.now);
    if model
        .screen
        .status
        .as_ref()
        .is_some_and(|status| status.is_error)
    {
        model.screen.status = None;
    }
    let place = model.screen.place();
    match model.keymap.resolve(place, &model.screen.pending, key) {
        Resolved::Action(action) => {
            model.screen.pending.clear();
            act(model, action, key, alone)
        }
        Resolved::Pending => {
            model.screen.pending.push(key);
            Vec::new()
        }
        Resolved::Unbound => {
            let was_pending = !std::mem::take(&mut model.screen.pending).is_empty();
            if was_pending {
                return Vec::new();
            }
            if write::type_key(model, key) {
                return Vec::new();
            }
            note::type_key(model, key).unwrap_or_else(|| {
                overlay::type_key(model, key);
                Vec::new()
            })
        }
    }
}

/// Does what an action means here.
fn act(model: &mut Model, action: Action, key: Key, alone: bool) -> Vec<Effect> {
    if let Some(effects) = write::act(model, action, key, alone) {
        return effects;
    }
    if let Some(effects) = note::act(model, action) {
        return effects;
    }
    if overlay::act(model, action) {
        return Vec::new();
    }
    match action {
        Action::Quit => return vec![Effect::Quit],
        Action::Cancel => return cancel(model),
        Action::Suspend => return vec![Effect::Suspend],
        Action::Retry => return vec![Effect::Cluster(ClusterEffect::RetryNow)],
        Action::Login => return vec![Effect::Login],
        Action::Copy => return copy(model),
        Action::Help => model.screen.overlays.push(Overlay::Help { top: 0 }),
        Action::Back => back(model),
        Action::Open => open(model),
        Action::Up => return moved(model, Move::Lines(-1)),
        Action::Down => return moved(model, Move::Lines(1)),
        Action::PageUp => return moved(model, Move::Pages(-1)),
        Action::PageDown => return moved(model, Move::Pages(1)),
        Action::Top => return moved(model, Move::Top),
        Action::Bottom => return moved(model, Move::Bottom),
        Action::NextPane => model.screen.focus = model.screen.focus.next(true),
        Action::PreviousPane => model.screen.focus = model.screen.focus.next(false),
        Action::PodsPane => model.screen.focus = Pane::Pods,
        Action::TimelinePane => model.screen.focus = Pane::Timeline,
        Action::Zoom => model.screen.is_zoomed = !model.screen.is_zoomed,
        Action::Filter => {
            let before = overlay::filter(model).clone();
            model.screen.overlays.push(Overlay::Filter { before });
        }
        Action::SearchNext => next_sick(model, true),
        Action::SearchPrevious => next_sick(model, false),
        Action::Sort => {
            model.screen.pods.sort = (model.screen.pods.sort + 1) % Column::ALL.len();
            list::reorder_pods(model);
        }
        Action::SortReverse => {
            model.screen.pods.is_reversed = !model.screen.pods.is_reversed;
            list::reorder_pods(model);
        }
        Action::Namespace => overlay::pick(model, Picked::Namespace),
        Action::Context => overlay::pick(model, Picked::Context),
        Action::Arm => return write::arm(model),
        Action::Scale | Action::Restart | Action::Undo => {
            return write::propose(model, action, key);
        }
        Action::Export => return vec![Effect::Export],
        // Taken by the note and incident overlays before this point, where they mean anything.
        Action::Note
        | Action::IncidentOpen
        | Action::IncidentClose
        | Action::Save
        | Action::Accept
        | Action::Confirm
        | Action::Refuse
        | Action::NextField
        | Action::PreviousField
        | Action::Severity0
        | Action::Severity1
        | Action::Severity2
        | Action::Severity3
        | Action::Severity4 => {}
    }
    Vec::new()
}

fn cancel(model: &mut Model) -> Vec<Effect> {
    if model
        .screen
        .cancel_pressed
        .is_some_and(|pressed| model.now.since_ms(pressed) < CANCEL_TWICE_MS)
    {
        return vec![Effect::Quit];
    }
    model.screen.cancel_pressed = Some(model.now);
    back(model);
    let leave = model
        .keymap
        .chord_of(model.screen.place(), Action::Quit)
        .unwrap_or_default();
    model.say(format!(
        "Ctrl-C again within a second leaves; so does {leave}"
    ));
    Vec::new()
}

fn back(model: &mut Model) {
    if !overlay::filter(model).is_empty() {
        overlay::set_filter(model, Filter::default());
    } else if model.screen.focus == Pane::Timeline && model.timeline.cursor.is_some() {
        model.timeline.cursor = None;
    } else if model.screen.is_zoomed {
        model.screen.is_zoomed = false;
    }
}

fn moved(model: &mut Model, by: Move) -> Vec<Effect> {
    let layout = layout::of(model);
    match model.screen.focus {
        Pane::Pods => list::step(
            &mut model.screen.pods,
            &model.cluster.pods.table,
            usize::from(layout.pods_body().height),
            by,
        ),
        Pane::Timeline => {
            let height = usize::from(layout.body(Pane::Timeline).height);
            return timeline::step(model, height, by);
        }
    }
    Vec::new()
}

fn next_sick(model: &mut Model, is_forward: bool) {
    let (table, list, now) = (
        &model.cluster.pods.table,
        &mut model.screen.pods,
        Seconds::from(model.now.wall),
    );
    let count = table.len();
    let from = list
        .cursor
        .as_ref()
        .and_then(|cursor| table.line_of(&cursor.uid));
    let is_sick = |line: &usize| {
        table
            .row_at(*line)
            .is_some_and(|(pod, _)| sick::diagnose(pod, now).sickness.is_some())
    };
    let found = match (from, is_forward) {
        (None, _) => (0..count).find(is_sick),
        (Some(from), true) => (from + 1..count).chain(0..=from).find(is_sick),
        (Some(from), false) => (0..from).rev().chain((from..count).rev()).find(is_sick),
    };
    match found {
        Some(line) => {
            let height = usize::from(layout::of(model).pods_body().height);
            list::select_line(
                &mut model.screen.pods,
                &model.cluster.pods.table,
                height,
                line,
            );
        }
        None => model.say("no sick pod here"),
    }
}

/// The selected pod. When none is selected the first one becomes so, and nothing else happens: an action never falls on
/// something that nobody pointed at.
pub(super) fn selected_pod(model: &mut Model) -> Option<&PodRow> {
    if model.screen.pods.cursor.is_none() {
        let height = usize::from(layout::of(model).pods_body().height);
        let (list, table) = (&mut model.screen.pods, &model.cluster.pods.table);
        list::step(list, table, height, Move::Lines(0));
        let words = match &model.screen.pods.cursor {
            Some(_) => "nothing was selected: the marked line is now; press again",
            None => "there is no pod to select",
        };
        model.say(words);
        return None;
    }
    let uid = &model.screen.pods.cursor.as_ref()?.uid;
    model.cluster.pods.table.get(uid)
}

fn open(model: &mut Model) {
    if model.screen.focus == Pane::Timeline {
        if let Some(id) = timeline::selected(model) {
            model.screen.overlays.push(Overlay::Entry { id, top: 0 });
        }
        return;
    }
    if let Some(object) = selected_pod(model).map(PodRow::object) {
        model.cluster.detail = Some(DetailSeen::new(object.clone()));
        model
            .screen
            .overlays
            .push(Overlay::Detail { object, top: 0 });
    }
}

fn copy(model: &mut Model) -> Vec<Effect> {
    let is_of_entry = matches!(model.screen.overlays.last(), Some(Overlay::Entry { .. }));
    if is_of_entry || model.screen.focus == Pane::Timeline {
        return timeline::copy(model);
    }
    let Some(name) = selected_pod(model).map(|pod| pod.name.clone()) else {
        return Vec::new();
    };
    model.say("copied the pod's name");
    vec![Effect::Copy(name)]
}
