//! Rollbacks out of a stuck rollout, each on the emulated cluster and on the real control plane: what the keyboard does is
//! what `kubectl rollout undo` does, the StatefulSet's broken pods are replaced, and the real server's audit log has exactly
//! one write for each intent.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use components::control_plane::{self, ControlPlane, eventually};
use components::rig::Rig;
use emulator::service::users::User;
use emulator::{self, Options, Scenario, Server};
use model::kind::Kind;
use model::pods::PodRow;
use model::screen::Overlay;
use model::settings::Settings;
use model::write::dialog::Proposal;
use model::write::preflight::{Check, Weight};
use serde_json::{Value, json};
use tempfile::TempDir;

const GOOD: &str = "registry.example/web:1.0.0";
/// The next release, as good.
const NEXT: &str = "registry.example/web:1.1.0";
const BAD: &str = "registry.example/fate:crash";

/// A cluster, emulated or real.
struct Place {
    kubeconfig: PathBuf,
    folder: PathBuf,
    plane: Option<&'static ControlPlane>,
    _emulated: Option<(Server, TempDir)>,
}

impl Place {
    /// `None` where there is no kubectl to play the others with.
    async fn emulated() -> Option<Place> {
        let kubectl = control_plane::assets().join("kubectl");
        if !kubectl.is_file() {
            eprintln!("skipped: no kubectl; get it with tests/control-plane/build (needs Go)");
            return None;
        }
        let options = Options {
            scenario: Scenario::Empty,
            ..Options::default()
        };
        let server = emulator::serve(&options).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let kubeconfig = folder.path().join("admin.kubeconfig");
        emulator::kubeconfig::write(&kubeconfig, &server.kubeconfig_of(User::Admin)).unwrap();
        Some(Place {
            kubeconfig,
            folder: folder.path().to_owned(),
            plane: None,
            _emulated: Some((server, folder)),
        })
    }

    fn real() -> Option<Place> {
        let plane = crate::plane::shared()?;
        Some(Place {
            kubeconfig: plane.kubeconfig("admin"),
            folder: plane.folder().to_owned(),
            plane: Some(plane),
            _emulated: None,
        })
    }

    fn kubectl(&self, arguments: &[&str]) -> String {
        let output = Command::new(control_plane::assets().join("kubectl"))
            .arg(format!("--kubeconfig={}", self.kubeconfig.display()))
            .args(arguments)
            .env("HOME", &self.folder)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "kubectl {arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }
}

/// A workload of three pods; of a DaemonSet one on each of the four nodes.
fn manifest(kind: &str, name: &str, more: &Value) -> Value {
    let labels = json!({"app": name});
    let mut spec = json!({
        "selector": {"matchLabels": labels},
        "template": {
            "metadata": {"labels": labels},
            "spec": {"containers": [{"name": "app", "image": GOOD, "env": [{"name": "MODE", "value": "live"}]}]},
        },
    });
    if kind != "DaemonSet" {
        spec["replicas"] = json!(3);
    }
    if kind == "StatefulSet" {
        spec["serviceName"] = json!(name);
    }
    for (key, value) in more.as_object().into_iter().flatten() {
        spec[key] = value.clone();
    }
    json!({
        "apiVersion": "apps/v1", "kind": kind,
        "metadata": {"name": name, "annotations": {"team": "shop"}}, "spec": spec,
    })
}

struct Bed<'a> {
    place: &'a Place,
    namespace: &'a str,
}

