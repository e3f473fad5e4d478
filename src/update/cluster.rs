//! What the watches say, into the tables. What belongs to an older epoch is dropped.

use super::{pane, write, yaml};
use crate::message::{ClusterMsg, Effect, WatchChange};
use crate::model::Model;
use crate::model::cluster::{Health, Scope};
use crate::model::detail::Detail;
use crate::model::pods::Uid;
use crate::model::table::{Row, Standing};
use crate::model::time::Seconds;
use crate::model::watched::{self, Cluster, Watched};
use crate::model::workload;

/// More names of unreadable objects than this are not kept.
const MAX_UNREADABLE: usize = 50;

pub(super) fn update(model: &mut Model, msg: ClusterMsg) -> Vec<Effect> {
    let now = Seconds::from(model.now.wall);
    let epoch_now = model.cluster.epoch;
    if let ClusterMsg::History {
        epoch,
        workload,
        read,
    } = msg
    {
        if epoch == epoch_now {
            pane::heard_history(model, &workload, read.as_deref());
            write::history(model, &workload, read.as_deref());
        }
        return Vec::new();
    }
    if let ClusterMsg::Yaml {
        epoch,
        object,
        read,
    } = msg
    {
        if epoch == epoch_now {
            yaml::hear(model, &object, &read);
        }
        return Vec::new();
    }
    let list = &mut model.rollout_list;
    match &msg {
        // Whether pods are missing is said by the row.
        ClusterMsg::Deployments { .. }
        | ClusterMsg::StatefulSets { .. }
        | ClusterMsg::DaemonSets { .. } => (list.is_stale, list.is_miscounted) = (true, true),
        ClusterMsg::Pods {
            change: WatchChange::Batch { .. } | WatchChange::Synced { .. },
            ..
        }
        | ClusterMsg::Warnings {
            change: WatchChange::Batch { .. } | WatchChange::Synced { .. },
            ..
        } => list.is_miscounted = true,
        _ => {}
    }
    let cluster = &mut model.cluster;
    match msg {
        ClusterMsg::Pods { epoch, change } if epoch == epoch_now => {
            let stand = pane::pod_standing(&model.screen, now);
            apply(&mut cluster.pods, change, stand);
        }
        ClusterMsg::Deployments { epoch, change } if epoch == epoch_now => {
            apply(&mut cluster.deployments, change, workload::stand_deployment);
        }
        ClusterMsg::StatefulSets { epoch, change } if epoch == epoch_now => {
            apply(&mut cluster.statefulsets, change, workload::stand_statefulset)
        }
        ClusterMsg::DaemonSets { epoch, change } if epoch == epoch_now => {
            apply(&mut cluster.daemonsets, change, workload::stand_daemonset)
        }
        ClusterMsg::Namespaces { epoch, change } if epoch == epoch_now => {
            apply(&mut cluster.namespaces, change, watched::stand_namespace)
        }
        ClusterMsg::Warnings { epoch, change } if epoch == epoch_now => {
            apply(&mut cluster.warnings, change, watched::stand_event)
        }
        ClusterMsg::Serving { epoch, news } if epoch == epoch_now => {
            super::serving::hear(&mut cluster.serving, news);
        }
        ClusterMsg::Detail {
            epoch,
            object,
            change,
        } if epoch == epoch_now => look(cluster, &object, change),
        ClusterMsg::DetailEvents {
            epoch,
            object,
            change,
        } if epoch == epoch_now => {
            if let Some(seen) = cluster
                .detail
                .as_mut()
                .filter(|seen| seen.object.uid == object)
            {
                apply(&mut seen.events, change, watched::stand_event);
            }
        }
        ClusterMsg::Connected(connection) => {
            if cluster.context.raw() == &*connection.context {
                let namespace = connection
                    .namespace
                    .clone()
                    .filter(|_| cluster.awaits_namespace);
                (cluster.refused, cluster.awaits_namespace) = (None, false);
                cluster.connection = Some(connection);
                if let Some(namespace) = namespace {
                    cluster.switch(cluster.context.clone(), Scope::Namespace(namespace));
                }
            }
        }
        ClusterMsg::NotConnected { context, problem } => {
            if cluster.context.raw() == &*context {
                cluster.refused = Some(problem);
            }
        }
        ClusterMsg::Narrowed {
            epoch,
            scope,
            words,
        } if epoch == epoch_now => {
            cluster.switch(cluster.context.clone(), scope);
            cluster.limit = Some(words);
        }
        ClusterMsg::Clock { skew_s } => cluster.skew_s = skew_s,
        ClusterMsg::Pods { .. }
        | ClusterMsg::Deployments { .. }
        | ClusterMsg::StatefulSets { .. }
        | ClusterMsg::DaemonSets { .. }
        | ClusterMsg::Namespaces { .. }
        | ClusterMsg::Warnings { .. }
        | ClusterMsg::Serving { .. }
        | ClusterMsg::Detail { .. }
        | ClusterMsg::DetailEvents { .. }
        | ClusterMsg::Narrowed { .. }
        // What was rolled out is no table: `rollouts` hears it.
        | ClusterMsg::ReplicaSets { .. }
        | ClusterMsg::History { .. }
        | ClusterMsg::Scaler { .. }
        | ClusterMsg::Yaml { .. } => {}
    }
    Vec::new()
}

fn look(cluster: &mut Cluster, object: &Uid, change: WatchChange<Detail>) {
    let Some(seen) = cluster
        .detail
        .as_mut()
        .filter(|seen| seen.object.uid == *object)
    else {
        return;
    };
    match change {
        WatchChange::Batch { rows, gone, .. } => {
            if let Some(detail) = rows.into_iter().last() {
                (seen.detail, seen.is_gone) = (Some(detail), false);
            }
            seen.is_gone |= !gone.is_empty();
        }
        WatchChange::Health(health) => seen.health = health,
        WatchChange::Begin { .. } | WatchChange::Synced { .. } => {}
    }
}

/// One change of a watch, into its table.
pub(super) fn apply<R: Row>(
    watched: &mut Watched<R>,
    change: WatchChange<R>,
    mut stand: impl FnMut(&R) -> Standing,
) {
    match change {
        WatchChange::Begin { generation } => {
            watched.unreadable.clear();
            watched.table.begin(generation);
        }
        WatchChange::Batch {
            rows,
            gone,
            unreadable,
        } => {
            for row in rows {
                watched.table.apply(row, &mut stand);
            }
            for uid in &gone {
                watched.table.remove(uid);
            }
            let room = MAX_UNREADABLE.saturating_sub(watched.unreadable.len());
            watched.unreadable.extend(unreadable.into_iter().take(room));
            if let Health::Listing { rows } = &mut watched.health {
                *rows = u32::try_from(watched.table.counts().total).unwrap_or(u32::MAX);
            }
        }
        WatchChange::Synced { generation } => {
            watched.table.sweep(generation);
            watched.is_complete = true;
        }
        WatchChange::Health(health) => watched.health = health,
    }
}
