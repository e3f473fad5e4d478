//! What is said when a key does nothing here: why, and which key to press next.

use super::list::Unselected;
use keys::action::Action;
use keys::key::Key;
use keys::keymap::Place;
use model::Model;
use model::screen::Pane;

/// The key that leads to a pane.
fn pane_key(model: &Model, pane: Pane) -> String {
    model.key(match pane {
        Pane::Alerts => Action::AlertsPane,
        Pane::Pods => Action::PodsPane,
        Pane::Logs => Action::LogsPane,
        Pane::Rollouts => Action::RolloutsPane,
        Pane::Timeline => Action::TimelinePane,
    })
}

/// Where objects are that can be selected.
pub(super) fn to_objects(model: &Model) -> String {
    let (pods, rollouts) = (pane_key(model, Pane::Pods), pane_key(model, Pane::Rollouts));
    format!("{pods} goes to the pods, {rollouts} to the rollouts")
}

/// No line of a list is selected.
pub(super) fn unselected(model: &Model, thing: &str, why: Unselected) -> String {
    match why {
        Unselected::Gone(title) => {
            let what = title.map_or(format!("the selected {thing}"), |title| {
                title.raw().to_owned()
            });
            format!("{what} is gone; press again for the {thing} that is marked now")
        }
        Unselected::Nothing => format!("there is no {thing} to select; {}", to_rows(model)),
    }
}

/// What brings rows into an empty list.
pub(super) fn to_rows(model: &Model) -> String {
    let pane = model.screen.focus;
    let is_narrowed =
        model.screen.subject_of(pane).is_some() || !super::pane::of(pane).filter(model).is_empty();
    let is_asked = model.cluster.connection.is_none();
    let (key, what) = match pane {
        _ if is_narrowed => (Action::Back, "shows what is hidden"),
        Pane::Logs => (
            Action::PodsPane,
            "goes to the pods, whose log is followed here",
        ),
        _ if is_asked => (Action::Retry, "asks the server again"),
        Pane::Alerts | Pane::Timeline => (Action::Help, "lists the keys"),
        Pane::Pods | Pane::Rollouts => (Action::Namespace, "chooses another namespace"),
    };
    format!("{} {what}", model.key(key))
}

/// A key of the logs pane, pressed elsewhere.
pub(super) fn of_the_logs(model: &Model) -> String {
    let logs = pane_key(model, Pane::Logs);
    format!("this key is for the logs pane; {logs} goes there")
}

/// Lines are moved sideways where they are longer than their pane.
pub(super) fn of_lines_that_are_cut(model: &Model) -> String {
    let (logs, timeline) = (pane_key(model, Pane::Logs), pane_key(model, Pane::Timeline));
    format!(
        "only logs, the timeline and YAML are moved sideways; {logs} goes to the logs, {timeline} to the timeline"
    )
}

/// Only revisions can be compared.
pub(super) fn of_revisions(model: &Model) -> String {
    let rollouts = pane_key(model, Pane::Rollouts);
    format!("only revisions can be compared; {rollouts} goes to the rollouts")
}

/// A key of the pane below a page.
pub(super) fn of_the_pane_below(model: &Model) -> String {
    let close = model.key(Action::Back);
    format!("the key is for the pane below; {close} closes this first")
}

/// A key where a line of text or a note is typed.
pub(super) fn of_a_text(model: &Model, key: Key) -> String {
    let place = model.screen.place();
    let of = |action| model.keymap.chord_of(place, action);
    let works = [
        (Action::Accept, "accepts"),
        (Action::Save, "saves"),
        (Action::Back, "goes back"),
    ];
    let works = works
        .into_iter()
        .filter_map(|(action, verb)| Some(format!("{} {verb}", of(action)?)));
    let works: Vec<String> = works.collect();
    format!("{key} does nothing here: {}", works.join(", "))
}

/// A key where a question wants a yes or a no.
pub(super) fn of_a_question(model: &Model, key: Key) -> String {
    let of = |action| {
        model
            .keymap
            .chord_of(Place::Dialog, action)
            .unwrap_or_default()
    };
    let (yes, no) = (of(Action::Confirm), of(Action::Refuse));
    format!("{key} is no answer: {yes} is yes, {no} is no")
}

/// Nothing is searched for.
pub(super) fn of_a_search(model: &Model) -> String {
    format!(
        "nothing is searched for; {} takes the words",
        model.key(Action::Filter)
    )
}

/// A line of a log whose pod is meant.
pub(super) fn no_line(model: &Model) -> String {
    format!("there is no line, or its pod is gone; {}", to_rows(model))
}
