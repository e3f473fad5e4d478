//! The first line: cluster and namespace, user, how fresh it is, and the clock.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::paint::columns;
use super::{names, paint, words};
use crate::theme::{Glyph, Role, Theme};
use model::Model;
use model::clocks::SKEW_SAID_S;
use text::SafeText;

/// Fewer letters of a title tell nobody which incident it is.
const TITLE_LEAST: usize = 6;

type Pieces = Vec<(SafeText<'static>, Style)>;

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
    let pieces = pieces(model, theme, usize::from(left.width));
    paint::pieces(buffer, left, &pieces);
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

/// Names give way before what must be read: banners, how fresh it is, the clock of the incident.
fn pieces(model: &Model, theme: &Theme, room: usize) -> Pieces {
    let before = banner(model, theme);
    let mut after = guards(model, theme);
    after.push((SafeText::from("   "), theme.style(Role::Dim)));
    after.push(connection(model, theme));
    let [severity, clock] = incident(model, theme);
    let fixed = [&before, &after, &severity, &clock];
    let fixed: usize = fixed.into_iter().map(|pieces| columns(pieces)).sum();
    let left = room.saturating_sub(fixed);
    // The title of an incident has a third of what is left before long names do.
    let title = model.timeline.incident.as_ref();
    let title = title.map_or(0, |incident| incident.title.shown().width() + 1);
    let names = names(model, theme, left - title.min(left / 3));
    let left = room.saturating_sub(fixed + columns(&names));
    let title = incident_title(model, theme, left);
    [before, names, after, severity, title, clock].concat()
}

fn banner(model: &Model, theme: &Theme) -> Pieces {
    let mut pieces = Vec::new();
    if model.settings.is_demo {
        pieces.push((SafeText::from(" DEMO "), theme.style(Role::Banner)));
    }
    pieces.push((SafeText::from(" "), theme.style(Role::Dim)));
    pieces
}

/// Context, namespace and user: the user goes first, the others are shortened.
fn names(model: &Model, theme: &Theme, room: usize) -> Pieces {
    let cluster = &model.cluster;
    let separator = format!(" {} ", theme.glyph(Glyph::Separator));
    let separator = (SafeText::from(separator), theme.style(Role::Dim));
    let title = theme.style(Role::Title);
    let trouble = cluster.scope_trouble().map(|trouble| {
        let words = SafeText::from(format!(" {}", trouble.words()));
        (words, theme.style(Role::Bad))
    });
    let scope = words::scope(&cluster.scope).into_owned();
    let connection = cluster.connection.as_ref();
    let user = connection.and_then(|connection| connection.user.as_ref());
    let user = user.map(|user| (user.shown().into_owned(), theme.style(Role::Text)));
    let context = cluster.context.shown().into_owned();
    let of = |context: SafeText<'static>, scope: SafeText<'static>, user: Option<_>| {
        let user = user.map(|user| vec![separator.clone(), user]);
        let mut pieces = vec![(context, title), separator.clone(), (scope, title)];
        pieces.extend(trouble.clone());
        pieces.extend(user.into_iter().flatten());
        pieces
    };
    for user in [user, None] {
        let whole = of(context.clone(), scope.clone(), user);
        if columns(&whole) <= room {
            return whole;
        }
    }
    let bare = columns(&of(SafeText::from(""), SafeText::from(""), None));
    let room = room.saturating_sub(bare);
    let of_scope = scope.width().min(room - room / 2);
    let scope = names::shortened(&scope, of_scope);
    of(
        names::shortened(&context, room - scope.width()),
        scope,
        None,
    )
}

/// Why nothing can be written, or that it can.
fn guards(model: &Model, theme: &Theme) -> Pieces {
    let (words, role) = if model.settings.is_read_only {
        (" READ-ONLY ", Role::Banner)
    } else if model.is_armed() {
        (" ARMED ", Role::Danger)
    } else if model.scope_protection().is_some() {
        (" RO protected ", Role::Banner)
    } else {
        return Vec::new();
    };
    vec![
        (SafeText::from(" "), theme.style(Role::Dim)),
        (SafeText::from(words), theme.style(role)),
    ]
}

/// The open incident: how grave it is, and how long it has been open.
fn incident(model: &Model, theme: &Theme) -> [Pieces; 2] {
    let Some(incident) = &model.timeline.incident else {
        return [Vec::new(), Vec::new()];
    };
    let age_s = (model.now.wall - incident.opened_at).num_seconds().max(0);
    let severity = incident.severity.as_ref();
    let severity = severity.map_or("", |severity| &severity.name);
    let (hours, minutes, seconds) = (age_s / 3600, age_s / 60 % 60, age_s % 60);
    let clock = format!(" {hours:02}:{minutes:02}:{seconds:02}");
    let severity = vec![
        (SafeText::from("   "), theme.style(Role::Dim)),
        (
            SafeText::from(format!(" {severity} ")),
            theme.style(Role::Danger),
        ),
    ];
    let clock = vec![(SafeText::from(clock), theme.style(Role::Title))];
    [severity, clock]
}

/// As many whole words of its title as there is room for.
fn incident_title(model: &Model, theme: &Theme, room: usize) -> Pieces {
    let incident = model.timeline.incident.as_ref();
    let Some(incident) = incident.filter(|_| room > TITLE_LEAST) else {
        return Vec::new();
    };
    let title = incident.title.shown();
    let title = title.at_words(room - 1).into_owned();
    vec![
        (SafeText::from(" "), theme.style(Role::Text)),
        (title, theme.style(Role::Title)),
    ]
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
