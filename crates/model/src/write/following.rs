//! After the request was applied: the rollout is followed to its verdict, which is shown for a while.

use super::stage::{TargetedChange, WriteStage};
use super::step::{Stepped, WriteEntry, WriteEntryKind, WriteEvent, WriteOutput};
use crate::Model;
use crate::cluster::Health;
use crate::entry::EntryId;
use crate::link::WorkloadName;
use crate::time::{At, Seconds};
use crate::workload::alerts;
use crate::workload::follow::{Follow, FollowView, Verdict};
use text::Outside;

/// What is over stays in the strip for this long.
pub(super) const SHOWN_AFTER_MS: u64 = 30_000;

/// A write that the server applied.
#[derive(Debug)]
pub struct Following {
    pub what: TargetedChange,
    /// `None` when it went without a record.
    pub intent: Option<EntryId>,
    pub follow: Follow,
}

/// A write that is over.
#[derive(Debug)]
pub struct Finished {
    pub what: TargetedChange,
    pub words: Outside,
    /// It went as wanted.
    pub is_good: bool,
    pub since: At,
}

impl Following {
    pub(super) fn step(mut self: Box<Self>, event: &WriteEvent, model: &Model) -> Stepped {
        match event {
            WriteEvent::Settled => match self.news(model) {
                Some(news) => {
                    let outputs = self.report(&news, model);
                    (Some(self.after(news, model)), outputs)
                }
                None => (Some(WriteStage::Following(self)), Vec::new()),
            },
            WriteEvent::Revisions(_)
            | WriteEvent::Uncovered
            | WriteEvent::Yes { .. }
            | WriteEvent::YesWithoutRecord(_)
            | WriteEvent::No
            | WriteEvent::Saved(_)
            | WriteEvent::NotSaved { .. }
            | WriteEvent::Answered { .. }
            | WriteEvent::ReadBack(_) => (Some(WriteStage::Following(self)), Vec::new()),
        }
    }

    /// Judges by rows that are live; what is stale proves nothing.
    fn news(&mut self, model: &Model) -> Option<Verdict> {
        let cluster = &model.cluster;
        if self.follow.epoch != cluster.epoch {
            return Some(Verdict::given_up("another scope is watched now"));
        }
        let target = &self.what.target;
        let is_seen = cluster
            .workload_health(target.kind)
            .is_some_and(Health::is_current);
        if !is_seen || !cluster.pods.health.is_current() {
            self.follow.lose_sight();
            return None;
        }
        let stopped = self.follow.look_at_alerts(model);
        self.follow.step(FollowView {
            now: model.now,
            server_now: Seconds::from(model.server_now()),
            row: cluster.workload(&target.uid),
            refusal: model
                .rollout_list
                .evidence
                .get(&target.uid)
                .and_then(|evidence| evidence.refusal.as_ref()),
            alerts: &|row| alerts::firing(model, row),
            stopped,
            circumstances: cluster.circumstances(),
            pods: cluster
                .pods
                .table
                .rows()
                .filter(|pod| pod.is_of(target.kind, &target.namespace, &target.name)),
        })
    }

    /// What is recorded when the console ends before there was a last verdict.
    pub fn on_leaving(&self) -> WriteEntry {
        self.entry(Verdict::given_up("the console stopped"))
    }

    fn entry(&self, verdict: Verdict) -> WriteEntry {
        WriteEntry {
            what: self.what.clone(),
            refers_to: self.intent,
            incident: None,
            kind: WriteEntryKind::Verdict(Box::new(verdict)),
        }
    }

    fn report(&self, news: &Verdict, model: &Model) -> Vec<WriteOutput> {
        let target = &self.what.target;
        let words = format!("{}: {}", target.name.raw(), news.words.raw()).into();
        let recovered = || {
            let workload = WorkloadName {
                kind: target.kind.into(),
                namespace: target.namespace.clone(),
                name: target.name.clone(),
            };
            let server_now = Seconds::from(model.server_now());
            let since = self.follow.applied(model.now, server_now);
            WriteOutput::Recovered(workload, since, self.intent)
        };
        let mut outputs = vec![
            if news.is_good {
                WriteOutput::Say(words)
            } else {
                WriteOutput::Complain(words)
            },
            WriteOutput::Record(Box::new(self.entry(news.clone()))),
        ];
        outputs.extend(news.is_healed.then(recovered));
        outputs
    }

    fn after(self: Box<Self>, news: Verdict, model: &Model) -> WriteStage {
        if !news.is_over {
            return WriteStage::Following(self);
        }
        WriteStage::Over(Box::new(Finished {
            what: self.what,
            words: news.words,
            is_good: news.is_good,
            since: model.now,
        }))
    }
}

impl Finished {
    pub(super) fn step(self: Box<Self>, event: &WriteEvent, model: &Model) -> Stepped {
        match event {
            WriteEvent::Settled if model.now.since_ms(self.since) >= SHOWN_AFTER_MS => {
                (None, Vec::new())
            }
            WriteEvent::Settled
            | WriteEvent::Revisions(_)
            | WriteEvent::Uncovered
            | WriteEvent::Yes { .. }
            | WriteEvent::YesWithoutRecord(_)
            | WriteEvent::No
            | WriteEvent::Saved(_)
            | WriteEvent::NotSaved { .. }
            | WriteEvent::Answered { .. }
            | WriteEvent::ReadBack(_) => (Some(WriteStage::Over(self)), Vec::new()),
        }
    }

    /// When it is shown no longer.
    pub(super) fn due(&self) -> At {
        self.since.plus_ms(SHOWN_AFTER_MS)
    }
}
