//! Links: what is selected narrows the other panes, they say what they hide, and one key releases them.

use harness::console::Console;
use harness::fixtures::{alert, named, outage};
use harness::serving::{node, service, slice};
use harness::writing::checkout;
use model::message::Watch;
use model::workload::WorkloadRow;

/// The outage with what stands beside the pods, and these alerts; the alerts pane has the focus.
fn board(alerts: &[(&str, &[(&str, &str)])]) -> Console {
    let mut console = Console::live(120, 40, outage());
    console.deployments(vec![checkout(2)]);
    console.services(vec![service("checkout")]);
    let behind = [("checkout-7d9f-x2k", false), ("checkout-7d9f-q8w", false)];
    console.endpoints(vec![slice("checkout", &behind)]);
    console.nodes(vec![node("node-1", true, &[])]);
    let rows = alerts
        .iter()
        .map(|(name, labels)| alert(name, "critical", 14, labels));
    console.alerts(rows.collect());
    console.type_keys("1 g");
    console
}

const SHOP: (&str, &str) = ("namespace", "shop");

#[test]
fn an_alert_narrows_the_pods_to_what_it_is_about_and_one_key_releases_them() {
    let mut console = board(&[("HighErrorRate", &[SHOP, ("service", "checkout")])]);
    console.type_keys("l");
    assert!(
        console.shows("2 Pods of alert HighErrorRate 2 sick / 2 here, 2 sick / 5 hidden"),
        "{}",
        console.screen()
    );
    assert!(!console.shows("cart-55c9-lk2"));
    insta::assert_snapshot!(console.screen());
    console.type_keys("esc");
    assert!(console.shows("4 sick / 7") && console.shows("cart-55c9-lk2"));
}

#[test]
fn the_same_key_releases_what_it_narrowed() {
    let mut console = board(&[("HighErrorRate", &[SHOP, ("service", "checkout")])]);
    console.type_keys("l l");
    assert!(console.shows("4 sick / 7"), "{}", console.screen());
}

#[test]
fn a_pod_leads_back_to_its_alerts() {
    let mut console = board(&[
        ("HighErrorRate", &[SHOP, ("service", "checkout")]),
        ("KubePodCrashLooping", &[SHOP, ("pod", "checkout-7d9f-x2k")]),
        ("NodeDiskFull", &[("node", "node-9")]),
    ]);
    console.type_keys("2 g j l");
    assert!(
        console.shows("pod/checkout-7d9f-x2k"),
        "{}",
        console.screen()
    );
    assert!(
        console.shows("HighErrorRate") && console.shows("KubePod"),
        "{}",
        console.screen()
    );
    assert!(!console.shows("NodeDiskFull"), "{}", console.screen());
    // The pane it was chosen in shows everything, so that another can be chosen.
    assert!(console.shows("4 sick / 7"), "{}", console.screen());
}

/// One rule for a pod, wherever it is chosen.
#[test]
fn a_line_of_its_log_leads_to_the_same_alerts_as_the_pod_itself() {
    let firing: &[(&str, &[(&str, &str)])] = &[
        ("HighErrorRate", &[SHOP, ("service", "checkout")]),
        ("KubePodCrashLooping", &[SHOP, ("pod", "checkout-7d9f-x2k")]),
        ("AppDown", &[SHOP, ("app", "checkout")]),
        ("NodeDiskFull", &[("node", "node-9")]),
    ];
    let listed = |console: &Console| {
        let table = &console.model.alerts.watched.table;
        let rows = (0..table.len()).filter_map(|line| table.row_at(line));
        let names = rows.map(|(alert, _)| alert.name.raw().to_owned());
        names.collect::<Vec<_>>()
    };
    let mut console = board(firing);
    console.type_keys("2 g j");
    console.advance(1_000);
    console.log("checkout-7d9f-x2k", &[(0, "INFO  well")]);
    console.type_keys("l");
    let of_the_pod = listed(&console);
    assert_eq!(of_the_pod.len(), 3, "{}", console.screen());
    console.type_keys("l 3 k l");
    assert!(console.shows("of pod/checkout"), "{}", console.screen());
    assert_eq!(listed(&console), of_the_pod, "{}", console.screen());
}

