//! Lists: what differs looks different, columns follow what is shown, and what is out of sight is counted.

use std::collections::BTreeSet;

use model::cluster::{Connection, Scope};
use model::message::{ClusterMsg, Msg, StoreMsg};
use model::pod_list::PodColumn;
use model::pods::{Phase, PodRow, Termination};
use model::screen::Pane;
use model::settings::Settings;
use model::workload::WorkloadRow;
use proptest::prelude::*;
use ratatui::buffer::Cell;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use view::layout;

use harness::console::Console;
use harness::fixtures::{ago, alert, crashing, named, outage, pod};
use harness::rollouts::{self, statefulset, web};
use harness::writing::checkout;

/// The console on all namespaces, with these pods.
fn everywhere(columns: u16, rows: u16, pods: Vec<PodRow>) -> Console {
    let mut console = Console::with(columns, rows, Settings::default(), Scope::All);
    console.connect();
    console.list(pods);
    console
}

fn of(namespace: &str, name: &str) -> PodRow {
    let mut row = pod("web-1-a");
    row.uid = format!("{namespace}/{name}").into();
    (row.namespace, row.name) = (namespace.into(), name.into());
    row
}

/// The lines of a part of the screen.
fn lines(console: &Console, area: Rect) -> Vec<String> {
    let buffer = console.buffer();
    let line = |y: u16| -> String {
        let cells = (area.x..area.right()).map(|x| buffer[(x, y)].symbol());
        cells.collect()
    };
    (area.y..area.bottom()).map(line).collect()
}

fn pods_shown(console: &Console) -> Vec<String> {
    let body = layout::of(&console.model).pods_body();
    let lines = lines(console, body).into_iter();
    lines.filter(|line| !line.trim().is_empty()).collect()
}

/// Names as controllers make them, and such as differ in one letter somewhere.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        (0..40u16, "[a-z0-9]{5}").prop_map(|(n, end)| format!("app-{n:04}-5596b6d7f4-{end}")),
        (0..40u16).prop_map(|n| format!("app-{n:04}-5596b6d7f4-abcde")),
        (0..40u16).prop_map(|n| format!(
            "checkout-payment-processor-{n:02}-service-of-team-7d9f8b6c5-x2k4q"
        )),
        (0..24usize).prop_map(|at| {
            let mut letters = vec![b'a'; 63];
            letters[at * 2 + 8] = b'b';
            String::from_utf8(letters).unwrap()
        }),
        "[a-c]{1,4}-[0-9]",
        "[a-z]{30,63}",
    ]
}

