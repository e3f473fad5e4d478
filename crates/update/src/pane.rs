//! What the common keys mean in each pane: the one place that knows which pane has the focus. A file for each pane below.

mod alerts;
mod logs;
mod pods;
mod rollouts;
mod timeline;

pub(super) use logs::{read_at as read_log, show as show_logs};
pub(super) use pods::{selected as selected_pod, standing as pod_standing};
pub(super) use rollouts::{on_history, selected as selected_rollout};

use super::input::Handled;
use super::list::Move;
use super::refusal;
use ::runbook::RunbookQuestion;
use keys::action::Action;
use model::Model;
use model::cluster::{Kind, ObjectRef};
use model::filter::Filter;
use model::link::Subject;
use model::message::Effect;
use model::meta::Uid;
use model::runbook;
use model::screen::{Cursor, List, Pane};
use model::sideways::{SideMove, Sideways};
use model::time::At;

/// How a list is to be sorted anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sorting {
    /// By the next column.
    Next,
    /// The other way round.
    Reverse,
}

/// What the common keys mean in one pane. Says why when a key means nothing there.
pub(super) trait PaneInput {
    /// Moves the cursor.
    fn step(&self, model: &mut Model, by: Move) -> Vec<Effect>;

    /// Looks at the selected line whole.
    fn open(&self, model: &mut Model) -> Vec<Effect>;

    /// Copies what is selected.
    fn copy(&self, model: &mut Model) -> Vec<Effect>;

    /// To the next line worth looking at, or the next match.
    fn search(&self, model: &mut Model, is_forward: bool) -> Vec<Effect>;

    /// What narrows it by typed words.
    fn filter<'a>(&self, model: &'a Model) -> &'a Filter;

    /// Narrows it by typed words.
    fn set_filter(&self, model: &mut Model, filter: Filter);

    /// Sorts it anew.
    fn sort(&self, model: &mut Model, _: Sorting) {
        let words = format!(
            "this pane has one order only; {}",
            refusal::to_objects(model)
        );
        model.say(words);
    }

    /// What the selected line is about, for the other panes; `None` when it has said why there is nothing.
    fn subject(&self, model: &mut Model) -> Option<Subject>;

    /// The object that the selected line is; `None` when it has said why there is none.
    fn object(&self, model: &mut Model) -> Option<ObjectRef> {
        let words = format!("this pane has no objects; {}", refusal::to_objects(model));
        model.say(words);
        None
    }

    /// What documents should fit: the selected line, else what the panes are narrowed to; `None` when it has said why there is
    /// no such line.
    fn question(&self, model: &mut Model) -> Option<RunbookQuestion> {
        let subject = model.screen.subject.as_ref();
        let question = subject.map(|subject| runbook::of_subject(subject, model));
        Some(question.unwrap_or_default())
    }

    /// The subject of the panes has changed: what is listed follows.
    fn narrowed(&self, _: &mut Model) {}

    /// Lets go what it holds beside filter and subject; true when there was something.
    fn release(&self, _: &mut Model) -> bool {
        false
    }

    /// Takes an action of its own while it has the focus.
    fn act(&self, _: &mut Model, _: Action) -> Handled {
        Handled::Ignored
    }

    /// What is settled after each message, because rows or time have moved.
    fn settle(&self, _: &mut Model) -> Vec<Effect> {
        Vec::new()
    }

    /// When what it shows changes by time alone, apart from seconds and minutes.
    fn next_due(&self, _: &Model) -> Option<At> {
        None
    }

    /// Whether it shows seconds that count.
    fn shows_seconds(&self, _: &Model) -> bool {
        false
    }
}

/// Where lines that are cut stand after a key.
pub(super) fn moved(sideways: Sideways, action: Action) -> Sideways {
    match action {
        Action::Left => sideways.moved(SideMove::Left),
        Action::Right => sideways.moved(SideMove::Right),
        Action::LineStart => sideways.moved(SideMove::Start),
        _ => sideways,
    }
}

/// The keys of a pane.
pub(super) fn of(pane: Pane) -> &'static dyn PaneInput {
    match pane {
        Pane::Alerts => &alerts::Alerts,
        Pane::Pods => &pods::Pods,
        Pane::Logs => &logs::Logs,
        Pane::Rollouts => &rollouts::Rollouts,
        Pane::Timeline => &timeline::Timeline,
    }
}

