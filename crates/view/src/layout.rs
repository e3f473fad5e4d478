//! Where everything stands on the screen: named rectangles from the size alone.

mod cells;
mod parts;

use ratatui::layout::Rect;

use super::{footer, overlay, pods, serving};
use model::Model;
use model::screen::Pane;
use model::write::dialog::Question;
use parts::{percent, split};
use text::Outside;

pub use parts::{centred, inner};

/// Below this height only the focused pane is drawn: two would show nothing of either.
const TWO_PANES_ROWS: u16 = 14;
/// Below this height the most severe alert has no line of its own.
const ALERT_LINE_ROWS: u16 = 8;
/// Below this height the worst rollout has none.
const ROLLOUT_LINE_ROWS: u16 = 18;
/// Below this height of their pane the pods have no line above them.
const NOTICE_ROWS: u16 = 7;
/// From this height on they have two, if one is too narrow.
const NOTICES_ROWS: u16 = 12;
/// From this width on all panes stand side by side; narrower, the pods would lose their reasons.
const BOARD_COLUMNS: u16 = 110;
/// From this height on.
const BOARD_ROWS: u16 = 20;
/// From this height on a narrow screen has room for all panes, one below the other.
const STACK_ROWS: u16 = 44;
/// On a narrow screen the pods get this share of the rows, in percent.
const PODS_PERCENT: u16 = 60;
/// All panes side by side, the left column has at least this.
const LEFT_COLUMNS: u16 = 40;
/// Columns in which a usual alert stands whole, frame included: its severity, a long name, the name of a pod, its age.
const ALERT_COLUMNS: u16 = 60;
/// The left column: alerts and rollouts in percent, the timeline has the rest.
const LEFT_PERCENTS: (u16, u16) = (24, 30);
/// The alerts above both columns take rows in such steps: what stands below them moves seldom.
const ALERTS_STEP: u16 = 3;
/// Below them, the rollouts in percent of the left column.
const ROLLOUTS_PERCENT: u16 = 40;
/// The right column: the pods in percent, the logs have the rest.
const RIGHT_PERCENT: u16 = 52;
/// One below the other: alerts, pods, rollouts and logs in percent, the timeline has the rest.
const STACK_PERCENTS: [u16; 4] = [12, 30, 16, 20];

/// Below this height a write under way has no line of its own.
const STRIP_ROWS: u16 = 8;
/// Widest card of a write.
pub const DIALOG_COLUMNS: u16 = 78;
/// Lines of a card without which nobody can answer: name, namespace, change, effect, name to type, question, keys, frame.
const DIALOG_ROWS: u16 = 9;
/// Columns of the words before its lines, and its frame.
const DIALOG_MARGIN: usize = 14;
/// The question must be readable.
const DIALOG_NARROWEST: u16 = 50;

/// Is there room for everything that a yes depends on, the names of what is written to included?
pub fn shows_dialog(model: &Model) -> bool {
    let middle = of(model).middle;
    let Some(dialog) = model.screen.dialog() else {
        return false;
    };
    let room = usize::from(middle.width.min(DIALOG_COLUMNS)).saturating_sub(DIALOG_MARGIN);
    let fits = |name: &Outside| name.shown().width() <= room;
    middle.width >= DIALOG_NARROWEST
        && middle.height >= DIALOG_ROWS
        && fits(&dialog.target.name)
        && fits(&dialog.target.namespace)
}

/// The question that a frame of this state shows whole: evidence of a frame is evidence of this question alone.
pub fn question(model: &Model) -> Option<Question> {
    let question = model.screen.dialog()?.question()?;
    shows_dialog(model).then_some(question)
}

/// The rectangles of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    pub whole: Rect,
    /// Context, scope, state, clock.
    pub header: Rect,
    /// Between header and footer: the panes, and what lies over them.
    pub middle: Rect,
    /// The most severe alert in one line, where the alerts pane is not drawn; else empty.
    pub alert_line: Rect,
    /// The worst rollout in one line, where there is room and the rollouts pane is not drawn; else empty.
    pub rollout_line: Rect,
    /// Lines above the pods, as far as there is something to say and room for it.
    notice_rows: u16,
    /// The panes that are drawn.
    pub panes: Vec<(Pane, Rect)>,
    /// The write that is under way; empty when none is.
    pub strip: Rect,
    /// What was said, in as many lines as it takes, or key hints.
    pub footer: Rect,
}

