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
