//! What of a pod decides where it may run, and what keeps it from being ready or gone, is the same in both encodings.

use super::*;
use crate::wire::core::{PodReadinessGate, PodSchedulingGate};
use crate::wire::meta::Skipped;
use crate::wire::placement::{
    Affinity, ClaimSource, NodeAffinity, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm,
    Volume, VolumeSource,
};
use model::pods::PodExtras;

fn pod() -> Pod {
    let volume = |name: &str, claim: Option<&str>, is_ephemeral: bool| Volume {
        name: name.to_owned(),
        source: Some(VolumeSource {
            persistent_volume_claim: claim.map(|claim| ClaimSource {
                claim_name: claim.to_owned(),
            }),
            ephemeral: is_ephemeral.then_some(Skipped {}),
        }),
    };
    let condition = |kind: &str, status: &str, reason: &str| Condition {
        kind: kind.to_owned(),
        status: status.to_owned(),
        reason: reason.to_owned(),
        message: "why".to_owned(),
        ..Condition::default()
    };
    let expression = NodeSelectorRequirement {
        key: "zone".to_owned(),
        operator: "In".to_owned(),
        values: vec!["a".to_owned(), "b".to_owned()],
    };
    let term = NodeSelectorTerm {
        match_expressions: vec![expression],
    };
    let affinity = Affinity {
        node_affinity: Some(NodeAffinity {
            required: Some(NodeSelector {
                node_selector_terms: vec![term],
            }),
        }),
    };
    Pod {
        metadata: Some(ObjectMeta {
            finalizers: vec!["queue.example/reporter".to_owned()],
            deletion_timestamp: Some(Time { seconds: 7 }),
            ..named("db-0", &[])
        }),
        spec: Some(PodSpec {
            volumes: vec![
                volume("data", Some("data-db-0"), false),
                volume("scratch", None, true),
                volume("config", None, false),
            ],
            node_selector: vec![Pair {
                key: "disktype".to_owned(),
                value: "ssd".to_owned(),
            }],
            affinity: Some(affinity),
            readiness_gates: vec![PodReadinessGate {
                condition_type: "lb.example/shop".to_owned(),
            }],
            scheduling_gates: vec![PodSchedulingGate {
                name: "example.com/quota".to_owned(),
            }],
            ..PodSpec::default()
        }),
        status: Some(PodStatus {
            conditions: vec![
                condition("PodScheduled", "False", "Unschedulable"),
                condition("lb.example/shop", "False", "Unhealthy"),
            ],
            ..PodStatus::default()
        }),
    }
}

#[test]
fn gates_claims_labels_and_finalizers_are_read_in_both_encodings() {
    let wire = pod();
    let status = wire.status.clone().unwrap();
    let json = json!({
        "metadata": meta(wire.metadata.as_ref().unwrap()),
        "spec": {
            "volumes": [
                {"name": "data", "persistentVolumeClaim": {"claimName": "data-db-0"}},
                {"name": "scratch", "ephemeral": {"volumeClaimTemplate": {}}},
                {"name": "config", "configMap": {"name": "x"}},
            ],
            "nodeSelector": {"disktype": "ssd"},
            "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
                {"matchExpressions": [{"key": "zone", "operator": "In", "values": ["a", "b"]}]},
            ]}}},
            "readinessGates": [{"conditionType": "lb.example/shop"}],
            "schedulingGates": [{"name": "example.com/quota"}],
        },
        "status": {"conditions": conditions(status.conditions)},
    });
    let (binary, json) = both::<_, PodRow>(&wire, &json);
    assert_eq!(binary, json);
    let Item::Applied(row, _) = binary else {
        panic!("{binary:?}");
    };
    let extras: PodExtras = *row.extras.unwrap();
    let names = |names: &[Outside]| {
        names
            .iter()
            .map(|name| name.raw().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&extras.claims), ["data-db-0", "db-0-scratch"]);
    assert_eq!(names(&extras.finalizers), ["queue.example/reporter"]);
    assert_eq!(names(&extras.scheduling_gates), ["example.com/quota"]);
    let gate = extras.readiness_gate.unwrap();
    assert_eq!(gate.name.raw(), "lb.example/shop");
    assert_eq!(gate.condition.unwrap().message.unwrap().raw(), "why");
    let wanted = extras.requirements.iter();
    let wanted: Vec<_> = wanted
        .map(|one| (one.key.raw().to_owned(), names(&one.values)))
        .collect();
    let expected = [("disktype", vec!["ssd"]), ("zone", vec!["a", "b"])];
    let expected = expected.map(|(key, values)| {
        (
            key.to_owned(),
            values.into_iter().map(str::to_owned).collect::<Vec<_>>(),
        )
    });
    assert_eq!(wanted, expected);
}

#[test]
fn a_pod_that_runs_keeps_nothing_of_it() {
    let mut wire = pod();
    wire.metadata.as_mut().unwrap().deletion_timestamp = None;
    for condition in &mut wire.status.as_mut().unwrap().conditions {
        condition.status = "True".to_owned();
    }
    let frame = binary_event("MODIFIED", &wire);
    let item = event::<Pod, PodRow>(Encoding::Protobuf, &frame, &mut Intern::default());
    let Item::Applied(row, _) = item else {
        panic!("{item:?}");
    };
    assert_eq!(row.extras, None);
}

#[test]
fn why_a_pod_is_evicted_is_read_in_both_encodings_and_only_while_it_is_so() {
    for (status, words) in [
        (
            "True",
            Some("through the eviction API, as by kubectl drain (EvictionByEvictionAPI)"),
        ),
        ("False", None),
    ] {
        let mut wire = pod();
        let conditions_of = wire.status.unwrap_or_default().conditions;
        let mut disruption = conditions_of.into_iter().next().unwrap();
        disruption.kind = "DisruptionTarget".to_owned();
        disruption.status = status.to_owned();
        disruption.reason = "EvictionByEvictionAPI".to_owned();
        wire.spec = None;
        wire.status = Some(PodStatus {
            conditions: vec![disruption],
            ..PodStatus::default()
        });
        let json = json!({
            "metadata": meta(wire.metadata.as_ref().unwrap()),
            "status": {"conditions": conditions(wire.status.clone().unwrap().conditions)},
        });
        let (binary, json) = both::<_, PodRow>(&wire, &json);
        assert_eq!(binary, json);
        let Item::Applied(row, _) = binary else {
            panic!("{binary:?}");
        };
        let why = row.eviction();
        assert_eq!(why.as_ref().map(Outside::raw), words);
    }
}
