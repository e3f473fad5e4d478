//! Lists: what differs looks different, columns follow what is shown, and what is out of sight is counted.

use std::collections::BTreeSet;

use model::cluster::{Connection, Scope};
use model::message::{ClusterMsg, Msg};
use model::pods::PodRow;
use model::screen::Pane;
use model::settings::Settings;
use model::workload::WorkloadRow;
use proptest::prelude::*;
use ratatui::layout::Rect;
use view::layout;

use harness::console::Console;
use harness::fixtures::{alert, named, pod};
use harness::rollouts::{statefulset, web};
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
