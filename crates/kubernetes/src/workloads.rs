//! A Deployment, `StatefulSet` or `DaemonSet` from the wire to its row.

use super::configs::reads;
use super::decode::FromWire;
use super::intern::{Intern, message};
use super::pods::condition;
use super::wire::NoRow;
use super::wire::meta::{ObjectMeta, Pair};
use super::wire::{apps, core};
use model::workload::{
    DeploymentFields, KindFields, StatefulSetFields, UpdateStrategy, WorkloadRow,
};
use text::Outside;

/// Where the Deployment controller writes the revision.
pub(super) const REVISION: &str = "deployment.kubernetes.io/revision";
/// Where people and pipelines say why.
pub(super) const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";
/// Where `kubectl rollout restart` writes.
pub(super) const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";
/// API default of `progressDeadlineSeconds`.
const PROGRESS_DEADLINE_S: u32 = 600;

/// What all three kinds have, under tags and names of their own.
struct Common {
    observed_generation: i64,
    selector: Option<apps::LabelSelector>,
    template: apps::PodTemplateSpec,
    strategy: String,
    wanted: i32,
    current: i32,
    updated: i32,
    ready: i32,
    available: i32,
}

impl Common {
    fn row(
        self,
        meta: ObjectMeta,
        of_kind: KindFields,
        intern: &mut Intern,
    ) -> Result<(WorkloadRow, String), NoRow> {
        let selector = self.selector.unwrap_or_default();
        let row = WorkloadRow {
            meta: meta.of_row(intern)?,
            generation: meta.generation,
            observed_generation: self.observed_generation,
            change_cause: meta.annotation(CHANGE_CAUSE).and_then(message),
            restarted_at: self.template.annotation(RESTARTED_AT).and_then(message),
            images: images(&self.template, intern),
            reads: self
                .template
                .spec
                .as_ref()
                .and_then(|spec| reads(spec, intern)),
            labels: labels(&self.template, intern),
            selector: sorted(&selector.match_labels, intern),
            wanted: count(self.wanted),
            current: count(self.current),
            updated: count(self.updated),
            ready: count(self.ready),
            available: count(self.available),
            strategy: match self.strategy.as_str() {
                "Recreate" => UpdateStrategy::Recreate,
                "OnDelete" => UpdateStrategy::OnDelete,
                _ => UpdateStrategy::RollingUpdate,
            },
            of_kind,
        };
        Ok((row, meta.resource_version))
    }
}

impl FromWire<apps::Deployment> for WorkloadRow {
    fn from_wire(wire: apps::Deployment, intern: &mut Intern) -> Result<(Self, String), NoRow> {
        let meta = wire.metadata.ok_or(NoRow)?;
        let spec = wire.spec.unwrap_or_default();
        let status = wire.status.unwrap_or_default();
        let mut find = |kind: &str| {
            let mut all = status.conditions.iter();
            let wire = all.find(|condition| condition.kind == kind)?;
            Some(condition(&core::Condition::from(wire.clone()), intern))
        };
        let deadline = spec.progress_deadline_seconds;
        let fields = DeploymentFields {
            revision: meta.annotation(REVISION).and_then(|text| text.parse().ok()),
            is_paused: spec.paused,
            progress_deadline_s: deadline.map_or(PROGRESS_DEADLINE_S, count),
            progressing: find("Progressing"),
            replica_failure: find("ReplicaFailure").map(Box::new),
        };
        let common = Common {
            observed_generation: status.observed_generation,
            selector: spec.selector,
            template: spec.template.unwrap_or_default(),
            strategy: spec.strategy.unwrap_or_default().kind,
            wanted: spec.replicas.unwrap_or(1),
            current: status.replicas,
            updated: status.updated_replicas,
            ready: status.ready_replicas,
            available: status.available_replicas,
        };
        common.row(meta, KindFields::Deployment(fields), intern)
    }
}

impl FromWire<apps::StatefulSet> for WorkloadRow {
    fn from_wire(wire: apps::StatefulSet, intern: &mut Intern) -> Result<(Self, String), NoRow> {
        let meta = wire.metadata.ok_or(NoRow)?;
        let spec = wire.spec.unwrap_or_default();
        let status = wire.status.unwrap_or_default();
        let strategy = spec.update_strategy.unwrap_or_default();
        let fields = StatefulSetFields {
            partition: count(strategy.rolling_update.unwrap_or_default().partition),
            is_parallel: spec.pod_management_policy == "Parallel",
            update_revision: intern.share_some(&status.update_revision),
        };
        let common = Common {
            observed_generation: status.observed_generation,
            selector: spec.selector,
            template: spec.template.unwrap_or_default(),
            strategy: strategy.kind,
            wanted: spec.replicas.unwrap_or(1),
            current: status.replicas,
            updated: status.updated_replicas,
            ready: status.ready_replicas,
            available: status.available_replicas,
        };
        common.row(meta, KindFields::StatefulSet(fields), intern)
    }
}

impl FromWire<apps::DaemonSet> for WorkloadRow {
    fn from_wire(wire: apps::DaemonSet, intern: &mut Intern) -> Result<(Self, String), NoRow> {
        let meta = wire.metadata.ok_or(NoRow)?;
        let spec = wire.spec.unwrap_or_default();
        let status = wire.status.unwrap_or_default();
        let common = Common {
            observed_generation: status.observed_generation,
            selector: spec.selector,
            template: spec.template.unwrap_or_default(),
            strategy: spec.update_strategy.unwrap_or_default().kind,
            wanted: status.desired_number_scheduled,
            current: status.current_number_scheduled,
            updated: status.updated_number_scheduled,
            ready: status.number_ready,
            available: status.number_available,
        };
        common.row(meta, KindFields::DaemonSet, intern)
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
fn labels(template: &apps::PodTemplateSpec, intern: &mut Intern) -> Box<[(Outside, Outside)]> {
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

fn count(number: i32) -> u32 {
    u32::try_from(number).unwrap_or(0)
}
