//! Good answers.

use kubernetes::alertmanager::Credentials;
use model::alert::AlertState;
use model::message::Effect;
use serde_json::json;

use text::Outside;

use super::{rig, watching};
use components::alertmanager::{Reply, Scripted, alert, every};
use harness::console::Console;
use harness::fixtures::{alerts, outage};

const START: &str = "2026-03-01T03:10:00.000Z";

#[tokio::test]
async fn the_loudest_stand_first_and_what_is_held_back_below() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    let mut silenced = alert("Silenced", "critical", "s", START);
    silenced["status"] = json!({"state": "suppressed", "silencedBy": ["id-1"], "inhibitedBy": []});
    let mut inhibited = alert("Inhibited", "warning", "i", START);
    inhibited["status"] = json!({"state": "suppressed", "silencedBy": [], "inhibitedBy": ["c"]});
    let mut muted = alert("Muted", "warning", "m", START);
    muted["status"] =
        json!({"state": "suppressed", "silencedBy": [], "inhibitedBy": [], "mutedBy": ["night"]});
    server.silences(json!([{"id": "id-1", "createdBy": "kate", "comment": "known, see #12",
        "startsAt": START, "endsAt": "2099-01-01T00:00:00.000Z", "updatedAt": START,
        "matchers": [{"name": "alertname", "value": "Silenced", "isRegex": false}], "status": {"state": "active"}}]));
    server.fires(&[
        alert("Watchdog", "none", "w", START),
        silenced,
        muted,
        inhibited,
        alert("Warning", "warning", "w1", "2026-03-01T03:11:00.000Z"),
        alert("Critical", "critical", "c", START),
    ]);
    let mut rig = watching(folder.path(), &server).await;
    rig.until("alerts", |rig| rig.model.alerts.is_fresh()).await;
    let table = &rig.model.alerts.watched.table;
    let names: Vec<_> = (0..table.len())
        .map(|line| table.row_at(line).unwrap().0.name.raw())
        .collect();
    assert_eq!(
        names,
        [
            "Critical",
            "Warning",
            "Inhibited",
            "Silenced",
            "Muted",
            "Watchdog"
        ]
    );
    assert_eq!(rig.model.alerts.firing(), Some(2));
    let state = |line: usize| table.row_at(line).unwrap().0.state;
    assert_eq!(
        [2, 3, 4].map(state),
        [
            AlertState::Inhibited,
            AlertState::Silenced,
            AlertState::Muted
        ]
    );
    let screen = rig.screen();
    assert!(screen.contains("2 firing"), "{screen}");
    rig.type_keys("1 g j j j enter");
    let screen = rig.screen();
    for words in [
        "by kate until 2099-01-01",
        "known, see #12",
        "alertname=\"Silenced\"",
    ] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
}

#[tokio::test]
async fn an_alert_in_groups_of_two_receivers_is_one_alert() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    let one = alert("Twice", "critical", "t", START);
    server.reply(Reply::Groups(json!([
        {"labels": {}, "receiver": {"name": "on-call"}, "alerts": [one]},
        {"labels": {}, "receiver": {"name": "archive"}, "routeLabels": {}, "alerts": [one]},
    ])));
    let mut rig = watching(folder.path(), &server).await;
    rig.until("alerts", |rig| rig.model.alerts.is_fresh()).await;
    assert_eq!(rig.model.alerts.firing(), Some(1));
    let row = rig.model.alerts.loudest().unwrap();
    let receivers: Vec<_> = row.receivers.iter().map(Outside::raw).collect();
    assert_eq!(receivers, ["archive", "on-call"]);
}

#[tokio::test]
async fn no_alerts_is_said_only_after_an_answer_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    server.reply(Reply::Hang);
    let mut configured = server.configured();
    configured.timeout = std::time::Duration::from_secs(1);
    let mut rig = rig(folder.path(), every(configured)).await;
    assert!(!rig.screen().contains("no alerts"), "{}", rig.screen());
    rig.until("the end of patience", |rig| {
        rig.screen().contains("not known: no answer")
    })
    .await;
    assert!(!rig.screen().contains("no alerts") && !rig.screen().contains("0 firing"));
    server.fires(&[]);
    rig.until("calm", |rig| rig.screen().contains("no alerts"))
        .await;
}

