//! What a test sees of a cluster through the library's front door: wants in, messages out, folded into plain maps.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kubernetes::clock::Clock;
use kubernetes::{CHANNEL_MESSAGES, Connect, Source, connect};
use model::changes::{ChangeField, FieldManager};
use model::cluster::{Connection, Health, Kind, NamespaceRow, ObjectRef, Problem, Scope};
use model::configs::{AutoscalerRow, ConfigRow};
use model::detail::Detail;
use model::endpoints::EndpointSliceRow;
use model::events::EventRow;
use model::message::{
    ClusterEffect, ClusterMsg, Msg, Read, ReadAnswer, TableChange, Want, Watch, WatchChange,
};
use model::meta::Row;
use model::meta::Uid;
use model::nodes::NodeRow;
use model::owner::Owner;
use model::pods::PodRow;
use model::revision_list::{RevisionList, RevisionRow};
use model::services::ServiceRow;
use model::workload::WorkloadRow;
use model::yaml::Document;
use tokio::sync::mpsc;

/// One table: what a model must make of its messages.
pub struct Table<R> {
    pub rows: BTreeMap<Uid, (u32, R)>,
    pub generation: u32,
    pub synced: u32,
    pub health: Option<Health>,
    /// Every health told, in order.
    pub healths: Vec<Health>,
    pub unreadable: usize,
}

/// Everything that was told.
#[derive(Default)]
pub struct Seen {
    pub services: Table<ServiceRow>,
    pub endpoints: Table<EndpointSliceRow>,
    pub nodes: Table<NodeRow>,
    pub configmaps: Table<ConfigRow>,
    pub secrets: Table<ConfigRow>,
    pub autoscalers: Table<AutoscalerRow>,
    /// Who wrote to the object that was asked about last.
    pub managers: Option<Option<Vec<FieldManager>>>,
    pub pods: Table<PodRow>,
    pub deployments: Table<WorkloadRow>,
    pub namespaces: Table<NamespaceRow>,
    pub warnings: Table<EventRow>,
    pub detail: Table<Detail>,
    pub detail_events: Table<EventRow>,
    pub connection: Option<Connection>,
    pub not_connected: Option<Problem>,
    pub narrowed: Option<(Scope, String)>,
    pub skew_s: Option<i64>,
    pub yaml: Option<Result<Box<Document>, Problem>>,
    pub revisions: Option<Result<Vec<RevisionRow>, Problem>>,
}

/// A source at work, and what it told so far.
pub struct Watching {
    pub source: Source,
    pub seen: Seen,
    messages: mpsc::Receiver<Msg>,
}

impl<R> Default for Table<R> {
    fn default() -> Self {
        Table {
            rows: BTreeMap::new(),
            generation: 0,
            synced: 0,
            health: None,
            healths: Vec::new(),
            unreadable: 0,
        }
    }
}

impl<R: Row> Table<R> {
    fn apply(&mut self, change: WatchChange<R>) {
        match change {
            WatchChange::Begin { generation } => self.generation = generation,
            WatchChange::Batch {
                rows,
                gone,
                unreadable,
            } => {
                for row in rows {
                    let uid = row.meta().uid.clone();
                    self.rows.insert(uid, (self.generation, row));
                }
                for uid in gone {
                    self.rows.remove(&uid);
                }
                self.unreadable += unreadable.len();
            }
            WatchChange::Synced { generation } => {
                assert_eq!(generation, self.generation);
                self.rows.retain(|_, (seen, _)| *seen == generation);
                self.synced += 1;
            }
            WatchChange::Health(health) => {
                self.healths.push(health.clone());
                self.health = Some(health);
            }
        }
    }

    pub fn is_live(&self) -> bool {
        matches!(self.health, Some(Health::Live { .. }))
    }

    pub fn is_stale(&self) -> bool {
        matches!(self.health, Some(Health::Stale { .. }))
    }

