//! The rows that a message brings, beside those that are there.

use std::collections::BTreeSet;

use super::parts::{StampedPart, of_workload};
use model::Model;
use model::changes::{ChangeMoment, ChangePart, SeenChange};
use model::cluster::{Kind, NamespaceRow, ObjectRef};
use model::configs::ConfigRow;
use model::message::WatchChange;
use model::meta::{Meta, Row, Uid};
use model::serving::Name;
use model::watched::Watched;
use model::workload::WorkloadRow;
use model::write::Change;
use text::Outside;

/// How Services stand before a message.
#[derive(Debug)]
pub(super) struct Unserved {
    pub(super) before: BTreeSet<Name>,
    pub(super) moment: ChangeMoment,
}

/// The model before the message.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) model: &'a Model,
}

impl Seen<'_> {
    pub(super) fn moment<R>(self, watched: &Watched<R>) -> ChangeMoment {
        ChangeMoment {
            seen: self.model.now,
            after: watched.silent_since,
            stamped: None,
        }
    }

    /// What is said by rows that are there before and after, and by those that go.
    pub(super) fn rows<R: Row>(
        self,
        kind: Kind,
        watched: &Watched<R>,
        change: &WatchChange<R>,
        parts: impl Fn(&R, &R) -> Vec<StampedPart>,
    ) -> Vec<SeenChange> {
        let moment = self.moment(watched);
        let mut changes = Vec::new();
        let mut push = |meta: &Meta, part, stamped| {
            changes.push(SeenChange {
                object: object(kind, meta),
                part,
                moment: ChangeMoment { stamped, ..moment },
            });
        };
        if let WatchChange::Batch { rows, .. } = change {
            for row in rows {
                let meta = row.meta();
                let Some(before) = watched.table.get(&meta.uid) else {
                    continue;
                };
                // What is older than the row that is there is not taken either.
                let versions = meta.version.zip(before.meta().version);
                if versions.is_some_and(|(new, old)| new < old) {
                    continue;
                }
                for (part, stamped) in parts(before, row) {
                    push(meta, part, stamped);
                }
            }
        }
        for row in gone(watched, change) {
            if !self.goes_with_its_namespace(row.meta()) {
                push(row.meta(), ChangePart::Deleted, None);
            }
        }
        changes
    }

    pub(super) fn workloads(
        self,
        watched: &Watched<WorkloadRow>,
        change: &WatchChange<WorkloadRow>,
    ) -> Vec<SeenChange> {
        let parts = |before: &WorkloadRow, row: &WorkloadRow| {
            let parts = of_workload(before, row).into_iter();
            let others = parts.filter(|part| !self.is_own(row, part));
            others.map(|part| (part, None)).collect()
        };
        // All rows of a table are of one kind.
        let mut rows = watched.table.rows();
        let kind = rows.next().map_or(Kind::Deployment, WorkloadRow::kind);
        self.rows(kind, watched, change, parts)
    }

    /// `ConfigMaps` or Secrets, as far as workloads of the board read them: those of others change all day long.
    pub(super) fn configs(
        self,
        kind: Kind,
        watched: &Watched<ConfigRow>,
        change: &WatchChange<ConfigRow>,
    ) -> Vec<SeenChange> {
        let readers = |meta: &Meta| -> Vec<Outside> {
            let rows = self.model.cluster.workloads();
            let rows = rows.filter(|row| *row.namespace() == meta.namespace);
            let mut names: Vec<Outside> = rows
                .filter(|row| row.reads(kind, &meta.name))
                .map(|row| row.name().clone())
                .collect();
            names.sort();
            names
        };
        let parts = |before: &ConfigRow, row: &ConfigRow| {
            if before.version == row.version {
                return Vec::new();
            }
            let used_by = readers(&row.meta);
            let part = (!used_by.is_empty()).then_some(ChangePart::Content { used_by });
            part.map(|part| (part, None)).into_iter().collect()
        };
        let mut changes = self.rows(kind, watched, change, parts);
        changes.retain(|change| {
            let is_read = |row: &WorkloadRow| {
                Some(row.namespace()) == change.object.namespace.as_ref()
                    && row.reads(kind, &change.object.name)
            };
            change.part != ChangePart::Deleted || self.model.cluster.workloads().any(is_read)
        });
        changes
    }

    /// This console made it: its write is on the timeline.
    fn is_own(self, row: &WorkloadRow, part: &ChangePart) -> bool {
        let ChangePart::Replicas { to, .. } = part else {
            return false;
        };
        self.model.writes.sent().any(|(what, _)| {
            let sets_it = matches!(what.change, Change::Scale { to: ours, .. } if ours == *to);
            what.target.uid == *row.uid() && sets_it
        })
    }

    /// That its namespace is deleted is said once.
    pub(super) fn goes_with_its_namespace(self, meta: &Meta) -> bool {
        let mut namespaces = self.model.cluster.namespaces.table.rows();
        let is_it = |row: &&NamespaceRow| row.name == meta.namespace;
        let namespace = namespaces.find(is_it);
        namespace.is_some_and(|namespace| namespace.is_terminating)
    }

    pub(super) fn unserved<R>(self, watched: &Watched<R>) -> Option<Unserved> {
        let serving = &self.model.cluster.serving;
        let unready = serving.unready();
        serving.is_known().then(|| Unserved {
            before: unready.into_iter().map(|(name, _)| name.clone()).collect(),
            moment: self.moment(watched),
        })
    }
}

pub(super) fn object(kind: Kind, meta: &Meta) -> ObjectRef {
    let namespace = Some(meta.namespace.clone()).filter(|namespace| !namespace.is_empty());
    ObjectRef {
        kind,
        namespace,
        name: meta.name.clone(),
        uid: meta.uid.clone(),
    }
}

/// Rows that are there and go with this change.
pub(super) fn gone<'a, R: Row>(
    watched: &'a Watched<R>,
    change: &'a WatchChange<R>,
) -> Box<dyn Iterator<Item = &'a R> + 'a> {
    match change {
        WatchChange::Batch { gone, .. } => {
            let rows = gone.iter();
            Box::new(rows.filter_map(|uid: &Uid| watched.table.get(uid)))
        }
        WatchChange::Synced { generation } if watched.is_complete => {
            Box::new(watched.table.unlisted(*generation))
        }
        WatchChange::Synced { .. } | WatchChange::Begin { .. } | WatchChange::Health(_) => {
            Box::new(std::iter::empty())
        }
    }
}
