//! What a message of a watch changes of what is known: the rows that it brings beside the rows that are there. Concludes
//! nothing from the first list, and nothing from what is not still so after a silence.

use super::deletions;
use super::parts::{of_autoscaler, of_namespace, of_node};
use super::seen::{Seen, Unserved};
use model::Model;
use model::changes::{PodDeletions, SeenChange};
use model::cluster::Kind;
use model::message::{ClusterMsg, Msg, TableChange};

/// What was noticed in one message.
#[derive(Debug, Default)]
pub(crate) struct Noticed {
    pub(super) changes: Vec<SeenChange>,
    /// Pods that begin to be deleted, each with the workload that did not do it as far as can be said now.
    pub(super) deleted: Vec<PodDeletions>,
    /// The Services without a ready endpoint before the message, when it is about them.
    pub(super) unserved: Option<Unserved>,
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