    pub fn stopped(&self) -> Option<&Problem> {
        match &self.health {
            Some(Health::Stopped { problem }) => Some(problem),
            _ => None,
        }
    }

    pub fn rows(&self) -> impl Iterator<Item = &R> {
        self.rows.values().map(|(_, row)| row)
    }
}

impl Seen {
    fn apply(&mut self, msg: ClusterMsg) {
        match msg {
            ClusterMsg::Table { change, .. } => self.change(change),
            ClusterMsg::Read { answer, .. } => match answer {
                ReadAnswer::Yaml(_, read) => self.yaml = Some(read),
                ReadAnswer::Revisions(_, listed) => self.revisions = Some(listed),
                ReadAnswer::Managers(.., managers) => self.managers = Some(managers),
                ReadAnswer::History(..) => {}
            },
            ClusterMsg::Connected(connection) => self.connection = Some(connection),
            ClusterMsg::NotConnected { problem, .. } => self.not_connected = Some(problem),
            ClusterMsg::Narrowed { scope, words, .. } => {
                self.narrowed = Some((scope, words.raw().to_owned()));
            }
            ClusterMsg::Clock { skew_s, .. } => self.skew_s = Some(skew_s),
            ClusterMsg::Usage { .. }
            | ClusterMsg::Waiting { .. }
            | ClusterMsg::Credentials { .. } => {}
        }
    }

    fn change(&mut self, change: TableChange) {
        match change {
            TableChange::Pods(change) => self.pods.apply(change),
            TableChange::Deployments(change) => self.deployments.apply(change),
            TableChange::Namespaces(change) => self.namespaces.apply(change),
            TableChange::Warnings(change) => self.warnings.apply(change),
            TableChange::Services(change) => self.services.apply(change),
            TableChange::EndpointSlices(change) => self.endpoints.apply(change),
            TableChange::Nodes(change) => self.nodes.apply(change),
            TableChange::Detail(_, change) => self.detail.apply(change),
            TableChange::DetailEvents(_, change) => self.detail_events.apply(change),
            TableChange::ConfigMaps(change) => self.configmaps.apply(change),
            TableChange::Secrets(change) => self.secrets.apply(change),
            TableChange::Autoscalers(change) => self.autoscalers.apply(change),
            TableChange::StatefulSets(_) | TableChange::DaemonSets(_) => {}
        }
    }

    /// `name ready`, sorted: to compare with kubectl.
    pub fn pod_lines(&self) -> Vec<String> {
        let line = |row: &PodRow| {
            let ready = row.ready.as_ref().is_some_and(|ready| ready.is_true);
            let (namespace, name) = (row.namespace.raw(), row.name.raw());
            format!("{namespace}/{name} {:?} {ready}", row.phase)
        };
        let mut lines: Vec<String> = self.pods.rows().map(line).collect();
        lines.sort();
        lines
    }
}

/// The flags of a console that reads this kubeconfig.
pub fn flags(kubeconfig: &Path) -> Connect {
    Connect {
        kubeconfig: Some(kubeconfig.to_owned()),
        context: None,
        impersonate: None,
        request_timeout: None,
        is_read_only: true,
        alertmanagers: kubernetes::alertmanager::Alertmanagers::default(),
        clock: Clock::new(Instant::now()),
    }
}

impl Watching {
    /// Connects; panics with the problem's words when that fails.
    pub async fn new(connect_flags: Connect) -> Watching {
        let (sender, messages) = mpsc::channel(CHANNEL_MESSAGES);
        let source = connect(connect_flags, sender).await;
        let source = source.unwrap_or_else(|problem| panic!("{}", problem.what.raw()));
        Watching {
            source,
            seen: Seen::default(),
            messages,
        }
    }

    /// Wants the pods and Deployments of a scope.
    pub fn want(&mut self, scope: &Scope) {
        self.want_all([self.pods(scope), self.deployments(scope)]);
    }

