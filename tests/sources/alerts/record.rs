//! What stands on the timeline: each firing, silence and end once, whoever restarts.

use chrono::{DateTime, Utc};
use model::kind::Kind;
use serde_json::{Value, json};

use super::watching;
use components::alertmanager::{Scripted, alert};
use components::rig::Rig;

/// A start in the past, in whole seconds.
fn minutes_ago(minutes: i64) -> String {
    let at = Utc::now() - chrono::TimeDelta::minutes(minutes);
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

async fn answers(rig: &mut Rig, count: u32) {
    let until = rig.model.alerts.generation + count;
    rig.until("answers", |rig| rig.model.alerts.generation >= until)
        .await;
}

fn counts(rig: &Rig) -> (usize, usize) {
    let count = |kind| rig.titles(kind).len();
    (count(Kind::AlertFired), count(Kind::AlertResolved))
}

fn silenced(mut alert: Value, id: &str) -> Value {
    alert["status"] = json!({"state": "suppressed", "silencedBy": [id], "inhibitedBy": []});
    alert
}

#[tokio::test]
async fn firing_silenced_and_resolved_stand_there_once_each_at_their_true_times() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    let start = minutes_ago(14);
    let high = alert("HighErrorRate", "critical", "h", &start);
    server.fires(&[alert("Watchdog", "none", "w", &start), high.clone()]);
    let mut rig = watching(folder.path(), &server).await;
    rig.until("fired", |rig| counts(rig) == (1, 0)).await;
    let fired = rig.first(Kind::AlertFired);
    assert_eq!(fired.occurred_at, start.parse::<DateTime<Utc>>().unwrap());
    assert_eq!(
        fired.title.raw(),
        "HighErrorRate of checkout-1 fires: HighErrorRate is bad"
    );
    let silenced_at = minutes_ago(1);
    server.silences(
        json!([{"id": "id-1", "createdBy": "kate", "comment": "known", "startsAt": silenced_at,
        "endsAt": "2099-01-01T00:00:00.000Z", "matchers": [], "status": {"state": "active"}}]),
    );
    server.fires(&[silenced(high.clone(), "id-1")]);
    rig.until("silenced", |rig| {
        rig.titles(Kind::AlertSilenced)
            == ["HighErrorRate silenced until 2099-01-01 00:00Z by kate: known"]
    })
    .await;
    server.silences(json!([]));
    server.fires(&[high]);
    rig.until("the end of the silence", |rig| {
        let events = rig.titles(Kind::Event);
        events
            .iter()
            .any(|title| title.contains("HighErrorRate still firing"))
    })
    .await;
    answers(&mut rig, 2).await;
    server.fires(&[]);
    rig.until("resolved", |rig| counts(rig) == (1, 1)).await;
    answers(&mut rig, 2).await;
    assert_eq!(counts(&rig), (1, 1));
    assert_eq!(rig.titles(Kind::AlertSilenced).len(), 1);
    assert!(
        rig.titles(Kind::AlertResolved)[0]
            .starts_with("HighErrorRate of checkout-1 resolved after 14 min")
    );
}

#[tokio::test]
async fn an_alertmanager_that_was_restarted_and_forgot_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    let high = alert("HighErrorRate", "critical", "h", &minutes_ago(14));
    server.fires(std::slice::from_ref(&high));
    let mut rig = watching(folder.path(), &server).await;
    rig.until("fired", |rig| counts(rig) == (1, 0)).await;
    server.restarted(&minutes_ago(0));
    server.fires(&[]);
    answers(&mut rig, 4).await;
    assert_eq!(counts(&rig), (1, 0), "it may come again");
    server.fires(std::slice::from_ref(&high));
    answers(&mut rig, 2).await;
    assert_eq!(counts(&rig), (1, 0), "it is the same one");
    server.fires(&[]);
    rig.until("now it is over", |rig| counts(rig) == (1, 1))
        .await;
}

#[tokio::test]
async fn what_another_console_told_is_told_once_and_ends_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    let stays = alert("Stays", "warning", "s", &minutes_ago(30));
    let ends = alert("Ends", "critical", "e", &minutes_ago(20));
    server.fires(&[stays.clone(), ends]);
    let mut first = watching(folder.path(), &server).await;
    let mut second = watching(folder.path(), &server).await;
    first.until("fired", |rig| counts(rig) == (2, 0)).await;
    second
        .until("heard of it", |rig| counts(rig) == (2, 0))
        .await;
    answers(&mut first, 1).await;
    answers(&mut second, 1).await;
    assert_eq!((counts(&first), counts(&second)), ((2, 0), (2, 0)));
    first.close();
    second.close();
    // One ends while nobody watches.
    server.fires(&[stays]);
    let mut third = watching(folder.path(), &server).await;
    third.until("the end", |rig| counts(rig) == (2, 1)).await;
    answers(&mut third, 2).await;
    assert_eq!(counts(&third), (2, 1));
    assert!(
        third.titles(Kind::AlertResolved)[0].starts_with("Ends resolved while nobody watched"),
        "{:?}",
        third.titles(Kind::AlertResolved)
    );
}

