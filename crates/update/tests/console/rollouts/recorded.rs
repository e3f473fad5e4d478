//! A new revision is one entry on the timeline and its end another one, whichever of the three kinds it is of.

use std::num::NonZeroU64;

use model::cluster::{Health, Kind, Problem, ProblemClass};
use model::entry::Draft;
use model::events::EventRow;
use model::kind;
use model::message::{
    ClusterEffect, ClusterMsg, Effect, Msg, Read, ReadAnswer, StoreEffect, TableChange, WatchChange,
};
use model::meta::Meta;
use model::owner::Owner;
use model::pods::PodRow;
use model::revision_list::{RevisionKind, RevisionList, RevisionRow};
use model::time::Seconds;
use model::workload::{
    DeploymentFields, KindFields, StatefulSetFields, UpdateStrategy, WorkloadRow,
};

use harness::console::Console;
use harness::fixtures::{ago, pod};
use harness::rollouts::waiting;
use harness::writing::{checkout, with_deployment};

const KINDS: [Kind; 3] = [Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet];
const IMAGE: &str = "registry.example/shop/checkout";

/// A workload `shop/checkout` at a moment.
#[derive(Clone, Copy)]
struct Moment {
    kind: Kind,
    /// The number of its revision, and the end of its name.
    revision: (u64, &'static str),
    tag: &'static str,
    generation: i64,
    wanted: u32,
    updated: u32,
    available: u32,
    is_on_delete: bool,
    partition: u32,
}

/// All three pods have its only revision.
fn steady(kind: Kind) -> Moment {
    Moment {
        kind,
        revision: (1, "aaa"),
        tag: "1.0",
        generation: 1,
        wanted: 3,
        updated: 3,
        available: 3,
        is_on_delete: false,
        partition: 0,
    }
}

/// The second revision is rolled out: so many pods have it.
fn second(kind: Kind, updated: u32) -> Moment {
    Moment {
        revision: (2, "bbb"),
        tag: "1.1",
        generation: 2,
        updated,
        ..steady(kind)
    }
}

fn meta(name: &str) -> Meta {
    Meta {
        uid: format!("uid-{name}").into(),
        namespace: "shop".into(),
        name: name.into(),
        version: NonZeroU64::new(10),
        created: ago(90 * 86_400),
    }
}

fn batch<R>(rows: Vec<R>) -> WatchChange<R> {
    WatchChange::Batch {
        rows,
        gone: Vec::new(),
        unreadable: Vec::new(),
    }
}

fn table(console: &mut Console, kind: Kind, change: WatchChange<WorkloadRow>) {
    console.table(match kind {
        Kind::Deployment => TableChange::Deployments(change),
        Kind::StatefulSet => TableChange::StatefulSets(change),
        _ => TableChange::DaemonSets(change),
    });
}

impl Moment {
    fn row(self) -> WorkloadRow {
        let of_kind = match self.kind {
            Kind::Deployment => KindFields::Deployment(DeploymentFields {
                revision: Some(self.revision.0),
                is_paused: false,
                progress_deadline_s: 600,
                progressing: None,
                replica_failure: None,
            }),
            Kind::StatefulSet => KindFields::StatefulSet(StatefulSetFields {
                partition: self.partition,
                is_parallel: false,
                update_revision: Some(self.revision_name().into()),
            }),
            _ => KindFields::DaemonSet,
        };
        let strategy = if self.is_on_delete {
            UpdateStrategy::OnDelete
        } else {
            UpdateStrategy::RollingUpdate
        };
        WorkloadRow {
            meta: meta("checkout"),
            generation: self.generation,
            observed_generation: self.generation,
            images: self.images(),
            current: self.wanted,
            updated: self.updated,
            ready: self.available,
            available: self.available,
            strategy,
            of_kind,
            ..checkout(self.wanted)
        }
    }

    fn images(self) -> Box<[text::Outside]> {
        Box::new([format!("{IMAGE}:{}", self.tag).into()])
    }

    fn revision_name(self) -> String {
        format!("checkout-{}", self.revision.1)
    }

    /// The console sees it.
    fn seen(self, console: &mut Console) {
        table(console, self.kind, batch(vec![self.row()]));
    }

