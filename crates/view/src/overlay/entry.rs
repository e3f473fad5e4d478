//! One entry of the timeline whole, over the panes: everything that is stored of it, and where it stands in the chain.

use chrono::{DateTime, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::OverlayView;
use super::page::{self, Lines, PageText};
use crate::hint::Hint;
use crate::theme::{Role, Theme};
use crate::words;
use model::Model;
use model::clocks::SKEW_SAID_S;
use model::entry::{BACKFILLED, Command, Draft, Entry, EntryTarget};
use model::screen::EntryPage;
use text::{Outside, SafeText};

impl OverlayView for EntryPage {
    fn draw(&self, model: &Model, theme: &Theme, whole: Rect, buffer: &mut Buffer) {
        let Some(draft) = model.timeline.draft(self.id) else {
            return;
        };
        let words = format!(" {} ", draft.kind.title());
        let title = vec![(SafeText::from(words), theme.style(Role::Title))];
        let lines = |width| lines(model, draft, width);
        page::draw(title, self.top, lines, theme, whole, buffer);
    }

    fn hints(&self) -> &'static [Hint] {
        page::HINTS
    }

    fn rows(&self, model: &Model, width: usize) -> usize {
        let draft = model.timeline.draft(self.id);
        draft.map_or(0, |draft| lines(model, draft, width).len())
    }
}

fn lines(model: &Model, draft: &Draft, width: usize) -> Lines {
    let mut page = PageText::new(width);
    page.head("What");
    page.field("title", Role::Text, &draft.title.shown());
    times(model, draft, &mut page);
    if let Some(severity) = &draft.severity {
        let name = Outside::new(severity.name.clone());
        page.field("severity", Role::Text, &name.shown());
    }
    if let Some(phase) = draft.phase {
        page.field("phase", Role::Text, &SafeText::from(phase.word()));
    }
    for tag in &draft.tags {
        if tag.shown().as_str() == BACKFILLED {
            let words = "found later: it happened before this console looked";
            page.field("source", Role::Text, &SafeText::from(words));
        } else {
            page.field("tag", Role::Text, &tag.shown());
        }
    }
    if let Some(body) = &draft.body {
        page.head("Text");
        for line in body.lines() {
            page.field("", Role::Text, &line);
        }
    }
    if let Some(target) = &draft.target {
        about(target, &mut page);
    }
    change(draft, &mut page);
    if let Some(command) = &draft.command {
        run(command, &mut page);
    }
    who(draft, &mut page);
    record(model.timeline.entry(draft.id), draft, &mut page);
    page.lines
}

fn times(model: &Model, draft: &Draft, page: &mut PageText) {
    let shown = |at: DateTime<Utc>| {
        let (at, mark) = (model.settings.shown(at), model.settings.zone_mark());
        SafeText::from(format!("{}{mark}", at.format("%Y-%m-%d %H:%M:%S")))
    };
    page.field("happened", Role::Text, &shown(draft.occurred_at));
    if let Some(ended) = draft.ended_at {
        page.field("ended", Role::Text, &shown(ended));
    }
    let offset_s = draft.clock_offset_ms.unwrap_or(0) / 1_000;
    if offset_s.abs() > SKEW_SAID_S {
        let way = if offset_s > 0 { "ahead" } else { "behind" };
        let seconds = words::duration(offset_s.unsigned_abs());
        let words = format!("the cluster's was {seconds} {way}");
        page.field("clock", Role::Warn, &SafeText::from(words));
    }
    match model.timeline.entry(draft.id) {
        Some(entry) => page.field("recorded", Role::Text, &shown(entry.recorded_at)),
        None => page.field("recorded", Role::Bad, &SafeText::from("NOT SAVED YET")),
    }
}

fn about(target: &EntryTarget, page: &mut PageText) {
    page.head("About");
    let fields = [
        ("context", &target.context),
        ("namespace", &target.namespace),
        ("kind", &target.kind),
        ("name", &target.name),
        ("about", &target.about),
        ("container", &target.container),
        ("image", &target.image),
        ("uid", &target.uid),
    ];
    some(page, &fields);
}

fn change(draft: &Draft, page: &mut PageText) {
    let Some(change) = &draft.change else {
        return;
    };
    page.head("Change");
    some(
        page,
        &[("before", &change.before), ("after", &change.after)],
    );
    if let Some(to) = change.revision_to {
        let from = change
            .revision_from
            .map_or(String::new(), |from| format!("{from} -> "));
        let words = SafeText::from(format!("{from}{to}"));
        page.field("revision", Role::Text, &words);
    }
    for line in change.diff.iter().flat_map(Outside::lines) {
        page.field("diff", Role::Text, &line);
    }
}

fn run(command: &Command, page: &mut PageText) {
    page.head("Command");
    let fields = [
        ("typed", &command.typed),
        ("request", &command.verb),
        ("dry run", &command.dry_run),
    ];
    some(page, &fields);
    if let Some(exit) = command.exit {
        page.field("exit", Role::Text, &SafeText::from(exit.to_string()));
    }
    if let Some(took) = command.duration_ms {
        page.field("took", Role::Text, &SafeText::from(format!("{took} ms")));
    }
}

fn who(draft: &Draft, page: &mut PageText) {
    page.head("Who");
    let actor = &draft.actor;
    page.field("by", Role::Text, &SafeText::from(actor.kind.word()));
    let fields = [
        ("user", &actor.user),
        ("host", &actor.host),
        ("ssh client", &actor.ssh_client),
        ("sudo user", &actor.sudo_user),
        ("kube user", &actor.kube_user),
    ];
    some(page, &fields);
}

fn record(entry: Option<&Entry>, draft: &Draft, page: &mut PageText) {
    page.head("Record");
    page.field("id", Role::Text, &SafeText::from(draft.id.to_string()));
    if let Some(to) = draft.refers_to {
        page.field("refers to", Role::Text, &SafeText::from(to.to_string()));
    }
    for redaction in &draft.redactions {
        let words = format!("{} by rule {}", redaction.count, redaction.rule);
        let words = Outside::from(words);
        page.field("taken out", Role::Warn, &words.shown());
    }
    if let Some(entry) = entry {
        let place = Outside::from(format!("{} of {}", entry.seq, entry.writer));
        page.field("number", Role::Text, &place.shown());
        let hash = Outside::new(entry.hash.clone());
        page.field("hash", Role::Dim, &hash.shown());
    }
}

fn some(page: &mut PageText, fields: &[(&str, &Option<Outside>)]) {
    for (label, text) in fields {
        if let Some(text) = text {
            page.field(label, Role::Text, &text.shown());
        }
    }
}
