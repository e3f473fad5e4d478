//! Wants and effects become tasks, requests and `Msg`s. Kubernetes and HTTP types never leave this folder.

pub mod alertmanager;
mod alerts;
mod backoff;
pub mod bodies;
mod client;
pub mod clock;
mod cluster;
mod configs;
mod contain;
mod credentials;
mod decode;
mod detail;
pub mod doctor;
mod endpoints;
mod events;
mod fold;
mod frames;
mod gate;
mod guard;
mod heartbeats;
mod intern;
mod kubeconfig;
mod logs;
mod managers;
mod namespaces;
mod nodes;
mod operate;
mod outbox;
mod paths;
mod pods;
mod problem;
mod refusal;
mod request;
mod revision_list;
mod revisions;
mod rights;
mod services;
mod surroundings;
mod tables;
mod usage;
mod watch;
mod watch_driver;
mod wire;
mod workloads;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use crate::alertmanager::Alertmanagers;
use clock::Clock;
use cluster::Cluster;
use credentials::Talk;
use guard::Guard;
use kubeconfig::Contexts;
use model::cluster::{Connection, Problem};
use model::message::{
    ClusterEffect, ClusterMsg, LogsEffect, Msg, Read, ReadAnswer, Want, Watch, WriteEffect,
};
use surroundings::Surroundings;
use text::Outside;

/// How long the head of an answer may take, unless `--request-timeout` says otherwise: client-go's TLS and dial limits
/// together.
const PATIENCE: Duration = Duration::from_secs(30);
/// Messages that may wait for the loop; a batch of 512 rows each. Watches fold their rows together while it is full.
pub const CHANNEL_MESSAGES: usize = 64;

/// How to reach a cluster; the flags of the command line.
#[derive(Clone, Debug)]
pub struct Connect {
    /// `--kubeconfig`.
    pub kubeconfig: Option<PathBuf>,
    /// `--context`.
    pub context: Option<String>,
    /// `--as`.
    pub impersonate: Option<String>,
    /// `--request-timeout`.
    pub request_timeout: Option<Duration>,
    /// `--read-only`: nothing leaves this machine but reads, and nothing can change that while it runs.
    pub is_read_only: bool,
    /// Who is asked for alerts.
    pub alertmanagers: Alertmanagers,
    /// What time it is.
    pub clock: Clock,
}

type Building = Shared<BoxFuture<'static, Result<Arc<Cluster>, Problem>>>;

/// All that talks to clusters. Owned by the loop; its tasks end when it is dropped.
pub struct Source {
    around: Surroundings,
    /// `--kubeconfig`, to read it again.
    kubeconfig: Option<PathBuf>,
    impersonate: Option<String>,
    clusters: BTreeMap<Arc<str>, Building>,
    tasks: BTreeMap<Want, AbortOnDropHandle<()>>,
    logs: logs::Streams,
    connection: Connection,
    alertmanagers: Arc<Alertmanagers>,
}

/// Reads the kubeconfig and builds the client of one context. Sends no request, so an unreachable server is no error;
/// but runs a credential plugin that may use the terminal: call it before the screen is taken.
pub async fn connect(connect: Connect, messages: mpsc::Sender<Msg>) -> Result<Source, Problem> {
    // An error says that there is a provider already: the one we want, since this is the only place that chooses.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let contexts = Arc::new(Contexts::read(connect.kubeconfig.as_deref())?);
    let around = Surroundings {
        contexts: Arc::clone(&contexts),
        clock: connect.clock,
        guard: Arc::new(Guard::new(connect.is_read_only)),
        patience: connect
            .request_timeout
            .filter(|timeout| !timeout.is_zero())
            .unwrap_or(PATIENCE),
        messages,
    };
    let cluster = build(
        &around,
        connect.context.as_deref(),
        connect.impersonate.as_deref(),
        Talk::Terminal,
    )
    .await?;
    let connection = cluster.connection(None);
    let context = Arc::clone(&connection.context);
    introduce(&cluster);
    let built: Building = std::future::ready(Ok(cluster)).boxed().shared();
    Ok(Source {
        around,
        kubeconfig: connect.kubeconfig,
        impersonate: connect.impersonate,
        clusters: BTreeMap::from([(context, built)]),
        tasks: BTreeMap::new(),
        logs: logs::Streams::default(),
        connection,
        alertmanagers: connect.alertmanagers.into(),
    })
}

