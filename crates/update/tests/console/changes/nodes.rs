//! Nodes: cordoned, tainted, failing, back, gone.

use harness::changes::manager;
use harness::console::Console;
use harness::fixtures::{outage, versioned};
use harness::serving::node;
use model::message::TableChange;
use model::nodes::NodeRow;

fn watching() -> Console {
    let mut console = Console::live(80, 24, outage());
    console.nodes(vec![node("n1", true, &[]), node("n2", true, &[])]);
    console.advance(10_000);
    console.take_effects();
    console
}

fn cordoned(is_cordoned: bool, version: u64) -> NodeRow {
    NodeRow {
        is_cordoned,
        ..versioned(node("n1", true, &[]), version)
    }
}

#[test]
fn a_cordon_and_its_end_are_entries() {
    let mut console = watching();
    console.changed(vec![cordoned(true, 2)], TableChange::Nodes);
    let at = console.at.wall.timestamp();
    console.managed_by(vec![manager("kubectl-cordon", at)]);
    assert_eq!(
        console.told(),
        ["change.config: node n1 cordoned, by kubectl-cordon"]
    );
    console.changed(vec![cordoned(false, 3)], TableChange::Nodes);
    console.managed_by(vec![]);
    assert_eq!(
        console.told(),
        ["change.config: node n1 uncordoned, by whom is not known"]
    );
}

#[test]
fn taints_are_told_from_what_to_what() {
    let mut console = watching();
    let tainted = NodeRow {
        taints: Box::new(["gpu=true:NoSchedule".into()]),
        ..versioned(node("n1", true, &[]), 2)
    };
    console.changed(vec![tainted], TableChange::Nodes);
    let at = console.at.wall.timestamp();
    console.managed_by(vec![manager("kubectl-taint", at)]);
    assert_eq!(
        console.told(),
        ["change.config: taints of node n1: none -> gpu=true:NoSchedule, by kubectl-taint"]
    );
}

#[test]
fn a_node_that_fails_and_returns_is_told_with_the_time_of_its_condition() {
    let mut console = watching();
    console.changed(
        vec![versioned(node("n1", false, &[]), 2)],
        TableChange::Nodes,
    );
    assert_eq!(console.questions(), []);
    let drafts = console.appended();
    assert_eq!(drafts[0].title.raw(), "node n1: not ready");
    let since = drafts[0].occurred_at.to_rfc3339();
    assert_eq!(since, "2026-03-01T03:20:10+00:00");
    console.changed(
        vec![versioned(node("n1", true, &[]), 3)],
        TableChange::Nodes,
    );
    assert_eq!(console.told(), ["event: node n1: ready again"]);
}

#[test]
fn a_node_that_is_gone_is_told() {
    let mut console = watching();
    console.went("node-n2", TableChange::Nodes);
    assert_eq!(
        console.told(),
        ["change.deletion: Node n2 deleted, by whom is not known"]
    );
}

#[test]
fn what_the_first_list_says_is_no_change() {
    let mut console = Console::live(80, 24, outage());
    console.advance(10_000);
    console.take_effects();
    console.nodes(vec![cordoned(true, 1), node("n2", false, &[])]);
    console.advance(10_000);
    assert_eq!(console.told(), [""; 0]);
}
