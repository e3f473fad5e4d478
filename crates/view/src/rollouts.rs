//! The rollouts pane: workloads, sick and rolling ones first, and the revisions below them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

mod columns;
mod revision;
mod workload;

use super::{names, paint, words};
use crate::theme::{Glyph, Role, Theme};
use columns::Pieces;
use model::Model;
use model::rollout_list::{RolloutColumn, RolloutLine, RolloutPart};
use model::screen::Pane;
use model::workload::WorkloadRow;
use text::{Outside, SafeText};
use workload::Columns;

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let role = paint::pane_role(model, Pane::Rollouts);
    let pane = (Pane::Rollouts, area.width);
    let title = paint::narrowed(model, pane, theme, |subject, has_order| {
        title(model, subject, has_order, theme)
    });
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
    let height = usize::from(inside.height);
    let top = list.top_line(table, height);
    let is_whole = |line: &RolloutLine| line.part == RolloutPart::Whole;
    let unseen = paint::beyond(table, top, height, is_whole);
    paint::unseen(buffer, area, unseen, "sick", theme);
    let shown = (top..top + height).map_while(|line| table.row_at(line));
    let shown: Vec<(&RolloutLine, bool)> = shown.collect();
    let rows: Vec<&WorkloadRow> = shown
        .iter()
        .filter_map(|(line, _)| whole(model, line))
        .collect();
    let columns = Columns::new(model, inside.width);
    let mut names = columns.names(model, &rows).into_iter();
    for (at, (line, is_gone)) in shown.into_iter().enumerate() {
        let cursor = model.screen.shown_cursor(Pane::Rollouts);
        let is_selected = cursor.is_some_and(|cursor| cursor.uid == line.uid);
        let cursor = if is_selected {
            theme.glyph(Glyph::Cursor)
        } else {
            " "
        };
        let row = paint::row(inside, at);
        let workload = whole(model, line);
        let name = workload.and_then(|_| names.next());
        let pieces = match workload.zip(name) {
            Some((workload, name)) => {
                let history = model.rollout_list.history(&line.workload);
                workload::pieces(model, workload, history, (cursor, &name, &columns), theme)
            }
            None => pieces(model, line, (cursor, row.width), theme),
        };
        paint::pieces(buffer, row, &pieces);
        if is_selected {
            buffer.set_style(row, theme.style(Role::Selected));
        }
        if is_gone {
            buffer.set_style(row, theme.style(Role::Gone));
        }
    }
}

/// The workload whose rollout stands worst in one line, where the pane itself is not drawn.
pub(super) fn draw_line(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let list = &model.rollout_list;
    let mut pieces = vec![
        paint::pane_title(Pane::Rollouts, theme),
        counted(model, theme),
    ];
    let worst = list.worst.as_ref();
    match worst.and_then(|uid| model.cluster.workload(uid)) {
        Some(row) => {
            let room = usize::from(area.width).saturating_sub(paint::columns(&pieces));
            pieces.extend(workload::worst(model, row, room, theme));
        }
        None => pieces.push(words::freshness_with_sign(
            model.cluster.rollouts_health(),
            model.now,
            theme,
        )),
    }
    paint::pieces(buffer, area, &pieces);
}

/// The workload of a line that shows it whole.
fn whole<'a>(model: &'a Model, line: &RolloutLine) -> Option<&'a WorkloadRow> {
    let is_whole = line.part == RolloutPart::Whole;
    is_whole
        .then(|| model.cluster.workload(&line.workload))
        .flatten()
}

/// How much is sick, how much is hidden, how fresh it is; the order where there is room.
fn title(
    model: &Model,
    subject: Option<(SafeText<'static>, Style)>,
    has_order: bool,
    theme: &Theme,
) -> Pieces {
    let list = &model.screen.rollouts;
    let mut title = vec![paint::pane_title(Pane::Rollouts, theme)];
    title.extend(subject);
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

/// A line below its workload.
fn pieces(
    model: &Model,
    line: &RolloutLine,
    (cursor, width): (&str, u16),
    theme: &Theme,
) -> Pieces {
    let history = model.rollout_list.history(&line.workload);
    let row = model.cluster.workload(&line.workload);
    match (line.part, history, row) {
        (RolloutPart::Revision(at), Some(history), _) if at < history.revisions.len() => {
            revision::pieces(model, line, (history, at), (cursor, width), theme)
        }
        (RolloutPart::Reason(at), _, Some(row)) => {
            let reason = model.rollout_list.reasons(row).into_iter().nth(at);
            reason_pieces(reason.as_ref(), (cursor, width), theme)
        }
        // It stands until the order may move again.
        (RolloutPart::Reading, Some(_), _) => Vec::new(),
        (RolloutPart::Reading, None, Some(_)) => vec![(
            SafeText::from(format!(" {cursor} reading its revisions...")),
            theme.style(Role::Dim),
        )],
        (_, _, _) => vec![(
            SafeText::from(format!(" {cursor} gone")),
            theme.style(Role::Dim),
        )],
    }
}

fn reason_pieces(reason: Option<&Outside>, (cursor, width): (&str, u16), theme: &Theme) -> Pieces {
    let head = SafeText::from(format!(" {cursor}! "));
    let room = usize::from(width).saturating_sub(head.width());
    let words = reason.map_or(SafeText::from(""), Outside::shown);
    vec![
        (head, theme.style(Role::Bad)),
        (with_name(&words, room), theme.style(Role::Warn)),
    ]
}

/// `CrashLoopBackOff (checkout-7d9f-x2k)` in so many columns: the name at its end stays, else whole words do.
pub(super) fn with_name(words: &SafeText<'_>, columns: usize) -> SafeText<'static> {
    let name = words.as_str().rsplit_once(" (");
    // The reasons of Kubernetes begin with a capital, its names never do.
    let name = name.filter(|(_, name)| {
        name.ends_with(')')
            && !name.contains(' ')
            && name.starts_with(|first: char| !first.is_uppercase())
    });
    match name.filter(|_| words.width() > columns) {
        Some((reason, name)) => {
            let name = SafeText::from(format!("({name}"));
            let name = names::shortened(&name, columns * 2 / 3);
            let reason = SafeText::from(reason);
            let reason = reason.at_words(columns.saturating_sub(name.width() + 1));
            SafeText::from(format!("{reason} {name}"))
        }
        None => words.at_words(columns).into_owned(),
    }
}
