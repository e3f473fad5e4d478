//! The mouse: a click gives a pane the keys and selects its line, the wheel scrolls. Nothing that is asked is answered by it.

use keys::action::Action;
use keys::key::{Code, Key};
use keys::keymap::Place;
use keys::mouse::{Gesture, Mouse};
use model::Model;
use model::entry::EntryId;
use model::message::Effect;
use model::screen::Pane;
use view::layout;

use super::input::{Handled, Keystroke};
use super::list::{self, Move};
use super::{overlay, pane};

/// Lines that a notch of the wheel moves, as most programs have it.
const NOTCH_LINES: u8 = 3;

pub(super) fn update(model: &mut Model, mouse: Mouse) -> Vec<Effect> {
    if model.screen.dialog().is_some() {
        return Vec::new();
    }
    model.screen.pending.clear();
    model.screen.last_key = Some(model.now);
    if !model.screen.overlays.is_empty() {
        return over_an_overlay(model, mouse.gesture);
    }
    let Some(pane) = layout::of(model).pane_at(mouse.column, mouse.row) else {
        return Vec::new();
    };
    let layout = layout::of(model);
    let clicked = match pane {
        Pane::Pods | Pane::Alerts | Pane::Rollouts => layout
            .line_at(pane, mouse.column, mouse.row)
            .map(Clicked::Line),
        Pane::Logs => layout
            .log_line_at(model, mouse.column, mouse.row)
            .map(|(index, row)| Clicked::LogLine { index, row }),
        Pane::Timeline => layout
            .entry_at(model, mouse.column, mouse.row)
            .map(Clicked::Entry),
    };
    model.screen.focus_on(pane);
    let lines = isize::from(i16::from(NOTCH_LINES));
    match mouse.gesture {
        Gesture::WheelUp => pane::of(pane).step(model, Move::Lines(-lines)),
        Gesture::WheelDown => pane::of(pane).step(model, Move::Lines(lines)),
        Gesture::Click => {
            if let Some(clicked) = clicked {
                select(model, pane, clicked);
            }
            Vec::new()
        }
    }
}

/// Pages scroll; what is typed or chosen there takes no click.
fn over_an_overlay(model: &mut Model, gesture: Gesture) -> Vec<Effect> {
    let action = match gesture {
        Gesture::WheelUp => Action::Up,
        Gesture::WheelDown => Action::Down,
        Gesture::Click => return Vec::new(),
    };
    if model.screen.place() != Place::Global {
        return Vec::new();
    }
    let keystroke = Keystroke {
        key: Key::plain(Code::Down),
        is_alone: false,
    };
    let mut effects = Vec::new();
    for _ in 0..NOTCH_LINES {
        if let Handled::Consumed(more) = overlay::act(model, action, keystroke) {
            effects.extend(more);
        }
    }
    effects
}

/// What stands where the mouse was clicked.
#[derive(Clone, Copy)]
enum Clicked {
    /// A line of a list, counted from the first that is seen.
    Line(usize),
    /// A line of the log among those that are listed, and the last row that it takes.
    LogLine {
        index: usize,
        row: usize,
    },
    Entry(EntryId),
}

/// Selects what was clicked.
fn select(model: &mut Model, pane: Pane, clicked: Clicked) {
    let line = match clicked {
        Clicked::Line(line) => line,
        Clicked::LogLine { index, row } => return pane::read_log(model, index, row),
        Clicked::Entry(entry) => {
            model.timeline.cursor = Some(entry);
            return;
        }
    };
    let height = pane::height(model, pane);
    let screen = &mut model.screen;
    match pane {
        Pane::Pods => list::click(&mut screen.pods, &model.cluster.pods.table, height, line),
        Pane::Alerts => list::click(
            &mut screen.alerts,
            &model.alerts.watched.table,
            height,
            line,
        ),
        Pane::Rollouts => {
            list::click(
                &mut screen.rollouts,
                &model.rollout_list.table,
                height,
                line,
            );
        }
        Pane::Logs | Pane::Timeline => {}
    }
}
