//! The page of what changed: near before far, each claim by its evidence, and what was not watched.

use chrono::TimeDelta;
use harness::console::{Console, text};
use harness::fixtures::{ago, alert, crashing, named, not_ready, pod, versioned};
use harness::rollouts::{of_revision, template, waiting};
use harness::serving::{node, service, slice};
use harness::writing::{checkout, with_deployment};
use model::cluster::{Health, Problem, ProblemClass};
use model::entry::Draft;
use model::kind::Kind;
use model::message::{Msg, StoreMsg, TableChange, WatchChange};
use model::pods::PodRow;
use model::workload::WorkloadRow;

/// All is well for 10 min, and watched.
pub(super) fn well() -> Console {
    let mut console = Console::with(
        120,
        40,
        model::settings::Settings::default(),
        model::cluster::Scope::Namespace("shop".into()),
    );
    console.connect();
    let pods = ["checkout-7d9f-a", "checkout-7d9f-b", "cart-55c9-a"];
    console.list(pods.map(pod).into());
    let workloads = vec![checkout(3), named(checkout(2), "cart")];
    console.relisted(1, workloads, TableChange::Deployments);
    console.services(vec![service("checkout"), service("cart")]);
    console.endpoints(vec![slice("checkout", &[("a", true)])]);
    console.nodes(vec![node("node-1", true, &[]), node("node-2", true, &[])]);
    console.advance(600_000);
    console.take_effects();
    console
}

/// A pod of `checkout` begins to crash.
pub(super) fn crash(console: &mut Console) {
    let start: chrono::DateTime<chrono::Utc> = harness::console::START.parse().unwrap();
    let now = ago((start - console.at.wall).num_seconds());
    let mut pod = versioned(crashing("checkout-7d9f-a", 1, "Error"), 2);
    pod.created = ago(3 * 86_400);
    pod.ready.as_mut().unwrap().since = now;
    let container = &mut pod.containers[0];
    container.last.as_mut().unwrap().finished = now;
    console.upsert(vec![pod]);
    console.advance(6_000);
    console.keep();
}

/// A change is recorded and on disk.
pub(super) fn scaled(console: &mut Console, replicas: u32, version: u64) {
    console.deployments(vec![versioned(checkout(replicas), version)]);
    console.managed_by(vec![harness::changes::manager(
        "kubectl-edit",
        console.at.wall.timestamp(),
    )]);
    console.keep();
}

pub(super) fn page(console: &mut Console) -> String {
    console.type_keys("!");
    let page = text(&console.buffer());
    console.type_keys("esc");
    page
}

pub(super) fn line(page: &str, needle: &str) -> usize {
    let found = page.lines().position(|line| line.contains(needle));
    found.unwrap_or_else(|| panic!("no {needle} in\n{page}"))
}

#[test]
fn the_workload_itself_comes_first_then_what_it_needs_then_others() {
    let mut console = well();
    scaled(&mut console, 2, 11);
    console.deployments(vec![versioned(
        WorkloadRow {
            wanted: 4,
            ..named(checkout(2), "cart")
        },
        11,
    )]);
    console.managed_by(vec![]);
    let cordoned = |name: &str| model::nodes::NodeRow {
        is_cordoned: true,
        ..versioned(node(name, true, &[]), 2)
    };
    for name in ["node-2", "node-1"] {
        console.changed(vec![cordoned(name)], TableChange::Nodes);
        console.managed_by(vec![]);
    }
    let unready = versioned(slice("checkout", &[("a", false)]), 2);
    console.changed(vec![unready], TableChange::EndpointSlices);
    console.advance(6_000);
    console.keep();
    crash(&mut console);
    let page = page(&mut console);
    let order = [
        "Sick now",
        "checkout in shop: crashing (1), after 10 min well, first symptom",
        "before the first symptom",
        "scale checkout 3 -> 2 in shop, by kubectl-edit [itself]",
        "Service checkout in shop: no endpoint ready any more, 0/1 [its Service]",
        "node node-1 cordoned, by whom is not known [its node]",
        "scale cart 2 -> 4 in shop, by whom is not known [its namespace]",
        "node node-2 cordoned, by whom is not known [elsewhere]",
        "before 03:24:10Z: not watched",
    ];
    let lines: Vec<usize> = order.iter().map(|words| line(&page, words)).collect();
    assert!(lines.is_sorted(), "{lines:?} in\n{page}");
}

