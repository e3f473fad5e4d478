//! Keys in the logs pane: follow or read, find, show more or less of each line, and pin what proves something.

use super::{Handled, PaneInput};
use crate::list::Move;
use crate::{logs, refusal};
use keys::action::Action;
use model::Model;
use model::cluster::ObjectRef;
use model::filter::Filter;
use model::link::{LinkTarget, Subject};
use model::logs::{LineCursor, LinePlace};
use model::message::Effect;
use model::pods::PodRow;
use model::screen::Pane;
use model::time::{At, Seconds};
use view::layout;

/// What brings an alert about is printed before it fires: its rule waits, and so does the scrape.
const BEFORE_ALERT_S: i64 = 300;

pub(super) struct Logs;

impl PaneInput for Logs {
    fn step(&self, model: &mut Model, by: Move) -> Vec<Effect> {
        let height = height(model);
        let listed = model.logs.listed(&model.screen.logs.filter);
        let Some(last) = listed.len().checked_sub(1) else {
            return Vec::new();
        };
        let from = model.logs.cursor_index(&model.screen.logs.filter);
        let page = isize::try_from(height.saturating_sub(1).max(1)).unwrap_or(1);
        let by_lines = |lines: isize| (from.unwrap_or(last).checked_add_signed(lines)).unwrap_or(0);
        let to = match by {
            Move::Top => 0,
            Move::Bottom => last + 1,
            Move::Lines(lines) => by_lines(lines),
            Move::Pages(pages) => by_lines(pages * page),
        };
        // Down from the last line is back to what is printed now.
        if to > last {
            go_on(model);
        } else {
            read(model, to);
        }
        Vec::new()
    }

    fn open(&self, model: &mut Model) -> Vec<Effect> {
        model.logs.is_wrapped = !model.logs.is_wrapped;
        Vec::new()
    }

    fn copy(&self, model: &mut Model) -> Vec<Effect> {
        let Some((segment, line)) = selected(model).and_then(|place| model.logs.line(place)) else {
            model.say(format!(
                "there is no line to copy; {}",
                refusal::to_rows(model)
            ));
            return Vec::new();
        };
        let text = segment.text(line).into();
        model.say("copied the line");
        vec![Effect::Copy(text)]
    }

    fn search(&self, model: &mut Model, is_forward: bool) -> Vec<Effect> {
        let logs = &model.logs;
        if model.screen.logs.filter.is_empty() {
            model.say(refusal::of_a_search(model));
            return Vec::new();
        }
        let Some((place, is_round)) = logs.next_match(is_forward) else {
            model.say(if logs.is_searching {
                "still searching; try again"
            } else {
                "no line matches; try other words"
            });
            return Vec::new();
        };
        if is_round {
            model.say("round the end");
        }
        let listed = model.logs.listed(&model.screen.logs.filter);
        if let Ok(index) = listed.index_of(place) {
            read(model, index);
        }
        Vec::new()
    }

    fn filter<'a>(&self, model: &'a Model) -> &'a Filter {
        &model.screen.logs.filter
    }

    fn set_filter(&self, model: &mut Model, filter: Filter) {
        logs::set_filter(model, filter);
    }

    /// The pod whose line it is.
    fn subject(&self, model: &mut Model) -> Option<Subject> {
        let uid = selected(model)
            .and_then(|place| model.logs.line(place))
            .map(|(segment, _)| segment.stream.uid.clone());
        let pod = uid
            .and_then(|uid| model.cluster.pods.table.get(&uid))
            .map(logs::subject_of);
        if pod.is_none() {
            model.say(refusal::no_line(model));
        }
        pod.map(|pod| Subject {
            from: Pane::Logs,
            ..pod
        })
    }

    /// The pod whose line it is.
    fn object(&self, model: &mut Model) -> Option<ObjectRef> {
        let place = selected(model);
        let uid = place
            .and_then(|place| model.logs.line(place))
            .map(|(segment, _)| segment.stream.uid.clone());
        let object = uid
            .and_then(|uid| model.cluster.pods.table.get(&uid))
            .map(PodRow::object);
        if object.is_none() {
            model.say(refusal::no_line(model));
        }
        object
    }

    fn narrowed(&self, model: &mut Model) {
        let subject = model.screen.subject_of(Pane::Logs).cloned();
        match subject {
            Some(subject) => {
                hold(model, subject);
            }
            None => model.logs.is_held = false,
        }
    }

    fn release(&self, model: &mut Model) -> bool {
        let was_read = model.logs.cursor.is_some();
        if was_read {
            go_on(model);
        } else if std::mem::take(&mut model.logs.is_held) {
            model.say("logs follow the selected pod again");
            return true;
        }
        was_read
    }

    fn act(&self, model: &mut Model, action: Action) -> Handled {
        match action {
            Action::Logs => widen(model),
            Action::LogsPause => {
                let listed = model.logs.listed(&model.screen.logs.filter);
                let last = listed.len().checked_sub(1);
                match (model.logs.cursor, last) {
                    (Some(_), _) => go_on(model),
                    (None, Some(last)) => read(model, last),
                    (None, None) => {
                        let words =
                            format!("there is nothing to hold yet; {}", refusal::to_rows(model));
                        model.say(words);
                    }
                }
            }
            Action::LogsTimes => model.logs.hides_times = !model.logs.hides_times,
            Action::LogsWrap => model.logs.is_wrapped = !model.logs.is_wrapped,
            Action::LogsContext => {
                model.logs.shows_all = !model.logs.shows_all;
                let words = if model.logs.shows_all {
                    "all lines are shown; n and N go to those that match"
                } else {
                    "only lines that match are shown"
                };
                model.say(words);
            }
            Action::LogsPrevious => {
                let (target, container) = (model.logs.target.clone(), model.logs.container.clone());
                let (is_previous, since) = (!model.logs.is_previous, model.logs.since);
                logs::follow(model, target, since);
                (model.logs.is_previous, model.logs.container) = (is_previous, container);
            }
            Action::LogsContainer => next_container(model),
            Action::LogsPin => return logs::pin(model, selected(model)).into(),
            _ => return Handled::Ignored,
        }
        Handled::done()
    }

    fn settle(&self, model: &mut Model) -> Vec<Effect> {
        logs::settle(model);
        logs::search(model)
    }

    fn next_due(&self, model: &Model) -> Option<At> {
        logs::next_due(model)
    }
}

