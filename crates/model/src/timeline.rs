//! The timeline as the screen has it: a bounded window of stored entries, what waits to be saved, the open incident.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::entry::{Actor, Draft, Entry, EntryId, Ids};
use super::filter::{Filter, field};
use super::incident::Incident;
use super::incident_form::IncidentForm;
use super::journal::{NoteDraft, StoreHealth, StoreProblem, Token};
use super::kind::ActorKind;
use super::severity::Scheme;
use super::sideways::Sideways;
use super::time::At;

/// Entries held in memory; older ones are read again when somebody scrolls to them. About 5 MB.
pub const WINDOW_MAX: usize = 5_000;

/// A save that takes this long is said to be slow, and a write asks whether to go on without a record.
pub const SLOW_MS: u64 = 2_000;

/// Everything about the timeline.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// Stored entries by the time they happened.
    window: BTreeMap<(DateTime<Utc>, EntryId), Arc<Entry>>,
    /// What was given to the store and is not acknowledged.
    pub pending: BTreeMap<Token, Pending>,
    /// How the store stands.
    pub health: StoreHealth,
    /// The store has opened its file.
    pub is_open: bool,
    /// Rows of the file that could not be read.
    pub unreadable: u32,
    /// The open incident.
    pub incident: Option<Incident>,
    /// Intents of earlier consoles without a result.
    pub unknown_intents: Vec<Entry>,
    /// The selected entry; none: the newest is in sight.
    pub cursor: Option<EntryId>,
    /// What narrows the pane.
    pub filter: Filter,
    /// How far its titles are moved, each in one line.
    pub sideways: Sideways,
    /// A page of older entries was asked for and has not come.
    pub is_loading: bool,
    /// There is nothing older to read.
    pub is_whole: bool,
    /// A note that was not finished.
    pub note: Option<NoteDraft>,
    /// A form of an incident that was left with words in it.
    pub incident_form: Option<IncidentForm>,
    pub scheme: Scheme,
    /// Who sits here.
    pub person: Actor,
    pub ids: Ids,
    /// Machine entries given up that an entry already tells of.
    pub lost_reported: u32,
    /// The entry that ends the record was written.
    pub has_left: bool,
    next_token: u64,
}

/// An entry that was given to the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    pub draft: Draft,
    pub since: At,
    /// The store said that it could not save it yet.
    pub problem: Option<StoreProblem>,
}

/// An entry as it is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedEntry<'a> {
    /// What it says.
    pub draft: &'a Draft,
    /// When it is not on disk: since when, and why if that is known.
    pub unsaved: Option<&'a Pending>,
}

impl Default for Timeline {
    fn default() -> Self {
        Timeline::new(
            Actor::of(ActorKind::Human),
            Ids::seeded(0),
            Scheme::default(),
        )
    }
}

impl Timeline {
    /// An empty timeline; the store has not spoken yet.
    pub fn new(person: Actor, ids: Ids, scheme: Scheme) -> Timeline {
        Timeline {
            window: BTreeMap::new(),
            pending: BTreeMap::new(),
            health: StoreHealth::default(),
            is_open: false,
            unreadable: 0,
            incident: None,
            unknown_intents: Vec::new(),
            cursor: None,
            filter: Filter::default(),
            sideways: Sideways::default(),
            is_loading: false,
            is_whole: false,
            note: None,
            incident_form: None,
            scheme,
            person,
            ids,
            lost_reported: 0,
            has_left: false,
            next_token: 0,
        }
    }

    /// Takes a stored entry in. The oldest leave when there are too many; they stay on disk.
    pub fn take(&mut self, entry: Entry) {
        self.window
            .insert((entry.draft.occurred_at, entry.draft.id), Arc::new(entry));
        while self.window.len() > WINDOW_MAX {
            self.window.pop_first();
            self.is_whole = false;
        }
    }

    /// A token for the next save.
    pub fn token(&mut self) -> Token {
        self.next_token += 1;
        Token(self.next_token)
    }

    /// The oldest entry in memory: before it the next page begins.
    pub fn oldest(&self) -> Option<(DateTime<Utc>, EntryId)> {
        self.window.first_key_value().map(|(key, _)| *key)
    }

    /// The stored entries in memory, the oldest first, whatever filters the pane.
    pub fn stored(&self) -> impl Iterator<Item = &Draft> {
        self.window.values().map(|entry| &entry.draft)
    }

    /// How many stored entries are in memory.
    pub fn len(&self) -> usize {
        self.window.len()
    }

    /// Is nothing in memory?
    pub fn is_empty(&self) -> bool {
        self.window.is_empty() && self.pending.is_empty()
    }

    /// The stored entry with this id.
    pub fn entry(&self, id: EntryId) -> Option<&Entry> {
        self.window
            .iter()
            .find(|(key, _)| key.1 == id)
            .map(|(_, entry)| &**entry)
    }

    /// What the entry with this id says, stored or not yet.
    pub fn draft(&self, id: EntryId) -> Option<&Draft> {
        let waiting = || self.pending.values().map(|pending| &pending.draft);
        self.entry(id)
            .map(|entry| &entry.draft)
            .or_else(|| waiting().find(|draft| draft.id == id))
    }

    /// What the pane lists, oldest first: stored entries and those that wait, as far as the filter lets them through.
    pub fn listed(&self) -> Vec<ListedEntry<'_>> {
        let stored = self.window.values().map(|entry| ListedEntry {
            draft: &entry.draft,
            unsaved: None,
        });
        let mut listed: Vec<ListedEntry<'_>> =
            stored.filter(|one| self.lets_through(one.draft)).collect();
        let waiting = self.pending.values().map(|pending| ListedEntry {
            draft: &pending.draft,
            unsaved: Some(pending),
        });
        let waiting: Vec<_> = waiting.filter(|one| self.lets_through(one.draft)).collect();
        if !waiting.is_empty() {
            listed.extend(waiting);
            listed.sort_by_key(|one| (one.draft.occurred_at, one.draft.id));
        }
        listed
    }

    fn lets_through(&self, draft: &Draft) -> bool {
        if self.filter.is_empty() {
            return true;
        }
        let name = draft.actor.name();
        let severity = draft.severity.as_ref().map(|severity| &*severity.name);
        let target = draft
            .target
            .iter()
            .flat_map(|target| [&target.namespace, &target.name])
            .flatten()
            .map(field);
        let fields = [draft.title.raw(), draft.kind.word(), name.raw()]
            .into_iter()
            .chain(severity)
            .chain(draft.body.as_ref().map(field));
        self.filter.matches(&fields.chain(target))
    }

    /// How many of a person's entries are not on disk although the store was given them long ago or said why.
    pub fn unsaved(&self, now: At) -> usize {
        let is_late = |pending: &&Pending| {
            pending.problem.is_some() || now.since_ms(pending.since) >= SLOW_MS
        };
        self.pending.values().filter(is_late).count()
    }

    /// When the next save becomes a slow one.
    pub fn next_slow(&self, now: At) -> Option<At> {
        let quick = self
            .pending
            .values()
            .filter(|pending| pending.problem.is_none() && now.since_ms(pending.since) < SLOW_MS);
        quick
            .map(|pending| pending.since.plus_ms(SLOW_MS))
            .min_by_key(|at| at.mono_ms)
    }
}
