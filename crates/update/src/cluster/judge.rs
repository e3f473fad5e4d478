//! What pods are judged by beside their own rows: workloads, nodes and Events. A change of it judges them anew.

use std::collections::BTreeSet;

use super::apply;
use crate::pane;
use model::events::EventRow;
use model::message::WatchChange;
use model::nodes::NodeRow;
use model::pods::PodRow;
use model::time::Seconds;
use model::watched::{self, Cluster, Watched};
use model::workload::WorkloadRow;
use model::{Model, nodes, workload};
use text::Outside;

/// Applies a change of workloads; true when one has all its pods now that had not, or the other way round.
pub(super) fn workloads(
    watched: &mut Watched<WorkloadRow>,
    change: WatchChange<WorkloadRow>,
) -> bool {
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
pub(super) fn again_if(is_other: bool, model: &mut Model, is_meant: impl Fn(&PodRow) -> bool) {
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
pub(super) fn warnings(cluster: &mut Cluster, change: WatchChange<EventRow>) {
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

/// Pods of nodes that are not ready now and were before, or the other way round, are judged anew.
pub(super) fn nodes(model: &mut Model, change: WatchChange<NodeRow>) {
    let before = failed(&model.cluster);
    apply(&mut model.cluster.serving.nodes, change, nodes::stand);
    let after = failed(&model.cluster);
    let others = before.symmetric_difference(&after);
    let others: BTreeSet<Outside> = others.map(|(name, _)| name.clone()).collect();
    again_if(!others.is_empty(), model, |pod| {
        pod.node.as_ref().is_some_and(|node| others.contains(node))
    });
}

/// Nodes that are not ready, and whether they are silent.
fn failed(cluster: &Cluster) -> BTreeSet<(Outside, bool)> {
    let sick = cluster.serving.sick_nodes();
    let failed = sick.take_while(|node| !node.is_ready());
    failed
        .map(|node| (node.name.clone(), node.is_silent()))
        .collect()
}