#[test]
fn a_change_after_the_first_symptom_or_long_before_it_is_not_one_of_them() {
    let mut console = well();
    scaled(&mut console, 2, 11);
    console.advance(3 * 3_600_000);
    crash(&mut console);
    scaled(&mut console, 5, 12);
    let page = page(&mut console);
    assert!(!page.contains("2 -> 5"), "{page}");
    let words = "last known change, 3 h before: 03:34:10Z scale checkout 3 -> 2";
    assert!(page.contains(words), "{page}");
}

#[test]
fn five_hundred_irrelevant_changes_do_not_hide_the_one_that_matters() {
    let mut console = well();
    scaled(&mut console, 2, 11);
    let like = console.model.timeline.stored().last().unwrap().clone();
    let others = (0..500).map(|number| {
        let mut draft: Draft = like.clone();
        draft.id = console.model.timeline.ids.next(console.at.wall);
        draft.occurred_at = console.at.wall;
        draft.title = format!("scale w{number} 1 -> 2 in shop").into();
        let target = draft.target.as_mut().unwrap();
        target.name = Some(format!("w{number}").into());
        target.uid = Some(format!("uid-w{number}").into());
        draft
    });
    let others: Vec<Draft> = others.collect();
    console.stored(others);
    crash(&mut console);
    let page = page(&mut console);
    let first = line(&page, "scale checkout 3 -> 2");
    assert!(first < line(&page, "scale w499 1 -> 2"), "{page}");
    console.type_keys("! G");
    assert!(console.shows("scale w"), "{}", console.screen());
    console.type_keys("esc 5");
}

#[test]
fn each_change_is_a_key_away_from_what_differs() {
    let mut console = well();
    scaled(&mut console, 2, 11);
    crash(&mut console);
    console.type_keys("! enter");
    let screen = console.screen();
    for words in [
        "before",
        "after",
        "field manager of spec.replicas: kubectl-edit",
    ] {
        assert!(screen.contains(words), "{screen}");
    }
    console.type_keys("esc");
    assert!(console.shows("What changed"), "{}", console.screen());
    console.type_keys("esc");
    assert!(!console.shows("What changed"));
}

#[test]
fn an_incident_begins_with_the_same_lines() {
    let mut console = well();
    scaled(&mut console, 2, 11);
    crash(&mut console);
    console.type_keys("i");
    console.type_text("P1 checkout is down");
    console.type_keys("enter");
    let (_, draft) = console.saves().pop().unwrap();
    let body = draft.body.unwrap();
    let lines: Vec<&str> = body.raw().lines().collect();
    assert_eq!(lines[0], "Sick now:");
    assert!(
        lines[1].starts_with("- checkout in shop: crashing (1)"),
        "{lines:?}"
    );
    assert!(
        lines[3].contains("scale checkout 3 -> 2 in shop, by kubectl-edit [itself]"),
        "{lines:?}"
    );
}

#[test]
fn that_nothing_changed_is_said_only_of_the_time_that_was_watched() {
    let mut console = well();
    crash(&mut console);
    let short = page(&mut console);
    assert!(
        short.contains("nothing seen since 03:24:10Z; before: not watched"),
        "{short}"
    );
    let mut console = well();
    console.advance(25 * 3_600_000);
    crash(&mut console);
    let long = page(&mut console);
    assert!(long.contains("nothing changed in 24 h"), "{long}");
    // Sick before anybody looked.
    let mut console = Console::live(120, 40, vec![crashing("checkout-7d9f-a", 1, "Error")]);
    console.deployments(vec![checkout(3)]);
    let at_start = page(&mut console);
    assert!(
        at_start.contains("nothing known; watched only since 03:24:10Z"),
        "{at_start}"
    );
}

#[test]
fn a_kind_that_may_not_be_read_is_named() {
    let mut console = well();
    let problem = Problem {
        class: ProblemClass::Forbidden,
        what: "list nodes in all namespaces: forbidden (403)".into(),
        next: "ask for the right".into(),
    };
    console.table(TableChange::Nodes(WatchChange::Health(Health::Stopped {
        problem,
    })));
    let page = page(&mut console);
    assert!(page.contains("nodes: not watched (forbidden)"), "{page}");
}

