//! The title of the pods pane: how much is sick, here and hidden, how fresh that is, and what the list is narrowed to.

use ratatui::style::Style;

use super::Pieces;
use crate::theme::{Glyph, Role, Theme};
use crate::{paint, words};
use model::Model;
use model::pod_list::PodColumn;
use model::screen::Pane;
use text::{Outside, SafeText};

/// How much is sick, here and hidden, and how fresh that is; what is set aside and the order where there is room.
pub(super) fn title(model: &Model, width: u16, theme: &Theme) -> Pieces {
    paint::narrowed(model, (Pane::Pods, width), theme, |subject, has_order| {
        pieces(model, subject, has_order, theme)
    })
}

fn pieces(
    model: &Model,
    subject: Option<(SafeText<'static>, Style)>,
    has_order: bool,
    theme: &Theme,
) -> Pieces {
    let (counts, list) = (model.cluster.pods.table.counts(), &model.screen.pods);
    let separator = theme.glyph(Glyph::Separator);
    let is_narrowed = model.screen.subject_of(Pane::Pods).is_some();
    let sick = if list.filter.is_empty() && !is_narrowed {
        format!("{} sick / {}", counts.sick, counts.total)
    } else {
        format!(
            "{} sick / {} here, {} sick / {} hidden",
            counts.listed_sick,
            counts.listed,
            counts.sick - counts.listed_sick,
            counts.total - counts.listed
        )
    };
    let sick_role = if counts.sick > 0 {
        Role::Bad
    } else {
        Role::Text
    };
    let mut title = vec![paint::pane_title(Pane::Pods, theme)];
    title.extend(subject);
    if model.cluster.pods.is_complete || counts.total > 0 {
        title.push((SafeText::from(sick), theme.style(sick_role)));
        title.push((
            SafeText::from(format!(" {separator} ")),
            theme.style(Role::Dim),
        ));
    }
    if has_order {
        let aside = aside(model);
        title.extend(aside.map(|words| {
            let words = SafeText::from(format!("{words} {separator} "));
            (words, theme.style(Role::Dim))
        }));
    }
    title.push(words::connection_with_sign(model, theme));
    title.push((SafeText::from(" "), theme.style(Role::Dim)));
    let is_typing = model.screen.is_filtering(Pane::Pods);
    if is_typing || !list.filter.is_empty() {
        let caret = if is_typing { "_" } else { "" };
        title.push((
            SafeText::from(format!(
                "/{}{caret} ",
                Outside::from(list.filter.text()).shown()
            )),
            theme.style(Role::Warn),
        ));
    }
    if !model.cluster.pods.unreadable.is_empty() {
        title.push((
            SafeText::from(format!(
                "{} unreadable ",
                words::counted(model.cluster.pods.unreadable.len(), "object")
            )),
            theme.style(Role::Warn),
        ));
    }
    if has_order {
        let order = format!(
            "{separator} {}{} ",
            PodColumn::of(list).title(),
            if list.is_reversed { ", reversed" } else { "" }
        );
        title.push((SafeText::from(order), theme.style(Role::Dim)));
    }
    title
}

/// What is counted on its own, and how to see it.
fn aside(model: &Model) -> Option<String> {
    let counts = model.cluster.pods.table.counts();
    let folded = counts.left_over - counts.listed_left_over;
    let left_over = (folded > 0).then(|| format!("{folded} left over: /left-over"));
    let gated = (counts.gated > 0).then(|| format!("{} gated", counts.gated));
    let parts: Vec<String> = left_over.into_iter().chain(gated).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
