//! The four outages of the demo, each healed at the keyboard: the exported record beside what the emulated world did. The
//! incident is opened when all is over, as somebody does who had no time before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use components::alertmanager::every;
use components::rig::Rig;
use emulator::cluster::{Cluster, State};
use emulator::world::object::{Kind as WorldKind, Object};
use emulator::{Options, Scenario, Server};
use journal::command::{self, Format, Part};
use journal::store::directory::StateDir;
use kubernetes::alertmanager::{Alertmanager, Place};
use kubernetes::clock::Clock;
use model::entry::{Draft, Entry};
use model::kind::{Kind, Outcome};
use model::message::{Input, Msg};
use model::settings::Settings;

/// Time goes so much faster in the world and for the console.
const SPEED: u32 = 10;

/// A verdict and the end of the last alert take up to ten minutes of the world.
const HEALED: Duration = Duration::from_secs(150);

/// The clocks agree as well as a `Date` of whole seconds tells, and what is polled is seen late.
const AGREED: TimeDelta = TimeDelta::seconds(10);
const POLLED: TimeDelta = TimeDelta::seconds(90);

/// A `ReplicaSet` that is no older was made by the rollout that is seen.
const NEW_MS: i64 = 10_000;

/// What the world did, as somebody sees who looks all the time.
#[derive(Default)]
struct World {
    /// Alerts that fired, by name and labels, with their beginning and their end.
    alerts: BTreeMap<(String, i64), (String, Option<i64>)>,
    /// Revisions that were rolled out: workload, revision, when.
    rollouts: BTreeMap<(String, u64), i64>,
    /// When containers of a workload ended badly.
    crashes: BTreeMap<String, BTreeSet<i64>>,
}

/// The Deployment of a pod, by its name.
fn deployment_of(pod: &Object) -> String {
    let name = &pod.meta().key.name;
    let parts: Vec<&str> = name.rsplitn(3, '-').collect();
    parts.last().copied().unwrap_or_default().to_owned()
}

impl World {
    /// What stands there now; the first look takes the last hour for what was done.
    fn look(&mut self, state: &State) {
        let world = &state.world;
        let now = world.now();
        let firing: BTreeSet<(String, i64)> = world
            .alarms
            .all()
            // It only shows that alerts arrive.
            .filter(|alarm| alarm.rule.name != "Watchdog")
            .filter_map(|alarm| {
                let fired = alarm.fired?;
                let labels = format!("{:?}", alarm.finding.labels);
                let key = (labels, fired);
                let name = alarm.rule.name.to_owned();
                self.alerts.entry(key.clone()).or_insert((name, None));
                Some(key)
            })
            .collect();
        for (key, (_, end)) in &mut self.alerts {
            if !firing.contains(key) {
                end.get_or_insert(now);
            }
        }
        let shop = |kind| world.list(kind, Some("shop"), None);
        let is_first_look = self.rollouts.is_empty();
        for object in shop(WorldKind::Deployment) {
            let meta = object.meta();
            let number = meta.annotation_number("deployment.kubernetes.io/revision");
            let key = (meta.key.name.to_string(), number);
            let prefix = format!("{}-", meta.key.name);
            let sets = shop(WorldKind::ReplicaSet);
            let sets = sets.filter(|set| set.meta().key.name.starts_with(&prefix));
            // A revision that was gone back to is older than its rollout.
            let newest = sets.map(|set| set.meta().created).max().unwrap_or(now);
            let at = if is_first_look || now - newest < NEW_MS {
                newest
            } else {
                now
            };
            self.rollouts.entry(key).or_insert(at);
        }
        // A pod keeps its last ends; those before them stand in what led to it.
        let before = if is_first_look {
            let oldest = world.oldest(WorldKind::Pod);
            let changes = world.since(WorldKind::Pod, oldest, usize::MAX);
            changes.unwrap_or_else(|_| panic!("the oldest is known"))
        } else {
            Vec::new()
        };
        let before = before.iter().map(|change| &change.object);
        let before = before.filter(|pod| &*pod.meta().key.namespace == "shop");
        for pod in before.chain(shop(WorldKind::Pod)) {
            let ends = pod.try_as_pod_ref().into_iter();
            let ends = ends.flat_map(|pod| [pod.ended, pod.ended_before]);
            let bad = ends.flatten().filter(|end| end.code != 0);
            let bad: Vec<i64> = bad.map(|end| end.finished).collect();
            if !bad.is_empty() {
                self.crashes
                    .entry(deployment_of(pod))
                    .or_default()
                    .extend(bad);
            }
        }
    }
}

