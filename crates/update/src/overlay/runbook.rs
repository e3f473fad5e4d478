//! Input of a document that is read: it scrolls, it is searched, a key leads from step to step and another to a heading.

use super::{OverlayInput, below_the_search, below_the_search_mut, lies_over_all, page};
use crate::input::{Handled, Keystroke};
use crate::{refusal, runbook};
use keys::action::Action;
use model::Model;
use model::filter::Filter;
use model::message::Effect;
use model::runbook::{RunbookPage, RunbookSpot};
use model::screen::Screen;
use view::layout;

pub(super) struct RunbookInput;

impl OverlayInput for RunbookInput {
    fn act(&self, model: &mut Model, action: Action, _: Keystroke) -> Handled {
        let (_, height) = layout::text(model);
        let Some(page) = model.screen.topmost_mut::<RunbookPage>() else {
            return Handled::Ignored;
        };
        if page.heading.is_some() {
            if let Some(()) = in_headings(page, height, action) {
                return Handled::done();
            }
        } else if let Some(()) = scroll(page, height, action) {
            return Handled::done();
        }
        match action {
            Action::Back if !page.search.is_empty() => {
                page.search = Filter::default();
                page.search_anew();
            }
            Action::Back | Action::Cancel | Action::Quit | Action::Open => {
                model.screen.overlays.pop();
            }
            Action::Logs => open_headings(model),
            Action::NextPane => step(model, true),
            Action::PreviousPane => step(model, false),
            Action::SearchNext => next(model, true),
            Action::SearchPrevious => next(model, false),
            Action::Copy => return copy(model).into(),
            Action::Retry => return read_again(model).into(),
            _ if lies_over_all(action) => return Handled::Ignored,
            _ => model.say(refusal::of_the_pane_below(model)),
        }
        Handled::done()
    }
}

/// The document that is read, under the line in which a search is typed.
pub(super) fn shown(screen: &Screen) -> Option<&RunbookPage> {
    below_the_search(screen)
}

fn shown_mut(screen: &mut Screen) -> Option<&mut RunbookPage> {
    below_the_search_mut(screen)
}

/// Among the headings: to another one, or to its text.
fn in_headings(page: &mut RunbookPage, height: usize, action: Action) -> Option<()> {
    let selected = page.heading?;
    let headings = page.sheet().map_or(&[][..], |sheet| &sheet.headings);
    let last = headings.len().saturating_sub(1);
    let line = headings.get(selected).map(|heading| heading.line);
    match action {
        Action::Open => {
            (page.top, page.heading) = (RunbookSpot::start(line.unwrap_or(0)), None);
        }
        Action::Back | Action::Cancel | Action::Quit | Action::Logs => page.heading = None,
        _ => page.heading = Some(page::scrolled(selected, height, last, action)?),
    }
    Some(())
}

fn scroll(page: &mut RunbookPage, height: usize, action: Action) -> Option<()> {
    let sheet = page.sheet()?;
    let last = sheet.rows.len().saturating_sub(height);
    let top = sheet.row_of(page.top).min(last);
    let to = page::scrolled(top, height, last, action)?;
    let spot = sheet.rows.get(to).map(|row| row.spot);
    page.top = spot.unwrap_or_default();
    Some(())
}

/// The list of headings, on the one that the reader is under.
fn open_headings(model: &mut Model) {
    let Some(page) = model.screen.topmost_mut::<RunbookPage>() else {
        return;
    };
    let headings = page.sheet().map_or(&[][..], |sheet| &sheet.headings);
    if headings.is_empty() {
        model.say("this document has no headings");
        return;
    }
    let end = headings.partition_point(|heading| heading.line <= page.top.line);
    page.heading = Some(end.saturating_sub(1));
}

