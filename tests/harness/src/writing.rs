//! A console with a Deployment to write to: its keys, its store and its cluster, all played by the test.

use std::num::NonZeroU64;

use keys::key::Key;
use model::Model;
use model::cluster::{Health, Scope};
use model::entry::{Draft, Entry};
use model::journal::{StoreFailure, StoreProblem, Token};
use model::message::{
    Effect, Input, Msg, StoreEffect, StoreMsg, TableChange, WatchChange, WriteEffect, WriteMsg,
};
use model::meta::Meta;
use model::settings::Settings;
use model::workload::{
    DeploymentFields, KindFields, StatefulSetFields, UpdateStrategy, WorkloadRow,
};
use model::write::{Change, WriteAnswer, WriteId};
use view::layout;

use super::console::Console;
use super::fixtures::{ago, pod};

/// What comes from a terminal that is read while it shows this: nothing unless it shows a question.
pub fn shown(model: &Model) -> Vec<Msg> {
    let question = layout::question(model);
    let evidence = |question| [Input::FrameWritten(question), Input::FrameShown(question)];
    let inputs = question.into_iter().flat_map(evidence);
    inputs.map(Msg::Input).collect()
}

/// `shop/checkout`, all well.
pub fn checkout(replicas: u32) -> WorkloadRow {
    WorkloadRow {
        meta: Meta {
            uid: "uid-checkout".into(),
            namespace: "shop".into(),
            name: "checkout".into(),
            version: NonZeroU64::new(10),
            created: ago(3 * 86_400),
        },
        generation: 4,
        observed_generation: 4,
        change_cause: None,
        restarted_at: None,
        images: Box::default(),
        labels: Box::new([("app".into(), "checkout".into())]),
        selector: Box::default(),
        wanted: replicas,
        current: replicas,
        updated: replicas,
        ready: replicas,
        available: replicas,
        strategy: UpdateStrategy::RollingUpdate,
        reads: None,
        of_kind: KindFields::Deployment(DeploymentFields {
            revision: Some(41),
            is_paused: false,
            progress_deadline_s: 600,
            progressing: None,
            replica_failure: None,
        }),
    }
}

/// The Deployment with other values in what only a Deployment has.
pub fn with_deployment(
    mut row: WorkloadRow,
    set: impl FnOnce(&mut DeploymentFields),
) -> WorkloadRow {
    match &mut row.of_kind {
        KindFields::Deployment(fields) => set(fields),
        KindFields::StatefulSet(_) | KindFields::DaemonSet => panic!("no Deployment: {row:?}"),
    }
    row
}

/// The StatefulSet with other values in what only a StatefulSet has.
pub fn with_stateful_set(
    mut row: WorkloadRow,
    set: impl FnOnce(&mut StatefulSetFields),
) -> WorkloadRow {
    match &mut row.of_kind {
        KindFields::StatefulSet(fields) => set(fields),
        KindFields::Deployment(_) | KindFields::DaemonSet => panic!("no StatefulSet: {row:?}"),
    }
    row
}

impl Console {
    /// Three pods of `checkout`, the first of them selected, all live.
    pub fn writing(row: WorkloadRow) -> Console {
        Console::writing_with(row, Settings::default())
    }

    pub fn writing_with(row: WorkloadRow, settings: Settings) -> Console {
        let mut console = Console::with(80, 24, settings, Scope::Namespace("shop".into()));
        console.connect();
        console.list(
            ["checkout-7d9f-a", "checkout-7d9f-b", "checkout-7d9f-c"]
                .map(pod)
                .into(),
        );
        console.deployments(vec![row]);
        console.type_keys("g");
        console.effects.clear();
        console
    }

    pub fn deployments(&mut self, rows: Vec<WorkloadRow>) {
        let heard = self.at;
        let changes = [
            WatchChange::Batch {
                rows,
                gone: Vec::new(),
                unreadable: Vec::new(),
            },
            WatchChange::Health(Health::Live { heard }),
        ];
        for change in changes {
            self.table(TableChange::Deployments(change));
        }
    }

