//! What changed, in lines: those of the page, and of the entry that opens an incident.

use chrono::{DateTime, Utc};

use super::{BEFORE_H, LONG_BEFORE_H, ListedChange, SickOnset, WhatChanged, before};
use crate::Model;
use crate::entry::EntryId;
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
            let words = change.words(model);
            lines.push(ChangeLine::Change(change.draft.id, words.into()));
        }
        if self.left_out > 0 {
            let words = format!("{} more, none of them nearer", self.left_out);
            lines.push(ChangeLine::Quiet(words.into()));
        }
        lines.extend(self.none(model));
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
        let mut lines = vec![ChangeLine::Head("Sick now".to_owned())];
        if self.sick.is_empty() {
            let words = match self.symptom {
                Some(_) => "no pod; the first of the alerts that fire is taken for the symptom",
                None => "nothing",
            };
            lines.push(ChangeLine::Quiet(words.into()));
        }
        let named = self.sick.iter().take(SICK_MAX);
        lines.extend(named.map(|sick| ChangeLine::Sick(sick.words(model).into())));
        let more = self.sick.len().saturating_sub(SICK_MAX);
        if more > 0 {
            lines.push(ChangeLine::Quiet(format!("{more} more workloads").into()));
        }
        lines
    }

    fn head(&self, model: &Model) -> String {
        match self.symptom {
            Some(symptom) => format!(
                "Changed in the {BEFORE_H} h before the {} ({}), the nearest first",
                symptom_words(self.sick.first().is_none_or(|sick| sick.is_first)),
                clock(model, symptom)
            ),
            None => format!("Changed in the last {BEFORE_H} h"),
        }
    }

    /// That nothing changed, as far as it was seen.
    fn none(&self, model: &Model) -> Option<ChangeLine> {
        if !self.changes.is_empty() {
            return None;
        }
        let end = self.symptom.unwrap_or(model.now.wall);
        let words = if let Some(earlier) = self.earlier {
            let (at, title) = (clock(model, earlier.occurred_at), earlier.title.raw());
            return Some(ChangeLine::Change(
                earlier.id,
                format!("nothing in that time; the last change before it: {at} {title}").into(),
            ));
        } else {
            match self.known_since {
                None => "not known: the pods have not been read yet".to_owned(),
                Some(since) if since > before(end, LONG_BEFORE_H) && since > end => {
                    format!("nothing known; watched only since {}", clock(model, since))
                }
                Some(since) if since > before(end, LONG_BEFORE_H) => format!(
                    "nothing seen since {}; before: not watched",
                    clock(model, since)
                ),
                Some(_) => format!("nothing changed in {LONG_BEFORE_H} h"),
            }
        };
        Some(ChangeLine::Quiet(words.into()))
    }

    /// Of which time, and of what, nothing can be said.
    fn not_watched(&self, model: &Model) -> Vec<ChangeLine> {
        let mut lines = Vec::new();
        let end = self.symptom.unwrap_or(model.now.wall);
        let late = self
            .known_since
            .filter(|since| *since > before(end, BEFORE_H));
        if let Some(since) = late.filter(|_| !self.changes.is_empty()) {
            let words = format!(
                "before {}: not watched; only rollouts of that time and what was recorded elsewhere are known",
                clock(model, since)
            );
            lines.push(ChangeLine::Quiet(words.into()));
        }
        lines.extend(model.cluster.unwatched().into_iter().map(ChangeLine::Quiet));
        lines
    }
}

impl ListedChange<'_> {
    fn words(&self, model: &Model) -> String {
        let (at, title) = (clock(model, self.draft.occurred_at), self.draft.title.raw());
        format!("{at} {title} [{}]", self.nearness.words())
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
