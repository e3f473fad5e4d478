//! The first line: cluster and namespace, user, how fresh it is, and the clock.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{paint, timeline, words};
use crate::theme::{Glyph, Role, Theme};
use model::Model;
use model::clocks::SKEW_SAID_S;
use text::SafeText;

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let clock = SafeText::from(format!(
        " {}{} ",
        model
            .settings
            .shown(model.now.wall)
            .format(clock_format(model)),
        model.settings.zone_mark()
    ));
    let skew = skew(model);
    let skew_width = u16::try_from(skew.width()).unwrap_or(0);
    let clock_width = u16::try_from(clock.width()).unwrap_or(0).min(area.width);
    let skew_width = skew_width.min(area.width - clock_width);
    let left = Rect {
        width: area.width - clock_width - skew_width,
        ..area
    };
    paint::pieces(buffer, left, &pieces(model, theme));
    let beside = Rect {
        x: left.right(),
        width: skew_width,
        ..area
    };
    paint::text(buffer, beside, &skew, theme.style(Role::Warn));
    paint::text(
        buffer,
        Rect {
            x: beside.right(),
            width: clock_width,
            ..area
        },
        &clock,
        theme.style(Role::Text),
    );
}

/// Beside the clock, when it is wrong or the cluster's is: ages are by the cluster's, all other times by this one.
fn skew(model: &Model) -> SafeText<'static> {
    let skew_s = model.cluster.skew_s().unwrap_or(0);
    if skew_s.abs() <= SKEW_SAID_S {
        return SafeText::from("");
    }
    let way = if skew_s > 0 { "behind" } else { "ahead" };
    let seconds = words::duration(skew_s.unsigned_abs());
    SafeText::from(format!(" clock {seconds} {way}"))
}

fn pieces<'a>(model: &'a Model, theme: &Theme) -> Vec<(SafeText<'a>, Style)> {
    let (cluster, dim) = (&model.cluster, theme.style(Role::Dim));
    let separator = || {
        (
            SafeText::from(format!(" {} ", theme.glyph(Glyph::Separator))),
            dim,
        )
    };
    let mut pieces = Vec::new();
    if model.settings.is_demo {
        pieces.push((SafeText::from(" DEMO "), theme.style(Role::Banner)));
    }
    pieces.push((SafeText::from(" "), dim));
    pieces.push((cluster.context.shown(), theme.style(Role::Title)));
    pieces.push(separator());
    pieces.push((words::scope(&cluster.scope), theme.style(Role::Title)));
    if let Some(trouble) = cluster.scope_trouble() {
        let words = SafeText::from(format!(" {}", trouble.words()));
        pieces.push((words, theme.style(Role::Bad)));
    }
    if let Some(user) = &cluster
        .connection
        .as_ref()
        .and_then(|connection| connection.user.as_ref())
    {
        pieces.push(separator());
        pieces.push((user.shown(), theme.style(Role::Text)));
    }
    if model.settings.is_read_only {
        pieces.push((SafeText::from(" "), dim));
        pieces.push((SafeText::from(" READ-ONLY "), theme.style(Role::Banner)));
    } else if model.is_armed() {
        pieces.push((SafeText::from(" "), dim));
        pieces.push((SafeText::from(" ARMED "), theme.style(Role::Danger)));
    } else if model.scope_protection().is_some() {
        pieces.push((SafeText::from(" "), dim));
        pieces.push((SafeText::from(" RO protected "), theme.style(Role::Banner)));
    }
    pieces.push((SafeText::from("   "), dim));
    pieces.push(connection(model, theme));
    pieces.extend(timeline::incident(model, theme));
    pieces
}

fn connection(model: &Model, theme: &Theme) -> (SafeText<'static>, Style) {
    let health = &model.cluster.pods.health;
    let next = words::sign_in(model).or_else(|| words::retry(health, model.now));
    let next = next.map_or(String::new(), |next| format!(", {next}"));
    let (freshness, style) = words::connection_with_sign(model, theme);
    (SafeText::from(format!("{freshness}{next}")), style)
}

/// Seconds only while an incident is open: then the ticking clock is the proof that the link still lives.
fn clock_format(model: &Model) -> &'static str {
    if model.timeline.incident.is_some() {
        "%H:%M:%S"
    } else {
        "%H:%M"
    }
}
