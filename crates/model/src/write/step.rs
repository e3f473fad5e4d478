//! What happens to a write, and what follows from it. Pure: a stage and an event in; the next stage and what is to be done
//! out. The first half of its life is here; [`answered`](super::answered), [`following`](super::following) and
//! [`orphan`](super::orphan) have the rest.

use super::dialog::{Dialog, Proposal, SecondYes};
use super::list::Done;
use super::stage::{Reading, Sending, TargetedChange, Write, WriteStage};
use super::{AwaitedRecord, Confirmed, Receipt, SeenValue, Target, WriteAnswer};
use crate::Model;
use crate::cluster::Problem;
use crate::entry::{Draft, EntryId};
use crate::kind::Outcome;
use crate::link::WorkloadName;
use crate::message::WriteEffect;
use crate::time::Seconds;
use crate::workload::baseline::Baseline;
use crate::workload::follow::Verdict;
use text::Outside;

/// What happens to a write.
#[derive(Debug)]
#[cfg_attr(
    test,
    derive(strum::EnumDiscriminants),
    strum_discriminants(name(EventName), derive(strum::EnumIter))
)]
pub enum WriteEvent {
    /// The revisions of a rollback have been read: its dialog, or why there is none.
    Revisions(Result<Box<Dialog>, String>),
    /// Nothing lies over the panes.
    Uncovered,
    /// A person said yes.
    Yes {
        confirmed: Confirmed,
        /// The intent of the write that this one takes back.
        undoes: Option<EntryId>,
        /// Its own intent, to be recorded.
        intent: Box<Draft>,
    },
    /// A person goes on without a record.
    YesWithoutRecord(SecondYes),
    /// A person withdraws it.
    No,
    /// The store has this entry on disk.
    Saved(EntryId),
    /// The store could not save this entry.
    NotSaved { entry: EntryId, why: Outside },
    /// What became of the request.
    Answered { answer: WriteAnswer, took_ms: u64 },
    /// What the server has now, or why nothing could be read.
    ReadBack(Result<SeenValue, Problem>),
    /// Time has passed, or rows have changed.
    Settled,
}

/// What is to be done after a step.
#[derive(Debug)]
pub enum WriteOutput {
    /// Lay its dialog over the panes, and ask its checks.
    Open(Box<Dialog>),
    /// Close its dialog.
    Close,
    /// The dialog asks whether to go on without a record.
    AskUnrecorded(Outside),
    /// Queue the same question anew, with the value as it is now.
    AskAgain {
        target: Target,
        proposal: Proposal,
        /// Why it opens by itself.
        banner: Outside,
    },
    /// Save the intent.
    Save(Box<Draft>),
    /// Save what came of it.
    Record(Box<WriteEntry>),
    Effect(WriteEffect),
    /// For the status line.
    Say(Outside),
    /// The same, as an error.
    Complain(Outside),
    /// It can be taken back from now on.
    Remember(Done),
    /// The write with this intent was taken back.
    Forget(EntryId),
    /// The workload is healed by a write of then, by the server's clock; and the intent of that write.
    Recovered(WorkloadName, Seconds, Option<EntryId>),
}

/// An entry of the timeline about a write that was confirmed.
#[derive(Clone, Debug, PartialEq)]
pub struct WriteEntry {
    pub what: TargetedChange,
    /// The intent that it belongs to.
    pub refers_to: Option<EntryId>,
    /// The incident of that intent, where an earlier console recorded it.
    pub incident: Option<EntryId>,
    pub kind: WriteEntryKind,
}

/// What it says.
#[derive(Clone, Debug, PartialEq)]
pub enum WriteEntryKind {
    /// What became of the request.
    Result {
        outcome: Outcome,
        words: String,
        /// HTTP status, where there was one, and how long it took; `None` when this console sent no request.
        request: Option<(Option<u16>, u64)>,
    },
    /// What became of it in the cluster.
    Verdict(Box<Verdict>),
    /// It took back the write that it refers to.
    Undone,
}

/// The next stage, `None` when nothing of the write is left, and what is to be done.
pub(super) type Stepped = (Option<WriteStage>, Vec<WriteOutput>);

impl Write {
    /// `model` is everything but this write.
    pub(super) fn step(
        self,
        event: WriteEvent,
        model: &Model,
    ) -> (Option<Write>, Vec<WriteOutput>) {
        let (stage, outputs) = match self.stage {
            WriteStage::Reading(reading) => step_reading(reading, event, model),
            WriteStage::Queued(dialog) => step_queued(dialog, &event, model),
            WriteStage::Asking => step_asking(event, model),
            WriteStage::Recording(awaited) => step_recording(awaited, event, model),
            WriteStage::Sending(sending) => sending.step(event, model),
            WriteStage::Following(following) => following.step(&event, model),
            WriteStage::Over(finished) => finished.step(&event, model),
            WriteStage::Orphan(orphan) => orphan.step(event, model),
        };
        let write = stage.map(|stage| Write { id: self.id, stage });
        (write, outputs)
    }
}

fn step_reading(reading: Reading, event: WriteEvent, model: &Model) -> Stepped {
    match event {
        WriteEvent::Revisions(_) | WriteEvent::Settled if reading.is_late(model.now) => {
            (None, Vec::new())
        }
        WriteEvent::Revisions(Ok(dialog)) => {
            (Some(WriteStage::Asking), vec![WriteOutput::Open(dialog)])
        }
        WriteEvent::Revisions(Err(why)) => (None, vec![WriteOutput::Complain(why.into())]),
        WriteEvent::No => (None, Vec::new()),
        WriteEvent::Settled
        | WriteEvent::Uncovered
        | WriteEvent::Yes { .. }
        | WriteEvent::YesWithoutRecord(_)
        | WriteEvent::Saved(_)
        | WriteEvent::NotSaved { .. }
        | WriteEvent::Answered { .. }
        | WriteEvent::ReadBack(_) => (Some(WriteStage::Reading(reading)), Vec::new()),
    }
}

