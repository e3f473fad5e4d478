//! The states of the rollouts pane and of the cards of a write as pictures: two sizes, and without colour in ASCII.

use std::num::NonZeroU64;

use model::cluster::{Health, Problem, ProblemClass};
use model::message::{ClusterMsg, Msg, ReadAnswer, TableChange, WatchChange, WriteMsg};
use model::pods::Condition;
use model::screen::Overlay;
use model::workload::{UpdateStrategy, WorkloadRow};
use model::write::preflight::{Check, CheckResult};
use model::write::{WriteAnswer, WriteId};
use view::theme::Theme;

use harness::console::Console;
use harness::fixtures::{named, versioned};
use harness::rollouts::{
    agent, console, daemonset, history, of_revision, of_web, read, roll_back_web, rolling,
    statefulset, waiting, web,
};
use harness::writing::{with_deployment, with_stateful_set};

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

/// A scene in both sizes, and in the smaller one without colour in ASCII.
fn pictures(name: &str, scene: impl Fn(&mut Console)) {
    for (columns, rows) in SIZES {
        let mut console = console(columns, rows);
        scene(&mut console);
        insta::assert_snapshot!(format!("{name}_at_{columns}x{rows}"), console.screen());
    }
    let mut console = console(80, 24);
    console.theme = Theme {
        has_colour: false,
        is_ascii: true,
        ..Theme::default()
    };
    scene(&mut console);
    let screen = console.screen();
    // The sign of a cut is translated where bytes are made.
    assert!(screen.replace('…', "").is_ascii(), "{screen}");
    insta::assert_snapshot!(format!("{name}_plain"), screen);
}

fn condition(reason: &str, message: &str) -> Condition {
    Condition {
        is_true: reason != "ProgressDeadlineExceeded",
        since: None,
        reason: Some(reason.into()),
        message: Some(message.into()),
    }
}

fn problem(class: ProblemClass, what: &str, next: &str) -> Problem {
    Problem {
        class,
        what: what.into(),
        next: next.into(),
    }
}

/// One of each sort of trouble.
fn troubles(console: &mut Console) {
    console.upsert(vec![
        waiting(of_revision("checkout-42-x", 42), "ImagePullBackOff"),
        waiting(of_web("web-2", "web-2bad"), "CrashLoopBackOff"),
    ]);
    let stuck = with_deployment(versioned(rolling(), 11), |fields| {
        fields.progressing = Some(condition("ProgressDeadlineExceeded", ""));
    });
    let quota = with_deployment(rolling(), |fields| {
        fields.revision = Some(7);
        fields.replica_failure = Some(Box::new(condition(
            "FailedCreate",
            "pods \"billing-6b\" is forbidden: exceeded quota: shop, requested: pods=1, used: pods=20, limited: pods=20",
        )));
    });
    let paused = with_deployment(rolling(), |fields| {
        (fields.revision, fields.is_paused) = (Some(3), true);
    });
    let mut short = with_deployment(rolling(), |fields| fields.revision = Some(9));
    (short.updated, short.current) = (6, 6);
    console.deployments(vec![
        stuck,
        named(quota, "billing"),
        named(paused, "search"),
        named(short, "cart"),
    ]);
    let ordered = WorkloadRow {
        updated: 2,
        ready: 2,
        available: 2,
        ..versioned(web(), 11)
    };
    let mut partition = with_stateful_set(named(web(), "db"), |fields| fields.partition = 2);
    partition.updated = 1;
    let waiting = WorkloadRow {
        strategy: UpdateStrategy::OnDelete,
        updated: 1,
        ..agent()
    };
    statefulset(console, ordered);
    statefulset(console, partition);
    daemonset(console, waiting);
    console.advance(2_000);
}

fn ask_rollback(console: &mut Console) {
    console.type_keys("g x b");
    read(console, "uid-checkout", &history());
}

fn roll_back(console: &mut Console) -> WriteId {
    ask_rollback(console);
    console.type_keys("enter");
    console.say_yes()
}

#[test]
fn a_rollout_under_way() {
    pictures("a_rollout_under_way", |_| {});
}

#[test]
fn a_rollout_under_way_zoomed() {
    pictures("a_rollout_under_way_zoomed", |console| {
        console.type_keys("z g j j space");
    });
}

#[test]
fn every_sort_of_trouble() {
    pictures("every_sort_of_trouble", |console| {
        troubles(console);
        console.type_keys("z");
    });
}

#[test]
fn a_revision_that_was_rolled_back_to() {
    pictures("a_revision_that_was_rolled_back_to", |console| {
        let mut back = history();
        let last = back.revisions.len() - 1;
        let mut again = back.revisions.remove(last);
        again.number = 43;
        back.template = again.template.clone();
        back.revisions.insert(0, again);
        let mut row = with_deployment(versioned(rolling(), 11), |fields| {
            fields.revision = Some(43);
        });
        row.images.clone_from(&back.revisions[0].images);
        console.deployments(vec![row]);
        read(console, "uid-checkout", &back);
        console.advance(2_000);
    });
}

#[test]
fn revisions_that_may_not_be_read() {
    pictures("revisions_that_may_not_be_read", |console| {
        console.type_keys("/");
        console.type_text("web");
        console.type_keys("enter g enter");
        let epoch = console.model.cluster.epoch;
        let forbidden = problem(
            ProblemClass::Forbidden,
            "kate may not list controllerrevisions in shop",
            "ask for the right",
        );
        console.send(Msg::Cluster(ClusterMsg::Read {
            epoch,
            answer: ReadAnswer::History("uid-web".into(), Err(forbidden)),
        }));
        console.advance(2_000);
    });
}