async fn build(
    around: &Surroundings,
    context: Option<&str>,
    acting_as: Option<&str>,
    talk: Talk,
) -> Result<Arc<Cluster>, Problem> {
    let mut entry = around.contexts.resolve(context).await?;
    if let Some(user) = acting_as {
        entry.config.auth_info.impersonate = Some(user.to_owned());
    }
    Ok(Arc::new(Cluster::new(entry, around.clone(), talk).await?))
}

impl Source {
    /// Whom [`connect`] chose; also sent as a `Msg`, with the user's name once the server has said it.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Starts what is wanted and does not run; stops what runs and is not wanted.
    pub fn reconcile(&mut self, wants: &BTreeSet<Want>) {
        self.tasks.retain(|want, _| wants.contains(want));
        let mut logs = std::mem::take(&mut self.logs);
        logs.reconcile(wants, |context| self.cluster(context));
        self.logs = logs;
        for want in wants
            .iter()
            .filter(|want| !matches!(want.what, Watch::Logs(_)))
        {
            if !self.tasks.contains_key(want) {
                self.start(want);
            }
        }
    }

    fn start(&mut self, want: &Want) {
        let building = self.cluster(&want.context);
        let alertmanagers = Arc::clone(&self.alertmanagers);
        let task = tokio::spawn(run(want.clone(), building, alertmanagers));
        self.tasks
            .insert(want.clone(), AbortOnDropHandle::new(task));
    }

    /// What waits for a context that could not be used asks for it once more.
    fn retry_failed(&mut self) {
        let is_failed = |context: &Arc<str>| {
            let building = self.clusters.get(context);
            building.is_some_and(|building| matches!(building.peek(), Some(Err(_))))
        };
        let failed = self.tasks.keys().filter(|want| is_failed(&want.context));
        for want in failed.cloned().collect::<Vec<_>>() {
            self.start(&want);
        }
    }

    /// Does one thing once.
    pub fn run(&mut self, effect: &ClusterEffect) {
        match effect {
            ClusterEffect::RetryNow => {
                let built = self
                    .clusters
                    .values()
                    .filter_map(|cluster| cluster.peek()?.as_ref().ok());
                built.for_each(|cluster| cluster.retry_now());
                self.retry_failed();
            }
            ClusterEffect::SetReadOnly(is_read_only) => {
                self.around.guard.set_read_only(*is_read_only)
            }
            ClusterEffect::Read {
                context,
                epoch,
                what,
            } => {
                let building = self.cluster(context);
                let (epoch, what) = (*epoch, what.clone());
                // Ends by itself: some requests, bounded by the client's patience.
                drop(tokio::spawn(async move {
                    if let Ok(cluster) = building.await {
                        let work = read(Arc::clone(&cluster), epoch, what);
                        cluster.contain(work).await;
                    }
                }));
            }
        }
    }

    /// Does one thing about the kept logs.
    pub fn logs(&self, effect: LogsEffect) {
        self.logs.run(effect, self.around.messages.clone());
    }

    /// Asks about a write, or does it: once, in a task of its own that goes on when its handle is
    /// dropped. One that the end of the console cuts short leaves an intent without a result: the next start reads it back.
    pub fn write(&mut self, effect: WriteEffect) -> tokio::task::JoinHandle<()> {
        let context: Arc<str> = effect.context().into();
        let (building, messages) = (self.cluster(&context), self.around.messages.clone());
        tokio::spawn(async move {
            let msg = match building.await {
                Ok(cluster) => {
                    let work = operate::run(effect, &cluster, &messages);
                    return cluster.contain(work).await;
                }
                Err(problem) => operate::not_sent(&effect, problem),
            };
            if let Some(msg) = msg {
                let _ = messages.send(Msg::Write(msg)).await;
            }
        })
    }