impl<'a> Bed<'a> {
    /// In a namespace of its own.
    fn new(place: &'a Place, namespace: &'a str) -> Bed<'a> {
        let bed = Bed { place, namespace };
        let object =
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}});
        bed.place.kubectl(&["create", "-f", &bed.written(&object)]);
        bed
    }

    fn kubectl(&self, arguments: &[&str]) -> String {
        let mut all = vec!["-n", self.namespace];
        all.extend(arguments);
        self.place.kubectl(&all)
    }

    /// A file with this object.
    fn written(&self, object: &Value) -> String {
        let file = self.place.folder.join(format!("{}.json", self.namespace));
        std::fs::write(&file, object.to_string()).unwrap();
        file.to_str().unwrap().to_owned()
    }

    fn apply(&self, manifest: &Value) {
        self.kubectl(&["create", "-f", &self.written(manifest)]);
    }

    /// The workload is there, and all its pods are ready.
    fn begin(&self, kind: &str, name: &str, more: &Value) {
        self.apply(&manifest(kind, name, more));
        let object = format!("{}/{name}", kind.to_lowercase());
        self.kubectl(&["rollout", "status", &object, "--timeout=60s"]);
    }

    /// A bad image, and a pod that crashes because of it.
    fn break_it(&self, object: &str) {
        let image = format!("*={BAD}");
        self.kubectl(&["set", "image", object, &image]);
        eventually("a pod crashes", || {
            let path = "jsonpath={.items[*].status.containerStatuses[*].state.waiting.reason}";
            self.kubectl(&["get", "pods", "-o", path])
                .contains("CrashLoopBackOff")
        });
    }

    fn object(&self, object: &str) -> Value {
        serde_json::from_str(&self.kubectl(&["get", object, "-o", "json"])).unwrap()
    }

    fn images(&self, path: &str) -> String {
        self.kubectl(&["get", "pods", "-o", &format!("jsonpath={path}")])
    }

    /// So many pods, all with the good image.
    fn assert_good(&self, pods: usize) {
        eventually("all pods have the good image", || {
            let images = self.images("{.items[*].spec.containers[*].image}");
            images == vec![GOOD; pods].join(" ")
        });
    }

    async fn rig(&self) -> Rig {
        let mut rig = Rig::new(&self.place.kubeconfig, self.namespace, Settings::default()).await;
        rig.until("all is live", Rig::is_live).await;
        rig
    }

    /// Each write has exactly one intent, each intent with result "applied" exactly one write.
    fn assert_audited(&self, rig: &Rig, expected: usize) {
        if let Some(plane) = &self.place.plane {
            let writes = || plane.writes(self.namespace);
            eventually("the audit log is written", || writes() >= expected);
            assert_eq!(writes(), expected);
        }
        assert_eq!(rig.intents("applied"), (expected, expected));
    }
}

/// What is left of an object when all that differs between two of a kind, or from one moment to the next, is taken out.
fn essence(mut object: Value) -> Value {
    object.as_object_mut().unwrap().remove("status");
    let metadata = object["metadata"].as_object_mut().unwrap();
    for field in [
        "resourceVersion",
        "generation",
        "managedFields",
        "creationTimestamp",
        "uid",
        "namespace",
    ] {
        metadata.remove(field);
    }
    if let Some(annotations) = metadata["annotations"].as_object_mut() {
        annotations.remove("kubernetes.io/change-cause");
    }
    object
}

fn asks_to_replace(rig: &Rig) -> Option<String> {
    match rig.model.screen.overlays.last() {
        Some(Overlay::Dialog(dialog)) => match &dialog.proposal {
            Proposal::Replace { pod, .. } => Some(pod.raw().to_owned()),
            _ => None,
        },
        _ => None,
    }
}

fn dry_run_is_good(rig: &Rig) -> bool {
    match rig.model.screen.overlays.last() {
        Some(Overlay::Dialog(dialog)) => dialog.change(rig.model.now).is_some_and(|change| {
            let line = dialog.checks.line(Check::DryRun, &change, rig.model.now);
            line.0 == Weight::Good
        }),
        _ => false,
    }
}

/// Selects the first pod, asks for a rollback, takes what is preselected, and confirms.
async fn roll_back(rig: &mut Rig) {
    rig.type_keys("2 g x b");
    rig.until("the revisions are read", |rig| {
        matches!(rig.model.screen.overlays.last(), Some(Overlay::Dialog(_)))
    })
    .await;
    rig.type_keys("enter");
    rig.say_yes().await;
}

