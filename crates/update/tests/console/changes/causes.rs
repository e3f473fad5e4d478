//! What changed by the revisions that were made before anybody looked; and where no pod is sick, by what the alerts name.

use harness::console::{Console, START};
use harness::fixtures::{alert, named, pod};
use harness::rollouts::replica_set;
use harness::serving::{service, slice};
use harness::writing::checkout;
use model::alert::AlertRow;
use model::cluster::Scope;
use model::message::TableChange;
use model::revision_list::RevisionRow;
use model::settings::Settings;
use model::time::Seconds;
use model::workload::WorkloadRow;

use super::page::{crash, line, page, scaled, well};

const HOUR: i64 = 3_600;

fn deployment(name: &str, tag: &str) -> WorkloadRow {
    WorkloadRow {
        labels: Box::new([("app".into(), name.into())]),
        images: Box::new([format!("registry.example/shop/{name}:{tag}").into()]),
        ..named(checkout(1), name)
    }
}

/// Requests to checkout fail since 14 min.
fn of_checkout() -> AlertRow {
    let labels = [("namespace", "shop"), ("service", "checkout")];
    alert("HighErrorRate", "critical", 14, &labels)
}

fn of_database() -> AlertRow {
    let labels = [("namespace", "shop"), ("statefulset", "orders-db")];
    alert("PostgresConnectionsExhausted", "critical", 14, &labels)
}

/// All pods are well, these alerts fire, and nothing was watched before; `more` Deployments beside checkout and inventory.
fn opened(alerts: Vec<AlertRow>, more: usize) -> Console {
    let scope = Scope::Namespace("shop".into());
    let mut console = Console::with(120, 40, Settings::default(), scope);
    console.connect();
    console.list(["checkout-7d9f-a", "inventory-55c9-a"].map(pod).into());
    let others = (0..more).map(|number| deployment(&format!("w{number:03}"), "1.0"));
    let rows = [
        deployment("checkout", "1.9.1"),
        deployment("inventory", "1.3.7"),
    ];
    let rows = rows.into_iter().chain(others).collect();
    console.relisted(1, rows, TableChange::Deployments);
    console.relisted(1, Vec::new(), TableChange::StatefulSets);
    console.relisted(1, Vec::new(), TableChange::DaemonSets);
    console.services(vec![service("checkout"), service("inventory")]);
    console.endpoints(vec![slice("checkout", &[("a", true)])]);
    console.alerts(alerts);
    console.advance(6_000);
    console
}

/// inventory was released so long ago, checkout three days ago.
fn released(age_s: i64) -> Vec<RevisionRow> {
    vec![
        replica_set("inventory", 1, "1.3.6", 60 * 24 * HOUR),
        replica_set("inventory", 2, "1.3.7", age_s),
        replica_set("checkout", 41, "1.9.1", 72 * HOUR),
    ]
}

fn answered(alerts: Vec<AlertRow>, more: usize, rows: Vec<RevisionRow>) -> Console {
    let mut console = opened(alerts, more);
    console.replica_sets(rows);
    console.keep();
    console
}

#[test]
fn an_outage_without_a_sick_pod_finds_the_release_hours_before_it() {
    let mut console = answered(
        vec![of_checkout(), of_database()],
        0,
        released(4 * HOUR + 1_500),
    );
    let page = page(&mut console);
    let order = [
        "No pod is sick",
        "checkout in shop: HighErrorRate, since 03:10:10Z",
        "before the first alert (03:10:10Z)",
        "4 h 11 min before: 2026-02-28 22:59:10Z rollout r2 of inventory: 1.3.6 -> 1.3.7",
    ];
    let lines: Vec<usize> = order.iter().map(|words| line(&page, words)).collect();
    assert!(lines.is_sorted(), "{lines:?} in\n{page}");
    assert!(page.contains("last known change"), "{page}");
    assert!(!page.contains("watched only since"), "{page}");
    assert!(!page.contains("checkout: 1.9.1"), "{page}");
    for word in ["[itself]", "[elsewhere]"] {
        assert!(!page.contains(word), "{page}");
    }
}