    pub fn want_all<const N: usize>(&mut self, wants: [Want; N]) {
        self.source.reconcile(&BTreeSet::from(wants));
    }

    pub fn context(&self) -> Arc<str> {
        Arc::clone(&self.source.connection().context)
    }

    /// Asks for an object as YAML, once; what is answered.
    pub async fn yaml(&mut self, object: &ObjectRef) -> Result<Document, Problem> {
        self.seen.yaml = None;
        self.source.run(&ClusterEffect::Read {
            context: self.context(),
            epoch: 1,
            what: Read::Yaml(object.clone()),
        });
        self.until("the object is read, or not", |seen| seen.yaml.is_some())
            .await;
        let answer = self.seen.yaml.take();
        answer.expect("waited for it").map(|document| *document)
    }

    /// Asks who wrote to an object, once; what is answered.
    pub async fn managers(
        &mut self,
        object: &ObjectRef,
        field: ChangeField,
    ) -> Option<Vec<FieldManager>> {
        self.seen.managers = None;
        self.source.run(&ClusterEffect::Read {
            context: self.context(),
            epoch: 1,
            what: Read::Managers(object.clone(), field),
        });
        self.until("the metadata is read, or not", |seen| {
            seen.managers.is_some()
        })
        .await;
        self.seen.managers.take().expect("waited for it")
    }

    /// Asks for the revisions of these workloads, once; what is answered.
    pub async fn revisions(
        &mut self,
        list: &RevisionList,
        workloads: Vec<Owner>,
    ) -> Result<Vec<RevisionRow>, Problem> {
        self.seen.revisions = None;
        self.source.run(&ClusterEffect::Read {
            context: self.context(),
            epoch: 1,
            what: Read::Revisions {
                list: list.clone(),
                workloads,
            },
        });
        self.until("the revisions are read, or not", |seen| {
            seen.revisions.is_some()
        })
        .await;
        self.seen.revisions.take().expect("waited for it")
    }

    pub fn wanted(&self, what: Watch) -> Want {
        Want {
            context: self.context(),
            what,
            epoch: 1,
        }
    }

    pub fn table(&self, kind: Kind, scope: &Scope) -> Want {
        self.wanted(Watch::Table(kind, scope.clone()))
    }

    pub fn pods(&self, scope: &Scope) -> Want {
        self.table(Kind::Pod, scope)
    }

    pub fn deployments(&self, scope: &Scope) -> Want {
        self.table(Kind::Deployment, scope)
    }

    /// Takes messages until this is true; panics with its name after `patience`.
    pub async fn until_within(
        &mut self,
        patience: Duration,
        what: &str,
        is_true: impl Fn(&Seen) -> bool,
    ) {
        let end = tokio::time::Instant::now() + patience;
        while !is_true(&self.seen) {
            let message = tokio::time::timeout_at(end, self.messages.recv()).await;
            match message {
                Ok(Some(Msg::Cluster(msg))) => self.seen.apply(msg),
                Ok(Some(_)) => {}
                Ok(None) => panic!("the source ended before: {what}"),
                Err(tokio::time::error::Elapsed { .. }) => panic!(
                    "never came true: {what}; pods {} of generation {}, {:?}",
                    self.seen.pods.rows.len(),
                    self.seen.pods.generation,
                    self.seen.pods.health
                ),
            }
        }
    }

    /// Takes messages for so long.
    pub async fn listen_for(&mut self, time: Duration) {
        let end = tokio::time::Instant::now() + time;
        while let Ok(Some(message)) = tokio::time::timeout_at(end, self.messages.recv()).await {
            if let Msg::Cluster(msg) = message {
                self.seen.apply(msg);
            }
        }
    }

    /// [`Watching::until_within`] the patience of the tests.
    pub async fn until(&mut self, what: &str, is_true: impl Fn(&Seen) -> bool) {
        self.until_within(super::control_plane::PATIENCE, what, is_true)
            .await;
    }
}
