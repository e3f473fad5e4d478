//! The HTTP stack of one cluster and the credentials in it: asked for once, kept until they are over, asked for again by
//! one task however many requests wait for it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use tokio::sync::mpsc;

use super::explain::Route;
use crate::clock::Clock;
use crate::contain;
use crate::credentials::{Credentials, Signed, Talk};
use crate::guard::Guard;
use crate::kubeconfig::Entry;
use crate::problem::causes;
use crate::problem::problem;
use crate::surroundings::Surroundings;
use model::cluster::{Problem, ProblemClass};
use model::message::{ClusterMsg, Msg};

/// Credentials are renewed so long before they are over: a request is on its way for a moment, and clocks differ.
const MARGIN: TimeDelta = TimeDelta::seconds(5);
/// All watches are refused together, and a plugin may answer with what is over already: it is not run again before.
const FLOOR_MS: u64 = 10_000;
/// A plugin that has failed is not run again before, unless a person asks: it may open a browser each time.
const FAILED_MS: u64 = 55_000;

type Renewal = Shared<BoxFuture<'static, Result<(), Problem>>>;

pub(super) struct Session {
    entry: Entry,
    credentials: Credentials,
    guard: Arc<Guard>,
    clock: Clock,
    messages: mpsc::Sender<Msg>,
    pub(super) patience: Duration,
    pub(super) route: Route,
    state: Mutex<State>,
}

struct State {
    client: kube::Client,
    token: Option<String>,
    until: Option<DateTime<Utc>>,
    asked_ms: u64,
    /// The server does not take them.
    is_refused: bool,
    failed: Option<Failed>,
    /// Why the last request had no answer.
    last_failure: Option<Problem>,
    renewal: Option<Renewal>,
}

/// What a renewal brought; no client where the token is still the same.
struct Renewed {
    client: Option<kube::Client>,
    token: Option<String>,
    until: Option<DateTime<Utc>>,
}

struct Failed {
    problem: Problem,
    at_ms: u64,
}

impl Session {
    pub(super) async fn open(
        mut entry: Entry,
        around: &Surroundings,
        talk: Talk,
    ) -> Result<Arc<Session>, Problem> {
        let credentials = Credentials::take(&mut entry);
        let now = around.clock.now();
        let signed = credentials.ask(&entry.config, talk, now.wall).await?;
        let (token, until) = (signed.token.clone(), signed.until);
        let client = build(&entry, signed, &around.guard).await?;
        let state = State {
            client,
            token,
            until,
            asked_ms: around.clock.now().mono_ms,
            is_refused: false,
            failed: None,
            last_failure: None,
            renewal: None,
        };
        Ok(Arc::new(Session {
            route: Route::of(&entry.config),
            entry,
            credentials,
            guard: Arc::clone(&around.guard),
            clock: around.clock,
            messages: around.messages.clone(),
            patience: around.patience,
            state: Mutex::new(state),
        }))
    }

    /// The client with credentials that hold, as far as one knows here.
    pub(super) async fn client(self: &Arc<Self>) -> Result<kube::Client, Problem> {
        if let Some(renewal) = self.due()? {
            renewal.await?;
        }
        Ok(self.state().client.clone())
    }

    /// The server does not take the credentials.
    pub(super) async fn refused(self: &Arc<Self>) -> Result<(), Problem> {
        let renewal = {
            let mut state = self.state();
            let now_ms = self.clock.now().mono_ms;
            if now_ms.saturating_sub(state.asked_ms) < FLOOR_MS && state.renewal.is_none() {
                return Ok(());
            }
            state.is_refused = true;
            self.renewal(&mut state)
        };
        renewal.await
    }

    pub(super) fn retry_now(&self) {
        self.state().failed = None;
    }

    pub(super) fn last_failure(&self) -> Option<Problem> {
        self.state().last_failure.clone()
    }

    pub(super) fn set_last_failure(&self, problem: Option<Problem>) {
        self.state().last_failure = problem;
    }

    /// A task of the client has ended by a fault: the next request gets a new one.
    pub(super) fn rebuild(&self) {
        let mut state = self.state();
        (state.token, state.until) = (None, Some(DateTime::UNIX_EPOCH));
    }

