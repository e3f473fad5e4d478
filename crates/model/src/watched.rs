//! The cluster as it is seen: whom we asked, how fresh each answer is, and the tables.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cluster::{Connection, Health, NamespaceRow, ObjectRef, Problem, ProblemClass, Scope};
use super::configs::Configs;
use super::detail::Detail;
use super::events::EventRow;
use super::link::WorkloadName;
use super::pod_events::EventIndex;
use super::pods::PodRow;
use super::serving::Serving;
use super::table::{SortKey, Standing, Table};
use super::time::{At, Seconds};
use super::usage::Measured;
use super::workload::WorkloadRow;
use text::Outside;

/// What is watched, and where.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// Kubeconfig context in use.
    pub context: Outside,
    /// Whom we talk to, once known.
    pub connection: Option<Connection>,
    /// All contexts of the kubeconfig, sorted: known whether one of them can be used or not.
    pub contexts: Vec<Arc<str>>,
    /// What pods use, of the namespaces whose use is shown.
    pub measured: Measured,
    /// What the context waits for before it is reached.
    pub waits_for: Option<Outside>,
    /// Why there are no new credentials, while what was opened with the old ones may still be live.
    pub unrenewed: Option<Problem>,
    /// Why the context cannot be used at all.
    pub refused: Option<Problem>,
    /// What is watched.
    pub scope: Scope,
    /// Moves with each switch: what belongs to an older one is dropped.
    pub epoch: u32,
    /// The context was just chosen: its own namespace is looked at once it is known.
    pub awaits_namespace: bool,
    /// What the rights do not allow, in words.
    pub limit: Option<Outside>,
    /// The contexts that were looked at before: whom one talks to there is said once.
    pub visited: BTreeMap<Outside, VisitedContext>,
    /// The servers' clocks less ours, in seconds, by context; missing before an answer bore a `Date`.
    pub skews: BTreeMap<Outside, i64>,
    pub pods: Watched<PodRow>,
    pub deployments: Watched<WorkloadRow>,
    pub statefulsets: Watched<WorkloadRow>,
    pub daemonsets: Watched<WorkloadRow>,
    /// Namespaces: the one of the scope, or all of them for the switcher.
    pub namespaces: Watched<NamespaceRow>,
    /// Events that are not normal.
    pub warnings: Watched<EventRow>,
    /// The same by what they are about.
    pub warning_index: EventIndex,
    /// Services, their endpoints, nodes.
    pub serving: Serving,
    /// What pods read, and what scales them.
    pub configs: Configs,
    /// What somebody looks at.
    pub detail: Option<DetailSeen>,
    /// When workloads were written to that are healed by it, by the server's clock: how their pods ended before is past.
    pub recovered: BTreeMap<WorkloadName, Seconds>,
}

/// One object that somebody looks at, as far as it is known.
#[derive(Clone, Debug)]
pub struct DetailSeen {
    pub object: ObjectRef,
    /// The object, once it came; stays after it is gone from the cluster.
    pub detail: Option<Detail>,
    /// It was there and is gone.
    pub is_gone: bool,
    /// How fresh it is.
    pub health: Health,
    /// Its Events, the latest first.
    pub events: Watched<EventRow>,
}

impl DetailSeen {
    /// Nothing known yet.
    pub fn new(object: ObjectRef) -> Self {
        DetailSeen {
            object,
            detail: None,
            is_gone: false,
            health: Health::Connecting,
            events: Watched::default(),
        }
    }
}

impl Cluster {
    /// Nothing seen yet.
    pub fn new(context: Outside, scope: Scope) -> Self {
        Cluster {
            context,
            connection: None,
            contexts: Vec::new(),
            measured: Measured::default(),
            waits_for: None,
            unrenewed: None,
            refused: None,
            scope,
            epoch: 0,
            awaits_namespace: false,
            limit: None,
            visited: BTreeMap::new(),
            skews: BTreeMap::new(),
            pods: Watched::default(),
            deployments: Watched::default(),
            statefulsets: Watched::default(),
            daemonsets: Watched::default(),
            namespaces: Watched::default(),
            warnings: Watched::default(),
            warning_index: EventIndex::default(),
            serving: Serving::default(),
            configs: Configs::default(),
            detail: None,
            recovered: BTreeMap::new(),
        }
    }

    /// The server's clock less ours, in seconds, where it is known.
    pub fn skew_s(&self) -> Option<i64> {
        self.skews.get(&self.context).copied()
    }

    /// What is wrong with the pods, which are what the console is for.
    pub fn problem(&self) -> Option<&Problem> {
        self.refused.as_ref().or_else(|| self.pods.health.problem())
    }

    /// What is wrong with the namespace that is watched. Where it may not be read, nothing is known of it.
    pub fn scope_trouble(&self) -> Option<ScopeTrouble> {
        let Scope::Namespace(name) = &self.scope else {
            return None;
        };
        let is_fresh = matches!(
            self.namespaces.health,
            Health::Live { .. } | Health::Polling { .. }
        );
        if !self.namespaces.is_complete || !is_fresh {
            return None;
        }
        let mut rows = self.namespaces.table.rows();
        match rows.find(|row| row.name == *name) {
            None => Some(ScopeTrouble::Missing),
            Some(row) => row.is_terminating.then_some(ScopeTrouble::Terminating),
        }
    }