/// Looks all the time until it is stopped.
fn watch(cluster: Cluster) -> Arc<Mutex<World>> {
    let world = Arc::new(Mutex::new(World::default()));
    let seen = Arc::downgrade(&world);
    tokio::spawn(async move {
        while let Some(seen) = seen.upgrade() {
            let look = cluster.ask(move |state| seen.lock().unwrap().look(state));
            if look.await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    world
}

/// Somebody heals an outage and tells of it afterwards.
struct Outage {
    rig: Rig,
    server: Server,
    world: Arc<Mutex<World>>,
    state: tempfile::TempDir,
    /// The world's clock less the console's.
    ahead: TimeDelta,
}

impl Outage {
    async fn begin(scenario: Scenario) -> Outage {
        let options = Options {
            scenario,
            speed: SPEED,
            ..Options::default()
        };
        let server = emulator::serve(&options).await.unwrap();
        let cluster = server.service.cluster().clone();
        let state = tempfile::tempdir().unwrap();
        let kubeconfig = state.path().join("kubeconfig");
        std::fs::write(&kubeconfig, server.kubeconfig()).unwrap();
        let alertmanager = Place::parse("monitoring/alertmanager:9093").unwrap();
        let mut rig = Rig::on_clock(
            Clock::fast(SPEED),
            &kubeconfig,
            "shop",
            Settings::default(),
            every(Alertmanager::at(alertmanager)),
            state.path(),
        )
        .await;
        let ahead = cluster.date().unwrap() - rig.runtime.clock.now().wall;
        let world = watch(cluster);
        rig.until("all is there", |rig| {
            rig.is_live()
                && rig.model.observed.rollouts.begun.len() == 3
                && rig.model.alerts.firing() > Some(0)
        })
        .await;
        Outage {
            rig,
            server,
            world,
            state,
            ahead,
        }
    }

    fn type_text(&mut self, text: &str) {
        for character in text.chars() {
            let key = match character {
                ' ' => "space".to_owned(),
                other => other.to_string(),
            };
            let key = key.parse().unwrap();
            self.rig.take(Msg::Input(Input::Key { key, alone: true }));
        }
    }

    /// The sickest rollout has the cursor.
    async fn choose(&mut self, name: &str) {
        self.rig
            .until("it is the first one", |rig| {
                let screen = rig.screen();
                let mut lines = screen
                    .lines()
                    .skip_while(|line| !line.contains("4 Rollouts"));
                lines.nth(1).is_some_and(|line| line.contains(name))
            })
            .await;
        self.rig.type_keys("4 g");
    }

    async fn confirm(&mut self) {
        self.rig
            .until("the question", |rig| rig.model.screen.dialog().is_some())
            .await;
        self.rig.say_yes().await;
        self.rig
            .until("applied", |rig| rig.intents("applied") == (1, 1))
            .await;
    }

    /// Until the verdict is there and no alert of the world fires any more; then the incident, and its export.
    async fn tell(mut self, verdict: &str) -> Told {
        let world = self.world.clone();
        self.rig
            .until_within(HEALED, "all is over", |rig| {
                let is_over = |world: &World| world.alerts.values().all(|(_, end)| end.is_some());
                rig.model.alerts.firing() == Some(0)
                    && is_over(&world.lock().unwrap())
                    && rig.tells(Kind::ActionVerdict, verdict)
            })
            .await;
        // What is missing in one answer may come back in the next.
        let alerts = self.world.lock().unwrap().alerts.len();
        self.rig
            .until_within(HEALED, "their ends are told", |rig| {
                rig.titles(Kind::AlertResolved).len() >= alerts
                    && rig.model.observed.cases.is_empty()
            })
            .await;
        self.rig.type_keys("i");
        self.type_text("P1 the shop was down");
        self.rig.type_keys("enter");
        self.rig
            .until("opened", |rig| {
                rig.tells(Kind::PhaseChange, "the shop was down")
            })
            .await;
        let incident = self.rig.model.timeline.incident.as_ref().unwrap().id;
        self.rig.type_keys("I");
        self.type_text("healed");
        self.rig.type_keys("enter");
        self.rig
            .until("closed", |rig| rig.model.timeline.incident.is_none())
            .await;
        let now = self.rig.runtime.clock.now().wall;
        self.rig.close();
        let dir = StateDir::at(self.state.path().join("state"));
        let part = Part {
            incident: Some(incident.to_string()),
            ..Part::default()
        };
        let export = |format| command::export(&dir, &part, format, now).unwrap().text;
        let json: serde_json::Value = serde_json::from_str(&export(Format::Json)).unwrap();
        let cluster = self.server.service.cluster();
        let writes = cluster.ask(|state| {
            let seen = state.faults.seen().into_iter();
            let is_write = |path: &str| path.contains("/deployments/") && !path.contains("dryRun");
            seen.filter(|seen| seen.method != http::Method::GET && is_write(&seen.path))
                .count()
        });
        let writes = writes
            .await
            .unwrap_or_else(|_| panic!("the cluster is gone"));
        let world = std::mem::take(&mut *self.world.lock().unwrap());
        Told {
            entries: serde_json::from_value(json["entries"].clone()).unwrap(),
            markdown: export(Format::Markdown),
            world,
            writes,
            ahead: self.ahead,
        }
    }
}

/// The record, and what the world did.
struct Told {
    entries: Vec<Entry>,
    markdown: String,
    world: World,
    writes: usize,
    ahead: TimeDelta,
}

impl Told {
    fn of(&self, kind: Kind) -> Vec<&Draft> {
        let drafts = self.entries.iter().map(|entry| &entry.draft);
        drafts.filter(|draft| draft.kind == kind).collect()
    }

    /// A moment of the world by the console's clock.
    fn at(&self, world_ms: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(world_ms).unwrap() - self.ahead
    }

    fn assert_near(&self, told: &Draft, world_ms: i64, blur: TimeDelta) {
        let at = self.at(world_ms);
        let is_near = (told.occurred_at - at).abs() <= blur;
        assert!(is_near, "{at}: {:?}\n{}", told.title, self.markdown);
    }

    /// Each line of these kinds is what the world did, and all that it did is a line.
    fn assert_true(&self, sick: &[&str]) {
        let mut alerts: Vec<_> = self.world.alerts.iter().collect();
        alerts.sort_by_key(|((_, fired), (name, _))| (*fired, name.clone()));
        let mut fired = self.of(Kind::AlertFired);
        fired.sort_by_key(|draft| {
            let name = draft.target.as_ref().unwrap().name.clone().unwrap();
            (draft.occurred_at, name.raw().to_owned())
        });
        assert_eq!(fired.len(), alerts.len(), "{alerts:#?}\n{}", self.markdown);
        for (told, ((_, fired), (name, _))) in fired.iter().zip(&alerts) {
            assert!(
                told.title.raw().starts_with(&**name),
                "{name} {:?}",
                told.title
            );
            self.assert_near(told, *fired, AGREED);
        }
        let mut ends: Vec<_> = alerts
            .iter()
            .map(|(_, (name, end))| (end.unwrap(), name))
            .collect();
        ends.sort();
        let mut resolved = self.of(Kind::AlertResolved);
        assert_eq!(resolved.len(), ends.len(), "{}", self.markdown);
        for (end, name) in ends {
            let found = resolved.iter().position(|told| {
                let at = self.at(end);
                let late = told.occurred_at - at;
                told.title.raw().starts_with(&**name) && late >= -AGREED && late <= POLLED
            });
            let found = found.unwrap_or_else(|| panic!("{name} {end}\n{}", self.markdown));
            resolved.remove(found);
        }
        let mut rollouts = self.of(Kind::Rollout);
        rollouts.retain(|draft| draft.refers_to.is_none());
        let hour = self.entries[self.entries.len() - 1].draft.occurred_at - TimeDelta::hours(2);
        let made = self
            .world
            .rollouts
            .iter()
            .filter(|(_, at)| self.at(**at) >= hour);
        let mut made: Vec<_> = made.collect();
        made.sort_by_key(|(_, at)| **at);
        assert_eq!(rollouts.len(), made.len(), "{made:?}\n{}", self.markdown);
        for (told, ((name, revision), at)) in rollouts.iter().zip(made) {
            let number = told.change.as_ref().unwrap().revision_to;
            let target = told.target.as_ref().unwrap().name.as_ref().unwrap();
            assert_eq!((target.raw(), number), (&**name, Some(*revision)));
            self.assert_near(told, *at, AGREED);
        }
        let intents = self.of(Kind::ActionIntent);
        let results = self.of(Kind::ActionResult);
        let is_applied = |draft: &&&Draft| draft.outcome() == Some(Outcome::Applied);
        assert_eq!(results.iter().filter(is_applied).count(), self.writes);
        assert_eq!(intents.len(), self.writes, "{}", self.markdown);
        let mut told: BTreeSet<&str> = BTreeSet::new();
        for draft in self.of(Kind::PodTransition) {
            let Some(target) = &draft.target else {
                continue;
            };
            let name = target.name.as_ref().unwrap().raw();
            told.insert(name);
            let title = draft.title.raw();
            if !title.contains(" crash: ") {
                continue;
            }
            let first = *self.world.crashes[name].first().unwrap();
            if title.contains(": first crash: ") {
                self.assert_near(draft, first, AGREED);
            }
            assert!(draft.occurred_at >= self.at(first) - AGREED, "{title}");
        }
        assert_eq!(
            told.into_iter().collect::<Vec<_>>(),
            sick,
            "{}",
            self.markdown
        );
        let crashed: Vec<&str> = self.world.crashes.keys().map(String::as_str).collect();
        assert!(
            crashed.iter().all(|name| sick.contains(name)),
            "{crashed:?}"
        );
        let verdicts = self.of(Kind::ActionVerdict);
        assert!(!verdicts.is_empty() && !verdicts[verdicts.len() - 1].is_interim());
        assert!(
            !self.markdown.contains("not seen to end"),
            "{}",
            self.markdown
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bad_deploy_is_told_as_the_world_did_it() {
    let mut outage = Box::pin(Outage::begin(Scenario::BadDeploy)).await;
    outage.choose("checkout").await;
    outage.rig.type_keys("x b");
    outage
        .rig
        .until("revisions", |rig| {
            rig.screen().contains("Roll back checkout in shop?")
        })
        .await;
    outage.rig.type_keys("enter");
    outage.confirm().await;
    Box::pin(outage.tell("healed"))
        .await
        .assert_true(&["checkout"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lack_of_memory_is_told_as_the_world_did_it() {
    let mut outage = Box::pin(Outage::begin(Scenario::OutOfMemory)).await;
    outage.rig.type_keys("2 g x s");
    outage
        .rig
        .until("replicas", |rig| rig.screen().contains("replicas   3"))
        .await;
    outage.rig.type_keys("backspace 5 enter");
    outage.confirm().await;
    Box::pin(outage.tell("healed"))
        .await
        .assert_true(&["catalog"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lost_connections_are_told_as_the_world_did_it() {
    let mut outage = Box::pin(Outage::begin(Scenario::ConnectionPool)).await;
    outage.rig.type_keys("2 /");
    outage.type_text("inventory");
    outage.rig.type_keys("enter g x r");
    outage.confirm().await;
    Box::pin(outage.tell("stable")).await.assert_true(&[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stuck_rollout_is_told_as_the_world_did_it() {
    let mut outage = Box::pin(Outage::begin(Scenario::StuckRollout)).await;
    outage.choose("frontend").await;
    outage.rig.type_keys("x b");
    outage.confirm().await;
    Box::pin(outage.tell("healed"))
        .await
        .assert_true(&["frontend"]);
}
