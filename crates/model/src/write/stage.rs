//! How far a write is: one value from the key that asks for it to its end.

use super::dialog::Dialog;
use super::following::{Finished, Following};
use super::orphan::Orphan;
use super::recording::AwaitedRecord;
use super::{Change, FoundThrough, Target, WriteId};
use crate::entry::EntryId;
use crate::meta::Uid;
use crate::time::At;
use crate::workload::baseline::Baseline;
use crate::workload::follow::Follow;
use keys::key::Key;
use text::Outside;

/// Revisions that come later than this open no dialog any more: whoever asked is elsewhere.
const READING_MS: u64 = 15_000;

/// A change of the cluster, from its proposal to its verdict.
#[derive(Debug)]
pub struct Write {
    pub id: WriteId,
    pub stage: WriteStage,
}

/// How far it is.
#[derive(Debug)]
#[cfg_attr(
    test,
    derive(strum::EnumDiscriminants),
    strum_discriminants(name(StageName), derive(strum::EnumIter))
)]
pub enum WriteStage {
    /// A rollback whose revisions are being read.
    Reading(Reading),
    /// Its question opens by itself as soon as nothing lies over the panes.
    Queued(Box<Dialog>),
    /// Its dialog is open.
    Asking,
    /// A person said yes; nothing is sent before the record is on disk, and its dialog stays open.
    Recording(Box<AwaitedRecord>),
    /// The request is under way.
    Sending(Box<Sending>),
    /// The server did it; what becomes of it is watched.
    Following(Box<Following>),
    /// Over; shown for a while.
    Over(Box<Finished>),
    /// Nobody knows whether it was done: it is read back, and never sent again.
    Orphan(Box<Orphan>),
}

/// A rollback that was asked for: its dialog opens when the revisions have been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub workload: Uid,
    /// The revision that was pointed at; else the last good one is preselected.
    pub chosen: Option<Uid>,
    /// What led to it.
    pub through: Option<FoundThrough>,
    /// The key that asked.
    pub key: Key,
    pub since: At,
}

impl Reading {
    pub(super) fn is_late(&self, now: At) -> bool {
        now.since_ms(self.since) > READING_MS
    }
}

/// What is done to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetedChange {
    pub target: Target,
    pub change: Change,
}

/// A request that has no answer yet.
#[derive(Debug)]
pub struct Sending {
    pub what: TargetedChange,
    /// `None` when it went without a record.
    pub intent: Option<EntryId>,
    /// The intent of the write that this one takes back.
    pub undoes: Option<EntryId>,
    /// The workload when it was sent.
    pub baseline: Baseline,
}

/// How far a write is that was sent, as it is shown.
#[derive(Clone, Copy, Debug)]
pub enum SentState<'a> {
    Sending,
    Following(&'a Follow),
    Over {
        words: &'a Outside,
        /// It went as wanted.
        is_good: bool,
        since: At,
    },
}

impl WriteStage {
    /// What was sent from this console, and how far it is; `None` before, and when it was sent by an earlier console.
    pub fn sent(&self) -> Option<(&TargetedChange, SentState<'_>)> {
        match self {
            WriteStage::Reading(_)
            | WriteStage::Queued(_)
            | WriteStage::Asking
            | WriteStage::Recording(_) => None,
            WriteStage::Sending(sending) => Some((&sending.what, SentState::Sending)),
            WriteStage::Following(following) => {
                Some((&following.what, SentState::Following(&following.follow)))
            }
            WriteStage::Over(finished) => Some((
                &finished.what,
                SentState::Over {
                    words: &finished.words,
                    is_good: finished.is_good,
                    since: finished.since,
                },
            )),
            WriteStage::Orphan(orphan) => {
                let (words, since) = orphan.said.as_ref()?;
                let is_good = false;
                let since = *since;
                Some((
                    &orphan.what,
                    SentState::Over {
                        words,
                        is_good,
                        since,
                    },
                ))
            }
        }
    }

    /// When it changes by itself.
    pub(super) fn due(&self, now: At) -> Option<At> {
        let due = match self {
            WriteStage::Reading(_)
            | WriteStage::Queued(_)
            | WriteStage::Asking
            | WriteStage::Sending(_) => [None, None],
            WriteStage::Recording(awaited) => [Some(awaited.due()), None],
            WriteStage::Following(following) => [following.follow.due(now), None],
            WriteStage::Over(finished) => [Some(finished.due()), None],
            WriteStage::Orphan(orphan) => orphan.due(),
        };
        let due = due.into_iter().flatten();
        due.filter(|at| at.mono_ms > now.mono_ms)
            .min_by_key(|at| at.mono_ms)
    }
}
