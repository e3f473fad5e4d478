//! A pod from the wire to its row, the same way for both encodings.

mod containers;

use std::sync::Arc;

use super::decode::FromWire;
use super::fold::Fold;
use super::intern::{Intern, message};
use super::wire::NoRow;
use super::wire::core;
use super::wire::meta::{ObjectMeta, seconds};
use model::owner::Owner;
use model::owner::OwnerKind;
use model::pods::{
    Condition, ContainerRow, ContainerState, Phase, PodExtras, PodRow, ReadinessGate, Requirement,
};
use model::workload::waiting::WaitingReason;
use text::Outside;

/// <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template-hash-label>
const TEMPLATE_HASH: &str = "pod-template-hash";
/// The same of `StatefulSets` and `DaemonSets`.
/// <https://kubernetes.io/docs/reference/labels-annotations-taints/#controller-revision-hash>
const REVISION_HASH: &str = "controller-revision-hash";

impl FromWire<core::Pod> for PodRow {
    fn from_wire(wire: core::Pod, intern: &mut Intern) -> Result<(PodRow, String), NoRow> {
        let meta = wire.metadata.ok_or(NoRow)?;
        let spec = wire.spec.unwrap_or_default();
        let status = wire.status.unwrap_or_default();
        let conditions = |kind: &str| {
            status
                .conditions
                .iter()
                .find(move |condition| condition.kind == kind)
        };
        let row = PodRow {
            meta: meta.of_row(intern)?,
            deleted: seconds(meta.deletion_timestamp),
            owner: owner(&meta, intern),
            template_hash: meta
                .label(TEMPLATE_HASH)
                .or_else(|| meta.label(REVISION_HASH))
                .and_then(|hash| intern.share_some(hash)),
            node: intern.share_some(&spec.node_name),
            phase: phase(&status.phase),
            reason: intern.share_some(&status.reason),
            message: message(&status.message),
            ready: conditions("Ready").map(|found| Condition {
                message: None,
                ..condition(found, intern)
            }),
            unscheduled: conditions("PodScheduled")
                .filter(|found| found.status == "False")
                .map(|found| Box::new(condition(found, intern))),
            extras: extras(&meta, &spec, &status, intern),
            containers: containers::of_template(&spec, &status, intern),
            passed: None,
        };
        Ok((row, meta.resource_version))
    }
}

impl Fold for PodRow {
    fn fold(&mut self, mut earlier: PodRow) {
        let before = earlier.passed.take();
        let worst = match before {
            Some(before) if badness(&before) >= badness(&earlier) => before,
            _ => Arc::new(earlier),
        };
        if badness(&worst) > badness(self) {
            self.passed = Some(worst);
        }
    }
}

/// How bad its state is; 0 is well.
fn badness(pod: &PodRow) -> u8 {
    let containers = pod.containers.iter().map(container_badness);
    let not_ready = u8::from(pod.ready.as_ref().is_none_or(|ready| !ready.is_true));
    let failed = if pod.phase == Phase::Failed { 3 } else { 0 };
    containers.max().unwrap_or(0).max(not_ready).max(failed)
}

/// 0 well, 1 not ready, 2 waiting for a reason, 3 ended badly.
fn container_badness(container: &ContainerRow) -> u8 {
    match &container.state {
        ContainerState::Terminated(end) if end.exit_code != 0 => 3,
        ContainerState::Waiting { reason, .. }
            if WaitingReason::of(reason) != WaitingReason::Starting =>
        {
            2
        }
        ContainerState::Terminated(_)
        | ContainerState::Waiting { .. }
        | ContainerState::Unknown
        | ContainerState::Running { .. } => 0,
    }
}