    /// The terminal shows the frame of the present state.
    pub fn frame_shown(&mut self) {
        for msg in shown(&self.model) {
            self.send(msg);
        }
    }

    /// The frame is shown, and somebody reads it.
    pub fn read_it(&mut self) {
        self.frame_shown();
        self.advance(1_100);
    }

    /// A key that came together with others.
    pub fn type_crowded(&mut self, key: &str) {
        let key: Key = key.parse().unwrap();
        self.send(Msg::Input(Input::Key { key, alone: false }));
    }

    /// What was to be saved since the last time this was asked for.
    pub fn saves(&mut self) -> Vec<(Token, Draft)> {
        let (saves, rest): (Vec<Effect>, Vec<Effect>) = std::mem::take(&mut self.effects)
            .into_iter()
            .partition(|effect| matches!(effect, Effect::Store(StoreEffect::Save { .. })));
        self.effects = rest;
        saves
            .into_iter()
            .filter_map(|effect| match effect {
                Effect::Store(StoreEffect::Save { token, draft }) => Some((token, *draft)),
                _ => None,
            })
            .collect()
    }

    /// `kind: title` of what was to be saved.
    pub fn titles(&mut self) -> Vec<String> {
        let saves = self.saves();
        saves
            .iter()
            .map(|(_, draft)| format!("{}: {}", draft.kind.word(), draft.title.raw()))
            .collect()
    }

    pub fn saved(&mut self, token: Token, draft: Draft) {
        let entry = Box::new(Entry {
            recorded_at: self.at.wall,
            draft,
            writer: "test".into(),
            seq: 1,
            hash: "".into(),
        });
        self.send(Msg::Store(StoreMsg::Saved { token, entry }));
    }

    pub fn not_saved(&mut self, token: Token) {
        let problem = StoreProblem {
            class: StoreFailure::Full,
            what: "timeline.db: the disk is full".into(),
            next: "free some space".into(),
        };
        self.send(Msg::Store(StoreMsg::NotSaved {
            token,
            problem,
            is_waiting: true,
        }));
    }

    /// The writes that were sent so far: what, and whether it was recorded.
    pub fn sent(&self) -> Vec<(WriteId, Change, bool)> {
        let sent = self.effects.iter().filter_map(|effect| match effect {
            Effect::Write(WriteEffect::Send(confirmed, receipt)) => Some((
                confirmed.write(),
                confirmed.change().clone(),
                receipt.intent().is_some(),
            )),
            _ => None,
        });
        sent.collect()
    }

    /// Confirms what is asked, lets its record be saved; the write that was sent.
    pub fn say_yes(&mut self) -> WriteId {
        self.read_it();
        self.type_keys("y");
        let (token, draft) = self.saves().pop().expect("no intent");
        self.saved(token, draft);
        self.sent().last().expect("nothing was sent").0
    }

    pub fn answered(&mut self, write: WriteId, answer: WriteAnswer) {
        self.send(Msg::Write(WriteMsg::Answered {
            write,
            answer,
            took_ms: 12,
        }));
    }

    /// The restart that was sent is done: all three pods are new and available.
    pub fn restarted(&mut self, version: u64) {
        let Some((_, Change::Restart { at, .. }, _)) = self.sent().pop() else {
            panic!("no restart");
        };
        let pods = ["checkout-8e0a-a", "checkout-8e0a-b", "checkout-8e0a-c"].map(pod);
        self.list(pods.into());
        let mut row = checkout(3);
        row.meta.version = NonZeroU64::new(version);
        self.deployments(vec![WorkloadRow {
            generation: 5,
            observed_generation: 5,
            restarted_at: Some(at),
            ..row
        }]);
        self.titles();
    }

    pub fn applied(&mut self, write: WriteId, version: u64) {
        self.answered(
            write,
            WriteAnswer::Applied {
                resource_version: Some(version),
                tries: 1,
            },
        );
    }
}
