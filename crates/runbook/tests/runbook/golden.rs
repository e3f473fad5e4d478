//! Every step of documents in the forms that teams write them in.

use runbook::parse;

use crate::listing::listing;

fn check(name: &str, document: &str) {
    let runbook = parse(document.as_bytes());
    assert_eq!(runbook.problems, [], "{name}");
    insta::assert_snapshot!(name, listing(&runbook));
}

#[test]
fn the_steps_of_a_kubernetes_guide() {
    check("kubernetes guide", include_str!("documents/kubernetes.md"));
}

#[test]
fn the_steps_of_a_compose_guide() {
    check("compose guide", include_str!("documents/compose.md"));
}

#[test]
fn the_steps_of_a_runbook_for_an_alert() {
    check("alert runbook", include_str!("documents/alert.md"));
}

#[test]
fn the_steps_of_a_session_with_its_output() {
    check("session", include_str!("documents/session.md"));
}

#[test]
fn the_steps_of_a_document_that_a_shell_would_take_for_something_else() {
    check("traps", include_str!("documents/traps.md"));
}