impl Layout {
    /// The rectangle of a pane; empty when it is not drawn.
    pub fn pane(&self, pane: Pane) -> Rect {
        self.panes
            .iter()
            .find(|(drawn, _)| *drawn == pane)
            .map_or(Rect::ZERO, |(_, area)| *area)
    }

    /// What is said above the pods: nodes that fail, Services without endpoints. Empty when there is nothing to say.
    pub fn notice(&self) -> Rect {
        split(inner(self.pane(Pane::Pods)), self.notice_rows).0
    }

    /// The column heads of the pods.
    pub fn pods_heads(&self) -> Rect {
        let inner = inner(self.pane(Pane::Pods));
        split(split(inner, self.notice().height).1, 1).0
    }

    /// The lines of pods: the pane within its frame, less notice and column heads.
    pub fn pods_body(&self) -> Rect {
        let inner = inner(self.pane(Pane::Pods));
        split(inner, self.notice().height + 1).1
    }

    /// The inside of a pane's frame.
    pub fn body(&self, pane: Pane) -> Rect {
        inner(self.pane(pane))
    }
}

/// The layout for the state of the screen.
pub fn of(model: &Model) -> Layout {
    let (columns, rows) = model.screen.size;
    let whole = Rect::new(0, 0, columns, rows);
    let header = Rect {
        height: rows.min(1),
        ..whole
    };
    let footer_rows = footer::rows(model, model.screen.size).min(rows.saturating_sub(1));
    let footer = Rect {
        y: rows.saturating_sub(footer_rows.max(1)),
        height: footer_rows,
        ..whole
    };
    let strip_rows = u16::from(rows >= STRIP_ROWS && model.writes.shown(model.now).is_some());
    let middle = Rect {
        y: header.height,
        height: rows.saturating_sub(1 + footer_rows.max(1) + strip_rows),
        ..whole
    };
    let strip = Rect {
        y: middle.bottom(),
        height: strip_rows,
        ..whole
    };
    let (alert_line, rollout_line, panes) = panes(model, middle);
    let pods = panes.iter().find(|(pane, _)| *pane == Pane::Pods);
    let notice_rows = pods.map_or(0, |(_, area)| notice_rows(model, *area));
    Layout {
        whole,
        header,
        middle,
        alert_line,
        rollout_line,
        notice_rows,
        panes,
        strip,
        footer,
    }
}

/// One line above the pods, or two where there is much to say and room for it.
fn notice_rows(model: &Model, pods: Rect) -> u16 {
    match pods.height {
        _ if !model.cluster.serving.has_trouble() => 0,
        0..NOTICE_ROWS => 0,
        NOTICE_ROWS..NOTICES_ROWS => 1,
        NOTICES_ROWS.. => serving::rows(model, inner(pods).width),
    }
}

/// The panes that there is room for, and before them the lines of the most severe alert and of the worst rollout where
/// their panes are not among them.
fn panes(model: &Model, middle: Rect) -> (Rect, Rect, Vec<(Pane, Rect)>) {
    let focus = model.screen.focus;
    let is_alone = model.screen.is_zoomed || middle.height < TWO_PANES_ROWS;
    if !is_alone && middle.width >= BOARD_COLUMNS && middle.height >= BOARD_ROWS {
        return (Rect::ZERO, Rect::ZERO, board(model, middle));
    }
    if !is_alone && middle.height >= STACK_ROWS {
        return (Rect::ZERO, Rect::ZERO, stack(middle));
    }
    let has_line = middle.height >= ALERT_LINE_ROWS && !(is_alone && focus == Pane::Alerts);
    let (line, below) = split(middle, u16::from(has_line));
    let alert_line = if has_line { line } else { Rect::ZERO };
    if is_alone {
        return (alert_line, Rect::ZERO, vec![(focus, below)]);
    }
    let lower = model.screen.lower_pane();
    let has_line = below.height >= ROLLOUT_LINE_ROWS && lower != Pane::Rollouts;
    let (line, below) = split(below, u16::from(has_line));
    let rollout_line = if has_line { line } else { Rect::ZERO };
    let (pods, rest) = split(below, percent(below.height, PODS_PERCENT));
    let panes = vec![(Pane::Pods, pods), (lower, rest)];
    (alert_line, rollout_line, panes)
}

