//! What a team should mend.

use runbook::{LintKind, lint, local_links, parse};

fn kinds(document: &str) -> Vec<LintKind> {
    lint(&parse(document.as_bytes()))
        .into_iter()
        .map(|finding| finding.kind)
        .collect()
}

#[test]
fn what_is_open_unmarked_or_not_understood_is_found() {
    let found = kinds(
        "```sh\nkubectl logs <pod>\nkubectl describe pod pod-name\nkubectl get pods \"\n```\n",
    );
    let expected = [
        LintKind::Unbound(vec!["pod".into()]),
        LintKind::Unmarked(vec!["pod-name".into()]),
        LintKind::Unparsable("the quote \" is not closed".into()),
    ];
    assert_eq!(found, expected);
    assert_eq!(kinds("```sh\nNS=shop\nkubectl get pods -n $NS\n```\n"), []);
}

#[test]
fn what_destroys_needs_a_way_back_somewhere() {
    let destroys = "```sh\nkubectl delete ns shop\n```\n";
    assert_eq!(kinds(destroys), [LintKind::NoWayBack]);
    assert_eq!(
        kinds(&format!("{destroys}\n## Rollback\n\nAsk the owner.\n")),
        []
    );
    assert_eq!(kinds("```sh\nkubectl get ns\n```\n"), []);
}

#[test]
fn links_that_lead_nowhere_in_the_document_are_found_and_files_are_given_out() {
    let document = "# A b\n\n[x](#a-b) [y](#gone) [z](other.md#part) [w](https://a.test) [v](../up.md) ![p](p.png) [m](mailto:a@b)\n";
    let found = kinds(document);
    assert!(
        matches!(&found[..], [LintKind::DeadAnchor(anchor)] if anchor.raw() == "gone"),
        "{found:?}"
    );
    let links = local_links(&parse(document.as_bytes()));
    let paths: Vec<&str> = links.iter().map(|link| link.path.raw()).collect();
    assert_eq!(paths, ["other.md", "../up.md", "p.png"]);
    assert_eq!(links[0].lines.first, 3);
}

#[test]
fn problems_of_the_document_are_findings() {
    assert!(matches!(
        kinds("---\ntitle: [\n---\n")[..],
        [LintKind::Problem(_)]
    ));
}

#[test]
fn what_the_front_matter_asks_for_or_matches_is_bound() {
    let front = "---\nmatch:\n  namespace: '*'\n  pod:\ninputs:\n  - name: replicas\n    prompt: How many?\n---\n";
    let line = "```sh\nkubectl scale deploy/x -n <namespace> --replicas=<replicas>\nkubectl logs $POD_NAME -n $NS\nkubectl logs <other-pod>\n```\n";
    assert_eq!(
        kinds(&format!("{front}{line}")),
        [LintKind::Unbound(vec!["other-pod".into()])]
    );
    assert_eq!(kinds(line).len(), 3);
    let mut tally = runbook::Tally::default();
    tally.add(&parse(format!("{front}{line}").as_bytes()));
    assert_eq!((tally.with_placeholders, tally.given), (3, 2));
}
