//! What somebody else does with kubectl is on the timeline: from what to what, when, and by which field manager, where the real
//! server keeps one.

use chrono::{DateTime, TimeDelta, Utc};
use components::control_plane::ControlPlane;
use components::rig::Rig;
use model::entry::Draft;
use model::kind::Kind;
use model::settings::Settings;

/// Between what kubectl did and what an entry says of it; the server's times are whole seconds.
const BLUR_S: i64 = 3;

/// A namespace with a Deployment that reads a `ConfigMap` and a Secret, and a console that watches all of it.
async fn watching(plane: &ControlPlane, namespace: &str) -> Rig {
    plane.kubectl(&["create", "namespace", namespace]);
    let n = ["-n", namespace];
    let kubectl = |arguments: &[&str]| plane.kubectl(&[&n, arguments].concat());
    kubectl(&[
        "create",
        "configmap",
        "settings",
        "--from-literal=mode=slow",
    ]);
    kubectl(&[
        "create",
        "secret",
        "generic",
        "key",
        "--from-literal=word=hunter2",
    ]);
    plane.deploy(namespace, "checkout", 2);
    for from in ["--from=configmap/settings", "--from=secret/key"] {
        kubectl(&["set", "env", "deployment/checkout", from]);
    }
    kubectl(&["rollout", "status", "deployment/checkout", "--timeout=60s"]);
    let mut rig = Rig::new(&plane.kubeconfig("admin"), namespace, Settings::default()).await;
    rig.until("all is watched", |rig| {
        let cluster = &rig.model.cluster;
        let configs = &cluster.configs;
        let row = cluster.deployments.table.rows().next();
        rig.is_live()
            && cluster.pods.table.len() == 2
            && row.is_some_and(|row| row.is_done() && row.reads.is_some())
            && cluster.serving.nodes.is_complete
            && cluster.namespaces.is_complete
            && configs.configmaps.is_complete
            && configs.secrets.is_complete
            && configs.autoscalers.is_complete
            && rig.model.observed.rollouts.begun.len() == 3
    })
    .await;
    rig
}

/// What kubectl does is told within the patience of the tests, and at its time.
async fn told(rig: &mut Rig, plane: &ControlPlane, arguments: &[&str], kind: Kind, title: &str) {
    let before = Utc::now();
    plane.kubectl(arguments);
    let after = Utc::now();
    let find = |rig: &Rig| -> Option<Draft> {
        let mut stored = rig.model.timeline.stored();
        let is_it = |draft: &&Draft| draft.kind == kind && draft.title.contains(title);
        stored.find(is_it).cloned()
    };
    rig.until(title, |rig| find(rig).is_some()).await;
    let at: DateTime<Utc> = find(rig).unwrap().occurred_at;
    let blur = TimeDelta::seconds(BLUR_S);
    assert!(
        before - blur <= at && at <= after + blur,
        "{title}: {before} {at} {after}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_kubectl_does_to_a_workload_is_told_with_its_manager() {
    let Some(plane) = crate::plane::shared() else {
        return;
    };
    let name = "told-workload";
    let mut rig = Box::pin(watching(plane, name)).await;
    let all = |arguments: &[&str]| -> Vec<String> {
        let all = [&["-n", name], arguments].concat();
        all.into_iter().map(str::to_owned).collect()
    };
    let image = "checkout=registry.example/checkout:2.0.0";
    for (arguments, kind, title) in [
        (
            all(&["rollout", "pause", "deployment/checkout"]),
            Kind::Config,
            "Deployment checkout paused in told-workload, by kubectl-rollout",
        ),
        (
            all(&["rollout", "resume", "deployment/checkout"]),
            Kind::Config,
            "Deployment checkout resumed in told-workload, by whom is not known",
        ),
        (
            all(&["set", "image", "deployment/checkout", image]),
            Kind::Rollout,
            "of checkout: 1.0.0 -> 2.0.0, by kubectl-set",
        ),
        // The server keeps nobody for a count that was set by the scale subresource to 0, and kubectl-set was there a moment ago.
        (
            all(&["scale", "deployment/checkout", "--replicas=0"]),
            Kind::Scale,
            "scale checkout 2 -> 0 in told-workload, by whom is not known",
        ),
        (
            all(&["delete", "deployment/checkout"]),
            Kind::Deletion,
            "Deployment checkout deleted in told-workload, by whom is not known",
        ),
    ] {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        told(&mut rig, plane, &arguments, kind, title).await;
    }
    rig.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_kubectl_does_beside_a_workload_is_told_with_its_manager() {
    let Some(plane) = crate::plane::shared() else {
        return;
    };
    let name = "told-beside";
    let mut rig = Box::pin(watching(plane, name)).await;
    let n = ["-n", name];
    let settings = r#"{"data":{"mode":"fast"}}"#;
    let arguments = [&n[..], &["patch", "configmap", "settings", "-p", settings]].concat();
    let title = "ConfigMap settings changed in told-beside, used by checkout, by kubectl-patch";
    told(&mut rig, plane, &arguments, Kind::Config, title).await;
    let key = r#"{"stringData":{"word":"hunter3"}}"#;
    let arguments = [&n[..], &["patch", "secret", "key", "-p", key]].concat();
    let title = "Secret key changed in told-beside, used by checkout, by kubectl-patch";
    told(&mut rig, plane, &arguments, Kind::Config, title).await;
    assert!(rig.screen().contains("started befor"), "{}", rig.screen());
    let autoscale = ["autoscale", "deployment", "checkout", "--min=2", "--max=5"];
    plane.kubectl(&[&n[..], &autoscale].concat());
    rig.until("the autoscaler is seen", |rig| {
        rig.model.cluster.configs.autoscalers.table.len() == 1
    })
    .await;
    let limits = r#"{"spec":{"maxReplicas":3}}"#;
    let arguments = [&n[..], &["patch", "hpa", "checkout", "-p", limits]].concat();
    let title = "limits of HPA checkout 2..5 pods -> 2..3 pods in told-beside, by kubectl-patch";
    told(&mut rig, plane, &arguments, Kind::Config, title).await;
    let pod = rig.model.cluster.pods.table.rows().next().unwrap();
    let pod = pod.name.raw().to_owned();
    let arguments = [&n[..], &["delete", "pod", &pod, "--wait=false"]].concat();
    let title = format!("pod {pod} of checkout deleted in told-beside, by whom is not known");
    told(&mut rig, plane, &arguments, Kind::Deletion, &title).await;
    rig.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cordon_is_told_with_its_manager() {
    let Some(plane) = crate::plane::alone().await else {
        return;
    };
    let mut rig = Box::pin(watching(&plane, "told-node")).await;
    let nodes = &rig.model.cluster.serving.nodes.table;
    let node = nodes.rows().next().unwrap().name.raw().to_owned();
    let title = format!("node {node} cordoned, by kubectl");
    told(&mut rig, &plane, &["cordon", &node], Kind::Config, &title).await;
    let title = format!("node {node} uncordoned, by whom is not known");
    told(&mut rig, &plane, &["uncordon", &node], Kind::Config, &title).await;
    rig.close();
}
