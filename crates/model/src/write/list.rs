//! All writes of this console. Their stages change here alone.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::WriteId;
use super::dialog::Proposal;
use super::following::{Following, SHOWN_AFTER_MS};
use super::orphan::Orphan;
use super::stage::{Reading, SentState, TargetedChange, Write, WriteStage};
use super::step::{WriteEvent, WriteOutput};
use crate::Model;
use crate::entry::EntryId;
use crate::meta::Uid;
use crate::time::At;

/// Sent writes that are shown and followed at the same time; the oldest gives way.
const MAX_SENT: usize = 8;
/// Writes that can be taken back one after the other.
const MAX_DONE: usize = 16;

/// A write that can be taken back: the inverse of the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    pub what: TargetedChange,
    pub intent: Option<EntryId>,
    /// When its verdict was that it healed.
    pub healed: Option<DateTime<Utc>>,
}

/// All of them, with what concerns more than one.
#[derive(Debug, Default)]
pub struct Writes {
    last: u32,
    /// Sent ones in the order in which they were sent.
    all: Vec<Write>,
    /// What `undo` takes back, the latest last.
    pub done: Vec<Done>,
    /// Broken pods whose deletion was asked about by itself: once each.
    pub offered: BTreeSet<Uid>,
    /// The scope, by its epoch, for which a person armed writes.
    pub armed: Option<u32>,
    /// What the client's guard was last told.
    pub guard: Option<bool>,
}

/// One step of one write; what is to be done. Nothing when the write is not there any more.
pub fn step(model: &mut Model, id: WriteId, event: WriteEvent) -> Vec<WriteOutput> {
    let all = &mut model.writes.all;
    let Some(at) = all.iter().position(|write| write.id == id) else {
        return Vec::new();
    };
    let write = all.remove(at);
    let was_sent = write.stage.sent().is_some();
    let (next, outputs) = write.step(event, model);
    let writes = &mut model.writes;
    if let Some(next) = next {
        let is_sent_now = !was_sent && next.stage.sent().is_some();
        let at = if is_sent_now { writes.all.len() } else { at };
        writes.all.insert(at, next);
    }
    writes.give_way();
    outputs
}

impl Writes {
    /// A new number.
    pub fn next_id(&mut self) -> WriteId {
        self.last += 1;
        WriteId(self.last)
    }

    /// A write begins: with its dialog open, queued, while revisions are read, or as what an earlier console left.
    pub fn begin(&mut self, id: WriteId, stage: WriteStage) {
        self.all.push(Write { id, stage });
    }

    /// It came to nothing before it was answered.
    pub fn remove(&mut self, id: WriteId) {
        self.all.retain(|write| write.id != id);
    }

    pub fn ids(&self) -> Vec<WriteId> {
        self.all.iter().map(|write| write.id).collect()
    }

    /// The rollback whose revisions are being read; at most one.
    pub fn reading(&self) -> Option<(WriteId, &Reading)> {
        self.all.iter().find_map(|write| match &write.stage {
            WriteStage::Reading(reading) => Some((write.id, reading)),
            _ => None,
        })
    }

    /// The write whose question opens next by itself.
    pub fn queued(&self) -> Option<WriteId> {
        self.find(|stage| matches!(stage, WriteStage::Queued(_)))
    }

    /// The write whose record is awaited; at most one, because its dialog is open.
    pub fn recording(&self) -> Option<WriteId> {
        self.find(|stage| matches!(stage, WriteStage::Recording(_)))
    }

    /// The orphan with this intent.
    pub fn orphan(&self, intent: EntryId) -> Option<WriteId> {
        let is_it = |orphan: &Orphan| orphan.intent == intent;
        self.find(|stage| matches!(stage, WriteStage::Orphan(orphan) if is_it(orphan)))
    }

    /// Intents without a result.
    pub fn orphans(&self) -> impl Iterator<Item = &Orphan> {
        self.all.iter().filter_map(|write| match &write.stage {
            WriteStage::Orphan(orphan) => Some(&**orphan),
            _ => None,
        })
    }

    /// Those that the server applied and that have no verdict yet.
    pub fn following(&self) -> impl Iterator<Item = &Following> {
        self.all.iter().filter_map(|write| match &write.stage {
            WriteStage::Following(following) => Some(&**following),
            _ => None,
        })
    }

    /// Those that were sent and are shown, the oldest first.
    pub fn sent(&self) -> impl DoubleEndedIterator<Item = (&TargetedChange, SentState<'_>)> {
        self.all.iter().filter_map(|write| write.stage.sent())
    }

    /// The one that the strip shows: the latest that is not over, else the latest that was so a short while ago.
    pub fn shown(&self, now: At) -> Option<(&TargetedChange, SentState<'_>)> {
        let is_under_way = |state: &SentState<'_>| match state {
            SentState::Sending | SentState::Following(_) => true,
            SentState::Over { .. } => false,
        };
        let is_recent = |state: &SentState<'_>| match state {
            SentState::Sending | SentState::Following(_) => false,
            SentState::Over { since, .. } => now.since_ms(*since) < SHOWN_AFTER_MS,
        };
        let latest = |wanted: &dyn Fn(&SentState<'_>) -> bool| {
            self.sent().rev().find(|(_, state)| wanted(state))
        };
        latest(&is_under_way).or_else(|| latest(&is_recent))
    }

    /// When one of them changes by itself.
    pub fn next_due(&self, now: At) -> Option<At> {
        let due = self.all.iter().filter_map(|write| write.stage.due(now));
        due.min_by_key(|at| at.mono_ms)
    }

    /// It can be taken back from now on.
    pub fn remember(&mut self, done: Done) {
        self.done.push(done);
        if self.done.len() > MAX_DONE {
            self.done.remove(0);
        }
    }

    /// The verdict on the write with this intent is that it healed.
    pub fn healed(&mut self, intent: Option<EntryId>, at: DateTime<Utc>) {
        let mut done = self.done.iter_mut().rev();
        if let Some(done) = done.find(|done| done.intent == intent) {
            done.healed = Some(at);
        }
    }

    /// When the write that would be taken back healed, if it did.
    pub fn healed_by_undone(&self, proposal: &Proposal) -> Option<DateTime<Utc>> {
        let undone = proposal.is_undo().then(|| proposal.undoes())?;
        let mut done = self.done.iter().rev();
        done.find(|done| done.intent == undone)?.healed
    }

    /// The write with this intent was taken back.
    pub fn forget(&mut self, intent: EntryId) {
        self.done.retain(|done| done.intent != Some(intent));
    }

    fn find(&self, is_it: impl Fn(&WriteStage) -> bool) -> Option<WriteId> {
        let found = self.all.iter().find(|write| is_it(&write.stage));
        found.map(|write| write.id)
    }

    /// An orphan is no longer shown, but still read back.
    fn give_way(&mut self) {
        if self.sent().count() <= MAX_SENT {
            return;
        }
        let is_sent = |write: &Write| write.stage.sent().is_some();
        let Some(at) = self.all.iter().position(is_sent) else {
            return;
        };
        match &mut self.all[at].stage {
            WriteStage::Orphan(orphan) => orphan.said = None,
            _ => drop(self.all.remove(at)),
        }
    }
}
