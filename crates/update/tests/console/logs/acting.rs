//! Writes from the logs pane: about the workload whose logs are followed.

use model::write::dialog::{Dialog, Proposal};

use harness::console::Console;
use harness::fixtures::{alert, pod};
use harness::rollouts::{statefulset, web};
use harness::writing::checkout;

fn dialog(console: &Console) -> &Dialog {
    let dialog = console.model.screen.dialog();
    dialog.unwrap_or_else(|| panic!("no dialog\n{}", console.screen()))
}

#[test]
fn a_write_is_about_the_workload_of_the_pod_that_is_followed() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("o x r");
    let dialog = dialog(&console);
    assert_eq!(dialog.target.name.raw(), "checkout");
    assert!(matches!(dialog.proposal, Proposal::Restart { .. }));
}

#[test]
fn a_write_is_about_the_workload_that_is_followed_as_a_whole() {
    for lines in [false, true] {
        let mut console = Console::writing(checkout(3));
        console.type_keys("o o");
        if lines {
            console.log("checkout-7d9f-b", &[(0, "INFO  well"), (1, "INFO  well")]);
            console.type_keys("k");
        }
        console.type_keys("x s");
        assert_eq!(dialog(&console).target.name.raw(), "checkout");
    }
}

#[test]
fn a_workload_without_pods_is_written_to_all_the_same() {
    let mut console = Console::writing(checkout(3));
    console.type_keys("o o");
    without_pods(&mut console);
    console.type_keys("x s");
    assert_eq!(dialog(&console).target.name.raw(), "checkout");
}

/// The pods of checkout go.
fn without_pods(console: &mut Console) {
    for pod in ["checkout-7d9f-a", "checkout-7d9f-b", "checkout-7d9f-c"] {
        console.gone(pod);
    }
    console.advance(1_100);
}

/// The logs of a whole node: pods of two workloads.
fn of_the_node() -> Console {
    let mut console = Console::writing(checkout(3));
    statefulset(&mut console, web());
    let mut other = pod("web-0-x");
    (other.owner, other.name) = (
        Some(model::owner::Owner {
            kind: "StatefulSet".into(),
            name: "web".into(),
        }),
        "web-0".into(),
    );
    other.meta.uid = "web-0".into();
    console.upsert(vec![other]);
    console.alerts(vec![alert(
        "NodePressure",
        "warning",
        9,
        &[("node", "node-1")],
    )]);
    console.advance(1_100);
    console.type_keys("1 g o");
    assert_eq!(console.followed_pods().len(), 4, "{}", console.screen());
    console
}

#[test]
fn of_several_workloads_the_one_whose_line_is_held_is_meant_and_none_by_chance() {
    let mut console = of_the_node();
    console.log("checkout-7d9f-b", &[(0, "INFO  of checkout")]);
    console.log("web-0", &[(1, "INFO  of web")]);
    console.type_keys("x s");
    assert!(console.model.screen.dialog().is_none());
    assert!(
        console.shows("several workloads are followed here; hold a line of the one meant"),
        "{}",
        console.screen()
    );
    console.type_keys("k x s");
    assert_eq!(dialog(&console).target.name.raw(), "checkout");
}

#[test]
fn a_pod_without_a_workload_says_so_and_so_does_a_pane_that_follows_nothing() {
    let mut console = Console::writing(checkout(3));
    let mut bare = pod("bare-1-a");
    bare.owner = None;
    console.upsert(vec![bare]);
    without_pods(&mut console);
    console.type_keys("2 g o x r");
    assert!(
        console.shows("bare-1-a belongs to no workload"),
        "{}",
        console.screen()
    );
    let mut console = Console::writing(checkout(3));
    without_pods(&mut console);
    console.type_keys("3 x r");
    assert!(
        console.shows("restart: no logs are followed; 2 goes to the pods"),
        "{}",
        console.screen()
    );
}
