//! What changed, in lines: those of the page, and of the entry that opens an incident.

use chrono::{DateTime, Utc};

use super::{AlertedObject, BEFORE_H, LONG_BEFORE_H, ListedChange, SickOnset, WhatChanged, before};
use crate::Model;
use crate::entry::EntryId;
use crate::time::lasted;
use text::Outside;

/// Sick workloads that are named; the others are counted.
const SICK_MAX: usize = 5;
/// Changes in the entry that opens an incident.
const IN_ENTRY_MAX: usize = 12;

/// One line about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeLine {
    Head(String),
    Sick(Outside),
    /// A change, with the entry that tells of it whole.
    Change(EntryId, Outside),
    Quiet(Outside),
}

impl WhatChanged<'_> {
    /// All of it, in lines.
    pub fn lines(&self, model: &Model) -> Vec<ChangeLine> {
        let mut lines = self.sick(model);
        lines.push(ChangeLine::Head(self.head(model)));
        for change in &self.changes {
            let words = self.change(change, model);
            lines.push(ChangeLine::Change(change.draft.id, words.into()));
        }
        if self.left_out > 0 {
            let words = format!("{} more, none of them nearer", self.left_out);
            lines.push(ChangeLine::Quiet(words.into()));
        }
        if self.changes.is_empty() {
            lines.extend(self.none(model));
        }
        lines.extend(self.not_watched(model));
        lines
    }

    /// The same for the entry that opens an incident: no longer than somebody reads.
    pub fn body(&self, model: &Model) -> String {
        let (mut lines, mut changes) = (Vec::new(), 0);
        for line in self.lines(model) {
            match line {
                ChangeLine::Head(head) => lines.push(format!("{head}:")),
                ChangeLine::Sick(words) | ChangeLine::Quiet(words) => {
                    lines.push(format!("- {}", words.raw()));
                }
                ChangeLine::Change(_, words) => {
                    changes += 1;
                    if changes <= IN_ENTRY_MAX {
                        lines.push(format!("- {}", words.raw()));
                    }
                }
            }
        }
        if changes > IN_ENTRY_MAX {
            let more = changes - IN_ENTRY_MAX;
            lines.push(format!("- {more} more changes are on the timeline"));
        }
        lines.join("\n")
    }

    fn sick(&self, model: &Model) -> Vec<ChangeLine> {
        let (head, named): (_, Vec<String>) = if self.alerted.is_empty() {
            let sick = self.sick.iter();
            ("Sick now", sick.map(|sick| sick.words(model)).collect())
        } else {
            let head = "No pod is sick. Named by the alerts that fire";
            let alerted = self.alerted.iter();
            let words = |object: &AlertedObject| {
                format!("{}, since {}", object.words(), clock(model, object.since))
            };
            (head, alerted.map(words).collect())
        };
        let mut lines = vec![ChangeLine::Head(head.to_owned())];
        if named.is_empty() {
            let words = match self.symptom {
                Some(_) => "no pod; the alerts that fire name nothing that is here",
                None => "nothing",
            };
            lines.push(ChangeLine::Quiet(words.into()));
        }
        let more = named.len().saturating_sub(SICK_MAX);
        let named = named.into_iter().take(SICK_MAX);
        lines.extend(named.map(|words| ChangeLine::Sick(words.into())));
        if more > 0 {
            let what = if self.alerted.is_empty() {
                "workloads"
            } else {
                "objects"
            };
            lines.push(ChangeLine::Quiet(format!("{more} more {what}").into()));
        }
        lines
    }

    fn head(&self, model: &Model) -> String {
        match self.symptom {
            Some(symptom) => {
                let what = self
                    .sick
                    .first()
                    .map_or("first alert", |sick| symptom_words(sick.is_first));
                let at = clock(model, symptom);
                format!("Changed in the {BEFORE_H} h before the {what} ({at}), the nearest first")
            }
            None => format!("Changed in the last {BEFORE_H} h"),
        }
    }

    /// That nothing changed, as far as it is known, and what changed before.
    fn none(&self, model: &Model) -> Vec<ChangeLine> {
        let end = self.symptom.unwrap_or(model.now.wall);
        if !self.earlier.is_empty() {
            let mut lines = vec![ChangeLine::Quiet("nothing known in that time".into())];
            for (at, change) in self.earlier.iter().enumerate() {
                let last = if at == 0 { "last known change, " } else { "" };
                let before = lasted(change.draft.occurred_at, end);
                let words = self.change(change, model);
                let words = format!("{last}{before} before: {words}");
                lines.push(ChangeLine::Change(change.draft.id, words.into()));
            }
            return lines;
        }
        let words = match (self.known_since, self.knows_rollouts) {
            (None, _) => "not known: the pods have not been read yet".to_owned(),
            (Some(since), _) if since <= before(end, LONG_BEFORE_H) => {
                format!("nothing changed in {LONG_BEFORE_H} h")
            }
            (Some(since), true) => format!(
                "nothing was rolled out in {LONG_BEFORE_H} h; other changes are known only since {}",
                clock(model, since)
            ),
            (Some(since), false) if since > end => {
                format!("nothing known; watched only since {}", clock(model, since))
            }
            (Some(since), false) => format!(
                "nothing seen since {}; before: not watched",
                clock(model, since)
            ),
        };
        vec![ChangeLine::Quiet(words.into())]
    }

    /// Of which time, and of what, nothing can be said.
    fn not_watched(&self, model: &Model) -> Vec<ChangeLine> {
        let mut lines = Vec::new();
        let end = self.symptom.unwrap_or(model.now.wall);
        let late = self
            .known_since
            .filter(|since| *since > before(end, BEFORE_H));
        let is_any = !self.changes.is_empty() || !self.earlier.is_empty();
        if let Some(since) = late.filter(|_| is_any) {
            let words = format!(
                "before {}: not watched; only rollouts of that time and what was recorded elsewhere are known",
                clock(model, since)
            );
            lines.push(ChangeLine::Quiet(words.into()));
        }
        let lookbacks = &model.observed.rollouts.lookbacks;
        let unread = lookbacks.problems().map(ChangeLine::Quiet);
        lines.extend(unread);
        lines.extend(model.cluster.unwatched().into_iter().map(ChangeLine::Quiet));
        lines
    }

    fn change(&self, change: &ListedChange<'_>, model: &Model) -> String {
        let draft = change.draft;
        let (at, title) = (clock(model, draft.occurred_at), draft.title.raw());
        let nearness = if !self.sick.is_empty() {
            Some(change.nearness.words())
        } else if !self.alerted.is_empty() {
            change.nearness.words_of_alerts()
        } else {
            None
        };
        let nearness = nearness.map_or(String::new(), |words| format!(" [{words}]"));
        format!("{at} {title}{nearness}")
    }
}

