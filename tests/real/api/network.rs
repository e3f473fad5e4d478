//! Services and their endpoints, nodes, autoscalers and budgets: the same on the emulated cluster and on the real one.

use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::Service;
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use serde_json::{Value, json};

use super::{Case, Cluster, answers, decode, squeezed, write_documents};

fn write_manifests(cluster: &Cluster) {
    let labels = json!({"app": "shopfront"});
    let object = |api: &str, kind: &str, name: &str, spec: Value| json!({"apiVersion": api, "kind": kind, "metadata": {"name": name, "namespace": "net"}, "spec": spec});
    let template = json!({"metadata": {"labels": labels}, "spec": {"containers": [{"name": "app", "image": "registry.example/fate:one", "ports": [{"name": "http", "containerPort": 8080}]}]}});
    let objects = [
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "net"}}),
        object(
            "apps/v1",
            "Deployment",
            "shopfront",
            json!({"replicas": 3, "selector": {"matchLabels": labels}, "template": template}),
        ),
        object(
            "v1",
            "Service",
            "shopfront",
            json!({"selector": labels, "ports": [{"name": "web", "port": 80, "targetPort": "http"}]}),
        ),
        object(
            "v1",
            "Service",
            "nobody",
            json!({"selector": {"app": "nobody"}, "ports": [{"port": 80}]}),
        ),
        object(
            "policy/v1",
            "PodDisruptionBudget",
            "shopfront",
            json!({"minAvailable": 2, "selector": {"matchLabels": labels}}),
        ),
        object(
            "autoscaling/v2",
            "HorizontalPodAutoscaler",
            "shopfront",
            json!({"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "shopfront"}, "minReplicas": 2, "maxReplicas": 6}),
        ),
    ];
    write_documents(cluster, "net.yaml", &objects);
}

const CREATED: &[Case<'static>] = &[
    (
        "create -f net.yaml",
        0,
        &[
            "service/shopfront created",
            "poddisruptionbudget.policy/shopfront created",
            "horizontalpodautoscaler.autoscaling/shopfront created",
        ],
    ),
    (
        "-n net rollout status deployment/shopfront --timeout=60s",
        0,
        &["successfully rolled out"],
    ),
    (
        "-n net get service shopfront",
        0,
        &[
            "NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE\nshopfront ClusterIP ",
            " <none> 80/TCP ",
        ],
    ),
    (
        "-n net get service shopfront -o jsonpath={.spec.ports[0].targetPort}/{.spec.ports[0].protocol}/{.spec.sessionAffinity}",
        0,
        &["http/TCP/None"],
    ),
    (
        "-n net get hpa shopfront",
        0,
        &[
            "NAME REFERENCE TARGETS MINPODS MAXPODS REPLICAS AGE\nshopfront Deployment/shopfront cpu: ",
            "/80% 2 6 ",
        ],
    ),
    (
        "-n net get pdb shopfront",
        0,
        &["NAME MIN AVAILABLE MAX UNAVAILABLE ALLOWED DISRUPTIONS AGE\nshopfront 2 N/A "],
    ),
    (
        "-n net patch service/shopfront -p '{\"spec\":{\"ports\":[]}}' --type=merge",
        1,
        &["The Service \"shopfront\" is invalid: spec.ports: Required value"],
    ),
    ("get node node-0", 0, &["node-0 Ready "]),
    (
        "get node node-0 -o jsonpath={.status.conditions[?(@.type==\"Ready\")].status}",
        0,
        &["True"],
    ),
    ("cordon node-0", 0, &["node/node-0 cordoned"]),
    ("get node node-0", 0, &["node-0 Ready,SchedulingDisabled "]),
    ("uncordon node-0", 0, &["node/node-0 uncordoned"]),
    (
        "get --raw /api/v1/namespaces/net/services/nowhere:80/proxy/",
        1,
        &["services \"nowhere\" not found"],
    ),
    (
        "get --raw /api/v1/namespaces/net/services/nobody:80/proxy/",
        1,
        &["no endpoints available for service \"nobody\""],
    ),
    (
        "get --raw /api/v1/namespaces/net/services/shopfront:81/proxy/",
        1,
        &["no service port 81 found for service \"shopfront\""],
    ),
];

