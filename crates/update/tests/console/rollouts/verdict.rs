//! The verdict of a write: what was broken before it, what is well now, and what nobody knows.

use std::num::NonZeroU64;

use model::alert::AlertRow;
use model::cluster::{Problem, ProblemClass};
use model::message::{AlertsMsg, Msg};
use model::pods::PodRow;
use model::workload::WorkloadRow;
use model::write::{Change, WriteId};

use harness::console::Console;
use harness::fixtures::{alert, crashing, pod};
use harness::writing::checkout;

const SHOP: (&str, &str) = ("namespace", "shop");

fn high_error_rate() -> AlertRow {
    alert(
        "HighErrorRate",
        "critical",
        14,
        &[SHOP, ("deployment", "checkout")],
    )
}

fn of_payment() -> AlertRow {
    alert(
        "HighLatency",
        "critical",
        14,
        &[SHOP, ("deployment", "payment")],
    )
}

/// A restart of `checkout` in a console that shows so many of three available, these pods, and these alerts if it was told
/// any; then the rollout is done.
fn restarted(
    available: u32,
    pods: Vec<PodRow>,
    alerts: Option<Vec<AlertRow>>,
) -> (Console, WriteId) {
    let mut row = checkout(3);
    (row.ready, row.available) = (available, available);
    let mut console = Console::writing(row);
    if !pods.is_empty() {
        console.list(pods);
        console.type_keys("g");
    }
    if let Some(alerts) = alerts {
        console.alerts(alerts);
    }
    console.effects.clear();
    console.type_keys("x r");
    let write = console.say_yes();
    console.applied(write, 20);
    done(&mut console, 21);
    (console, write)
}

/// All three are new and available.
fn done(console: &mut Console, version: u64) {
    let Some((_, Change::Restart { at, .. }, _)) = console.sent().pop() else {
        panic!("no restart");
    };
    let pods = ["checkout-8e0a-a", "checkout-8e0a-b", "checkout-8e0a-c"].map(pod);
    console.list(pods.into());
    let mut row = checkout(3);
    row.meta.version = NonZeroU64::new(version);
    console.deployments(vec![WorkloadRow {
        generation: 5,
        observed_generation: 5,
        restarted_at: Some(at),
        ..row
    }]);
    console.titles();
}

/// It has held for so long; the rows and the alerts are of now. The verdicts that were written.
fn holds_for(console: &mut Console, ms: u64) -> Vec<String> {
    console.advance(ms);
    let verdicts = console.titles().into_iter();
    let title = "action.verdict: restart checkout in shop: ";
    verdicts
        .filter_map(|verdict| verdict.strip_prefix(title).map(str::to_owned))
        .collect()
}

#[test]
fn a_restart_of_what_was_well_heals_nothing() {
    let (mut console, _) = restarted(3, Vec::new(), Some(vec![of_payment()]));
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["stable: 3 of 3 available for 3 min"]
    );
}

#[test]
fn a_restart_of_the_wrong_service_says_which_alerts_still_fire() {
    let alerts = vec![high_error_rate(), of_payment()];
    let (mut console, _) = restarted(3, Vec::new(), Some(alerts));
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["stable: 3 of 3 available for 3 min; HighErrorRate still fires"]
    );
    assert!(
        console.shows("HighErrorRate still fires"),
        "{}",
        console.screen()
    );
    assert_eq!(
        holds_for(&mut console, 420_000),
        ["stable: 3 of 3 available for 10 min; HighErrorRate still fires"]
    );
    assert_eq!(holds_for(&mut console, 420_000), [""; 0]);
}

#[test]
fn it_is_healed_when_the_alert_ends_after_it() {
    let (mut console, _) = restarted(3, Vec::new(), Some(vec![high_error_rate()]));
    holds_for(&mut console, 240_000);
    console.alerts(vec![of_payment()]);
    assert_eq!(
        holds_for(&mut console, 1_000),
        ["healed: 3 of 3 available for 4 min; HighErrorRate no longer fires"]
    );
}

#[test]
fn pods_that_were_missing_and_are_back_are_healed() {
    let (mut console, _) = restarted(1, Vec::new(), Some(Vec::new()));
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["healed: 3 of 3 available for 3 min, 1 of 3 before"]
    );
}

#[test]
fn pods_that_restarted_before_and_do_not_any_more_are_healed() {
    let mut restarting = pod("checkout-7d9f-a");
    restarting.containers[0].restarts = 4;
    restarting.containers[0].last = crashing("checkout-7d9f-a", 137, "OOMKilled").containers[0]
        .last
        .clone();
    let (mut console, _) = restarted(3, vec![restarting], Some(Vec::new()));
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["healed: 3 of 3 available for 3 min, 1 pod was sick before"]
    );
}

#[test]
fn a_pod_that_restarts_while_it_should_hold_is_not_healed() {
    let (mut console, _) = restarted(1, Vec::new(), Some(Vec::new()));
    console.advance(60_000);
    let mut again = crashing("checkout-8e0a-a", 1, "Error");
    let state = pod("checkout-8e0a-a").containers[0].state.clone();
    again.ready = pod("checkout-8e0a-a").ready;
    again.containers[0].state = state;
    let last = again.containers[0].last.as_mut().unwrap();
    last.finished = Some(console.at.wall.into());
    console.upsert(vec![again]);
    assert_eq!(
        holds_for(&mut console, 120_000),
        ["stable: 3 of 3 available for 3 min; checkout-8e0a-a restarted since"]
    );
}

#[test]
fn nothing_is_said_of_alerts_that_are_not_known() {
    let (mut console, _) = restarted(3, Vec::new(), None);
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["stable: 3 of 3 available for 3 min; alerts not known"]
    );
    let (mut console, _) = restarted(1, Vec::new(), None);
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["healed: 3 of 3 available for 3 min, 1 of 3 before; alerts not known"]
    );
}

#[test]
fn an_alert_that_was_lost_from_sight_is_neither_firing_nor_over() {
    let (mut console, _) = restarted(3, Vec::new(), Some(vec![high_error_rate()]));
    console.send(Msg::Alerts(AlertsMsg::Failed {
        context: "staging-eu".into(),
        problem: Problem {
            class: ProblemClass::Unreachable,
            what: "alertmanager.shop:9093 refuses the connection".into(),
            next: "r tries now".into(),
        },
        retry: console.at.plus_ms(3_000),
    }));
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["stable: 3 of 3 available for 3 min; alerts not known"]
    );
}

#[test]
fn an_alert_that_began_after_the_write_is_said() {
    let (mut console, _) = restarted(3, Vec::new(), Some(Vec::new()));
    console.alerts(vec![high_error_rate()]);
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["stable: 3 of 3 available for 3 min; HighErrorRate fires now"]
    );
    // What was not known before may have fired then.
    let (mut console, _) = restarted(1, Vec::new(), None);
    console.alerts(vec![high_error_rate()]);
    assert_eq!(
        holds_for(&mut console, 180_000),
        ["stable: 3 of 3 available for 3 min; HighErrorRate fires"]
    );
}
