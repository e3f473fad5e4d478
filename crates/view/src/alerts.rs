//! The alerts pane: what fires, the worst first; what is held back, and what only proves that alerting works, apart. Never
//! calm without an answer.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{paint, words};
use crate::theme::{Glyph, Role, Theme};
use model::Model;
use model::alert::{AlertRow, AlertState, Rank};
use model::alerts::Proof;
use model::cluster::{Health, Scope};
use model::screen::Pane;
use text::{Outside, SafeText};

/// Columns of an age: `14m`, `999d`.
const AGE: u16 = 4;
/// From this width on severities stand in their own words.
const WIDE: u16 = 60;
/// From this width on there is room for the summary.
const WIDEST: u16 = 110;
pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let role = paint::pane_role(model, Pane::Alerts);
    let inside = paint::frame(buffer, area, title(model, theme), role, theme);
    let (list, table) = (&model.screen.alerts, &model.alerts.watched.table);
    foot(model, theme, area, buffer);
    if table.is_empty() {
        empty(model, theme, inside, buffer);
        return;
    }
    let top = list.top_line(table, usize::from(inside.height));
    for line in 0..usize::from(inside.height) {
        let Some((alert, is_gone)) = table.row_at(top + line) else {
            break;
        };
        let row = paint::row(inside, line);
        draw_row(model, theme, (alert, is_gone), row, buffer);
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
        let style = theme.style(role(alert, false));
        pieces.push((SafeText::from(format!("{} ", sign(alert, theme))), style));
        if !alert.severity.is_empty() {
            pieces.push((alert.severity.shown(), style));
            pieces.push((SafeText::from(" "), style));
        }
        pieces.push((name(alert), theme.style(Role::Title)));
        let about = about(alert, model);
        if !about.as_str().is_empty() {
            pieces.push((SafeText::from(" "), dim));
            pieces.push((about, theme.style(Role::Text)));
        }
        let age = SafeText::from(format!(" {}", age(alert, model)));
        pieces.push((age, theme.style(Role::Text)));
    }
    let separator = format!(" {} ", theme.glyph(Glyph::Separator));
    pieces.push((SafeText::from(separator), dim));
    pieces.push(freshness(model, theme));
    if let Some(problem) = alerts.watched.health.problem() {
        let text = SafeText::from(format!(" {}", problem.what.shown()));
        pieces.push((text, theme.style(Role::Bad)));
    }
    paint::pieces(buffer, area, &pieces);
}

fn title(model: &Model, theme: &Theme) -> Vec<(SafeText<'static>, Style)> {
    let alerts = &model.alerts;
    let mut title = vec![paint::pane_title(Pane::Alerts, theme)];
    title.extend(paint::narrowed(model, Pane::Alerts, theme));
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
    let words = if hidden > 0 {
        format!("{} of {} firing", counts.listed_sick, counts.sick)
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

fn draw_row(
    model: &Model,
    theme: &Theme,
    (alert, is_gone): (&AlertRow, bool),
    area: Rect,
    buffer: &mut Buffer,
) {
    let style = theme.style(role(alert, is_gone));
    let text = theme.style(if is_gone || alert.is_background() {
        role(alert, is_gone)
    } else {
        Role::Text
    });
    let is_wide = area.width >= WIDE;
    let left = Rect {
        width: area.width.saturating_sub(AGE + 1),
        ..area
    };
    let severity = severity(alert, is_wide);
    let mut pieces = vec![
        (SafeText::from(format!("{} ", sign(alert, theme))), style),
        (severity, style),
        (SafeText::from(" "), text),
    ];
    if !alert.state.is_loud() {
        let state = SafeText::from(format!("{} ", alert.state.word()));
        pieces.push((state, theme.style(Role::Dim)));
    }
    let bold = theme.style(Role::Title);
    let is_loud = alert.is_firing() && !is_gone;
    pieces.push((name(alert), if is_loud { bold } else { text }));
    pieces.push((SafeText::from(" "), text));
    pieces.push((about(alert, model), text));
    if area.width >= WIDEST
        && let Some(summary) = alert.summary()
    {
        pieces.push((SafeText::from("  "), text));
        pieces.push((summary.shown(), theme.style(Role::Dim)));
    }
    paint::pieces(buffer, left, &pieces);
    let age = SafeText::from(format!("{:>1$}", age(alert, model), usize::from(AGE)));
    let right = Rect {
        x: left.right() + 1,
        width: area.right().saturating_sub(left.right() + 1),
        ..area
    };
    paint::text(buffer, right, &age, text);
}

fn role(alert: &AlertRow, is_gone: bool) -> Role {
    match (alert.state, alert.rank) {
        _ if is_gone => Role::Gone,
        _ if alert.is_background() => Role::Dim,
        (AlertState::Inhibited | AlertState::Silenced | AlertState::Muted, _) => Role::Dim,
        (_, Rank::Critical | Rank::Error) => Role::Bad,
        (_, Rank::Warning | Rank::Unknown) => Role::Warn,
        (_, Rank::Info) => Role::Text,
    }
}

fn sign(alert: &AlertRow, theme: &Theme) -> char {
    let (fine, ascii) = match alert.state {
        _ if alert.is_background() => (' ', ' '),
        AlertState::Firing | AlertState::Unprocessed => alert.rank.glyph(),
        AlertState::Inhibited | AlertState::Silenced | AlertState::Muted => ('~', '~'),
    };
    if theme.is_ascii { ascii } else { fine }
}

/// Its own word, padded; cut to four letters where there is little room.
fn severity(alert: &AlertRow, is_wide: bool) -> SafeText<'static> {
    let columns = if is_wide { 8 } else { 4 };
    let shown = alert.severity.shown();
    let short: String = shown.as_str().chars().take(columns).collect();
    SafeText::from(format!("{short:columns$}"))
}

fn name(alert: &AlertRow) -> SafeText<'_> {
    if alert.name.is_empty() {
        SafeText::from("(no alertname)")
    } else {
        alert.name.shown()
    }
}

/// The object that it names, with its namespace where that is another one than the console's.
fn about(alert: &AlertRow, model: &Model) -> SafeText<'static> {
    if alert.is_background() {
        return SafeText::from("fires when all is well");
    }
    let object = alert.object();
    // What the header says already costs no room here.
    let is_here = match &model.cluster.scope {
        Scope::Namespace(namespace) => *namespace == alert.namespace,
        Scope::All => false,
    };
    let has_no_namespace = alert.namespace.is_empty() || (is_here && object.is_some());
    let text = match (has_no_namespace, object) {
        (true, None) => String::new(),
        (true, Some(object)) => object.shown().to_string(),
        (false, None) => alert.namespace.shown().to_string(),
        (false, Some(object)) => format!("{}/{}", alert.namespace.shown(), object.shown()),
    };
    SafeText::from(text)
}

fn age(alert: &AlertRow, model: &Model) -> String {
    alert.starts_at.map_or("?".to_owned(), |start| {
        words::age(start.into(), model.alerts_now())
    })
}