/// The same change by `kubectl rollout undo` on a twin in a namespace of its own leaves the same object.
fn assert_as_kubectl(bed: &Bed<'_>, kind: &str, more: &Value) {
    let object = format!("{}/web", kind.to_lowercase());
    let twin_namespace = format!("{}-twin", bed.namespace);
    let twin = Bed::new(bed.place, &twin_namespace);
    twin.begin(kind, "web", more);
    twin.break_it(&object);
    twin.kubectl(&["rollout", "undo", &object]);
    let settled = |bed: &Bed<'_>| essence(bed.object(&object));
    eventually("the controller has taken it up", || {
        twin.object(&object)["status"]["observedGeneration"] == 3
    });
    assert_eq!(settled(&twin), settled(bed));
}

async fn a_stuck_deployment_is_rolled_back_as_kubectl_does_and_the_rollback_undone(bed: &Bed<'_>) {
    bed.begin("Deployment", "web", &json!({}));
    bed.break_it("deployment/web");
    let mut rig = bed.rig().await;
    roll_back(&mut rig).await;
    rig.until_told(
        Kind::ActionResult,
        "roll back web r2 -> r1 in deployment: applied",
    )
    .await;
    rig.until_told(Kind::ActionVerdict, "done after").await;
    bed.assert_good(3);
    assert_as_kubectl(bed, "Deployment", &json!({}));
    rig.type_keys("x z");
    rig.say_yes().await;
    rig.until_told(Kind::ActionUndone, "undone").await;
    rig.until_told(Kind::ActionVerdict, "failing: web-").await;
    assert_eq!(
        bed.object("deployment/web")["spec"]["template"]["spec"]["containers"][0]["image"],
        BAD
    );
    bed.assert_audited(&rig, 2);
}

async fn a_stuck_statefulset_is_healed_by_a_rollback_and_the_deletion_of_its_broken_pod(
    bed: &Bed<'_>,
) {
    bed.begin("StatefulSet", "web", &json!({}));
    bed.break_it("statefulset/web");
    let mut rig = bed.rig().await;
    roll_back(&mut rig).await;
    rig.until_told(
        Kind::ActionResult,
        "roll back web r2 -> r1 in stateful: applied",
    )
    .await;
    rig.until("the broken pod is asked about", |rig| {
        asks_to_replace(rig).as_deref() == Some("web-2")
    })
    .await;
    let uid = || bed.object("pod/web-2")["metadata"]["uid"].clone();
    let broken = uid();
    rig.until("the dry run has answered", dry_run_is_good).await;
    assert_eq!(uid(), broken, "a dry run deletes nothing");
    rig.say_yes().await;
    rig.until_told(
        Kind::ActionResult,
        "delete pod web-2 of web in stateful: applied",
    )
    .await;
    rig.until_told(Kind::ActionVerdict, "web-2 is back and ready")
        .await;
    rig.until_told(Kind::ActionVerdict, "done after").await;
    bed.assert_good(3);
    assert_as_kubectl(bed, "StatefulSet", &json!({}));
    bed.assert_audited(&rig, 2);
}

async fn a_stuck_daemonset_is_rolled_back_as_kubectl_does(bed: &Bed<'_>) {
    bed.begin("DaemonSet", "web", &json!({}));
    bed.break_it("daemonset/web");
    let mut rig = bed.rig().await;
    roll_back(&mut rig).await;
    rig.until_told(
        Kind::ActionResult,
        "roll back web r2 -> r1 in daemon: applied",
    )
    .await;
    rig.until_told(Kind::ActionVerdict, "done after").await;
    bed.assert_good(4);
    assert_as_kubectl(bed, "DaemonSet", &json!({}));
    rig.until("only good pods are there", |rig| {
        let pods = &rig.model.cluster.pods.table;
        let is_ready = |pod: &PodRow| pod.ready.as_ref().is_some_and(|ready| ready.is_true);
        !rig.model.screen.is_holding(rig.model.now)
            && pods.len() == 4
            && pods
                .rows()
                .all(|pod| is_ready(pod) && pod.deleted.is_none())
    })
    .await;
    rig.type_keys("2 g x s");
    assert!(
        rig.model
            .screen
            .status
            .as_ref()
            .unwrap()
            .text
            .contains("one pod on each node that fits")
    );
    rig.type_keys("x r");
    rig.say_yes().await;
    rig.until_told(Kind::ActionResult, "restart web in daemon: applied")
        .await;
    bed.assert_audited(&rig, 2);
}

