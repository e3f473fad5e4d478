//! What waits in memory to be saved, in order and bounded. People's entries are never dropped for a machine's.

use std::collections::VecDeque;

use super::append::Appended;
use super::problem;
use model::entry::{Draft, EntryId};
use model::journal::{StoreFailure, StoreProblem, Token};
use model::message::StoreMsg;

/// Entries that may wait: an hour of a bad outage on a full disk.
pub const ENTRIES_MAX: usize = 10_000;

/// Bytes of text that may wait.
pub const BYTES_MAX: usize = 32 * 1024 * 1024;

/// One entry that waits.
#[derive(Debug)]
pub struct Waiting {
    pub draft: Draft,
    /// Who waits for the answer; `None` for machine entries.
    pub token: Option<Token>,
    /// Whoever waits was told that it is not saved yet.
    pub is_reported: bool,
    bytes: usize,
}

#[derive(Debug, Default)]
pub struct Outbox {
    waiting: VecDeque<Waiting>,
    bytes: usize,
    lost: u32,
}

impl Outbox {
    /// Takes an entry in. `false`: there is no room, it was not taken (a machine's is counted as lost).
    pub fn push(&mut self, token: Option<Token>, draft: Draft) -> bool {
        let bytes = size(&draft);
        while self.waiting.len() >= ENTRIES_MAX || self.bytes + bytes > BYTES_MAX {
            if token.is_none() || !self.drop_oldest_of_a_machine() {
                self.lost = self.lost.saturating_add(u32::from(token.is_none()));
                return false;
            }
        }
        self.bytes += bytes;
        self.waiting.push_back(Waiting {
            draft,
            token,
            is_reported: false,
            bytes,
        });
        true
    }

    fn drop_oldest_of_a_machine(&mut self) -> bool {
        let Some(place) = self.waiting.iter().position(|one| one.token.is_none()) else {
            return false;
        };
        let Some(dropped) = self.waiting.remove(place) else {
            return false;
        };
        self.bytes -= dropped.bytes;
        self.lost = self.lost.saturating_add(1);
        true
    }

    /// Copies of the first entries, at most `count`.
    pub fn first(&self, count: usize) -> Vec<Draft> {
        self.waiting
            .iter()
            .take(count)
            .map(|one| one.draft.clone())
            .collect()
    }

    fn pop(&mut self) -> Option<Waiting> {
        let gone = self.waiting.pop_front()?;
        self.bytes -= gone.bytes;
        Some(gone)
    }

    /// The first entries leave, with this answer each. What to say to those who wait for them.
    pub fn on_appended(&mut self, done: Vec<Appended>) -> Vec<StoreMsg> {
        let (mut said, mut by_machines) = (Vec::new(), Vec::new());
        for one in done {
            let Some(waited) = self.pop() else { break };
            match (one, waited.token) {
                (Appended::Stored(entry), Some(token)) => {
                    said.push(StoreMsg::Saved { token, entry });
                }
                (Appended::Stored(entry), None) => by_machines.push(*entry),
                (Appended::Refused(open), Some(token)) => said.push(StoreMsg::NotSaved {
                    token,
                    problem: refused(open),
                    is_waiting: false,
                }),
                (Appended::Known | Appended::Refused(_), _) => {}
            }
        }
        if !by_machines.is_empty() {
            said.push(StoreMsg::Appended(by_machines));
        }
        said
    }

    /// Tokens whose owners do not know yet that it is not saved; from now on they do.
    pub fn tell(&mut self) -> Vec<Token> {
        let untold = self.waiting.iter_mut().filter(|one| !one.is_reported);
        untold
            .filter_map(|one| {
                one.is_reported = true;
                one.token
            })
            .collect()
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Does nothing wait?
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Machine entries given up so far.
    pub fn lost(&self) -> u32 {
        self.lost
    }
}

fn refused(open: Option<EntryId>) -> StoreProblem {
    let what = if open.is_some() {
        "another incident is open"
    } else {
        "no incident is open"
    };
    problem::new(
        StoreFailure::Refused,
        what,
        "look at the timeline: another console opened or closed it",
    )
}

/// Bytes of its texts and of its fixed part, near enough for a bound.
fn size(draft: &Draft) -> usize {
    let change = draft
        .change
        .iter()
        .flat_map(|change| [&change.before, &change.after, &change.diff]);
    let command = draft
        .command
        .iter()
        .flat_map(|command| [&command.typed, &command.verb, &command.dry_run]);
    let texts = change.chain(command).chain([&draft.body]).flatten();
    let evidence: usize = draft
        .evidence
        .iter()
        .map(|one| size_of_val(one) + one.query.raw().len())
        .sum();
    size_of::<Draft>()
        + draft.title.raw().len()
        + texts.map(|text| text.raw().len()).sum::<usize>()
        + evidence
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use chrono::DateTime;
    use model::entry::{Actor, Ids};
    use model::kind::{ActorKind, Kind};

    fn draft(ids: &mut Ids, body: usize) -> Draft {
        let at = DateTime::UNIX_EPOCH;
        let actor = Actor::of(ActorKind::Console);
        Draft {
            body: Some("x".repeat(body).as_str().into()),
            ..Draft::new(ids.next(at), at, actor, Kind::Event, "event".into())
        }
    }

    #[test]
    fn a_persons_entry_takes_the_place_of_the_oldest_machine_entry_and_the_loss_is_counted() {
        let (mut outbox, mut ids) = (Outbox::default(), Ids::seeded(1));
        for _ in 0..ENTRIES_MAX {
            assert!(outbox.push(None, draft(&mut ids, 0)));
        }
        assert!(!outbox.push(None, draft(&mut ids, 0)));
        assert!(outbox.push(Some(Token(1)), draft(&mut ids, 0)));
        assert_eq!((outbox.len(), outbox.lost()), (ENTRIES_MAX, 2));
    }

    #[test]
    fn when_only_people_wait_the_next_one_is_refused_not_dropped() {
        let (mut outbox, mut ids) = (Outbox::default(), Ids::seeded(1));
        let mut taken = 0;
        while outbox.push(Some(Token(taken)), draft(&mut ids, 1024 * 1024)) {
            taken += 1;
        }
        assert_eq!((outbox.len() as u64, outbox.lost()), (taken, 0));
        assert_eq!(taken, 31, "bounded by bytes");
    }
}
