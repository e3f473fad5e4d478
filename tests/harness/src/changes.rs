//! What others change, played by the test: what is asked about it, what the server answers, and what becomes of it.

use std::num::NonZeroU64;

use model::changes::{ChangeField, FieldManager};
use model::cluster::{Health, NamespaceRow, Problem, ProblemClass};
use model::configs::{AutoscalerRow, ConfigNames, ConfigRow};
use model::entry::{Draft, Entry};
use model::message::{
    ClusterEffect, ClusterMsg, Effect, Msg, Read, ReadAnswer, StoreEffect, StoreMsg, TableChange,
    WatchChange,
};
use model::meta::Meta;
use model::meta::Uid;
use model::owner::Owner;
use model::time::{At, Seconds};
use model::workload::WorkloadRow;

use super::console::Console;

/// A manager of the field that is asked about, at this time.
pub fn manager(name: &str, at: i64) -> FieldManager {
    FieldManager {
        name: name.into(),
        at: Some(Seconds::new(at)),
        owns_field: true,
        subresource: None,
    }
}

pub fn namespace(name: &str, is_terminating: bool) -> NamespaceRow {
    let uid = format!("namespace-{name}").into();
    NamespaceRow {
        meta: Meta::plain(uid, "".into(), name.into()),
        is_terminating,
    }
}

/// A `ConfigMap` or a Secret of `shop`.
pub fn config(name: &str, version: u64) -> ConfigRow {
    let meta = Meta {
        version: NonZeroU64::new(version),
        ..Meta::plain(format!("config-{name}").into(), "shop".into(), name.into())
    };
    ConfigRow { meta }
}

/// The autoscaler of `shop/checkout`.
pub fn autoscaler(min: u32, max: u32, version: u64) -> AutoscalerRow {
    AutoscalerRow {
        meta: Meta {
            version: NonZeroU64::new(version),
            ..Meta::plain("hpa-checkout".into(), "shop".into(), "scaler".into())
        },
        target: Owner {
            kind: "Deployment".into(),
            name: "checkout".into(),
        },
        min,
        max,
    }
}

/// The workload with what its pods read.
pub fn reading(row: WorkloadRow, configmaps: &[&str], secrets: &[&str]) -> WorkloadRow {
    let names = |names: &[&str]| names.iter().map(|name| (*name).into()).collect();
    WorkloadRow {
        reads: Some(Box::new(ConfigNames {
            configmaps: names(configmaps),
            secrets: names(secrets),
        })),
        ..row
    }
}

/// A watch that has not heard of the server since then.
pub fn stale(heard: At) -> Health {
    Health::Stale {
        heard: Some(heard),
        problem: Problem {
            class: ProblemClass::Unreachable,
            what: "watch: the connection broke".into(),
            next: "wait".into(),
        },
        retry: None,
    }
}

impl Console {
    /// Rows of a table that changed, without a list.
    pub fn changed<R>(&mut self, rows: Vec<R>, table: fn(WatchChange<R>) -> TableChange) {
        self.table(table(WatchChange::Batch {
            rows,
            gone: Vec::new(),
            unreadable: Vec::new(),
        }));
    }

    /// An object of a table is gone.
    pub fn went<R>(&mut self, uid: &str, table: fn(WatchChange<R>) -> TableChange) {
        self.table(table(WatchChange::Batch {
            rows: Vec::new(),
            gone: vec![uid.into()],
            unreadable: Vec::new(),
        }));
    }

    /// A complete list that says what there is now.
    pub fn relisted<R>(
        &mut self,
        generation: u32,
        rows: Vec<R>,
        table: fn(WatchChange<R>) -> TableChange,
    ) {
        self.table(table(WatchChange::Begin { generation }));
        self.changed(rows, table);
        self.table(table(WatchChange::Synced { generation }));
        let heard = self.at;
        self.table(table(WatchChange::Health(Health::Live { heard })));
    }

    /// The questions who wrote to an object, since the last time this was asked for.
    pub fn questions(&mut self) -> Vec<(Uid, ChangeField)> {
        let (asked, rest) = std::mem::take(&mut self.effects)
            .into_iter()
            .partition::<Vec<_>, _>(|effect| {
                matches!(
                    effect,
                    Effect::Cluster(ClusterEffect::Read {
                        what: Read::Managers(..),
                        ..
                    })
                )
            });
        self.effects = rest;
        let asked = asked.into_iter().filter_map(|effect| match effect {
            Effect::Cluster(ClusterEffect::Read {
                what: Read::Managers(object, field),
                ..
            }) => Some((object.uid, field)),
            _ => None,
        });
        asked.collect()
    }

    /// The server answers the only question that is open.
    pub fn managed_by(&mut self, managers: Vec<FieldManager>) {
        let questions = self.questions();
        let [(uid, field)] = &questions[..] else {
            panic!("asked: {questions:?}");
        };
        self.managers(uid, *field, Some(managers));
    }

    pub fn managers(&mut self, uid: &Uid, field: ChangeField, managers: Option<Vec<FieldManager>>) {
        let epoch = self.model.cluster.epoch;
        self.send(Msg::Cluster(ClusterMsg::Read {
            epoch,
            answer: ReadAnswer::Managers(uid.clone(), field, managers),
        }));
    }

    /// What the console gave to the store by itself since the last time this was asked for.
    pub fn appended(&mut self) -> Vec<Draft> {
        let effects = std::mem::take(&mut self.effects);
        let appended = effects.into_iter().filter_map(|effect| match effect {
            Effect::Store(StoreEffect::Append(drafts)) => Some(drafts),
            _ => None,
        });
        appended.flatten().collect()
    }

    /// `kind: title` of it.
    pub fn told(&mut self) -> Vec<String> {
        let drafts = self.appended().into_iter();
        drafts
            .map(|draft| format!("{}: {}", draft.kind.word(), draft.title.raw()))
            .collect()
    }

    /// What the console gave to the store is on disk.
    pub fn keep(&mut self) -> Vec<Draft> {
        let drafts = self.appended();
        self.stored(drafts.clone());
        drafts
    }

    /// These entries are on disk.
    pub fn stored(&mut self, drafts: Vec<Draft>) {
        let recorded_at = self.at.wall;
        let entries = drafts.into_iter().map(|draft| Entry {
            recorded_at,
            draft,
            writer: "test".into(),
            seq: 1,
            hash: "".into(),
        });
        let entries = entries.collect();
        self.send(Msg::Store(StoreMsg::Appended(entries)));
    }
}