async fn a_statefulset_is_scaled_and_restarted(bed: &Bed<'_>) {
    bed.begin("StatefulSet", "web", &json!({}));
    let mut rig = bed.rig().await;
    rig.type_keys("2 g x s 4 enter");
    rig.say_yes().await;
    rig.until_told(
        Kind::ActionVerdict,
        "scale web 3 -> 4 in stateful-other: done after",
    )
    .await;
    rig.type_keys("x r");
    rig.say_yes().await;
    rig.until_told(
        Kind::ActionVerdict,
        "restart web in stateful-other: done after",
    )
    .await;
    bed.assert_audited(&rig, 2);
}

async fn on_delete_says_that_nothing_happens_until_pods_are_deleted(bed: &Bed<'_>) {
    let more = json!({"updateStrategy": {"type": "OnDelete"}});
    bed.apply(&manifest("StatefulSet", "web", &more));
    eventually("three are ready", || {
        bed.object("statefulset/web")["status"]["readyReplicas"] == 3
    });
    bed.kubectl(&["set", "image", "statefulset/web", &format!("*={BAD}")]);
    bed.kubectl(&["delete", "pod", "web-1"]);
    eventually("web-1 crashes", || {
        bed.images("{.items[*].status.containerStatuses[*].state.waiting.reason}")
            .contains("CrashLoopBackOff")
    });
    let mut rig = bed.rig().await;
    roll_back(&mut rig).await;
    rig.until_told(
        Kind::ActionVerdict,
        "nothing happens until pods are deleted",
    )
    .await;
    rig.type_keys("2 g x p");
    assert_eq!(asks_to_replace(&rig).as_deref(), Some("web-1"));
    rig.say_yes().await;
    rig.until_told(Kind::ActionVerdict, "web-1 is back and ready")
        .await;
    bed.assert_audited(&rig, 2);
}

async fn a_rollback_that_kubectl_was_faster_with_is_not_applied(bed: &Bed<'_>) {
    bed.begin("Deployment", "web", &json!({}));
    bed.break_it("deployment/web");
    let mut rig = bed.rig().await;
    rig.type_keys("2 g x b");
    rig.until("the revisions are read", |rig| {
        matches!(rig.model.screen.overlays.last(), Some(Overlay::Dialog(_)))
    })
    .await;
    rig.type_keys("enter");
    bed.kubectl(&["rollout", "undo", "deployment/web"]);
    rig.say_yes().await;
    rig.until_told(Kind::ActionResult, "somebody else has put it back already")
        .await;
    assert_eq!(rig.intents("not-applied"), (1, 1));
    if let Some(plane) = &bed.place.plane {
        assert_eq!(plane.writes(bed.namespace), 0);
    }
}