/// The keys of the pane that has the focus.
pub(super) fn focused(model: &Model) -> &'static dyn PaneInput {
    of(model.screen.focus)
}

/// Lines of a list that are seen.
pub(super) fn height(model: &Model, pane: Pane) -> usize {
    let layout = view::layout::of(model);
    let body = match pane {
        Pane::Pods => layout.pods_body(),
        Pane::Alerts | Pane::Logs | Pane::Rollouts | Pane::Timeline => layout.body(pane),
    };
    usize::from(body.height)
}

/// Selects an object in the pane that lists it.
pub(super) fn point_at(model: &mut Model, object: &ObjectRef) -> Result<(), String> {
    let gone = |model: &Model| {
        let (name, close) = (object.name.raw(), model.key(Action::Back));
        Err(format!("{name} is gone; {close} closes its page"))
    };
    match object.kind {
        Kind::Pod if model.cluster.pods.table.get(&object.uid).is_some() => {
            model.screen.focus_on(Pane::Pods);
            put(&mut model.screen.pods, &object.uid);
            Ok(())
        }
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet
            if model.rollout_list.table.get(&object.uid).is_some() =>
        {
            point_at_rollout(model, &object.uid)
        }
        _ => gone(model),
    }
}

/// Selects an alert.
pub(super) fn point_at_alert(model: &mut Model, uid: &Uid) -> Result<(), String> {
    if model.alerts.watched.table.get(uid).is_none() {
        let close = model.key(Action::Back);
        return Err(format!("the alert is over; {close} closes its page"));
    }
    model.screen.focus_on(Pane::Alerts);
    put(&mut model.screen.alerts, uid);
    Ok(())
}

/// Selects a line of the rollouts.
pub(super) fn point_at_rollout(model: &mut Model, line: &Uid) -> Result<(), String> {
    if model.rollout_list.table.get(line).is_none() {
        let close = model.key(Action::Back);
        return Err(format!("it is listed no longer; {close} closes this"));
    }
    model.screen.focus_on(Pane::Rollouts);
    put(&mut model.screen.rollouts, line);
    Ok(())
}

/// The cursor keeps its line on the screen; where the list has the object it is found when the list is settled.
fn put(list: &mut List, uid: &Uid) {
    let screen_line = list.cursor.as_ref().map_or(0, |cursor| cursor.screen_line);
    let uid = uid.clone();
    list.cursor = Some(Cursor { uid, screen_line });
    (list.is_pointed, list.lost) = (true, None);
}

/// Narrows the panes to what the selected line is about; a second time for the same releases them.
pub(super) fn link(model: &mut Model) {
    let Some(subject) = focused(model).subject(model) else {
        return;
    };
    let is_same = model.screen.subject.as_ref() == Some(&subject);
    if is_same {
        release(model);
        return;
    }
    let words = format!("narrowed to {}", subject.title.raw());
    narrow(model, Some(subject));
    model.say(words);
}

/// Releases the panes; true when they were narrowed.
pub(super) fn release(model: &mut Model) -> bool {
    let was_narrowed = model.screen.subject.is_some();
    if was_narrowed {
        narrow(model, None);
        model.say("no longer narrowed: all is shown");
    }
    was_narrowed
}

/// Sets what the panes are narrowed to.
pub(super) fn narrow(model: &mut Model, subject: Option<Subject>) {
    model.screen.subject = subject;
    for pane in Pane::ALL {
        of(*pane).narrowed(model);
    }
}

/// What is settled after each message.
pub(super) fn settle(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    for pane in Pane::ALL {
        effects.extend(of(*pane).settle(model));
    }
    effects
}

/// When a pane next changes by time alone.
pub(super) fn next_due(model: &Model) -> Option<At> {
    Pane::ALL
        .iter()
        .filter_map(|pane| of(*pane).next_due(model))
        .min_by_key(|at| at.mono_ms)
}

/// Whether a pane that is on the screen shows seconds that count.
pub(super) fn shows_seconds(model: &Model) -> bool {
    let layout = view::layout::of(model);
    layout
        .panes
        .iter()
        .any(|(pane, _)| of(*pane).shows_seconds(model))
        || (!layout.alert_line.is_empty() && of(Pane::Alerts).shows_seconds(model))
}
