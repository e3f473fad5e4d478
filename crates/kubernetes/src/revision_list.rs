//! The revisions of a namespace, read once: what was rolled out, when and why. Nothing is tried again by itself.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::sync::mpsc;

use super::cluster::Cluster;
use super::decode::{FromWire, Item};
use super::intern::{Intern, message};
use super::managers;
use super::paths;
use super::problem;
use super::request::{self, Target};
use super::watch::{Input, Request};
use super::wire::apps;
use super::wire::meta::ObjectMeta;
use super::wire::{NoRow, Wire};
use super::workloads::{CHANGE_CAUSE, RESTARTED_AT, REVISION, images};
use model::changes::{ChangeAuthor, ChangeField, ChangeSpan, FieldManager};
use model::cluster::{Problem, Scope};
use model::owner::Owner;
use model::revision_list::{RevisionKind, RevisionList, RevisionRow};

/// The revisions that a `ReplicaSet` stood for before it was rolled back to.
const HISTORY: &str = "deployment.kubernetes.io/revision-history";
/// Workloads of one list of which it is asked who wrote their template, those that got theirs last: a request each.
const AUTHORS_MAX: usize = 8;
/// Chunks of the answer that may wait to be looked through.
const CHUNKS: usize = 4;

impl FromWire<apps::ReplicaSet> for RevisionRow {
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
        Ok((row, meta.resource_version))
    }
}

impl FromWire<apps::ControllerRevision> for RevisionRow {
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
        Ok((row, meta.resource_version))
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
        made_by: None,
    })
}

/// Reads those of a namespace that belong to these workloads.
pub(super) async fn read(
    cluster: &Arc<Cluster>,
    list: &RevisionList,
    workloads: &[Owner],
) -> Result<Vec<RevisionRow>, Problem> {
    let scope = Scope::Namespace(list.namespace.clone());
    let target = Target::of(list.kind.kind(), scope);
    let mut rows = match list.kind {
        RevisionKind::ReplicaSet => rows::<apps::ReplicaSet>(cluster, target, workloads).await?,
        RevisionKind::ControllerRevision => {
            rows::<apps::ControllerRevision>(cluster, target, workloads).await?
        }
    };
    for at in youngest(&rows) {
        if let Some(workload) = rows[at].owner.clone() {
            rows[at].made_by = made_by(cluster, &workload, &rows[at]).await;
        }
    }
    Ok(rows)
}

/// The places of the latest revisions of the workloads that got theirs last.
fn youngest(rows: &[RevisionRow]) -> Vec<usize> {
    let mut latest: BTreeMap<&Owner, usize> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| !row.is_reused) {
        if let Some(owner) = &row.owner {
            let known = latest.entry(owner).or_insert(at);
            if rows[*known].number < row.number {
                *known = at;
            }
        }
    }
    let mut places: Vec<usize> = latest.into_values().collect();
    places.sort_by_key(|at| Reverse(rows[*at].created));
    places.truncate(AUTHORS_MAX);
    places
}

/// Who wrote the template of a workload at the time at which this revision was made of it.
async fn made_by(cluster: &Cluster, workload: &Owner, row: &RevisionRow) -> Option<FieldManager> {
    let kind = workload.kind.watched()?;
    let path = paths::object(kind, Some(row.namespace.raw()), workload.name.raw());
    let managers = managers::read_at(cluster, &path, None, ChangeField::Template).await?;
    let made_s = row.created?.unix();
    let span = ChangeSpan {
        from_s: made_s,
        until_s: made_s,
    };
    ChangeAuthor::of(&managers, span).manager().cloned()
}

async fn rows<W: Wire>(
    cluster: &Arc<Cluster>,
    target: Target,
    workloads: &[Owner],
) -> Result<Vec<RevisionRow>, Problem>
where
    RevisionRow: FromWire<W>,
{
    let words = target.words();
    let workloads: BTreeSet<&Owner> = workloads.iter().collect();
    let (inputs, mut heard) = mpsc::channel::<Input<RevisionRow>>(CHUNKS);
    // Whatever the server has at hand: the newest revision may be a moment away, and is asked for again then.
    let request = Request::List {
        version: "0".to_owned(),
    };
    let asking = request::run::<W, _>(Arc::clone(cluster), target, request, inputs);
    let taking = async {
        let mut rows = Vec::new();
        while let Some(input) = heard.recv().await {
            match input {
                Input::Items(items) => {
                    rows.extend(items.into_iter().filter_map(|item| match item {
                        Item::Applied(row, _) => {
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
                | Input::Buffered
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
