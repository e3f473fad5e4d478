//! Input of a page that is read: it scrolls, it closes, and it gives way to the panes.

use crate::input::Handled;
use crate::refusal;
use keys::action::Action;
use model::Model;
use model::screen::OverlayState;
use view::layout;

/// Takes an action for the page on top, whose first line is `top`.
pub(super) fn act<S: OverlayState>(
    model: &mut Model,
    action: Action,
    top: impl FnOnce(&mut S) -> &mut usize,
) -> Handled {
    let (rows, height) = layout::page(model);
    let last = rows.saturating_sub(height);
    let Some(top) = model.screen.topmost_mut().map(top) else {
        return Handled::Ignored;
    };
    if let Some(to) = scrolled((*top).min(last), height, last, action) {
        *top = to;
        return Handled::done();
    }
    if is_about_an_object(action)
        && let Err(why) = super::point(model)
    {
        model.say(why);
        return Handled::done();
    }
    match action {
        // These are of the pane below, which nobody sees.
        Action::Filter
        | Action::SearchNext
        | Action::SearchPrevious
        | Action::Sort
        | Action::SortReverse
        | Action::Mark => {
            model.say(refusal::of_the_pane_below(model));
            Handled::done()
        }
        Action::NextPane
        | Action::PreviousPane
        | Action::AlertsPane
        | Action::PodsPane
        | Action::LogsPane
        | Action::RolloutsPane
        | Action::TimelinePane
        | Action::Logs => {
            model.screen.overlays.clear();
            Handled::Ignored
        }
        Action::Back | Action::Cancel | Action::Quit | Action::Open => {
            model.screen.overlays.pop();
            Handled::done()
        }
        _ => Handled::Ignored,
    }
}

/// Actions that mean the object of the page, not what is selected in the pane below it.
fn is_about_an_object(action: Action) -> bool {
    matches!(
        action,
        Action::Link
            | Action::Logs
            | Action::Copy
            | Action::Yaml
            | Action::Runbook
            | Action::Scale
            | Action::Restart
            | Action::Rollback
            | Action::ReplacePod
    )
}

/// Where a page begins after an action; `last` is the lowest it may.
pub(super) fn scrolled(top: usize, height: usize, last: usize, action: Action) -> Option<usize> {
    let page = height.saturating_sub(1).max(1);
    let to = match action {
        Action::Up => top.saturating_sub(1),
        Action::Down => top + 1,
        Action::PageUp => top.saturating_sub(page),
        Action::PageDown => top + page,
        Action::Top => 0,
        Action::Bottom => last,
        _ => return None,
    };
    Some(to.min(last))
}
