//! One cluster as one context reaches it: its client, its gate, its clock. What all its watches share.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kube::client::ConfigExt;
use serde_json::json;
use tokio::sync::{OnceCell, mpsc, watch};

use super::client::{Client, causes};
use super::clock::Clock;
use super::gate::Gate;
use super::guard::Guard;
use super::kubeconfig::{Contexts, Entry};
use super::problem::{self, problem};
use super::request::verdict;
use model::clocks;
use model::cluster::{Connection, Problem, ProblemClass};
use model::message::{ClusterMsg, Msg};
use model::time::At;
use text::Outside;

/// All watches are refused together: one builds the client anew, for all.
const LOGIN_FLOOR_MS: u64 = 10_000;
/// Who we are.
pub(crate) const SELF_REVIEW: &str = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

pub(crate) struct Cluster {
    pub(crate) entry: Entry,
    pub(crate) clock: Clock,
    pub(crate) gate: Gate,
    /// Of the logs alone: a node that is gone fails them, and nothing else.
    pub(crate) log_gate: Gate,
    pub(crate) messages: mpsc::Sender<Msg>,
    /// Namespaces worth a try when all of them are forbidden.
    pub(crate) likely_namespaces: Vec<String>,
    /// Streamed lists were refused once: no watch of this cluster tries them again.
    pub(crate) no_streams: AtomicBool,
    client: watch::Sender<Client>,
    guard: Arc<Guard>,
    patience: Duration,
    skew_s: Mutex<Option<i64>>,
    logged_in_ms: AtomicU64,
    user: OnceCell<Option<Outside>>,
    contexts: Vec<Arc<str>>,
}

/// What a cluster is made of beside its context.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub(crate) contexts: Arc<Contexts>,
    pub(crate) clock: Clock,
    pub(crate) guard: Arc<Guard>,
    pub(crate) patience: Duration,
    pub(crate) messages: mpsc::Sender<Msg>,
}

impl Cluster {
    /// Builds the client. A talking credential plugin runs first with the terminal, then never again.
    pub(crate) async fn new(
        mut entry: Entry,
        around: Surroundings,
        may_talk: bool,
    ) -> Result<Cluster, Problem> {
        if may_talk && entry.has_talking_plugin() {
            entry
                .config
                .auth_layer()
                .map_err(|error| plugin_failed(&entry, &error))?;
        }
        entry.silence_plugin();
        let client = build(&entry, &around.guard, around.patience).await?;
        Ok(Cluster {
            clock: around.clock,
            gate: Gate::new(around.clock),
            log_gate: Gate::new(around.clock),
            messages: around.messages,
            likely_namespaces: around.contexts.namespaces_of(&entry.cluster),
            no_streams: AtomicBool::new(false),
            client: watch::Sender::new(client),
            guard: around.guard,
            patience: around.patience,
            skew_s: Mutex::default(),
            logged_in_ms: AtomicU64::new(0),
            user: OnceCell::new(),
            contexts: around.contexts.names(),
            entry,
        })
    }

    /// The client of now: it is built anew when credentials were refused.
    pub(crate) fn client(&self) -> Client {
        self.client.borrow().clone()
    }

    /// What may leave this machine.
    pub(crate) fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Credentials were refused: reads token files and runs the plugin again.
    pub(crate) async fn login(&self) -> Result<(), Problem> {
        let now_ms = self.clock.now().mono_ms;
        let before_ms = self.logged_in_ms.swap(now_ms, Ordering::Relaxed);
        if before_ms != 0 && now_ms.saturating_sub(before_ms) < LOGIN_FLOOR_MS {
            return Ok(());
        }
        let client = build(&self.entry, &self.guard, self.patience).await?;
        self.client.send_replace(client);
        Ok(())
    }

    /// The server's clock, as an answer's `Date` has it.
    pub(crate) async fn heard_date(&self, server_s: i64) {
        let heard_s = server_s - self.clock.now().wall.timestamp();
        let (skew_s, is_news) = {
            let mut known = self.skew_s.lock().unwrap_or_else(PoisonError::into_inner);
            let skew_s = clocks::heard(*known, heard_s);
            (skew_s, known.replace(skew_s) != Some(skew_s))
        };
        if is_news {
            let context = Arc::clone(&self.entry.context);
            let msg = ClusterMsg::Clock { context, skew_s };
            let _ = self.messages.send(Msg::Cluster(msg)).await;
        }
    }

