//! Workloads and their revisions: the same objects in both encodings give the same rows, whichever kind they are.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    at, both, conditions, containers, kinds, map, meta, object, pairs, some_containers, some_meta,
    word,
};
use crate::decode::Item;
use crate::wire::apps::{
    ControllerRevision, DaemonSet, DaemonSetSpec, DaemonSetStatus, Deployment, DeploymentCondition,
    DeploymentSpec, DeploymentStatus, LabelSelector, PodTemplateSpec, ReplicaSet, ReplicaSetSpec,
    RollingUpdate, StatefulSet, StatefulSetSpec, StatefulSetStatus, Strategy as Rollout,
    UpdateStrategy,
};
use crate::wire::core::{Condition, Container};
use crate::wire::meta::RawExtension;
use crate::wire::template::{TemplateContainer, TemplateSpec};
use model::revision_list::RevisionRow;
use model::workload::{self, KindFields, WorkloadRow};

/// The containers of a template as those of a pod, of which it has fewer fields.
fn plain(spec: &TemplateSpec) -> Vec<Container> {
    let containers = spec.containers.iter();
    let plain = containers.map(|container| Container {
        name: container.name.clone(),
        image: container.image.clone(),
        ..Container::default()
    });
    plain.collect()
}

fn template_of(containers: &[Container]) -> TemplateSpec {
    let containers = containers.iter().map(|container| TemplateContainer {
        name: container.name.clone(),
        image: container.image.clone(),
        ..TemplateContainer::default()
    });
    TemplateSpec {
        containers: containers.collect(),
        ..TemplateSpec::default()
    }
}

fn deployment_json(deployment: &Deployment) -> Value {
    let (spec, status) = (
        deployment.spec.clone().unwrap_or_default(),
        deployment.status.clone().unwrap_or_default(),
    );
    let template = spec.template.clone().unwrap_or_default();
    json!({
        "metadata": meta(&deployment.metadata.clone().unwrap_or_default()),
        "spec": object(&[
            ("replicas", json!(spec.replicas)),
            ("selector", json!({"matchLabels": map(&spec.selector.unwrap_or_default().match_labels)})),
            ("template", json!({
                "metadata": meta(&template.metadata.unwrap_or_default()),
                "spec": {"containers": containers(&plain(&template.spec.unwrap_or_default()))},
            })),
            ("strategy", object(&[("type", json!(spec.strategy.unwrap_or_default().kind))])),
            ("paused", json!(spec.paused)),
            ("progressDeadlineSeconds", json!(spec.progress_deadline_seconds)),
        ]),
        "status": object(&[
            ("observedGeneration", json!(status.observed_generation)),
            ("replicas", json!(status.replicas)),
            ("updatedReplicas", json!(status.updated_replicas)),
            ("readyReplicas", json!(status.ready_replicas)),
            ("availableReplicas", json!(status.available_replicas)),
            ("conditions", conditions(status.conditions.into_iter().map(Condition::from))),
        ]),
    })
}

prop_compose! {
    fn some_deployment()(
        (metadata, template_meta, containers) in (some_meta(), some_meta(), some_containers()),
        (replicas, progress_deadline_seconds) in (prop::option::of(0..9i32), prop::option::of(0..999i32)),
        (paused, kind) in (any::<bool>(), prop_oneof![Just(String::new()), Just("Recreate".to_owned()), Just("RollingUpdate".to_owned())]),
        match_labels in pairs(),
        (observed_generation, counts) in (0..9i64, prop::array::uniform4(0..9i32)),
        conditions in prop::collection::vec((kinds(), word(), word(), at()), 0..4),
    ) -> Deployment {
        let conditions = conditions.into_iter().map(|((kind, status), reason, message, last_transition_time)| DeploymentCondition {
            kind, status, reason, message, last_transition_time,
        });
        let [replicas_now, updated_replicas, available_replicas, ready_replicas] = counts;
        let template = PodTemplateSpec { metadata: Some(template_meta), spec: Some(template_of(&containers)) };
        Deployment {
            metadata: Some(metadata),
            spec: Some(DeploymentSpec {
                replicas, selector: Some(LabelSelector { match_labels }), template: Some(template),
                strategy: Some(Rollout { kind }), paused, progress_deadline_seconds,
            }),
            status: Some(DeploymentStatus {
                observed_generation, replicas: replicas_now, updated_replicas, available_replicas,
                conditions: conditions.collect(), ready_replicas,
            }),
        }
    }
}