    /// Reads the kubeconfig again, runs the context's credential plugin with the terminal, reads its certificates and token
    /// files, and starts all its tasks anew. Call it while the screen is suspended.
    pub async fn login(&mut self, context: &str) -> Result<(), Problem> {
        let contexts = Contexts::read(self.kubeconfig.as_deref())?;
        self.around.contexts = Arc::new(contexts);
        let cluster = build(
            &self.around,
            Some(context),
            self.impersonate.as_deref(),
            Talk::Terminal,
        )
        .await?;
        self.tasks
            .retain(|want, _| want.context.as_ref() != context);
        self.logs.drop_context(context);
        introduce(&cluster);
        self.clusters.insert(
            context.into(),
            std::future::ready(Ok(cluster)).boxed().shared(),
        );
        Ok(())
    }

    /// Requests sent, and requests refused on this machine, since the start.
    pub fn requests(&self) -> (u64, u64) {
        (self.around.guard.sent(), self.around.guard.refused())
    }

    fn cluster(&mut self, context: &Arc<str>) -> Building {
        if let Some(known) = self
            .clusters
            .get(context)
            .filter(|known| !matches!(known.peek(), Some(Err(_))))
        {
            return known.clone();
        }
        let (around, name, acting_as) = (
            self.around.clone(),
            Arc::clone(context),
            self.impersonate.clone(),
        );
        // In a task of its own: it comes to its end whoever has stopped waiting for it.
        let build = tokio::spawn({
            let (around, name) = (around.clone(), Arc::clone(&name));
            async move { build(&around, Some(&name), acting_as.as_deref(), Talk::Nobody).await }
        });
        let tell = tokio::spawn(async move {
            let built = build
                .await
                .unwrap_or_else(|error| Err(contain::fault(&name, error)));
            match &built {
                Ok(cluster) => introduce(cluster),
                Err(problem) => {
                    let msg = ClusterMsg::NotConnected {
                        context: name,
                        problem: problem.clone(),
                    };
                    let _ = around.messages.send(Msg::Cluster(msg)).await;
                }
            }
            built
        });
        let name = Arc::clone(context);
        let building = async move {
            tell.await
                .unwrap_or_else(|error| Err(contain::fault(&name, error)))
        };
        let building = building.boxed().shared();
        self.clusters.insert(Arc::clone(context), building.clone());
        building
    }
}

/// Tells whom we talk to, as soon as the server has said it.
fn introduce(cluster: &Arc<Cluster>) {
    let work = Arc::clone(cluster).introduce();
    drop(tokio::spawn(cluster.contain(work)));
}

async fn read(cluster: Arc<Cluster>, epoch: u32, what: Read) {
    let answer = match what {
        Read::History { workload, selector } => {
            let read = revisions::read(&cluster, &workload, &selector).await;
            ReadAnswer::History(workload.uid, read.map(Box::new))
        }
        Read::Yaml(object) => {
            let read = yaml::read(&cluster, &object).await;
            ReadAnswer::Yaml(object.uid, read.map(Box::new))
        }
        Read::Revisions { list, workloads } => {
            let listed = revision_list::read(&cluster, &list, &workloads).await;
            ReadAnswer::Revisions(list, listed)
        }
        Read::Managers(object, field) => {
            let managers = managers::read(&cluster, &object, field).await;
            ReadAnswer::Managers(object.uid, field, managers)
        }
    };
    let msg = ClusterMsg::Read { epoch, answer };
    let _ = cluster.messages.send(Msg::Cluster(msg)).await;
}

async fn run(want: Want, building: Building, alertmanagers: Arc<Alertmanagers>) {
    let Ok(cluster) = building.await else { return };
    let work = run_on(want, Arc::clone(&cluster), alertmanagers);
    cluster.contain(work).await;
}

async fn run_on(want: Want, cluster: Arc<Cluster>, alertmanagers: Arc<Alertmanagers>) {
    match want.what {
        Watch::Usage(namespace) => usage::run(cluster, namespace, want.epoch).await,
        Watch::Alerts => alerts::run(want.context, cluster, &alertmanagers).await,
        Watch::Table(kind, scope) => tables::run(cluster, kind, scope, want.epoch).await,
        Watch::Detail(object) => tables::detail(cluster, object, want.epoch).await,
        // `logs::Streams` runs them.
        Watch::Logs(_) => {}
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        let (sent, refused) = self.requests();
        tracing::info!(
            sent,
            refused,
            server = Outside::raw(&self.connection.server),
            "requests of this console"
        );
    }
}
