//! What the doctor says of Alertmanager, and what it tells one to do.

use std::path::Path;
use std::time::{Duration, Instant};

use kubernetes::Connect;
use kubernetes::alertmanager::{Alertmanager, Alertmanagers, Place};
use kubernetes::clock::Clock;
use model::finding::{Finding, Grade};
use serde_json::json;
use watchfloor::config::{self, Inputs};
use watchfloor::doctor::{self, Examination};

use super::nowhere;
use components::alertmanager::{Reply, Scripted, alert, every};

const START: &str = "2026-03-01T03:10:00.000Z";

/// What it says of alerts, when the API server is not there.
async fn told(alertmanagers: Alertmanagers) -> Vec<Finding> {
    let folder = tempfile::tempdir().unwrap();
    told_by(&nowhere(folder.path()), alertmanagers).await
}

/// What it says of alerts.
pub async fn told_by(kubeconfig: &Path, alertmanagers: Alertmanagers) -> Vec<Finding> {
    let folder = tempfile::tempdir().unwrap();
    let examination = Examination {
        connect: Connect {
            kubeconfig: Some(kubeconfig.to_owned()),
            context: None,
            impersonate: None,
            request_timeout: Some(Duration::from_secs(5)),
            is_read_only: false,
            alertmanagers,
            clock: Clock::new(Instant::now()),
        },
        scope: None,
        loaded: config::load(&Inputs::default()).unwrap(),
        state_dir: Some(folder.path().join("state")),
    };
    let mut findings = doctor::examine(&examination).await;
    findings.retain(|finding| finding.subject == "alerts");
    findings
}

pub fn words(findings: &[Finding]) -> String {
    let all = findings.iter().map(|finding| {
        let (what, next) = (finding.what.raw(), finding.next.raw());
        format!("{:?}: {what} -> {next}\n", finding.standing)
    });
    all.collect()
}

fn worst(findings: &[Finding]) -> Option<Grade> {
    findings.iter().map(|finding| finding.standing).max()
}

#[tokio::test]
async fn one_that_is_well_is_told_with_its_version_and_its_alerts() {
    let server = Scripted::start().await;
    let mut silenced = alert("Slow", "warning", "s", START);
    silenced["status"] = json!({"state": "suppressed", "silencedBy": ["id"], "inhibitedBy": []});
    let watchdog = alert("Watchdog", "none", "w", START);
    server.fires(&[watchdog, silenced, alert("Bad", "critical", "b", START)]);
    let found = told(every(server.configured())).await;
    let words = words(&found);
    assert_eq!(worst(&found), Some(Grade::Good), "{words}");
    for expected in [
        &format!("Alertmanager 0.25.0 at {} answers in ", server.url),
        ": 1 firing, 1 silenced",
        "Watchdog fires",
    ] {
        assert!(words.contains(expected), "{expected}: {words}");
    }
    assert_eq!(server.asked().len(), 3, "{:?}", server.asked());
}

#[tokio::test]
async fn silence_that_nothing_proves_is_not_called_well() {
    let server = Scripted::start().await;
    let found = told(every(server.configured())).await;
    let words = words(&found);
    assert_eq!(worst(&found), Some(Grade::Lessened), "{words}");
    assert!(
        words.contains("0 firing") && words.contains("no Watchdog fires"),
        "{words}"
    );
}

#[tokio::test]
async fn each_failure_is_told_with_what_to_do() {
    let json = "200 OK\r\nContent-Type: application/json";
    let page = "200 OK\r\nContent-Type: text/html";
    let cases: [(&str, &str, &str, &str); 7] = [
        (
            "400 Bad Request",
            "Client sent an HTTP request to an HTTPS server.",
            "answered 400: Client sent an HTTP request",
            "write https:// in its url",
        ),
        (
            page,
            "<html><form action=/login>",
            "perhaps a login page",
            "is this the address of an Alertmanager",
        ),
        (
            "302 Found\r\nLocation: https://login.example/?t=secret",
            "",
            "redirects (302) to https://login.example/",
            "the address behind the login",
        ),
        (
            "401 Unauthorized",
            "",
            "does not accept these credentials",
            "basic-file, bearer-file or headers-file",
        ),
        (
            "404 Not Found",
            "404 page not found",
            "answered 404",
            "the path before /api/v2",
        ),
        ("500 Oops", "no", "answered 500: no", "its own log says why"),
        (
            json,
            "[{",
            "ended before its end",
            "is this the address of an Alertmanager",
        ),
    ];
    let server = Scripted::start().await;
    for (head, body, what, next) in cases {
        server.reply(Reply::Raw(head.to_owned(), body.into()));
        let found = told(every(server.configured())).await;
        let words = words(&found);
        assert_eq!(worst(&found), Some(Grade::Bad), "{words}");
        assert!(
            words.contains(what) && words.contains(next),
            "{what}; {next}: {words}"
        );
        assert!(
            words.contains(&format!("`curl -i {}/api/v2/status`", server.url)),
            "{words}"
        );
        assert!(
            !words.contains("by itself") && !words.contains("secret"),
            "{words}"
        );
    }
}

#[tokio::test]
async fn an_address_that_is_wrong_or_speaks_no_tls_is_told() {
    let server = Scripted::start().await;
    let at = |url: &str| every(Alertmanager::at(Place::parse(url).unwrap()));
    let nobody = words(&told(at("http://127.0.0.1:1")).await);
    assert!(
        nobody.contains("Bad: Alertmanager at http://127.0.0.1:1: "),
        "{nobody}"
    );
    assert!(nobody.contains("is the address right"), "{nobody}");
    let secure = words(&told(at(&server.url.replace("http", "https"))).await);
    assert!(
        secure.contains("does not speak it -> write http:// in its url"),
        "{secure}"
    );
}

#[tokio::test]
async fn one_behind_an_api_server_that_is_not_there_is_not_asked() {
    let place = Place::parse("monitoring/alertmanager:9093").unwrap();
    let found = told(every(Alertmanager::at(place))).await;
    let words = words(&found);
    assert_eq!(worst(&found), Some(Grade::Lessened), "{words}");
    assert!(
        words.contains("monitoring/alertmanager:9093 through the API server was not asked"),
        "{words}"
    );
}

#[tokio::test]
async fn none_configured_is_told_with_what_to_write_and_a_wrong_line_as_wrong() {
    let found = told(Alertmanagers::default()).await;
    let said = words(&found);
    assert_eq!(worst(&found), Some(Grade::Lessened), "{said}");
    assert!(
        said.contains("no Alertmanager configured -> write [alertmanager]"),
        "{said}"
    );
    let fault = Some("alertmanager.url must begin with http://".to_owned());
    let found = told(Alertmanagers {
        fault,
        ..Alertmanagers::default()
    })
    .await;
    assert_eq!(worst(&found), Some(Grade::Bad), "{}", words(&found));
}

#[tokio::test]
async fn a_cluster_that_settles_is_told() {
    let server = Scripted::start().await;
    server.gossips("settling", 3);
    let found = told(every(server.configured())).await;
    let said = words(&found);
    assert!(
        said.contains("Lessened: Alertmanager") && said.contains("cluster of 3 settling"),
        "{said}"
    );
    server.gossips("ready", 3);
    let said = words(&told(every(server.configured())).await);
    assert!(
        said.contains("Good: Alertmanager") && said.contains("cluster of 3 ready"),
        "{said}"
    );
}
