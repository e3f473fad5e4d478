//! Keys in the logs pane: follow or read, find, show more or less of each line, and pin what proves something.

mod target;

use std::sync::Arc;

use super::{Handled, PaneInput, moved};
use crate::list::Move;
use crate::overlay::log_line;
use crate::{logs, refusal};
use keys::action::Action;
use model::Model;
use model::cluster::ObjectRef;
use model::filter::Filter;
use model::link::{self, Subject};
use model::logs::{LineCursor, LinePlace};
use model::message::Effect;
use model::pods::PodRow;
use model::screen::{LogLinePage, Pane};
use model::time::At;
pub(crate) use target::show;
use view::layout;

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
        let place = selected(model);
        let found = place.and_then(|place| Some((place, model.logs.line(place)?)));
        let page = match found {
            None => Err(format!(
                "there is no line to open; {}",
                refusal::to_rows(model)
            )),
            Some((_, (_, line))) if line.is_marker() => {
                Err("no line of the container; it has no more to say".to_owned())
            }
            Some((place, (segment, _))) => Ok(LogLinePage {
                segment: Arc::clone(segment),
                number: place.line,
                top: 0,
                found: None,
            }),
        };
        match page {
            Ok(page) => {
                let listed = model.logs.listed(&model.screen.logs.filter);
                if let Some(Ok(index)) = place.map(|place| listed.index_of(place)) {
                    read(model, index);
                }
                log_line::open(model, page);
            }
            Err(words) => model.say(words),
        }
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
            .map(|pod| link::of_pod(pod, &model.cluster));
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
                target::hold(model, subject);
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
            Action::Logs => target::widen(model),
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
            Action::Left | Action::Right | Action::LineStart if model.logs.is_wrapped => {
                let wrap = model.key(Action::LogsWrap);
                model.say(format!("lines are broken to the width; {wrap} cuts them"));
            }
            Action::Left | Action::Right | Action::LineStart => {
                let sideways = &mut model.logs.sideways;
                *sideways = moved(*sideways, action);
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
            Action::LogsContainer => target::next_container(model),
            Action::LogsPin => {
                let line = selected(model).and_then(|place| model.logs.line(place));
                let line = line.map(|(segment, line)| (Arc::clone(segment), line.clone()));
                let line = line.as_ref().map(|(segment, line)| (&**segment, line));
                return logs::pin(model, line).into();
            }
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

/// Holds the pane on a line that ends on this row of the screen, and leaves it there.
pub(crate) fn read_at(model: &mut Model, index: usize, screen_line: usize) {
    read(model, index);
    if let Some(cursor) = &mut model.logs.cursor {
        cursor.screen_line = screen_line;
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
