//! What the doctor says, and what it tells one to do, about clusters that are well, that refuse, and that are not there.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use components::control_plane::PATIENCE;
use kubernetes::Connect;
use kubernetes::clock::Clock;
use model::cluster::Scope;
use model::finding::{Finding, Grade};
use watchfloor::config::{self, Inputs};
use watchfloor::doctor::{self, Examination};

/// An examination of this cluster from a healthy machine.
fn examination(kubeconfig: PathBuf, state: &Path) -> Examination {
    Examination {
        connect: Connect {
            kubeconfig: Some(kubeconfig),
            context: None,
            impersonate: None,
            request_timeout: Some(Duration::from_secs(5)),
            is_read_only: false,
            alertmanagers: kubernetes::alertmanager::Alertmanagers::default(),
            clock: Clock::new(Instant::now()),
        },
        scope: None,
        loaded: config::load(&Inputs::default()).unwrap(),
        state_dir: Some(state.to_owned()),
    }
}

async fn findings(kubeconfig: PathBuf, scope: Option<Scope>) -> Vec<Finding> {
    let state = tempfile::tempdir().unwrap();
    let mut examination = examination(kubeconfig, state.path());
    examination.scope = scope;
    doctor::examine(&examination).await
}

/// The findings about the cluster alone: where the tests run is none of their business.
fn of<'a>(findings: &'a [Finding], subject: &'a str) -> impl Iterator<Item = &'a Finding> {
    findings
        .iter()
        .filter(move |finding| finding.subject == subject)
}

fn worst(findings: &[Finding], subject: &str) -> Option<Grade> {
    of(findings, subject).map(|finding| finding.standing).max()
}

fn words(findings: &[Finding], subject: &str) -> String {
    let all = of(findings, subject)
        .map(|finding| format!("{} -> {}\n", finding.what.raw(), finding.next.raw()));
    all.collect()
}

/// The server fills its role `view` a moment after it answers.
async fn findings_once_roles_are_there(kubeconfig: PathBuf) -> Vec<Finding> {
    let end = Instant::now() + PATIENCE;
    loop {
        let found = findings(kubeconfig.clone(), None).await;
        if worst(&found, "rights") != Some(Grade::Bad) || Instant::now() > end {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn kubeconfig(folder: &Path, server: &str) -> PathBuf {
    let file = folder.join("kubeconfig");
    let text = serde_json::json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "here",
        "clusters": [{"name": "local", "cluster": {"server": server}}],
        "users": [{"name": "me", "user": {"token": "wrong"}}],
        "contexts": [{"name": "here", "context": {"cluster": "local", "user": "me"}}],
    });
    std::fs::write(&file, text.to_string()).unwrap();
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn each_person_hears_what_they_may_do() {
    let Some(plane) = crate::plane::shared() else {
        return;
    };
    let admin = findings(plane.kubeconfig("admin"), None).await;
    for subject in [
        "kubeconfig",
        "server",
        "tls",
        "clock",
        "user",
        "rights",
        "lists",
    ] {
        assert_eq!(
            worst(&admin, subject),
            Some(Grade::Good),
            "{}",
            doctor::report(&admin)
        );
    }
    assert!(words(&admin, "user").contains("you are admin"));
    assert!(words(&admin, "lists").contains("as protobuf"));

    let viewer = findings_once_roles_are_there(plane.kubeconfig("viewer")).await;
    assert_eq!(
        worst(&viewer, "rights"),
        Some(Grade::Lessened),
        "{}",
        doctor::report(&viewer)
    );
    assert!(
        words(&viewer, "rights").contains("you may not patch deployments/scale in all namespaces")
    );

    let everywhere = findings(plane.kubeconfig("shop-only"), None).await;
    assert_eq!(worst(&everywhere, "rights"), Some(Grade::Bad));
    assert!(words(&everywhere, "rights").contains("choose a namespace"));
    let shop = findings(
        plane.kubeconfig("shop-only"),
        Some(Scope::Namespace("shop".into())),
    )
    .await;
    assert_eq!(
        worst(&shop, "rights"),
        Some(Grade::Good),
        "{}",
        doctor::report(&shop)
    );

    let nobody = findings(plane.kubeconfig("nobody"), None).await;
    assert!(!doctor::is_fit(&nobody));
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_the_server_refuses_are_named() {
    let Some(plane) = crate::plane::shared() else {
        return;
    };
    let text = std::fs::read_to_string(plane.kubeconfig("admin")).unwrap();
    let file = plane.folder().join("wrong.kubeconfig");
    std::fs::write(&file, text.replace("admin-token", "no-such-token")).unwrap();
    let found = findings(file, None).await;
    assert!(!doctor::is_fit(&found));
    let report = doctor::report(&found);
    assert!(
        report.contains("401") && report.contains("log in again"),
        "{report}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_said_with_what_to_try() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let folder = tempfile::tempdir().unwrap();
    let file = kubeconfig(folder.path(), &format!("https://{address}"));
    let found = findings(file, None).await;
    assert_eq!(
        worst(&found, "server"),
        Some(Grade::Bad),
        "{}",
        doctor::report(&found)
    );
    assert!(
        words(&found, "server").contains("VPN"),
        "{}",
        words(&found, "server")
    );
    assert!(!doctor::is_fit(&found));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kubeconfig_that_is_not_there_is_named() {
    let found = findings("/nowhere/kubeconfig".into(), None).await;
    assert_eq!(worst(&found, "kubeconfig"), Some(Grade::Bad));
    assert!(words(&found, "kubeconfig").contains("/nowhere/kubeconfig"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timeline_that_could_not_be_kept_is_bad_and_a_wrong_setting_too() {
    let folder = tempfile::tempdir().unwrap();
    let occupied = folder.path().join("state");
    std::fs::write(&occupied, "a file").unwrap();
    std::fs::write(
        folder.path().join("config.toml"),
        "theem = 'mono'\nkeymap = 'mine'\n",
    )
    .unwrap();
    let mut examination = examination("/nowhere".into(), &occupied);
    examination.loaded = config::load(&Inputs {
        directory: Some(folder.path().to_owned()),
        ..Inputs::default()
    })
    .unwrap();
    let found = doctor::examine(&examination).await;
    for subject in ["timeline", "config", "keymap"] {
        assert_eq!(
            worst(&found, subject),
            Some(Grade::Bad),
            "{}",
            doctor::report(&found)
        );
    }
    assert!(words(&found, "config").contains("did you mean \"theme\"?"));
}

#[test]
fn hostile_words_of_a_server_stay_words() {
    let finding = Finding::bad("server", "said \u{1b}[2J\nok  server all is well", "");
    let report = doctor::report(&[finding]);
    assert!(!report.contains('\u{1b}'));
    assert!(
        !report.lines().any(|line| line.starts_with("ok")),
        "{report}"
    );
}
