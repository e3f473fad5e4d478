//! One table of cases for the Kubernetes API, run against the emulated cluster always and against the real control plane where
//! it is to be had: what holds on one must hold on the other.

mod network;
mod sets;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use components::control_plane::{self, ControlPlane};
use emulator::service::users::User;
use emulator::{self, Options, Scenario, Server};
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::{Event, Namespace, Node, Pod};
use serde_json::{Value, json};
use tokio::sync::MutexGuard;

/// Longest wait for anything to become true.
const PATIENCE: Duration = Duration::from_secs(60);

/// A cluster under test.
struct Cluster {
    folder: tempfile::TempDir,
    kubectl: PathBuf,
    /// Kubeconfigs by user.
    kubeconfig: Box<dyn Fn(&str) -> PathBuf>,
    /// Makes every container print a line, where they do not by themselves.
    print: Box<dyn Fn(&str)>,
    emulated: bool,
}

/// The control plane's own kubectl: the words of other versions differ.
fn kubectl() -> Option<PathBuf> {
    let kubectl = control_plane::assets().join("kubectl");
    if kubectl.is_file() {
        return Some(kubectl);
    }
    eprintln!(
        "skipped: no kubectl; get it with tests/control-plane/build (needs Go), or set KUBEBUILDER_ASSETS"
    );
    None
}

async fn emulated(scenario: Scenario) -> Option<(Cluster, Server)> {
    let kubectl = kubectl()?;
    let server = emulator::serve(&Options {
        scenario,
        ..Options::default()
    })
    .await
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    for &user in User::ALL {
        let path = folder.path().join(format!("{}.kubeconfig", user.name()));
        emulator::kubeconfig::write(&path, &server.kubeconfig_of(user)).unwrap();
    }
    let place = folder.path().to_owned();
    let kubeconfig = Box::new(move |user: &str| place.join(format!("{user}.kubeconfig")));
    Some((
        Cluster {
            folder,
            kubectl,
            kubeconfig,
            print: Box::new(|_| {}),
            emulated: true,
        },
        server,
    ))
}

async fn real() -> Option<(Cluster, MutexGuard<'static, ControlPlane>)> {
    let plane = crate::plane::alone().await?;
    let kubectl = kubectl()?;
    let log = plane.folder().join("container.log");
    let print = Box::new(move |text: &str| {
        let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Nanos, true);
        let mut log = std::fs::OpenOptions::new().append(true).open(&log).unwrap();
        writeln!(log, "{now} stdout F {text}").unwrap();
    });
    let place = plane.folder().to_owned();
    let kubeconfig = Box::new(move |user: &str| place.join(format!("{user}.kubeconfig")));
    Some((
        Cluster {
            folder: tempfile::tempdir().unwrap(),
            kubectl,
            kubeconfig,
            print,
            emulated: false,
        },
        plane,
    ))
}