/// To the step behind the present one, or before it; at first to the one that is seen.
fn step(model: &mut Model, is_forward: bool) {
    let Some(page) = model.screen.topmost_mut::<RunbookPage>() else {
        return;
    };
    let Some(sheet) = page.sheet() else {
        return;
    };
    let steps = &sheet.steps;
    let at = match page.step {
        Some(step) if is_forward => steps.iter().find(|(other, _)| *other > step),
        Some(step) => steps.iter().rfind(|(other, _)| *other < step),
        None if is_forward => steps.iter().find(|(_, line)| *line >= page.top.line),
        None => steps.iter().rfind(|(_, line)| *line < page.top.line),
    };
    if let Some((step, line)) = at.copied() {
        page.step = Some(step);
        bring_up(model, line);
        return;
    }
    let words = match (steps.is_empty(), is_forward) {
        (true, _) => "this document has no steps",
        (false, true) => "this was the last step",
        (false, false) => "this was the first step",
    };
    model.say(words);
}

/// The first match from the top of the page on comes under the eye as the words are typed.
pub(super) fn search_for(model: &mut Model, filter: Filter) {
    let Some(page) = shown_mut(&mut model.screen) else {
        return;
    };
    page.search = filter;
    page.search_anew();
    let below = page.matches.iter().find(|line| **line >= page.top.line);
    page.found = below.or(page.matches.first()).copied();
    if let Some(line) = page.found {
        bring_up(model, line);
    }
}

fn next(model: &mut Model, is_forward: bool) {
    let Some(page) = model.screen.topmost_mut::<RunbookPage>() else {
        return;
    };
    if page.search.is_empty() {
        model.say(refusal::of_a_search(model));
        return;
    }
    let matches = &page.matches;
    let from = page.found.unwrap_or(page.top.line);
    let (found, first) = if is_forward {
        (matches.iter().find(|line| **line > from), matches.first())
    } else {
        (matches.iter().rfind(|line| **line < from), matches.last())
    };
    let is_round = found.is_none() && first.is_some();
    page.found = found.or(first).copied();
    let found = page.found;
    if is_round {
        model.say("round the end");
    }
    match found {
        Some(line) => bring_up(model, line),
        None => model.say("no line matches; try other words"),
    }
}

/// Moves the page so that a line is on it.
fn bring_up(model: &mut Model, line: usize) {
    let (_, height) = layout::text(model);
    let Some(page) = shown_mut(&mut model.screen) else {
        return;
    };
    page.heading = None;
    let Some(sheet) = page.sheet() else {
        return;
    };
    let last = sheet.rows.len().saturating_sub(height);
    let top = sheet.row_of(page.top).min(last);
    let at = sheet.row_of(RunbookSpot::start(line));
    let end = sheet.row_of(RunbookSpot::start(line + 1));
    if at < top || end > top + height {
        let to = at.saturating_sub(height / 3).min(last);
        page.top = sheet.rows.get(to).map_or(page.top, |row| row.spot);
    }
}

fn copy(model: &mut Model) -> Vec<Effect> {
    let page = model.screen.topmost::<RunbookPage>();
    let step = page.and_then(|page| Some((page.step?, page.open()?)));
    let step = step.and_then(|(at, open)| Some((at, open.runbook.steps.get(at)?)));
    let Some((at, text)) = step.map(|(at, step)| (at, step.text.clone())) else {
        let next = model.key(Action::NextPane);
        model.say(format!("no step is selected; {next} goes to the next one"));
        return Vec::new();
    };
    model.say(format!("copied step {}", at + 1));
    vec![Effect::Copy(text)]
}

fn read_again(model: &mut Model) -> Vec<Effect> {
    let page = model.screen.topmost::<RunbookPage>();
    let file = page.and_then(|page| Some(page.open()?.offer.file.clone()));
    let Some(file) = file else {
        return Vec::new();
    };
    let request = runbook::next_request(model);
    if let Some(page) = model.screen.topmost_mut::<RunbookPage>() {
        page.request = request;
    }
    vec![runbook::read(request, file)]
}
