//! Credentials that are wrong, that expire, and that are renewed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use model::cluster::{ProblemClass, Scope};
use serde_json::json;

use crate::plane;
use components::control_plane::ControlPlane;
use components::watching::{Seen, Watching, flags};

/// The server believes a token for so long after it looked at it (`TokenSuccessCacheTTL`).
const TOKEN_CACHE: Duration = Duration::from_secs(10);

/// The server accepts a token for so long after it expired (go-jose's leeway for clocks that differ).
const LEEWAY_S: i64 = 60;

/// A token of the service account `shop:console`, signed as the server signs them, that is accepted for so long.
fn token(plane: &ControlPlane, lasts: Duration) -> String {
    let uid = plane.kubectl(&[
        "-n",
        "shop",
        "get",
        "serviceaccount",
        "console",
        "-o",
        "jsonpath={.metadata.uid}",
    ]);
    let config: serde_json::Value =
        serde_json::from_slice(&std::fs::read(plane.kubeconfig("admin")).unwrap()).unwrap();
    let issuer = config["clusters"][0]["cluster"]["server"]
        .as_str()
        .unwrap()
        .to_owned();
    let now = chrono::Utc::now().timestamp();
    let claims = json!({
        "iss": issuer, "aud": [issuer], "sub": "system:serviceaccount:shop:console",
        "iat": now - 120, "nbf": now - 120, "exp": now - LEEWAY_S + i64::try_from(lasts.as_secs()).unwrap(),
        "kubernetes.io": {"namespace": "shop", "serviceaccount": {"name": "console", "uid": uid}},
    });
    let head = json!({"alg": "RS256", "typ": "JWT"});
    let text = format!(
        "{}.{}",
        BASE64.encode(head.to_string()),
        BASE64.encode(claims.to_string())
    );
    let unsigned = plane.folder().join("unsigned");
    std::fs::write(&unsigned, &text).unwrap();
    let key = plane.folder().join("sa.key");
    let signature = Command::new("openssl")
        .args(["dgst", "-sha256", "-sign"])
        .arg(key)
        .arg(&unsigned)
        .output()
        .unwrap();
    assert!(signature.status.success());
    format!("{text}.{}", BASE64.encode(signature.stdout))
}

/// A kubeconfig like the administrator's, with another user.
fn kubeconfig_with(plane: &ControlPlane, name: &str, user: serde_json::Value) -> PathBuf {
    let mut config: serde_json::Value =
        serde_json::from_slice(&std::fs::read(plane.kubeconfig("admin")).unwrap()).unwrap();
    config["users"][0]["user"] = user;
    let path = plane.folder().join(name);
    std::fs::write(&path, config.to_string()).unwrap();
    path
}

fn service_account(plane: &ControlPlane) {
    let exists = plane
        .kubectl(&["-n", "shop", "get", "serviceaccount", "-o", "name"])
        .contains("/console");
    if !exists {
        plane.kubectl(&["-n", "shop", "create", "serviceaccount", "console"]);
        plane.kubectl(&[
            "-n",
            "shop",
            "create",
            "rolebinding",
            "console",
            "--clusterrole=view",
            "--serviceaccount=shop:console",
        ]);
    }
    // The authorizer learns of a binding a moment later.
    plane.kubectl_until(&[
        "-n",
        "shop",
        "auth",
        "can-i",
        "watch",
        "pods",
        "--as=system:serviceaccount:shop:console",
    ]);
}

fn asks_for_login(seen: &Seen) -> bool {
    seen.pods.stopped().is_some_and(|problem| {
        problem.class == ProblemClass::Unauthorized && problem.next.contains("login")
    })
}

async fn watch_shop(kubeconfig: &Path) -> Watching {
    let mut watching = Watching::new(flags(kubeconfig)).await;
    watching.want_all([watching.pods(&Scope::Namespace("shop".into()))]);
    watching
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_asks_for_a_login() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    let path = kubeconfig_with(&plane, "wrong", json!({"token": "no-such-token"}));
    let mut watching = watch_shop(&path).await;
    watching.until("it asks for a login", asks_for_login).await;
    let (asked, _) = watching.source.requests();
    assert!(asked <= 4, "{asked} requests with a token that was refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_expires_in_mid_watch_keeps_the_rows_and_a_renewed_one_is_taken_up() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    service_account(&plane);
    plane.deploy("shop", "expiring", 1);
    let lasts = Duration::from_secs(5);
    let file = plane.folder().join("token");
    std::fs::write(&file, token(&plane, lasts)).unwrap();
    let path = kubeconfig_with(&plane, "expiring", json!({"tokenFile": file}));
    let mut watching = watch_shop(&path).await;
    watching
        .until("live", |seen| {
            seen.pods.is_live() && seen.pods.rows.len() == 1
        })
        .await;
    watching.listen_for(lasts + TOKEN_CACHE).await;
    assert!(
        watching.seen.pods.is_live(),
        "an open watch outlives its token"
    );
    plane.part("restart", &["apiserver"]);
    watching.until("it asks for a login", asks_for_login).await;
    assert_eq!(watching.seen.pods.rows.len(), 1, "rows stay");
    std::fs::write(&file, token(&plane, Duration::from_secs(600))).unwrap();
    watching.source.login("admin").await.unwrap();
    watching.want_all([watching.pods(&Scope::Namespace("shop".into()))]);
    watching
        .until("live again", |seen| seen.pods.is_live())
        .await;
    plane.kubectl(&["-n", "shop", "delete", "deployment/expiring"]);
}

/// A plugin that prints these fields as its status.
fn plugin(plane: &ControlPlane, name: &str, status: &serde_json::Value) -> serde_json::Value {
    let credential = json!({
        "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status,
    });
    let answer = plane.folder().join(format!("{name}-answer"));
    std::fs::write(&answer, credential.to_string()).unwrap();
    json!({"exec": {
        "apiVersion": "client.authentication.k8s.io/v1", "command": "cat", "args": [answer],
        "interactiveMode": "Never",
    }})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plugin_signs_in_and_one_whose_token_is_refused_asks_for_a_login() {
    let Some(plane) = plane::alone().await else {
        return;
    };
    let text = std::fs::read(plane.kubeconfig("admin")).unwrap();
    let admin: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let good = plugin(
        &plane,
        "good",
        &json!({"token": admin["users"][0]["user"]["token"]}),
    );
    let mut watching = watch_shop(&kubeconfig_with(&plane, "by-plugin", good)).await;
    watching.until("live", |seen| seen.pods.is_live()).await;
    let bad = plugin(&plane, "bad", &json!({"token": "no-such-token"}));
    let mut watching = watch_shop(&kubeconfig_with(&plane, "by-bad-plugin", bad)).await;
    watching.until("it asks for a login", asks_for_login).await;
    let (asked, _) = watching.source.requests();
    assert!(asked <= 4, "{asked} requests with a token that was refused");
}
