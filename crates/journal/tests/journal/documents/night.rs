//! A night: random alerts, sick pods, rollouts, notes, writes, silences, incidents and restarts of the console, all through
//! the console itself; what it gives to the store is on disk.

use std::num::NonZeroU64;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use harness::console::Console;
use harness::fixtures::{alert, crashing, not_ready, pod};
use harness::writing::{checkout, with_deployment};
use journal::store::append::Appended;
use journal::store::directory::StateDir;
use journal::store::disk::{Disk, Identity};
use model::cluster::{Health, Problem, ProblemClass};
use model::entry::Draft;
use model::message::{
    AlertsMsg, ClusterEffect, ClusterMsg, Effect, Msg, Read, ReadAnswer, StoreEffect, StoreMsg,
    WatchChange, WriteEffect,
};
use model::meta::Meta;
use model::owner::Owner;
use model::pods::PodRow;
use model::revision_list::RevisionRow;
use model::time::Seconds;
use model::workload::WorkloadRow;
use model::write::{Change, WriteAnswer};

const ALERTS: [(&str, &str); 4] = [
    ("HighErrorRate", "deployment"),
    ("KubePodCrashLooping", "pod"),
    ("SlowRequests", "deployment"),
    ("DiskFull", "node"),
];
const NOTES: [&str; 6] = [
    "paged the database team",
    "Follow-up: raise max_connections",
    "told the payments team",
    "mitigated by hand; TODO: a runbook",
    "looks like the pool",
    "users see errors",
];

pub struct Night {
    console: Console,
    disk: Option<Disk>,
    state: StateDir,
    random: Rng,
    firing: [Option<DateTime<Utc>>; ALERTS.len()],
    row: WorkloadRow,
    version: u64,
    incidents: Vec<String>,
    /// When the console before ended.
    stopped: Option<DateTime<Utc>>,
}

impl Night {
    pub fn begin(state: &StateDir, seed: u64) -> Night {
        let mut night = Night {
            console: Console::new(120, 40),
            disk: None,
            state: state.clone(),
            random: Rng::with_seed(seed),
            firing: [None; ALERTS.len()],
            row: with_deployment(checkout(3), |fields| fields.revision = Some(41)),
            version: 100,
            incidents: Vec::new(),
            stopped: None,
        };
        night.start();
        night
    }

    /// A console on the same disk and cluster, at the time that it is.
    fn start(&mut self) {
        let at = self.console.at;
        let seed = self.random.u64(..);
        self.console = Console::new(120, 40);
        self.console.at = at;
        self.console.model.timeline.ids = model::entry::Ids::seeded(seed);
        self.disk = Some(Disk::open(&self.state, &Identity::default()).unwrap());
        let mut opening = self.disk.as_ref().unwrap().opening().unwrap().0;
        // The disk is written to by the real clock.
        opening.last_recorded = self.stopped;
        self.console.connect();
        self.console
            .send(Msg::Store(StoreMsg::Opened(Box::new(opening))));
        let pods = ["a", "b", "c"].map(|name| self.well(name));
        self.console.list(pods.into());
        let row = self.row.clone();
        self.console.deployments(vec![row]);
        self.console.table(model::message::TableChange::Deployments(
            WatchChange::Synced { generation: 0 },
        ));
        self.console.warnings(Vec::new());
        self.answer();
        self.settle();
    }

    /// The incidents of the night, and when it is over.
    pub fn end(mut self) -> (Vec<String>, DateTime<Utc>) {
        // A write may be followed: that is said first.
        self.console.type_keys("q q");
        self.settle();
        (self.incidents, self.console.at.wall)
    }

    pub fn event(&mut self) {
        match self.random.u8(0..14) {
            0..=2 => {
                let ms = self.random.u64(500..240_000);
                self.console.advance(ms);
            }
            3 | 4 => self.alerts(),
            5 | 6 => self.pods(),
            7 => self.rollout(),
            8 => self.note(),
            9 => self.incident(),
            10 => self.write(),
            11 => self.silence(),
            12 if self.random.u8(0..4) == 0 => self.restart(),
            _ => self.console.advance(20_000),
        }
        self.settle();
    }

    fn now(&self) -> Seconds {
        Seconds::from(self.console.at.wall)
    }

