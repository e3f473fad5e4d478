//! What is to be done later: entries that say so by their kind, and notes that say so in their words.

use super::sections::{of, time};
use super::{Report, escape};
use model::entry::Draft;
use model::kind::Kind;
use model::note;
use text::Outside;

pub(super) fn section(report: &Report) -> String {
    let reported: Vec<String> = of(report, |_| true)
        .flat_map(|draft| lines(draft).into_iter().map(move |line| (draft, line)))
        .map(|(draft, line)| {
            let (name, at) = (draft.actor.name(), time(draft.occurred_at));
            format!(
                "- [ ] {} ({}, {at})",
                escape::inline(&line),
                escape::inline(&name)
            )
        })
        .collect();
    if reported.is_empty() {
        "No entry names one. A note that begins with \"Follow-up:\" stands here.".to_owned()
    } else {
        reported.join("\n")
    }
}

fn lines(draft: &Draft) -> Vec<Outside> {
    if draft.kind == Kind::Todo {
        return vec![draft.title.clone()];
    }
    if !draft.is_by_person() || draft.kind == Kind::LogPin {
        return Vec::new();
    }
    let body = draft.body.as_ref().map_or("", Outside::raw);
    // A long first line is cut in the title and stands whole in the body.
    let title = draft.title.raw();
    let is_cut = title
        .strip_suffix('…')
        .is_some_and(|begun| body.starts_with(begun));
    let title = if is_cut { "" } else { title };
    let all = [title].into_iter().chain(body.lines());
    all.filter_map(note::follow_up).map(Outside::from).collect()
}
