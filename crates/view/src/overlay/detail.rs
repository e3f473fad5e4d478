//! One object whole, over the panes: state, containers, last terminations, conditions, events, labels.

mod pod;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::OverlayView;
use super::page::{self, Lines, PageText};
use crate::hint::Hint::{self, Key, Menu};
use crate::theme::{Role, Theme};
use crate::words;
use keys::action::Action;
use model::Model;
use model::detail::{Detail, DetailRow};
use model::events::EventRow;
use model::pods::Condition;
use model::screen::DetailPage;
use model::time::Seconds;
use model::watched::{DetailSeen, Watched};
use model::workload::WorkloadRow;
use text::{Outside, SafeText};

/// So many of the latest events are shown.
const MAX_EVENTS: usize = 100;

/// The most needed first.
const HINTS: &[Hint] = &[
    Key(Action::Back, "close"),
    Menu(Action::Restart),
    Key(Action::Yaml, "YAML"),
    Key(Action::Logs, "logs"),
    Key(Action::Copy, "copy name"),
    Key(Action::Note, "note"),
];

impl OverlayView for DetailPage {
    fn draw(&self, model: &Model, theme: &Theme, whole: Rect, buffer: &mut Buffer) {
        let Some(seen) = &model.cluster.detail else {
            return;
        };
        let title = title(model, seen, theme);
        let lines = |width| lines(model, seen, width);
        page::draw(title, self.top, lines, theme, whole, buffer);
    }

    fn hints(&self) -> &'static [Hint] {
        HINTS
    }

    fn rows(&self, model: &Model, width: usize) -> usize {
        let seen = model.cluster.detail.as_ref();
        seen.map_or(0, |seen| lines(model, seen, width).len())
    }
}

fn title(model: &Model, seen: &DetailSeen, theme: &Theme) -> Vec<(SafeText<'static>, Style)> {
    let object = &seen.object;
    let namespace = object
        .namespace
        .as_ref()
        .map_or(String::new(), |namespace| format!("{}/", namespace.shown()));
    let (state, role) = if seen.is_gone {
        ("gone from the cluster".to_owned(), Role::Bad)
    } else {
        (words::freshness(&seen.health, model.now), Role::Dim)
    };
    vec![
        (
            SafeText::from(format!(
                " {:?} {namespace}{} ",
                object.kind,
                object.name.shown()
            )),
            theme.style(Role::Title),
        ),
        (SafeText::from(format!("{state} ")), theme.style(role)),
    ]
}

fn lines(model: &Model, seen: &DetailSeen, width: usize) -> Lines {
    let mut page = PageText::new(width);
    match &seen.detail {
        None => page.field("", Role::Dim, &SafeText::from("reading it")),
        Some(detail) => match &detail.row {
            DetailRow::Pod(pod) => pod::lines(model, pod, &mut page),
            DetailRow::Workload(row) => workload_lines(row, &mut page),
        },
    }
    events(model, &seen.events, &mut page);
    if let Some(detail) = &seen.detail {
        conditions(model, detail, &mut page);
        finalizers(detail, &mut page);
        pairs("Labels", &detail.labels, &mut page);
        pairs("Annotations", &detail.annotations, &mut page);
    }
    page.lines
}

fn workload_lines(row: &WorkloadRow, page: &mut PageText) {
    page.head(row.kind().word());
    let revision = row.deployment().and_then(|fields| fields.revision);
    let revision = revision.map_or("?".to_owned(), |revision| revision.to_string());
    page.field("revision", Role::Text, &SafeText::from(revision));
    let counts = format!(
        "{} wanted, {} updated, {} ready, {} available",
        row.wanted, row.updated, row.ready, row.available
    );
    page.field("replicas", Role::Text, &SafeText::from(counts));
    for image in &row.images {
        page.field("image", Role::Text, &image.shown());
    }
    if row.is_paused() {
        page.field(
            "paused",
            Role::Warn,
            &SafeText::from("changes of the template wait until it is resumed"),
        );
    }
}

fn conditions(model: &Model, detail: &Detail, page: &mut PageText) {
    page.head("Conditions");
    for (name, condition) in &detail.conditions {
        page.field("", Role::Text, &condition_line(model, name, condition));
    }
}

fn finalizers(detail: &Detail, page: &mut PageText) {
    if detail.finalizers.is_empty() {
        return;
    }
    page.head("Finalizers, each of which keeps the object until it is taken away");
    for finalizer in &detail.finalizers {
        page.field("", Role::Text, &finalizer.shown());
    }
}

fn condition_line(model: &Model, name: &Outside, condition: &Condition) -> SafeText<'static> {
    let reason = condition
        .reason
        .as_ref()
        .map_or(String::new(), |reason| format!(", {}", reason.shown()));
    let message = condition
        .message
        .as_ref()
        .map_or(String::new(), |message| format!(": {}", message.shown()));
    let is = if condition.is_true { "true" } else { "false" };
    SafeText::from(format!(
        "{} {is} for {}{reason}{message}",
        name.shown(),
        age(model, condition.since)
    ))
}

fn events(model: &Model, events: &Watched<EventRow>, page: &mut PageText) {
    page.head("Events, latest first");
    if events.table.is_empty() {
        let words = if events.is_complete {
            "none: the cluster keeps them for an hour or so"
        } else {
            "reading them"
        };
        page.field("", Role::Dim, &SafeText::from(words));
    }
    for (event, _) in (0..MAX_EVENTS).map_while(|line| events.table.row_at(line)) {
        let role = if event.is_warning {
            Role::Warn
        } else {
            Role::Text
        };
        let count = if event.count > 1 {
            format!(" x{}", event.count)
        } else {
            String::new()
        };
        let text = SafeText::from(format!(
            "{}{count}: {}",
            event.reason.shown(),
            event.message.shown()
        ));
        page.field(age(model, event.last).as_str(), role, &text);
    }
}

fn pairs(head: &'static str, pairs: &[(Outside, Outside)], page: &mut PageText) {
    if pairs.is_empty() {
        return;
    }
    page.head(head);
    for (key, value) in pairs {
        let pair = SafeText::from(format!("{}={}", key.shown(), value.shown()));
        page.field("", Role::Dim, &pair);
    }
}

fn age(model: &Model, moment: Option<Seconds>) -> SafeText<'static> {
    let age = |moment| words::age(moment, model.server_now());
    SafeText::from(moment.map_or("?".to_owned(), age))
}
