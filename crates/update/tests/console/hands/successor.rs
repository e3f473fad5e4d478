//! What was selected is replaced: the cursor goes to what took its place, says so, and takes no selection away.

use harness::console::Console;
use harness::fixtures::{ago, alert, crashing, named, outage, pod};
use harness::rollouts::{history, read};
use harness::writing::checkout;
use model::owner::Owner;
use model::pods::PodRow;
use model::time::Seconds;

fn on(console: &Console) -> Option<&str> {
    let cursor = console.model.screen.pods.cursor.as_ref();
    cursor.map(|cursor| &*cursor.uid)
}

/// Made so many seconds before the start.
fn young(name: &str, seconds: i64) -> PodRow {
    let mut row = pod(name);
    row.created = ago(seconds);
    row
}

/// A StatefulSet's pod, of this uid.
fn of_set(name: &str, uid: &str, created: Option<Seconds>) -> PodRow {
    let mut row = pod(name);
    (row.uid, row.created) = (uid.into(), created);
    row.owner = Some(Owner {
        kind: "StatefulSet".into(),
        name: "web".into(),
    });
    row
}

fn select(console: &mut Console, uid: &str) {
    console.type_keys("g");
    for _ in 0..20 {
        if on(console) != Some(uid) {
            console.type_keys("j");
        }
    }
    assert_eq!(on(console), Some(uid), "{}", console.screen());
    console.advance(2_000);
}

#[test]
fn the_newest_pod_of_its_workload_has_the_cursor_when_the_selected_one_is_replaced() {
    let mut console = Console::live(120, 40, outage());
    select(&mut console, "checkout-7d9f-q8w");
    console.upsert(vec![
        young("checkout-5c5c-old", 600),
        young("checkout-5c5c-new", 5),
    ]);
    assert_eq!(on(&console), Some("checkout-7d9f-q8w"), "it is still there");
    console.gone("checkout-7d9f-q8w");
    console.advance(1_100);
    assert_eq!(on(&console), Some("checkout-5c5c-new"));
    assert!(
        console.shows("checkout-7d9f-q8w is gone: the cursor is on checkout-5c5c-new"),
        "{}",
        console.screen()
    );
    // Its logs are followed from now on, and the pane says in whose place.
    console.advance(1_000);
    assert_eq!(console.followed_pods(), ["checkout-5c5c-new"]);
    assert!(
        console.shows("in place of checkout-7d9f-q8w"),
        "{}",
        console.screen()
    );
    console.type_keys("enter");
    assert!(
        console.shows("Pod shop/checkout-5c5c-new"),
        "{}",
        console.screen()
    );
}

#[test]
fn the_row_at_its_place_has_it_when_nothing_is_left_of_its_workload_and_its_successor_later() {
    let mut console = Console::live(120, 40, outage());
    select(&mut console, "cart-55c9-lk2");
    let table = &console.model.cluster.pods.table;
    let line = table.line_of(&"cart-55c9-lk2".into()).unwrap();
    let next = table.row_at(line + 1).unwrap().0.uid.clone();
    console.gone("cart-55c9-lk2");
    console.advance(60_000);
    assert_eq!(on(&console), Some(&*next));
    // No action falls on it unasked.
    let mut other = Console::live(120, 40, outage());
    select(&mut other, "cart-55c9-lk2");
    other.gone("cart-55c9-lk2");
    other.advance(1_100);
    other.type_keys("x r");
    assert!(other.model.screen.overlays.is_empty(), "{}", other.screen());
    assert!(other.shows("cart-55c9-lk2 is gone"), "{}", other.screen());
    // What it was replaced by comes a moment later.
    console.upsert(vec![young("cart-66d0-new", 1)]);
    console.advance(1_100);
    assert_eq!(on(&console), Some("cart-66d0-new"));
}

#[test]
fn who_has_moved_on_keeps_his_selection() {
    let mut console = Console::live(120, 40, outage());
    select(&mut console, "cart-55c9-lk2");
    console.gone("cart-55c9-lk2");
    console.advance(1_100);
    console.type_keys("j");
    let chosen = on(&console).unwrap().to_owned();
    console.upsert(vec![young("cart-66d0-new", 1)]);
    console.advance(5_000);
    assert_eq!(on(&console), Some(&*chosen));
}

