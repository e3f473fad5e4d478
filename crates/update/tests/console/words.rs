//! Words of the screen that have to be true in every case, not only in the usual one.

use harness::console::Console;
use harness::fixtures::{alert, pod};
use harness::rollouts::{console, of_web};
use harness::writing::checkout;

#[test]
fn where_nothing_fires_a_filter_leaves_no_alerts_and_not_none_of_none() {
    let mut console = Console::live(120, 40, Vec::new());
    console.alerts(vec![alert("Watchdog", "none", 9_000, &[])]);
    console.type_keys("1 /");
    console.type_text("checkout");
    console.type_keys("enter");
    assert!(!console.shows("0 of 0"), "{}", console.screen());
    assert!(console.shows("1 Alerts no alerts"), "{}", console.screen());
}

#[test]
fn only_the_present_revision_is_current() {
    let console = console(120, 40);
    let screen = console.screen();
    let mut present = 0;
    for line in screen.lines().filter(|line| line.contains("current")) {
        let is_present = line.contains("r42 ");
        present += usize::from(is_present);
        assert_eq!(line.contains("was current"), !is_present, "{line}");
    }
    assert_eq!(present, 1, "{screen}");
}

#[test]
fn pods_that_are_added_are_more_pods() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("x s 6 enter");
    assert!(console.shows("3 more pods"), "{}", console.screen());
}

#[test]
fn a_line_of_a_statefulset_begins_with_more_than_its_ordinal() {
    let pods = ["web-0", "web-1"].map(|name| of_web(name, "web-1"));
    let mut console = Console::live(120, 40, pods.into());
    console.type_keys("g o o");
    for name in ["web-0", "web-1"] {
        console.log(name, &[(0, "FATAL: sorry, too many clients already")]);
    }
    assert!(console.shows(" web-0 FATAL: sorry"), "{}", console.screen());
    let pods = ["checkout-7d9f-12345", "checkout-7d9f-abcde"].map(pod);
    let mut console = Console::live(120, 40, pods.into());
    console.type_keys("g o o");
    console.log("checkout-7d9f-12345", &[(0, "INFO a")]);
    console.log("checkout-7d9f-abcde", &[(0, "INFO b")]);
    assert!(console.shows(" 12345 INFO a"), "{}", console.screen());
    assert!(console.shows(" abcde INFO b"), "{}", console.screen());
}

#[test]
fn the_words_of_a_refusal_are_plain() {
    let mut console = Console::writing(checkout(3));
    for (keys, words) in [
        ("A", "nothing is protected here: writes need no arming"),
        (
            "2 g x p",
            "checkout is a Deployment: it replaces its pods by itself",
        ),
    ] {
        console.type_keys(keys);
        assert!(console.shows(words), "{words}: {}", console.screen());
        assert!(!console.shows("the first of them"), "{}", console.screen());
    }
    console.type_keys(":");
    assert!(
        console.shows("Command: Enter runs the match"),
        "{}",
        console.screen()
    );
}

#[test]
fn alerts_that_are_narrowed_away_are_said_to_fire_elsewhere() {
    let mut console = Console::live(120, 40, Vec::new());
    console.alerts(harness::fixtures::alerts());
    let all = console.model.alerts.firing().unwrap();
    console.type_keys("1 /");
    console.type_text("zzz");
    console.type_keys("enter");
    let words = format!("1 Alerts 0 firing here, {all} elsewhere");
    assert!(console.shows(&words), "{}", console.screen());
}

#[test]
fn what_cannot_be_opened_is_not_offered_on_the_page_of_changes() {
    let mut console = Console::live(120, 40, Vec::new());
    console.type_keys("!");
    assert!(console.shows("What changed"), "{}", console.screen());
    assert!(!console.shows("what differs"), "{}", console.screen());
}

#[test]
fn the_key_to_the_log_before_names_the_way_back() {
    let mut console = Console::live(160, 40, vec![pod("checkout-7d9f-12345")]);
    console.type_keys("g o");
    assert!(console.shows("P before"), "{}", console.screen());
    console.type_keys("P");
    assert!(console.model.logs.is_previous, "{}", console.screen());
    assert!(console.shows("P present log"), "{}", console.screen());
}
