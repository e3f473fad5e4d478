//! What pods use is asked for only while it is shown: in the wide list of pods, and on the page of a pod.

use std::collections::BTreeSet;

use model::Model;
use model::cluster::{Kind, Problem};
use model::screen::{DetailPage, OverlayState, Pane};
use model::usage::{MeasuredNamespace, NAMESPACES_MAX, PodUsage};
use text::Outside;

use super::pane;

/// The namespaces whose pods' use is shown now.
pub(super) fn shown(model: &Model) -> BTreeSet<Outside> {
    let pages = model.screen.overlays.iter().filter_map(DetailPage::of);
    let pods = pages.filter(|page| page.object.kind == Kind::Pod);
    let mut shown: BTreeSet<Outside> = pods
        .filter_map(|page| page.object.namespace.clone())
        .collect();
    if view::layout::of(model).shows_usage(model) {
        let table = &model.cluster.pods.table;
        let height = pane::height(model, Pane::Pods);
        let top = model.screen.pods.top_line(table, height);
        let rows = (top..top + height).map_while(|line| table.row_at(line));
        for (pod, _) in rows {
            if shown.len() >= NAMESPACES_MAX {
                break;
            }
            shown.insert(pod.namespace.clone());
        }
    }
    shown
}

pub(super) fn on_answer(
    model: &mut Model,
    namespace: Outside,
    answer: Result<Vec<PodUsage>, Problem>,
) {
    let measured = match answer {
        Ok(pods) => {
            let pods = pods.into_iter().map(|pod| (pod.name.clone(), pod));
            MeasuredNamespace::Known(pods.collect())
        }
        Err(problem) => MeasuredNamespace::Unknown(problem),
    };
    model
        .cluster
        .measured
        .namespaces
        .insert(namespace, measured);
}

/// What nobody looks at any more is let go: when it is shown again it is measured anew.
pub(super) fn settle(model: &mut Model) {
    if model.cluster.measured.namespaces.is_empty() {
        return;
    }
    let shown = shown(model);
    let namespaces = &mut model.cluster.measured.namespaces;
    namespaces.retain(|namespace, _| shown.contains(namespace));
}