async fn below_the_partition_nothing_changes_and_nothing_is_deleted(bed: &Bed<'_>) {
    let more =
        json!({"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}});
    bed.begin("StatefulSet", "web", &more);
    let uids = || bed.images("{.items[*].metadata.uid}");
    let before: Vec<String> = uids().split(' ').map(str::to_owned).collect();
    bed.break_it("statefulset/web");
    let mut rig = bed.rig().await;
    roll_back(&mut rig).await;
    rig.until("the broken pod is asked about", |rig| {
        asks_to_replace(rig).as_deref() == Some("web-2")
    })
    .await;
    rig.say_yes().await;
    rig.until_told(Kind::ActionVerdict, "web-2 is back and ready")
        .await;
    bed.assert_good(3);
    let after = uids();
    let is_kept = before.iter().filter(|uid| after.contains(*uid)).count();
    assert_eq!(is_kept, 2, "web-0 and web-1 stay: {before:?} {after}");
    bed.assert_audited(&rig, 2);
}

const QUOTA: &str =
    "no new pod: exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2";

/// The quota lets two pods be created.
async fn pods_that_a_quota_refuses_are_said_in_row_write_and_timeline(bed: &Bed<'_>) {
    bed.kubectl(&["create", "quota", "small", "--hard=pods=2"]);
    eventually("the quota is counted", || {
        bed.object("quota/small")["status"]["hard"]["pods"] == "2"
    });
    bed.apply(&manifest("StatefulSet", "web", &json!({})));
    eventually("two are ready", || {
        bed.object("statefulset/web")["status"]["readyReplicas"] == 2
    });
    bed.apply(&manifest("DaemonSet", "agent", &json!({})));
    let mut rig = bed.rig().await;
    for name in ["web", "agent"] {
        let words = format!("{name}: failing, {QUOTA}");
        until_entry(&mut rig, &words).await;
    }
    rig.type_keys("4 z");
    let screen = rig.screen();
    assert!(
        screen.contains(QUOTA) && screen.contains("2 sick / 2"),
        "{screen}"
    );
    assert!(
        screen.contains("FAILING: 2 updated, 2 available"),
        "{screen}"
    );
    rig.type_keys("z 2 g x s 4 enter");
    rig.say_yes().await;
    rig.until_told(
        Kind::ActionVerdict,
        &format!("scale web 3 -> 4 in refused: failing: {QUOTA}"),
    )
    .await;
    bed.kubectl(&["delete", "quota", "small"]);
    bed.kubectl(&["scale", "statefulset/web", "--replicas=3"]);
    until_entry(&mut rig, "web: pods are created again").await;
}

/// A webhook of the emulated cluster lets no pod of this image be created.
const DENIED: &str = "registry.example/fate:denied";

async fn pods_that_a_webhook_denies_are_said_of_all_three_kinds(bed: &Bed<'_>) {
    let mut rig = bed.rig().await;
    for (kind, name) in [
        ("Deployment", "api"),
        ("StatefulSet", "db"),
        ("DaemonSet", "agent"),
    ] {
        bed.begin(kind, name, &json!({}));
        let object = format!("{}/{name}", kind.to_lowercase());
        bed.kubectl(&["set", "image", &object, &format!("*={DENIED}")]);
        let why = "no new pod: admission webhook \"images.example\" denied the request";
        until_entry(&mut rig, &format!("{name}: failing, {why}")).await;
    }
    rig.type_keys("4 z");
    rig.until("all three fail", |rig| rig.screen().contains("3 sick / 3"))
        .await;
    bed.kubectl(&["rollout", "undo", "statefulset/db"]);
    until_entry(&mut rig, "db: pods are created again").await;
}

async fn what_kubectl_switched_off_is_told_with_its_field_manager(bed: &Bed<'_>) {
    bed.begin("Deployment", "web", &json!({}));
    let mut rig = bed.rig().await;
    bed.kubectl(&["scale", "deployment/web", "--replicas=2"]);
    until_entry(&mut rig, "scale web 3 -> 2 in outside, by kubectl").await;
    bed.kubectl(&["scale", "deployment/web", "--replicas=0"]);
    // Of a count of 0 the server keeps no field manager.
    let words = "scale web 2 -> 0 in outside, by whom is not known";
    until_entry(&mut rig, words).await;
    rig.type_keys("4 z");
    rig.until("the row says so", |rig| {
        rig.screen().contains("switched off")
    })
    .await;
    assert!(rig.titles(Kind::Rollout).is_empty());
}

/// Each is one entry with how it ended; a scale and another strategy are none.
async fn new_revisions_are_recorded_with_their_ends(bed: &Bed<'_>) {
    let all = [
        ("StatefulSet", "statefulset/db", "db", 3),
        ("DaemonSet", "daemonset/agent", "agent", 4),
    ];
    for (kind, _, name, _) in all {
        bed.begin(kind, name, &json!({}));
    }
    let mut rig = bed.rig().await;
    rig.until("what was there is filed", |rig| {
        rig.model.observed.rollouts.begun.len() == 3
    })
    .await;
    bed.kubectl(&["scale", "statefulset/db", "--replicas=4"]);
    bed.kubectl(&["scale", "statefulset/db", "--replicas=3"]);
    let strategy = r#"{"spec": {"minReadySeconds": 1}}"#;
    bed.kubectl(&["patch", "daemonset/agent", "-p", strategy]);
    for (_, object, name, pods) in all {
        let cause = "kubernetes.io/change-cause=release 1.1.0";
        bed.kubectl(&["annotate", object, cause]);
        bed.kubectl(&["set", "image", object, &format!("*={NEXT}")]);
        let rollout = format!("rollout r2 of {name}: ");
        until_entry(
            &mut rig,
            &format!("{rollout}1.0.0 -> 1.1.0 (release 1.1.0)"),
        )
        .await;
        until_entry(
            &mut rig,
            &format!("{rollout}done, {pods} of {pods} available"),
        )
        .await;
    }
    for (_, object, name, _) in all {
        bed.break_it(object);
        until_entry(&mut rig, &format!("rollout r3 of {name}: failing, {name}-")).await;
        bed.kubectl(&["rollout", "undo", object]);
        until_entry(&mut rig, &format!("rollout r3 of {name}: superseded, ")).await;
        until_entry(&mut rig, &format!("rollout r4 of {name}: back to 1.1.0")).await;
    }
    until_entry(&mut rig, "rollout r4 of agent: done, ").await;
    let mut titles = rig.titles(Kind::Rollout);
    assert!(
        titles.iter().all(|title| !title.contains("rollout r1 of")),
        "{titles:?}"
    );
    titles.sort();
    let all = titles.len();
    titles.dedup();
    assert_eq!(titles.len(), all, "{titles:?}");
}

/// An entry of what the console saw by itself.
async fn until_entry(rig: &mut Rig, words: &str) {
    rig.until(words, |rig| {
        let kinds = [Kind::PodTransition, Kind::Scale, Kind::Rollout];
        let titles = kinds.map(|kind| rig.titles(kind));
        let titles = titles.concat();
        titles.iter().any(|title| title.contains(words))
    })
    .await;
}

/// Each test on both.
macro_rules! on_both {
    ($($name:ident in $namespace:literal;)*) => {
        mod emulated {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(place) = super::Place::emulated().await {
                    super::$name(&super::Bed::new(&place, $namespace)).await;
                }
            })*
        }

        mod real {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(place) = super::Place::real() {
                    super::$name(&super::Bed::new(&place, $namespace)).await;
                }
            })*
        }
    };
}