fn height(model: &Model) -> usize {
    usize::from(layout::of(model).body(Pane::Logs).height)
}

/// The line under the cursor, or the newest.
fn selected(model: &Model) -> Option<LinePlace> {
    let listed = model.logs.listed(&model.screen.logs.filter);
    match model.logs.cursor_index(&model.screen.logs.filter) {
        Some(index) => listed.at(index),
        None => listed.at(listed.len().checked_sub(1)?),
    }
}

/// Holds the pane on a line, which keeps its place on the screen as far as it can.
fn read(model: &mut Model, index: usize) {
    let height = height(model);
    let filter = &model.screen.logs.filter;
    let listed = model.logs.listed(filter);
    let lowest = height.saturating_sub(1);
    let top = match (model.logs.cursor, model.logs.cursor_index(filter)) {
        (Some(cursor), Some(at)) => at.saturating_sub(cursor.screen_line),
        _ => listed.len().saturating_sub(height),
    };
    let screen_line = index.saturating_sub(top).min(lowest);
    let Some(place) = listed.at(index) else {
        return;
    };
    if model.logs.cursor.is_none() {
        model.logs.printed_before = model.logs.ring.printed();
    }
    model.logs.cursor = Some(LineCursor { place, screen_line });
}

/// Follows the newest lines again.
fn go_on(model: &mut Model) {
    model.logs.cursor = None;
    model.logs.ring.close_hole();
}

/// From the pod to all pods of its workload.
fn widen(model: &mut Model) {
    let workload = model
        .logs
        .target
        .as_ref()
        .and_then(|target| match target.targets.as_slice() {
            [
                LinkTarget::Pod {
                    workload: Some(workload),
                    ..
                },
            ] => Some(workload.clone()),
            _ => None,
        });
    let Some(workload) = workload else {
        let words = format!(
            "this is followed as a whole already; {}",
            refusal::to_rows(model)
        );
        model.say(words);
        return;
    };
    let subject = Subject {
        from: Pane::Logs,
        title: format!(
            "{}/{}",
            workload.kind.word().to_lowercase(),
            workload.name.raw()
        )
        .into(),
        targets: vec![LinkTarget::Workload(workload)],
        services: Vec::new(),
        apps: Vec::new(),
    };
    let since = model.logs.since;
    logs::follow(model, Some(subject), since);
    model.logs.is_held = true;
}

/// The next container of the pods that are followed, and after the last all of them.
fn next_container(model: &mut Model) {
    let mut names = Vec::new();
    for uid in &model.logs.members {
        let pod = model.cluster.pods.table.get(uid);
        for container in pod.iter().flat_map(|pod| &pod.containers) {
            if !names.contains(&container.name) {
                names.push(container.name.clone());
            }
        }
    }
    if names.is_empty() {
        let words = format!(
            "there is no container to choose; {}",
            refusal::to_rows(model)
        );
        model.say(words);
        return;
    }
    let at = model
        .logs
        .container
        .as_ref()
        .and_then(|only| names.iter().position(|name| name == only));
    let next = names.get(at.map_or(0, |at| at + 1)).cloned();
    let words = match &next {
        Some(name) => format!("container {}", name.raw()),
        None => "all containers".to_owned(),
    };
    let (target, is_previous) = (model.logs.target.clone(), model.logs.is_previous);
    logs::follow(model, target, model.logs.since);
    (model.logs.is_previous, model.logs.container) = (is_previous, next);
    model.say(words);
}

/// From any pane: the logs of the selected line, with the keys going there.
pub(crate) fn show(model: &mut Model) {
    let Some(subject) = super::focused(model).subject(model) else {
        return;
    };
    hold(model, subject);
    model.screen.focus_on(Pane::Logs);
}

/// Follows this, whatever is selected among the pods. Of what an alert is about, from a little before it began to fire.
fn hold(model: &mut Model, subject: Subject) {
    if !logs::is_followed(model, &subject) {
        let alert = model.screen.alerts.cursor.as_ref();
        let alert = alert.and_then(|cursor| model.alerts.watched.table.get(&cursor.uid));
        let began = alert.and_then(|alert| alert.starts_at);
        let since = began.filter(|_| subject.from == Pane::Alerts);
        let since = since.map(|began| Seconds::new(began.timestamp() - BEFORE_ALERT_S));
        logs::follow(model, Some(subject), since);
    }
    model.logs.is_held = true;
}