/// What few pods have: nothing of it is kept where it explains nothing.
fn extras(
    meta: &ObjectMeta,
    spec: &core::PodSpec,
    status: &core::PodStatus,
    intern: &mut Intern,
) -> Option<Box<PodExtras>> {
    let is = |kind: &str, is: &str| {
        let mut conditions = status.conditions.iter();
        conditions.any(|condition| condition.kind == kind && condition.status == is)
    };
    let mut extras = PodExtras {
        ephemeral: containers::ephemeral(spec, status, intern),
        ..PodExtras::default()
    };
    let disruption =
        |one: &&core::Condition| one.kind == "DisruptionTarget" && one.status == "True";
    let disruption = status.conditions.iter().find(disruption);
    extras.disruption = disruption.map(|found| condition(found, intern));
    if meta.deletion_timestamp.is_some() {
        extras.finalizers = intern.share_all(&meta.finalizers);
    }
    if !is("Ready", "True") {
        extras.readiness_gate = readiness_gate(spec, status, intern);
    }
    if is("PodScheduled", "False") {
        let gates = spec.scheduling_gates.iter();
        extras.scheduling_gates = gates.map(|gate| intern.share(&gate.name)).collect();
        extras.claims = claims(meta, spec);
        extras.requirements = requirements(spec, intern);
    }
    (extras != PodExtras::default()).then(|| Box::new(extras))
}

fn readiness_gate(
    spec: &core::PodSpec,
    status: &core::PodStatus,
    intern: &mut Intern,
) -> Option<ReadinessGate> {
    spec.readiness_gates.iter().find_map(|gate| {
        let name = &gate.condition_type;
        let found = status.conditions.iter().find(|one| one.kind == *name);
        let is_open = found.is_some_and(|condition| condition.status == "True");
        (!is_open).then(|| ReadinessGate {
            name: intern.share(name),
            condition: found.map(|found| condition(found, intern)),
        })
    })
}

/// Of an ephemeral volume the claim is named after pod and volume.
fn claims(meta: &ObjectMeta, spec: &core::PodSpec) -> Box<[Outside]> {
    let claim = |volume: &core::Volume| {
        let source = volume.source.as_ref()?;
        let named = source.persistent_volume_claim.as_ref();
        let named = named.map(|claim| Outside::from(claim.claim_name.as_str()));
        let own = source.ephemeral.as_ref();
        named.or_else(|| own.map(|_| Outside::new(format!("{}-{}", meta.name, volume.name))))
    };
    spec.volumes.iter().filter_map(claim).collect()
}

/// The labels of `nodeSelector`, and those of the required affinity where it offers no choice.
fn requirements(spec: &core::PodSpec, intern: &mut Intern) -> Box<[Requirement]> {
    let mut requirements: Vec<Requirement> = spec
        .node_selector
        .iter()
        .map(|pair| Requirement {
            key: intern.share(&pair.key),
            values: Box::new([intern.share(&pair.value)]),
        })
        .collect();
    let affinity = spec.affinity.as_ref();
    let affinity = affinity.and_then(|affinity| affinity.node_affinity.as_ref()?.required.as_ref());
    if let Some([term]) = affinity.map(|required| required.node_selector_terms.as_slice()) {
        let expressions = term.match_expressions.iter();
        let wanted = expressions.filter(|one| matches!(one.operator.as_str(), "In" | "Exists"));
        requirements.extend(wanted.map(|one| Requirement {
            key: intern.share(&one.key),
            values: intern.share_all(&one.values),
        }));
    }
    requirements.sort_by(|one, other| one.key.cmp(&other.key));
    requirements.into()
}

fn owner(meta: &ObjectMeta, intern: &mut Intern) -> Option<Owner> {
    let owner = meta.controller()?;
    Some(Owner {
        kind: match owner.kind.as_str().into() {
            OwnerKind::Other(_) => OwnerKind::Other(intern.share(&owner.kind)),
            kind => kind,
        },
        name: intern.share(&owner.name),
    })
}

fn phase(text: &str) -> Phase {
    match text {
        "" | "Pending" => Phase::Pending,
        "Running" => Phase::Running,
        "Succeeded" => Phase::Succeeded,
        "Failed" => Phase::Failed,
        _ => Phase::Unknown,
    }
}

pub(super) fn condition(wire: &core::Condition, intern: &mut Intern) -> Condition {
    Condition {
        is_true: wire.status == "True",
        since: seconds(wire.last_transition_time),
        reason: intern.share_some(&wire.reason),
        message: message(&wire.message),
    }
}