#[tokio::test]
async fn credentials_come_from_files_and_are_read_anew_for_each_question() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let server = Scripted::start().await;
    let mut configured = server.configured();
    configured.credentials = Credentials {
        basic_file: None,
        bearer_file: Some(file("token", "first\n")),
        headers_file: Some(file("headers", "# tenant\nX-Scope-OrgID: shop\n\n")),
    };
    let mut rig = rig(folder.path(), every(configured)).await;
    let has = |head: &str, line: &str| head.to_lowercase().contains(line);
    rig.until("an answer", |rig| rig.model.alerts.is_fresh())
        .await;
    let asked = server.asked();
    assert!(
        asked
            .iter()
            .all(|asked| has(&asked.head, "authorization: bearer first\r\n")
                && has(&asked.head, "x-scope-orgid: shop\r\n")
                && asked.head.starts_with("GET /api/v2/")),
        "{asked:?}"
    );
    file("token", "second\n");
    rig.until("the second token", |_| {
        let asked = server.asked();
        let last = asked.last().unwrap();
        has(&last.head, "authorization: bearer second\r\n")
    })
    .await;
    std::fs::remove_file(folder.path().join("token")).unwrap();
    rig.until("no token", |rig| rig.screen().contains("bearer-file"))
        .await;
    assert!(rig.model.alerts.watched.is_complete && !rig.model.alerts.is_fresh());
}

#[tokio::test]
async fn a_user_and_a_password_come_from_a_file_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("basic");
    std::fs::write(&path, "kate:p:w\r\n").unwrap();
    let server = Scripted::start().await;
    let mut configured = server.configured();
    configured.credentials.basic_file = Some(path.clone());
    let mut rig = rig(folder.path(), every(configured)).await;
    rig.until("an answer", |rig| rig.model.alerts.is_fresh())
        .await;
    let has_it = |head: &str| head.contains("authorization: Basic a2F0ZTpwOnc=\r\n");
    assert!(
        server.asked().iter().all(|asked| has_it(&asked.head)),
        "{:?}",
        server.asked()
    );
    std::fs::write(&path, "kate").unwrap();
    rig.until("what is wrong with it", |rig| {
        let problem = rig.model.alerts.watched.health.problem();
        problem.is_some_and(|problem| problem.what.contains("needs one line user:password"))
    })
    .await;
    assert!(!rig.screen().contains("kate:"), "{}", rig.screen());
}

#[tokio::test]
async fn one_round_of_questions_at_a_time_and_never_more_than_one_each_two_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    server.reply(Reply::Raw("500 Oops".to_owned(), b"no".to_vec()));
    let mut configured = server.configured();
    configured.interval = std::time::Duration::from_millis(1);
    let mut rig = rig(folder.path(), every(configured)).await;
    let rounds = || {
        let asked = server.asked();
        let groups = asked
            .into_iter()
            .filter(|asked| asked.path.ends_with("groups"));
        groups.map(|asked| asked.at).collect::<Vec<_>>()
    };
    rig.until("three rounds", |_| rounds().len() >= 3).await;
    for pair in rounds().windows(2) {
        let between = pair[1] - pair[0];
        assert!(between.as_millis() >= 1_900, "{between:?}");
    }
    // A server that refuses the first question is not asked the others.
    assert!(
        server
            .asked()
            .iter()
            .all(|asked| asked.path.ends_with("groups"))
    );
}

#[test]
fn the_runbook_is_copied_from_the_pane_and_from_the_alert() {
    let mut console = Console::live(120, 40, outage());
    let mut firing = alerts();
    firing[0].annotations =
        Box::new([("runbook_url".into(), "https://runbooks.example/5xx".into())]);
    console.alerts(firing);
    console.type_keys("1 g");
    console.take_effects();
    let copied = |console: &mut Console| {
        let effects = console.take_effects();
        effects.into_iter().find_map(|effect| match effect {
            Effect::Copy(text) => Some(text.raw().to_owned()),
            _ => None,
        })
    };
    console.type_keys("y");
    assert_eq!(
        copied(&mut console).unwrap(),
        "https://runbooks.example/5xx"
    );
    console.type_keys("enter");
    assert!(
        console.shows("https://runbooks.example/5xx"),
        "{}",
        console.screen()
    );
    console.type_keys("y");
    assert_eq!(
        copied(&mut console).unwrap(),
        "https://runbooks.example/5xx"
    );
    assert!(
        console.shows("copied the runbook's address"),
        "{}",
        console.screen()
    );
}

#[test]
fn the_selected_alert_keeps_its_line_when_a_louder_one_comes() {
    let mut console = Console::live(120, 40, outage());
    console.alerts(alerts());
    console.type_keys("1 g j");
    let selected = console.model.screen.alerts.cursor.clone().unwrap().uid;
    console.advance(5_000);
    let mut more = alerts();
    more.push(harness::fixtures::alert("Newer", "critical", 1, &[]));
    console.alerts(more);
    assert_eq!(
        console.model.screen.alerts.cursor.clone().unwrap().uid,
        selected
    );
    assert!(console.shows("3 firing"));
}