#[test]
fn a_stale_list_keeps_its_rows() {
    pictures("a_stale_list_keeps_its_rows", |console| {
        let heard = Some(console.at);
        console.advance(75_000);
        let change = WatchChange::Health(Health::Stale {
            heard,
            problem: problem(
                ProblemClass::Unreachable,
                "watch deployments in shop: 10.0.0.1:6443 refuses the connection",
                "r tries now",
            ),
            retry: Some(console.at.plus_ms(3_000)),
        });
        console.table(TableChange::Deployments(change));
    });
}

#[test]
fn the_difference_of_two_revisions() {
    pictures("the_difference_of_two_revisions", |console| {
        console.type_keys("g j d");
        assert!(console.shows("Difference: checkout r41 -> r42"));
        console.type_keys("esc g j j j j space k k k d");
        assert!(console.shows("Difference: checkout r39 -> r42"));
    });
}

#[test]
fn a_choice_of_revisions() {
    pictures("a_choice_of_revisions", ask_rollback);
}

#[test]
fn the_card_of_a_rollback() {
    pictures("the_card_of_a_rollback", |console| {
        ask_rollback(console);
        console.type_keys("enter");
        console.read_it();
    });
}

#[test]
fn the_card_without_the_right() {
    pictures("the_card_without_the_right", |console| {
        ask_rollback(console);
        console.type_keys("enter");
        let Some(Overlay::Dialog(dialog)) = console.model.screen.overlays.last() else {
            panic!("no question");
        };
        let (write, change) = (dialog.write, dialog.change(console.at).unwrap());
        for (check, finding) in [
            (
                Check::Permission,
                CheckResult::Bad("you may not patch deployments here".into()),
            ),
            (
                Check::DryRun,
                CheckResult::Bad("403: the server would refuse it".into()),
            ),
            (Check::Owner, CheckResult::NotKnown("not known".into())),
            (
                Check::Manager,
                CheckResult::Warn("Argo CD (shop) manages it and may put this back at once".into()),
            ),
        ] {
            console.send(Msg::Write(WriteMsg::Found {
                write,
                change: change.clone(),
                check,
                finding,
            }));
        }
        console.read_it();
    });
}

#[test]
fn the_second_step_of_a_statefulset() {
    pictures("the_second_step_of_a_statefulset", |console| {
        roll_back_web(console);
        console.read_it();
    });
}

#[test]
fn a_rollback_that_is_refused() {
    pictures("a_rollback_that_is_refused", |console| {
        let write = roll_back(console);
        let problem = problem(
            ProblemClass::Forbidden,
            "admission webhook \"freeze.example\" denied the request: change freeze",
            "look at the cluster",
        );
        let status = Some(403);
        console.answered(write, WriteAnswer::Refused { status, problem });
    });
}

#[test]
fn a_rollback_whose_outcome_is_unknown() {
    pictures("a_rollback_whose_outcome_is_unknown", |console| {
        let write = roll_back(console);
        let problem = problem(
            ProblemClass::Unreachable,
            "no answer within 30 s",
            "look at the cluster",
        );
        console.answered(
            write,
            WriteAnswer::Unknown {
                problem,
                seen: None,
            },
        );
    });
}

#[test]
fn the_verdict_of_a_rollback() {
    pictures("the_verdict_of_a_rollback", |console| {
        let write = roll_back(console);
        console.applied(write, 20);
        let row = WorkloadRow {
            images: history().revisions[2].images.clone(),
            updated: 6,
            current: 6,
            ready: 6,
            available: 6,
            ..versioned(rolling(), 21)
        };
        let mut row = with_deployment(row, |fields| fields.revision = Some(43));
        console.gone("checkout-42-x");
        console.deployments(vec![row.clone()]);
        console.advance(180_000);
        row.version = NonZeroU64::new(22);
        console.deployments(vec![row]);
        assert!(console.shows("healed: 6 of 6 available for 3 min"));
    });
}

#[test]
fn a_rollback_counts_the_pods_that_it_replaces() {
    let mut console = console(120, 40);
    ask_rollback(&mut console);
    // From r40, which no pod has, up to r41.
    console.type_keys("up");
    console.type_keys("enter");
    assert!(
        console.shows("effect     1 pod is replaced, 3 already run r41"),
        "{}",
        console.screen()
    );
    console.gone("checkout-42-x");
    assert!(
        console.shows("effect     no pod is replaced: 3 pods already run r41"),
        "{}",
        console.screen()
    );
    let heard = Some(console.at);
    console.pods(WatchChange::Health(Health::Stale {
        heard,
        problem: problem(ProblemClass::Unreachable, "10.0.0.1:6443 is silent", "wait"),
        retry: None,
    }));
    assert!(!console.shows("already run"), "{}", console.screen());
}

#[test]
fn a_workload_whose_revisions_are_asked_for_says_that_it_reads_them() {
    let mut console = harness::rollouts::console(120, 40);
    console.type_keys("G");
    assert!(!console.shows("reading"), "{}", console.screen());
    console.type_keys("enter");
    assert!(
        console.shows("reading its revisions"),
        "{}",
        console.screen()
    );
    harness::rollouts::read(&mut console, "uid-web", &harness::rollouts::history());
    assert!(!console.shows("reading"), "{}", console.screen());
    console.advance(1_100);
    assert!(!console.shows("reading"), "{}", console.screen());
}