    /// What to wait for before a request is sent, or why it need not be sent.
    fn due(self: &Arc<Self>) -> Result<Option<Renewal>, Problem> {
        let mut state = self.state();
        let now = self.clock.now();
        if let Some(running) = &state.renewal {
            return Ok(Some(running.clone()));
        }
        let is_over = state.until.is_some_and(|until| until <= now.wall + MARGIN);
        if !is_over && !state.is_refused {
            return Ok(None);
        }
        if let Some(failed) = &state.failed
            && now.mono_ms.saturating_sub(failed.at_ms) < FAILED_MS
        {
            return Err(failed.problem.clone());
        }
        if is_over && now.mono_ms.saturating_sub(state.asked_ms) >= FLOOR_MS {
            return Ok(Some(self.renewal(&mut state)));
        }
        Ok(None)
    }

    /// Starts asking, in a task of its own: whoever waits for it may be dropped.
    fn renewal(self: &Arc<Self>, state: &mut State) -> Renewal {
        if let Some(running) = &state.renewal {
            return running.clone();
        }
        let session = Arc::clone(self);
        let task = tokio::spawn(async move {
            let renewed = session.renew().await;
            let settled = session.settle(renewed);
            session.tell(settled.as_ref().err()).await;
            settled
        });
        let entry = self.entry.clone();
        let renewal = async move {
            task.await
                .unwrap_or_else(|error| Err(contain::fault(&entry.context, error)))
        };
        let renewal = renewal.boxed().shared();
        state.renewal = Some(renewal.clone());
        renewal
    }

    async fn renew(&self) -> Result<Renewed, Problem> {
        let now = self.clock.now();
        let signed = self
            .credentials
            .ask(&self.entry.config, Talk::Nobody, now.wall)
            .await?;
        let (token, until) = (signed.token.clone(), signed.until);
        let is_known = {
            let state = self.state();
            token.is_some() && token == state.token && !state.is_refused
        };
        let client = if is_known {
            None
        } else {
            Some(build(&self.entry, signed, &self.guard).await?)
        };
        Ok(Renewed {
            client,
            token,
            until,
        })
    }

    fn settle(&self, renewed: Result<Renewed, Problem>) -> Result<(), Problem> {
        let mut state = self.state();
        state.renewal = None;
        state.asked_ms = self.clock.now().mono_ms;
        match renewed {
            Ok(renewed) => {
                if let Some(client) = renewed.client {
                    state.client = client;
                }
                (state.token, state.until) = (renewed.token, renewed.until);
                (state.is_refused, state.failed) = (false, None);
                Ok(())
            }
            Err(problem) if self.credentials.outlive_a_failure() && !state.is_refused => {
                tracing::warn!(problem = problem.what.raw(), "credentials of before go on");
                Ok(())
            }
            Err(problem) => {
                tracing::warn!(problem = problem.what.raw(), "no new credentials");
                state.failed = Some(Failed {
                    problem: problem.clone(),
                    at_ms: state.asked_ms,
                });
                Err(problem)
            }
        }
    }

    async fn tell(&self, problem: Option<&Problem>) {
        let msg = ClusterMsg::Credentials {
            context: Arc::clone(&self.entry.context),
            problem: problem.cloned(),
        };
        // Nobody listens when the console is leaving.
        let _ = self.messages.send(Msg::Cluster(msg)).await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// On a thread of its own: it reads certificates, the system's among them.
async fn build(entry: &Entry, signed: Signed, guard: &Arc<Guard>) -> Result<kube::Client, Problem> {
    let guard = Arc::clone(guard);
    let runtime = tokio::runtime::Handle::current();
    let built = tokio::task::spawn_blocking(move || {
        let _in_runtime = runtime.enter();
        super::build(&signed.config, &guard)
    });
    match built.await {
        Ok(Ok(client)) => Ok(client),
        Ok(Err(error)) => Err(problem(
            ProblemClass::Unauthorized,
            format!(
                "context `{}`: credentials: {}",
                entry.context,
                causes(&error)
            ),
            "check certificates, keys and token files of this context's user in the kubeconfig",
        )),
        Err(error) => Err(contain::fault(&entry.context, error)),
    }
}
