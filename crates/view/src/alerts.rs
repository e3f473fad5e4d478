//! The alerts pane: what fires, the worst first; what is held back, and what only proves that alerting works, apart. Never
//! calm without an answer.

mod row;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{paint, words};
use crate::theme::{Glyph, Role, Theme};
use model::Model;
use model::alert::AlertRow;
use model::alerts::Proof;
use model::cluster::Health;
use model::screen::Pane;
use text::{Outside, SafeText};

pub(super) use row::role_of_rank;

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let role = paint::pane_role(model, Pane::Alerts);
    let pane = (Pane::Alerts, area.width);
    let title = paint::narrowed(model, pane, theme, |subject, _| {
        title(model, subject, theme)
    });
    let inside = paint::frame(buffer, area, title, role, theme);
    let (list, table) = (&model.screen.alerts, &model.alerts.watched.table);
    let height = usize::from(inside.height);
    let top = list.top_line(table, height);
    let unseen = paint::beyond(table, top, height, |_| true);
    let area = paint::unseen(buffer, area, unseen, "firing", theme);
    foot(model, theme, area, buffer);
    if table.is_empty() {
        empty(model, theme, inside, buffer);
        return;
    }
    let shown = (top..top + height).map_while(|line| table.row_at(line));
    let shown: Vec<(&AlertRow, bool)> = shown.collect();
    let mut names = row::names(model, &shown, inside.width).into_iter();
    for (line, (alert, is_gone)) in shown.into_iter().enumerate() {
        let row = paint::row(inside, line);
        if let Some(names) = names.next() {
            row::draw(model, theme, (alert, is_gone), &names, row, buffer);
        }
        let cursor = model.screen.shown_cursor(Pane::Alerts);
        let is_selected = cursor.is_some_and(|cursor| cursor.uid == alert.uid);
        if is_selected {
            buffer.set_style(row, theme.style(Role::Selected));
        }
    }
}

/// The most severe alert in one line, where the pane itself is not drawn.
pub(super) fn draw_line(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let alerts = &model.alerts;
    let mut pieces = vec![paint::pane_title(Pane::Alerts, theme)];
    let dim = theme.style(Role::Dim);
    if alerts.is_unconfigured() {
        let words = "no Alertmanager configured: 1 says how";
        pieces.push((SafeText::from(words), dim));
        paint::pieces(buffer, area, &pieces);
        return;
    }
    pieces.push(firing(model, theme));
    if let Some(alert) = alerts.loudest() {
        pieces.push((SafeText::from("  "), dim));
        let style = theme.style(row::role(alert, false));
        pieces.push((
            SafeText::from(format!("{} ", row::sign(alert, theme))),
            style,
        ));
        if !alert.severity.is_empty() {
            pieces.push((alert.severity.shown(), style));
            pieces.push((SafeText::from(" "), style));
        }
        pieces.push((row::name(alert), theme.style(Role::Title)));
        let about = row::about(alert, model);
        if !about.as_str().is_empty() {
            pieces.push((SafeText::from(" "), dim));
            pieces.push((about, theme.style(Role::Text)));
        }
        let age = SafeText::from(format!(" {}", row::age(alert, model)));
        pieces.push((age, theme.style(Role::Text)));
    }
    let separator = format!(" {} ", theme.glyph(Glyph::Separator));
    pieces.push((SafeText::from(separator), dim));
    pieces.push(freshness(model, theme));
    if let Some(problem) = alerts.watched.health.problem() {
        let text = SafeText::from(format!(": {}", problem.what.shown()));
        pieces.push((text, theme.style(Role::Bad)));
    }
    paint::pieces(buffer, area, &pieces);
}