    fn versioned<R: std::ops::DerefMut<Target = Meta>>(&mut self, mut row: R) -> R {
        self.version += 1;
        row.version = NonZeroU64::new(self.version);
        row
    }

    fn well(&mut self, name: &str) -> PodRow {
        let mut pod = pod(&format!("checkout-7d9f-{name}"));
        pod.ready.as_mut().unwrap().since = Some(self.now());
        self.versioned(pod)
    }

    fn alerts(&mut self) {
        let (at, now) = (self.random.usize(0..ALERTS.len()), self.console.at.wall);
        self.firing[at] = match self.firing[at] {
            Some(_) => None,
            None => Some(now - TimeDelta::milliseconds(self.random.i64(0..300_000))),
        };
        self.answer();
    }

    fn answer(&mut self) {
        let rows = ALERTS
            .iter()
            .zip(self.firing)
            .filter_map(|((name, label), since)| {
                let labels = [("namespace", "shop"), (*label, "checkout")];
                let mut alert = alert(name, "critical", 0, &labels);
                alert.starts_at = Some(since?);
                alert.ends_at = Some(self.console.at.wall + TimeDelta::minutes(4));
                Some(alert)
            });
        let rows = rows.collect();
        self.console.alerts(rows);
    }

    fn pods(&mut self) {
        let name = *self.random.choice(&["a", "b", "c"]).unwrap();
        let now = self.now();
        let mut pod = match self.random.u8(0..3) {
            0 => {
                let mut pod = crashing(&format!("checkout-7d9f-{name}"), 1, "Error");
                pod.containers[0].last.as_mut().unwrap().finished = Some(now);
                pod.ready.as_mut().unwrap().since = Some(now);
                pod
            }
            1 => not_ready(&format!("checkout-7d9f-{name}"), 0),
            _ => self.well(name),
        };
        pod.ready.as_mut().unwrap().since = Some(now);
        let pod = self.versioned(pod);
        self.console.upsert(vec![pod]);
    }

    /// Somebody rolls out: it goes on, and is done or not.
    fn rollout(&mut self) {
        let number = self.row.revision().unwrap() + 1;
        self.row = with_deployment(self.row.clone(), |fields| fields.revision = Some(number));
        self.row.images = Box::new([format!("registry.example/shop/checkout:1.9.{number}").into()]);
        (self.row.updated, self.row.available) = (1, 2);
        self.rows();
        if self.random.bool() {
            self.console.advance(10_000);
            (self.row.updated, self.row.available) = (3, 3);
            self.rows();
        }
    }

    fn rows(&mut self) {
        let row = self.row.clone();
        self.row = self.versioned(row);
        self.console.deployments(vec![self.row.clone()]);
    }

    fn note(&mut self) {
        self.console.type_keys("m");
        let text = *self.random.choice(&NOTES).unwrap();
        self.console.type_text(text);
        self.console.type_keys("ctrl-s");
    }

    fn incident(&mut self) {
        if self.console.model.timeline.incident.is_some() {
            self.console.type_keys("I");
            self.console.type_text("over");
            self.console.type_keys("enter");
            if !self.console.model.screen.overlays.is_empty() {
                self.console.type_keys("y"); // an alert fires, or a write is followed
            }
            return;
        }
        self.console.type_keys("i");
        self.console.type_text("P1 checkout 5xx");
        self.console.type_keys("enter");
        self.settle();
        let open = self.console.model.timeline.incident.as_ref().unwrap();
        self.incidents.push(open.id.to_string());
    }

    /// A restart of checkout, answered or not; its rollout is done at once.
    fn write(&mut self) {
        self.console.type_keys("2 g x r");
        if self.console.model.screen.dialog().is_none() {
            return;
        }
        self.console.read_it();
        self.console.type_keys("y");
        self.settle();
        let sent = std::mem::take(&mut self.console.effects);
        let sent = sent.into_iter().find_map(|effect| match effect {
            Effect::Write(WriteEffect::Send(confirmed, _)) => Some(confirmed),
            _ => None,
        });
        let (Some(sent), true) = (sent, self.random.u8(0..5) > 0) else {
            return;
        };
        let Change::Restart { at, .. } = sent.change() else {
            panic!("no restart: {:?}", sent.change());
        };
        self.row.restarted_at = Some(at.clone());
        let number = self.row.revision().unwrap() + 1;
        self.row = with_deployment(self.row.clone(), |fields| fields.revision = Some(number));
        (self.row.updated, self.row.available) = (3, 3);
        self.version += 1;
        let answer = WriteAnswer::Applied {
            resource_version: Some(self.version),
            tries: 1,
        };
        self.console.answered(sent.write(), answer);
        self.rows();
    }