fn namespace() -> impl Strategy<Value = String> {
    prop_oneof![
        (0..10u16).prop_map(|n| format!("team-{n:02}")),
        (0..10u16).prop_map(|n| format!("customer-{n:04}-production-eu-west-1-blue")),
        "[a-z]{3,20}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn two_pods_never_look_the_same(
        names in prop::collection::btree_set((namespace(), name()), 2..40),
        columns in 80..=200u16,
        rows in 24..60u16,
    ) {
        let pods = names.iter().map(|(namespace, name)| of(namespace, name)).collect();
        let mut console = everywhere(columns, rows, pods);
        for keys in ["", "page-down", "G"] {
            console.type_keys(keys);
            console.type_keys("esc");
            let shown = pods_shown(&console);
            // The mark of the cursor is no difference.
            let bare = |line: &String| line.chars().skip(2).collect::<String>();
            let different: BTreeSet<String> = shown.iter().map(bare).collect();
            prop_assert_eq!(different.len(), shown.len(), "{}", console.screen());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn two_workloads_never_look_the_same(
        names in prop::collection::btree_set((namespace(), name(), any::<bool>()), 2..20),
        columns in 80..=200u16,
        is_zoomed in any::<bool>(),
    ) {
        let mut console = everywhere(columns, 50, Vec::new());
        let row = |kind: &str, namespace: &str, name: &str, row: WorkloadRow| {
            let mut row = named(row, name);
            row.uid = format!("{kind}/{namespace}/{name}").into();
            row.namespace = namespace.into();
            row
        };
        let of = |is_set: bool| names.iter().filter(move |(_, _, set)| *set == is_set);
        let deployments = of(false).map(|(namespace, name, _)| row("deploy", namespace, name, checkout(2)));
        console.deployments(deployments.collect());
        let sets = of(true).map(|(namespace, name, _)| row("sts", namespace, name, web()));
        for row in sets {
            statefulset(&mut console, row);
        }
        console.type_keys(if is_zoomed { "4 z" } else { "4" });
        console.advance(2_000);
        let shown = lines(&console, layout::of(&console.model).body(Pane::Rollouts));
        let shown: Vec<&String> = shown.iter().filter(|line| line.starts_with('●')).collect();
        let different: BTreeSet<&&String> = shown.iter().collect();
        prop_assert!(shown.len() > 1);
        prop_assert_eq!(different.len(), shown.len(), "{}", console.screen());
    }

    #[test]
    fn two_alerts_never_look_the_same(
        pods in prop::collection::btree_set(name(), 2..12),
        columns in 80..=200u16,
    ) {
        let mut console = everywhere(columns, 50, Vec::new());
        let row = |pod: &String| alert("KubePodCrashLooping", "warning", 9, &[("namespace", "shop"), ("pod", pod)]);
        console.alerts(pods.iter().map(row).collect());
        console.type_keys("1");
        let shown = lines(&console, layout::of(&console.model).body(Pane::Alerts));
        let shown: Vec<&String> = shown.iter().filter(|line| line.contains("warn")).collect();
        let different: BTreeSet<&&String> = shown.iter().collect();
        prop_assert!(shown.len() > 1);
        prop_assert_eq!(different.len(), shown.len(), "{}", console.screen());
    }

    #[test]
    fn two_choices_of_a_context_never_look_the_same(
        names in prop::collection::btree_set(name(), 2..12),
        columns in 40..=200u16,
    ) {
        let mut console = Console::new(columns, 50);
        let of = |name: &String| format!("arn:aws:eks:eu-west-1:123456789012:cluster/{name}").into();
        console.send(Msg::Cluster(ClusterMsg::Connected(Connection {
            context: "staging-eu".into(),
            contexts: names.iter().map(of).collect(),
            cluster: "eu".into(),
            namespace: None,
            server: "10.0.0.1:6443".into(),
            user: None,
            acting_as: None,
            is_insecure: false,
        })));
        console.type_keys("c");
        let card = layout::centred(layout::of(&console.model).middle, 60, 18);
        let shown = lines(&console, layout::inner(card));
        let bare = |line: &String| line.replace('▸', " ").trim().to_owned();
        let shown: Vec<String> = shown.iter().skip(1).map(bare).filter(|line| !line.is_empty()).collect();
        let different: BTreeSet<&String> = shown.iter().collect();
        prop_assert!(shown.len() > 1);
        prop_assert_eq!(different.len(), shown.len(), "{}", console.screen());
    }
}

#[test]
fn alerts_of_one_name_about_one_object_say_in_what_they_differ() {
    let mut console = Console::live(120, 40, Vec::new());
    let row = |instance: &str| {
        let labels = [
            ("namespace", "shop"),
            ("service", "checkout"),
            ("instance", instance),
        ];
        let mut row = alert("TargetDown", "warning", 9, &labels);
        row.uid = instance.into();
        row
    };
    console.alerts(vec![row("10.0.0.1"), row("10.0.0.2")]);
    let shown = lines(&console, layout::of(&console.model).body(Pane::Alerts));
    assert!(
        shown[0].contains(".0.0.1 ") && shown[1].contains(".0.0.2 "),
        "{}",
        console.screen()
    );
}

#[test]
fn long_names_of_all_namespaces_are_told_apart() {
    let row = |n: usize| {
        of(
            &format!("team-{:02}", n / 4),
            &format!("app-{n:04}-5596b6d7f4-{:05}", n * 7919 % 100_000),
        )
    };
    for (columns, rows) in [(80, 24), (160, 50)] {
        let console = everywhere(columns, rows, (0..60).map(row).collect());
        insta::assert_snapshot!(format!("long_names_at_{columns}x{rows}"), console.screen());
    }
}

#[test]
fn columns_stand_still_while_lines_go_by() {
    let name = |n: usize| {
        if n == 50 {
            "a-very-long-name-of-a-workload-7d9f8b6c5-x2k4q".to_owned()
        } else {
            format!("web-1-{n:03}")
        }
    };
    let mut console = everywhere(
        160,
        40,
        (0..120)
            .map(|n| of("shop", &format!("{n:03}-{}", name(n))))
            .collect(),
    );
    let state = |console: &Console| {
        let heads = lines(console, layout::of(&console.model).pods_heads());
        heads[0].find("STATUS").unwrap()
    };
    let narrow = state(&console);
    console.type_keys("page-down page-down page-down page-down page-down");
    let wide = state(&console);
    assert!(wide > narrow, "{}", console.screen());
    console.type_keys("g");
    assert_eq!(state(&console), wide, "it moved back: {}", console.screen());
    console.type_keys("s");
    assert_eq!(
        state(&console),
        narrow,
        "another order is another list: {}",
        console.screen()
    );
}

/// A list as long as this many pods, the first of them sick.
fn mixed(columns: u16, rows: u16, sick: usize, well: usize) -> Console {
    let sick = (0..sick).map(|n| crashing(&format!("web-1-s{n:02}"), 1, "Error"));
    let well = (0..well).map(|n| pod(&format!("web-1-w{n:02}")));
    Console::live(columns, rows, sick.chain(well).collect())
}

#[test]
fn what_is_out_of_sight_is_counted_and_what_of_it_is_sick() {
    let mut console = mixed(80, 24, 14, 20);
    let seen = pods_shown(&console).len();
    let below = format!("↓ {}, {} sick ", 34 - seen, 14 - seen);
    assert!(console.shows(&below), "{below}: {}", console.screen());
    assert!(!console.shows("↑"));
    console.type_keys("G");
    let above = format!("↑ {}, 14 sick ", 34 - seen);
    assert!(
        console.shows(&above) && !console.shows("↓"),
        "{above}: {}",
        console.screen()
    );
    console.type_keys("g j page-down");
    assert!(
        console.shows("↑") && console.shows("↓"),
        "{}",
        console.screen()
    );

    let calm = mixed(80, 24, 0, 20);
    assert!(
        calm.shows(&format!("↓ {} ", 20 - seen)),
        "{}",
        calm.screen()
    );
    assert!(!mixed(80, 24, 2, 3).shows("↓"));
}

#[test]
fn alerts_and_workloads_out_of_sight_are_counted_as_well() {
    let mut console = Console::live(120, 40, Vec::new());
    let row = |n: usize| {
        alert(
            &format!("Alert{n:02}"),
            "warning",
            9,
            &[("namespace", "shop")],
        )
    };
    console.alerts((0..20).map(row).collect());
    assert!(console.shows("↓ 13 firing "), "{}", console.screen());
    let row = |n: usize| named(checkout(2), &format!("web-{n:02}"));
    console.deployments((0..30).map(row).collect());
    assert!(console.shows("↓ 21 "), "{}", console.screen());
    console.theme = view::theme::Theme {
        is_ascii: true,
        ..console.theme
    };
    assert!(console.shows("v 21 "), "{}", console.screen());
}

#[test]
fn the_sick_are_in_sight_while_nobody_has_moved_the_cursor() {
    let mut console = mixed(80, 24, 0, 40);
    console.advance(3_000);
    console.upsert(
        (0..3)
            .map(|n| crashing(&format!("zzz-1-{n}"), 1, "Error"))
            .collect(),
    );
    console.advance(3_000);
    assert!(
        ["zzz-1-0", "zzz-1-1", "zzz-1-2"]
            .iter()
            .all(|name| console.shows(name)),
        "{}",
        console.screen()
    );
}

/// Names in the order of the lines.
fn order(console: &Console, area: Rect, names: &[&str]) -> Vec<String> {
    let lines = lines(console, area).join("\n");
    let mut found: Vec<_> = names
        .iter()
        .filter_map(|name| Some((lines.find(name)?, name)))
        .collect();
    found.sort();
    found
        .into_iter()
        .map(|(_, name)| (*name).to_owned())
        .collect()
}

#[test]
fn every_order_can_be_turned_round() {
    let with = |name: &str, node: &str, age: i64, restarts: u32| {
        let mut row = pod(name);
        (row.node, row.created) = (Some(node.into()), ago(age));
        row.containers[0].restarts = restarts;
        row
    };
    let pods = vec![
        with("aaa-1-x", "node-3", 9_000, 4),
        with("bbb-1-x", "node-2", 8_000, 2),
        with("ccc-1-x", "node-1", 7_000, 3),
    ];
    let names = ["aaa-1-x", "bbb-1-x", "ccc-1-x"];
    let mut console = Console::live(120, 40, pods);
    // The first order has one class of pods here: all are well.
    for _ in 1..PodColumn::ALL.len() {
        console.type_keys("s");
        let body = layout::of(&console.model).pods_body();
        let before = order(&console, body, &names);
        console.type_keys("S");
        let mut after = order(&console, body, &names);
        after.reverse();
        assert_eq!(before, after, "{}", console.screen());
        console.type_keys("S");
    }

    let rows = ["aaa", "bbb", "ccc"].map(|name| named(checkout(2), name));
    console.deployments(rows.to_vec());
    console.type_keys("4 s");
    let body = layout::of(&console.model).body(Pane::Rollouts);
    let names = ["aaa", "bbb", "ccc"];
    assert_eq!(order(&console, body, &names), names);
    console.type_keys("S");
    assert_eq!(
        order(&console, body, &names),
        ["ccc", "bbb", "aaa"],
        "{}",
        console.screen()
    );
}

#[test]
fn a_filter_finds_a_workload_by_any_of_its_revisions_and_keeps_them() {
    for words in ["checkout", "r39", "1.8.0", "release"] {
        let mut console = rollouts::console(120, 40);
        console.type_keys("/");
        console.type_text(words);
        console.type_keys("enter");
        console.advance(2_000);
        for revision in ["r42 ", "r41 ", "r40 ", "r39 "] {
            assert!(console.shows(revision), "{words}: {}", console.screen());
        }
        assert!(!console.shows("● web"), "{words}: {}", console.screen());
    }
}

#[test]
fn an_entry_is_one_line_cut_at_a_word_and_no_uid_is_in_it() {
    let mut console = Console::live(80, 24, outage());
    console.send(Msg::Store(StoreMsg::Opened(Box::default())));
    for words in [
        "Back-off restarting failed container in pod checkout-1_shop(8398b12f-c25a-d3a0-d0b6-17defd890cb0) of a Deployment that was rolled out",
        "static kube-proxy-a_kube-system(0123456789abcdef0123456789abcdef) restarted (twice)",
    ] {
        console.type_keys("m");
        console.type_text(words);
        console.type_keys("ctrl-s");
        console.save_all();
    }
    assert!(
        console.shows("in pod checkout-1 of a…"),
        "{}",
        console.screen()
    );
    assert!(
        console.shows("static kube-proxy-a restarted (twice)"),
        "{}",
        console.screen()
    );
    // The entry itself keeps every letter.
    console.type_keys("5 G enter");
    assert!(console.shows("0123456789abcdef"), "{}", console.screen());
}

#[test]
fn the_first_entries_fill_the_pane() {
    for keys in ["5", "5 z"] {
        let mut console = Console::live(80, 24, outage());
        console.send(Msg::Store(StoreMsg::Opened(Box::default())));
        for n in 0..40 {
            console.type_keys("m");
            console.type_text(&format!("note {n:02} of a person who tells at length what was seen and what was done about it"));
            console.type_keys("ctrl-s");
            console.save_all();
        }
        console.type_keys(keys);
        for keys in ["g", "G", "g j j j j", "page-down", "page-up", "k k k"] {
            console.type_keys(keys);
            let shown = lines(&console, layout::of(&console.model).body(Pane::Timeline));
            assert!(
                shown.iter().all(|line| !line.trim().is_empty()),
                "{keys}: {}",
                console.screen()
            );
            let buffer = console.buffer();
            let is_marked = |cell: &Cell| cell.modifier.contains(Modifier::REVERSED);
            assert!(
                buffer.content.iter().any(is_marked),
                "{keys}: {}",
                console.screen()
            );
        }
    }
}

#[test]
fn trouble_that_is_past_has_a_sign_and_an_age_and_is_not_counted_as_sick() {
    let killed = |name: &str, seconds: i64| {
        let mut row = pod(name);
        row.containers[0].restarts = 1;
        row.containers[0].last = Some(Box::new(Termination {
            exit_code: 137,
            reason: Some("OOMKilled".into()),
            finished: ago(seconds),
            ..Termination::default()
        }));
        row
    };
    let mut job = killed("job-1-a", 7_200);
    (job.phase, job.owner) = (Phase::Failed, None);
    let console = Console::live(
        120,
        40,
        vec![
            killed("web-1-a", 3_600),
            killed("web-1-b", 3 * 86_400),
            job,
            pod("web-1-c"),
        ],
    );
    assert!(console.shows("0 sick / 4"), "{}", console.screen());
    let row = |name: &str| {
        let shown = pods_shown(&console);
        shown.into_iter().find(|line| line.contains(name)).unwrap()
    };
    for (name, age) in [("web-1-a", "1h ago"), ("job-1-a", "2h ago")] {
        let row = row(name);
        assert!(
            row.starts_with('–') && row.contains("exit 137 OOM, ") && row.contains(age),
            "{row}"
        );
    }
    for name in ["web-1-b", "web-1-c"] {
        let row = row(name);
        assert!(row.starts_with('●') && !row.contains("OOM"), "{row}");
    }
}
