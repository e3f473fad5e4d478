//! The `ReplicaSets` of a namespace, read once: what was rolled out, when and why. Nothing is tried again by itself.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::cluster::Cluster;
use super::decode::{FromWire, Item, NoRow};
use super::intern::{Intern, message};
use super::problem;
use super::request::{self, Target};
use super::watch::{Input, Request};
use super::wire::apps;
use super::workloads::{CHANGE_CAUSE, RESTARTED_AT, REVISION, images};
use model::cluster::{Kind, Problem, Scope};
use model::replicasets::ReplicaSetRow;
use text::Outside;

/// The revisions that a `ReplicaSet` stood for before it was rolled back to.
const HISTORY: &str = "deployment.kubernetes.io/revision-history";
/// Chunks of the answer that may wait to be looked through.
const CHUNKS: usize = 4;

impl FromWire<apps::ReplicaSet> for ReplicaSetRow {
    fn from_wire(wire: apps::ReplicaSet, intern: &mut Intern) -> Result<(Self, String), NoRow> {
        let meta = wire.metadata.ok_or(NoRow)?;
        let template = wire.spec.unwrap_or_default().template.unwrap_or_default();
        let controller = meta
            .owner_references
            .iter()
            .find(|owner| owner.controller && owner.kind == "Deployment");
        let row = ReplicaSetRow {
            meta: meta.of_row(intern)?,
            deployment: controller.map(|owner| intern.share(&owner.name)),
            revision: meta.annotation(REVISION).and_then(|text| text.parse().ok()),
            is_reused: meta
                .annotation(HISTORY)
                .is_some_and(|text| !text.is_empty()),
            was: meta
                .annotation(HISTORY)
                .and_then(|text| text.rsplit(',').next()?.trim().parse().ok()),
            change_cause: meta.annotation(CHANGE_CAUSE).and_then(message),
            restarted_at: template.annotation(RESTARTED_AT).and_then(message),
            images: images(&template, intern),
        };
        Ok((row, meta.resource_version))
    }
}

/// Reads those of a namespace that belong to these Deployments.
pub(super) async fn read(
    cluster: &Arc<Cluster>,
    namespace: &Outside,
    deployments: &[Outside],
) -> Result<Vec<ReplicaSetRow>, Problem> {
    let target = Target::of(Kind::ReplicaSet, Scope::Namespace(namespace.clone()));
    let words = target.words();
    let (inputs, mut heard) = mpsc::channel::<Input<ReplicaSetRow>>(CHUNKS);
    // Whatever the server has at hand: the newest revision may be a moment away, and is asked for again then.
    let request = Request::List {
        version: "0".to_owned(),
    };
    let asking = request::run::<apps::ReplicaSet, _>(Arc::clone(cluster), target, request, inputs);
    let taking = async {
        let mut rows = Vec::new();
        while let Some(input) = heard.recv().await {
            match input {
                Input::Items(items) => rows.extend(items.into_iter().filter_map(|item| {
                    match item {
                        Item::Applied(row, _) => row
                            .deployment
                            .as_ref()
                            .is_some_and(|name| deployments.contains(name))
                            .then_some(row),
                        Item::Deleted(..)
                        | Item::Bookmark { .. }
                        | Item::Error(_)
                        | Item::Unreadable(_)
                        | Item::Strange => None,
                    }
                })),
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
