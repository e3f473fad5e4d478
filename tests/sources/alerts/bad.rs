//! Bad answers: each keeps the alerts that were known, marked as old, and says what is wrong. None looks calm.

use std::time::Duration;

use kubernetes::alertmanager::Place;

use super::{rig, watching};
use components::alertmanager::{Reply, Scripted, alert, every};
use components::rig::Rig;

const START: &str = "2026-03-01T03:10:00.000Z";

/// Waits for these words, with the alerts of before still there and marked.
async fn told(rig: &mut Rig, words: &str) {
    rig.until(words, |rig| {
        let problem = rig.model.alerts.watched.health.problem();
        problem.is_some_and(|problem| problem.what.contains(words))
    })
    .await;
    let problem = rig.model.alerts.watched.health.problem().unwrap();
    assert!(!problem.next.is_empty(), "and what to do?");
    assert_eq!(problem.what.raw().lines().count(), 1, "{problem:?}");
    let screen = rig.screen();
    assert!(
        screen.contains("STALE") && screen.contains("HighErrorRate"),
        "{screen}"
    );
    assert!(screen.contains("1 firing"), "{screen}");
    assert!(!screen.contains("no alerts"), "{screen}");
}

fn page() -> Vec<u8> {
    b"<!doctype html><html><form action=/login>".to_vec()
}

#[tokio::test]
async fn every_bad_answer_is_said_and_no_alert_is_lost() {
    let half = r#"[{"labels":{},"receiver":{"name":"x"},"alerts":[{"labels":{"alertname"#;
    let json = "Content-Type: application/json";
    let cases: Vec<(Reply, &str)> = vec![
        (
            Reply::Raw("200 OK\r\nContent-Type: text/html".to_owned(), page()),
            "web page, perhaps a login page",
        ),
        (
            Reply::Raw(
                "302 Found\r\nLocation: https://login.example/start?token=secret".to_owned(),
                Vec::new(),
            ),
            "redirects (302) to https://login.example/start, perhaps a login page",
        ),
        (
            Reply::Raw(format!("200 OK\r\n{json}"), half.as_bytes().to_vec()),
            "ended before its end",
        ),
        (Reply::Cut(half.to_owned()), "127.0.0.1"),
        (
            Reply::Raw(
                format!("200 OK\r\n{json}"),
                b"[{\"alerts\": nope}]".to_vec(),
            ),
            "no whole JSON",
        ),
        (
            Reply::Raw(
                format!("200 OK\r\n{json}"),
                b"{\"status\":\"success\"}".to_vec(),
            ),
            "no groups of alerts",
        ),
        (
            Reply::Raw(format!("200 OK\r\n{json}"), Vec::new()),
            "an empty answer",
        ),
        (
            Reply::Raw(
                "200 OK\r\nContent-Type: text/plain".to_owned(),
                b"OK".to_vec(),
            ),
            "not JSON (text/plain)",
        ),
        (
            Reply::Raw(
                "404 Not Found".to_owned(),
                b"404 page not found\nmore".to_vec(),
            ),
            "answered 404: 404 page not found",
        ),
        (
            Reply::Raw("401 Unauthorized".to_owned(), b"who?".to_vec()),
            "does not accept these credentials (401)",
        ),
        (
            Reply::Raw(
                "503 Service Unavailable\r\nContent-Type: text/html".to_owned(),
                page(),
            ),
            "answered 503: a web page",
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    server.fires(&[alert("HighErrorRate", "critical", "h", START)]);
    let mut rig = watching(folder.path(), &server).await;
    rig.until("alerts", |rig| rig.model.alerts.is_fresh()).await;
    for (reply, words) in cases {
        server.reply(reply);
        told(&mut rig, words).await;
    }
    let asked = server.asked();
    assert!(
        asked.iter().all(|asked| asked.path.starts_with("/api/v2/")),
        "a redirection was followed: {asked:?}"
    );
    server.fires(&[]);
    rig.until("calm, at last", |rig| rig.screen().contains("no alerts"))
        .await;
}

#[tokio::test]
async fn a_body_of_a_hundred_megabytes_is_not_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    server.fires(&[alert("HighErrorRate", "critical", "h", START)]);
    let mut rig = watching(folder.path(), &server).await;
    rig.until("alerts", |rig| rig.model.alerts.is_fresh()).await;
    for is_announced in [true, false] {
        let before = server.sent_bytes();
        let bytes = 100 << 20;
        server.reply(Reply::Flood {
            bytes,
            is_announced,
        });
        told(&mut rig, "longer than 32 MB").await;
        let taken = server.sent_bytes() - before;
        assert!(taken < 60 << 20, "{taken} bytes of one flood, or of two");
        server.fires(&[alert("HighErrorRate", "critical", "h", START)]);
        rig.until("alerts again", |rig| rig.model.alerts.is_fresh())
            .await;
    }
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    server.fires(&[alert("HighErrorRate", "critical", "h", START)]);
    let mut configured = server.configured();
    configured.timeout = Duration::from_secs(2);
    let mut rig = rig(folder.path(), every(configured)).await;
    rig.until("alerts", |rig| rig.model.alerts.is_fresh()).await;
    server.reply(Reply::Hang);
    told(&mut rig, "no whole answer within 2 s").await;
}

#[tokio::test]
async fn an_address_where_nobody_listens_is_said_and_nothing_is_called_calm() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    let mut configured = server.configured();
    configured.place = Place::parse("http://127.0.0.1:1").unwrap();
    let mut rig = rig(folder.path(), every(configured)).await;
    rig.until("refused", |rig| {
        let screen = rig.screen();
        screen.contains("refuses the") && screen.contains("not known")
    })
    .await;
    assert!(!rig.screen().contains("no alerts"), "{}", rig.screen());
}

#[tokio::test]
async fn one_alert_that_cannot_be_read_costs_only_itself() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    let mut strange = alert("Strange", "warning", "s", START);
    strange["labels"]["pod"] = serde_json::json!({"deep": [1, 2]});
    let mut timeless = alert("Timeless", "warning", "t", "yesterday");
    timeless["status"] = serde_json::Value::Null;
    timeless["endsAt"] = serde_json::Value::Null;
    server.fires(&[
        strange,
        timeless,
        alert("HighErrorRate", "critical", "h", START),
    ]);
    let mut rig = watching(folder.path(), &server).await;
    rig.until("alerts", |rig| rig.model.alerts.is_fresh()).await;
    rig.type_keys("1 z");
    let screen = rig.screen();
    for words in [
        "HighErrorRate",
        "Timeless",
        "1 alert unreadable",
        "2 firing",
    ] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
}

#[tokio::test]
async fn without_an_alertmanager_the_pane_says_what_to_write_where() {
    let folder = tempfile::tempdir().unwrap();
    let mut rig = rig(
        folder.path(),
        kubernetes::alertmanager::Alertmanagers::default(),
    )
    .await;
    rig.until("the words", |rig| {
        let screen = rig.screen();
        screen.contains("not configured") && screen.contains("[alertmanager]")
    })
    .await;
    assert!(!rig.screen().contains("no alerts"), "{}", rig.screen());
}