    /// What is not seen although the pods are, in words.
    pub fn limits(&self) -> Vec<&Outside> {
        let stopped = [
            &self.deployments.health,
            &self.statefulsets.health,
            &self.daemonsets.health,
            &self.warnings.health,
        ]
        .into_iter()
        .filter_map(Health::stopped);
        self.limit
            .iter()
            .chain(
                stopped
                    .chain(self.serving.stopped())
                    .map(|problem| &problem.what),
            )
            .collect()
    }

    /// Kinds of which changes are not seen, each with the reason: `ConfigMaps: not watched (forbidden)`.
    pub fn unwatched(&self) -> Vec<Outside> {
        let serving = &self.serving;
        let kinds = [
            ("Deployments", &self.deployments.health),
            ("StatefulSets", &self.statefulsets.health),
            ("DaemonSets", &self.daemonsets.health),
            ("Services", &serving.services.health),
            ("EndpointSlices", &serving.endpoints.health),
            ("nodes", &serving.nodes.health),
            ("namespaces", &self.namespaces.health),
            ("ConfigMaps", &self.configs.configmaps.health),
            ("Secrets", &self.configs.secrets.health),
            ("HPAs", &self.configs.autoscalers.health),
        ];
        let stopped = kinds.into_iter().filter_map(|(kind, health)| {
            let why = match health.stopped()?.class {
                ProblemClass::Forbidden => "forbidden".into(),
                ProblemClass::Unreachable
                | ProblemClass::Unauthorized
                | ProblemClass::Throttled
                | ProblemClass::ServerError
                | ProblemClass::BadAnswer
                | ProblemClass::Refused => health.stopped()?.what.clone(),
            };
            Some(format!("{kind}: not watched ({})", why.raw()).into())
        });
        stopped.collect()
    }

    /// Looks elsewhere: the tables begin anew, and what still comes from before is dropped.
    pub fn switch(&mut self, context: Outside, scope: Scope) {
        let is_same_context = context == self.context;
        let before = std::mem::replace(self, Cluster::new(context, scope));
        (self.epoch, self.contexts) = (before.epoch + 1, before.contexts);
        (self.skews, self.visited) = (before.skews, before.visited);
        if is_same_context {
            self.connection = before.connection;
            self.unrenewed = before.unrenewed;
        } else if let Some(connection) = before.connection {
            let scope = before.scope;
            let visited = VisitedContext { connection, scope };
            self.visited.insert(before.context, visited);
        }
    }

    /// Looks at a context: where it was left, else at its own namespace as soon as that is known.
    pub fn visit(&mut self, context: Outside) {
        let known = if context == self.context {
            self.connection.clone().map(|connection| VisitedContext {
                scope: connection
                    .namespace
                    .clone()
                    .map_or(Scope::All, Scope::Namespace),
                connection,
            })
        } else {
            self.visited.get(&context).cloned()
        };
        match known {
            Some(visited) => {
                self.switch(context, visited.scope);
                self.connection = Some(visited.connection);
            }
            None => {
                self.switch(context, Scope::All);
                self.awaits_namespace = true;
            }
        }
    }
}

/// How a context was left.
#[derive(Clone, Debug)]
pub struct VisitedContext {
    pub connection: Connection,
    pub scope: Scope,
}

/// Why there is little to see in a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeTrouble {
    /// The cluster has no namespace of that name.
    Missing,
    /// It is being deleted with all that is in it.
    Terminating,
}

impl ScopeTrouble {
    pub fn words(self) -> &'static str {
        match self {
            ScopeTrouble::Missing => "no such namespace",
            ScopeTrouble::Terminating => "namespace is being deleted",
        }
    }
}

/// A table and how fresh it is.
#[derive(Clone, Debug)]
pub struct Watched<R> {
    pub table: Table<R>,
    /// How the watch stands.
    pub health: Health,
    /// A complete list has been seen: only now "none" means none.
    pub is_complete: bool,
    /// Objects that could not be read.
    pub unreadable: Vec<Outside>,
    /// When it was heard of last before a silence that is not over, or a list that is not complete: what comes now happened
    /// at some time after that.
    pub silent_since: Option<At>,
}

impl<R> Watched<R> {
    /// How the watch stands from now on.
    pub fn on_health(&mut self, health: Health) {
        let before = std::mem::replace(&mut self.health, health);
        if self.health.is_current() {
            self.silent_since = None;
        } else {
            let heard = self.health.heard().or(before.heard());
            self.silent_since = self.silent_since.or(heard);
        }
    }

    /// A list begins.
    pub fn on_list(&mut self) {
        self.unreadable.clear();
        if self.is_complete {
            self.silent_since = self.silent_since.or(self.health.heard());
        }
    }
}

impl<R> Default for Watched<R> {
    fn default() -> Self {
        Watched {
            table: Table::default(),
            health: Health::Connecting,
            is_complete: false,
            unreadable: Vec::new(),
            silent_since: None,
        }
    }
}

/// Events stand by time, the latest first.
pub fn stand_event(event: &EventRow) -> Standing {
    let key = SortKey::Number(event.last.map_or(0, |last| -last.unix()));
    Standing {
        key,
        is_sick: event.is_warning,
        is_listed: true,
        aside: None,
        due: None,
    }
}
