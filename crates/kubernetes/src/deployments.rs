//! A Deployment from the wire to its row.

use super::decode::{FromWire, NoRow};
use super::intern::{Intern, message};
use super::wire::apps;
use super::wire::meta::{Pair, seconds};
use model::deployments::DeploymentRow;
use model::pods::Condition;
use text::Outside;

/// Where the Deployment controller writes the revision.
pub(super) const REVISION: &str = "deployment.kubernetes.io/revision";
/// Where people and pipelines say why.
pub(super) const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";
/// Where `kubectl rollout restart` writes.
pub(super) const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";
/// API default of `progressDeadlineSeconds`.
const PROGRESS_DEADLINE_S: u32 = 600;

impl FromWire for DeploymentRow {
    type Wire = apps::Deployment;

    fn from_wire(
        wire: apps::Deployment,
        intern: &mut Intern,
    ) -> Result<(DeploymentRow, String), NoRow> {
        let meta = wire.metadata.ok_or(NoRow)?;
        let spec = wire.spec.unwrap_or_default();
        let status = wire.status.unwrap_or_default();
        let template = spec.template.unwrap_or_default();
        let mut find = |kind: &str| {
            let wire = status
                .conditions
                .iter()
                .find(|condition| condition.kind == kind)?;
            Some(condition(wire, intern))
        };
        let (progressing, availability, replica_failure) = (
            find("Progressing"),
            find("Available"),
            find("ReplicaFailure"),
        );
        let row = DeploymentRow {
            meta: meta.of_row(intern)?,
            generation: meta.generation,
            observed_generation: status.observed_generation,
            revision: meta.annotation(REVISION).and_then(|text| text.parse().ok()),
            change_cause: meta.annotation(CHANGE_CAUSE).and_then(message),
            replicas: count(spec.replicas.unwrap_or(1)),
            is_paused: spec.paused,
            is_recreate: spec
                .strategy
                .is_some_and(|strategy| strategy.kind == "Recreate"),
            progress_deadline_s: spec
                .progress_deadline_seconds
                .map_or(PROGRESS_DEADLINE_S, count),
            restarted_at: template.annotation(RESTARTED_AT).and_then(message),
            images: images(&template, intern),
            selector: sorted(&spec.selector.unwrap_or_default().match_labels, intern),
            labels: labels(&template, intern),
            current: count(status.replicas),
            updated: count(status.updated_replicas),
            ready: count(status.ready_replicas),
            available: count(status.available_replicas),
            progressing,
            availability,
            replica_failure,
        };
        Ok((row, meta.resource_version))
    }
}

pub(super) fn condition(wire: &apps::DeploymentCondition, intern: &mut Intern) -> Condition {
    Condition {
        is_true: wire.status == "True",
        since: seconds(wire.last_transition_time),
        reason: intern.share_some(&wire.reason),
        message: message(&wire.message),
    }
}

/// Protobuf keeps the server's order of a map, JSON sorts it: rows must not differ by that.
pub(super) fn sorted(pairs: &[Pair], intern: &mut Intern) -> Box<[(Outside, Outside)]> {
    let mut sorted: Vec<_> = pairs
        .iter()
        .map(|pair| (intern.share(&pair.key), intern.share(&pair.value)))
        .collect();
    sorted.sort();
    sorted.into()
}

/// Labels of the pods of a template.
pub(super) fn labels(
    template: &apps::PodTemplateSpec,
    intern: &mut Intern,
) -> Box<[(Outside, Outside)]> {
    let meta = template.metadata.as_ref();
    sorted(meta.map_or(&[], |meta| &meta.labels), intern)
}

/// Images of the containers of a template, in order.
pub(super) fn images(template: &apps::PodTemplateSpec, intern: &mut Intern) -> Box<[Outside]> {
    let containers = template.spec.iter().flat_map(|spec| &spec.containers);
    containers
        .map(|container| intern.share(&container.image))
        .collect()
}

pub(super) fn count(number: i32) -> u32 {
    u32::try_from(number).unwrap_or(0)
}
