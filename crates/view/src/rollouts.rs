//! The rollouts pane: workloads, sick and rolling ones first, and the revisions below them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

mod columns;
mod revision;
mod workload;

use super::{paint, words};
use crate::theme::{Glyph, Role, Theme};
use columns::Pieces;
use model::Model;
use model::rollout_list::{RolloutColumn, RolloutLine, RolloutPart};
use model::screen::Pane;
use text::{Outside, SafeText};

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let role = paint::pane_role(model, Pane::Rollouts);
    let title = paint::fitting(area.width, titles(model, theme));
    let inside = paint::frame(buffer, area, title, role, theme);
    let (list, table) = (&model.screen.rollouts, &model.rollout_list.table);
    if inside.is_empty() {
        return;
    }
    if table.is_empty() {
        let words = SafeText::from(emptiness(model));
        paint::text(
            buffer,
            paint::row(inside, 0),
            &words,
            theme.style(Role::Dim),
        );
        return;
    }
    let top = list.top_line(table, usize::from(inside.height));
    for at in 0..usize::from(inside.height) {
        let Some((line, is_gone)) = table.row_at(top + at) else {
            break;
        };
        let cursor = model.screen.shown_cursor(Pane::Rollouts);
        let is_selected = cursor.is_some_and(|cursor| cursor.uid == line.uid);
        let row = paint::row(inside, at);
        paint::pieces(
            buffer,
            row,
            &pieces(model, line, is_selected, row.width, theme),
        );
        if is_selected {
            buffer.set_style(row, theme.style(Role::Selected));
        }
        if is_gone {
            buffer.set_style(row, theme.style(Role::Gone));
        }
    }
}

/// From the whole title to what must be said: what is narrowed, how much that hides, how fresh it is.
fn titles(model: &Model, theme: &Theme) -> [Pieces; 3] {
    [(true, true), (true, false), (false, false)].map(|parts| title(model, parts, theme))
}

fn title(model: &Model, (has_subject, has_order): (bool, bool), theme: &Theme) -> Pieces {
    let list = &model.screen.rollouts;
    let mut title = vec![paint::pane_title(Pane::Rollouts, theme)];
    let subject = paint::narrowed(model, Pane::Rollouts, theme);
    title.extend(subject.filter(|_| has_subject));
    title.push(counted(model, theme));
    title.push(words::freshness_with_sign(
        model.cluster.rollouts_health(),
        model.now,
        theme,
    ));
    title.push((SafeText::from(" "), theme.style(Role::Dim)));
    let is_typing = model.screen.is_filtering(Pane::Rollouts);
    if is_typing || !list.filter.is_empty() {
        let caret = if is_typing { "_" } else { "" };
        let filter = Outside::from(list.filter.text());
        title.push((
            SafeText::from(format!("/{}{caret} ", filter.shown())),
            theme.style(Role::Warn),
        ));
    }
    if has_order {
        let order = format!(
            "{} {}{} ",
            theme.glyph(Glyph::Separator),
            RolloutColumn::of(list).title(),
            if list.is_reversed { ", reversed" } else { "" }
        );
        title.push((SafeText::from(order), theme.style(Role::Dim)));
    }
    title
}

fn counted(model: &Model, theme: &Theme) -> (SafeText<'static>, Style) {
    let counts = model.rollout_list.counts;
    let hidden = counts.total - counts.listed;
    let hidden_sick = counts.sick - counts.listed_sick;
    let words = match (hidden, hidden_sick) {
        (0, _) => format!("{} sick / {} ", counts.sick, counts.total),
        (hidden, 0) => format!("{} here, {hidden} hidden ", counts.listed),
        (hidden, sick) => format!("{} here, {sick} sick / {hidden} hidden ", counts.listed),
    };
    let role = if counts.sick > 0 {
        Role::Bad
    } else {
        Role::Text
    };
    (SafeText::from(words), theme.style(role))
}

fn emptiness(model: &Model) -> &'static str {
    let cluster = &model.cluster;
    let is_complete = cluster.deployments.is_complete
        && cluster.statefulsets.is_complete
        && cluster.daemonsets.is_complete;
    if model.rollout_list.counts.total > 0 {
        "no workload passes the filter"
    } else if cluster.rollouts_health().problem().is_some() {
        "not known: not every list could be read"
    } else if is_complete {
        "there are no Deployments, StatefulSets or DaemonSets here"
    } else {
        "reading the lists"
    }
}

fn pieces(
    model: &Model,
    line: &RolloutLine,
    is_selected: bool,
    width: u16,
    theme: &Theme,
) -> Pieces {
    let cursor = if is_selected {
        theme.glyph(Glyph::Cursor)
    } else {
        " "
    };
    let history = model.rollout_list.history(&line.workload);
    let row = model.cluster.workload(&line.workload);
    match (line.part, history, row) {
        (RolloutPart::Revision(at), Some(history), _) if at < history.revisions.len() => {
            revision::pieces(model, line, (history, at), (cursor, width), theme)
        }
        (RolloutPart::Reason(at), _, Some(row)) => {
            let reason = model.rollout_list.reasons(row).into_iter().nth(at);
            reason_pieces(reason, cursor, theme)
        }
        (RolloutPart::Whole, history, Some(row)) => {
            workload::pieces(model, row, history, (cursor, width), theme)
        }
        (_, _, _) => vec![(
            SafeText::from(format!(" {cursor} gone")),
            theme.style(Role::Dim),
        )],
    }
}

fn reason_pieces(reason: Option<Outside>, cursor: &str, theme: &Theme) -> Pieces {
    let words = reason.unwrap_or(Outside::new(""));
    vec![
        (
            SafeText::from(format!(" {cursor}! ")),
            theme.style(Role::Bad),
        ),
        (words.shown().into_owned(), theme.style(Role::Warn)),
    ]
}
