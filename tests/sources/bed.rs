//! The emulated cluster with a script of faults, and what our source makes of it.

use std::time::Duration;

use bytes::Bytes;
use emulator::faults::{Fault, Faults, Rule};
use emulator::{self, Options, Server};
use http::{Method, Request};
use http_body_util::BodyExt as _;
use model::cluster::{Health, Kind, Problem, ProblemClass, Scope};

use components::watching::{Watching, flags};

/// A streamed list of pods: the first thing that a console asks for.
pub const STREAM: &str = "/pods?watch=1&sendInitialEvents";
/// Any watch of pods, streamed list or not.
pub const WATCH: &str = "/pods?watch=1";
/// A plain list of pods.
pub const LIST: &str = "/pods?resourceVersion";
/// Every request.
pub const ANY: &str = "/";

/// The cluster, and the console's eyes on it.
pub struct Bed {
    pub server: Server,
    pub watching: Watching,
    folder: tempfile::TempDir,
}

impl Bed {
    /// The shop with its bad deploy, looked at by nobody yet.
    pub async fn new() -> Bed {
        Bed::of(&Options::default(), None).await
    }

    pub async fn of(options: &Options, request_timeout: Option<Duration>) -> Bed {
        let server = emulator::serve(options).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kubeconfig");
        std::fs::write(&path, server.kubeconfig()).unwrap();
        let mut connect = flags(&path);
        connect.request_timeout = request_timeout;
        let watching = Watching::new(connect).await;
        Bed {
            server,
            watching,
            folder,
        }
    }

    pub async fn faults<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Faults) -> T + Send + 'static,
    ) -> T {
        let cluster = self.server.service.cluster();
        let acted = cluster.ask(|state| act(&mut state.faults)).await;
        acted.unwrap_or_else(|_| panic!("the cluster is gone"))
    }

    pub async fn script(&self, rules: impl IntoIterator<Item = Rule>) {
        let rules: Vec<Rule> = rules.into_iter().collect();
        self.faults(|faults| rules.into_iter().for_each(|rule| faults.add(rule)))
            .await;
    }

    /// Wants the pods of the shop.
    pub fn look(&mut self) {
        let pods = self.watching.pods(&shop());
        self.watching.want_all([pods]);
    }

    /// Wants all that a console wants of the shop.
    pub fn look_at_all(&mut self) {
        let warnings = self.watching.table(Kind::Event, &shop());
        let (pods, deployments) = (
            self.watching.pods(&shop()),
            self.watching.deployments(&shop()),
        );
        let namespaces = self.watching.table(Kind::Namespace, &Scope::All);
        self.watching
            .want_all([pods, deployments, warnings, namespaces]);
    }

    /// The pods of the shop as a streamed list in JSON, one event a line, with the bookmark that ends it.
    pub async fn stream(&self) -> Vec<String> {
        let path = "/api/v1/namespaces/shop/pods?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan\
                    &allowWatchBookmarks=true&timeoutSeconds=1";
        let text = self.get(path).await;
        let end = text.find("initial-events-end").unwrap();
        let end = end + text[end..].find('\n').unwrap();
        text[..end]
            .lines()
            .map(|line| format!("{line}\n"))
            .collect()
    }

    /// The body of a whole answer in JSON.
    pub async fn get(&self, path: &str) -> String {
        let kubeconfig: serde_json::Value =
            serde_json::from_str(&self.server.kubeconfig()).unwrap();
        let token = kubeconfig["users"][0]["user"]["token"].as_str().unwrap();
        let request = Request::builder()
            .method(Method::GET)
            .uri(path)
            .header("authorization", format!("Bearer {token}"));
        let request = request
            .header("accept", "application/json")
            .body(Bytes::new())
            .unwrap();
        let answer = self.server.service.handle(request).await;
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        self.faults(Faults::forget).await;
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    /// All pods of the shop are on the screen, the watch says this last, and from then on these rules hold. The count of pods.
    pub async fn full_then(&mut self, last: &str, rules: impl IntoIterator<Item = Rule>) -> usize {
        let events = self.stream().await;
        let count = events.len() - 1;
        self.script([Rule::next(STREAM, json(events.concat() + last))])
            .await;
        self.script(rules).await;
        self.look();
        self.watching
            .until("the pods are there", |seen| seen.pods.synced == 1)
            .await;
        assert_eq!(self.watching.seen.pods.rows.len(), count);
        count
    }

    /// Waits until the pods are told to be in trouble of this class, in these words among others, with what to do about it.
    pub async fn trouble(&mut self, class: ProblemClass, words: &[&str]) {
        let is_it = |problem: &Problem| {
            let text = format!("{}; {}", problem.what.raw(), problem.next);
            problem.class == class && words.iter().all(|word| text.contains(word))
        };
        self.watching
            .until(&format!("{class:?} {words:?}"), |seen| {
                let health = seen.pods.health.as_ref();
                health.and_then(Health::problem).is_some_and(is_it)
            })
            .await;
        let health = self.watching.seen.pods.health.as_ref();
        let problem = health.and_then(Health::problem).unwrap();
        assert!(!problem.next.is_empty(), "and what to do?");
        assert_eq!(problem.what.raw().lines().count(), 1, "{problem:?}");
    }

    /// Waits until the pods are live, all of them.
    pub async fn live_again(&mut self, count: usize) {
        self.watching
            .until("live again", |seen| {
                seen.pods.is_live() && seen.pods.rows.len() == count
            })
            .await;
    }

    /// Changes an object by a strategic merge patch, as its owner does.
    pub async fn patch(&self, path: &str, patch: &serde_json::Value) {
        let kubeconfig: serde_json::Value =
            serde_json::from_str(&self.server.kubeconfig()).unwrap();
        let token = kubeconfig["users"][0]["user"]["token"].as_str().unwrap();
        let request = Request::builder()
            .method(Method::PATCH)
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/strategic-merge-patch+json")
            .header("accept", "application/json")
            .body(Bytes::from(patch.to_string()))
            .unwrap();
        let answer = self.server.service.handle(request).await;
        assert_eq!(answer.status(), 200, "{path}");
    }

    /// The kubeconfig of this server.
    pub fn kubeconfig(&self) -> std::path::PathBuf {
        self.folder.path().join("kubeconfig")
    }

    /// The kubeconfig of another server, with the same credentials.
    pub fn elsewhere(&self, server: &str) -> std::path::PathBuf {
        let text = std::fs::read_to_string(self.kubeconfig()).unwrap();
        let text = text.replace(&self.server.url, server);
        let path = self.folder.path().join("elsewhere");
        std::fs::write(&path, text).unwrap();
        path
    }
}

pub fn shop() -> Scope {
    Scope::Namespace("shop".into())
}

pub fn json(body: impl Into<Bytes>) -> Fault {
    Fault::Raw {
        content_type: "application/json".into(),
        body: body.into(),
    }
}

pub fn status(code: u16, retry_after: Option<&str>) -> Fault {
    Fault::Status {
        code,
        retry_after: retry_after.map(str::to_owned),
    }
}

/// The last event of a watch that the server ends.
pub fn error(code: u16, reason: &str) -> String {
    let status = serde_json::json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": format!("the server says {reason}"), "reason": reason, "code": code});
    format!(
        "{}\n",
        serde_json::json!({"type": "ERROR", "object": status})
    )
}

/// The server does not know streamed lists: a plain list is asked for.
pub fn no_streams() -> Rule {
    Rule::always("sendInitialEvents", status(422, None))
}
