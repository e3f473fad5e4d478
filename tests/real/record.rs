//! The exported record beside the truth: what the server's audit log and the cluster's objects say. Nothing false, nothing of
//! another incident, nothing missing.

mod documents;
mod node;
mod own;

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use components::control_plane::ControlPlane;
use components::rig::Rig;
use kubernetes::alertmanager::Alertmanagers;
use model::entry::IncidentId;
use model::kind::Kind;
use model::message::{Input, Msg};
use model::pods::PodRow;
use model::settings::Settings;
use model::workload::WorkloadRow;
use serde_json::{Value, json};

use documents::{Asked, BLUR, Documents, SECOND, Told, asked};

/// Between what was done to the server and what an entry says of it.
const AGREED: TimeDelta = TimeDelta::seconds(3);

/// Longer than a workload must be well before that is said.
const OUTAGE: Duration = Duration::from_secs(60);

const GOOD: &str = "registry.example/checkout:1.0.0";
const BAD: &str = "registry.example/fate:crash";

/// A console on a namespace of its own, whose record is read when it is gone.
struct Shift {
    rig: Rig,
    state: tempfile::TempDir,
}

impl Shift {
    /// Begins where everything is watched.
    async fn begin(plane: &ControlPlane, namespace: &str) -> Shift {
        let state = tempfile::tempdir().unwrap();
        let mut rig = Rig::recording(
            &plane.kubeconfig("admin"),
            namespace,
            Settings::default(),
            Alertmanagers::default(),
            state.path(),
        )
        .await;
        rig.until("all is watched", |rig| {
            rig.is_live() && rig.model.observed.rollouts.begun.len() == 3
        })
        .await;
        Shift { rig, state }
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

    /// Opens an incident; it is on disk.
    async fn open(&mut self, title: &str) -> IncidentId {
        self.rig.type_keys("i");
        self.type_text(&format!("P1 {title}"));
        self.rig.type_keys("enter");
        self.rig
            .until("the incident is open", |rig| {
                rig.tells(Kind::PhaseChange, title)
            })
            .await;
        self.rig.model.timeline.incident.as_ref().unwrap().id
    }

    async fn close(&mut self, words: &str) {
        self.rig.type_keys("I");
        self.type_text(words);
        self.rig.type_keys("enter");
        if !self.rig.model.screen.overlays.is_empty() {
            self.rig.type_keys("y"); // a write is still followed, or an alert fires
        }
        self.rig
            .until("the incident is closed", |rig| {
                rig.model.timeline.incident.is_none()
            })
            .await;
    }

    /// So many ready pods, and no other.
    async fn until_ready(&mut self, pods: usize) {
        self.rig
            .until("the pods are ready", |rig| {
                let table = &rig.model.cluster.pods.table;
                let is_ready = |pod: &PodRow| pod.ready.as_ref().is_some_and(|ready| ready.is_true);
                let mut rows = rig.model.cluster.deployments.table.rows();
                table.len() == pods && table.rows().all(is_ready) && rows.all(WorkloadRow::is_done)
            })
            .await;
    }

    async fn until_told(&mut self, kind: Kind, words: &str) {
        self.rig
            .until(words, |rig| {
                rig.titles(kind).iter().any(|title| title.contains(words))
            })
            .await;
    }

    /// Ends the console; what is read from here on is its record on the disk.
    fn end(self) -> Documents {
        self.rig.close();
        Documents::of(self.state)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_incidents_in_one_shift_and_somebody_else_who_scales() {
    let Some(plane) = crate::plane::shared() else {
        return;
    };
    let name = "record-shift";
    let kubectl = |arguments: &[&str]| plane.kubectl(&[&["-n", name], arguments].concat());
    plane.kubectl(&["create", "namespace", name]);
    plane.deploy(name, "checkout", 3);
    kubectl(&["rollout", "status", "deployment/checkout", "--timeout=60s"]);
    let mut shift = Box::pin(Shift::begin(plane, name)).await;
    shift.until_ready(3).await;

    let first = shift.open("checkout crashes").await;
    kubectl(&["set", "image", "deployment/checkout", &format!("*={BAD}")]);
    shift.until_told(Kind::PodTransition, "crashing").await;
    kubectl(&["rollout", "undo", "deployment/checkout"]);
    shift.until_ready(3).await;
    shift
        .until_told(Kind::Rollout, "rolled back to r1, 1.0.0")
        .await;
    // Whether the pods stay well is not known yet.
    shift.close("rolled back").await;
    let second = shift.open("checkout has no pods").await;
    kubectl(&["scale", "deployment/checkout", "--replicas=0"]);
    shift.until_told(Kind::Scale, "3 -> 0").await;
    shift.until_ready(0).await;
    kubectl(&["scale", "deployment/checkout", "--replicas=3"]);
    shift.until_told(Kind::Scale, "0 -> 3").await;
    shift.until_ready(3).await;
    shift
        .until_told(Kind::PodTransition, "no longer crashing")
        .await;
    shift.close("scaled back").await;

    let documents = shift.end();
    let [first, second] = [first, second].map(|incident| documents.read(incident));
    first.assert_own();
    second.assert_own();
    let of_first = first.entries.iter().map(|entry| entry.word("id"));
    let of_first: BTreeSet<&str> = of_first.collect();
    for entry in &second.entries {
        let is_of_first = |id: &str| of_first.contains(entry.word(id));
        assert!(
            !is_of_first("id") && !is_of_first("refers_to"),
            "of the first: {}",
            entry.word("title")
        );
    }

    // The first one created it, before anybody watched.
    let all = asked(&plane.writes_of("kubectl", name)).split_off(1);
    let changes: Vec<[&str; 2]> = all.iter().map(Asked::words).collect();
    assert_eq!(changes, [[GOOD, BAD], [BAD, GOOD], ["3", "0"], ["0", "3"]]);
    let closed = first.milestone("closed");
    let (before, after) = all.split_at(all.partition_point(|one| one.at < closed));
    assert_eq!((before.len(), after.len()), (2, 2));
    first.assert_tells(before);
    second.assert_tells(after);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_on_a_stateful_set_is_told_in_the_servers_words() {
    let Some(plane) = crate::plane::shared() else {
        return;
    };
    let name = "record-quota";
    let kubectl = |arguments: &[&str]| plane.kubectl(&[&["-n", name], arguments].concat());
    plane.kubectl(&["create", "namespace", name]);
    kubectl(&["create", "quota", "small", "--hard=pods=2"]);
    plane.kubectl_until(&[
        "-n",
        name,
        "wait",
        "quota/small",
        "--for=jsonpath={.status.hard.pods}=2",
        "--timeout=5s",
    ]);
    let mut shift = Box::pin(Shift::begin(plane, name)).await;
    let incident = shift.open("db is too small").await;
    let labels = json!({"app": "db"});
    let container = json!({"name": "app", "image": GOOD});
    crate::cases::create(
        plane,
        &json!({
            "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db", "namespace": name},
            "spec": {"replicas": 3, "serviceName": "db", "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}}},
        }),
    );
    shift.until_told(Kind::PodTransition, "db: failing").await;
    shift.close("asked for more").await;

    let told = shift.end().read(incident);
    told.assert_own();
    let mut requests = plane.writes_of("kubectl", name);
    requests.retain(|request| request.uri.contains("/statefulsets"));
    told.assert_tells(&asked(&requests));
    let events = kubectl(&[
        "get",
        "events",
        "--field-selector=reason=FailedCreate,type=Warning",
        "-o",
        "json",
    ]);
    let events: Value = serde_json::from_str(&events).unwrap();
    let is_known = |object: &Value| object["kind"] == "StatefulSet" && object["name"] == "db";
    let mut events = events["items"].as_array().unwrap().iter();
    let event = events
        .find(|event| is_known(&event["involvedObject"]))
        .unwrap();
    let (_, words) = event["message"]
        .as_str()
        .unwrap()
        .split_once(" is forbidden: ")
        .unwrap();
    let refused: Vec<&Told> = told
        .entries
        .iter()
        .filter(|entry| entry.word("kind") == "pod.transition")
        .collect();
    let titles: Vec<&str> = refused.iter().map(|entry| entry.word("title")).collect();
    assert_eq!(
        titles,
        [format!("db: failing, no new pod: {words}")],
        "{event}"
    );
    assert!(told.markdown.contains(words), "{}", told.markdown);
    let began: DateTime<Utc> = event["firstTimestamp"].as_str().unwrap().parse().unwrap();
    assert!((refused[0].at() - began).abs() <= BLUR, "{began} {told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_api_server_is_away_nothing_is_concluded() {
    let Some(plane) = crate::plane::alone().await else {
        return;
    };
    let name = "record-away";
    let kubectl = |arguments: &[&str]| plane.kubectl(&[&["-n", name], arguments].concat());
    plane.kubectl(&["create", "namespace", name]);
    plane.deploy(name, "checkout", 3);
    kubectl(&["rollout", "status", "deployment/checkout", "--timeout=60s"]);
    let mut shift = Box::pin(Shift::begin(&plane, name)).await;
    let incident = shift.open("the server goes").await;
    kubectl(&["set", "image", "deployment/checkout", &format!("*={BAD}")]);
    shift.until_told(Kind::PodTransition, "crashing").await;
    kubectl(&["rollout", "undo", "deployment/checkout"]);
    shift.until_ready(3).await;

    let ordered = Utc::now();
    plane.part("stop", &["apiserver"]);
    let stopped = Utc::now();
    let away = tokio::time::Instant::now() + OUTAGE;
    let is_over = |_: &Rig| tokio::time::Instant::now() >= away;
    shift
        .rig
        .until_within(OUTAGE * 2, "it was away for long enough", is_over)
        .await;
    let started = Utc::now();
    plane.part("start", &["apiserver"]);
    let ready = Utc::now();
    shift.until_told(Kind::Event, "nothing known").await;
    shift
        .until_told(Kind::PodTransition, "no longer crashing")
        .await;
    shift.close("the server is back").await;

    let told = shift.end().read(incident);
    told.assert_own();
    // The first one created it, before anybody watched.
    told.assert_tells(&asked(&plane.writes_of("kubectl", name)).split_off(1));
    let mut spans = told
        .entries
        .iter()
        .filter(|entry| entry.word("source") == "silence");
    let span = spans.next().unwrap();
    assert!(spans.next().is_none(), "{told}");
    let until: DateTime<Utc> = span.word("ended_at").parse().unwrap();
    assert!(
        ordered - AGREED <= span.at() && span.at() <= stopped + AGREED,
        "{ordered} {stopped} {told}"
    );
    let mut answers = plane.audit("watchfloor");
    answers.retain(|line| {
        line.received > started
            && line.code == 200
            && line.uri.contains(&format!("/namespaces/{name}/pods?"))
    });
    let answered = answers.iter().map(|line| line.received).min().unwrap();
    // Until it is ready this test waits for it, and the console takes nothing.
    let answered = answered.max(ready);
    assert!((until - answered).abs() <= AGREED, "{answered} {until}");
    for entry in &told.entries {
        let recorded: DateTime<Utc> = entry.word("recorded_at").parse().unwrap();
        // What was heard last is on disk a moment later.
        let is_blind = [(entry.at(), span.at()), (recorded, span.at() + SECOND)]
            .into_iter()
            .any(|(at, since)| since < at && at < until);
        let is_conclusion = ["pod.transition", "change.rollout"].contains(&entry.word("kind"));
        assert!(
            !is_conclusion || !is_blind,
            "{}\n{told}",
            entry.word("title")
        );
    }
}