impl Cluster {
    fn command(&self, user: &str, arguments: &str) -> Command {
        let mut command = Command::new(&self.kubectl);
        command.env("HOME", self.folder.path()).arg(format!(
            "--kubeconfig={}",
            (self.kubeconfig)(user).display()
        ));
        command
            .args(words(arguments))
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    fn run(&self, user: &str, arguments: &str) -> Output {
        self.command(user, arguments).output().unwrap()
    }

    /// kubectl's standard output once it succeeds and `is_true` of it.
    fn until(&self, arguments: &str, is_true: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let output = self.run("admin", arguments);
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            if output.status.success() && is_true(&text) {
                return text;
            }
            assert!(
                Instant::now() < end,
                "never came true of `{arguments}`: {text}{}",
                String::from_utf8_lossy(&output.stderr)
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Server and token of a user, for requests without kubectl.
    fn access(&self, user: &str) -> (String, String) {
        let config: Value =
            serde_json::from_slice(&std::fs::read((self.kubeconfig)(user)).unwrap()).unwrap();
        let text = |path: &str| config.pointer(path).unwrap().as_str().unwrap().to_owned();
        (
            text("/clusters/0/cluster/server"),
            text("/users/0/user/token"),
        )
    }
}

/// At spaces, but for those within single quotes.
fn words(text: &str) -> Vec<String> {
    let parts = text.split('\'').enumerate();
    let mut words = vec![String::new()];
    for (i, part) in parts {
        if i % 2 == 1 {
            words.last_mut().unwrap().push_str(part);
            continue;
        }
        for (j, word) in part.split(' ').enumerate() {
            if j > 0 {
                words.push(String::new());
            }
            words.last_mut().unwrap().push_str(word);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What kubectl answers: arguments, exit code, and what its output holds (runs of spaces count as one).
type Case<'a> = (&'a str, i32, &'a [&'a str]);

const CASES: &[Case<'static>] = &[
    ("create -f namespace.json", 0, &["namespace/api created"]),
    (
        "create -f namespace.json",
        1,
        &[
            "Error from server (AlreadyExists): error when creating \"namespace.json\": namespaces \"api\" already exists",
        ],
    ),
    (
        "-n api create -f web.json",
        0,
        &["deployment.apps/web created"],
    ),
    (
        "-n api create -f web.json",
        1,
        &[
            "Error from server (AlreadyExists): error when creating \"web.json\": deployments.apps \"web\" already exists",
        ],
    ),
    (
        "-n nowhere create -f web.json",
        1,
        &[
            "Error from server (NotFound): error when creating \"web.json\": namespaces \"nowhere\" not found",
        ],
    ),
    (
        "-n api apply -f web.json",
        0,
        &["deployment.apps/web configured"],
    ),
    (
        "-n api apply -f web.json",
        0,
        &["deployment.apps/web unchanged"],
    ),
    (
        "-n api rollout status deployment/web --timeout=60s",
        0,
        &["deployment \"web\" successfully rolled out"],
    ),
    (
        "-n api get deployment web",
        0,
        &["NAME READY UP-TO-DATE AVAILABLE AGE\nweb 3/3 3 3 "],
    ),
    (
        "-n api get deploy web -o wide",
        0,
        &[
            "CONTAINERS IMAGES SELECTOR",
            "web registry.example/web:1 app=web",
        ],
    ),
    (
        "-n api get rs",
        0,
        &["NAME DESIRED CURRENT READY AGE\nweb-", " 3 3 3 "],
    ),
    (
        "-n api get pods",
        0,
        &["NAME READY STATUS RESTARTS AGE\nweb-", " 1/1 Running 0 "],
    ),
    (
        "-n api get pods -o wide",
        0,
        &["IP NODE NOMINATED NODE READINESS GATES", "<none> <none>"],
    ),
    (
        "-n api get all",
        0,
        &[
            "pod/web-",
            "deployment.apps/web 3/3",
            "replicaset.apps/web-",
        ],
    ),
    (
        "-n api get pods -l app=web,pod-template-hash --field-selector status.phase=Running -o name",
        0,
        &["pod/web-"],
    ),
    (
        "-n api get pods -l app!=web",
        0,
        &["No resources found in api namespace."],
    ),
    (
        "-n api get pods --field-selector foo=bar",
        1,
        &[
            "Error from server (BadRequest): Unable to find \"/v1, Resource=pods\" that match label selector \"\", field selector \"foo=bar\": field label not supported: foo",
        ],
    ),
    ("-n api get pods --chunk-size=1 -o name", 0, &["pod/web-"]),
    (
        "-n api get deployment nope",
        1,
        &["Error from server (NotFound): deployments.apps \"nope\" not found"],
    ),
    (
        "-n api get pod nope",
        1,
        &["Error from server (NotFound): pods \"nope\" not found"],
    ),
    (
        "get nonsense",
        1,
        &["error: the server doesn't have a resource type \"nonsense\""],
    ),
    ("get namespace api", 0, &["NAME STATUS AGE\napi Active "]),
    ("-n api get hpa", 0, &["No resources found"]),
    (
        "-n api scale deployment/web --replicas=5",
        0,
        &["deployment.apps/web scaled"],
    ),
    (
        "-n api rollout status deployment/web --timeout=60s",
        0,
        &["successfully rolled out"],
    ),
    (
        "-n api get deployment web --no-headers",
        0,
        &["web 5/5 5 5 "],
    ),
    (
        "-n api scale deployment/web --replicas=2 --current-replicas=3",
        1,
        &["error: Expected replicas to be 3, was 5"],
    ),
    (
        "-n api scale deployment/nope --replicas=2",
        1,
        &["error: no objects passed to scale deployments.apps \"nope\" not found"],
    ),
    (
        "-n api scale deployment/web --replicas=9 --dry-run=server",
        0,
        &["deployment.apps/web scaled (server dry run)"],
    ),
    (
        "-n api get deployment web -o jsonpath={.spec.replicas}",
        0,
        &["5"],
    ),
    (
        "-n api annotate deployment/web kubernetes.io/change-cause=first",
        0,
        &["deployment.apps/web annotated"],
    ),
    (
        "-n api set image deployment/web web=registry.example/web:2",
        0,
        &["deployment.apps/web image updated"],
    ),
    (
        "-n api annotate deployment/web --overwrite kubernetes.io/change-cause=second",
        0,
        &["deployment.apps/web annotated"],
    ),
    (
        "-n api rollout status deployment/web --timeout=60s",
        0,
        &["successfully rolled out"],
    ),
    (
        "-n api rollout history deployment/web",
        0,
        &["REVISION CHANGE-CAUSE\n1 first\n2 second"],
    ),
    (
        "-n api rollout history deployment/web --revision=1",
        0,
        &[
            "deployment.apps/web with revision #1",
            "Image: registry.example/web:1",
        ],
    ),
    (
        "-n api rollout restart deployment/web",
        0,
        &["deployment.apps/web restarted"],
    ),
    (
        "-n api rollout status deployment/web --timeout=60s",
        0,
        &["successfully rolled out"],
    ),
    (
        "-n api rollout undo deployment/web --to-revision=1",
        0,
        &["deployment.apps/web rolled back"],
    ),
    (
        "-n api rollout status deployment/web --timeout=60s",
        0,
        &["successfully rolled out"],
    ),
    (
        "-n api get deployment web -o jsonpath={.spec.template.spec.containers[0].image}",
        0,
        &["registry.example/web:1"],
    ),
    (
        "-n api rollout history deployment/web",
        0,
        &["2 second\n3 second\n4 first"],
    ),
    (
        "-n api rollout undo deployment/web --to-revision=99",
        1,
        &["error: unable to find specified revision 99 in history"],
    ),
    (
        "-n api rollout pause deployment/web",
        0,
        &["deployment.apps/web paused"],
    ),
    (
        "-n api rollout pause deployment/web",
        1,
        &["error: deployments.apps \"web\" is already paused"],
    ),
    (
        "-n api rollout resume deployment/web",
        0,
        &["deployment.apps/web resumed"],
    ),
    (
        "-n api set image deployment/web nope=registry.example/web:2",
        1,
        &["error: unable to find container named \"nope\""],
    ),
    (
        "-n api set env deployment/web A=1",
        0,
        &["deployment.apps/web env updated"],
    ),
    (
        "-n api get deployment web -o jsonpath={.spec.template.spec.containers[0].env[0].value}",
        0,
        &["1"],
    ),
    (
        "-n api patch deployment web --type=json -p '[{\"op\":\"test\",\"path\":\"/spec/replicas\",\"value\":7},{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":1}]'",
        1,
        &["The request is invalid: the server rejected our request due to an error in our request"],
    ),
    (
        "-n api patch deployment web -p '{\"spec\":{\"replicas\":-1}}'",
        1,
        &[
            "The Deployment \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0",
        ],
    ),
    (
        "-n api patch deployment web --type=merge -p '{\"metadata\":{\"resourceVersion\":\"1\"},\"spec\":{\"replicas\":1}}'",
        1,
        &[
            "Error from server (Conflict): Operation cannot be fulfilled on deployments.apps \"web\": the object has been modified; please apply your changes to the latest version and try again",
        ],
    ),
    (
        "-n api rollout status deployment/web --timeout=60s",
        0,
        &["successfully rolled out"],
    ),
    (
        "-n api describe deployment web",
        0,
        &[
            "Name: web",
            "Replicas: 5 desired | 5 updated | 5 total | 5 available | 0 unavailable",
            "StrategyType: RollingUpdate",
            "25% max unavailable, 25% max surge",
            "NewReplicaSetAvailable",
            "ScalingReplicaSet",
            "NewReplicaSet: web-",
        ],
    ),
    (
        "-n api describe pods -l app=web",
        0,
        &[
            "Controlled By: ReplicaSet/web-",
            "State: Running",
            "Ready: True",
            "Successfully assigned api/web-",
        ],
    ),
    (
        "-n api get events --field-selector reason=ScalingReplicaSet",
        0,
        &["deployment/web", "Scaled up replica set web-"],
    ),
    (
        "-n api logs deployment/nope",
        1,
        &[
            "error: error from server (NotFound): deployments.apps \"nope\" not found in namespace \"api\"",
        ],
    ),
    (
        "-n api delete deployment nope",
        1,
        &["Error from server (NotFound): deployments.apps \"nope\" not found"],
    ),
    ("auth can-i delete pods", 0, &["yes"]),
];

/// The users with fewer rights.
const RIGHTS: &[(&str, &str, i32, &str)] = &[
    ("viewer", "-n api get deployment web", 0, "web"),
    (
        "viewer",
        "-n api scale deployment/web --replicas=1",
        1,
        "User \"viewer\" cannot patch resource \"deployments/scale\" in API group \"apps\" in the namespace \"api\"",
    ),
    ("viewer", "auth can-i patch deployments.apps/web", 1, "no"),
    (
        "viewer",
        "get nodes",
        1,
        "Error from server (Forbidden): nodes is forbidden: User \"viewer\" cannot list resource \"nodes\" in API group \"\" at the cluster scope",
    ),
    ("shop-only", "-n shop get pods", 0, ""),
    (
        "shop-only",
        "-n shop auth can-i patch deployments.apps",
        0,
        "yes",
    ),
    (
        "shop-only",
        "get pods -A",
        1,
        "Error from server (Forbidden): pods is forbidden: User \"shop-only\" cannot list resource \"pods\" in API group \"\" at the cluster scope",
    ),
    (
        "nobody",
        "-n shop get pods",
        1,
        "Error from server (Forbidden): pods is forbidden: User \"nobody\" cannot list resource \"pods\" in API group \"\" in the namespace \"shop\"",
    ),
    ("nobody", "auth can-i list pods", 1, "no"),
    ("nobody", "auth whoami", 0, "nobody"),
];

fn squeezed(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let lines = String::from_utf8_lossy(&text)
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>();
    lines.join("\n") + "\n"
}

fn write_manifests(folder: &Path) {
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "api"}});
    let template = json!({"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": "registry.example/web:1"}]}});
    let web = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "labels": {"app": "web"}},
        "spec": {"replicas": 3, "selector": {"matchLabels": {"app": "web"}}, "template": template}});
    for (name, object) in [("namespace.json", namespace), ("web.json", web)] {
        std::fs::write(folder.join(name), object.to_string()).unwrap();
    }
}

