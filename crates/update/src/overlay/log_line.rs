//! Input of the page of a log line: scrolled, gone through by its matches, copied, pinned.

use super::{OverlayInput, page};
use crate::input::{Handled, Keystroke};
use crate::logs;
use keys::action::Action;
use model::Model;
use model::message::Effect;
use model::screen::LogLinePage;
use view::layout;

pub(super) struct LogLineInput;

impl OverlayInput for LogLineInput {
    fn act(&self, model: &mut Model, action: Action, _: Keystroke) -> Handled {
        let Some(page) = model.screen.topmost::<LogLinePage>() else {
            return Handled::Ignored;
        };
        match action {
            Action::SearchNext => to_match(model, true),
            Action::SearchPrevious => to_match(model, false),
            Action::Copy => {
                let text = page.line().map(|line| page.segment.text(line).into());
                model.say("copied the line");
                return text
                    .map(Effect::Copy)
                    .into_iter()
                    .collect::<Vec<_>>()
                    .into();
            }
            Action::LogsPin => {
                let segment = page.segment.clone();
                let line = page.line().cloned();
                return logs::pin(model, line.as_ref().map(|line| (&*segment, line))).into();
            }
            _ => return page::act(model, action, |page: &mut LogLinePage| &mut page.top),
        }
        Handled::done()
    }
}

/// Opens the page of a line, its first match in sight.
pub(crate) fn open(model: &mut Model, page: LogLinePage) {
    model.screen.lay(page);
    if !model.screen.logs.filter.is_empty() {
        to_match(model, true);
        model.screen.status = None;
    }
}

/// Brings the next match on the page into sight.
fn to_match(model: &mut Model, is_forward: bool) {
    if model.screen.logs.filter.is_empty() {
        let close = model.key(Action::Back);
        model.say(format!(
            "nothing is searched for in the logs; {close} goes back to them"
        ));
        return;
    }
    let matches = layout::log_line_matches(model);
    let (rows, height) = layout::page(model);
    let Some(page) = model.screen.topmost_mut::<LogLinePage>() else {
        return;
    };
    let Some(last) = matches.len().checked_sub(1) else {
        model.say("nothing on this page matches");
        return;
    };
    let (to, is_round) = match (page.found, is_forward) {
        (None, true) => (0, false),
        (None, false) => (last, false),
        (Some(at), true) if at >= last => (0, true),
        (Some(at), true) => (at + 1, false),
        (Some(0), false) => (last, true),
        (Some(at), false) => ((at - 1).min(last), false),
    };
    page.found = Some(to);
    let row = matches[to];
    let lowest = rows.saturating_sub(height);
    if row < page.top || row + 1 >= page.top + height {
        page.top = row.saturating_sub(height / 3).min(lowest);
    }
    if is_round {
        model.say("round the end");
    }
}