fn title(
    model: &Model,
    subject: Option<(SafeText<'static>, Style)>,
    theme: &Theme,
) -> Vec<(SafeText<'static>, Style)> {
    let alerts = &model.alerts;
    let mut title = vec![paint::pane_title(Pane::Alerts, theme)];
    title.extend(subject);
    if alerts.is_unconfigured() {
        title.push((SafeText::from("not configured "), theme.style(Role::Dim)));
        return title;
    }
    title.push(firing(model, theme));
    let separator = format!(" {} ", theme.glyph(Glyph::Separator));
    title.push((SafeText::from(separator), theme.style(Role::Dim)));
    title.push(freshness(model, theme));
    title.push((SafeText::from(" "), theme.style(Role::Dim)));
    title
}

/// What is looked for, how much that hides, and what is wrong, in the lower edge.
fn foot(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let counts = model.alerts.watched.table.counts();
    let hidden = counts.total - counts.listed;
    let hidden = (hidden > 0).then(|| format!("{hidden} hidden"));
    let list = &model.screen.alerts;
    let is_typing = model.screen.is_filtering(Pane::Alerts);
    let filter = (is_typing || !list.filter.is_empty()).then(|| {
        let caret = if is_typing { "_" } else { "" };
        format!("/{}{caret}", Outside::from(list.filter.text()).shown())
    });
    // An empty pane has room for all its words.
    let problem = model.alerts.watched.health.problem();
    let problem = problem.filter(|_| counts.listed > 0);
    let role = if problem.is_some() {
        Role::Bad
    } else {
        Role::Warn
    };
    let problem = problem.map(|problem| problem.what.shown().to_string());
    let unreadable = model.alerts.watched.unreadable.len();
    let unreadable =
        (unreadable > 0).then(|| format!("{} unreadable", words::counted(unreadable, "alert")));
    let words = [filter, hidden, unreadable, problem].into_iter();
    let words: Vec<String> = words.flatten().collect();
    if !words.is_empty() {
        let text = SafeText::from(format!(" {} ", words.join("; ")));
        paint::foot(buffer, area, &text, theme.style(role));
    }
}

/// How many fire: after an answer only.
fn firing(model: &Model, theme: &Theme) -> (SafeText<'static>, Style) {
    let counts = model.alerts.watched.table.counts();
    // That nothing fires is said of now only.
    if model.alerts.firing().is_none_or(|firing| firing == 0) && !model.alerts.is_fresh() {
        return (SafeText::from("not known"), theme.style(Role::Warn));
    }
    let hidden = counts.total - counts.listed;
    let mut rows = model.alerts.watched.table.rows();
    let words = if hidden > 0 && rows.all(AlertRow::is_background) {
        "no alerts".to_owned()
    } else if counts.listed_sick < counts.sick {
        let elsewhere = counts.sick - counts.listed_sick;
        format!("{} firing here, {elsewhere} elsewhere", counts.listed_sick)
    } else {
        format!("{} firing", counts.sick)
    };
    // What proves that alerts arrive is missing: nothing firing is no good news then.
    let is_gone = model.alerts.proof == Proof::Gone && model.alerts.is_fresh();
    let gone = if is_gone { ", Watchdog gone" } else { "" };
    let role = match (counts.sick, model.alerts.is_fresh()) {
        (0, true) if !is_gone => Role::Good,
        (0, _) => Role::Warn,
        _ => Role::Bad,
    };
    (SafeText::from(words + gone), theme.style(role))
}

/// How old the answer is: with one place of the console saying it, no two can differ.
fn freshness(model: &Model, theme: &Theme) -> (SafeText<'static>, Style) {
    words::freshness_with_sign(&model.alerts.watched.health, model.now, theme)
}

/// Why there is nothing to see.
fn empty(model: &Model, theme: &Theme, inside: Rect, buffer: &mut Buffer) {
    let area = Rect {
        x: inside.x + inside.width.min(1),
        width: inside.width.saturating_sub(2),
        ..inside
    };
    let alerts = &model.alerts;
    let hidden = alerts.watched.table.counts().total;
    let asking = alerts.place.as_ref().map_or("asking".to_owned(), |place| {
        format!("asking Alertmanager at {}", place.shown())
    });
    let (words, role) = match &alerts.watched.health {
        _ if hidden > 0 => ("no alert passes the filter", Role::Dim),
        Health::Live { .. } if alerts.proof == Proof::Gone => {
            ("no alerts, not even Watchdog: do they arrive?", Role::Bad)
        }
        Health::Live { .. } if alerts.watched.is_complete => ("no alerts", Role::Good),
        Health::Stale { .. } if alerts.watched.is_complete => {
            ("there were none; NOT KNOWN now", Role::Bad)
        }
        Health::Stale { .. } => ("not known: no answer", Role::Bad),
        Health::Stopped { .. } => ("", Role::Dim),
        Health::Connecting
        | Health::Listing { .. }
        | Health::Live { .. }
        | Health::Polling { .. } => (asking.as_str(), Role::Dim),
    };
    let mut line = 0;
    let mut lines = |words: String, role: Role| {
        for text in paint::wrapped(&SafeText::from(words), usize::from(area.width)) {
            paint::text(buffer, paint::row(area, line), &text, theme.style(role));
            line += 1;
        }
    };
    if !words.is_empty() {
        lines(words.to_owned(), role);
    }
    let Some(problem) = alerts.watched.health.problem() else {
        return;
    };
    let role = if alerts.is_unconfigured() {
        Role::Dim
    } else {
        Role::Bad
    };
    let place = alerts.place.as_ref();
    let place = place.map_or(String::new(), |place| {
        format!("Alertmanager at {}: ", place.shown())
    });
    let words = format!("{place}{}; {}", problem.what.shown(), problem.next);
    lines(words, role);
}