#[test]
fn an_alert_about_no_object_narrows_nothing_and_says_so() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("severity", "none")], "its labels name no object"),
        (&[SHOP, ("pod", "gone-0")], "pod shop/gone-0 is not here"),
        (
            &[SHOP, ("deployment", "nope")],
            "Deployment shop/nope is not here",
        ),
        (
            &[("namespace", "pay"), ("pod", "x")],
            "only shop is watched",
        ),
        (&[SHOP], "which is what is shown"),
        (&[("node", "node-9")], "no node node-9"),
        (
            &[SHOP, ("persistentvolumeclaim", "data")],
            "which pod uses the claim data is not known",
        ),
        (
            &[SHOP, ("horizontalpodautoscaler", "web")],
            "what the HorizontalPodAutoscaler web scales",
        ),
        (&[("service", "nope")], "nothing here is called nope"),
        (
            &[("job", "checkout"), ("instance", "10.0.0.1:80")],
            "its labels name no object",
        ),
        (&[SHOP, ("pod", "\u{1b}[2J\u{202e}evil")], "is not here"),
    ];
    for (labels, words) in cases {
        let mut console = board(&[("Strange", labels)]);
        console.type_keys("l");
        assert!(console.shows(words), "{words}: {}", console.screen());
        assert!(console.shows("4 sick / 7"), "{words}: {}", console.screen());
    }
}

#[test]
fn every_label_that_names_an_object_finds_its_pods() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[SHOP, ("pod", "cart-55c9-lk2")], "1 sick / 1 here"),
        (&[SHOP, ("pod", "checkout-7d9f-gone")], "2 sick / 2 here"),
        (&[SHOP, ("deployment", "checkout")], "2 sick / 2 here"),
        (&[SHOP, ("deployment", "frontend")], "0 sick / 2 here"),
        (
            &[SHOP, ("horizontalpodautoscaler", "checkout")],
            "2 sick / 2 here",
        ),
        (&[SHOP, ("container", "app")], "4 sick / 7 here"),
        (&[("node", "node-1")], "4 sick / 7 here"),
        (&[("service", "checkout")], "2 sick / 2 here"),
        (&[("app", "checkout")], "2 sick / 2 here"),
    ];
    for (labels, words) in cases {
        let mut console = board(&[("Strange", labels)]);
        console.type_keys("l");
        assert!(console.shows(words), "{labels:?}: {}", console.screen());
    }
}

#[test]
fn an_alert_leads_to_the_rollouts_and_the_logs_of_what_it_is_about_and_back() {
    let mut console = board(&[("HighErrorRate", &[SHOP, ("service", "checkout")])]);
    let frontend = WorkloadRow {
        labels: Box::new([("app".into(), "frontend".into())]),
        ..named(checkout(2), "frontend")
    };
    console.deployments(vec![checkout(2), frontend]);
    console.advance(2_000);
    let followed = |console: &Console| {
        let wants = console.wants();
        let logs = wants
            .iter()
            .filter(|want| matches!(want.what, Watch::Logs(_)));
        logs.map(|want| format!("{want:?}")).collect::<Vec<_>>()
    };
    let rollouts = |console: &Console| {
        let screen = console.screen();
        let (_, below) = screen.split_once("4 Rollouts").unwrap();
        below.split("5 Timeline").next().unwrap().to_owned()
    };
    assert!(
        rollouts(&console).contains("frontend"),
        "{}",
        console.screen()
    );
    console.type_keys("l");
    console.advance(2_000);
    let of_alert = rollouts(&console);
    assert!(of_alert.contains("checkout"), "{}", console.screen());
    assert!(!of_alert.contains("frontend"), "{}", console.screen());
    let logs = followed(&console);
    assert_eq!(logs.len(), 2, "{logs:?}");
    assert!(
        logs.iter().all(|want| want.contains("checkout-7d9f-")),
        "{logs:?}"
    );
    console.type_keys("esc");
    console.advance(2_000);
    assert!(
        rollouts(&console).contains("frontend"),
        "{}",
        console.screen()
    );
}

#[test]
fn a_switch_of_namespace_releases_the_panes() {
    let mut console = board(&[("HighErrorRate", &[SHOP, ("service", "checkout")])]);
    console.type_keys("l w");
    console.type_keys("enter");
    console.list(outage());
    assert!(!console.shows("of alert"), "{}", console.screen());
}