/// Objects in one file. It begins as YAML does: several documents of JSON are read by some versions of kubectl alone.
fn write_documents(cluster: &Cluster, file: &str, objects: &[Value]) {
    let documents = objects.iter().map(|object| format!("---\n{object}\n"));
    let path = cluster.folder.path().join(file);
    std::fs::write(path, documents.collect::<String>()).unwrap();
}

fn kubectl_answers(cluster: &Cluster) {
    write_manifests(cluster.folder.path());
    answers(cluster, "admin", CASES);
    for (user, arguments, code, expected) in RIGHTS {
        answers(cluster, user, &[(arguments, *code, &[expected])]);
    }
}

/// Runs all cases in order, and tells of all that went wrong.
fn answers(cluster: &Cluster, user: &str, cases: &[Case<'_>]) {
    let mut wrong = vec![];
    for (arguments, code, expected) in cases {
        let output = cluster.run(user, arguments);
        let text = squeezed(&output);
        if output.status.code() != Some(*code) || expected.iter().any(|part| !text.contains(part)) {
            wrong.push(format!(
                "{user}: kubectl {arguments}: {:?} instead of {code} with {expected:?}:\n{text}",
                output.status.code()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How many objects of a resource there are, each decoded as the type it says it is.
fn decode<T: serde::de::DeserializeOwned>(cluster: &Cluster, resource: &str) -> usize {
    let output = cluster.run("admin", &format!("get {resource} -A -o json"));
    let list: Value = serde_json::from_slice(&output.stdout).unwrap();
    let items = list["items"].as_array().unwrap();
    for item in items {
        serde_json::from_value::<T>(item.clone())
            .unwrap_or_else(|error| panic!("{resource}: {error} in {item}"));
    }
    items.len()
}

fn objects_decode(cluster: &Cluster) {
    assert!(decode::<Deployment>(cluster, "deployments") > 0);
    assert!(decode::<ReplicaSet>(cluster, "replicasets") > 0);
    assert!(decode::<Pod>(cluster, "pods") > 0);
    assert!(decode::<Event>(cluster, "events") > 0);
    assert!(decode::<Namespace>(cluster, "namespaces") > 0);
    assert!(decode::<Node>(cluster, "nodes") > 0);
}

/// A kubectl that runs until it is no longer looked at.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Running {
    fn start(cluster: &Cluster, arguments: &str) -> (Self, std::sync::mpsc::Receiver<String>) {
        let mut child = cluster
            .command("admin", arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            out.lines()
                .map_while(Result::ok)
                .all(|line| sender.send(line).is_ok())
        });
        (Self(child), lines)
    }
}

fn line_with(lines: &std::sync::mpsc::Receiver<String>, part: &str) -> String {
    let end = Instant::now() + PATIENCE;
    loop {
        let line = lines
            .recv_timeout(end.saturating_duration_since(Instant::now()))
            .unwrap_or_else(|_| panic!("no line with {part:?} came"));
        if line.contains(part) {
            return line;
        }
    }
}

fn a_watch_shows_what_others_do(cluster: &Cluster) {
    let (_running, lines) = Running::start(cluster, "-n api get deployment web -w");
    line_with(&lines, "5/5");
    assert!(
        cluster
            .run("admin", "-n api scale deployment/web --replicas=6")
            .status
            .success()
    );
    line_with(&lines, "6/6");
}

fn a_followed_log_goes_on(cluster: &Cluster) {
    (cluster.print)("before");
    let pod = cluster.until("-n api get pods -l app=web -o name", |text| {
        text.contains("pod/web-")
    });
    let pod = pod.lines().next().unwrap();
    let all = cluster.until(&format!("-n api logs {pod} --timestamps"), |text| {
        text.lines().count() > 0
    });
    let first = all.lines().next().unwrap().split(' ').next().unwrap();
    chrono::DateTime::parse_from_rfc3339(first).unwrap();
    let (_running, lines) = Running::start(cluster, &format!("-n api logs -f {pod} --tail=1"));
    lines.recv_timeout(PATIENCE).unwrap();
    (cluster.print)("after");
    lines.recv_timeout(PATIENCE).unwrap();
}

/// A workload is broken and healed by its image, as the fates of the control plane have it.
fn images_break_and_heal(cluster: &Cluster) {
    let pods = "-n api get pods --no-headers";
    for (tag, word) in [
        ("crash", "CrashLoopBackOff"),
        ("image-pull", "ImagePullBackOff"),
        ("never-ready", "0/1 Running"),
    ] {
        let image = format!("-n api set image deployment/web web=registry.example/fate:{tag}");
        assert!(cluster.run("admin", &image).status.success());
        cluster.until(pods, |text| {
            text.split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .contains(word)
        });
        let status = cluster.run("admin", "-n api rollout status deployment/web --timeout=1s");
        assert_eq!(
            status.status.code(),
            Some(1),
            "{tag}: {}",
            squeezed(&status)
        );
        // Six are asked for, a quarter may be missing: at least five serve throughout.
        let serving = cluster
            .until(pods, |_| true)
            .lines()
            .filter(|line| line.contains("1/1") && line.contains("Running"))
            .count();
        assert!(serving >= 5, "{tag}: {serving} serve");
    }
    assert!(
        cluster
            .run(
                "admin",
                "-n api rollout undo deployment/web --to-revision=5"
            )
            .status
            .success()
    );
    assert!(
        cluster
            .run(
                "admin",
                "-n api rollout status deployment/web --timeout=60s"
            )
            .status
            .success()
    );
    cluster.until(pods, |text| {
        text.lines().count() == 6 && text.lines().all(|line| line.contains("1/1"))
    });
}

fn what_is_deleted_goes(cluster: &Cluster) {
    let pod = cluster.until("-n api get pods -o name", |text| text.contains("pod/web-"));
    let pod = pod.lines().next().unwrap();
    let output = cluster.run("admin", &format!("-n api delete {pod} --timeout=60s"));
    let (_, name) = pod.split_once('/').unwrap();
    let said = format!("pod \"{name}\" deleted");
    assert!(
        output.status.success() && squeezed(&output).contains(&said),
        "{}",
        squeezed(&output)
    );
    cluster.until("-n api get pods --no-headers", |text| {
        text.lines().count() == 6 && !text.contains(name)
    });
    assert!(
        squeezed(&cluster.run("admin", "-n api delete deployment web --timeout=60s"))
            .contains("deployment.apps \"web\" deleted")
    );
    let gone = cluster.until("-n api get pods", str::is_empty);
    assert!(gone.is_empty());
}

/// Requests as our own client makes them: method, path, content type, body; then status, and fields of the answer.
type Request = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    u16,
    &'static [(&'static str, &'static str)],
);

const WEB: &str = "/apis/apps/v1/namespaces/api/deployments/web";
const JSON_PATCH: &str = "application/json-patch+json";
const INVALID: &[(&str, &str)] = &[
    ("/reason", "Invalid"),
    (
        "/message",
        "the server rejected our request due to an error in our request",
    ),
];

const REQUESTS: &[Request] = &[
    ("GET", "/version", "", "", 200, &[("/major", "1")]),
    (
        "GET",
        "/api/v1/nonsense",
        "",
        "",
        404,
        &[(
            "/message",
            "the server could not find the requested resource",
        )],
    ),
    (
        "GET",
        "/api/v1/namespaces/api/pods/nope/log",
        "",
        "",
        404,
        &[
            ("/reason", "NotFound"),
            ("/message", "pods \"nope\" not found"),
        ],
    ),
    (
        "GET",
        "/api/v1/pods?resourceVersion=abc",
        "",
        "",
        400,
        &[("/reason", "BadRequest")],
    ),
    (
        "GET",
        "/api/v1/pods?resourceVersion=99999999",
        "",
        "",
        504,
        &[
            ("/reason", "Timeout"),
            ("/details/causes/0/reason", "ResourceVersionTooLarge"),
        ],
    ),
    (
        "GET",
        "/api/v1/pods?limit=2&continue=abc",
        "",
        "",
        400,
        &[("/reason", "BadRequest")],
    ),
    (
        "GET",
        "/api/v1/pods?watch=1&sendInitialEvents=true",
        "",
        "",
        422,
        &[("/reason", "Invalid"), ("/details/kind", "ListOptions")],
    ),
    (
        "PUT",
        "/api/v1/pods",
        "",
        "",
        405,
        &[("/reason", "MethodNotAllowed")],
    ),
    (
        "PATCH",
        WEB,
        "application/json",
        "{}",
        415,
        &[("/reason", "UnsupportedMediaType")],
    ),
    (
        "PATCH",
        WEB,
        "application/merge-patch+json",
        "{x",
        400,
        &[("/reason", "BadRequest")],
    ),
    (
        "PATCH",
        "/apis/apps/v1/namespaces/api/deployments/web/scale",
        JSON_PATCH,
        r#"[{"op":"test","path":"/spec/replicas","value":9}]"#,
        422,
        INVALID,
    ),
    (
        "PATCH",
        WEB,
        JSON_PATCH,
        r#"[{"op":"replace","path":"/spec/nope/x","value":9}]"#,
        422,
        INVALID,
    ),
    (
        "PATCH",
        WEB,
        JSON_PATCH,
        r#"[{"op":"test","path":"/spec/paused","value":null},{"op":"add","path":"/spec/paused","value":true}]"#,
        200,
        &[("/kind", "Deployment")],
    ),
    (
        "PATCH",
        WEB,
        JSON_PATCH,
        r#"[{"op":"test","path":"/spec/paused","value":true},{"op":"remove","path":"/spec/paused"}]"#,
        200,
        &[("/metadata/name", "web")],
    ),
    (
        "PATCH",
        "/apis/apps/v1/namespaces/api/deployments/web/scale?dryRun=All",
        JSON_PATCH,
        r#"[{"op":"test","path":"/metadata/uid","value":"WRONG"},{"op":"add","path":"/spec/replicas","value":1}]"#,
        422,
        INVALID,
    ),
    (
        "POST",
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        "application/json",
        r#"{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":{"verb":"list","resource":"pods"}}}"#,
        201,
        &[("/status/allowed", "true")],
    ),
    (
        "POST",
        "/apis/authentication.k8s.io/v1/selfsubjectreviews",
        "application/json",
        r#"{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}"#,
        201,
        &[("/status/userInfo/username", "admin")],
    ),
    (
        "GET",
        "/apis/autoscaling/v2/namespaces/api/horizontalpodautoscalers",
        "",
        "",
        200,
        &[("/kind", "HorizontalPodAutoscalerList")],
    ),
];

fn client() -> reqwest::Client {
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    // The certificate is checked by kubectl in the same test; here the answers are the matter.
    reqwest::Client::builder()
        .danger_accept_invalid_certs(true)
        .user_agent("watchfloor-test")
        .build()
        .unwrap()
}

async fn requests_are_answered(cluster: &Cluster) {
    let client = client();
    let (server, token) = cluster.access("admin");
    for (method, path, content_type, body, code, expected) in REQUESTS {
        let mut request = client
            .request(method.parse().unwrap(), format!("{server}{path}"))
            .bearer_auth(&token);
        if !content_type.is_empty() {
            request = request.header("content-type", *content_type).body(*body);
        }
        let answer = request.send().await.unwrap();
        let found = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        assert_eq!(found, *code, "{method} {path}: {text}");
        let value: Value = serde_json::from_str(&text).unwrap();
        for (pointer, part) in *expected {
            let at = value
                .pointer(pointer)
                .unwrap_or_else(|| panic!("{method} {path}: no {pointer} in {text}"));
            assert_eq!(
                at.as_str().map_or_else(|| at.to_string(), str::to_owned),
                *part,
                "{method} {path}: {pointer}"
            );
        }
    }
    let wrong = client
        .get(format!("{server}/api/v1/pods"))
        .bearer_auth("wrong")
        .send()
        .await
        .unwrap();
    assert_eq!(wrong.status().as_u16(), 401);
    let value: Value = wrong.json().await.unwrap();
    assert_eq!(
        value,
        json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": "Unauthorized", "reason": "Unauthorized", "code": 401})
    );
}

/// A list and a watch in the forms that our client asks for.
async fn lists_and_watches_have_their_forms(cluster: &Cluster) {
    let client = client();
    let (server, token) = cluster.access("admin");
    let get = |path: &str, accept: &str| {
        client
            .get(format!("{server}{path}"))
            .bearer_auth(&token)
            .header("accept", accept.to_owned())
            .send()
    };
    let first = get("/api/v1/namespaces/api/pods?limit=2", "application/json")
        .await
        .unwrap()
        .json::<Value>()
        .await
        .unwrap();
    assert_eq!(
        (
            first["items"].as_array().unwrap().len(),
            first["metadata"]["remainingItemCount"].as_u64().unwrap() >= 1
        ),
        (2, true)
    );
    let token_next = first["metadata"]["continue"].as_str().unwrap();
    let second = get(
        &format!("/api/v1/namespaces/api/pods?limit=100&continue={token_next}"),
        "application/json",
    )
    .await
    .unwrap()
    .json::<Value>()
    .await
    .unwrap();
    assert_eq!(
        second["metadata"]["resourceVersion"],
        first["metadata"]["resourceVersion"]
    );
    let names: Vec<&str> = first["items"]
        .as_array()
        .unwrap()
        .iter()
        .chain(second["items"].as_array().unwrap())
        .map(|p| p["metadata"]["name"].as_str().unwrap())
        .collect();
    assert!(names.is_sorted() && names.len() >= 5, "{names:?}");

    let list = get(
        "/api/v1/namespaces/api/pods?resourceVersion=0",
        "application/vnd.kubernetes.protobuf, application/json",
    )
    .await
    .unwrap();
    assert_eq!(
        list.headers()["content-type"],
        "application/vnd.kubernetes.protobuf"
    );
    assert!(list.bytes().await.unwrap().starts_with(b"k8s\0"));
    let watch_list = "/api/v1/namespaces/api/pods?watch=1&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=1";
    let watch = get(watch_list, "application/json")
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let events: Vec<Value> = watch
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        events.iter().filter(|e| e["type"] == "ADDED").count(),
        names.len(),
        "{watch}"
    );
    let end = events.iter().find(|e| e["type"] == "BOOKMARK").unwrap();
    assert_eq!(
        (
            &end["object"]["metadata"]["annotations"]["k8s.io/initial-events-end"],
            &end["object"]["kind"]
        ),
        (&json!("true"), &json!("Pod"))
    );
    let watch = get(
        watch_list,
        "application/vnd.kubernetes.protobuf;stream=watch, application/json",
    )
    .await
    .unwrap();
    assert_eq!(
        watch.headers()["content-type"],
        "application/vnd.kubernetes.protobuf;stream=watch"
    );
    let bytes = watch.bytes().await.unwrap();
    let length = u32::from_be_bytes(bytes[..4].try_into().unwrap()) as usize;
    assert!(length < bytes.len() && bytes[4..4 + length].windows(4).any(|w| w == b"k8s\0"));
}

async fn all(cluster: &Cluster) {
    tokio::task::block_in_place(|| kubectl_answers(cluster));
    requests_are_answered(cluster).await;
    lists_and_watches_have_their_forms(cluster).await;
    tokio::task::block_in_place(|| {
        objects_decode(cluster);
        a_watch_shows_what_others_do(cluster);
        a_followed_log_goes_on(cluster);
        images_break_and_heal(cluster);
        what_is_deleted_goes(cluster);
        network::all(cluster);
    });
    sets::all(cluster).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_emulated_cluster_answers_every_case() {
    let Some((cluster, server)) = emulated(Scenario::BadDeploy).await else {
        return;
    };
    assert!(cluster.emulated);
    all(&cluster).await;
    server.shutdown();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_real_control_plane_answers_every_case() {
    let Some((cluster, _plane)) = real().await else {
        return;
    };
    assert!(!cluster.emulated);
    all(&cluster).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kubectl_reads_the_instance_before_and_heals_the_bad_deploy() {
    let Some((cluster, server)) = emulated(Scenario::BadDeploy).await else {
        return;
    };
    tokio::task::block_in_place(|| {
        let bad = cluster.until("-n shop get pods -l app=checkout --no-headers", |text| {
            text.contains("CrashLoopBackOff")
        });
        let name = bad
            .lines()
            .find(|line| line.contains("CrashLoopBackOff"))
            .unwrap()
            .split(' ')
            .next()
            .unwrap();
        let log = cluster.until(&format!("-n shop logs {name} --previous"), |_| true);
        assert!(log.contains("connection pool exhausted"), "{log}");
        let describe = cluster.until(&format!("-n shop describe pod {name}"), |_| true);
        assert!(
            describe.contains("Back-off restarting failed container")
                && describe.contains("Last State:     Terminated"),
            "{describe}"
        );
        let healthy = cluster.until("-n shop get pods -l app=cart -o name", |_| true);
        let previous = cluster.run(
            "admin",
            &format!(
                "-n shop logs {} --previous",
                healthy.lines().next().unwrap()
            ),
        );
        assert!(
            squeezed(&previous).contains("previous terminated container \"cart\" in pod"),
            "{}",
            squeezed(&previous)
        );
        let history = cluster.until("-n shop rollout history deployment/checkout", |_| true);
        assert!(
            history.contains("41        release 1.9.1")
                && history.contains("42        release 1.9.2"),
            "{history}"
        );
        assert!(
            cluster
                .run("admin", "-n shop rollout undo deployment/checkout")
                .status
                .success()
        );
        assert!(
            cluster
                .run(
                    "admin",
                    "-n shop rollout status deployment/checkout --timeout=60s"
                )
                .status
                .success()
        );
        let image = cluster.until(
            "-n shop get deployment checkout -o jsonpath={.spec.template.spec.containers[0].image}",
            |_| true,
        );
        assert!(image.ends_with("checkout:1.9.1"), "{image}");
        assert!(Path::new(&(cluster.kubeconfig)("admin")).exists());
    });
    server.shutdown();
}