fn rollout(console: &mut Console) {
    let row = WorkloadRow {
        images: template("1.9.2", "fast", false).images(),
        ..versioned(checkout(3), 12)
    };
    let row = with_deployment(row, |fields| fields.revision = Some(42));
    console.deployments(vec![row]);
    // Nobody answers: it is recorded as it was seen.
    console.advance(100_000);
    console.keep();
}

#[test]
fn since_which_revision_is_said_by_its_rollout_alone() {
    let mut console = well();
    rollout(&mut console);
    crash(&mut console);
    let with = page(&mut console);
    assert!(with.contains("crashing (1), since r42, first"), "{with}");
    // Without the rollout nothing of it is said.
    let mut console = well();
    crash(&mut console);
    let without = page(&mut console);
    assert!(!without.contains("since r42"), "{without}");
    // Nor when it was long before.
    let mut console = well();
    rollout(&mut console);
    console.advance(3_600_000);
    crash(&mut console);
    let later = page(&mut console);
    assert!(later.contains("after 1 h 11 min well"), "{later}");
}

#[test]
fn since_it_was_made_is_said_of_what_is_young() {
    let mut console = well();
    let young = |created: Option<model::time::Seconds>| {
        let mut row = named(checkout(1), "new");
        row.created = created;
        row
    };
    let start: chrono::DateTime<chrono::Utc> = harness::console::START.parse().unwrap();
    let since = (start - console.at.wall).num_seconds();
    console.deployments(vec![young(ago(since))]);
    let mut pod: PodRow = waiting(pod("new-1-a"), "ImagePullBackOff");
    pod.created = ago(since);
    console.upsert(vec![pod]);
    console.advance(6_000);
    let page_of = page(&mut console);
    assert!(
        page_of.contains("new in shop: cannot start (1), since it was made"),
        "{page_of}"
    );
    console.deployments(vec![versioned(young(ago(3 * 86_400)), 11)]);
    let old = page(&mut console);
    assert!(!old.contains("since it was made"), "{old}");
}

#[test]
fn how_long_a_container_had_run_is_said_where_nobody_watched() {
    let mut sick = crashing("checkout-7d9f-a", 137, "OOMKilled");
    sick.containers[0].restarts = 1;
    sick.ready.as_mut().unwrap().since = ago(12);
    let end = sick.containers[0].last.as_mut().unwrap();
    (end.started, end.finished) = (ago(3 * 86_400), ago(12));
    let at_start = |sick: PodRow| {
        let mut console = Console::live(120, 40, vec![sick]);
        console.deployments(vec![checkout(3)]);
        page(&mut console)
    };
    let ran = at_start(sick.clone());
    assert!(ran.contains("after running for 2 days"), "{ran}");
    // It had ended before: how long it was well is not known.
    sick.containers[0].restarts = 6;
    let often = at_start(sick);
    assert!(
        often.contains("checkout in shop: crashing (1), since when is not known "),
        "{often}"
    );
    assert!(
        often.contains("before the first known symptom ("),
        "{often}"
    );
}

#[test]
fn a_beginning_that_is_known_is_said_instead_of_not_known() {
    let mut sick = crashing("checkout-7d9f-a", 137, "OOMKilled");
    sick.containers[0].restarts = 1;
    sick.ready.as_mut().unwrap().since = ago(12);
    let mut console = Console::live(120, 40, vec![sick]);
    console.deployments(vec![checkout(3)]);
    let page = page(&mut console);
    assert!(
        page.contains("checkout in shop: crashing (1), since 03:23:58Z "),
        "{page}"
    );
    assert!(!page.contains("not known,"), "{page}");
}

/// A pod is sick from now on.
fn turns_sick(console: &mut Console, mut pod: PodRow, version: u64) {
    let start: chrono::DateTime<chrono::Utc> = harness::console::START.parse().unwrap();
    let now = ago((start - console.at.wall).num_seconds());
    pod.created = ago(3 * 86_400);
    pod.ready.as_mut().unwrap().since = now;
    if let Some(end) = &mut pod.containers[0].last {
        end.finished = now;
    }
    console.upsert(vec![versioned(pod, version)]);
    console.advance(6_000);
    console.keep();
}

