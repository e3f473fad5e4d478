//! What the watches say, into the tables. What belongs to an older epoch is dropped.

mod judge;

use super::overlay::yaml;
use super::{changes, pane, serving, usage, write};
use model::Model;
use model::cluster::{Connection, Health, Scope};
use model::detail::Detail;
use model::link::WorkloadName;
use model::message::{
    ClusterEffect, ClusterMsg, Effect, Read, ReadAnswer, TableChange, WatchChange,
};
use model::meta::Row;
use model::meta::Uid;
use model::rollout_list::RolloutList;
use model::table::{Standing, by_name};
use model::time::Seconds;
use model::watched::{self, Cluster, Watched};

/// More names of unreadable objects than this are not kept.
const MAX_UNREADABLE: usize = 50;

pub(super) fn update(model: &mut Model, msg: ClusterMsg) -> Vec<Effect> {
    let epoch_now = model.cluster.epoch;
    match msg {
        ClusterMsg::Table { epoch, change } => {
            // What the rollouts pane counts is counted anew even when the change itself is too old to be taken.
            outdate(&mut model.rollout_list, &change);
            if epoch == epoch_now {
                table(model, change);
            }
        }
        ClusterMsg::Read { epoch, answer } => {
            if epoch == epoch_now {
                return read(model, answer);
            }
        }
        ClusterMsg::Connected(connection) => connected(&mut model.cluster, connection),
        ClusterMsg::NotConnected { context, problem } => {
            let cluster = &mut model.cluster;
            if cluster.context.raw() == &*context {
                (cluster.refused, cluster.waits_for) = (Some(problem), None);
            }
        }
        ClusterMsg::Credentials { context, problem } => {
            if model.cluster.context.raw() == &*context {
                model.cluster.unrenewed = problem;
            }
        }
        ClusterMsg::Waiting { context, what } => {
            let cluster = &mut model.cluster;
            if cluster.context.raw() == &*context {
                (cluster.refused, cluster.waits_for) = (None, Some(what));
            }
        }
        ClusterMsg::Narrowed {
            epoch,
            scope,
            words,
        } => {
            if epoch == epoch_now {
                let cluster = &mut model.cluster;
                cluster.switch(cluster.context.clone(), scope);
                cluster.limit = Some(words);
            }
        }
        ClusterMsg::Usage {
            epoch,
            namespace,
            answer,
        } => {
            if epoch == epoch_now {
                usage::on_answer(model, namespace, answer);
            }
        }
        ClusterMsg::Clock { context, skew_s } => clock(model, &context, skew_s),
    }
    Vec::new()
}

/// The question whose answer is dropped after a switch.
pub(super) fn ask(model: &Model, what: Read) -> Effect {
    Effect::Cluster(ClusterEffect::Read {
        context: model.cluster.context.raw().into(),
        epoch: model.cluster.epoch,
        what,
    })
}

fn outdate(list: &mut RolloutList, change: &TableChange) {
    match change {
        // Whether pods are missing is said by the row.
        TableChange::Deployments(_) | TableChange::StatefulSets(_) | TableChange::DaemonSets(_) => {
            (list.is_stale, list.is_miscounted) = (true, true);
        }
        TableChange::Pods(WatchChange::Batch { .. } | WatchChange::Synced { .. })
        | TableChange::Nodes(WatchChange::Batch { .. } | WatchChange::Synced { .. })
        | TableChange::Warnings(WatchChange::Batch { .. } | WatchChange::Synced { .. }) => {
            list.is_miscounted = true;
        }
        _ => {}
    }
}

