//! Which streams run: what was selected, its pods as they come and go, its containers and their instances before.

use std::num::NonZeroU64;

use std::sync::Arc;

use model::logs::{LogFollow, Marker, OpenSegment, STREAMS_MAX, StreamState};
use model::message::{LogsMsg, Msg};
use model::pods::{ContainerRole, ContainerRow, ContainerState};
use model::time::Seconds;

use super::{newcomer, one, printed, workload};
use harness::console::Console;
use harness::fixtures::{alerts, crashing, outage, pod};
use harness::logging::{forbidden, nanos, stream};

#[test]
fn a_pod_is_followed_once_the_selection_has_rested_on_it() {
    let mut console = Console::live(120, 40, outage());
    console.type_keys("g");
    assert!(console.followed().is_empty());
    console.advance(250);
    console.type_keys("j");
    console.advance(250);
    assert!(console.followed().is_empty(), "it moved on before");
    console.advance(100);
    assert_eq!(console.followed_pods(), ["checkout-7d9f-x2k"]);
}

#[test]
fn a_pane_that_is_not_on_the_screen_asks_for_nothing() {
    let mut console = Console::live(80, 24, outage());
    console.type_keys("g");
    console.advance(2_000);
    assert!(console.followed().is_empty());
    console.type_keys("3");
    console.advance(2_000);
    assert_eq!(console.followed_pods(), ["checkout-7d9f-q8w"]);
}

#[test]
fn all_pods_of_a_workload_are_followed_and_new_ones_join() {
    let mut console = workload(120, 40);
    newcomer(&mut console);
    assert_eq!(console.followed_pods().len(), 3);
    assert!(console.shows("3 pods"), "{}", console.screen());
}

#[test]
fn a_pod_that_is_gone_is_followed_no_longer_and_a_marker_says_where_its_log_ends() {
    let mut console = workload(120, 40);
    printed(&mut console);
    console.gone("checkout-7d9f-x2k");
    assert_eq!(console.followed_pods(), ["checkout-7d9f-q8w"]);
    console.mark("checkout-7d9f-x2k", 100, Marker::Ended);
    assert!(
        console.shows("x2k the pod is gone, its log ends here"),
        "{}",
        console.screen()
    );
    // Its lines stay, and still tell whose they are.
    assert!(console.shows("x2k FATAL giving up") && console.shows("q8w WARN"));
}

#[test]
fn of_ten_thousand_pods_so_many_are_followed_as_the_title_says_the_sick_first() {
    let mut pods: Vec<_> = (0..10_000)
        .map(|number| pod(&format!("web-1-{number:05}")))
        .collect();
    pods[7_000] = crashing("web-1-07000", 1, "Error");
    let mut console = Console::live(120, 40, pods);
    console.type_keys("g o o");
    let followed = console.followed_pods();
    assert_eq!(followed.len(), STREAMS_MAX);
    assert!(followed.contains(&"web-1-07000".to_owned()));
    assert!(
        console.shows("24 of 10,000 containers in 10,000 pods")
            && console.shows("at most 24 streams at once"),
        "{}",
        console.screen()
    );
}

#[test]
fn a_key_goes_to_the_instance_before_and_back() {
    let mut console = one(120, 40);
    let session = console.model.logs.session;
    console.type_keys("P");
    let followed = console.followed();
    assert!(followed.len() == 1 && followed[0].stream.is_previous);
    assert!(console.shows("instance before"), "{}", console.screen());
    assert_ne!(console.model.logs.session, session, "another log");
    console.type_keys("P");
    assert!(!console.followed()[0].stream.is_previous);
}

#[test]
fn without_an_instance_before_that_is_said() {
    let mut console = Console::live(120, 40, vec![pod("web-1-a")]);
    console.type_keys("g o P");
    assert!(console.followed().is_empty());
    assert!(
        console.shows("no container has an instance before this one"),
        "{}",
        console.screen()
    );
}

fn container(name: &str, role: ContainerRole, state: ContainerState) -> ContainerRow {
    ContainerRow {
        name: name.into(),
        role,
        state,
        ..pod("web-1-a").containers[0].clone()
    }
}

#[test]
fn sidecars_are_followed_and_init_containers_while_they_have_something_to_say() {
    let running = || ContainerState::Running { since: None };
    let mut many = pod("web-1-a");
    many.containers = Box::new([
        container("migrate", ContainerRole::Init, running()),
        container("proxy", ContainerRole::Sidecar, running()),
        container("app", ContainerRole::Main, running()),
    ]);
    let names = |console: &Console| -> Vec<String> {
        let followed = console.followed();
        let name = |follow: &LogFollow| follow.stream.container.raw().to_owned();
        followed.iter().map(name).collect()
    };
    let mut console = Console::live(120, 40, vec![many.clone()]);
    console.type_keys("g o");
    assert_eq!(names(&console), ["app", "migrate", "proxy"]);
    many.containers[0].state = ContainerState::Terminated(Box::default());
    many.version = NonZeroU64::new(2);
    console.upsert(vec![many]);
    assert_eq!(names(&console), ["app", "proxy"], "it succeeded");
    let mut seen = Vec::new();
    for _ in 0..4 {
        console.type_keys("C");
        seen.push(names(&console).join(" "));
    }
    assert_eq!(seen, ["migrate", "proxy", "app", "app proxy"]);
}

#[test]
fn of_an_alert_the_logs_begin_five_minutes_before_it_fired() {
    let mut console = Console::live(120, 40, outage());
    console.alerts(alerts());
    // The pod's alert, which fires since 03:15:10.
    console.type_keys("1 g j o");
    let followed = console.followed();
    assert_eq!(
        console.followed_pods(),
        ["checkout-7d9f-x2k"],
        "{}",
        console.screen()
    );
    let since = followed[0].since.and_then(Seconds::utc).unwrap();
    assert_eq!(since.format("%H:%M:%S").to_string(), "03:10:10");
    assert!(console.shows("since 03:10"), "{}", console.screen());
    console.type_keys("P");
    assert_eq!(
        console.followed()[0].since,
        None,
        "what ended before ended before"
    );
}

#[test]
fn who_may_not_read_logs_is_asked_for_no_more_until_a_key() {
    let mut console = workload(120, 40);
    console.stands(
        "checkout-7d9f-q8w",
        StreamState::Stopped {
            problem: forbidden(),
        },
    );
    assert!(
        console.followed().is_empty(),
        "one refusal speaks for the namespace"
    );
    assert!(
        console.shows("cannot get resource") && console.shows("pods/log"),
        "{}",
        console.screen()
    );
    console.type_keys("r");
    assert_eq!(console.followed().len(), 2);
}

#[test]
fn lines_of_what_was_followed_before_are_not_taken_for_those_of_the_present() {
    let mut console = one(120, 40);
    let session = console.model.logs.session;
    console.type_keys("P");
    let mut filling = OpenSegment::default();
    filling.line(nanos(0), b"late", 0);
    let segment = Arc::new(filling.seal(&Arc::new(stream("checkout-7d9f-q8w"))));
    console.send(Msg::Logs(LogsMsg::Lines { session, segment }));
    assert!(!console.shows("late"), "{}", console.screen());
}
