//! What led up to an incident: whoever is paged opens it after the fact. Only what was still so when it was opened, and what
//! changed since the incident before it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::alerts::{Ends, Firings};
use model::entry::{Draft, Entry, EntryId, EntryTarget};
use model::kind::{Kind, Phase};

/// Of all entries of the time before the opening those that belong to the incident.
pub fn lead_up(before: Vec<Entry>) -> Vec<Entry> {
    let kept: BTreeSet<EntryId> = {
        let drafts = || before.iter().map(|entry| &entry.draft);
        let lead_up = LeadUp {
            ends: Ends::of(drafts()),
            recoveries: drafts().filter(|draft| is_recovery(draft)).collect(),
            since: drafts()
                .filter(|draft| is_closing(draft))
                .map(|draft| draft.occurred_at)
                .max(),
        };
        let kept = drafts().filter(|draft| lead_up.holds(draft));
        kept.map(|draft| draft.id).collect()
    };
    // How a rollout ended goes with its beginning.
    let belongs = |entry: &Entry| {
        kept.contains(&entry.draft.id)
            && entry
                .draft
                .refers_to
                .is_none_or(|begun| kept.contains(&begun))
    };
    before.into_iter().filter(belongs).collect()
}

/// Of all entries of the time after the close those by which something ended that led up to the incident.
pub fn ends(lead_up: &[Entry], after: Vec<Entry>) -> Vec<Entry> {
    let ids: BTreeSet<EntryId> = lead_up.iter().map(|entry| entry.draft.id).collect();
    let fired = Firings::of(lead_up.iter().map(|entry| &entry.draft));
    let is_end = |entry: &Entry| {
        let draft = &entry.draft;
        draft.refers_to.is_some_and(|begun| ids.contains(&begun)) || fired.has(draft)
    };
    after.into_iter().filter(is_end).collect()
}

struct LeadUp<'a> {
    ends: Ends<'a>,
    recoveries: Vec<&'a Draft>,
    /// When the incident before it was closed.
    since: Option<DateTime<Utc>>,
}

impl LeadUp<'_> {
    fn holds(&self, draft: &Draft) -> bool {
        // Notes of the hour before may be about anything; people move theirs in by writing them under the incident.
        if draft.incident.is_some() || draft.kind.is_human() || is_recovery(draft) {
            return false;
        }
        let is_recent = self.since.is_none_or(|since| draft.occurred_at >= since);
        match draft.kind {
            Kind::AlertFired => self.ends.end(draft).is_none(),
            Kind::AlertResolved => false,
            Kind::PodTransition | Kind::Event if draft.target.is_some() => self.is_still_so(draft),
            _ => is_recent,
        }
    }

    /// No entry says that it is over: one that refers to it, or for what was there before anybody looked, one about the same
    /// object.
    fn is_still_so(&self, draft: &Draft) -> bool {
        let is_over = |end: &&&Draft| {
            end.refers_to == Some(draft.id)
                || (draft.is_backfilled()
                    && is_same(end.target.as_ref(), draft.target.as_ref())
                    && end.occurred_at >= draft.occurred_at)
        };
        !self.recoveries.iter().any(|end| is_over(&end))
    }
}

fn is_closing(draft: &Draft) -> bool {
    draft.kind == Kind::PhaseChange && draft.phase == Some(Phase::Closed)
}

/// Pods that are well again refer to the entry that they were sick.
fn is_recovery(draft: &Draft) -> bool {
    draft.kind == Kind::PodTransition && draft.refers_to.is_some()
}

fn is_same(one: Option<&EntryTarget>, other: Option<&EntryTarget>) -> bool {
    let place = |target: Option<&EntryTarget>| {
        target.map(|target| {
            (
                target.context.clone(),
                target.namespace.clone(),
                target.name.clone(),
            )
        })
    };
    place(one) == place(other)
}
