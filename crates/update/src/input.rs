//! Keys and the terminal's own news: a key is looked up in the keymap of the place it falls into, and becomes an action.

mod unbound;

use super::list::Move;
use super::pane::{self, Sorting};
use super::{leaving, logs, mouse, overlay, refusal, runbook, write};
use keys::action::Action;
use keys::key::Key;
use keys::keymap::Resolved;
use model::Model;
use model::filter::Filter;
use model::message::{ClusterEffect, Effect, Input};
use model::palette::Palette;
use model::screen::{CANCEL_TWICE_MS, HelpPage, Pane, Picked};

/// What came of input that was offered to an overlay or to a pane.
pub(super) enum Handled {
    /// Nobody else is asked.
    Consumed(Vec<Effect>),
    /// What lies below is asked.
    Ignored,
}

impl Handled {
    /// Consumed, and nothing is to be done outside.
    pub(super) fn done() -> Handled {
        Handled::Consumed(Vec::new())
    }

    fn effects(self) -> Vec<Effect> {
        match self {
            Handled::Consumed(effects) => effects,
            Handled::Ignored => Vec::new(),
        }
    }
}

impl From<Vec<Effect>> for Handled {
    fn from(effects: Vec<Effect>) -> Handled {
        Handled::Consumed(effects)
    }
}

/// The key that stands for an action: the last of its chord.
#[derive(Clone, Copy)]
pub(super) struct Keystroke {
    pub(super) key: Key,
    /// It came alone in its read: only such a key may confirm a write.
    pub(super) is_alone: bool,
}

pub(super) fn update(model: &mut Model, input: Input) -> Vec<Effect> {
    match input {
        Input::Key { key, alone } => press(model, key, alone),
        Input::Paste(text) => overlay::paste(model, &text).effects(),
        Input::Mouse(mouse) => mouse::update(model, mouse),
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
        Input::FrameWritten(question) => {
            write::frame_written(model, question);
            Vec::new()
        }
        Input::FrameShown(question) => {
            write::frame_shown(model, question);
            Vec::new()
        }
        Input::FrameUnanswered(question) => {
            write::frame_unanswered(model, question);
            Vec::new()
        }
        Input::Resumed => {
            write::resumed(model);
            Vec::new()
        }
    }
}

fn press(model: &mut Model, key: Key, is_alone: bool) -> Vec<Effect> {
    model.screen.last_key = Some(model.now);
    let status = &mut model.screen.status;
    status.take_if(|status| status.is_error || status.is_answer);
    let before = status.clone();
    let effects = resolve(model, key, is_alone);
    let status = &mut model.screen.status;
    if *status != before
        && let Some(status) = status
    {
        status.is_answer = true;
    }
    effects
}

fn resolve(model: &mut Model, key: Key, is_alone: bool) -> Vec<Effect> {
    let place = model.screen.place();
    match model.keymap.resolve(place, &model.screen.pending, key) {
        Resolved::Action(action) => {
            model.screen.pending.clear();
            act(model, action, Keystroke { key, is_alone })
        }
        Resolved::Pending => {
            model.screen.pending.push(key);
            Vec::new()
        }
        Resolved::Unbound => unbound::press(model, place, key),
    }
}

/// Does what an action means here: for the topmost overlay, else for the focused pane, else everywhere.
pub(super) fn act(model: &mut Model, action: Action, keystroke: Keystroke) -> Vec<Effect> {
    if action == Action::Redraw {
        return vec![Effect::Redraw];
    }
    // Who goes on working is not leaving any more; the palette is one way to leave.
    if !matches!(action, Action::Quit | Action::Palette | Action::Accept) {
        model.screen.is_leaving = false;
    }
    if let Handled::Consumed(effects) = overlay::act(model, action, keystroke) {
        return effects;
    }
    // An overlay that gives way to the panes is gone by now.
    if model.screen.overlays.is_empty()
        && let Handled::Consumed(effects) = pane::focused(model).act(model, action)
    {
        return effects;
    }
    act_everywhere(model, action, keystroke)
}

