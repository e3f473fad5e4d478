//! What templates read, and `ConfigMaps`, Secrets and autoscalers: equal rows in both encodings, and nothing of what is held.

use serde_json::json;

use super::{both, meta, named};
use crate::decode::Item;
use crate::wire::apps::{Deployment, DeploymentSpec, PodTemplateSpec};
use crate::wire::autoscaling::{AutoscalerSpec, HorizontalPodAutoscaler, ScaleTarget};
use crate::wire::meta::{Bare, BareMeta};
use crate::wire::template::{
    ByName, Named, Projected, Projection, SecretSource, Source, TemplateContainer, TemplateSpec,
    TemplateVolume, ValueSource, Variable, Variables,
};
use model::configs::{AutoscalerRow, ConfigNames, ConfigRow};
use model::workload::WorkloadRow;

#[allow(clippy::unnecessary_wraps)]
fn by(name: &str) -> Option<ByName> {
    let name = name.to_owned();
    Some(ByName {
        reference: Some(Named { name }),
    })
}

fn volume(source: Source) -> TemplateVolume {
    TemplateVolume {
        source: Some(source),
    }
}

#[test]
fn a_template_says_which_configmaps_and_secrets_its_pods_read() {
    let app = TemplateContainer {
        name: "app".to_owned(),
        image: "app:1".to_owned(),
        env: vec![
            Variable {
                value_from: Some(ValueSource {
                    config_map_key_ref: by("of-env"),
                    secret_key_ref: None,
                }),
            },
            Variable {
                value_from: Some(ValueSource {
                    config_map_key_ref: None,
                    secret_key_ref: by("key"),
                }),
            },
            Variable { value_from: None },
        ],
        env_from: vec![Variables {
            config_map_ref: by("all"),
            secret_ref: None,
        }],
    };
    let init = TemplateContainer {
        env_from: vec![Variables {
            config_map_ref: None,
            secret_ref: by("of-init"),
        }],
        ..TemplateContainer::default()
    };
    let volumes = vec![
        volume(Source {
            config_map: by("mounted"),
            ..Source::default()
        }),
        volume(Source {
            secret: Some(SecretSource {
                secret_name: "tls".to_owned(),
            }),
            ..Source::default()
        }),
        volume(Source {
            projected: Some(Projected {
                sources: vec![
                    Projection {
                        secret: by("projected"),
                        config_map: None,
                    },
                    Projection {
                        secret: None,
                        config_map: by("kube-root-ca.crt"),
                    },
                ],
            }),
            ..Source::default()
        }),
    ];
    let template = PodTemplateSpec {
        metadata: None,
        spec: Some(TemplateSpec {
            volumes,
            containers: vec![app],
            init_containers: vec![init],
        }),
    };
    let wire = Deployment {
        metadata: Some(named("checkout", &[])),
        spec: Some(DeploymentSpec {
            template: Some(template),
            ..DeploymentSpec::default()
        }),
        status: None,
    };
    let json = json!({
        "metadata": meta(wire.metadata.as_ref().unwrap()),
        "spec": {"template": {"spec": {
            "volumes": [
                {"name": "a", "configMap": {"name": "mounted", "defaultMode": 420}},
                {"name": "b", "secret": {"secretName": "tls"}},
                {"name": "c", "projected": {"sources": [
                    {"secret": {"name": "projected"}},
                    {"serviceAccountToken": {"path": "token"}, "configMap": {"name": "kube-root-ca.crt"}},
                ]}},
            ],
            "containers": [{
                "name": "app", "image": "app:1",
                "env": [
                    {"name": "A", "valueFrom": {"configMapKeyRef": {"name": "of-env", "key": "a"}}},
                    {"name": "B", "valueFrom": {"secretKeyRef": {"name": "key", "key": "b"}}},
                    {"name": "C", "value": "plain"},
                ],
                "envFrom": [{"prefix": "P_", "configMapRef": {"name": "all"}}],
            }],
            "initContainers": [{"envFrom": [{"secretRef": {"name": "of-init"}}]}],
        }}},
    });
    let (binary, json) = both::<_, WorkloadRow>(&wire, &json);
    assert_eq!(binary, json);
    let Item::Applied(row, _) = binary else {
        panic!("{binary:?}");
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).into()).collect();
    let reads = ConfigNames {
        configmaps: names(&["all", "kube-root-ca.crt", "mounted", "of-env"]),
        secrets: names(&["key", "of-init", "projected", "tls"]),
    };
    assert_eq!(row.reads, Some(Box::new(reads)));
}

#[test]
fn of_a_secret_nothing_but_its_identity_is_kept() {
    let wire = Bare {
        metadata: Some(BareMeta {
            name: "key".to_owned(),
            namespace: "shop".to_owned(),
            uid: "u1".to_owned(),
            resource_version: "7".to_owned(),
            creation_timestamp: None,
        }),
    };
    let json = json!({
        "metadata": {
            "name": "key", "namespace": "shop", "uid": "u1", "resourceVersion": "7",
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "hunter2"},
        },
        "data": {"password": "aHVudGVyMg=="},
    });
    let (binary, json) = both::<_, ConfigRow>(&wire, &json);
    assert_eq!(binary, json);
    assert!(!format!("{json:?}").contains("hunter2"));
}

#[test]
fn an_autoscaler_gives_equal_rows_in_both_encodings() {
    let wire = HorizontalPodAutoscaler {
        metadata: Some(named("checkout", &[])),
        spec: Some(AutoscalerSpec {
            scale_target_ref: Some(ScaleTarget {
                kind: "Deployment".to_owned(),
                name: "checkout".to_owned(),
            }),
            min_replicas: Some(2),
            max_replicas: 10,
        }),
        status: None,
    };
    let json = json!({
        "metadata": meta(wire.metadata.as_ref().unwrap()),
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "checkout"},
            "minReplicas": 2, "maxReplicas": 10,
        },
    });
    let (binary, json) = both::<_, AutoscalerRow>(&wire, &json);
    assert_eq!(binary, json);
    let Item::Applied(row, _) = binary else {
        panic!("{binary:?}");
    };
    assert_eq!(
        (row.min, row.max, row.target.name.raw()),
        (2, 10, "checkout")
    );
}
