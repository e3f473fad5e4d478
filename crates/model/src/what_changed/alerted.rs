//! What the alerts that fire name: where no pod is sick, that is what the page is about.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::Model;
use crate::alert::AlertRow;
use crate::link::{self, LinkTarget};
use text::Outside;

/// Alerts that are followed to what they name, the first to fire first: a page is drawn with each frame.
const FOLLOWED_MAX: usize = 200;
/// Alerts named beside one object; the others are counted.
const NAMED_MAX: usize = 3;

/// An object that firing alerts name.
#[derive(Clone, Debug)]
pub struct AlertedObject {
    /// A workload stands for its pods.
    pub target: LinkTarget,
    /// Names of the alerts.
    pub alerts: BTreeSet<Outside>,
    /// When the first of them began to fire, in this machine's time.
    pub since: DateTime<Utc>,
}

/// The objects that the firing alerts name, the first to be named first. Alerts that always fire name none.
pub fn alerted(model: &Model) -> Vec<AlertedObject> {
    let mut objects: BTreeMap<LinkTarget, AlertedObject> = BTreeMap::new();
    for (since, alert) in firing(model).into_iter().take(FOLLOWED_MAX) {
        for target in link::named_by(&alert.labels, &model.cluster) {
            let target = match target {
                LinkTarget::Pod {
                    workload: Some(workload),
                    ..
                } => LinkTarget::Workload(workload),
                LinkTarget::Pod { .. }
                | LinkTarget::Workload(_)
                | LinkTarget::Node(_)
                | LinkTarget::Namespace(_) => target,
            };
            let object = objects
                .entry(target.clone())
                .or_insert_with(|| AlertedObject {
                    target,
                    alerts: BTreeSet::new(),
                    since,
                });
            object.alerts.insert(alert.name.clone());
        }
    }
    let mut objects: Vec<AlertedObject> = objects.into_values().collect();
    objects.sort_by(|one, other| (one.since, &one.target).cmp(&(other.since, &other.target)));
    objects
}

/// When the first of the alerts that fire began.
pub(super) fn first(model: &Model) -> Option<DateTime<Utc>> {
    firing(model).first().map(|(since, _)| *since)
}

fn firing(model: &Model) -> Vec<(DateTime<Utc>, &AlertRow)> {
    let alerts = model.alerts.watched.table.rows();
    let firing = alerts.filter(|alert| alert.is_firing());
    let mut firing: Vec<_> = firing
        .filter_map(|alert| Some((model.of_alerts(alert.starts_at?), alert)))
        .collect();
    firing.sort_by_key(|(since, alert)| (*since, &alert.uid));
    firing
}

impl AlertedObject {
    /// Where it is, if it is in a namespace.
    pub fn namespace(&self) -> Option<&Outside> {
        match &self.target {
            LinkTarget::Pod { namespace, .. } | LinkTarget::Namespace(namespace) => Some(namespace),
            LinkTarget::Workload(workload) => Some(&workload.namespace),
            LinkTarget::Node(_) => None,
        }
    }

    /// Namespace and name of the workload, or of a pod without one.
    pub fn workload(&self) -> Option<(&Outside, &Outside)> {
        match &self.target {
            LinkTarget::Pod {
                namespace, name, ..
            } => Some((namespace, name)),
            LinkTarget::Workload(workload) => Some((&workload.namespace, &workload.name)),
            LinkTarget::Node(_) | LinkTarget::Namespace(_) => None,
        }
    }

    /// `checkout in shop: HighErrorRate`.
    pub(super) fn words(&self) -> String {
        let object = match &self.target {
            LinkTarget::Node(name) => format!("node {}", name.raw()),
            LinkTarget::Namespace(name) => format!("namespace {}", name.raw()),
            LinkTarget::Pod { .. } | LinkTarget::Workload(_) => {
                let place = self.workload();
                place.map_or(String::new(), |(namespace, name)| {
                    format!("{} in {}", name.raw(), namespace.raw())
                })
            }
        };
        let names: Vec<&str> = self.alerts.iter().map(Outside::raw).collect();
        let named = names[..names.len().min(NAMED_MAX)].join(", ");
        let more = names.len().saturating_sub(NAMED_MAX);
        let more = (more > 0).then(|| format!(" and {more} more"));
        format!("{object}: {named}{}", more.unwrap_or_default())
    }
}