    /// Now, on a wall clock that is the server's as far as it is known.
    pub(crate) fn server_now(&self) -> At {
        let known = *self.skew_s.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        At {
            wall: clocks::ahead(now.wall, known.unwrap_or(0)),
            ..now
        }
    }

    /// Whom we talk to; `user` once the server said so.
    pub(crate) fn connection(&self, user: Option<Outside>) -> Connection {
        Connection {
            context: Arc::clone(&self.entry.context),
            contexts: self.contexts.clone(),
            cluster: Outside::new(self.entry.cluster.as_str()),
            namespace: self.entry.namespace.as_deref().map(Outside::from),
            server: Outside::new(self.entry.server()),
            user,
            acting_as: self
                .entry
                .config
                .auth_info
                .impersonate
                .as_deref()
                .map(Outside::from),
            is_insecure: self.entry.is_insecure(),
        }
    }

    /// Tells whom we talk to, and again when the server has said who we are.
    pub(crate) async fn introduce(self: Arc<Self>) {
        let tell = |user| {
            self.messages
                .send(Msg::Cluster(ClusterMsg::Connected(self.connection(user))))
        };
        let _ = tell(None).await;
        if let Some(user) = self.user().await {
            let _ = tell(Some(user)).await;
        }
    }

    /// The user name by `SelfSubjectReview` (Kubernetes 1.28), asked for once.
    pub(crate) async fn user(&self) -> Option<Outside> {
        let ask = async {
            let body =
                json!({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"});
            let answer = self.review(SELF_REVIEW, &body).await.ok_or(())?;
            Ok::<_, ()>(
                answer["status"]["userInfo"]["username"]
                    .as_str()
                    .map(Outside::from),
            )
        };
        self.user
            .get_or_try_init(|| ask)
            .await
            .ok()
            .cloned()
            .flatten()
    }

    /// One review of ourselves; `None` when there was no answer that can be read.
    pub(crate) async fn review(
        &self,
        path: &str,
        body: &serde_json::Value,
    ) -> Option<serde_json::Value> {
        let pass = self.gate.pass().await;
        let answer = self.client().post(path, body).await;
        self.gate.report(verdict(&answer), Some(pass));
        let answer = answer.ok()?;
        if !answer.status.is_success() {
            return None;
        }
        serde_json::from_slice(&answer.bytes().await.ok()?).ok()
    }
}

/// On a thread of its own: a credential plugin blocks.
async fn build(entry: &Entry, guard: &Arc<Guard>, patience: Duration) -> Result<Client, Problem> {
    let (config, guard) = (entry.config.clone(), Arc::clone(guard));
    let runtime = tokio::runtime::Handle::current();
    let built = tokio::task::spawn_blocking(move || {
        let _in_runtime = runtime.enter();
        Client::build(&config, &guard, patience)
    });
    match built.await {
        Ok(Ok(client)) => Ok(client),
        Ok(Err(error)) => Err(plugin_failed(entry, &error)),
        Err(error) => Err(problem::unreachable(format!(
            "context `{}`: {error}",
            entry.context
        ))),
    }
}

fn plugin_failed(entry: &Entry, error: &kube::Error) -> Problem {
    let command = entry
        .config
        .auth_info
        .exec
        .as_ref()
        .and_then(|exec| exec.command.as_deref());
    let next = match command {
        Some(command) => format!(
            "run `{command}` by hand to see what it needs, then log in again (action login)"
        ),
        None => "check certificates, keys and token files of this context's user in the kubeconfig"
            .to_owned(),
    };
    let what = match (command, error) {
        (Some(command), kube::Error::Auth(kube::client::AuthError::AuthExecRun { out, .. })) => {
            let said = String::from_utf8_lossy(&out.stderr);
            let said = said
                .trim()
                .lines()
                .last()
                .unwrap_or("it said nothing")
                .to_owned();
            format!(
                "context `{}`: the credential plugin `{command}` failed ({}): {said}",
                entry.context, out.status
            )
        }
        _ => format!(
            "context `{}`: credentials: {}",
            entry.context,
            causes(error)
        ),
    };
    problem(ProblemClass::Unauthorized, what, &next)
}
