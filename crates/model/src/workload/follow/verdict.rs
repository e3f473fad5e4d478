//! What is said of a write: its words, whether they are good, and whether more will come.

use crate::time::{At, spelt};
use crate::workload::WorkloadRow;
use crate::workload::failure::FailedPod;
use crate::workload::progress::RolloutNews;
use text::Outside;

/// A verdict for the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// In words, without the workload's name.
    pub words: Outside,
    /// What was seen before the write and what is seen now, once both can be compared.
    pub compared: Option<Outside>,
    pub is_good: bool,
    /// Something that was broken before the write is well.
    pub is_healed: bool,
    /// Nothing more will come.
    pub is_over: bool,
}

impl Verdict {
    /// Nobody looks any more: what became of the write is not known.
    pub fn given_up(why: &str) -> Verdict {
        over(format!("not followed any further: {why}").into(), false)
    }

    /// And what was so before.
    pub(super) fn with(self, before: Option<&Outside>) -> Verdict {
        let words = match before {
            Some(before) => format!("{}; {}", self.words.raw(), before.raw()).into(),
            None => self.words,
        };
        Verdict { words, ..self }
    }
}

pub(super) fn verdict_of(news: &RolloutNews) -> Verdict {
    Verdict {
        words: format!("{}: {}", news.end, news.words.raw()).into(),
        compared: None,
        is_good: false,
        is_healed: false,
        is_over: news.is_over,
    }
}

/// `OnDelete`: nothing more comes of it by itself.
pub(super) fn waits_for_deletion(row: &WorkloadRow) -> Verdict {
    let old = row.current().saturating_sub(row.updated());
    let words = format!(
        "applied; OnDelete: nothing happens until pods are deleted, {old} of {} have the old template",
        row.current()
    );
    over(words.into(), true)
}

pub(super) fn worse(row: &WorkloadRow, broken: Option<FailedPod>, since: At, now: At) -> Verdict {
    let held = spelt(now.since_ms(since));
    let why = broken.map_or_else(
        || format!("{} of {} available", row.available(), row.wanted()),
        |failed| failed.words.raw().to_owned(),
    );
    over(format!("worse again after {held}: {why}").into(), false)
}

pub(super) fn over(words: Outside, is_good: bool) -> Verdict {
    Verdict {
        words,
        compared: None,
        is_good,
        is_healed: false,
        is_over: true,
    }
}
