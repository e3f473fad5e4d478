//! The pods pane: sick first with the true reason, readiness, restarts, age, image and node.

mod empty;
mod title;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{layout, paint, serving, why, words};
use crate::theme::{Glyph, Role, Theme};
use model::Model;
use model::cluster::Scope;
use model::pods::{Phase, PodRow};
use model::screen::Pane;
use model::sick::{self, Diagnosis};
use model::time::Seconds;
use text::{Outside, SafeText};

type Pieces = Vec<(SafeText<'static>, Style)>;

/// A column on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Name,
    Ready,
    Status,
    Why,
    Restarts,
    Age,
    Image,
    Node,
}

impl Field {
    fn head(self) -> &'static str {
        match self {
            Field::Name => "POD",
            Field::Ready => "READY",
            Field::Status => "STATUS",
            Field::Why => "WHY",
            Field::Restarts => "RESTARTS",
            Field::Age => "AGE",
            Field::Image => "IMAGE",
            Field::Node => "NODE",
        }
    }
}

/// Below this width there is no room for the whole word of a state.
const NARROWEST: u16 = 36;
/// Below this width no reason stands beside the state: three letters of it help nobody.
const REASON_COLUMNS: u16 = 60;
/// Widths of names go up in such steps: the columns stand still while lines go by.
const NAME_STEP: u16 = 4;

/// Columns with their widths for a pane of so many columns: names take what they need, the reasons what is left over.
fn columns(width: u16, longest_name: u16) -> Vec<(Field, u16)> {
    // The name comes before all, then the state: on a narrow screen the rest has to go.
    let status = if width < NARROWEST { 12 } else { 18 };
    let mut fixed = vec![(Field::Status, status)];
    for (field, columns, needs) in [
        (Field::Restarts, 9, 56),
        (Field::Age, 4, 46),
        (Field::Ready, 5, 90),
        (Field::Image, 18, 104),
        (Field::Node, 16, 130),
    ] {
        if width >= needs {
            fixed.push((field, columns));
        }
    }
    let taken: u16 = fixed.iter().map(|(_, columns)| columns + 1).sum();
    let rest = width.saturating_sub(taken + 3);
    let has_reason = width >= REASON_COLUMNS;
    let most = if has_reason { rest * 2 / 3 } else { rest };
    let name = longest_name
        .next_multiple_of(NAME_STEP)
        .clamp(most.min(14), most);
    let width_of = |field: Field| match field {
        Field::Name => Some(name),
        Field::Why => has_reason.then(|| rest - name),
        Field::Ready
        | Field::Status
        | Field::Restarts
        | Field::Age
        | Field::Image
        | Field::Node => fixed
            .iter()
            .find(|(known, _)| *known == field)
            .map(|(_, columns)| *columns),
    };
    let order = [
        Field::Name,
        Field::Ready,
        Field::Status,
        Field::Why,
        Field::Restarts,
        Field::Age,
        Field::Image,
        Field::Node,
    ];
    order
        .into_iter()
        .filter_map(|field| width_of(field).map(|columns| (field, columns)))
        .collect()
}

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let role = paint::pane_role(model, Pane::Pods);
    let title = paint::fitting(area.width, title::titles(model, theme));
    let inside = paint::frame(buffer, area, title, role, theme);
    if inside.is_empty() {
        return;
    }
    let layout = layout::of(model);
    let columns = columns(inside.width, longest_name(model, &layout));
    let visible = |part: Rect| part.intersection(area);
    serving::draw(model, theme, visible(layout.notice()), buffer);
    heads(&columns, theme, visible(layout.pods_heads()), buffer);
    let body = visible(layout.pods_body());
    let (list, table) = (&model.screen.pods, &model.cluster.pods.table);
    limits(model, theme, area, buffer);
    if table.is_empty() {
        empty::draw(model, theme, body, buffer);
        return;
    }
    let top = list.top_line(table, usize::from(body.height));
    for line in 0..usize::from(body.height) {
        let Some((pod, is_gone)) = table.row_at(top + line) else {
            break;
        };
        let cursor = model.screen.shown_cursor(Pane::Pods);
        let is_selected = cursor.is_some_and(|cursor| cursor.uid == pod.uid);
        Row {
            model,
            theme,
            pod,
            is_gone,
            is_selected,
        }
        .draw(&columns, paint::row(body, line), buffer);
    }
}

/// Columns of the longest name on the screen.
fn longest_name(model: &Model, layout: &layout::Layout) -> u16 {
    let (list, table) = (&model.screen.pods, &model.cluster.pods.table);
    let height = usize::from(layout.pods_body().height);
    let top = list.top_line(table, height);
    let pods = (top..top + height).map_while(|line| table.row_at(line));
    let longest = pods.map(|(pod, _)| name(model, pod).width()).max();
    u16::try_from(longest.unwrap_or(0)).unwrap_or(u16::MAX / 2)
}

/// With its namespace where pods of several are listed.
fn name<'a>(model: &Model, pod: &'a PodRow) -> SafeText<'a> {
    match model.cluster.scope {
        Scope::All => SafeText::from(format!("{}/{}", pod.namespace.shown(), pod.name.shown())),
        Scope::Namespace(_) => pod.name.shown(),
    }
}