#[tokio::test]
async fn a_storm_of_one_name_is_one_entry_with_a_count() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    let start = minutes_ago(3);
    let mut all: Vec<Value> = (0..400)
        .map(|number| {
            alert(
                "KubePodCrashLooping",
                "warning",
                &format!("k{number}"),
                &start,
            )
        })
        .collect();
    all.push(alert("HighErrorRate", "critical", "h", &start));
    server.fires(&all);
    let mut rig = watching(folder.path(), &server).await;
    rig.until("two entries", |rig| counts(rig) == (2, 0)).await;
    assert!(
        rig.titles(Kind::AlertFired)
            .contains(&"KubePodCrashLooping: 400 alerts fire".to_owned())
    );
    server.fires(&[]);
    rig.until("and two ends", |rig| counts(rig) == (2, 2)).await;
}

#[tokio::test]
async fn an_alert_that_ended_and_began_again_is_told_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    server.fires(&[alert("Flaps", "warning", "f", &minutes_ago(30))]);
    let mut rig = watching(folder.path(), &server).await;
    rig.until("fired", |rig| counts(rig) == (1, 0)).await;
    server.fires(&[alert("Flaps", "warning", "f", &minutes_ago(5))]);
    rig.until("ended and fired", |rig| counts(rig) == (2, 1))
        .await;
    answers(&mut rig, 2).await;
    assert_eq!(counts(&rig), (2, 1));
}

#[tokio::test]
async fn a_storm_is_told_once_although_the_console_is_started_anew_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    let start = minutes_ago(3);
    let storm = |count: usize| -> Vec<Value> {
        let one = |number: usize| alert("Crash", "warning", &format!("k{number}"), &start);
        (0..count).map(one).collect()
    };
    server.fires(&storm(40));
    let mut first = watching(folder.path(), &server).await;
    first.until("one entry", |rig| counts(rig) == (1, 0)).await;
    first.close();
    // Some end while nobody watches, and one begins.
    let mut now = storm(25);
    now.push(alert("Crash", "warning", "new", &minutes_ago(-60)));
    server.fires(&now);
    let mut second = watching(folder.path(), &server).await;
    second
        .until("two entries", |rig| counts(rig) == (2, 1))
        .await;
    answers(&mut second, 2).await;
    assert_eq!(
        counts(&second),
        (2, 1),
        "{:?}",
        second.titles(Kind::AlertFired)
    );
    assert_eq!(
        second.titles(Kind::AlertResolved),
        ["Crash: 15 alerts resolved while nobody watched"]
    );
    server.fires(&[]);
    // The crowd as one, and the one that was told by itself.
    second.until("the rest", |rig| counts(rig) == (2, 3)).await;
    second.close();
    let mut third = watching(folder.path(), &server).await;
    answers(&mut third, 3).await;
    assert_eq!(
        counts(&third),
        (2, 3),
        "{:?}",
        third.titles(Kind::AlertResolved)
    );
}

#[tokio::test]
async fn an_alert_that_a_greater_one_holds_back_has_not_ended() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    let start = minutes_ago(14);
    let mut slow = alert("Slow", "warning", "s", &start);
    // Prometheus promises four minutes; they pass.
    slow["endsAt"] = minutes_ago(2).into();
    server.fires(std::slice::from_ref(&slow));
    let mut rig = watching(folder.path(), &server).await;
    rig.until("fired", |rig| counts(rig) == (1, 0)).await;
    let mut held = slow.clone();
    held["endsAt"] = minutes_ago(-4).into();
    held["status"] = json!({"state": "suppressed", "silencedBy": [], "inhibitedBy": ["x"]});
    server.fires(&[held]);
    answers(&mut rig, 2).await;
    // An Alertmanager that was started anew has forgotten it for a moment.
    server.restarted(&minutes_ago(0));
    server.fires(&[]);
    answers(&mut rig, 3).await;
    assert_eq!(
        counts(&rig),
        (1, 0),
        "{:?}",
        rig.titles(Kind::AlertResolved)
    );
}

#[tokio::test]
async fn a_start_in_the_future_is_written_as_now() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    let ahead = alert("Ahead", "warning", "a", "9999-12-31T00:00:00.000Z");
    server.fires(&[ahead]);
    let mut rig = watching(folder.path(), &server).await;
    rig.until("fired", |rig| counts(rig) == (1, 0)).await;
    let drafts = rig.model.timeline.stored();
    let fired: Vec<_> = drafts
        .filter(|draft| draft.kind == Kind::AlertFired)
        .collect();
    assert!(
        fired[0].occurred_at <= Utc::now(),
        "{:?}",
        fired[0].occurred_at
    );
    rig.close();
    let mut second = watching(folder.path(), &server).await;
    answers(&mut second, 3).await;
    assert_eq!(
        counts(&second),
        (1, 0),
        "{:?}",
        second.titles(Kind::AlertFired)
    );
}

#[tokio::test]
async fn calm_is_not_called_good_when_the_watchdog_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let server = Scripted::start().await;
    server.fires(&[alert("Watchdog", "none", "w", &minutes_ago(60))]);
    let mut rig = watching(folder.path(), &server).await;
    rig.until("calm", |rig| rig.screen().contains("0 firing"))
        .await;
    assert!(!rig.screen().contains("gone"), "{}", rig.screen());
    server.fires(&[]);
    rig.until("the words", |rig| {
        let screen = rig.screen();
        screen.contains("0 firing, Watchdog gone") && screen.contains("not even Watchdog")
    })
    .await;
    assert_eq!(counts(&rig), (0, 0));
}
