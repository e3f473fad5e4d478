//! What the watches say, into the tables. What belongs to an older epoch is dropped.

use std::collections::BTreeSet;

use super::overlay::yaml;
use super::{pane, serving, write};
use model::cluster::{Connection, Health, Scope};
use model::detail::Detail;
use model::events::EventRow;
use model::message::{
    ClusterEffect, ClusterMsg, Effect, Read, ReadAnswer, TableChange, WatchChange,
};
use model::meta::Row;
use model::pods::{PodRow, Uid};
use model::rollout_list::RolloutList;
use model::table::Standing;
use model::time::Seconds;
use model::watched::{self, Cluster, Watched};
use model::workload::WorkloadRow;
use model::{Model, nodes, workload};
use text::Outside;

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
            let is_other = apply_workloads(&mut cluster.deployments, change);
            rejudge_if(is_other, model, |pod| pod.phase.is_over());
        }
        TableChange::StatefulSets(change) => {
            let is_other = apply_workloads(&mut cluster.statefulsets, change);
            rejudge_if(is_other, model, |pod| pod.phase.is_over());
        }
        TableChange::DaemonSets(change) => {
            let is_other = apply_workloads(&mut cluster.daemonsets, change);
            rejudge_if(is_other, model, |pod| pod.phase.is_over());
        }
        TableChange::Namespaces(change) => {
            apply(&mut cluster.namespaces, change, watched::stand_namespace);
        }
        TableChange::Warnings(change) => {
            warnings(cluster, change);
        }
        TableChange::Services(change) => serving::services(&mut cluster.serving, change),
        TableChange::EndpointSlices(change) => serving::endpoints(&mut cluster.serving, change),
        TableChange::Nodes(change) => {
            let failed = |cluster: &Cluster| -> BTreeSet<(Outside, bool)> {
                let sick = cluster.serving.sick_nodes();
                let failed = sick.take_while(|node| !node.is_ready());
                failed
                    .map(|node| (node.name.clone(), node.is_silent()))
                    .collect()
            };
            let before = failed(cluster);
            apply(&mut cluster.serving.nodes, change, nodes::stand);
            let after = failed(cluster);
            let others = before.symmetric_difference(&after);
            let others: BTreeSet<Outside> = others.map(|(name, _)| name.clone()).collect();
            rejudge_if(!others.is_empty(), model, |pod| {
                pod.node.as_ref().is_some_and(|node| others.contains(node))
            });
        }
        TableChange::Detail(object, change) => look(cluster, &object, change),
        TableChange::DetailEvents(object, change) => {
            let seen = cluster.detail.as_mut();
            if let Some(seen) = seen.filter(|seen| seen.object.uid == object) {
                apply(&mut seen.events, change, watched::stand_event);
            }
        }
    }
}

/// Applies a change of workloads; true when one has all its pods now that had not, or the other way round.
fn apply_workloads(watched: &mut Watched<WorkloadRow>, change: WatchChange<WorkloadRow>) -> bool {
    let is_other = match &change {
        WatchChange::Batch { rows, gone, .. } => {
            let is_other = |row: &WorkloadRow| {
                let before = watched.table.get(row.uid());
                before.map(WorkloadRow::is_supplied) != Some(row.is_supplied())
            };
            !gone.is_empty() || rows.iter().any(is_other)
        }
        WatchChange::Synced { .. } => true,
        WatchChange::Begin { .. } | WatchChange::Health(_) => false,
    };
    apply(watched, change, workload::stand);
    is_other
}

/// Judges pods anew that did not change themselves: what they are judged by has.
fn rejudge_if(is_other: bool, model: &mut Model, is_meant: impl Fn(&PodRow) -> bool) {
    if !is_other {
        return;
    }
    let now = Seconds::from(model.server_now());
    let (pods, circumstances) = model.cluster.pods_to_judge();
    let stand = pane::pod_standing(&model.screen, circumstances, now);
    pods.table.refresh(&is_meant, stand);
    let meant = pods.table.rows().filter(|pod| is_meant(pod));
    let meant = meant.map(|pod| pod.uid.clone());
    model.observed.outdated.extend(meant);
}

/// Events, and with them the index by what they are about.
fn warnings(cluster: &mut Cluster, change: WatchChange<EventRow>) {
    let (watched, index) = (&mut cluster.warnings, &mut cluster.warning_index);
    if let WatchChange::Batch { rows, gone, .. } = &change {
        for event in gone.iter().filter_map(|uid| watched.table.get(uid)) {
            index.remove(event);
        }
        for event in rows {
            index.add(event);
        }
    }
    let is_whole = matches!(change, WatchChange::Synced { .. });
    apply(watched, change, watched::stand_event);
    if is_whole {
        index.clear();
        for event in watched.table.rows() {
            index.add(event);
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
            pane::heard_history(model, &workload, read.as_deref());
            return write::history(model, &workload, read.as_deref());
        }
        ReadAnswer::Yaml(object, read) => yaml::on_read(model, &object, &read),
        // What was rolled out is no table: `rollouts` takes it.
        ReadAnswer::Revisions(..) | ReadAnswer::Scaler(..) => {}
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
