//! What happened before a write and what happened after it: only the latter counts against it, and a workload that is said to
//! be healed has no pod that is called sick.

use std::num::NonZeroU64;

use chrono::TimeDelta;
use harness::console::Console;
use harness::fixtures::{alert, crashing, pod, versioned};
use harness::writing::checkout;
use model::alert::AlertRow;
use model::message::{Msg, StoreMsg};
use model::pods::PodRow;
use model::time::Seconds;
use model::workload::WorkloadRow;

const NAMES: [&str; 3] = ["checkout-7d9f-a", "checkout-7d9f-b", "checkout-7d9f-c"];
const MORE: [&str; 2] = ["checkout-7d9f-d", "checkout-7d9f-e"];

fn seconds_ago(console: &Console, seconds: i64) -> Seconds {
    (console.at.wall - TimeDelta::seconds(seconds)).into()
}

/// Ready again, killed for its memory so long ago.
fn killed(console: &Console, name: &str, seconds: i64, version: u64) -> PodRow {
    let mut pod = versioned(pod(name), version);
    let container = &mut pod.containers[0];
    container.restarts = 3;
    let killed = crashing(name, 137, "OOMKilled");
    container.last.clone_from(&killed.containers[0].last);
    let last = container.last.as_mut().unwrap();
    last.started = Some(seconds_ago(console, seconds + 60));
    last.finished = Some(seconds_ago(console, seconds));
    pod
}

/// In a crash loop, ended the last time so long ago.
fn looping(console: &Console, name: &str, seconds: i64, version: u64) -> PodRow {
    let mut pod = versioned(crashing(name, 137, "OOMKilled"), version);
    let last = pod.containers[0].last.as_mut().unwrap();
    last.finished = Some(seconds_ago(console, seconds));
    pod
}

fn row(replicas: u32, available: u32, version: u64) -> WorkloadRow {
    let mut row = checkout(replicas);
    row.meta.version = NonZeroU64::new(version);
    (row.generation, row.observed_generation) = (5, 5);
    (row.ready, row.available, row.current) = (available, available, replicas);
    row
}

/// `checkout` with these pods is scaled from three to five.
fn scaled(available: u32, pods: impl Fn(&Console) -> Vec<PodRow>) -> Console {
    let mut before = checkout(3);
    (before.ready, before.available) = (available, available);
    let mut console = Console::writing(before);
    let pods = pods(&console);
    console.list(pods);
    console.type_keys("g");
    console.alerts(Vec::new());
    console.effects.clear();
    console.type_keys("x s 5 enter");
    let write = console.say_yes();
    console.applied(write, 20);
    console.advance(1_000);
    console
}

fn verdicts(console: &mut Console) -> Vec<String> {
    let all = console.titles();
    let verdicts = all.into_iter();
    let verdicts = verdicts.filter(|title| title.starts_with("action.verdict"));
    verdicts
        .filter_map(|title| Some(title.split_once("in shop: ")?.1.to_owned()))
        .collect()
}

fn all_killed(console: &Console) -> Vec<PodRow> {
    NAMES.map(|name| killed(console, name, 60, 2)).into()
}

/// All five are available now.
fn five(console: &mut Console) {
    console.upsert(MORE.map(pod).into());
    console.deployments(vec![row(5, 5, 21)]);
}

#[test]
fn what_was_killed_before_a_write_that_healed_is_past_and_not_sick() {
    let mut console = scaled(3, all_killed);
    assert!(console.shows("3 sick / 3"), "{}", console.screen());
    five(&mut console);
    console.advance(181_000);
    let said = verdicts(&mut console);
    let healed = "healed: 5 of 5 available for 3 min, 3 pods were sick before";
    assert_eq!(said.last().map(String::as_str), Some(healed), "{said:?}");
    assert!(console.shows("0 sick / 5"), "{}", console.screen());
    // One that is killed after it is sick again, and stays so for its time.
    let again = killed(&console, NAMES[0], 0, 3);
    console.upsert(vec![again]);
    assert!(console.shows("1 sick / 5"), "{}", console.screen());
}

#[test]
fn nothing_is_healed_while_a_pod_of_it_is_called_sick() {
    let mut console = scaled(3, all_killed);
    console.advance(9_000);
    let after = killed(&console, NAMES[1], 1, 3);
    console.upsert(vec![after]);
    console.advance(5_000);
    five(&mut console);
    console.advance(181_000);
    let said = verdicts(&mut console);
    let stable = "stable: 5 of 5 available for 3 min; checkout-7d9f-b is sick";
    assert_eq!(said.last().map(String::as_str), Some(stable), "{said:?}");
    while !console.shows("0 sick / 5") {
        assert!(!console.shows("healed"), "{}", console.screen());
        console.advance(10_000);
    }
    let said = verdicts(&mut console);
    let healed = "healed: 5 of 5 available for ";
    let last = said.last().unwrap();
    assert!(last.starts_with(healed), "{said:?}");
}

