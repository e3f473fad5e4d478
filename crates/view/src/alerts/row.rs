//! The line of an alert: how grave it is, its name, what it is about, since when.

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::theme::{Role, Theme};
use crate::{names, paint, words};
use model::Model;
use model::alert::{AlertRow, AlertState, Rank};
use model::cluster::Scope;
use text::SafeText;

/// Columns of an age: `14m`, `999d`.
const AGE: u16 = 4;
/// From this width on severities stand in their own words.
const WIDE: u16 = 60;
/// Columns of a severity in its own word, and where there is little room.
const SEVERITY: (usize, usize) = (8, 4);
/// From this width on there is room for the summary.
const WIDEST: u16 = 110;

/// What is drawn of name and object.
pub(super) struct Names {
    name: SafeText<'static>,
    about: SafeText<'static>,
}

/// Names and objects as they are drawn: no two alerts look the same.
pub(super) fn names(model: &Model, shown: &[(&AlertRow, bool)], width: u16) -> Vec<Names> {
    let texts = |alert: &AlertRow| (name(alert).to_string(), about(alert, model).to_string());
    let all: Vec<(String, String)> = shown.iter().map(|(alert, _)| texts(alert)).collect();
    let (mut names, mut abouts) = (Vec::new(), Vec::new());
    for (at, (alert, _)) in shown.iter().enumerate() {
        let (name, about) = &all[at];
        let twins = (0..shown.len()).filter(|other| *other != at && all[*other] == all[at]);
        let difference = difference(alert, twins.map(|twin| shown[twin].0));
        let about = SafeText::from(format!("{about}{difference}"));
        let name = SafeText::from(name.as_str()).into_owned();
        let room = room(alert, width);
        let whole = name.width().min(room);
        // An object has two fifths at least: its end tells which one it is.
        let least = if alert.is_background() {
            0
        } else {
            room * 2 / 5
        };
        let columns = about.width().min((room - whole).max(least));
        let about = if alert.is_background() {
            about.truncated(columns).into_owned()
        } else {
            about
        };
        names.push((name, room - columns));
        abouts.push((about, columns));
    }
    let (names, abouts) = (names::distinct(&names), names::distinct(&abouts));
    let both = names.into_iter().zip(abouts);
    both.map(|(name, about)| Names { name, about }).collect()
}

/// Columns for name and object, less the blank between them.
fn room(alert: &AlertRow, width: u16) -> usize {
    let words = SafeText::from(words_before(alert, width >= WIDE)).width();
    // The sign, and blanks after it, after the name and before the age.
    let fixed = 1 + 1 + words + 1 + 1 + usize::from(AGE);
    usize::from(width).saturating_sub(fixed)
}

/// Severity and state. Where there is little room the state of what does not call anybody stands for both.
fn words_before(alert: &AlertRow, is_wide: bool) -> String {
    let severity = format!("{} ", severity(alert, is_wide));
    match (alert.state.is_loud(), is_wide) {
        (true, _) => severity,
        (false, true) => format!("{severity}{} ", alert.state.word()),
        (false, false) => format!("{} ", alert.state.word()),
    }
}

/// The labels that tell it from others of the same name about the same object.
fn difference<'a>(alert: &AlertRow, twins: impl Iterator<Item = &'a AlertRow>) -> String {
    let mut labels = BTreeSet::new();
    for twin in twins {
        let is_other = |label: &&(text::Outside, text::Outside)| !twin.labels.contains(label);
        labels.extend(alert.labels.iter().find(is_other));
    }
    let labels = labels.into_iter();
    let words = labels.map(|(name, value)| format!(" {}={}", name.shown(), value.shown()));
    words.collect()
}

pub(super) fn draw(
    model: &Model,
    theme: &Theme,
    (alert, is_gone): (&AlertRow, bool),
    names: &Names,
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
    let mut pieces = vec![
        (SafeText::from(format!("{} ", sign(alert, theme))), style),
        (SafeText::from(words_before(alert, is_wide)), style),
    ];
    let bold = theme.style(Role::Title);
    let is_loud = alert.is_firing() && !is_gone;
    pieces.push((names.name.clone(), if is_loud { bold } else { text }));
    pieces.push((SafeText::from(" "), text));
    pieces.push((names.about.clone(), text));
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

pub(super) fn role(alert: &AlertRow, is_gone: bool) -> Role {
    match (alert.state, alert.rank) {
        _ if is_gone => Role::Gone,
        _ if alert.is_background() => Role::Dim,
        (AlertState::Inhibited | AlertState::Silenced | AlertState::Muted, _) => Role::Dim,
        (_, rank) => role_of_rank(rank),
    }
}

pub(crate) fn role_of_rank(rank: Rank) -> Role {
    match rank {
        Rank::Critical | Rank::Error => Role::Bad,
        Rank::Warning | Rank::Unknown => Role::Warn,
        Rank::Info => Role::Text,
    }
}

pub(super) fn sign(alert: &AlertRow, theme: &Theme) -> char {
    let (fine, ascii) = match alert.state {
        _ if alert.is_background() => (' ', ' '),
        AlertState::Firing | AlertState::Unprocessed => alert.rank.glyph(),
        AlertState::Inhibited | AlertState::Silenced | AlertState::Muted => ('~', '~'),
    };
    if theme.is_ascii { ascii } else { fine }
}

/// Its own word, padded; cut to four letters where there is little room.
fn severity(alert: &AlertRow, is_wide: bool) -> SafeText<'static> {
    let columns = if is_wide { SEVERITY.0 } else { SEVERITY.1 };
    let shown = alert.severity.shown();
    let short: String = shown.as_str().chars().take(columns).collect();
    SafeText::from(format!("{short:columns$}"))
}

pub(super) fn name(alert: &AlertRow) -> SafeText<'_> {
    if alert.name.is_empty() {
        SafeText::from("(no alertname)")
    } else {
        alert.name.shown()
    }
}

/// The object that it names, with its namespace where that is another one than the console's.
pub(super) fn about(alert: &AlertRow, model: &Model) -> SafeText<'static> {
    if alert.is_background() {
        return SafeText::from("always fires");
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

pub(super) fn age(alert: &AlertRow, model: &Model) -> String {
    alert.starts_at.map_or("?".to_owned(), |start| {
        words::age(start.into(), model.alerts_now())
    })
}