on_both! {
    a_stuck_deployment_is_rolled_back_as_kubectl_does_and_the_rollback_undone in "deployment";
    a_stuck_statefulset_is_healed_by_a_rollback_and_the_deletion_of_its_broken_pod in "stateful";
    a_stuck_daemonset_is_rolled_back_as_kubectl_does in "daemon";
    a_statefulset_is_scaled_and_restarted in "stateful-other";
    on_delete_says_that_nothing_happens_until_pods_are_deleted in "on-delete";
    a_rollback_that_kubectl_was_faster_with_is_not_applied in "faster";
    below_the_partition_nothing_changes_and_nothing_is_deleted in "partition";
    new_revisions_are_recorded_with_their_ends in "recorded";
}

#[tokio::test(flavor = "multi_thread")]
async fn pods_that_a_webhook_of_the_emulated_cluster_denies() {
    if let Some(place) = Place::emulated().await {
        let bed = Bed::new(&place, "denied");
        Box::pin(pods_that_a_webhook_denies_are_said_of_all_three_kinds(&bed)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pods_that_a_quota_of_the_real_server_refuses() {
    if let Some(place) = Place::real() {
        let bed = Bed::new(&place, "refused");
        Box::pin(pods_that_a_quota_refuses_are_said_in_row_write_and_timeline(&bed)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_kubectl_switched_off_on_the_real_server() {
    if let Some(place) = Place::real() {
        let bed = Bed::new(&place, "outside");
        Box::pin(what_kubectl_switched_off_is_told_with_its_field_manager(
            &bed,
        ))
        .await;
    }
}