#[test]
fn pods_that_crashed_before_a_scale_do_not_fail_it() {
    let both = |console: &Console| {
        vec![
            looping(console, NAMES[0], 30, 2),
            looping(console, NAMES[1], 30, 2),
            pod(NAMES[2]),
        ]
    };
    let mut console = scaled(1, both);
    console.deployments(vec![row(5, 1, 21)]);
    console.advance(20_000);
    assert!(!console.shows("FAILING"), "{}", console.screen());
    assert!(verdicts(&mut console).is_empty());
    console.upsert(MORE.map(pod).into());
    console.deployments(vec![row(5, 3, 22)]);
    console.advance(181_000);
    let said = verdicts(&mut console);
    let stuck = "stuck: nothing moved for 3 min, 3 of 5 available; already so before: 2 pods CrashLoopBackOff";
    assert_eq!(said, [stuck]);
    // It crashes again: that is after the write.
    let again = looping(&console, NAMES[0], 1, 3);
    console.upsert(vec![again]);
    console.advance(1_000);
    assert!(console.shows("FAILING"), "{}", console.screen());
    let failing = "failing: checkout-7d9f-a CrashLoopBackOff; already so before: checkout-7d9f-b CrashLoopBackOff";
    assert_eq!(verdicts(&mut console), [failing]);
}

#[test]
fn a_new_pod_that_crashes_fails_a_scale() {
    let mut console = scaled(3, |_| NAMES.map(pod).into());
    let new = looping(&console, MORE[0], 0, 1);
    console.upsert(vec![new]);
    console.deployments(vec![row(5, 3, 21)]);
    console.advance(1_000);
    assert_eq!(
        verdicts(&mut console),
        ["failing: checkout-7d9f-d CrashLoopBackOff"]
    );
}

fn of_payment() -> AlertRow {
    let labels = [("namespace", "shop"), ("service", "payment")];
    alert("HighErrorRate", "critical", 14, &labels)
}

fn of_search(number: usize) -> AlertRow {
    let name = format!("search-{number}");
    let labels = [("namespace", "shop"), ("pod", name.as_str())];
    alert("HighLatency", "warning", 14, &labels)
}

/// `checkout` is scaled while these alerts fire; it is done at once.
fn scaled_amid(alerts: Vec<AlertRow>) -> Console {
    let mut console = Console::writing(checkout(3));
    console.services(vec![]);
    console.alerts(alerts);
    console.effects.clear();
    console.type_keys("x s 5 enter");
    let write = console.say_yes();
    console.applied(write, 20);
    five(&mut console);
    console.effects.clear();
    console
}

#[test]
fn alerts_of_others_that_stopped_after_a_write_are_named_with_their_time() {
    let mut console = scaled_amid(vec![of_payment()]);
    console.advance(120_000);
    console.alerts(Vec::new());
    console.advance(61_000);
    let stopped = "stable: 5 of 5 available for 3 min; stopped since: HighErrorRate of payment (2 min after the write)";
    let saves = console.saves();
    let (_, verdict) = saves.last().unwrap();
    assert_eq!(
        verdict.title.raw(),
        format!("scale checkout 3 -> 5 in shop: {stopped}")
    );
    let body = verdict.body.as_ref().unwrap().raw();
    assert!(
        body.contains("stopped since: HighErrorRate of payment (2 min after the write)"),
        "{body}"
    );
    assert!(console.shows("stopped since"), "{}", console.screen());
}

/// Alertmanager was started anew: that the alert is over is known later.
#[test]
fn an_alert_that_stopped_counts_to_its_end_and_not_to_when_that_is_known() {
    let mut payment = of_payment();
    payment.ends_at = payment
        .starts_at
        .map(|at| at + chrono::TimeDelta::minutes(15));
    let mut console = scaled_amid(vec![payment.clone()]);
    console.send(Msg::Store(StoreMsg::Opened(Box::default())));
    console.alerts(vec![payment]);
    console.advance(23_000);
    let restarted = Some(console.at.wall);
    console.alerts_of(Vec::new(), restarted);
    console.advance(100_000);
    console.alerts_of(Vec::new(), restarted);
    console.advance(58_000);
    let saves = console.saves();
    let (_, verdict) = saves.last().unwrap();
    assert!(
        verdict
            .title
            .raw()
            .ends_with("stopped since: HighErrorRate of payment (23 s after the write)"),
        "{}",
        verdict.title.raw()
    );
}

#[test]
fn what_still_fires_came_later_or_is_not_known_has_not_stopped() {
    let verdict = |before: Vec<AlertRow>, after: Option<Vec<AlertRow>>, again: Vec<AlertRow>| {
        let mut console = scaled_amid(before);
        console.advance(60_000);
        match after {
            Some(after) => console.alerts(after),
            None => console.alerts_fail(),
        }
        console.advance(60_000);
        if !again.is_empty() {
            console.alerts(again);
        }
        console.advance(61_000);
        verdicts(&mut console).pop().unwrap()
    };
    let fires = || vec![of_payment()];
    // It fires on, it comes back, it began after the write, and nobody answers.
    let cases = [
        (fires(), Some(fires()), Vec::new()),
        (fires(), Some(Vec::new()), fires()),
        (Vec::new(), Some(fires()), Vec::new()),
        (fires(), None, Vec::new()),
    ];
    for (before, after, again) in cases {
        let said = verdict(before, after, again);
        assert!(!said.contains("stopped"), "{said}");
    }
    // Among five hundred that fire on it is named, and of many that stopped some.
    let many = |from: usize| (from..500).map(of_search);
    let all = fires().into_iter().chain(many(0)).collect();
    let said = verdict(all, Some(many(0).collect()), Vec::new());
    assert!(said.contains("HighErrorRate of payment (1 min"), "{said}");
    let all = many(0).chain(fires()).collect();
    let said = verdict(all, Some(many(490).collect()), Vec::new());
    assert!(said.contains("HighErrorRate of payment"), "{said}");
    assert!(said.contains("and 489 more"), "{said}");
}