fn strategy(kind: &str, partition: i32) -> Value {
    json!({"type": kind, "rollingUpdate": {"partition": partition}})
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn a_deployment_in_json_and_in_protobuf_gives_equal_rows(deployment in some_deployment()) {
        let (binary, json) = both::<_, WorkloadRow>(&deployment, &deployment_json(&deployment));
        prop_assert!(matches!(&binary, Item::Applied(..)));
        prop_assert_eq!(binary, json);
    }

    #[test]
    fn a_replica_set_in_json_and_in_protobuf_gives_equal_rows(like in some_deployment()) {
        let json = deployment_json(&like);
        let template = like.spec.and_then(|spec| spec.template);
        let set = ReplicaSet { metadata: like.metadata, spec: Some(ReplicaSetSpec { template }), status: None };
        let (binary, json) = both::<_, RevisionRow>(&set, &json);
        prop_assert!(matches!(&binary, Item::Applied(..)));
        prop_assert_eq!(binary, json);
    }

    #[test]
    fn a_controller_revision_in_json_and_in_protobuf_gives_equal_rows(like in some_deployment(), revision in 0..i64::MAX) {
        let json = deployment_json(&like);
        let data = json!({"spec": {"template": json["spec"]["template"]}});
        let json = json!({"metadata": json["metadata"], "data": data, "revision": revision});
        let raw = data.to_string().into();
        let kept = ControllerRevision { metadata: like.metadata, data: Some(RawExtension { raw }), revision };
        let (binary, json) = both::<_, RevisionRow>(&kept, &json);
        prop_assert!(matches!(&binary, Item::Applied(..)));
        prop_assert_eq!(binary, json);
    }

    #[test]
    fn a_stateful_set_in_json_and_in_protobuf_gives_equal_rows(
        (like, partition) in (some_deployment(), 0..9i32),
        (kind, policy) in (prop_oneof![Just("OnDelete"), Just("RollingUpdate")], prop_oneof![Just("Parallel"), Just("OrderedReady")]),
        update_revision in word(),
    ) {
        let mut json = deployment_json(&like);
        json["spec"]["updateStrategy"] = strategy(kind, partition);
        json["spec"]["podManagementPolicy"] = json!(policy);
        json["status"]["updateRevision"] = json!(update_revision);
        let (spec, status) = (like.spec.unwrap(), like.status.unwrap());
        let set = StatefulSet {
            metadata: like.metadata,
            spec: Some(StatefulSetSpec {
                replicas: spec.replicas, selector: spec.selector, template: spec.template, pod_management_policy: policy.into(),
                update_strategy: Some(UpdateStrategy { kind: kind.into(), rolling_update: Some(RollingUpdate { partition }) }),
            }),
            status: Some(StatefulSetStatus {
                observed_generation: status.observed_generation, replicas: status.replicas, ready_replicas: status.ready_replicas,
                updated_replicas: status.updated_replicas, update_revision, available_replicas: status.available_replicas,
            }),
        };
        let (binary, json) = both::<_, WorkloadRow>(&set, &json);
        let Item::Applied(row, _) = &binary else { panic!("{binary:?}") };
        let fields = row.stateful_set().unwrap();
        prop_assert_eq!((fields.partition, fields.is_parallel), (partition.unsigned_abs(), policy == "Parallel"));
        prop_assert_eq!(row.is_on_delete(), kind == "OnDelete");
        prop_assert_eq!(binary, json);
    }

    #[test]
    fn a_daemon_set_in_json_and_in_protobuf_gives_equal_rows(
        like in some_deployment(),
        (wanted, kind) in (0..9i32, prop_oneof![Just("OnDelete"), Just("RollingUpdate")]),
    ) {
        let mut json = deployment_json(&like);
        let (spec, status) = (like.spec.unwrap(), like.status.unwrap());
        json["spec"]["updateStrategy"] = json!({"type": kind, "rollingUpdate": {"maxUnavailable": "10%"}});
        json["status"] = json!({
            "observedGeneration": status.observed_generation, "desiredNumberScheduled": wanted, "currentNumberScheduled": status.replicas,
            "updatedNumberScheduled": status.updated_replicas, "numberReady": status.ready_replicas, "numberAvailable": status.available_replicas,
        });
        let set = DaemonSet {
            metadata: like.metadata,
            spec: Some(DaemonSetSpec { selector: spec.selector, template: spec.template, update_strategy: Some(Rollout { kind: kind.into() }) }),
            status: Some(DaemonSetStatus {
                current_number_scheduled: status.replicas, desired_number_scheduled: wanted, number_ready: status.ready_replicas,
                observed_generation: status.observed_generation, updated_number_scheduled: status.updated_replicas,
                number_available: status.available_replicas,
            }),
        };
        let (binary, json) = both::<_, WorkloadRow>(&set, &json);
        let Item::Applied(row, _) = &binary else { panic!("{binary:?}") };
        prop_assert_eq!(&row.of_kind, &KindFields::DaemonSet);
        prop_assert_eq!(row.strategy == workload::UpdateStrategy::OnDelete, kind == "OnDelete");
        prop_assert_eq!(i32::try_from(row.wanted).unwrap(), wanted);
        prop_assert_eq!(binary, json);
    }
}