/// What is not seen, in the lower edge.
fn limits(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let limits = model.cluster.limits();
    if let Some(first) = limits.first() {
        let more = if limits.len() > 1 {
            format!(" (and {} more: `watchfloor doctor`)", limits.len() - 1)
        } else {
            String::new()
        };
        paint::foot(
            buffer,
            area,
            &SafeText::from(format!(" {}{more} ", first.shown())),
            theme.style(Role::Warn),
        );
    }
}

fn heads(columns: &[(Field, u16)], theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let mut x = area.x + 2;
    for (field, width) in columns {
        let width = (*width).min(area.right().saturating_sub(x));
        paint::text(
            buffer,
            Rect { x, width, ..area },
            &SafeText::from(field.head()),
            theme.style(Role::Dim),
        );
        x = x.saturating_add(width + 1).min(area.right());
    }
}

struct Row<'a> {
    model: &'a Model,
    theme: &'a Theme,
    pod: &'a PodRow,
    is_gone: bool,
    is_selected: bool,
}

impl Row<'_> {
    fn draw(&self, columns: &[(Field, u16)], area: Rect, buffer: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let diagnosis = sick::diagnose(
            self.pod,
            &self.model.cluster.circumstances(),
            Seconds::from(self.model.server_now()),
        );
        let role = self.role(&diagnosis);
        let (sign, style) = (self.sign(&diagnosis), self.theme.style(role));
        paint::text(
            buffer,
            Rect {
                width: area.width.min(1),
                ..area
            },
            &SafeText::from(sign),
            style,
        );
        if self.is_selected && area.width > 1 {
            let cursor = SafeText::from(self.theme.glyph(Glyph::Cursor));
            let beside = Rect {
                x: area.x + 1,
                width: 1,
                ..area
            };
            paint::text(buffer, beside, &cursor, self.theme.style(Role::Text));
        }
        let mut x = area.x + 2;
        for (field, width) in columns {
            let width = (*width).min(area.right().saturating_sub(x));
            let (text, role) = self.field(*field, &diagnosis, role);
            paint::text(
                buffer,
                Rect { x, width, ..area },
                &text,
                self.theme.style(role),
            );
            x = x.saturating_add(width + 1).min(area.right());
        }
        if self.is_selected {
            buffer.set_style(area, self.theme.style(Role::Selected));
        }
        if self.is_gone {
            buffer.set_style(area, self.theme.style(Role::Gone));
        }
    }

    fn role(&self, diagnosis: &Diagnosis<'_>) -> Role {
        match diagnosis.sickness {
            Some(
                sick::Sickness::Restarted
                | sick::Sickness::Slow
                | sick::Sickness::NotReady
                | sick::Sickness::LeftOver,
            ) => Role::Warn,
            Some(_) => Role::Bad,
            None if self.pod.phase.is_over() => Role::Dim,
            None => Role::Text,
        }
    }

    fn sign(&self, diagnosis: &Diagnosis<'_>) -> &'static str {
        let is_ready = self.pod.ready.as_ref().is_some_and(|ready| ready.is_true);
        self.theme
            .glyph(match (diagnosis.sickness, self.pod.phase) {
                (Some(_), _) => Glyph::Sick,
                (None, Phase::Succeeded) => Glyph::Finished,
                (None, Phase::Failed) => Glyph::Past,
                (None, _) if is_ready && self.pod.deleted.is_none() => Glyph::Well,
                (None, _) => Glyph::Moving,
            })
    }

    fn field<'a>(
        &'a self,
        field: Field,
        diagnosis: &Diagnosis<'a>,
        role: Role,
    ) -> (SafeText<'a>, Role) {
        let now = self.model.server_now();
        match field {
            Field::Name => (name(self.model, self.pod), role),
            Field::Ready => {
                let (ready, all) = sick::readiness(self.pod);
                (SafeText::from(format!("{ready}/{all}")), role)
            }
            Field::Status if self.is_gone => (SafeText::from("gone"), role),
            Field::Status => (words::status(&diagnosis.status), role),
            Field::Why => (why::why(self.model, self.pod, diagnosis), role),
            Field::Restarts => (self.restarts(), Role::Text),
            Field::Age => (
                SafeText::from(
                    self.pod
                        .created
                        .map_or(String::new(), |created| words::age(created, now)),
                ),
                Role::Text,
            ),
            Field::Image => (self.image(), Role::Dim),
            Field::Node => (
                self.pod
                    .node
                    .as_ref()
                    .map_or(SafeText::from(""), Outside::shown),
                Role::Dim,
            ),
        }
    }

    fn restarts(&self) -> SafeText<'static> {
        let sign = self.theme.glyph(Glyph::Restarts);
        match sick::restarts(self.pod) {
            (0, _) => SafeText::from(format!("{sign}0")),
            (count, Some(last)) => SafeText::from(format!(
                "{sign}{count} {}",
                words::age(last, self.model.server_now())
            )),
            (count, None) => SafeText::from(format!("{sign}{count}")),
        }
    }

    /// The image without its registry: `checkout:1.9.2`.
    fn image(&self) -> SafeText<'static> {
        let image = self
            .pod
            .containers
            .iter()
            .find(|container| container.role == model::pods::ContainerRole::Main)
            .map(|container| container.image.shown());
        let Some(image) = image else {
            return SafeText::from("");
        };
        let short = image
            .as_str()
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        SafeText::from(short)
    }
}