/// A question that waits goes with its context.
fn step_queued(dialog: Box<Dialog>, event: &WriteEvent, model: &Model) -> Stepped {
    match event {
        WriteEvent::Settled if dialog.target.context != model.cluster.context => (None, Vec::new()),
        WriteEvent::Uncovered => (Some(WriteStage::Asking), vec![WriteOutput::Open(dialog)]),
        WriteEvent::Settled
        | WriteEvent::Revisions(_)
        | WriteEvent::Yes { .. }
        | WriteEvent::YesWithoutRecord(_)
        | WriteEvent::No
        | WriteEvent::Saved(_)
        | WriteEvent::NotSaved { .. }
        | WriteEvent::Answered { .. }
        | WriteEvent::ReadBack(_) => (Some(WriteStage::Queued(dialog)), Vec::new()),
    }
}

fn step_asking(event: WriteEvent, model: &Model) -> Stepped {
    match event {
        WriteEvent::Yes {
            confirmed,
            undoes,
            intent,
        } => {
            if let Some(ban) = model.write_ban(Some(&confirmed.target().namespace)) {
                let outputs = vec![WriteOutput::Close, WriteOutput::Complain(ban.into())];
                return (None, outputs);
            }
            let awaited = AwaitedRecord::new(confirmed, intent.id, undoes, model.now);
            let stage = WriteStage::Recording(Box::new(awaited));
            (Some(stage), vec![WriteOutput::Save(intent)])
        }
        WriteEvent::No => (
            None,
            vec![
                WriteOutput::Close,
                WriteOutput::Say("nothing was sent".into()),
            ],
        ),
        WriteEvent::Revisions(_)
        | WriteEvent::Uncovered
        | WriteEvent::YesWithoutRecord(_)
        | WriteEvent::Saved(_)
        | WriteEvent::NotSaved { .. }
        | WriteEvent::Answered { .. }
        | WriteEvent::ReadBack(_)
        | WriteEvent::Settled => (Some(WriteStage::Asking), Vec::new()),
    }
}

fn step_recording(awaited: Box<AwaitedRecord>, event: WriteEvent, model: &Model) -> Stepped {
    let undoes = awaited.undoes();
    let unchanged = |awaited| (Some(WriteStage::Recording(awaited)), Vec::new());
    match event {
        WriteEvent::Saved(stored) => match awaited.saved(stored) {
            Ok((confirmed, receipt)) => send(confirmed, receipt, undoes, model),
            Err(awaited) => unchanged(awaited),
        },
        WriteEvent::YesWithoutRecord(yes) => {
            let (confirmed, receipt) = awaited.without_record(yes);
            send(confirmed, receipt, undoes, model)
        }
        WriteEvent::NotSaved { entry, why } if entry == awaited.intent() => {
            ask_unrecorded(*awaited, why)
        }
        WriteEvent::Settled if awaited.is_late(model.now) => {
            ask_unrecorded(*awaited, "the disk has not answered for 2 s".into())
        }
        WriteEvent::No => (None, withdrawn(&awaited)),
        WriteEvent::Settled
        | WriteEvent::NotSaved { .. }
        | WriteEvent::Revisions(_)
        | WriteEvent::Uncovered
        | WriteEvent::Yes { .. }
        | WriteEvent::Answered { .. }
        | WriteEvent::ReadBack(_) => unchanged(awaited),
    }
}

fn ask_unrecorded(awaited: AwaitedRecord, why: Outside) -> Stepped {
    let stage = WriteStage::Recording(Box::new(awaited.asked_about()));
    (Some(stage), vec![WriteOutput::AskUnrecorded(why)])
}

/// What was already on its way to the disk is closed by a result of its own.
fn withdrawn(awaited: &AwaitedRecord) -> Vec<WriteOutput> {
    let result = WriteEntryKind::Result {
        outcome: Outcome::NotSent,
        words: "withdrawn before it was sent".to_owned(),
        request: Some((None, 0)),
    };
    vec![
        WriteOutput::Close,
        WriteOutput::Say("withdrawn: nothing was sent".into()),
        WriteOutput::Record(Box::new(WriteEntry {
            what: TargetedChange::of(awaited.confirmed()),
            refers_to: Some(awaited.intent()),
            incident: None,
            kind: result,
        })),
    ]
}

fn send(confirmed: Confirmed, receipt: Receipt, undoes: Option<EntryId>, model: &Model) -> Stepped {
    let what = TargetedChange::of(&confirmed);
    let target = &what.target;
    let pods = model.cluster.pods.table.rows();
    let own = pods.filter(|pod| pod.is_of(target.kind, &target.namespace, &target.name));
    let baseline = Baseline::of(model, model.cluster.workload(&target.uid), own);
    let intent = receipt.intent();
    let mut outputs = vec![WriteOutput::Close];
    if intent.is_none() {
        outputs.push(WriteOutput::Complain(
            "sent WITHOUT a record on disk".into(),
        ));
    }
    outputs.push(WriteOutput::Effect(WriteEffect::Send(confirmed, receipt)));
    let sending = Sending {
        what,
        intent,
        undoes,
        baseline,
    };
    (Some(WriteStage::Sending(Box::new(sending))), outputs)
}

impl TargetedChange {
    fn of(confirmed: &Confirmed) -> Self {
        TargetedChange {
            target: confirmed.target().clone(),
            change: confirmed.change().clone(),
        }
    }
}

#[cfg(test)]
mod tests;
