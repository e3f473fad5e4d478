//! One cluster as one context reaches it: its client, its gate, its clock. What all its watches share.

use std::io::{self, Write as _};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use tokio::sync::{OnceCell, mpsc};

use super::client::{Answer, Client, verdict};
use super::clock::Clock;
use super::contain::contain;
use super::credentials::{Credentials, Talk};
use super::gate::{Gate, Pass};
use super::guard::Guard;
use super::kubeconfig::Entry;
use super::problem::unreachable;
use super::surroundings::Surroundings;
use model::clocks;
use model::cluster::{Connection, Problem};
use model::message::{ClusterMsg, Msg};
use model::time::At;
use text::Outside;

/// A failing server lets one request through at a time; a single one does not queue for longer than this.
const GATE: Duration = Duration::from_secs(5);
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
    client: Client,
    guard: Arc<Guard>,
    skew_s: Mutex<Option<i64>>,
    user: OnceCell<Option<Outside>>,
    contexts: Vec<Arc<str>>,
}

impl Cluster {
    /// Asks for credentials and builds the client. What one waits for meanwhile is said: on the terminal while it is not
    /// ours, on the screen later.
    pub(crate) async fn new(
        entry: Entry,
        around: Surroundings,
        talk: Talk,
    ) -> Result<Cluster, Problem> {
        if let Some(wait) = Credentials::take(&mut entry.clone()).wait() {
            tell_wait(&entry.context, &wait, &around, talk).await;
        }
        let client = Box::pin(Client::build(entry.clone(), &around, talk)).await?;
        Ok(Cluster {
            clock: around.clock,
            gate: Gate::new(around.clock),
            log_gate: Gate::new(around.clock),
            messages: around.messages,
            likely_namespaces: around.contexts.namespaces_of(&entry.cluster),
            no_streams: AtomicBool::new(false),
            client,
            guard: around.guard,
            skew_s: Mutex::default(),
            user: OnceCell::new(),
            contexts: around.contexts.names(),
            entry,
        })
    }

    /// Does the work; a panic in it is this cluster's problem alone.
    pub(crate) fn contain<F: Future<Output = ()>>(
        &self,
        work: F,
    ) -> impl Future<Output = ()> + use<F> {
        contain(Arc::clone(&self.entry.context), self.messages.clone(), work)
    }

    /// The client; it renews its credentials by itself.
    pub(crate) fn client(&self) -> Client {
        self.client.clone()
    }

    /// A person asks for a try now.
    pub(crate) fn retry_now(&self) {
        self.client.retry_now();
        self.gate.retry_now();
    }

    /// What may leave this machine.
    pub(crate) fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Credentials were refused: reads token files and runs the plugin again.
    pub(crate) async fn login(&self) -> Result<(), Problem> {
        self.client.renew().await
    }

    /// The server's clock, as an answer's `Date` has it.
    pub(crate) async fn on_server_date(&self, server_s: i64) {
        let heard_s = server_s - self.clock.now().wall.timestamp();
        let (skew_s, is_news) = {
            let mut known = self.skew_s.lock().unwrap_or_else(PoisonError::into_inner);
            let skew_s = clocks::smoothed_skew(*known, heard_s);
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

    /// The leave to send a single request; `None` when the server fails and others wait.
    pub(crate) async fn pass(&self) -> Option<Pass<'_>> {
        tokio::time::timeout(GATE, self.gate.pass()).await.ok()
    }

    /// One GET, in JSON.
    pub(crate) async fn get(&self, path: &str) -> Result<Answer, Problem> {
        self.get_as(path, "application/json").await
    }

    /// One GET, in this form.
    pub(crate) async fn get_as(&self, path: &str, accept: &'static str) -> Result<Answer, Problem> {
        let Some(pass) = self.pass().await else {
            return Err(unreachable("the server fails: nothing was sent"));
        };
        let answer = self.client().get(path, accept).await;
        self.gate.report(verdict(&answer), Some(pass));
        answer
    }

    /// One review of ourselves; `None` when there was no answer that can be read.
    pub(crate) async fn review(
        &self,
        path: &str,
        body: &serde_json::Value,
    ) -> Option<serde_json::Value> {
        let pass = self.gate.pass().await;
        let answer = self.client().review(path, body).await;
        self.gate.report(verdict(&answer), Some(pass));
        let answer = answer.ok()?;
        if !answer.status.is_success() {
            return None;
        }
        serde_json::from_slice(&answer.bytes().await.ok()?).ok()
    }
}

async fn tell_wait(context: &Arc<str>, wait: &str, around: &Surroundings, talk: Talk) {
    match talk {
        Talk::Terminal => {
            let (context, wait) = (Outside::from(&**context), Outside::from(wait));
            let words = format!(
                "watchfloor: context {}: waiting for {} (Ctrl-C ends the wait)\n",
                context.shown(),
                wait.shown()
            );
            // Not `eprint!`: that panics when the terminal is gone.
            let _ = io::stderr().write_all(words.as_bytes());
        }
        Talk::Nobody => {
            let msg = ClusterMsg::Waiting {
                context: Arc::clone(context),
                what: Outside::from(wait),
            };
            let _ = around.messages.send(Msg::Cluster(msg)).await;
        }
    }
}
