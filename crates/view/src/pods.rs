//! The pods pane: sick first with the true reason, readiness, restarts, age, image and node.

mod columns;
mod empty;
mod reason;
mod title;
mod usage;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{layout, names, paint, serving, words};
use crate::theme::{Glyph, Role, Theme};
use columns::Field;
pub(super) use columns::shows_usage;
pub(super) use columns::wanted;
use model::Model;
use model::pods::{Phase, PodRow};
use model::screen::Pane;
use model::sick::{self, Diagnosis};
use model::time::Seconds;
use text::{Outside, SafeText};

type Pieces = Vec<(SafeText<'static>, Style)>;

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let role = paint::pane_role(model, Pane::Pods);
    let title = title::title(model, area.width, theme);
    let inside = paint::frame(buffer, area, title, role, theme);
    if inside.is_empty() {
        return;
    }
    let layout = layout::of(model);
    let columns = columns::columns(model, inside.width);
    let visible = |part: Rect| part.intersection(area);
    serving::draw(model, theme, visible(layout.notice()), buffer);
    heads(&columns, theme, visible(layout.pods_heads()), buffer);
    let body = visible(layout.pods_body());
    let (list, table) = (&model.screen.pods, &model.cluster.pods.table);
    let height = usize::from(body.height);
    let top = list.top_line(table, height);
    let unseen = paint::beyond(table, top, height, |_| true);
    let area = paint::unseen(buffer, area, unseen, "sick", theme);
    limits(model, theme, area, buffer);
    if table.is_empty() {
        empty::draw(model, theme, body, buffer);
        return;
    }
    let shown = (top..top + height).map_while(|line| table.row_at(line));
    let pods: Vec<(&PodRow, bool)> = shown.collect();
    let [namespaces, names] = names(&pods, &columns);
    for (line, (pod, is_gone)) in pods.into_iter().enumerate() {
        let cursor = model.screen.shown_cursor(Pane::Pods);
        let is_selected = cursor.is_some_and(|cursor| cursor.uid == pod.uid);
        Row {
            model,
            theme,
            pod,
            namespace: &namespaces[line],
            name: &names[line],
            is_gone,
            is_selected,
        }
        .draw(&columns, paint::row(body, line), buffer);
    }
}

/// Namespaces and names as they are drawn: no two pods look the same.
fn names(pods: &[(&PodRow, bool)], columns: &[(Field, u16)]) -> [Vec<SafeText<'static>>; 2] {
    let drawn = |field: Field, text: fn(&PodRow) -> &Outside| {
        let columns = columns.iter().find(|(known, _)| *known == field);
        let columns = columns.map_or(0, |(_, columns)| usize::from(*columns));
        let texts = pods.iter().map(|(pod, _)| (text(pod).shown(), columns));
        names::distinct(&texts.collect::<Vec<_>>())
    };
    [
        drawn(Field::Namespace, |pod| &pod.namespace),
        drawn(Field::Name, |pod| &pod.name),
    ]
}

/// What is not seen, in the lower edge.
fn limits(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let limits = model.cluster.limits();
    let unmeasured = model.cluster.measured.problem();
    let unmeasured = unmeasured
        .filter(|_| limits.is_empty() && shows_usage(model, area.width.saturating_sub(2)));
    if let Some(problem) = unmeasured {
        let words = format!(" what pods use is not known: {} ", problem.what.shown());
        paint::foot(
            buffer,
            area,
            &SafeText::from(words),
            theme.style(Role::Warn),
        );
    }
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
            &SafeText::from(field.head(width)),
            theme.style(Role::Dim),
        );
        x = x.saturating_add(width + 1).min(area.right());
    }
}

struct Row<'a> {
    model: &'a Model,
    theme: &'a Theme,
    pod: &'a PodRow,
    namespace: &'a SafeText<'static>,
    name: &'a SafeText<'static>,
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
            let (text, role) = self.field((*field, usize::from(width)), &diagnosis, role);
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
                (None, _) if self.is_past() => Glyph::Past,
                (None, _) if is_ready && self.pod.deleted.is_none() => Glyph::Well,
                (None, _) => Glyph::Moving,
            })
    }

    /// It has left a trouble behind.
    fn is_past(&self) -> bool {
        sick::past(self.pod, Seconds::from(self.model.server_now())).is_some()
    }

    fn field<'a>(
        &'a self,
        (field, width): (Field, usize),
        diagnosis: &Diagnosis<'a>,
        role: Role,
    ) -> (SafeText<'a>, Role) {
        let now = self.model.server_now();
        match field {
            Field::Namespace => (self.namespace.clone(), role),
            Field::Name => (self.name.clone(), role),
            Field::Ready => {
                let (ready, all) = sick::readiness(self.pod);
                (SafeText::from(format!("{ready}/{all}")), role)
            }
            Field::Status if self.is_gone => (SafeText::from("gone"), role),
            Field::Status => (words::status(&diagnosis.status), role),
            Field::Why => (reason::why(self.model, self.pod, diagnosis, width), role),
            Field::Restarts => (self.restarts(), Role::Text),
            Field::Age => (
                SafeText::from(
                    self.pod
                        .created
                        .map_or(String::new(), |created| words::age(created, now)),
                ),
                Role::Text,
            ),
            Field::Memory => (usage::memory(self.model, self.pod), Role::Text),
            Field::Cpu => (usage::cpu(self.model, self.pod), Role::Text),
            Field::Image => (names::shortened(&self.image(), width), Role::Dim),
            Field::Node => {
                let node = self.pod.node.as_ref();
                let node = node.map_or(SafeText::from(""), Outside::shown);
                (names::shortened(&node, width), Role::Dim)
            }
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