#[test]
fn the_first_symptom_is_that_of_the_first_step() {
    let mut console = well();
    let first = console.at.wall;
    turns_sick(&mut console, crashing("checkout-7d9f-a", 1, "Error"), 2);
    // The first pod is taken away, the next one comes a minute later.
    console.pods(WatchChange::Batch {
        rows: Vec::new(),
        gone: vec!["checkout-7d9f-a".into()],
        unreadable: Vec::new(),
    });
    console.advance(60_000);
    console.keep();
    turns_sick(&mut console, crashing("checkout-7d9f-b", 1, "Error"), 3);
    let page_of = page(&mut console);
    let clock = format!("first symptom {}", first.format("%H:%M:%SZ"));
    assert!(page_of.contains(&clock), "{clock} in {page_of}");
    // Half an hour later it is another trouble.
    let mut console = well();
    turns_sick(&mut console, crashing("checkout-7d9f-a", 1, "Error"), 2);
    console.pods(WatchChange::Batch {
        rows: Vec::new(),
        gone: vec!["checkout-7d9f-a".into()],
        unreadable: Vec::new(),
    });
    console.advance(1_800_000);
    console.keep();
    let second = console.at.wall;
    turns_sick(&mut console, crashing("checkout-7d9f-b", 1, "Error"), 3);
    let page_of = page(&mut console);
    let clock = format!("first symptom {}", second.format("%H:%M:%SZ"));
    assert!(page_of.contains(&clock), "{clock} in {page_of}");
}

#[test]
fn what_was_not_ready_before_it_crashed_is_sick_since_then() {
    let mut console = well();
    let first = console.at.wall;
    turns_sick(&mut console, not_ready("checkout-7d9f-a", 0), 2);
    console.advance(200_000);
    console.keep();
    turns_sick(&mut console, crashing("checkout-7d9f-a", 1, "Error"), 3);
    let page = page(&mut console);
    let clock = format!("first symptom {}", first.format("%H:%M:%SZ"));
    assert!(page.contains(&clock), "{clock} in {page}");
}

#[test]
fn where_nothing_is_sick_the_last_hours_are_listed() {
    let mut console = well();
    console.type_keys("!");
    insta::assert_snapshot!("nothing", console.screen());
    console.type_keys("esc");
    scaled(&mut console, 2, 11);
    let page = page(&mut console);
    assert!(page.contains("Changed in the last 2 h"), "{page}");
    assert!(page.contains("scale checkout 3 -> 2"), "{page}");
}

#[test]
fn what_changed_on_the_screen() {
    let mut console = well();
    let at = console.at.wall - TimeDelta::minutes(3);
    scaled(&mut console, 2, 11);
    rollout(&mut console);
    let mut own = console.model.timeline.stored().last().unwrap().clone();
    own.id = console.model.timeline.ids.next(at);
    (own.kind, own.occurred_at) = (Kind::ActionResult, at);
    own.tags = vec!["applied".into()];
    own.title = "restart checkout in shop: applied".into();
    console.stored(vec![own]);
    console.upsert(vec![of_revision("checkout-7d9f-c", 42)]);
    crash(&mut console);
    console.type_keys("! j");
    for (columns, rows) in [(80, 24), (120, 40)] {
        console.send(model::message::Msg::Input(model::message::Input::Resize {
            columns,
            rows,
        }));
        insta::assert_snapshot!(format!("what-changed-{columns}"), console.screen());
    }
}

#[test]
fn an_alert_that_names_the_workload_is_a_sign_of_its_trouble() {
    let page_of = |workload: &str| {
        let mut console = well();
        console.send(Msg::Store(StoreMsg::Opened(Box::default())));
        let labels = [("namespace", "shop"), ("deployment", workload)];
        console.alerts(vec![alert("ContainerOOMKilled", "warning", 14, &labels)]);
        console.keep();
        crash(&mut console);
        page(&mut console)
    };
    let named = page_of("checkout");
    let line_of = |page: &str| {
        page.lines()
            .nth(line(page, "checkout in shop: crashing"))
            .unwrap()
            .to_owned()
    };
    assert!(line_of(&named).contains("03:10:10Z"), "{named}");
    let other = page_of("cart");
    assert!(!line_of(&other).contains("03:10:10Z"), "{other}");
}
