//! The card of a write: what would be done to what, what speaks against it, and the keys of an answer. Late answers change
//! words, never places.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

mod change;
mod line;
mod question;
mod rollback;

use super::OverlayView;
use crate::theme::{Role, Theme};
use crate::{layout, paint};
use keys::action::Action;
use keys::keymap::Place;
use line::{Line, WORD};
use model::Model;
use model::write::dialog::{Dialog, Field, Proposal, Step, choosing};
use model::write::preflight::{Check, Weight};
use model::write::{Change, consequence};
use text::{Outside, SafeText};

impl OverlayView for Dialog {
    fn draw(&self, model: &Model, theme: &Theme, whole: Rect, buffer: &mut Buffer) {
        let mut lines = lines(model, self, theme);
        let room = usize::from(whole.height.saturating_sub(2));
        while lines.len() > room {
            let keep = lines.iter().map(|(keep, _)| *keep).max().unwrap_or(0);
            if keep == 0 {
                break;
            }
            let at = lines.iter().rposition(|(kept, _)| *kept == keep);
            lines.remove(at.unwrap_or(0));
        }
        let rows = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
        let area = layout::centred(whole, layout::DIALOG_COLUMNS, rows);
        let title = SafeText::from(format!(" {} ", asks(&self.proposal)));
        let title = vec![(title, theme.style(Role::Title))];
        let inside = paint::card(buffer, area, title, Role::Danger, theme);
        for (at, (_, line)) in lines.iter().enumerate() {
            paint::pieces(buffer, paint::row(inside, at), line);
        }
    }
}

fn asks(proposal: &Proposal) -> &'static str {
    match proposal {
        Proposal::Scale { .. } => "Scale",
        Proposal::Undo { .. } => "Undo: scale back",
        Proposal::Restart { .. } => "Rollout restart",
        Proposal::Rollback(plan) if plan.is_undo => "Undo: roll forward again",
        Proposal::Rollback(_) => "Roll back",
        Proposal::Replace { .. } => "Delete pod",
    }
}

fn lines(model: &Model, dialog: &Dialog, theme: &Theme) -> Vec<Line> {
    let (now, target) = (model.now, &dialog.target);
    let row = model.cluster.workload(&target.uid);
    let change = dialog.change(now);
    let line = |keep, word: &str, text: SafeText<'static>, role| -> Line {
        // A word as long as its column still stands apart.
        let word = SafeText::from(format!(" {:<WORD$}", format!("{word} ")));
        (
            keep,
            vec![(word, theme.style(Role::Dim)), (text, theme.style(role))],
        )
    };
    let mut lines = Vec::new();
    if let Some(banner) = &dialog.banner {
        let room = usize::from(layout::DIALOG_COLUMNS) - 3;
        let wrapped = paint::wrapped(&banner.shown(), room).into_iter().take(2);
        lines.extend(wrapped.map(|text| {
            let text = SafeText::from(format!(" {text}"));
            (1, vec![(text, theme.style(Role::Bad))])
        }));
    }
    if let Some(at) = model.writes.healed_by_undone(&dialog.proposal) {
        let words = format!(
            " this write healed {} (verdict {}): without it that may come back",
            target.name.shown(),
            model.settings.shown(at).format("%H:%M:%S")
        );
        lines.push((1, vec![(SafeText::from(words), theme.style(Role::Bad))]));
    }
    let kind = target.kind.kubectl();
    lines.push(line(0, kind, owned(&target.name), Role::Title));
    lines.push(line(0, "namespace", owned(&target.namespace), Role::Title));
    lines.push(line(2, "context", context(model, dialog), Role::Text));
    match &dialog.proposal {
        Proposal::Rollback(plan) if dialog.field == Field::Revision => {
            lines.extend(rollback::options(plan, theme));
        }
        Proposal::Scale { .. }
        | Proposal::Undo { .. }
        | Proposal::Restart { .. }
        | Proposal::Rollback(_)
        | Proposal::Replace { .. } => lines.push((0, change::pieces(model, dialog, theme))),
    }
    let mut effects = match (&change, row) {
        (Some(change), Some(row)) => consequence::of(change, row, &model.cluster),
        (_, None) => vec![(Weight::Bad, "it is gone from the cluster".to_owned())],
        (None, _) if dialog.proposal.is_no_change() => Vec::new(),
        (None, _) => {
            let words = dialog.proposal.check().err().unwrap_or_default();
            vec![(Weight::Open, words)]
        }
    };
    if let Some(Change::Rollback(rollback)) = &change {
        effects.extend(consequence::of_rollback(rollback));
    }
    for (at, (weight, words)) in effects.into_iter().enumerate() {
        let word = if at == 0 { "effect" } else { "" };
        lines.push(line(0, word, words.into(), role(weight)));
    }
    if let Some(Change::Rollback(rollback)) = &change
        && dialog.field != Field::Revision
    {
        lines.extend(rollback::differing(rollback, theme));
    }
    if let Some((weight, words)) =
        row.map(|row| consequence::rollout(row, &model.rollout_list.status(row)))
    {
        lines.push(line(5, "rollout", words.into(), role(weight)));
    }
    let checked = dialog.checked_change(now);
    for check in Check::ALL {
        let (weight, words) = checked
            .as_ref()
            .map_or((Weight::Open, "".into()), |change| {
                dialog.checks.line(check, change, now)
            });
        lines.push(line(6, check.word(), owned(&words), role(weight)));
    }
    if let Some(change) = &change {
        let kubectl = change.kubectl(target);
        for (at, text) in paint::wrapped(
            &kubectl.shown(),
            usize::from(layout::DIALOG_COLUMNS) - WORD - 4,
        )
        .into_iter()
        .take(2)
        .enumerate()
        {
            let word = if at == 0 { "kubectl" } else { "" };
            lines.push(line(7, word, text, Role::Dim));
        }
    }
    lines.push((8, Vec::new()));
    if let Some(typed) = &dialog.name_typed {
        if dialog.is_unanswered {
            let words = " This terminal does not say what it has shown: the name is typed instead.";
            lines.push((1, vec![(SafeText::from(words), theme.style(Role::Warn))]));
        }
        lines.push((0, name_line(dialog, typed, theme)));
    }
    lines.push((0, question::pieces(dialog, theme)));
    lines.push((0, keys(model, dialog, theme)));
    lines
}