const READY: &str = "-n net get endpointslices -l kubernetes.io/service-name=shopfront -o jsonpath={.items[*].endpoints[*].conditions.ready}";

/// The endpoints follow readiness: what crashes or has gone is not served.
fn endpoints_follow_readiness(cluster: &Cluster) {
    cluster.until(READY, |text| text == "true true true");
    let path = "-n net get endpointslices -l kubernetes.io/service-name=shopfront -o jsonpath={.items[0].ports[0].name}:{.items[0].ports[0].port}";
    assert_eq!(cluster.until(path, |_| true), "web:8080");
    let empty = "-n net get endpointslices -l kubernetes.io/service-name=nobody -o jsonpath={.items[*].endpoints[*].addresses}";
    assert_eq!(cluster.until(empty, |_| true), "");
    let set = cluster.run(
        "admin",
        "-n net set image deployment/shopfront app=registry.example/fate:never-ready",
    );
    assert!(set.status.success(), "{}", squeezed(&set));
    // One too many that is not ready: the three old ones serve on.
    cluster.until(READY, |text| {
        let mut words: Vec<&str> = text.split(' ').collect();
        words.sort_unstable();
        words == ["false", "true", "true", "true"]
    });
    cluster.run("admin", "-n net rollout undo deployment/shopfront");
    cluster.until(READY, |text| text == "true true true");
}

fn the_budget_counts(cluster: &Cluster) {
    let path = "-n net get pdb shopfront -o jsonpath={.status.currentHealthy}/{.status.desiredHealthy}/{.status.disruptionsAllowed}/{.status.expectedPods}";
    cluster.until(path, |text| text == "3/2/1/3");
}

fn an_autoscaler_stands_aside_at_zero(cluster: &Cluster) {
    cluster.run("admin", "-n net scale deployment/shopfront --replicas=0");
    let path = "-n net get hpa shopfront -o jsonpath={.status.conditions[?(@.type==\"ScalingActive\")].reason}";
    cluster.until(path, |text| text == "ScalingDisabled");
    cluster.until(READY, str::is_empty);
}

fn a_node_reports_its_pressure(cluster: &Cluster) {
    let patch = r#"patch node node-3 --subresource=status -p '{"status":{"conditions":[{"type":"DiskPressure","status":"True","reason":"KubeletHasDiskPressure","message":"kubelet has disk pressure"}]}}'"#;
    let patched = cluster.run("admin", patch);
    assert!(patched.status.success(), "{}", squeezed(&patched));
    let path =
        "get node node-3 -o jsonpath={.status.conditions[?(@.type==\"DiskPressure\")].reason}";
    if cluster.emulated {
        assert_eq!(cluster.until(path, |_| true), "KubeletHasDiskPressure");
    }
}

pub fn all(cluster: &Cluster) {
    write_manifests(cluster);
    answers(cluster, "admin", CREATED);
    endpoints_follow_readiness(cluster);
    the_budget_counts(cluster);
    an_autoscaler_stands_aside_at_zero(cluster);
    a_node_reports_its_pressure(cluster);
    assert!(decode::<Service>(cluster, "services") >= 2);
    assert!(decode::<EndpointSlice>(cluster, "endpointslices") >= 2);
    assert!(decode::<HorizontalPodAutoscaler>(cluster, "horizontalpodautoscalers") >= 1);
    assert!(decode::<PodDisruptionBudget>(cluster, "poddisruptionbudgets") >= 1);
    let gone = cluster.run("admin", "-n net delete service,hpa,pdb,deployment --all");
    assert!(gone.status.success(), "{}", squeezed(&gone));
}
