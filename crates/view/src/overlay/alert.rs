//! One alert whole, over the panes: what it says, what to do about it, who holds it back and until when, all its labels.

use chrono::{DateTime, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::OverlayView;
use super::page::{self, Lines, PageText};
use crate::hint::Hint;
use crate::theme::{Role, Theme};
use crate::words;
use model::alert::{AlertRow, Pair, Silence};
use model::meta::Uid;
use model::screen::AlertPage;
use model::{Model, link};
use text::{Outside, SafeText};

impl OverlayView for AlertPage {
    fn draw(&self, model: &Model, theme: &Theme, whole: Rect, buffer: &mut Buffer) {
        let title = vec![(SafeText::from(" Alert "), theme.style(Role::Title))];
        let lines = |width| lines(model, &self.uid, width);
        page::draw(title, self.top, lines, theme, whole, buffer);
    }

    fn hints(&self) -> &'static [Hint] {
        page::HINTS
    }

    fn rows(&self, model: &Model, width: usize) -> usize {
        lines(model, &self.uid, width).len()
    }
}

fn lines(model: &Model, uid: &Uid, width: usize) -> Lines {
    match model.alerts.watched.table.get(uid) {
        Some(alert) => found(model, alert, width),
        None => gone(width),
    }
}

fn gone(width: usize) -> Lines {
    let mut page = PageText::new(width);
    let words = SafeText::from("Alertmanager no longer has it; the timeline says when it ended");
    page.field("", Role::Warn, &words);
    page.lines
}

fn found(model: &Model, alert: &AlertRow, width: usize) -> Lines {
    let mut page = PageText::new(width);
    if let Some(problem) = model.alerts.watched.health.problem() {
        let words = format!("as last answered; now: {}", problem.what.shown());
        page.field("STALE", Role::Bad, &SafeText::from(words));
    }
    page.head("What");
    page.field("alert", Role::Title, &alert.name.shown());
    if !alert.severity.is_empty() {
        page.field("severity", Role::Text, &alert.severity.shown());
    }
    page.field("state", Role::Text, &SafeText::from(alert.state.word()));
    if let Some(start) = alert.starts_at {
        let age = words::age(start.into(), model.alerts_now());
        let words = format!("{}, {age} ago", moment(model, start));
        page.field("since", Role::Text, &SafeText::from(words));
    }
    let about = link::about::about(&alert.labels).map(|about| Outside::from(about.words()));
    match &about {
        Some(about) => page.field("about", Role::Text, &about.shown()),
        None => page.field(
            "about",
            Role::Dim,
            &SafeText::from("its labels name no object"),
        ),
    }
    for name in ["summary", "message", "description"] {
        if let Some(text) = alert.annotation(name) {
            block(&mut page, name, text);
        }
    }
    match alert.runbook() {
        Some(url) => page.field("runbook", Role::Key, &url.shown()),
        None => page.field("runbook", Role::Dim, &SafeText::from("it names none")),
    }
    held_back(model, alert, &mut page);
    pairs(&mut page, "Labels", alert.labels.iter());
    pairs(&mut page, "Annotations", alert.other_annotations());
    if alert.left_out > 0 {
        let words = format!(
            "{} more labels and annotations were not kept",
            alert.left_out
        );
        page.field("", Role::Warn, &SafeText::from(words));
    }
    route(model, alert, &mut page);
    page.lines
}

fn held_back(model: &Model, alert: &AlertRow, page: &mut PageText) {
    if alert.silenced_by.is_empty() && alert.inhibited_by.is_empty() {
        return;
    }
    page.head("Held back");
    for silence in model.alerts.silencing(alert) {
        silenced(model, silence, page);
    }
    let known = model.alerts.silencing(alert).count();
    let unknown = alert.silenced_by.len() - known.min(alert.silenced_by.len());
    if unknown > 0 {
        let words = format!(
            "{} that could not be read",
            words::counted(unknown, "silence")
        );
        page.field("silenced", Role::Warn, &SafeText::from(words));
    }
    for by in model.alerts.inhibiting(alert) {
        let severity = by.severity.shown();
        let words = format!("by {severity} {}, which fires too", by.name.shown());
        page.field("inhibited", Role::Text, &SafeText::from(words));
    }
    if model.alerts.inhibiting(alert).count() == 0 {
        for id in &alert.inhibited_by {
            let words = format!("by the alert with fingerprint {}", id.shown());
            page.field("inhibited", Role::Text, &SafeText::from(words));
        }
    }
}

fn silenced(model: &Model, silence: &Silence, page: &mut PageText) {
    let until = silence.ends_at.map_or("?".to_owned(), |end| {
        let left_s = (end - model.alerts_now()).num_seconds().max(0);
        let left = words::duration(left_s.unsigned_abs());
        format!("{}, {left} more", moment(model, end))
    });
    let words = format!("by {} until {until}", silence.author.shown());
    page.field("silenced", Role::Text, &SafeText::from(words));
    block(page, "", &silence.comment);
    page.field("", Role::Dim, &silence.matchers.shown());
}

fn route(model: &Model, alert: &AlertRow, page: &mut PageText) {
    page.head("Where");
    for receiver in &alert.receivers {
        page.field("receiver", Role::Text, &receiver.shown());
    }
    if let Some(url) = &alert.generator_url {
        page.field("query", Role::Text, &url.shown());
    }
    let uid = Outside::from(&*alert.uid);
    page.field("fingerprint", Role::Dim, &uid.shown());
    if let Some(end) = alert.ends_at {
        let words = format!("unless sent again before {}", moment(model, end));
        page.field("ends", Role::Dim, &SafeText::from(words));
    }
    if let Some(place) = &model.alerts.place {
        let version = model.alerts.about.as_ref();
        let version = version.map_or(String::new(), |about| {
            format!(", version {}", about.version.shown())
        });
        let words = format!("Alertmanager at {}{version}", place.shown());
        page.field("from", Role::Dim, &SafeText::from(words));
    }
}

fn pairs<'a>(page: &mut PageText, head: &'static str, pairs: impl Iterator<Item = &'a Pair>) {
    let mut has_head = false;
    for (name, value) in pairs {
        if !std::mem::replace(&mut has_head, true) {
            page.head(head);
        }
        let words = format!("{} = {}", name.shown(), value.shown());
        page.field("", Role::Text, &SafeText::from(words));
    }
}

/// A text of several lines, its name before the first.
fn block(page: &mut PageText, name: &str, text: &Outside) {
    for (at, line) in text.lines().enumerate() {
        page.field(if at == 0 { name } else { "" }, Role::Text, &line);
    }
}

/// In the time of the header and the timeline.
fn moment(model: &Model, at: DateTime<Utc>) -> String {
    let at = model.of_alerts(at);
    let (at, mark) = (model.settings.shown(at), model.settings.zone_mark());
    format!("{}{mark}", at.format("%Y-%m-%d %H:%M:%S"))
}
