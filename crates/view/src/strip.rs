//! One line above the footer while a write is under way: what, how far, and the verdict.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::paint;
use crate::theme::{Glyph, Role, Theme};
use model::Model;
use model::workload::follow::{Follow, HOLD_MS};
use model::workload::progress::FollowState;
use model::write::SentState;
use text::{Outside, SafeText};

/// Cells of the gauge.
const GAUGE: u32 = 10;

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let Some((what, state)) = model.writes.shown(model.now) else {
        return;
    };
    let title = what.change.title(&what.target.name);
    let mut pieces = vec![
        (
            SafeText::from(format!(" {} ", theme.glyph(Glyph::Cursor))),
            theme.style(Role::Key),
        ),
        (
            Outside::from(title).shown().into_owned(),
            theme.style(Role::Title),
        ),
        (SafeText::from("  "), theme.style(Role::Text)),
    ];
    pieces.extend(progress(model, &state, theme));
    let others = model.writes.sent().count() - 1;
    if others > 0 {
        pieces.push((
            SafeText::from(format!("  +{others} more")),
            theme.style(Role::Dim),
        ));
    }
    paint::pieces(buffer, area, &pieces);
}

fn progress(
    model: &Model,
    state: &SentState<'_>,
    theme: &Theme,
) -> Vec<(SafeText<'static>, Style)> {
    match state {
        SentState::Sending => vec![(SafeText::from("sending"), theme.style(Role::Warn))],
        SentState::Over { words, is_good, .. } => {
            let role = if *is_good { Role::Good } else { Role::Bad };
            vec![(words.shown().into_owned(), theme.style(role))]
        }
        SentState::Following(follow) => vec![
            (
                SafeText::from(gauge(follow, theme)),
                theme.style(Role::Text),
            ),
            follow_state(model, follow, theme),
        ],
    }
}

/// `[####......] 2/5 `: pods that are new and available among those that are wanted.
fn gauge(follow: &Follow, theme: &Theme) -> String {
    let progress = follow.progress.counts;
    let done = progress
        .available
        .saturating_sub(progress.old)
        .min(progress.updated)
        .min(progress.wanted);
    let filled = (done * GAUGE).checked_div(progress.wanted).unwrap_or(0);
    let (full, empty) = if theme.is_ascii {
        ('#', '.')
    } else {
        ('█', '░')
    };
    let cells: String = (0..GAUGE)
        .map(|cell| if cell < filled { full } else { empty })
        .collect();
    format!("{cells} {done}/{} ", progress.wanted)
}

fn follow_state(model: &Model, follow: &Follow, theme: &Theme) -> (SafeText<'static>, Style) {
    let now = model.now;
    let took = minutes(now.since_ms(follow.since()));
    let before = follow.before.as_ref();
    let before = before.map_or(String::new(), |words| format!("; {}", words.shown()));
    let (words, role) = match &follow.progress.state {
        FollowState::Waiting => (format!("waiting for the controller, {took}"), Role::Warn),
        FollowState::Moving => (format!("rolling, {took}{before}"), Role::Warn),
        FollowState::Failing { why, gives_up, .. } => {
            let until = gives_up.map_or(String::new(), |at| {
                format!("; Kubernetes gives up in {}", minutes(at.since_ms(now)))
            });
            (format!("FAILING: {}{until}", why.shown()), Role::Bad)
        }
        FollowState::Stuck { why } => {
            let why = why
                .as_ref()
                .map_or(String::new(), |why| format!(": {}", why.shown()));
            (format!("STUCK, {took}{why}{before}"), Role::Bad)
        }
        FollowState::Holding {
            claimed: Some(words),
            ..
        } => (words.shown().as_str().to_owned(), Role::Warn),
        FollowState::Holding {
            since,
            claimed: None,
        } => {
            let end = model.settings.shown(since.plus_ms(HOLD_MS).wall);
            let mark = model.settings.zone_mark();
            (
                format!("done; holding until {}{mark}", end.format("%H:%M:%S")),
                Role::Good,
            )
        }
    };
    (SafeText::from(words), theme.style(role))
}

/// `7:20`.
fn minutes(ms: u64) -> String {
    let seconds = ms / 1_000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