    /// It is all that a first list has.
    fn listed(self, console: &mut Console) {
        let heard = console.at;
        for change in [
            WatchChange::Begin { generation: 1 },
            batch(vec![self.row()]),
            WatchChange::Synced { generation: 1 },
            WatchChange::Health(Health::Live { heard }),
        ] {
            table(console, self.kind, change);
        }
    }

    /// A pod of its revision.
    fn pod(self, name: &str) -> PodRow {
        let mut pod = pod(name);
        let (owner, hash) = match self.kind {
            Kind::Deployment => (("ReplicaSet", self.revision_name()), self.revision.1.into()),
            Kind::StatefulSet => (
                ("StatefulSet", "checkout".to_owned()),
                self.revision_name().into(),
            ),
            _ => (("DaemonSet", "checkout".to_owned()), self.revision.1.into()),
        };
        pod.owner = Some(Owner {
            kind: owner.0.into(),
            name: owner.1.into(),
        });
        pod.template_hash = Some(hash);
        pod
    }

    /// Its revision as it is read.
    fn revision(self, age_s: i64) -> RevisionRow {
        let name = self.revision_name();
        RevisionRow {
            meta: Meta {
                created: ago(age_s),
                ..meta(&name)
            },
            owner: Some(Owner {
                kind: self.kind.into(),
                name: "checkout".into(),
            }),
            number: Some(self.revision.0),
            is_reused: false,
            was: None,
            change_cause: Some(format!("release {}", self.tag).into()),
            restarted_at: None,
            images: self.images(),
            made_by: None,
        }
    }
}

/// A console that saw this first, with these pods.
fn started(moment: Moment, pods: Vec<PodRow>) -> Console {
    let mut console = Console::live(80, 24, pods);
    console.table(TableChange::Warnings(WatchChange::Begin { generation: 1 }));
    console.table(TableChange::Warnings(WatchChange::Synced { generation: 1 }));
    if moment.kind != Kind::Deployment {
        console.table(TableChange::Deployments(WatchChange::Begin {
            generation: 1,
        }));
        console.table(TableChange::Deployments(WatchChange::Synced {
            generation: 1,
        }));
    }
    moment.listed(&mut console);
    console
}

/// All pods have the first revision.
fn old_pods(kind: Kind) -> Vec<PodRow> {
    let names = ["checkout-aaa-0", "checkout-aaa-1", "checkout-aaa-2"];
    names.map(|name| steady(kind).pod(name)).into()
}

/// A console that saw the first revision, all well.
fn begun(kind: Kind) -> Console {
    let console = started(steady(kind), old_pods(kind));
    assert!(titles(&console).is_empty() && questions(&console) == 0);
    console
}

/// And then the second one is rolled out.
fn rolling(kind: Kind) -> Console {
    let mut console = begun(kind);
    second(kind, 0).seen(&mut console);
    answer(&mut console, kind, both(kind));
    console
}

/// The first revision and the second one.
fn both(kind: Kind) -> Vec<RevisionRow> {
    vec![steady(kind).revision(86_400), second(kind, 0).revision(0)]
}

fn answer(console: &mut Console, kind: Kind, rows: Vec<RevisionRow>) {
    answered(console, kind, Ok(rows));
}

fn answered(console: &mut Console, kind: Kind, listed: Result<Vec<RevisionRow>, Problem>) {
    let epoch = console.model.cluster.epoch;
    let list = RevisionList {
        namespace: "shop".into(),
        kind: RevisionKind::of(kind),
    };
    console.send(Msg::Cluster(ClusterMsg::Read {
        epoch,
        answer: ReadAnswer::Revisions(list, listed),
    }));
}

/// How often revisions were asked for.
fn questions(console: &Console) -> usize {
    let is_question = |effect: &&Effect| {
        matches!(
            effect,
            Effect::Cluster(ClusterEffect::Read {
                what: Read::Revisions { .. },
                ..
            })
        )
    };
    console.effects.iter().filter(is_question).count()
}

/// All entries about rollouts.
fn entries(console: &Console) -> Vec<&Draft> {
    let appended = console.effects.iter().filter_map(|effect| match effect {
        Effect::Store(StoreEffect::Append(drafts)) => Some(drafts),
        _ => None,
    });
    let drafts = appended.flatten();
    drafts
        .filter(|draft| draft.kind == kind::Kind::Rollout)
        .collect()
}

fn titles(console: &Console) -> Vec<&str> {
    let entries = entries(console).into_iter();
    entries
        .map(|draft| {
            let title = draft.title.raw();
            title.strip_prefix("rollout ").unwrap_or(title)
        })
        .collect()
}

#[test]
fn a_new_revision_is_recorded_with_its_images_its_cause_and_its_end() {
    for kind in KINDS {
        let mut console = begun(kind);
        second(kind, 0).seen(&mut console);
        assert_eq!(questions(&console), 1, "{kind:?}");
        answer(&mut console, kind, both(kind));
        second(kind, 2).seen(&mut console);
        second(kind, 3).seen(&mut console);
        second(kind, 3).seen(&mut console);
        assert_eq!(
            titles(&console),
            [
                "r2 of checkout: 1.0 -> 1.1 (release 1.1)",
                "r2 of checkout: done, 3 of 3 available"
            ],
            "{kind:?}"
        );
        let [began, end] = entries(&console)[..] else {
            panic!("{kind:?}");
        };
        assert_eq!(Some(began.occurred_at), ago(0).unwrap().utc());
        assert_eq!((end.refers_to, &began.body), (Some(began.id), &None));
        let change = began.change.as_ref().unwrap();
        assert_eq!(
            (change.revision_from, change.revision_to),
            (Some(1), Some(2))
        );
        let target = began.target.as_ref().unwrap();
        assert_eq!(target.kind.as_ref().unwrap().raw(), kind.word());
    }
}

#[test]
fn a_new_pod_that_cannot_live_fails_the_rollout_once_and_an_old_one_does_not() {
    for kind in KINDS {
        let mut console = rolling(kind);
        let second = second(kind, 1);
        second.seen(&mut console);
        let crash = |moment: Moment, name: &str| waiting(moment.pod(name), "CrashLoopBackOff");
        console.upsert(vec![crash(steady(kind), "checkout-aaa-0")]);
        console.advance(1_100);
        assert_eq!(titles(&console).len(), 1, "{kind:?}");
        console.upsert(vec![crash(second, "checkout-bbb-1")]);
        console.advance(1_100);
        console.upsert(vec![crash(second, "checkout-bbb-2")]);
        console.advance(1_100);
        assert_eq!(
            titles(&console)[1..],
            ["r2 of checkout: failing, checkout-bbb-1 CrashLoopBackOff"],
            "{kind:?}"
        );
        assert_eq!(entries(&console)[1].tags[0].raw(), "failing");
    }
}

#[test]
fn a_rollout_that_does_not_move_is_stuck_after_three_minutes_and_may_still_be_done() {
    for kind in KINDS {
        let mut console = rolling(kind);
        let held_up = Moment {
            available: 2,
            ..second(kind, 1)
        };
        held_up.seen(&mut console);
        console.advance(179_000);
        assert_eq!(titles(&console).len(), 1, "{kind:?}");
        console.advance(1_100);
        console.advance(60_000);
        second(kind, 3).seen(&mut console);
        let what = match kind {
            Kind::Deployment => "nothing moved",
            _ => "no pod became ready",
        };
        assert_eq!(
            titles(&console)[1..],
            [
                format!("r2 of checkout: stuck, {what} for 3 min, 2 of 3 available").as_str(),
                "r2 of checkout: done, 3 of 3 available"
            ],
            "{kind:?}"
        );
    }
}

#[test]
fn a_paused_rollout_is_not_stuck() {
    let mut console = rolling(Kind::Deployment);
    let row = second(Kind::Deployment, 1).row();
    let paused = with_deployment(row, |fields| fields.is_paused = true);
    table(&mut console, Kind::Deployment, batch(vec![paused]));
    console.advance(600_000);
    assert_eq!(titles(&console).len(), 1);
    second(Kind::Deployment, 1).seen(&mut console);
    console.advance(181_000);
    assert_eq!(
        titles(&console)[1..],
        ["r2 of checkout: stuck, nothing moved for 3 min, 3 of 3 available"]
    );
}

#[test]
fn rows_that_are_stale_prove_no_stuck_rollout() {
    for kind in KINDS {
        let mut console = rolling(kind);
        second(kind, 1).seen(&mut console);
        let stale = Health::Stale {
            heard: None,
            problem: Problem {
                class: ProblemClass::Unreachable,
                what: "the server does not answer".into(),
                next: "r tries now".into(),
            },
            retry: None,
        };
        table(&mut console, kind, WatchChange::Health(stale));
        console.advance(600_000);
        assert_eq!(titles(&console).len(), 1, "{kind:?}");
    }
}

#[test]
fn the_next_revision_supersedes_a_rollout_that_is_not_done() {
    for kind in KINDS {
        let mut console = rolling(kind);
        second(kind, 1).seen(&mut console);
        let third = Moment {
            revision: (3, "ccc"),
            tag: "1.2",
            generation: 3,
            ..second(kind, 3)
        };
        // It is all there before its revision has been read: that is not the end of the second one.
        third.seen(&mut console);
        assert_eq!(titles(&console).len(), 1, "{kind:?}");
        let mut rows = both(kind);
        rows.push(third.revision(0));
        answer(&mut console, kind, rows);
        assert_eq!(
            titles(&console)[1..],
            [
                "r2 of checkout: superseded, another revision is rolled out",
                "r3 of checkout: 1.1 -> 1.2 (release 1.2)",
                "r3 of checkout: done, 3 of 3 available"
            ],
            "{kind:?}"
        );
        let [began, end, ..] = entries(&console)[..] else {
            panic!("{kind:?}");
        };
        assert_eq!(end.refers_to, Some(began.id));
    }
}

/// Its environment, for one: the row of a DaemonSet does not show that, but its pods had another revision.
#[test]
fn a_template_that_changed_in_another_way_than_its_image_is_a_rollout() {
    for kind in KINDS {
        let mut console = begun(kind);
        let other = Moment {
            tag: "1.0",
            ..second(kind, 0)
        };
        other.seen(&mut console);
        let rows = vec![steady(kind).revision(86_400), other.revision(0)];
        answer(&mut console, kind, rows);
        assert_eq!(
            titles(&console),
            ["r2 of checkout: 1.0, the template changed (release 1.0)"],
            "{kind:?}"
        );
    }
}

/// The first revision under a new number.
fn rolled_back(kind: Kind) -> (Moment, Vec<RevisionRow>) {
    let back = Moment {
        revision: (3, "aaa"),
        generation: 3,
        updated: 0,
        ..steady(kind)
    };
    let mut reused = back.revision(86_400);
    if kind == Kind::Deployment {
        (reused.is_reused, reused.was) = (true, Some(1));
    }
    (back, vec![second(kind, 0).revision(0), reused])
}

#[test]
fn a_rollback_is_one_new_entry_at_the_time_at_which_it_was_seen() {
    for kind in KINDS {
        let mut console = rolling(kind);
        second(kind, 3).seen(&mut console);
        console.advance(60_000);
        let (back, rows) = rolled_back(kind);
        back.seen(&mut console);
        answer(&mut console, kind, rows);
        Moment { updated: 3, ..back }.seen(&mut console);
        let rolled_back_to = match kind {
            Kind::Deployment => "rolled back to r1, ",
            _ => "back to ",
        };
        assert_eq!(
            titles(&console)[2..],
            [
                format!("r3 of checkout: {rolled_back_to}1.0 (release 1.0)").as_str(),
                "r3 of checkout: done, 3 of 3 available"
            ],
            "{kind:?}"
        );
        let entry = entries(&console)[2];
        assert!(entry.occurred_at > ago(-60).unwrap().utc().unwrap());
        assert!(entry.body.as_ref().unwrap().contains("not known"));
    }
}

#[test]
fn a_revision_that_is_not_at_hand_is_looked_for_again() {
    for kind in KINDS {
        let mut console = begun(kind);
        second(kind, 0).seen(&mut console);
        answer(&mut console, kind, vec![steady(kind).revision(86_400)]);
        assert!(titles(&console).is_empty());
        console.advance(2_100);
        assert_eq!(questions(&console), 2, "{kind:?}");
        answer(&mut console, kind, both(kind));
        assert_eq!(
            titles(&console),
            ["r2 of checkout: 1.0 -> 1.1 (release 1.1)"],
            "{kind:?}"
        );
    }
}

#[test]
fn a_scale_is_no_rollout() {
    for kind in [Kind::Deployment, Kind::StatefulSet] {
        let mut console = begun(kind);
        let scaled = Moment {
            generation: 2,
            wanted: 5,
            ..steady(kind)
        };
        scaled.seen(&mut console);
        Moment {
            updated: 5,
            available: 5,
            ..scaled
        }
        .seen(&mut console);
        console.advance(200_000);
        assert!(titles(&console).is_empty() && questions(&console) == 0);
    }
}

/// Its strategy was changed, for one.
#[test]
fn another_generation_of_a_daemonset_with_the_same_template_is_no_rollout() {
    let kind = Kind::DaemonSet;
    let mut console = begun(kind);
    let other = Moment {
        generation: 2,
        ..steady(kind)
    };
    other.seen(&mut console);
    for _ in 0..3 {
        answer(&mut console, kind, vec![steady(kind).revision(86_400)]);
        console.advance(2_100);
    }
    assert_eq!(questions(&console), 3, "it might not have been at hand");
    let third = Moment {
        generation: 3,
        ..second(kind, 0)
    };
    third.seen(&mut console);
    answer(&mut console, kind, both(kind));
    assert_eq!(
        titles(&console),
        ["r2 of checkout: 1.0 -> 1.1 (release 1.1)"]
    );
    let again = Moment {
        generation: 4,
        updated: 1,
        ..third
    };
    again.seen(&mut console);
    for _ in 0..3 {
        answer(&mut console, kind, both(kind));
        console.advance(2_100);
    }
    Moment {
        updated: 3,
        ..again
    }
    .seen(&mut console);
    assert_eq!(
        titles(&console)[1..],
        ["r2 of checkout: done, 3 of 3 available"],
        "it is followed across the other generation"
    );
}

/// Its image says so; an environment alone would not.
#[test]
fn a_daemonset_whose_revisions_may_not_be_read_is_recorded_by_its_images() {
    let kind = Kind::DaemonSet;
    let forbidden = || {
        Err(Problem {
            class: ProblemClass::Forbidden,
            what: "list controllerrevisions in shop: forbidden (403)".into(),
            next: "ask for the right to do this".into(),
        })
    };
    let mut console = begun(kind);
    Moment {
        generation: 2,
        ..steady(kind)
    }
    .seen(&mut console);
    answered(&mut console, kind, forbidden());
    assert!(titles(&console).is_empty());
    Moment {
        generation: 3,
        ..second(kind, 0)
    }
    .seen(&mut console);
    answered(&mut console, kind, forbidden());
    assert_eq!(titles(&console), ["of checkout: 1.0 -> 1.1"]);
}

#[test]
fn what_was_rolling_before_the_start_is_recorded_at_its_true_time_with_its_end() {
    for kind in KINDS {
        let second = second(kind, 1);
        let pods = vec![
            steady(kind).pod("checkout-aaa-0"),
            waiting(second.pod("checkout-bbb-1"), "CrashLoopBackOff"),
        ];
        let mut console = started(second, pods);
        console.advance(1_100);
        let rows = vec![steady(kind).revision(864_000), second.revision(628)];
        answer(&mut console, kind, rows);
        console.advance(1_100);
        let mut well = second.pod("checkout-bbb-1");
        well.meta.version = NonZeroU64::new(2);
        console.upsert(vec![well]);
        Moment {
            updated: 3,
            ..second
        }
        .seen(&mut console);
        console.advance(1_100);
        assert_eq!(
            titles(&console),
            [
                "r2 of checkout: 1.0 -> 1.1 (release 1.1)",
                "r2 of checkout: done, 3 of 3 available"
            ],
            "{kind:?}: that it fails is in the entries about the start"
        );
        let [began, end] = entries(&console)[..] else {
            panic!("{kind:?}");
        };
        assert_eq!(Some(began.occurred_at), ago(628).unwrap().utc());
        assert_eq!(began.tags[0].raw(), "backfilled");
        assert_eq!(end.refers_to, Some(began.id));
    }
}

#[test]
fn what_stays_old_on_purpose_does_not_keep_a_rollout_from_being_done() {
    let on_delete = "OnDelete: 3 stay old until they are deleted";
    let partition = "partition 2: lower ordinals stay old";
    let cases = [
        (Kind::StatefulSet, true, 0, 0, on_delete),
        (Kind::DaemonSet, true, 0, 0, on_delete),
        (Kind::StatefulSet, false, 2, 1, partition),
    ];
    for (kind, is_on_delete, partition, updated, words) in cases {
        let with = |moment: Moment| Moment {
            is_on_delete,
            partition,
            ..moment
        };
        let mut console = started(with(steady(kind)), old_pods(kind));
        with(second(kind, updated)).seen(&mut console);
        answer(&mut console, kind, both(kind));
        assert_eq!(
            titles(&console)[1..],
            [format!("r2 of checkout: done, 3 of 3 available; {words}")],
            "{kind:?}"
        );
    }
}

/// One sees it begin, the other only when it fails.
#[test]
fn two_consoles_that_see_the_same_rollout_give_its_entries_the_same_origins() {
    for kind in KINDS {
        let crash = waiting(second(kind, 1).pod("checkout-bbb-1"), "CrashLoopBackOff");
        let mut first = rolling(kind);
        let mut other = started(second(kind, 1), old_pods(kind));
        answer(&mut other, kind, both(kind));
        for console in [&mut first, &mut other] {
            second(kind, 1).seen(console);
            console.upsert(vec![crash.clone()]);
            console.advance(1_100);
            let mut well = second(kind, 1).pod("checkout-bbb-1");
            well.meta.version = NonZeroU64::new(2);
            console.upsert(vec![well]);
            second(kind, 3).seen(console);
            console.advance(1_100);
        }
        let origins = |console: &Console| {
            let entries = entries(console).into_iter();
            let origins = entries.map(|draft| draft.origin.as_ref().unwrap().raw().to_owned());
            origins.collect::<Vec<_>>()
        };
        let mut all = origins(&first);
        assert_eq!(all, origins(&other), "{kind:?}");
        all.dedup();
        assert_eq!(all.len(), 3, "{kind:?}: {all:?}");
    }
}

/// The entry about the pods that cannot be created says it, whether there is a rollout or not.
#[test]
fn a_rollout_whose_pods_are_refused_is_not_said_to_fail_twice() {
    let kind = Kind::StatefulSet;
    let mut console = rolling(kind);
    let refused = Moment {
        available: 2,
        ..second(kind, 0)
    };
    let mut row = refused.row();
    row.current = 2;
    table(&mut console, kind, batch(vec![row]));
    let now = Seconds::new(console.at.wall.timestamp());
    let event = EventRow {
        meta: meta("checkout.1"),
        is_warning: true,
        reason: "FailedCreate".into(),
        message: "create Pod checkout-2 in StatefulSet checkout failed error: exceeded quota"
            .into(),
        count: 4,
        first: Some(now),
        last: Some(now),
        object_kind: "StatefulSet".into(),
        object_name: "checkout".into(),
        object_uid: "uid-checkout".into(),
        container: None,
    };
    console.table(TableChange::Warnings(batch(vec![event])));
    console.advance(1_100);
    console.advance(200_000);
    assert_eq!(titles(&console).len(), 1, "{:?}", titles(&console));
}

#[test]
fn a_scale_down_goes_on_until_the_surplus_pods_are_gone() {
    for kind in KINDS {
        let mut console = begun(kind);
        console.type_keys("4");
        let fewer = Moment {
            wanted: 1,
            ..steady(kind)
        };
        let mut surplus = fewer.row();
        surplus.current = 3;
        table(&mut console, kind, batch(vec![surplus]));
        assert!(console.shows("rolling: 3 updated, 3 available"), "{kind:?}");
        Moment {
            updated: 1,
            available: 1,
            ..fewer
        }
        .seen(&mut console);
        assert!(!console.shows("rolling:"), "{kind:?}");
    }
}