/// What fires, what was rolled out and what was done on the left; what is sick and what it says on the right. The left has
/// what the right does not need, between its least and a third; alerts that would be cut there stand above both.
fn board(model: &Model, middle: Rect) -> Vec<(Pane, Rect)> {
    let third = middle.width / 3;
    let spare = middle.width.saturating_sub(pods::wanted(model));
    let left_columns = spare.clamp(LEFT_COLUMNS.min(third), third);
    let is_above = left_columns < ALERT_COLUMNS;
    let above_rows = if is_above {
        alert_rows(model, middle.height)
    } else {
        0
    };
    let (above, below) = split(middle, above_rows);
    let left = Rect {
        width: left_columns,
        ..below
    };
    let right = Rect {
        x: below.x + left_columns,
        width: below.width - left_columns,
        ..below
    };
    let (alerts, rollouts, timeline) = if is_above {
        let (rollouts, timeline) = split(left, percent(left.height, ROLLOUTS_PERCENT));
        (above, rollouts, timeline)
    } else {
        let (alerts, rest) = split(left, percent(left.height, LEFT_PERCENTS.0));
        let (rollouts, timeline) = split(rest, percent(left.height, LEFT_PERCENTS.1));
        (alerts, rollouts, timeline)
    };
    let (pods, logs) = split(right, percent(right.height, RIGHT_PERCENT));
    vec![
        (Pane::Alerts, alerts),
        (Pane::Pods, pods),
        (Pane::Logs, logs),
        (Pane::Rollouts, rollouts),
        (Pane::Timeline, timeline),
    ]
}

/// As many as there are alerts, in steps, and no more than their share.
fn alert_rows(model: &Model, rows: u16) -> u16 {
    let frame = 2;
    let most = percent(rows, LEFT_PERCENTS.0);
    let listed = u16::try_from(model.alerts.watched.table.len()).unwrap_or(u16::MAX);
    let wanted = listed.clamp(1, most).next_multiple_of(ALERTS_STEP);
    (wanted + frame).min(most)
}

/// All panes one below the other.
fn stack(middle: Rect) -> Vec<(Pane, Rect)> {
    let order = [Pane::Alerts, Pane::Pods, Pane::Rollouts, Pane::Logs];
    let mut panes = Vec::new();
    let mut rest = middle;
    for (pane, share) in order.into_iter().zip(STACK_PERCENTS) {
        let (area, below) = split(rest, percent(middle.height, share));
        panes.push((pane, area));
        rest = below;
    }
    panes.push((Pane::Timeline, rest));
    panes
}

/// The page that lies on top: how many rows it has, and how many of them are seen at once.
pub fn page(model: &Model) -> (usize, usize) {
    let middle = inner(of(model).middle);
    let (width, height) = (usize::from(middle.width), usize::from(middle.height));
    let overlay = model.screen.overlays.last();
    let rows = overlay.map_or(0, |overlay| overlay::of(overlay).rows(model, width));
    (rows, height)
}

/// The rows of the page of a log line in which something begins that matches.
pub fn log_line_matches(model: &Model) -> Vec<usize> {
    let width = usize::from(inner(of(model).middle).width);
    let page = model.screen.topmost();
    page.map_or(Vec::new(), |page| {
        overlay::log_line_matches(model, page, width)
    })
}

/// Columns and rows of a text that is read: YAML, or a runbook.
pub fn text(model: &Model) -> (usize, usize) {
    let middle = inner(of(model).middle);
    let columns = middle.width.saturating_sub(overlay::TEXT_MARGIN);
    (usize::from(columns), usize::from(middle.height))
}
