//! Input of an object as YAML: asked for once, scrolled, searched, copied.

use super::{OverlayInput, below_the_search, below_the_search_mut, lies_over_all, page};
use crate::input::{Handled, Keystroke};
use crate::{cluster, pane, refusal};
use keys::action::Action;
use model::Model;
use model::cluster::{ObjectRef, Problem};
use model::filter::Filter;
use model::message::{Effect, Read};
use model::meta::Uid;
use model::screen::{OverlayState, Screen};
use model::yaml::{Document, Yaml, YamlRow};
use view::layout;

pub(super) struct YamlInput;

impl OverlayInput for YamlInput {
    fn act(&self, model: &mut Model, action: Action, _: Keystroke) -> Handled {
        let (columns, height) = layout::text(model);
        let Some(yaml) = model.screen.topmost_mut::<Yaml>() else {
            return Handled::Ignored;
        };
        if let Some(()) = scroll(yaml, (columns, height), action) {
            return Handled::done();
        }
        match action {
            Action::Back if !yaml.search.is_empty() => {
                (yaml.search, yaml.found) = (Filter::default(), None);
            }
            Action::Back | Action::Cancel | Action::Quit | Action::Open | Action::Yaml => {
                model.screen.overlays.pop();
            }
            Action::Left | Action::Right | Action::LineStart => {
                yaml.sideways = pane::moved(yaml.sideways, action);
            }
            Action::SearchNext => next(model, true),
            Action::SearchPrevious => next(model, false),
            Action::Retry => {
                yaml.is_reading = true;
                let object = yaml.object.clone();
                return vec![ask(model, object)].into();
            }
            Action::Copy => return copy(model).into(),
            _ if lies_over_all(action) => return Handled::Ignored,
            _ => model.say(refusal::of_the_pane_below(model)),
        }
        Handled::done()
    }
}

/// Asks for an object.
pub(crate) fn open(model: &mut Model, object: ObjectRef) -> Vec<Effect> {
    model.screen.lay(Yaml::new(object.clone()));
    vec![ask(model, object)]
}

fn ask(model: &Model, object: ObjectRef) -> Effect {
    cluster::ask(model, Read::Yaml(object))
}

/// The text that is read, under the line in which a search is typed.
pub(super) fn shown(screen: &Screen) -> Option<&Yaml> {
    below_the_search(screen)
}

fn shown_mut(screen: &mut Screen) -> Option<&mut Yaml> {
    below_the_search_mut(screen)
}

/// The answer, wherever its page lies by now.
pub(crate) fn on_read(model: &mut Model, object: &Uid, read: &Result<Box<Document>, Problem>) {
    let now = model.now;
    for yaml in model.screen.overlays.iter_mut().filter_map(Yaml::of_mut) {
        if yaml.object.uid != *object {
            continue;
        }
        yaml.is_reading = false;
        match read {
            Ok(document) => {
                (yaml.read, yaml.problem) = (Some((document.as_ref().clone(), now)), None);
            }
            Err(problem) => yaml.problem = Some(problem.clone()),
        }
        let is_gone = yaml
            .found
            .is_some_and(|line| !yaml.matches().contains(&line));
        if is_gone {
            yaml.found = None;
        }
    }
}

fn scroll(yaml: &mut Yaml, (columns, height): (usize, usize), action: Action) -> Option<()> {
    let rows = yaml.rows(columns);
    let last = rows.len().saturating_sub(height);
    let top = rows.partition_point(|(spot, _)| *spot < yaml.top);
    let to = page::scrolled(top.min(last), height, last, action)?;
    yaml.top = rows.get(to).map_or(YamlRow::default(), |(spot, _)| *spot);
    Some(())
}

/// The first match from the top of the page on comes under the eye as the words are typed.
pub(super) fn search_for(model: &mut Model, filter: Filter) {
    let Some(yaml) = shown_mut(&mut model.screen) else {
        return;
    };
    yaml.search = filter;
    let matches = yaml.matches();
    let below = matches.iter().find(|line| **line >= yaml.top.line);
    let found = below.or(matches.first()).copied();
    focus_on(model, found);
}

fn next(model: &mut Model, is_forward: bool) {
    let Some(yaml) = shown(&model.screen) else {
        return;
    };
    if yaml.search.is_empty() {
        model.say(refusal::of_a_search(model));
        return;
    }
    let matches = yaml.matches();
    let from = yaml.found.unwrap_or(yaml.top.line);
    let (found, first) = if is_forward {
        (matches.iter().find(|line| **line > from), matches.first())
    } else {
        (matches.iter().rfind(|line| **line < from), matches.last())
    };
    let is_round = found.is_none() && first.is_some();
    let found = found.or(first).copied();
    if is_round {
        model.say("round the end");
    } else if found.is_none() {
        model.say("no line matches; try other words");
    }
    focus_on(model, found);
}

/// Moves the page so that a line is on it.
fn focus_on(model: &mut Model, line: Option<usize>) {
    let (columns, height) = layout::text(model);
    let Some(yaml) = shown_mut(&mut model.screen) else {
        return;
    };
    yaml.found = line;
    let Some(line) = line else {
        return;
    };
    let rows = yaml.rows(columns);
    let last = rows.len().saturating_sub(height);
    let top = rows.partition_point(|(spot, _)| *spot < yaml.top).min(last);
    let at = rows.partition_point(|(spot, _)| spot.line < line);
    if at < top || at >= top + height {
        let to = at.saturating_sub(height / 3).min(last);
        yaml.top = rows.get(to).map_or(YamlRow::default(), |(spot, _)| *spot);
    }
}

fn copy(model: &mut Model) -> Vec<Effect> {
    let text = shown(&model.screen).and_then(|yaml| Some(yaml.read.as_ref()?.0.text.clone()));
    let Some(text) = text else {
        let retry = model.key(Action::Retry);
        model.say(format!(
            "there is nothing to copy yet; {retry} reads it again"
        ));
        return Vec::new();
    };
    model.say("copied the YAML");
    vec![Effect::Copy(text)]
}
