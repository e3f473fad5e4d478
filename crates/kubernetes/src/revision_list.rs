//! The revisions of a namespace, read once: what was rolled out, when and why. Nothing is tried again by itself.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::cluster::Cluster;
use super::decode::{FromWire, Item, NoRow};
use super::deployments::{CHANGE_CAUSE, RESTARTED_AT, REVISION, images};
use super::intern::{Intern, message};
use super::problem;
use super::request::{self, Target};
use super::watch::{Input, Request};
use super::wire::apps;
use super::wire::meta::ObjectMeta;
use model::cluster::{Problem, Scope};
use model::meta::{Meta, Row};
use model::revision_list::{RevisionKind, RevisionList, RevisionRow};
use model::workload::owner::Owner;

/// The revisions that a `ReplicaSet` stood for before it was rolled back to.
const HISTORY: &str = "deployment.kubernetes.io/revision-history";
/// Chunks of the answer that may wait to be looked through.
const CHUNKS: usize = 4;

/// A revision out of a `ReplicaSet`.
#[derive(Debug, PartialEq)]
pub(crate) struct OfReplicaSet(pub(crate) RevisionRow);

/// A revision out of a `ControllerRevision`.
#[derive(Debug, PartialEq)]
pub(crate) struct OfController(pub(crate) RevisionRow);

impl Row for OfReplicaSet {
    fn meta(&self) -> &Meta {
        &self.0.meta
    }
}

impl Row for OfController {
    fn meta(&self) -> &Meta {
        &self.0.meta
    }
}

impl From<OfReplicaSet> for RevisionRow {
    fn from(row: OfReplicaSet) -> RevisionRow {
        row.0
    }
}

impl From<OfController> for RevisionRow {
    fn from(row: OfController) -> RevisionRow {
        row.0
    }
}

impl FromWire for OfReplicaSet {
    type Wire = apps::ReplicaSet;

    fn from_wire(wire: apps::ReplicaSet, intern: &mut Intern) -> Result<(Self, String), NoRow> {
        let meta = wire.metadata.ok_or(NoRow)?;
        let template = wire.spec.unwrap_or_default().template.unwrap_or_default();
        let history = meta.annotation(HISTORY);
        let row = RevisionRow {
            number: meta.annotation(REVISION).and_then(|text| text.parse().ok()),
            is_reused: history.is_some_and(|text| !text.is_empty()),
            was: history.and_then(|text| text.rsplit(',').next()?.trim().parse().ok()),
            ..plain(&meta, &template, intern)?
        };
        Ok((OfReplicaSet(row), meta.resource_version))
    }
}

impl FromWire for OfController {
    type Wire = apps::ControllerRevision;

    fn from_wire(
        wire: apps::ControllerRevision,
        intern: &mut Intern,
    ) -> Result<(Self, String), NoRow> {
        let meta = wire.metadata.ok_or(NoRow)?;
        let data = wire.data.unwrap_or_default();
        // Other controllers may keep something else in it.
        let data: apps::RevisionData = serde_json::from_slice(&data.raw).unwrap_or_default();
        let template = data.spec.template.unwrap_or_default();
        let row = RevisionRow {
            number: u64::try_from(wire.revision).ok(),
            ..plain(&meta, &template, intern)?
        };
        Ok((OfController(row), meta.resource_version))
    }
}

/// Without a number.
fn plain(
    meta: &ObjectMeta,
    template: &apps::PodTemplateSpec,
    intern: &mut Intern,
) -> Result<RevisionRow, NoRow> {
    let controller = meta.owner_references.iter().find(|owner| owner.controller);
    Ok(RevisionRow {
        meta: meta.of_row(intern)?,
        owner: controller.map(|owner| Owner {
            kind: owner.kind.as_str().into(),
            name: intern.share(&owner.name),
        }),
        number: None,
        is_reused: false,
        was: None,
        change_cause: meta.annotation(CHANGE_CAUSE).and_then(message),
        restarted_at: template.annotation(RESTARTED_AT).and_then(message),
        images: images(template, intern),
    })
}

/// Reads those of a namespace that belong to these workloads.
pub(super) async fn read(
    cluster: &Arc<Cluster>,
    list: &RevisionList,
    workloads: &[Owner],
) -> Result<Vec<RevisionRow>, Problem> {
    let target = Target {
        group: "/apis/apps/v1",
        plural: list.kind.kind().plural(),
        scope: Scope::Namespace(list.namespace.clone()),
        fields: None,
        limit: None,
    };
    match list.kind {
        RevisionKind::ReplicaSet => rows::<OfReplicaSet>(cluster, target, workloads).await,
        RevisionKind::ControllerRevision => rows::<OfController>(cluster, target, workloads).await,
    }
}

async fn rows<R: FromWire + Into<RevisionRow>>(
    cluster: &Arc<Cluster>,
    target: Target,
    workloads: &[Owner],
) -> Result<Vec<RevisionRow>, Problem> {
    let words = target.words();
    let (inputs, mut heard) = mpsc::channel::<Input<R>>(CHUNKS);
    // Whatever the server has at hand: the newest revision may be a moment away, and is asked for again then.
    let request = Request::List {
        version: "0".to_owned(),
    };
    let asking = request::run(Arc::clone(cluster), target, request, inputs);
    let taking = async {
        let mut rows = Vec::new();
        while let Some(input) = heard.recv().await {
            match input {
                Input::Items(items) => {
                    rows.extend(items.into_iter().filter_map(|item| match item {
                        Item::Applied(row, _) => {
                            let row: RevisionRow = row.into();
                            let owner = row.owner.as_ref();
                            let is_wanted = owner.is_some_and(|owner| workloads.contains(owner));
                            is_wanted.then_some(row)
                        }
                        Item::Deleted(..)
                        | Item::Bookmark { .. }
                        | Item::Error(_)
                        | Item::Unreadable(_)
                        | Item::Strange => None,
                    }))
                }
                Input::Refused(refusal) => {
                    return Err(problem::refused(&format!("list {words}"), &refusal));
                }
                Input::Failed(problem) | Input::Broken(problem) => return Err(problem),
                Input::Start
                | Input::Wake
                | Input::Retry
                | Input::Sent
                | Input::Held(..)
                | Input::Opened
                | Input::Version(_)
                | Input::Ended
                | Input::Probed(_) => {}
            }
        }
        Ok(rows)
    };
    let ((), rows) = tokio::join!(asking, taking);
    rows
}
