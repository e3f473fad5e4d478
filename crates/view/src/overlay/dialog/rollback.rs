//! The part of the card that only a rollback has: the revisions to choose from, and what differs. Decides nothing.

use ratatui::style::Style;

use super::line::{Line, WORD};
use crate::theme::{Glyph, Role, Theme};
use crate::words;
use model::rollouts::tags;
use model::templates::{self, Differing, Side};
use model::write::change::Rollback;
use model::write::dialog::{Candidate, Plan};
use text::{Outside, SafeText};

/// Revisions shown to choose from.
const OPTIONS_SHOWN: usize = 6;
/// Differing lines that stay on a small screen.
const DIFFERING_KEPT: usize = 6;
/// Differing lines at most: the rest is in the rollouts pane.
const DIFFERING_SHOWN: usize = 12;

type Pieces = Vec<(SafeText<'static>, Style)>;

fn begin(word: &str, theme: &Theme) -> Pieces {
    let word = SafeText::from(format!(" {word:<WORD$}"));
    vec![(word, theme.style(Role::Dim))]
}

/// `r42 1.9.2 -> r41 1.9.1   was current for 3d`.
pub(super) fn change(plan: &Plan, theme: &Theme) -> Pieces {
    let mut pieces = begin("revision", theme);
    let from = Outside::from(format!("{} {}", plan.from.name(), tags(&plan.from.images)));
    let Some(to) = plan.chosen() else {
        return pieces;
    };
    let words = Outside::from(format!("{} {}", to.point.name(), tags(&to.point.images)));
    pieces.push((
        SafeText::from(format!("{} -> {}", from.shown(), words.shown())),
        theme.style(Role::Warn),
    ));
    pieces.push((about(to), theme.style(Role::Dim)));
    pieces
}

/// The revisions around the chosen one, a line each.
pub(super) fn options(plan: &Plan, theme: &Theme) -> Vec<Line> {
    let last = plan.options.len().saturating_sub(OPTIONS_SHOWN);
    let first = plan.chosen.saturating_sub(OPTIONS_SHOWN / 2).min(last);
    let shown = plan.options.iter().enumerate().skip(first);
    shown
        .take(OPTIONS_SHOWN)
        .map(|(at, option)| {
            let is_chosen = at == plan.chosen;
            let mut pieces = begin(if at == first { "back to" } else { "" }, theme);
            let (sign, role) = if is_chosen {
                (theme.glyph(Glyph::Cursor), Role::Selected)
            } else {
                (" ", Role::Text)
            };
            let name = Outside::from(format!(
                "{} {}",
                option.point.name(),
                tags(&option.point.images)
            ));
            pieces.push((
                SafeText::from(format!("{sign} {}", name.shown())),
                theme.style(role),
            ));
            pieces.push((about(option), theme.style(Role::Dim)));
            (u8::from(!is_chosen), pieces)
        })
        .collect()
}

fn about(option: &Candidate) -> SafeText<'static> {
    let mut parts = Vec::new();
    if let Some(number) = option.restart_of {
        parts.push(format!("restart of r{number}"));
    }
    parts.extend(words::current_for(option.in_use));
    if let Some(cause) = &option.change_cause {
        parts.push(cause.shown().as_str().to_owned());
    }
    let parts = parts.join(", ");
    SafeText::from(if parts.is_empty() {
        parts
    } else {
        format!("   {parts}")
    })
}

/// What differs, with few of the equal lines.
pub(super) fn differing(rollback: &Rollback, theme: &Theme) -> Vec<Line> {
    let all = templates::diff(&rollback.from.template, &rollback.to.template, 1);
    let is_change = |line: &Differing| matches!(line.side, Side::Before | Side::After);
    // The name above a value says what it is about.
    let is_name = |line: &Differing| {
        let text = line.text.shown();
        text.as_str().trim_start().starts_with("- name: ")
    };
    let leads = |at: usize| is_name(&all[at]) && all.get(at + 1).is_some_and(is_change);
    let all: Vec<&Differing> = all
        .iter()
        .enumerate()
        .filter(|(at, line)| is_change(line) || (line.side == Side::Both && leads(*at)))
        .map(|(_, line)| line)
        .collect();
    let more = all.len().saturating_sub(DIFFERING_SHOWN);
    let mut lines: Vec<Line> = all
        .iter()
        .take(DIFFERING_SHOWN)
        .enumerate()
        .map(|(at, line)| {
            let (sign, role) = match line.side {
                Side::Before => ("- ", Role::Bad),
                Side::After => ("+ ", Role::Good),
                Side::Both | Side::Gap => ("  ", Role::Dim),
            };
            let mut pieces = begin(if at == 0 { "differs" } else { "" }, theme);
            let text = line.text.shown();
            pieces.push((
                SafeText::from(format!("{sign}{}", text.as_str().trim_start())),
                theme.style(role),
            ));
            (if at < DIFFERING_KEPT { 3 } else { 9 }, pieces)
        })
        .collect();
    if more > 0 {
        let mut pieces = begin("", theme);
        let words = format!("and {}", words::counted(more, "more line"));
        pieces.push((SafeText::from(words), theme.style(Role::Dim)));
        lines.push((9, pieces));
    }
    lines
}
