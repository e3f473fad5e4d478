//! What a message of a watch changes of what is known: the rows that it brings beside the rows that are there. Concludes
//! nothing from the first list, and nothing from what is not still so after a silence.

use std::collections::BTreeSet;

use super::deletions;
use model::Model;
use model::changes::{ChangeMoment, ChangePart, PodDeletions, SeenChange};
use model::cluster::{Kind, NamespaceRow, ObjectRef};
use model::configs::{AutoscalerRow, ConfigRow};
use model::message::{ClusterMsg, Msg, TableChange, WatchChange};
use model::meta::{Meta, Row};
use model::nodes::NodeRow;
use model::pods::Uid;
use model::serving::Name;
use model::time::Seconds;
use model::watched::Watched;
use model::workload::{KindFields, WorkloadRow};
use model::write::Change;
use text::Outside;

/// What was changed, and when, where the cluster says that.
type StampedPart = (ChangePart, Option<Seconds>);

/// What was noticed in one message.
#[derive(Debug, Default)]
pub(crate) struct Noticed {
    pub(super) changes: Vec<SeenChange>,
    /// Pods that begin to be deleted, each with the workload that did not do it as far as can be said now.
    pub(super) deleted: Vec<PodDeletions>,
    /// The Services without a ready endpoint before the message, when it is about them.
    pub(super) unserved: Option<Unserved>,
}

/// How Services stand before a message.
#[derive(Debug)]
pub(super) struct Unserved {
    pub(super) before: BTreeSet<Name>,
    pub(super) moment: ChangeMoment,
}

/// Looks at a message before it is taken into the tables.
pub(crate) fn notice(model: &Model, msg: &Msg) -> Noticed {
    let Msg::Cluster(ClusterMsg::Table { epoch, change }) = msg else {
        return Noticed::default();
    };
    if *epoch != model.cluster.epoch {
        return Noticed::default();
    }
    let cluster = &model.cluster;
    let (seen, mut noticed) = (Seen { model }, Noticed::default());
    match change {
        TableChange::Deployments(change) => {
            noticed.changes = seen.workloads(&cluster.deployments, change);
        }
        TableChange::StatefulSets(change) => {
            noticed.changes = seen.workloads(&cluster.statefulsets, change);
        }
        TableChange::DaemonSets(change) => {
            noticed.changes = seen.workloads(&cluster.daemonsets, change);
        }
        TableChange::Nodes(change) => {
            let nodes = &cluster.serving.nodes;
            noticed.changes = seen.rows(Kind::Node, nodes, change, of_node);
        }
        TableChange::Namespaces(change) => {
            noticed.changes = seen.rows(Kind::Namespace, &cluster.namespaces, change, of_namespace);
        }
        TableChange::Services(change) => {
            let services = &cluster.serving.services;
            noticed.changes = seen.rows(Kind::Service, services, change, |_, _| Vec::new());
            noticed.unserved = seen.unserved(services);
        }
        TableChange::EndpointSlices(_) => {
            noticed.unserved = seen.unserved(&cluster.serving.endpoints);
        }
        TableChange::ConfigMaps(change) => {
            let configmaps = &cluster.configs.configmaps;
            noticed.changes = seen.configs(Kind::ConfigMap, configmaps, change);
        }
        TableChange::Secrets(change) => {
            noticed.changes = seen.configs(Kind::Secret, &cluster.configs.secrets, change);
        }
        TableChange::Autoscalers(change) => {
            let kind = Kind::HorizontalPodAutoscaler;
            noticed.changes = seen.rows(kind, &cluster.configs.autoscalers, change, of_autoscaler);
        }
        TableChange::Pods(change) => noticed.deleted = deletions::begin(seen, change),
        TableChange::Warnings(_) | TableChange::Detail(..) | TableChange::DetailEvents(..) => {}
    }
    noticed
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
    fn rows<R: Row>(
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

    fn workloads(
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
    fn configs(
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

    fn unserved<R>(self, watched: &Watched<R>) -> Option<Unserved> {
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

fn of_workload(before: &WorkloadRow, row: &WorkloadRow) -> Vec<ChangePart> {
    let mut parts = Vec::new();
    // A DaemonSet has no count of its own.
    let has_count = row.of_kind != KindFields::DaemonSet;
    if has_count && before.wanted() != row.wanted() {
        parts.push(ChangePart::Replicas {
            from: before.wanted(),
            to: row.wanted(),
        });
    }
    if before.is_paused() != row.is_paused() {
        parts.push(ChangePart::Paused(row.is_paused()));
    }
    if row.is_paused() && before.images() != row.images() {
        parts.push(ChangePart::Images {
            from: before.images().into(),
            to: row.images().into(),
        });
    }
    parts
}

fn of_node(before: &NodeRow, node: &NodeRow) -> Vec<StampedPart> {
    let mut parts = Vec::new();
    if before.is_cordoned != node.is_cordoned {
        parts.push((ChangePart::Cordoned(node.is_cordoned), None));
    }
    if before.taints != node.taints {
        let (from, to) = (before.taints.clone(), node.taints.clone());
        parts.push((ChangePart::Taints { from, to }, None));
    }
    let since = |node: &NodeRow| node.ready.as_ref().and_then(|ready| ready.since);
    match (before.is_ready(), node.is_ready()) {
        (true, false) => parts.push((ChangePart::NodeFailed(node.failure()), since(node))),
        (false, true) => {
            // Some kubelets stamp their return with their first start.
            let returned = since(node).filter(|at| since(before).is_none_or(|lost| *at >= lost));
            parts.push((ChangePart::NodeReturned, returned));
        }
        (true, true) | (false, false) => {}
    }
    parts
}

fn of_autoscaler(before: &AutoscalerRow, row: &AutoscalerRow) -> Vec<StampedPart> {
    let (from, to) = ((before.min, before.max), (row.min, row.max));
    let part = (from != to).then_some(ChangePart::Limits { from, to });
    part.map(|part| (part, None)).into_iter().collect()
}

fn of_namespace(before: &NamespaceRow, namespace: &NamespaceRow) -> Vec<StampedPart> {
    let begins = !before.is_terminating && namespace.is_terminating;
    let part = begins.then_some((ChangePart::Terminating, None));
    part.into_iter().collect()
}
