//! A change in words, and back from its words.
use super::*;
use crate::templates::Template;
use crate::write::Target;

fn target(context: &str) -> Target {
    Target {
        context: context.into(),
        kind: Kind::Deployment,
        namespace: "shop".into(),
        name: "checkout".into(),
        uid: "u1".into(),
    }
}

fn point(revision: u64, digest: &str) -> Point {
    Point {
        revision: Some(revision),
        template: Template::known_by(digest.into()),
        images: Box::default(),
        restarted_at: None,
        annotations: Box::default(),
        made_by: None,
    }
}

fn changes() -> [Change; 4] {
    [
        Change::Scale { from: 3, to: 0 },
        Change::Restart {
            from: None,
            at: "2026-01-02T03:04:05Z".into(),
        },
        Change::Rollback(Box::new(Rollback {
            from: point(42, "bad"),
            to: point(41, "good"),
        })),
        Change::Replace {
            pod: "web-2".into(),
            uid: "u2".into(),
        },
    ]
}

#[test]
fn the_kubectl_line_is_safe_to_paste() {
    let change = Change::Scale { from: 3, to: 5 };
    assert_eq!(
        change.kubectl(&target("prod-eu")).raw(),
        "kubectl --context prod-eu -n shop scale deployment/checkout --current-replicas=3 --replicas=5"
    );
    assert!(
        change
            .kubectl(&target("x; rm -rf ~ 'y'"))
            .raw()
            .contains(r#"--context "x; rm -rf ~ 'y'" -n"#)
    );
}

#[test]
fn each_change_has_its_kubectl_line() {
    let target = Target {
        kind: Kind::StatefulSet,
        ..target("dev")
    };
    let lines = changes().map(|change| change.kubectl(&target).raw()[29..].to_owned());
    assert_eq!(
        lines,
        [
            " scale statefulset/checkout --current-replicas=3 --replicas=0",
            " rollout restart statefulset/checkout",
            " rollout undo statefulset/checkout --to-revision=41",
            " delete pod web-2",
        ]
    );
}

#[test]
fn a_change_is_read_back_from_its_intent() {
    for change in changes() {
        let request = change.request(Kind::DaemonSet);
        let read = Change::read(&request, change.before().as_ref(), &change.after());
        assert_eq!(read, Some(change));
    }
}

#[test]
fn a_rollback_is_recognised_by_its_templates() {
    let [.., rollback, _] = changes();
    assert!(rollback.was(Some(&"bad".into())) && !rollback.was(Some(&"good".into())));
    assert!(rollback.stands(Some(&"good".into())) && !rollback.stands(None));
}