#[test]
fn the_pod_of_the_same_name_is_the_successor_where_names_stay() {
    let pods = |first: PodRow| {
        vec![
            first,
            of_set("web-1", "b", ago(60)),
            of_set("web-2", "c", ago(30)),
        ]
    };
    let mut console = Console::live(120, 40, pods(of_set("web-0", "a", ago(90))));
    select(&mut console, "a");
    console.gone("a");
    console.advance(1_100);
    assert_eq!(on(&console), Some("c"), "the newest for the time being");
    console.upsert(vec![of_set("web-0", "d", ago(1))]);
    console.advance(1_100);
    assert_eq!(on(&console), Some("d"));
}

#[test]
fn what_the_panes_are_narrowed_to_says_that_it_is_gone() {
    let mut console = Console::live(160, 50, outage());
    console.deployments(vec![checkout(2)]);
    select(&mut console, "checkout-7d9f-x2k");
    console.type_keys("l");
    assert!(!console.shows(", gone "), "{}", console.screen());
    console.gone("checkout-7d9f-x2k");
    console.advance(1_100);
    assert!(console.shows("x2k, gone "), "{}", console.screen());
}

#[test]
fn alerts_and_rollouts_have_a_successor_as_well() {
    let shop = ("namespace", "shop");
    let one = || alert("A", "critical", 14, &[shop, ("pod", "a")]);
    let two = || alert("B", "critical", 14, &[shop, ("pod", "b")]);
    let three = || alert("C", "critical", 14, &[shop, ("pod", "c")]);
    let mut console = Console::live(120, 40, outage());
    console.alerts(vec![one(), two(), three()]);
    console.type_keys("1 g j");
    console.advance(2_000);
    console.alerts(vec![one(), three()]);
    console.advance(1_100);
    let cursor = console.model.screen.alerts.cursor.as_ref();
    assert_eq!(&*cursor.unwrap().uid, "C-c");
    assert!(console.shows("B is over"), "{}", console.screen());

    let mut console = harness::rollouts::console(120, 40);
    console.type_keys("g j j");
    console.advance(2_000);
    let before = console.model.screen.rollouts.cursor.clone().unwrap();
    let mut shorter = history();
    shorter
        .revisions
        .retain(|revision| !before.uid.starts_with(&*revision.uid));
    read(&mut console, "uid-checkout", &shorter);
    console.advance(1_100);
    let after = console.model.screen.rollouts.cursor.as_ref();
    assert!(after.is_some(), "{}", console.screen());
    assert_ne!(after.unwrap().uid, before.uid);
}

#[test]
fn a_workload_that_is_made_anew_has_the_cursor_again() {
    let mut console = harness::rollouts::console(120, 40);
    console.type_keys("g");
    console.advance(2_000);
    let anew = named(checkout(6), "checkout");
    let anew = model::workload::WorkloadRow {
        meta: model::meta::Meta {
            uid: "uid-anew".into(),
            ..anew.meta.clone()
        },
        ..anew
    };
    console.went("uid-checkout", model::message::TableChange::Deployments);
    console.deployments(vec![anew]);
    console.advance(2_000);
    let cursor = console.model.screen.rollouts.cursor.as_ref();
    assert_eq!(cursor.map(|cursor| &*cursor.uid), Some("uid-anew"));
}

#[test]
fn an_action_on_the_successor_of_a_pod_asks_about_its_workload() {
    let mut console = Console::live(120, 40, outage());
    console.deployments(vec![checkout(2)]);
    select(&mut console, "checkout-7d9f-q8w");
    console.gone("checkout-7d9f-q8w");
    console.upsert(vec![crashing("checkout-7d9f-new", 1, "Error")]);
    console.advance(1_100);
    console.type_keys("x r");
    let dialog = console.model.screen.dialog();
    assert_eq!(dialog.expect("no dialog").target.name.raw(), "checkout");
}
