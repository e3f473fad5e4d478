//! An object as YAML: the same as `kubectl get -o yaml` but for what is left out, and kubectl takes it back as it was.

use std::collections::BTreeMap;

use model::cluster::{Kind, ObjectRef};
use model::yaml::LeftOut;
use serde_json::Value;

use crate::plane;
use components::control_plane::{ControlPlane, PATIENCE};
use components::watching::{Watching, flags};

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Annotations that readers of YAML take for something else when nobody quotes them.
const STRANGE: [(&str, &str); 10] = [
    ("on", "yes"),
    ("y", "0x1F"),
    ("true", "012"),
    ("1e3", "1_000"),
    ("2026-03-01", "12:30:45"),
    ("null", "~"),
    ("colon", "a: b # c"),
    ("lines", "one\n  two\n\nthree\n"),
    ("control", "\u{1b}[31mred\u{7}\t\u{202e}"),
    ("empty", ""),
];

fn object(plane: &ControlPlane, kind: Kind, name: &str) -> ObjectRef {
    let what = format!("{}/{name}", kind.kubectl());
    let uid = plane.kubectl(&["-n", "yaml", "get", &what, "-o", "jsonpath={.metadata.uid}"]);
    ObjectRef {
        kind,
        namespace: Some("yaml".into()),
        name: name.into(),
        uid: uid.as_str().into(),
    }
}

fn kubectl_get(plane: &ControlPlane, object: &ObjectRef) -> Value {
    let what = format!("{}/{}", object.kind.kubectl(), object.name.raw());
    let text = plane.kubectl(&[
        "-n",
        "yaml",
        "get",
        &what,
        "-o",
        "yaml",
        "--show-managed-fields",
    ]);
    let mut whole: Value = serde_saphyr::from_str(&text).unwrap();
    let metadata = whole["metadata"].as_object_mut().unwrap();
    metadata.remove("managedFields").expect("asked for");
    if let Some(annotations) = metadata.get_mut("annotations") {
        annotations.as_object_mut().unwrap().remove(LAST_APPLIED);
    }
    whole
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_is_what_kubectl_gets_and_takes_back() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    plane.kubectl(&["create", "namespace", "yaml"]);
    plane.deploy("yaml", "cart", 1);
    let patch =
        serde_json::json!({"metadata": {"annotations": BTreeMap::from(STRANGE)}}).to_string();
    plane.kubectl(&["-n", "yaml", "patch", "deployment/cart", "-p", &patch]);
    let applied = format!("{LAST_APPLIED}={{\"data\":\"hunter2\"}}");
    plane.kubectl(&["-n", "yaml", "annotate", "deployment/cart", &applied]);
    plane.kubectl(&[
        "-n",
        "yaml",
        "rollout",
        "status",
        "deployment/cart",
        "--timeout=60s",
    ]);
    let pod = plane.kubectl(&[
        "-n",
        "yaml",
        "get",
        "pods",
        "-o",
        "jsonpath={.items[0].metadata.name}",
    ]);
    let mut watching = Watching::new(flags(&plane.kubeconfig("viewer"))).await;
    for object in [
        object(&plane, Kind::Deployment, "cart"),
        object(&plane, Kind::Pod, &pod),
    ] {
        let end = std::time::Instant::now() + PATIENCE;
        let (document, right) = loop {
            let document = watching.yaml(&object).await.unwrap();
            let right = kubectl_get(&plane, &object);
            let shown: Value = serde_saphyr::from_str(document.text.raw()).unwrap();
            if shown == right {
                break (document, right);
            }
            assert!(
                std::time::Instant::now() < end,
                "{}\n{right:#}",
                document.text.raw()
            );
        };
        assert!(document.left_out.contains(&LeftOut::ManagedFields));
        let text = document.text.raw();
        assert!(
            !text.contains("hunter2") && !text.contains('\u{1b}'),
            "{text}"
        );
        let file = plane.folder().join("shown.yaml");
        std::fs::write(&file, text).unwrap();
        let file = file.display().to_string();
        let back = plane.kubectl(&["create", "--dry-run=client", "-o", "json", "-f", &file]);
        let back: Value = serde_json::from_str(&back).unwrap();
        for part in ["metadata", "spec", "status"] {
            assert_eq!(back[part], right[part], "{part}");
        }
    }
    plane.kubectl(&["delete", "namespace", "yaml", "--wait=false"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_read_it_is_told_so() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    plane.kubectl(&["create", "namespace", "yaml-forbidden"]);
    let mut watching = Watching::new(flags(&plane.kubeconfig("nobody"))).await;
    let object = ObjectRef {
        kind: Kind::Deployment,
        namespace: Some("yaml-forbidden".into()),
        name: "cart".into(),
        uid: "any".into(),
    };
    let problem = watching.yaml(&object).await.unwrap_err();
    assert!(
        problem.what.contains("read deployment/cart") && problem.what.contains("403"),
        "{problem:?}"
    );
    plane.kubectl(&["delete", "namespace", "yaml-forbidden", "--wait=false"]);
}