fn act_everywhere(model: &mut Model, action: Action, keystroke: Keystroke) -> Vec<Effect> {
    match action {
        Action::Quit => return quit(model),
        Action::Cancel => return cancel(model),
        Action::Suspend => return vec![Effect::Suspend],
        Action::Redraw => return vec![Effect::Redraw],
        Action::Retry => {
            logs::retry(model);
            model.say("asked again: what is watched is tried at once");
            return vec![Effect::Cluster(ClusterEffect::RetryNow)];
        }
        Action::Login => {
            model.say("signing in again");
            return vec![Effect::Login];
        }
        Action::Copy => return pane::focused(model).copy(model),
        Action::Help => model.screen.lay(HelpPage::default()),
        Action::Back => back(model),
        Action::Open => return pane::focused(model).open(model),
        Action::Up => return moved(model, Move::Lines(-1)),
        Action::Down => return moved(model, Move::Lines(1)),
        Action::PageUp => return moved(model, Move::Pages(-1)),
        Action::PageDown => return moved(model, Move::Pages(1)),
        Action::Top => return moved(model, Move::Top),
        Action::Bottom => return moved(model, Move::Bottom),
        Action::NextPane => model.screen.focus_on(model.screen.focus.next(true)),
        Action::PreviousPane => model.screen.focus_on(model.screen.focus.next(false)),
        Action::AlertsPane => model.screen.focus_on(Pane::Alerts),
        Action::PodsPane => model.screen.focus_on(Pane::Pods),
        Action::LogsPane => model.screen.focus_on(Pane::Logs),
        Action::RolloutsPane => model.screen.focus_on(Pane::Rollouts),
        Action::TimelinePane => model.screen.focus_on(Pane::Timeline),
        Action::Zoom => model.screen.is_zoomed = !model.screen.is_zoomed,
        Action::Runbook => return runbook::find(model),
        Action::Changes => overlay::changes::open(model),
        Action::Filter => overlay::filter::open(model),
        Action::Palette => model.screen.lay(Palette::default()),
        Action::Note => overlay::note::open(model),
        Action::IncidentOpen => overlay::incident::open(model),
        Action::IncidentClose => overlay::incident::close(model),
        Action::Yaml => {
            let object = pane::focused(model).object(model);
            return object.map_or_else(Vec::new, |object| overlay::yaml::open(model, object));
        }
        Action::Link => pane::link(model),
        Action::SearchNext => return pane::focused(model).search(model, true),
        Action::SearchPrevious => return pane::focused(model).search(model, false),
        Action::Sort => pane::focused(model).sort(model, Sorting::Next),
        Action::SortReverse => pane::focused(model).sort(model, Sorting::Reverse),
        Action::Namespace => overlay::picker::open(model, Picked::Namespace),
        Action::Context => overlay::picker::open(model, Picked::Context),
        Action::Arm => return write::arm(model),
        Action::Scale | Action::Restart | Action::Rollback | Action::ReplacePod | Action::Undo => {
            return write::propose(model, action, keystroke.key);
        }
        Action::Logs => pane::show_logs(model),
        Action::LogsPause
        | Action::LogsPrevious
        | Action::LogsContainer
        | Action::LogsContext
        | Action::LogsWrap
        | Action::LogsTimes
        | Action::LogsPin => model.say(refusal::of_the_logs(model)),
        Action::Left | Action::Right | Action::LineStart => {
            model.say(refusal::of_lines_that_are_cut(model));
        }
        Action::Export => return vec![Effect::Export],
        Action::Diff | Action::Mark => model.say(refusal::of_revisions(model)),
        // These mean something to an overlay alone.
        Action::Save
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

/// Leaves; in the middle of something only when it is said a second time.
fn quit(model: &mut Model) -> Vec<Effect> {
    let open = leaving::left_open(model);
    if model.screen.is_leaving || open.is_empty() {
        return vec![Effect::Quit];
    }
    model.screen.is_leaving = true;
    let words = format!(
        "{}; {} again leaves",
        open.join(", "),
        model.key(Action::Quit)
    );
    model.say(words);
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

/// Lets go one thing at a time: the filter, what the pane holds, what the panes are narrowed to, the zoom.
fn back(model: &mut Model) {
    let keys = pane::focused(model);
    if !keys.filter(model).is_empty() {
        keys.set_filter(model, Filter::default());
    } else if !keys.release(model) && !pane::release(model) {
        model.screen.is_zoomed = false;
    }
}

fn moved(model: &mut Model, by: Move) -> Vec<Effect> {
    pane::focused(model).step(model, by)
}
