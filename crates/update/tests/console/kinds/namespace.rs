//! A namespace that is not there, or is about to go, is no calm one.

use super::*;
use model::cluster::{Health, Kind, NamespaceRow, Problem, ProblemClass, Scope};
use model::message::{TableChange, Watch, WatchChange};
use model::meta::Meta;

fn namespaces(console: &mut Console, rows: Vec<NamespaceRow>, generation: u32) {
    let batch = WatchChange::Batch {
        rows,
        gone: Vec::new(),
        unreadable: Vec::new(),
    };
    let heard = console.at;
    for change in [
        WatchChange::Begin { generation },
        batch,
        WatchChange::Synced { generation },
        WatchChange::Health(Health::Live { heard }),
    ] {
        console.table(TableChange::Namespaces(change));
    }
}

fn shop(is_terminating: bool) -> NamespaceRow {
    NamespaceRow {
        meta: Meta::plain("uid-shop".into(), "".into(), "shop".into()),
        is_terminating,
    }
}

#[test]
fn a_namespace_that_does_not_exist_is_said_in_the_header() {
    let mut console = Console::live(80, 24, Vec::new());
    let scope = Scope::Namespace("shop".into());
    let own = Watch::Table(Kind::Namespace, scope);
    assert!(console.wants().iter().any(|want| want.what == own));
    assert!(!console.shows("no such namespace"), "that is not known yet");
    namespaces(&mut console, Vec::new(), 1);
    assert!(
        console.shows("shop no such namespace"),
        "{}",
        console.screen()
    );
    assert!(!console.shows("there are no pods here"));
    namespaces(&mut console, vec![shop(false)], 2);
    assert!(!console.shows("no such namespace") && console.shows("there are no pods here"));
}

#[test]
fn a_namespace_that_is_being_deleted_is_said_in_the_header() {
    let mut console = Console::live(80, 24, vec![harness::fixtures::pod("web-1-a")]);
    namespaces(&mut console, vec![shop(true)], 1);
    assert!(
        console.shows("shop namespace is being deleted"),
        "{}",
        console.screen()
    );
    assert!(console.shows("web-1-a"));
}

#[test]
fn where_the_namespace_may_not_be_read_nothing_is_said_of_it() {
    let mut console = Console::live(80, 24, Vec::new());
    let problem = Problem {
        class: ProblemClass::Forbidden,
        what: "list namespaces: forbidden (403)".into(),
        next: "ask for the right".into(),
    };
    console.table(TableChange::Namespaces(WatchChange::Health(
        Health::Stopped { problem },
    )));
    assert!(
        console.shows("there are no pods here"),
        "{}",
        console.screen()
    );
    assert!(!console.shows("no such namespace") && !console.shows("list namespaces"));
}