#[test]
fn without_the_revisions_or_without_the_alert_nothing_of_them_is_said() {
    // The server answers without the release.
    let rows = || released(60 * 24 * HOUR);
    let without = page(&mut answered(vec![of_checkout()], 0, rows()));
    assert!(!without.contains("rollout"), "{without}");
    // It was not asked, or has not answered.
    let silent = page(&mut opened(vec![of_checkout()], 0));
    assert!(!silent.contains("rollout r2"), "{silent}");
    assert!(silent.contains("nothing known; watched only"), "{silent}");
    // The alert is over: nothing is named any more.
    let mut console = answered(vec![of_checkout()], 0, released(HOUR));
    assert!(page(&mut console).contains("HighErrorRate"));
    console.alerts(Vec::new());
    let calm = page(&mut console);
    assert!(!calm.contains("HighErrorRate"), "{calm}");
    assert!(!calm.contains("named by an alert"), "{calm}");
}

#[test]
fn what_an_alert_names_comes_first_among_five_hundred_releases() {
    let mut rows = released(HOUR);
    rows[2] = replica_set("checkout", 41, "1.9.1", 2 * HOUR);
    let others = (0..500).map(|number| replica_set(&format!("w{number:03}"), 2, "1.1", 1_000));
    rows.extend(others);
    let mut console = answered(vec![of_checkout()], 500, rows);
    let page = page(&mut console);
    let first = line(&page, "rollout r41 of checkout: 1.9.1 [named by an alert]");
    let other = line(&page, "rollout r2 of w");
    assert!(first < other, "{page}");
}

#[test]
fn a_release_shortly_before_the_alert_says_how_near_it_is() {
    let mut console = answered(vec![of_checkout()], 0, released(HOUR));
    let page = page(&mut console);
    assert!(
        page.contains("02:24:10Z rollout r2 of inventory: 1.3.6 -> 1.3.7 [its namespace]"),
        "{page}"
    );
    assert!(!page.contains("last known change"), "{page}");
}

#[test]
fn one_question_for_a_namespace_is_enough() {
    let mut console = opened(vec![of_checkout(), of_database()], 3);
    let asked = console.asked_revisions();
    let [(list, workloads)] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!(list.namespace.raw(), "shop");
    assert_eq!(workloads.len(), 5);
    console.replica_sets(released(HOUR));
    let told = console.told();
    assert_eq!(told.len(), 1, "{told:?}");
    for _ in 0..5 {
        console.alerts(vec![of_checkout(), of_database()]);
        console.advance(60_000);
    }
    assert_eq!(console.asked_revisions().len(), 0);
    let told = console.told();
    let is_rollout = |title: &&String| title.starts_with("change.rollout");
    assert_eq!(told.iter().filter(is_rollout).count(), 0, "{told:?}");
}

#[test]
fn where_all_is_well_nobody_is_asked_and_nothing_is_called_near() {
    let watchdog = alert("Watchdog", "none", 9_000, &[("namespace", "shop")]);
    let mut console = opened(vec![watchdog], 0);
    assert_eq!(console.asked_revisions().len(), 0);
    console.deployments(vec![WorkloadRow {
        wanted: 3,
        ..harness::fixtures::versioned(deployment("inventory", "1.3.7"), 11)
    }]);
    console.managed_by(Vec::new());
    console.keep();
    let page = page(&mut console);
    assert!(page.contains("scale inventory 1 -> 3"), "{page}");
    for word in ["[itself]", "[elsewhere]", "[its", "[named"] {
        assert!(!page.contains(word), "{page}");
    }
}

#[test]
fn the_releases_of_the_namespace_stand_beside_a_sick_pod_too() {
    let mut console = well();
    scaled(&mut console, 2, 11);
    crash(&mut console);
    let start: chrono::DateTime<chrono::Utc> = START.parse().unwrap();
    let mut release = replica_set("cart", 7, "2.1.0", 0);
    release.meta.created = Some(Seconds::new(start.timestamp() - 600));
    console.replica_sets(vec![release]);
    console.keep();
    let page = page(&mut console);
    let itself = line(&page, "scale checkout 3 -> 2");
    let near = line(&page, "rollout r7 of cart: 2.1.0 [its namespace]");
    assert!(itself < near, "{page}");
}

#[test]
fn a_release_from_before_an_incident_is_not_filed_under_it() {
    let mut console = opened(vec![of_checkout()], 0);
    console.type_keys("i");
    console.type_text("P1 requests fail");
    console.type_keys("enter");
    let (token, draft) = console.saves().pop().unwrap();
    console.saved(token, draft);
    console.replica_sets(released(4 * HOUR));
    let told = console.appended();
    let release = told
        .iter()
        .find(|draft| draft.title.raw().starts_with("rollout"));
    assert_eq!(release.unwrap().incident, None);
}