impl SickOnset {
    fn words(&self, model: &Model) -> String {
        let troubles = self.troubles.iter();
        let troubles = troubles.map(|(trouble, pods)| format!("{} ({pods})", trouble.words()));
        let troubles: Vec<String> = troubles.collect();
        let since = match (self.onset.map(super::Onset::words), self.is_first) {
            (Some(onset), is_first) => {
                let symptom = symptom_words(is_first);
                format!("{onset}, {symptom} {}", clock(model, self.symptom))
            }
            (None, true) => format!("since {}", clock(model, self.symptom)),
            (None, false) => "since when is not known".to_owned(),
        };
        format!(
            "{} in {}: {}, {since}",
            self.name.raw(),
            self.namespace.raw(),
            troubles.join(", "),
        )
    }
}

fn symptom_words(is_first: bool) -> &'static str {
    if is_first {
        "first symptom"
    } else {
        "first known symptom"
    }
}

/// With the day where that is not today's.
fn clock(model: &Model, at: DateTime<Utc>) -> String {
    let (shown, now) = (
        model.settings.shown(at),
        model.settings.shown(model.now.wall),
    );
    let mark = model.settings.zone_mark();
    let is_today = shown.date_naive() == now.date_naive();
    let words = shown.format(if is_today {
        "%H:%M:%S"
    } else {
        "%Y-%m-%d %H:%M:%S"
    });
    format!("{words}{mark}")
}
