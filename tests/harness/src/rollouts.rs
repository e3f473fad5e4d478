//! A stuck rollout, played by the test: a Deployment with four revisions, a StatefulSet, and what the cluster answers.

use std::num::NonZeroU64;

use model::cluster::{Health, Scope};
use model::message::{
    ClusterEffect, ClusterMsg, Effect, Msg, Read, ReadAnswer, TableChange, WatchChange,
};
use model::meta::Meta;
use model::owner::Owner;
use model::owner::Owner as Workload;
use model::pods::{ContainerState, PodRow};
use model::revision_list::{RevisionKind, RevisionList, RevisionRow};
use model::screen::Overlay;
use model::settings::Settings;
use model::templates::{RESTARTED_AT, Template};
use model::workload::revisions::{History, Revision};
use model::workload::{KindFields, StatefulSetFields, UpdateStrategy, WorkloadRow};
use model::write::WriteId;
use model::write::dialog::Proposal;
use serde_json::json;

use crate::console::Console;
use crate::fixtures::{ago, named, pod};
use crate::writing::{checkout, with_deployment, with_stateful_set};

pub const DAY: i64 = 86_400;

pub fn template(tag: &str, mode: &str, restarted: bool) -> Template {
    let mut template = json!({
        "metadata": {"labels": {"app": "checkout"}},
        "spec": {"containers": [{
            "name": "app", "image": format!("registry.example/shop/checkout:{tag}"),
            "env": [{"name": "MODE", "value": mode}, {"name": "POOL", "value": "20"}],
        }]},
    });
    if restarted {
        template["metadata"]["annotations"] = json!({RESTARTED_AT: "2026-02-28T10:00:00Z"});
    }
    Template::of(&template)
}

pub fn revision(number: u64, made: i64, template: Template, cause: Option<&str>) -> Revision {
    Revision {
        uid: format!("rs-{number}").as_str().into(),
        name: format!("checkout-{number}").into(),
        number,
        created: ago(made),
        change_cause: cause.map(Into::into),
        images: template.images(),
        template,
        annotations: Box::default(),
    }
}

/// r42 is new and bad, r41 a restart of r40, r39 was there for a month.
pub fn history() -> History {
    let bad = template("1.9.2", "fast", false);
    History {
        template: bad.clone(),
        is_paused: false,
        annotations: Box::default(),
        revisions: vec![
            revision(42, 840, bad, Some("release 1.9.2")),
            revision(41, DAY, template("1.9.1", "safe", true), None),
            revision(
                40,
                3 * DAY,
                template("1.9.1", "safe", false),
                Some("release 1.9.1"),
            ),
            revision(39, 33 * DAY, template("1.8.0", "safe", false), None),
        ],
    }
}

/// Two of six are new, and stuck; the old ones still serve.
pub fn rolling() -> WorkloadRow {
    let row = WorkloadRow {
        images: template("1.9.2", "fast", false).images(),
        updated: 2,
        available: 5,
        ready: 5,
        current: 7,
        ..checkout(6)
    };
    with_deployment(row, |fields| fields.revision = Some(42))
}

/// The ReplicaSet of a revision of a Deployment in `shop`, made so many seconds ago.
pub fn replica_set(deployment: &str, number: u64, tag: &str, age_s: i64) -> RevisionRow {
    let image = format!("registry.example/shop/{deployment}:{tag}");
    RevisionRow {
        meta: Meta {
            uid: format!("rs-{deployment}-{number}").into(),
            namespace: "shop".into(),
            name: format!("{deployment}-{number}").into(),
            version: NonZeroU64::new(1),
            created: ago(age_s),
        },
        owner: Some(Workload {
            kind: "Deployment".into(),
            name: deployment.into(),
        }),
        number: Some(number),
        is_reused: false,
        was: None,
        change_cause: None,
        restarted_at: None,
        images: Box::new([image.into()]),
        made_by: None,
    }
}

impl Console {
    /// The lists of revisions that were asked for, each with the workloads that it was asked for.
    pub fn asked_revisions(&self) -> Vec<(RevisionList, Vec<String>)> {
        let asked = self.effects.iter().filter_map(|effect| match effect {
            Effect::Cluster(ClusterEffect::Read {
                what: Read::Revisions { list, workloads },
                ..
            }) => {
                let names = workloads.iter().map(|owner| owner.name.raw().to_owned());
                Some((list.clone(), names.collect()))
            }
            _ => None,
        });
        asked.collect()
    }

    /// The ReplicaSets of `shop`, as the server answers.
    pub fn replica_sets(&mut self, rows: Vec<RevisionRow>) {
        let epoch = self.model.cluster.epoch;
        let list = RevisionList {
            namespace: "shop".into(),
            kind: RevisionKind::ReplicaSet,
        };
        self.send(Msg::Cluster(ClusterMsg::Read {
            epoch,
            answer: ReadAnswer::Revisions(list, Ok(rows)),
        }));
    }
}

pub fn of_revision(name: &str, number: u64) -> PodRow {
    let mut pod = pod(name);
    pod.owner = Some(Owner {
        kind: "ReplicaSet".into(),
        name: format!("checkout-{number}").into(),
    });
    pod.template_hash = Some(number.to_string().as_str().into());
    pod
}