fn table(model: &mut Model, change: TableChange) {
    let now = Seconds::from(model.server_now());
    let cluster = &mut model.cluster;
    match change {
        TableChange::Pods(change) => {
            let (pods, circumstances) = cluster.pods_to_judge();
            let stand = pane::pod_standing(&model.screen, circumstances, now);
            apply(pods, change, stand);
        }
        TableChange::Deployments(change) => {
            let is_other = judge::workloads(&mut cluster.deployments, change);
            judge::again_if(is_other, model, |pod| pod.phase.is_over());
        }
        TableChange::StatefulSets(change) => {
            let is_other = judge::workloads(&mut cluster.statefulsets, change);
            judge::again_if(is_other, model, |pod| pod.phase.is_over());
        }
        TableChange::DaemonSets(change) => {
            let is_other = judge::workloads(&mut cluster.daemonsets, change);
            judge::again_if(is_other, model, |pod| pod.phase.is_over());
        }
        TableChange::Namespaces(change) => {
            apply(&mut cluster.namespaces, change, by_name);
        }
        TableChange::Warnings(change) => {
            judge::warnings(cluster, change);
        }
        TableChange::Services(change) => serving::services(&mut cluster.serving, change),
        TableChange::EndpointSlices(change) => serving::endpoints(&mut cluster.serving, change),
        TableChange::Nodes(change) => judge::nodes(model, change),
        TableChange::ConfigMaps(change) => {
            apply(&mut cluster.configs.configmaps, change, by_name);
        }
        TableChange::Secrets(change) => {
            apply(&mut cluster.configs.secrets, change, by_name);
        }
        TableChange::Autoscalers(change) => {
            apply(&mut cluster.configs.autoscalers, change, by_name);
        }
        TableChange::Detail(object, change) => on_detail(cluster, &object, change),
        TableChange::DetailEvents(object, change) => {
            let seen = cluster.detail.as_mut();
            if let Some(seen) = seen.filter(|seen| seen.object.uid == object) {
                apply(&mut seen.events, change, watched::stand_event);
            }
        }
    }
}

/// All that was judged by another clock is judged anew.
fn clock(model: &mut Model, context: &str, skew_s: i64) {
    model.cluster.skews.insert(context.into(), skew_s);
    let now = Seconds::from(model.server_now());
    let (pods, circumstances) = model.cluster.pods_to_judge();
    let stand = pane::pod_standing(&model.screen, circumstances, now);
    pods.table.refresh(|_| true, stand);
    let list = &mut model.rollout_list;
    (list.is_stale, list.is_miscounted) = (true, true);
    model.logs.is_outdated = true;
}

fn read(model: &mut Model, answer: ReadAnswer) -> Vec<Effect> {
    match answer {
        ReadAnswer::History(workload, read) => {
            pane::on_history(model, &workload, read.as_deref());
            return write::history(model, &workload, read.as_deref());
        }
        ReadAnswer::Yaml(object, read) => yaml::on_read(model, &object, &read),
        // What was rolled out is no table: `rollouts` takes it.
        ReadAnswer::Revisions(..) => {}
        ReadAnswer::Managers(uid, field, managers) => {
            return changes::on_managers(model, uid, field, managers.as_deref());
        }
    }
    Vec::new()
}

fn connected(cluster: &mut Cluster, connection: Connection) {
    if cluster.context.raw() != &*connection.context {
        return;
    }
    let namespace = connection.namespace.clone();
    let namespace = namespace.filter(|_| cluster.awaits_namespace);
    (cluster.refused, cluster.waits_for) = (None, None);
    (cluster.unrenewed, cluster.awaits_namespace) = (None, false);
    cluster.contexts.clone_from(&connection.contexts);
    cluster.connection = Some(connection);
    if let Some(namespace) = namespace {
        cluster.switch(cluster.context.clone(), Scope::Namespace(namespace));
    }
}

/// How the pods of a workload ended before this moment is past: they are judged anew.
pub(super) fn recovered(model: &mut Model, workload: &WorkloadName, since: Seconds) {
    model.cluster.recovered.insert(workload.clone(), since);
    judge::again_if(true, model, |pod| {
        WorkloadName::of_pod(pod).as_ref() == Some(workload)
    });
}

fn on_detail(cluster: &mut Cluster, object: &Uid, change: WatchChange<Detail>) {
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
            watched.on_list();
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
        WatchChange::Health(health) => watched.on_health(health),
    }
}
