//! What an answer of Alertmanager gives to the timeline: at once, with what is wanted of an alert when it is long over.

use harness::console::Console;
use harness::fixtures::alert;
use model::alert::AlertRow;
use model::entry::Draft;
use model::kind::Kind;
use model::message::{Effect, Msg, StoreEffect, StoreMsg};

fn high() -> AlertRow {
    let labels = [("namespace", "shop"), ("deployment", "checkout")];
    let mut alert = alert("HighErrorRate", "critical", 14, &labels);
    alert.annotations = Box::new([
        ("description".into(), "7% of requests fail.".into()),
        (
            "runbook_url".into(),
            "https://runbooks.example/HighErrorRate".into(),
        ),
        ("summary".into(), "5xx above 5% on checkout".into()),
    ]);
    alert.generator_url = Some("https://prometheus.example/graph?g0.expr=rate".into());
    alert
}

/// With an open record and this alert.
fn firing() -> Console {
    let mut console = Console::live(120, 40, Vec::new());
    console.send(Msg::Store(StoreMsg::Opened(Box::default())));
    console.alerts(vec![high()]);
    console
}

fn appended(console: &mut Console) -> Vec<Draft> {
    let effects = console.take_effects().into_iter();
    let appended = effects.filter_map(|effect| match effect {
        Effect::Store(StoreEffect::Append(drafts)) => Some(drafts),
        _ => None,
    });
    appended
        .flatten()
        .filter(|draft| matches!(draft.kind, Kind::AlertFired | Kind::AlertResolved))
        .collect()
}

fn titles(console: &mut Console) -> Vec<String> {
    let drafts = appended(console).into_iter();
    drafts.map(|draft| draft.title.raw().to_owned()).collect()
}

#[test]
fn an_alert_keeps_its_description_its_runbook_and_its_query() {
    let mut console = firing();
    let fired = appended(&mut console).remove(0);
    assert_eq!(
        fired.body.unwrap().raw(),
        "description: 7% of requests fail.\n\
         runbook: https://runbooks.example/HighErrorRate\n\
         query: https://prometheus.example/graph?g0.expr=rate\n\
         labels: alertname=\"HighErrorRate\" deployment=\"checkout\" namespace=\"shop\" severity=\"critical\""
    );
}

#[test]
fn an_end_is_given_to_the_disk_with_the_first_answer_that_says_so_and_counts_to_the_second() {
    let mut console = firing();
    console.take_effects();
    console.advance(77_500);
    console.alerts(Vec::new());
    assert_eq!(
        titles(&mut console),
        ["HighErrorRate of checkout resolved after 15 min 17 s"]
    );
}

/// It does not say who it is, or it is another member that has been up for long.
#[test]
fn an_end_is_told_by_any_alertmanager_that_was_not_just_started() {
    let ended = |started: fn(&Console) -> Option<chrono::DateTime<chrono::Utc>>| {
        let mut console = firing();
        console.take_effects();
        console.advance(10_000);
        let started = started(&console);
        console.alerts_of(Vec::new(), started);
        titles(&mut console)
    };
    let told = ["HighErrorRate of checkout resolved after 14 min 10 s"];
    assert_eq!(ended(|_| None), told);
    assert_eq!(
        ended(|console| Some(console.at.wall - chrono::TimeDelta::hours(5))),
        told
    );
    // One that has forgotten its alerts.
    let restarted = |console: &Console| Some(console.at.wall - chrono::TimeDelta::seconds(5));
    assert_eq!(ended(restarted), [""; 0]);
}

/// Two senders of one alert began at different moments.
#[test]
fn an_end_counts_from_the_start_that_was_told() {
    let mut console = firing();
    console.take_effects();
    let mut later = high();
    later.starts_at = later
        .starts_at
        .map(|at| at + chrono::TimeDelta::seconds(50));
    console.alerts(vec![later]);
    console.alerts(Vec::new());
    assert_eq!(
        titles(&mut console),
        ["HighErrorRate of checkout resolved after 14 min"]
    );
}

#[test]
fn an_alert_that_was_missing_in_one_answer_fires_again_and_ends_again() {
    let mut console = firing();
    let first = appended(&mut console).remove(0);
    let mut ends = Vec::new();
    for _ in 0..2 {
        console.alerts(Vec::new());
        ends.extend(appended(&mut console));
        console.advance(30_000);
        console.alerts(vec![high()]);
        let again = appended(&mut console);
        assert_eq!(
            again[0].title.raw(),
            "HighErrorRate of checkout fires again, since the same start: it was missing in an answer: \
             5xx above 5% on checkout"
        );
        assert!(again[0].occurred_at > first.occurred_at && again[0].origin != first.origin);
        assert_eq!(again.len(), 1);
    }
    console.alerts(Vec::new());
    ends.extend(appended(&mut console));
    let mut origins: Vec<_> = ends.iter().map(|end| end.origin.clone()).collect();
    assert_eq!(origins.len(), 3);
    origins.dedup();
    assert_eq!(origins.len(), 3, "{origins:?}");
    // With a start of its own it is another one.
    let mut other = high();
    other.starts_at = Some(console.at.wall);
    console.alerts(vec![other]);
    assert_eq!(
        titles(&mut console),
        ["HighErrorRate of checkout fires: 5xx above 5% on checkout"]
    );
}

#[test]
fn a_grave_alert_and_a_warning_have_signs_of_their_own_on_the_timeline() {
    for is_ascii in [false, true] {
        let mut console = Console::live(160, 50, Vec::new());
        console.theme.is_ascii = is_ascii;
        console.theme.has_colour = false;
        console.send(Msg::Store(StoreMsg::Opened(Box::default())));
        console.alerts(vec![
            alert("Grave", "critical", 14, &[]),
            alert("Warned", "warning", 14, &[]),
            alert("Broken", "error", 14, &[]),
        ]);
        console.advance(1_000);
        console.save_all();
        console.type_keys("5 z");
        let screen = harness::console::text(&console.buffer());
        let sign = |name: &str| {
            let line = screen.lines().find(|line| line.contains(name)).unwrap();
            line.split_whitespace().nth(1).unwrap().to_owned()
        };
        let signs = ["Grave", "Warned", "Broken"].map(sign);
        let distinct: std::collections::BTreeSet<&String> = signs.iter().collect();
        assert_eq!(distinct.len(), 3, "{signs:?}: {screen}");
    }
}
