//! Promise 1: nothing stale is shown as live.

use model::cluster::{Health, Problem, ProblemClass, Scope};
use model::message::{ClusterMsg, Msg, WatchChange};
use model::settings::Settings;

use harness::console::Console;
use harness::fixtures::{outage, pod};

fn away() -> Problem {
    Problem {
        class: ProblemClass::Unreachable,
        what: "watch pods in shop: 10.0.0.1:6443 refuses the connection".into(),
        next: "tried again by itself".into(),
    }
}

fn stale(console: &Console) -> WatchChange<model::pods::PodRow> {
    WatchChange::Health(Health::Stale {
        heard: Some(console.at),
        problem: away(),
        retry: None,
    })
}

#[test]
fn that_there_are_none_is_said_only_after_a_complete_answer() {
    let mut console = Console::new(80, 24);
    let none = "there are no pods";
    assert!(!console.shows(none), "before the first word");
    console.connect();
    assert!(!console.shows(none), "connected");
    for (when, change) in [
        ("the list begins", WatchChange::Begin { generation: 1 }),
        (
            "no row yet",
            WatchChange::Health(Health::Listing { rows: 0 }),
        ),
        ("it failed", stale(&console)),
        ("again", WatchChange::Begin { generation: 2 }),
    ] {
        console.pods(change);
        assert!(!console.shows(none), "{when}");
    }
    console.list(Vec::new());
    assert!(console.shows(none));
}

#[test]
fn an_outage_keeps_every_row_and_is_said_with_its_age() {
    let mut console = Console::live(80, 24, outage());
    let names: Vec<String> = outage().iter().map(|pod| pod.name.raw().into()).collect();
    console.pods(stale(&console));
    // A list that begins and breaks off takes nothing away.
    console.pods(WatchChange::Begin { generation: 2 });
    console.upsert(vec![pod("frontend-5c7f-bbbbb")]);
    console.pods(stale(&console));
    console.advance(125_000);
    assert!(!console.shows("live"), "{}", console.screen());
    assert!(
        console.shows("STALE") && console.shows("2m"),
        "{}",
        console.screen()
    );
    for name in names {
        assert!(console.shows(&name), "{name}\n{}", console.screen());
    }
}

#[test]
fn what_is_narrowed_says_so() {
    let mut console = Console::live(100, 24, outage());
    console.type_keys("/");
    console.type_text("check");
    assert!(console.shows("hidden"), "{}", console.screen());
    let mut console = Console::with(100, 24, Settings::default(), Scope::All);
    console.connect();
    console.send(Msg::Cluster(ClusterMsg::Narrowed {
        epoch: 0,
        scope: Scope::Namespace("shop".into()),
        words: "showing shop: listing pods in all namespaces is forbidden to kate".into(),
    }));
    console.list(outage());
    assert!(
        console.shows("listing pods in all namespaces is forbidden"),
        "{}",
        console.screen()
    );
}