pub fn web() -> WorkloadRow {
    WorkloadRow {
        meta: Meta {
            uid: "uid-web".into(),
            namespace: "shop".into(),
            name: "web".into(),
            version: NonZeroU64::new(10),
            created: ago(90 * DAY),
        },
        generation: 4,
        observed_generation: 4,
        change_cause: None,
        restarted_at: None,
        images: Box::default(),
        labels: Box::default(),
        selector: Box::default(),
        wanted: 3,
        current: 3,
        updated: 3,
        ready: 3,
        available: 3,
        strategy: UpdateStrategy::RollingUpdate,
        reads: None,
        of_kind: KindFields::StatefulSet(StatefulSetFields {
            partition: 0,
            is_parallel: false,
            update_revision: Some("web-1".into()),
        }),
    }
}

pub fn read(console: &mut Console, workload: &str, history: &History) {
    let epoch = console.model.cluster.epoch;
    console.send(Msg::Cluster(ClusterMsg::Read {
        epoch,
        answer: ReadAnswer::History(workload.into(), Ok(Box::new(history.clone()))),
    }));
}

pub fn statefulset(console: &mut Console, row: WorkloadRow) {
    let heard = console.at;
    console.table(TableChange::StatefulSets(batch(row)));
    let live = WatchChange::Health(Health::Live { heard });
    console.table(TableChange::StatefulSets(live));
}

/// A DaemonSet on four nodes.
pub fn agent() -> WorkloadRow {
    WorkloadRow {
        images: Box::new(["registry.example/agent:3.1.0".into()]),
        wanted: 4,
        current: 4,
        updated: 4,
        ready: 4,
        available: 4,
        of_kind: KindFields::DaemonSet,
        ..named(web(), "agent")
    }
}

pub fn daemonset(console: &mut Console, row: WorkloadRow) {
    console.table(TableChange::DaemonSets(batch(row)));
}

fn batch(row: WorkloadRow) -> WatchChange<WorkloadRow> {
    WatchChange::Batch {
        rows: vec![row],
        gone: Vec::new(),
        unreadable: Vec::new(),
    }
}

/// A rollout of `checkout` that is stuck, a StatefulSet that is well, and the rollouts pane.
pub fn console(columns: u16, rows: u16) -> Console {
    let scope = Scope::Namespace("shop".into());
    let mut console = Console::with(columns, rows, Settings::default(), scope);
    console.connect();
    let mut broken = of_revision("checkout-42-x", 42);
    broken.ready = None;
    let pods = ["a", "b", "c"].map(|name| of_revision(&format!("checkout-41-{name}"), 41));
    console.list(pods.into_iter().chain([broken]).collect());
    console.deployments(vec![rolling()]);
    statefulset(&mut console, web());
    let heard = console.at;
    let live = WatchChange::Health(Health::Live { heard });
    console.table(TableChange::DaemonSets(live));
    console.type_keys("4");
    read(&mut console, "uid-checkout", &history());
    console.advance(2_000);
    console
}

pub fn plan(console: &Console) -> Option<(u64, u64)> {
    match console.model.screen.overlays.last() {
        Some(Overlay::Dialog(dialog)) => match &dialog.proposal {
            Proposal::Rollback(plan) => Some((plan.from.revision?, plan.chosen()?.point.revision?)),
            _ => None,
        },
        _ => None,
    }
}

/// A container that waits for this reason.
pub fn waiting(mut pod: PodRow, reason: &str) -> PodRow {
    pod.ready = None;
    pod.containers[0].state = ContainerState::Waiting {
        reason: reason.into(),
        message: None,
    };
    pod
}

/// A pod of `web`.
pub fn of_web(name: &str, revision: &str) -> PodRow {
    let mut pod = pod(name);
    pod.owner = Some(Owner {
        kind: "StatefulSet".into(),
        name: "web".into(),
    });
    pod.template_hash = Some(revision.into());
    pod
}

fn of_update(row: WorkloadRow, revision: &str) -> WorkloadRow {
    with_stateful_set(row, |fields| fields.update_revision = Some(revision.into()))
}

/// `web` is rolled back while its last pod crashes: the StatefulSet has taken it up, and waits for that pod.
pub fn roll_back_web(console: &mut Console) -> WriteId {
    let broken = waiting(of_web("web-2", "web-2bad"), "CrashLoopBackOff");
    console.upsert(vec![broken]);
    let mut row = of_update(web(), "web-2bad");
    (row.updated, row.ready, row.available) = (1, 2, 2);
    statefulset(console, row.clone());
    console.type_keys("/");
    console.type_text("web");
    console.type_keys("enter g x b");
    let bad = template("1.9.2", "fast", false);
    let history = History {
        template: bad.clone(),
        is_paused: false,
        annotations: Box::default(),
        revisions: vec![
            revision(2, 840, bad, None),
            revision(1, DAY, template("1.9.1", "safe", false), None),
        ],
    };
    read(console, "uid-web", &history);
    let write = console.say_yes();
    console.applied(write, 20);
    (row.version, row.generation, row.observed_generation) = (NonZeroU64::new(21), 5, 5);
    row.images.clone_from(&history.revisions[1].images);
    row.updated = 2;
    statefulset(console, of_update(row, "web-1"));
    write
}
