//! The rollouts pane: workloads, sick and rolling ones first, and the revisions below them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{paint, words};
use crate::model::Model;
use crate::model::cluster::{Kind, Scope};
use crate::model::revisions::{Held, History};
use crate::model::rollout_list::{self, Column, Line};
use crate::model::rollouts::tags;
use crate::model::screen::{Overlay, Pane};
use crate::model::table::Row;
use crate::model::time::Seconds;
use crate::model::workloads::{Course, Workload};
use crate::text::{Outside, SafeText};
use crate::theme::{Glyph, Role, Theme};

type Pieces = Vec<(SafeText<'static>, Style)>;

/// Columns of a workload's name where there is room for all of the line.
const NAME: usize = 30;
/// The same elsewhere.
const NAME_NARROW: usize = 14;
/// Panes narrower than this have a short name.
const WIDE: u16 = 100;
/// Panes narrower than this do not say the kind.
const NARROW: u16 = 60;

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
        let cursor = list.cursor.as_ref();
        let is_selected = cursor.is_some_and(|cursor| cursor.uid == *line.uid());
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
    let is_typing = model.screen.focus == Pane::Rollouts
        && matches!(model.screen.overlays.last(), Some(Overlay::Filter { .. }));
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
            Column::of(list).title(),
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
        (0, _) => format!("{} short / {} ", counts.sick, counts.total),
        (hidden, 0) => format!("{} here, {hidden} hidden ", counts.listed),
        (hidden, sick) => format!("{} here, {sick} short / {hidden} hidden ", counts.listed),
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

fn pieces(model: &Model, line: &Line, is_selected: bool, width: u16, theme: &Theme) -> Pieces {
    let cursor = if is_selected {
        theme.glyph(Glyph::Cursor)
    } else {
        " "
    };
    let history = model.rollout_list.history(&line.workload);
    let row = model.cluster.workload(&line.workload);
    match (line.revision, history, row) {
        (Some(at), Some(history), _) if at < history.revisions.len() => {
            revision(model, line, (history, at), cursor, theme)
        }
        (None, history, Some(row)) => workload(model, row, history, (cursor, width), theme),
        (_, _, _) => vec![(
            SafeText::from(format!(" {cursor} gone")),
            theme.style(Role::Dim),
        )],
    }
}

fn workload(
    model: &Model,
    row: Workload<'_>,
    history: Option<&History>,
    (cursor, width): (&str, u16),
    theme: &Theme,
) -> Pieces {
    let course = row.course();
    let (glyph, role) = match course {
        Course::Stuck | Course::Short => (Glyph::Sick, Role::Bad),
        Course::Rolling | Course::Paused | Course::Waiting => (Glyph::Moving, Role::Warn),
        Course::Well => (Glyph::Well, Role::Text),
    };
    let name = match model.cluster.scope {
        Scope::All => SafeText::from(format!(
            "{}/{}",
            row.namespace().shown(),
            row.name().shown()
        )),
        Scope::Namespace(_) => row.name().shown().into_owned(),
    };
    let is_narrow = width < NARROW;
    let columns = if width < WIDE { NAME_NARROW } else { NAME };
    let number = history.and_then(History::current_number).or(match row {
        Workload::Deployment(row) => row.revision,
        Workload::StatefulSet(_) | Workload::DaemonSet(_) => None,
    });
    let number = number.map_or(String::new(), |number| format!("r{number} "));
    let revision = Outside::from(format!("{number}{}", tags(row.images())));
    let kind = match row.kind() {
        Kind::StatefulSet => "sts",
        Kind::DaemonSet => "ds",
        Kind::Deployment
        | Kind::Pod
        | Kind::ReplicaSet
        | Kind::ControllerRevision
        | Kind::Event
        | Kind::Namespace => "deploy",
    };
    let ready = format!("{}/{} ready", row.ready(), row.wanted());
    let mut pieces = vec![
        (
            SafeText::from(format!("{}{cursor}", theme.glyph(glyph))),
            theme.style(role),
        ),
        (
            SafeText::from(format!("{name:<columns$.columns$} ")),
            theme.style(role),
        ),
    ];
    if !is_narrow {
        pieces.push((
            SafeText::from(format!("{kind:<6} ")),
            theme.style(Role::Dim),
        ));
    }
    let width = if width < WIDE { 11 } else { 16 };
    pieces.push((
        SafeText::from(format!("{:<width$.width$} ", revision.shown())),
        theme.style(Role::Text),
    ));
    pieces.push((SafeText::from(format!("{ready:<9} ")), theme.style(role)));
    let words = SafeText::from(standing(row, course));
    pieces.push((words, theme.style(role)));
    if let Some(problem) = unread(model, row) {
        pieces.push((problem, theme.style(Role::Warn)));
    }
    pieces
}

/// Progress, and what holds it up, in words.
fn standing(row: Workload<'_>, course: Course) -> String {
    let word = rollout_list::words(course);
    let counts = format!("{} updated, {} available", row.updated(), row.available());
    match course {
        Course::Well => String::new(),
        Course::Stuck => format!("{word}, Kubernetes gave up: {counts}"),
        Course::Paused => format!("{word} until somebody resumes it: {counts}"),
        Course::Waiting => {
            let old = row.current().saturating_sub(row.updated());
            format!("OnDelete: {old} wait to be deleted")
        }
        Course::Short | Course::Rolling => format!("{word}: {counts}"),
    }
}

fn unread(model: &Model, row: Workload<'_>) -> Option<SafeText<'static>> {
    let known = model.rollout_list.known.get(row.uid())?;
    let problem = known.problem.as_ref()?;
    Some(SafeText::from(format!("  {}", problem.what.shown())))
}

fn revision(
    model: &Model,
    line: &Line,
    (history, at): (&History, usize),
    cursor: &str,
    theme: &Theme,
) -> Pieces {
    let now = Seconds(model.now.wall.timestamp() + model.cluster.skew_s);
    let revision = &history.revisions[at];
    let is_current = history.current() == Some(at);
    let list = &model.rollout_list;
    let is_marked = list
        .marked
        .as_ref()
        .is_some_and(|(_, uid)| uid == line.uid());
    let mark = if is_marked { "*" } else { " " };
    let name = Outside::from(format!("r{} {}", revision.number, tags(&revision.images)));
    let role = if is_current { Role::Title } else { Role::Text };
    let mut facts = Vec::new();
    if let Some(number) = history.restart_of(at) {
        facts.push(format!("restart of r{number}"));
    }
    if let Some((ready, all)) = list.pods.get(&revision.uid) {
        facts.push(format!("{ready}/{all} pods ready"));
    }
    if let Some(created) = revision.created {
        facts.push(format!(
            "made {} ago",
            words::duration(created.age_s(model.now.wall))
        ));
    }
    facts.extend(match history.held(at, now) {
        Held::Now(Some(since)) => {
            let held = u64::try_from(now.0 - since.0).unwrap_or(0);
            Some(format!("current since {}", words::duration(held)))
        }
        Held::Now(None) => Some("current, rolled back to".to_owned()),
        Held::For(_) | Held::Unknown => words::held(history.held(at, now)),
    });
    if let Some(cause) = &revision.change_cause {
        facts.push(cause.shown().as_str().to_owned());
    }
    vec![
        (
            SafeText::from(format!(" {cursor}{mark} ")),
            theme.style(Role::Key),
        ),
        (
            SafeText::from(format!("{:<18.18} ", name.shown())),
            theme.style(role),
        ),
        (SafeText::from(facts.join(", ")), theme.style(Role::Dim)),
    ]
}
