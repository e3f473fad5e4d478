//! What led up to an incident: whoever is paged opens it after the fact, sometimes when all is over. What it is about, back to its
//! first symptom and the changes before that; nothing of what was wrong and over before.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::alerts::Firings;
use super::trouble::{self, Object, RECENT, Symptom, Trouble, is_change};
use model::entry::{Draft, Entry, EntryId};
use model::kind::{Kind, Phase};
use model::what_changed::BEFORE_H;

/// Changes of one moment: a write, and the rollout that it makes.
const ONE_CHANGE: TimeDelta = TimeDelta::minutes(1);

/// Of all entries of the time before the opening those that belong to the incident.
pub fn lead_up(before: Vec<Entry>, opened: DateTime<Utc>) -> Vec<Entry> {
    let kept: BTreeSet<EntryId> = {
        let drafts = || before.iter().map(|entry| &entry.draft);
        let closed = drafts().filter(|draft| is_closing(draft));
        let since = closed.map(|draft| draft.occurred_at).max();
        let symptoms = trouble::symptoms(&before);
        let Trouble { own, began } = trouble::trouble_of(&symptoms, &before, opened, since);
        let is_own = |(at, symptom)| own.contains(&at).then_some(symptom);
        let own: Vec<&Symptom<'_>> = symptoms.iter().enumerate().filter_map(is_own).collect();
        let others = symptoms.iter().filter(|symptom| {
            let is_it = |one: &&Symptom<'_>| std::ptr::eq(*one, *symptom);
            !own.iter().any(is_it)
        });
        let from = began.map_or(opened - RECENT, |began| began - TimeDelta::hours(BEFORE_H));
        let lead_up = LeadUp {
            fired: Firings::of(own.iter().map(|symptom| symptom.draft)),
            others: others.filter_map(Over::of).collect(),
            from: since.map_or(from, |since| from.max(since)),
            began: began.unwrap_or(opened),
            latest: latest_changes(&before, began.unwrap_or(opened)),
            own,
        };
        let mut kept: BTreeSet<EntryId> = lead_up.own.iter().map(|one| one.draft.id).collect();
        kept.extend(drafts().filter(|draft| lead_up.holds(draft)).map(id));
        // How a rollout or a write ended goes with its beginning.
        loop {
            let answers = drafts().filter(|draft| {
                let is_of_it = draft.refers_to.is_some_and(|begun| kept.contains(&begun));
                is_of_it && lead_up.may_answer(draft) && !kept.contains(&draft.id)
            });
            let answers: Vec<EntryId> = answers.map(id).collect();
            if answers.is_empty() {
                break kept;
            }
            kept.extend(answers);
        }
    };
    let belongs = |entry: &Entry| kept.contains(&entry.draft.id);
    before.into_iter().filter(belongs).collect()
}

/// Of all entries of the time after the opening that no incident has those by which something ended that led up to the incident.
pub fn ends(lead_up: &[Entry], after: Vec<Entry>) -> Vec<Entry> {
    let ids: BTreeSet<EntryId> = lead_up.iter().map(|entry| entry.draft.id).collect();
    let fired = Firings::of(lead_up.iter().map(|entry| &entry.draft));
    let is_end = |entry: &Entry| {
        let draft = &entry.draft;
        draft.refers_to.is_some_and(|begun| ids.contains(&begun)) || fired.has(draft)
    };
    after.into_iter().filter(is_end).collect()
}

/// Something else that was wrong, and over before the opening.
struct Over<'a> {
    object: Object<'a>,
    until: DateTime<Utc>,
}

impl<'a> Over<'a> {
    fn of(symptom: &Symptom<'a>) -> Option<Over<'a>> {
        Some(Over {
            object: symptom.object?,
            until: symptom.until?,
        })
    }
}

struct LeadUp<'a> {
    own: Vec<&'a Symptom<'a>>,
    fired: Firings<'a>,
    others: Vec<Over<'a>>,
    /// No change before this has to do with it.
    from: DateTime<Utc>,
    /// Its first symptom.
    began: DateTime<Utc>,
    /// When each object was changed last before that.
    latest: BTreeMap<Object<'a>, DateTime<Utc>>,
}

impl LeadUp<'_> {
    /// It stands there by itself, whatever it refers to.
    fn holds(&self, draft: &Draft) -> bool {
        let at = draft.occurred_at;
        if draft.incident.is_some() {
            return false;
        }
        match draft.kind {
            Kind::AlertResolved => self.fired.has(draft),
            Kind::ActionIntent => at >= self.from && !self.is_of_others(draft),
            Kind::AlertFired | Kind::PodTransition => false,
            Kind::AlertSilenced | Kind::AlertAcknowledged => at >= self.from.max(self.began),
            Kind::Event if draft.is_backfilled() => false,
            // Notes of before may be about anything; people move theirs in by writing them under the incident.
            kind if kind.is_human() || draft.refers_to.is_some() => false,
            _ => at >= self.from && !self.is_of_others(draft),
        }
    }

    /// It changed what was wrong then, and is over. The last change before the first symptom stays: it may be the cause.
    fn is_of_others(&self, draft: &Draft) -> bool {
        let Some(object) = Object::of(draft) else {
            return false;
        };
        let is_own = self.own.iter().any(|one| one.object == Some(object));
        let latest = self.latest.get(&object);
        let is_latest = latest.is_none_or(|latest| draft.occurred_at + ONE_CHANGE >= *latest);
        let mut others = self.others.iter();
        let is_of_other = others
            .any(|over| over.object == object && draft.occurred_at <= over.until + ONE_CHANGE);
        is_of_other && !(is_own && is_latest)
    }

    /// The console's start may name several that were sick: of these only those that belong here are well again.
    fn may_answer(&self, draft: &Draft) -> bool {
        let is_own = |one: &&&Symptom<'_>| one.object == Object::of(draft);
        let is_free = draft.incident.is_none() && draft.kind != Kind::ActionIntent;
        is_free && (draft.kind != Kind::PodTransition || self.own.iter().any(|one| is_own(&one)))
    }
}

fn latest_changes(before: &[Entry], began: DateTime<Utc>) -> BTreeMap<Object<'_>, DateTime<Utc>> {
    let mut latest = BTreeMap::new();
    for draft in before.iter().map(|entry| &entry.draft) {
        let is_one = is_change(draft) || draft.kind == Kind::ActionIntent;
        if let Some(object) = Object::of(draft).filter(|_| is_one && draft.occurred_at <= began) {
            let at = latest.entry(object).or_insert(draft.occurred_at);
            *at = draft.occurred_at.max(*at);
        }
    }
    latest
}

fn id(draft: &Draft) -> EntryId {
    draft.id
}

fn is_closing(draft: &Draft) -> bool {
    draft.kind == Kind::PhaseChange && draft.phase == Some(Phase::Closed)
}
