//! What a terminal would obey, in every field of an alert, a silence and a status.

use serde_json::{Value, json};

use super::watching;
use components::alertmanager::Scripted;
use components::oracle::is_hidden;
use components::rig::Rig;

const START: &str = "2026-03-01T03:10:00.000Z";

/// Reference vectors: control sequences, C1, bidi, zero-width, combining floods, long texts, words of template languages.
fn vectors() -> Vec<String> {
    let mut vectors: Vec<String> = [
        "\x1b[31mX\x1b[8mhidden\x1b[2J\x1b[1;1H\x1b[?1049l\x1bc",
        "\x1b]0;pwn\x07\x1b]52;c;cm0gLXJmIH4K\x07\x1b[6n\x1bP$qm\x1b\\",
        "\x1b]8;;http://evil\x1b\\text\x1b]8;;\x1b\\\x1b]8;;file:///etc/passwd",
        "\u{9b}31m\u{9d}0;x\u{9c}",
        "real error\rall good\u{8}\u{8}NO\u{7f}\0\u{7}\u{b}\u{c}\u{e}\tx\ny",
        "\u{202e}gnp.exe\u{202c}\u{2066}x\u{2069}\u{200f}\u{61c}",
        "prod\u{200b}pr\u{ad}od\u{feff}\u{2060}\u{e0041}\u{3164}\u{115f}",
        "\u{fdfd}\u{301}👩\u{200d}👧\u{fe0f}",
        "[red]{{.x}}%s%n$(id)`id`<script>",
    ]
    .map(str::to_owned)
    .into();
    vectors.push(format!("a{}", "\u{301}".repeat(10_000)));
    vectors.push("m".repeat(1_000_000));
    vectors
}

fn saying(vector: &str, number: usize) -> Value {
    json!({
        "labels": {"alertname": vector, "severity": vector, "namespace": vector, "pod": vector, vector: "utf-8 name"},
        "annotations": {"summary": vector, "description": vector, "runbook_url": vector, vector: vector},
        "startsAt": START, "endsAt": START, "updatedAt": START, "fingerprint": format!("{number}{vector}"),
        "generatorURL": vector, "receivers": [{"name": vector}],
        "status": {"state": "suppressed", "silencedBy": [format!("s{number}")], "inhibitedBy": [vector]},
    })
}

fn harmless(rig: &Rig) {
    let screen = rig.screen();
    for line in screen.lines() {
        let bad = line.chars().find(|c| c.is_control() || is_hidden(*c));
        assert_eq!(bad, None, "{line:?}");
    }
}

#[tokio::test]
async fn hostile_text_is_shown_and_never_obeyed_in_any_field() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    let vectors = vectors();
    let alerts: Vec<Value> = (vectors.iter().enumerate())
        .map(|(number, vector)| saying(vector, number))
        .collect();
    let silences: Vec<Value> = (vectors.iter().enumerate())
        .map(|(number, vector)| {
            json!({"id": format!("s{number}"), "createdBy": vector, "comment": vector, "startsAt": START,
                "endsAt": "2099-01-01T00:00:00Z", "status": {"state": "active"},
                "matchers": [{"name": vector, "value": vector, "isRegex": true, "isEqual": false}]})
        })
        .collect();
    server.silences(Value::from(silences));
    server.fires(&alerts);
    let mut rig = watching(folder.path(), &server).await;
    rig.until("alerts", |rig| rig.model.alerts.is_fresh()).await;
    assert_eq!(rig.model.alerts.watched.table.counts().total, vectors.len());
    harmless(&rig);
    rig.type_keys("1 z g");
    for _ in &vectors {
        harmless(&rig);
        rig.type_keys("enter");
        for keys in ["page-down", "page-down", "page-down", "esc"] {
            harmless(&rig);
            rig.type_keys(keys);
        }
        rig.type_keys("g");
    }
    rig.type_keys("z 5");
    harmless(&rig);
}

#[tokio::test]
async fn twenty_thousand_labels_are_cut_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    let mut many = saying("Many", 0);
    for number in 0..20_000 {
        many["labels"][format!("label{number}")] = "x".into();
    }
    let mut nested = String::from("\"x\"");
    for _ in 0..10_000 {
        nested = format!("[{nested}]");
    }
    server.fires(&[many]);
    let mut rig = watching(folder.path(), &server).await;
    rig.until("alerts", |rig| rig.model.alerts.is_fresh()).await;
    let row = rig.model.alerts.watched.table.row_at(0).unwrap().0;
    assert!(
        row.labels.len() <= 256 && row.left_out > 19_000,
        "{}",
        row.left_out
    );
    // As deep as no document is: the answer is refused, the rows stay.
    let deep = format!("[{{\"alerts\":[{nested}]}}]");
    server.reply(components::alertmanager::Reply::Raw(
        "200 OK\r\nContent-Type: application/json".to_owned(),
        deep.into_bytes(),
    ));
    rig.until("refused or counted", |rig| {
        let alerts = &rig.model.alerts.watched;
        alerts.health.problem().is_some() || !alerts.unreadable.is_empty()
    })
    .await;
}
