//! Is it serving: what is said of Services, endpoints and nodes, and what is not said while it is not known.

use harness::console::Console;
use harness::fixtures::{outage, pod};
use harness::serving::{node, port, service, slice};
use model::cluster::{Health, Kind, Problem, ProblemClass};
use model::endpoints::EndpointSliceRow;
use model::message::{TableChange, Want, Watch, WatchChange};
use model::services::ServicePort;
use model::serving::Readiness;

#[test]
fn the_pods_are_asked_for_before_what_stands_beside_them() {
    let asks = |console: &Console| {
        let is_beside = |want: &Want| {
            matches!(
                want.what,
                Watch::Table(Kind::Service | Kind::EndpointSlice | Kind::Node, _)
            )
        };
        console
            .wants()
            .iter()
            .filter(|want| is_beside(want))
            .count()
    };
    let mut console = Console::new(80, 24);
    console.connect();
    assert_eq!(asks(&console), 0);
    console.list(outage());
    assert_eq!(asks(&console), 3);
}

#[test]
fn a_service_without_a_ready_endpoint_stands_above_the_pods() {
    let mut console = Console::live(80, 24, outage());
    console.services(vec![service("checkout"), service("payment")]);
    assert!(!console.shows("not serving"), "endpoints are not known yet");
    console.endpoints(vec![
        slice(
            "checkout",
            &[("checkout-7d9f-x2k", false), ("checkout-7d9f-q8w", false)],
        ),
        slice("payment", &[("payment-6b8d-aaaaa", true)]),
    ]);
    assert!(
        console.shows("not serving: checkout 0/2 ready"),
        "{}",
        console.screen()
    );
    console.table(TableChange::EndpointSlices(WatchChange::Batch {
        rows: vec![slice("checkout", &[("checkout-7d9f-x2k", true)])],
        gone: Vec::new(),
        unreadable: Vec::new(),
    }));
    assert!(!console.shows("not serving"), "{}", console.screen());
}

#[test]
fn endpoints_that_are_gone_after_a_relist_do_not_serve() {
    let mut console = Console::live(80, 24, outage());
    console.services(vec![service("checkout")]);
    console.endpoints(vec![slice("checkout", &[("checkout-7d9f-x2k", true)])]);
    assert!(!console.shows("not serving"));
    for change in [
        WatchChange::Begin { generation: 2 },
        WatchChange::Synced { generation: 2 },
    ] {
        console.table(TableChange::EndpointSlices(change));
    }
    assert!(
        console.shows("not serving: checkout no endpoints"),
        "{}",
        console.screen()
    );
}

/// The slices of two pods, one of them not ready, with these ports of the Service.
fn checkout_with(ports: &[&str]) -> EndpointSliceRow {
    let mut slice = slice("checkout", &[("a", true), ("b", false)]);
    slice.ports = ports.iter().map(|name| (*name).into()).collect();
    slice
}

#[test]
fn ready_pods_without_the_port_of_a_service_do_not_serve_it() {
    let mut console = Console::live(120, 24, outage());
    console.services(vec![service("checkout")]);
    console.endpoints(vec![checkout_with(&[])]);
    let words = "not serving: checkout 0/2 ready (no container has port http)";
    assert!(console.shows(words), "{}", console.screen());
    console.endpoints(vec![checkout_with(&[""])]);
    assert!(!console.shows("not serving"), "{}", console.screen());
}

#[test]
fn one_port_of_several_that_no_pod_has_is_named_beside_those_that_serve() {
    let mut console = Console::live(160, 24, outage());
    let mut checkout = service("checkout");
    let numbered = ServicePort {
        target: None,
        ..port("admin", 8081, "")
    };
    checkout.ports = Box::new([
        port("web", 80, "http"),
        port("metrics", 9100, "prom"),
        numbered,
    ]);
    console.services(vec![checkout]);
    console.endpoints(vec![checkout_with(&["web"])]);
    let words = "checkout 1/2 ready (no container has port prom, no endpoint has port 8081)";
    assert!(console.shows(words), "{}", console.screen());
    console.endpoints(vec![checkout_with(&["web", "metrics", "admin"])]);
    assert!(!console.shows("not serving"), "{}", console.screen());
}

#[test]
fn a_port_counts_when_some_of_the_ready_pods_have_it() {
    let mut console = Console::live(120, 24, outage());
    console.services(vec![service("checkout")]);
    let mut old = slice("checkout", &[("old", true)]);
    (old.uid, old.ports) = ("slice-old".into(), Box::new([]));
    let new = slice("checkout", &[("new", true)]);
    console.endpoints(vec![old.clone(), new]);
    assert!(!console.shows("not serving"), "{}", console.screen());
    let name = ("shop".into(), "checkout".into());
    let readiness = console.model.cluster.serving.readiness(&name);
    assert_eq!(readiness, Readiness { ready: 1, total: 2 });
    console.endpoints(vec![old, slice("checkout", &[("new", false)])]);
    let words = "checkout 0/2 ready (no container has port http)";
    assert!(console.shows(words), "{}", console.screen());
}

#[test]
fn a_service_without_ports_serves_by_its_endpoints() {
    let mut console = Console::live(120, 24, outage());
    let mut headless = service("checkout");
    headless.ports = Box::new([]);
    console.services(vec![headless]);
    console.endpoints(vec![checkout_with(&[])]);
    assert!(!console.shows("not serving"), "{}", console.screen());
}

#[test]
fn a_node_that_fails_stands_above_the_pods_with_the_time() {
    let mut console = Console::live(80, 24, vec![pod("web-1-a")]);
    console.nodes(vec![
        node("n1", true, &[]),
        node("n2", true, &["DiskPressure"]),
        node("n3", false, &[]),
    ]);
    assert!(
        console.shows("! nodes: n3 not ready 4m, n2 DiskPressure of 3"),
        "{}",
        console.screen()
    );
    console.advance(60_000);
    assert!(console.shows("n3 not ready 5m"), "{}", console.screen());
}

#[test]
fn forbidden_nodes_are_told_where_limits_are_and_nothing_else_changes() {
    let mut console = Console::live(80, 24, outage());
    let before = console.line_with("checkout-7d9f-q8w");
    let problem = Problem {
        class: ProblemClass::Forbidden,
        what: "list nodes in all namespaces: forbidden (403)".into(),
        next: "ask for the right".into(),
    };
    console.table(TableChange::Nodes(WatchChange::Health(Health::Stopped {
        problem,
    })));
    assert!(
        console.shows("list nodes in all namespaces: forbidden"),
        "{}",
        console.screen()
    );
    assert_eq!(console.line_with("checkout-7d9f-q8w"), before);
}

#[test]
fn a_dual_stack_service_does_not_count_its_pods_twice() {
    let mut console = Console::live(80, 24, outage());
    let mut second = slice("checkout", &[("a", true), ("b", false)]);
    (second.uid, second.address_type) = ("slice-v6".into(), "IPv6".into());
    console.services(vec![service("checkout")]);
    console.endpoints(vec![
        slice("checkout", &[("a", true), ("b", false)]),
        second,
    ]);
    let name = ("shop".into(), "checkout".into());
    let readiness = console.model.cluster.serving.readiness(&name);
    assert_eq!(readiness, Readiness { ready: 1, total: 2 });
}