    /// The API server, or Alertmanager, is silent for a while; sometimes until the next event of it.
    fn silence(&mut self) {
        let problem = Problem {
            class: ProblemClass::Unreachable,
            what: "10.0.0.1:6443 does not answer".into(),
            next: "r tries now".into(),
        };
        let heard = Some(self.console.at);
        let is_server = self.random.bool();
        self.console.advance(30_000);
        if is_server {
            self.console.pods(WatchChange::Health(Health::Stale {
                heard,
                problem,
                retry: None,
            }));
        } else {
            self.console.send(Msg::Alerts(AlertsMsg::Failed {
                context: "staging-eu".into(),
                problem,
                retry: self.console.at.plus_ms(30_000),
            }));
        }
        let ms = self.random.u64(1_000..200_000);
        self.console.advance(ms);
        if self.random.u8(0..4) > 0 {
            let heard = self.console.at;
            self.console
                .pods(WatchChange::Health(Health::Live { heard }));
            self.answer();
        }
    }

    /// It ends, or is killed; another one is started later.
    fn restart(&mut self) {
        if self.random.bool() {
            self.console.type_keys("q");
        }
        self.settle();
        self.disk = None;
        self.stopped = Some(self.console.at.wall);
        self.console.at = self.console.at.plus_ms(self.random.u64(1_000..600_000));
        self.start();
    }

    /// The store and the cluster do what they are asked for.
    fn settle(&mut self) {
        for _ in 0..10 {
            let (asked, left): (Vec<Effect>, Vec<Effect>) = self
                .console
                .take_effects()
                .into_iter()
                .partition(|effect| matches!(effect, Effect::Store(_) | Effect::Cluster(_)));
            self.console.effects = left;
            if asked.is_empty() {
                return;
            }
            for effect in asked {
                match effect {
                    Effect::Store(StoreEffect::Save { token, draft }) => {
                        if let Some(entry) = self.append(*draft) {
                            let entry = Box::new(entry);
                            self.console
                                .send(Msg::Store(StoreMsg::Saved { token, entry }));
                        }
                    }
                    Effect::Store(StoreEffect::Append(drafts)) => {
                        let drafts = drafts.into_iter();
                        let entries = drafts.filter_map(|draft| self.append(draft)).collect();
                        self.console.send(Msg::Store(StoreMsg::Appended(entries)));
                    }
                    Effect::Cluster(ClusterEffect::Read {
                        epoch,
                        what: Read::Revisions { list, .. },
                        ..
                    }) => {
                        let rows = self.revisions();
                        let answer = ReadAnswer::Revisions(list, Ok(rows));
                        let msg = ClusterMsg::Read { epoch, answer };
                        self.console.send(Msg::Cluster(msg));
                    }
                    _ => {}
                }
            }
        }
        panic!("it never comes to rest");
    }

    fn append(&mut self, draft: Draft) -> Option<model::entry::Entry> {
        let disk = self.disk.as_mut().unwrap();
        match disk.append(&[draft]).unwrap().remove(0) {
            Appended::Stored(entry) => Some(*entry),
            Appended::Known => None,
            Appended::Refused(open) => panic!("refused: {open:?} is open"),
        }
    }

    /// The present revision and the one before it.
    fn revisions(&self) -> Vec<RevisionRow> {
        let number = self.row.revision().unwrap();
        let set = |number: u64, created: Seconds, images: &[text::Outside]| RevisionRow {
            made_by: None,
            meta: Meta {
                uid: format!("set-{number}").into(),
                namespace: "shop".into(),
                name: format!("checkout-{number}").into(),
                version: NonZeroU64::new(1),
                created: Some(created),
            },
            owner: Some(Owner {
                kind: "Deployment".into(),
                name: "checkout".into(),
            }),
            number: Some(number),
            is_reused: false,
            was: None,
            change_cause: None,
            restarted_at: None,
            images: images.into(),
        };
        let before = Seconds::new(self.now().unix() - 3_600);
        vec![
            set(number - 1, before, &[]),
            set(number, self.now(), self.row.images()),
        ]
    }
}