fn context(model: &Model, dialog: &Dialog) -> SafeText<'static> {
    let server = model.cluster.connection.as_ref();
    let server = server.map_or(String::new(), |connection| {
        format!(" ({})", connection.server.shown())
    });
    let mixed = if dialog.target.name.mixes_scripts() || dialog.target.namespace.mixes_scripts() {
        "  ! letters of more than one script in a name"
    } else {
        ""
    };
    SafeText::from(format!("{}{server}{mixed}", dialog.target.context.shown()))
}

fn name_line(dialog: &Dialog, typed: &str, theme: &Theme) -> Vec<(SafeText<'static>, Style)> {
    let caret = if dialog.field == Field::Name { "_" } else { "" };
    let why = if dialog.is_unanswered {
        ""
    } else {
        "protected: "
    };
    let typed = Outside::from(typed);
    vec![
        (
            SafeText::from(format!(
                " {why}type the {}'s name: ",
                dialog.target.kind.kubectl()
            )),
            theme.style(Role::Warn),
        ),
        (
            SafeText::from(format!("{}{caret}", typed.shown())),
            theme.style(Role::Title),
        ),
    ]
}

/// The keys that answer, or why the last one did not count.
fn keys(model: &Model, dialog: &Dialog, theme: &Theme) -> Vec<(SafeText<'static>, Style)> {
    let mut pieces = vec![(SafeText::from(" "), theme.style(Role::Text))];
    let mut key = |place: Place, action: Action, words: &str| {
        if let Some(chord) = model.keymap.chord_of(place, action) {
            pieces.push((SafeText::from(chord), theme.style(Role::Key)));
            pieces.push((
                SafeText::from(format!(" {words}   ")),
                theme.style(Role::Text),
            ));
        }
    };
    match (dialog.field, &dialog.step) {
        (Field::Replicas | Field::Revision | Field::Name, _) => {
            key(Place::Line, Action::Accept, "go on");
            key(Place::Line, Action::Back, "no, close");
            if dialog.field == Field::Revision {
                let words = format!("{} choose", choosing(&model.keymap));
                pieces.push((SafeText::from(words), theme.style(Role::Text)));
            } else {
                key(Place::Line, Action::Copy, "copy the kubectl line");
            }
        }
        (Field::Question, Step::Recording) => key(Place::Dialog, Action::Refuse, "withdraw"),
        (Field::Question, Step::Change | Step::Zero | Step::Far { .. } | Step::Unrecorded(_)) => {
            key(Place::Dialog, Action::Confirm, "yes");
            key(Place::Dialog, Action::Refuse, "no (default)");
            key(Place::Dialog, Action::Copy, "copy the kubectl line");
        }
    }
    if let Some(remark) = &dialog.remark {
        let remark = Outside::from(remark.as_str());
        pieces.truncate(5);
        pieces.push((
            SafeText::from(format!("! {}", remark.shown())),
            theme.style(Role::Bad),
        ));
    }
    pieces
}

fn role(weight: Weight) -> Role {
    match weight {
        Weight::Good => Role::Text,
        Weight::Open | Weight::NotKnown => Role::Dim,
        Weight::Warn => Role::Warn,
        Weight::Bad => Role::Bad,
    }
}

fn owned(text: &Outside) -> SafeText<'static> {
    text.shown().into_owned()
}
