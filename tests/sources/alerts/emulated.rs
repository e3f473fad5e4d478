//! Alertmanager behind an emulated API server: through its service proxy, and at that address by TLS with an authority and a
//! token of its own.

use std::path::{Path, PathBuf};

use emulator::service::users::User;
use emulator::{self, Options, Server};
use kubernetes::alertmanager::{Alertmanager, Credentials, Place};
use model::finding::{Finding, Grade};
use model::settings::Settings;

use super::doctor::{told_by, words};
use components::alertmanager::every;
use components::rig::Rig;

const SERVICE: &str = "monitoring/alertmanager:9093";

async fn cluster() -> Server {
    emulator::serve(&Options::default()).await.unwrap()
}

fn kubeconfig(server: &Server, user: User, folder: &Path) -> PathBuf {
    let path = folder.join(user.name());
    std::fs::write(&path, server.kubeconfig_of(user)).unwrap();
    path
}

/// At the API server's own address, as any other server behind TLS.
fn by_tls(server: &Server, kubeconfig: &Path, folder: &Path) -> Alertmanager {
    use base64::Engine as _;
    let url = format!(
        "{}/api/v1/namespaces/monitoring/services/alertmanager:9093/proxy",
        server.url
    );
    let text = std::fs::read_to_string(kubeconfig).unwrap();
    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    let pem = read["clusters"][0]["cluster"]["certificate-authority-data"].as_str();
    let pem = base64::engine::general_purpose::STANDARD.decode(pem.unwrap());
    let (authority, token) = (folder.join("ca.pem"), folder.join("token"));
    std::fs::write(&authority, pem.unwrap()).unwrap();
    let text = read["users"][0]["user"]["token"].as_str().unwrap();
    std::fs::write(&token, text).unwrap();
    Alertmanager {
        ca_file: Some(authority),
        credentials: Credentials {
            bearer_file: Some(token),
            ..Credentials::default()
        },
        ..Alertmanager::at(Place::url(&url).unwrap())
    }
}

fn worst(findings: &[Finding]) -> Option<Grade> {
    findings.iter().map(|finding| finding.standing).max()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_proxy_and_tls_with_an_authority_of_its_own_show_the_same_alerts() {
    let (server, folder) = (cluster().await, tempfile::tempdir().unwrap());
    let kubeconfig = kubeconfig(&server, User::Admin, folder.path());
    let proxied = Alertmanager::at(Place::parse(SERVICE).unwrap());
    let direct = by_tls(&server, &kubeconfig, folder.path());
    for alertmanager in [proxied, direct] {
        let state = tempfile::tempdir().unwrap();
        let settings = Settings {
            is_read_only: true,
            ..Settings::default()
        };
        let asked = every(alertmanager.clone());
        let mut rig = Rig::recording(&kubeconfig, "shop", settings, asked, state.path()).await;
        rig.until("alerts", |rig| rig.model.alerts.firing() > Some(0))
            .await;
        let found = told_by(&kubeconfig, every(alertmanager)).await;
        let words = words(&found);
        assert_eq!(worst(&found), Some(Grade::Good), "{words}");
        assert!(words.contains("Alertmanager 0.28"), "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_right_to_the_proxy_the_doctor_names_it() {
    let (server, folder) = (cluster().await, tempfile::tempdir().unwrap());
    let kubeconfig = kubeconfig(&server, User::Viewer, folder.path());
    let proxied = Alertmanager::at(Place::parse(SERVICE).unwrap());
    let found = told_by(&kubeconfig, every(proxied)).await;
    let words = words(&found);
    assert_eq!(worst(&found), Some(Grade::Bad), "{words}");
    for expected in [
        "answered 403",
        "ask for the right to get services/proxy",
        "get --raw /api/v1/namespaces/monitoring/services/alertmanager:9093/proxy/api/v2/status` tells more",
    ] {
        assert!(words.contains(expected), "{expected}: {words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_not_there_and_an_authority_that_is_not_its_own_are_told() {
    let (server, folder) = (cluster().await, tempfile::tempdir().unwrap());
    let kubeconfig = kubeconfig(&server, User::Admin, folder.path());
    let nowhere = Alertmanager::at(Place::parse("monitoring/nobody:9093").unwrap());
    let said = words(&told_by(&kubeconfig, every(nowhere)).await);
    assert!(said.contains("answered 404"), "{said}");
    assert!(said.contains("is the name of the Service right"), "{said}");
    let mut distrusted = by_tls(&server, &kubeconfig, folder.path());
    let other = cluster().await;
    let others = by_tls(&other, &kubeconfig_of(&other, folder.path()), folder.path());
    distrusted.ca_file = others.ca_file;
    let said = words(&told_by(&kubeconfig, every(distrusted)).await);
    assert!(said.contains(": TLS: "), "{said}");
    assert!(
        said.contains("is its certificate authority named in ca-file"),
        "{said}"
    );
}

fn kubeconfig_of(server: &Server, folder: &Path) -> PathBuf {
    let path = folder.join("other");
    std::fs::write(&path, server.kubeconfig()).unwrap();
    path
}
