//! The emulated cluster's objects: the few typed fields that decide behaviour; everything else is rendered on demand.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;
use strum::{IntoStaticStr, VariantArray};

use super::daemon_set::DaemonSet;
use super::endpoints::EndpointSlice;
use super::node::Node;
use super::pod::Pod;
use super::revision::ControllerRevision;
use super::stateful_set::StatefulSet;
use super::template::{Template, labels};

/// Milliseconds since the Unix epoch.
pub type Millis = i64;

/// Labels or annotations.
pub type Labels = BTreeMap<String, String>;

/// The kinds that the world holds. The order is the order in which controllers run: pods last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray)]
pub enum Kind {
    Namespace,
    Node,
    /// `apps/v1` Deployment.
    Deployment,
    /// `apps/v1` `StatefulSet`.
    StatefulSet,
    /// `apps/v1` `DaemonSet`.
    DaemonSet,
    /// `apps/v1` `ControllerRevision`.
    ControllerRevision,
    /// `apps/v1` `ReplicaSet`.
    ReplicaSet,
    Pod,
    Service,
    /// `discovery.k8s.io/v1` `EndpointSlice`.
    EndpointSlice,
    /// `autoscaling/v2` `HorizontalPodAutoscaler`.
    #[strum(serialize = "HorizontalPodAutoscaler")]
    Autoscaler,
    /// `policy/v1` `PodDisruptionBudget`.
    #[strum(serialize = "PodDisruptionBudget")]
    Budget,
    Event,
}

impl Kind {
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Whether a controller acts on a change of it.
    pub fn has_controller(self) -> bool {
        matches!(
            self,
            Self::Deployment
                | Self::StatefulSet
                | Self::DaemonSet
                | Self::ReplicaSet
                | Self::Service
                | Self::Autoscaler
                | Self::Budget
        )
    }

    /// The name in an object's `kind`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The value of an object's `apiVersion`.
    pub fn api_version(self) -> &'static str {
        match self {
            Self::Deployment
            | Self::StatefulSet
            | Self::DaemonSet
            | Self::ControllerRevision
            | Self::ReplicaSet => "apps/v1",
            Self::EndpointSlice => "discovery.k8s.io/v1",
            Self::Autoscaler => "autoscaling/v2",
            Self::Budget => "policy/v1",
            Self::Namespace | Self::Node | Self::Pod | Self::Service | Self::Event => "v1",
        }
    }
}

/// Where an object lives. The namespace of a cluster-wide object is empty. Sorts as etcd does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Namespace; empty when the kind has none.
    pub namespace: Arc<str>,
    pub name: Arc<str>,
}

impl Key {
    /// A key from its two parts.
    pub fn new(namespace: impl Into<Arc<str>>, name: impl Into<Arc<str>>) -> Self {
        Self {
            namespace: namespace.into(),
            name: name.into(),
        }
    }
}

/// An object's identity over all time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uid(pub u128);

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = format!("{:032x}", self.0);
        write!(
            f,
            "{}-{}-{}-{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..]
        )
    }
}

/// The controller that owns an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Kind of the owner.
    pub kind: Kind,
    /// Its name, in the same namespace.
    pub name: Arc<str>,
    pub uid: Uid,
}

/// A deletion that waits for its grace period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// `deletionTimestamp`: when the grace ends.
    pub at: Millis,
    pub grace_s: u32,
}

/// What all objects have.
#[derive(Clone, Debug, PartialEq)]
pub struct Meta {
    /// Namespace and name.
    pub key: Key,
    pub uid: Uid,
    /// `resourceVersion`; 0 until stored.
    pub version: u64,
    /// `generation`; 0 is not rendered.
    pub generation: u64,
    pub created: Millis,
    /// Set while the object waits to go.
    pub deletion: Option<Deletion>,
    pub labels: Arc<Labels>,
    pub annotations: Arc<Labels>,
    /// Controller, if any.
    pub owner: Option<Arc<Owner>>,
    /// Whether the name was made from a prefix and an ending.
    pub generated: bool,
}

impl Meta {
    /// The value of an annotation as a number; 0 when absent or malformed, as the controllers read it.
    pub fn annotation_number(&self, name: &str) -> u64 {
        self.annotations
            .get(name)
            .and_then(|v| v.parse().ok())
            .unwrap_or(0)
    }

    /// Sets one annotation.
    pub fn annotate(&mut self, name: &str, value: &impl ToString) {
        Arc::make_mut(&mut self.annotations).insert(name.to_owned(), value.to_string());
    }
}

/// A number of pods, absolute or of the desired number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    Count(u32),
    /// So many per cent.
    Percent(u32),
}

/// How a Deployment replaces its pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// All old pods go before the first new one comes.
    Recreate,
    /// Step by step.
    Rolling { surge: Amount, unavailable: Amount },
}

/// A condition in a Deployment's status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub kind: &'static str,
    /// `True`, `False` or `Unknown`.
    pub status: &'static str,
    pub reason: &'static str,
    pub message: String,
    pub updated: Millis,
    pub changed: Millis,
}

/// What the Deployment controller last saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeploymentStatus {
    pub observed: u64,
    /// Pods that are not being deleted.
    pub replicas: u32,
    /// Of those, pods of the newest template.
    pub updated: u32,
    pub ready: u32,
    /// Pods ready for `minReadySeconds`.
    pub available: u32,
    /// `Available` and `Progressing`.
    pub conditions: Vec<Condition>,
}

impl DeploymentStatus {
    /// The condition of that type.
    pub fn condition(&self, kind: &str) -> Option<&Condition> {
        self.conditions.iter().find(|c| c.kind == kind)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    pub meta: Meta,
    pub replicas: u32,
    /// `spec.paused`.
    pub paused: bool,
    /// `spec.strategy`.
    pub strategy: Strategy,
    /// `spec.minReadySeconds`.
    pub min_ready_s: u32,
    /// `spec.progressDeadlineSeconds`.
    pub deadline_s: u32,
    /// `spec.revisionHistoryLimit`.
    pub history_limit: u32,
    /// `spec.selector.matchLabels`.
    pub selector: Arc<Labels>,
    /// `spec.template`.
    pub template: Arc<Template>,
    pub status: DeploymentStatus,
}

/// What the `ReplicaSet` controller last saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReplicaSetStatus {
    pub observed: u64,
    /// Pods that are not being deleted.
    pub replicas: u32,
    pub ready: u32,
    /// Pods ready for `minReadySeconds`.
    pub available: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ReplicaSet {
    pub meta: Meta,
    pub replicas: u32,
    /// `spec.minReadySeconds`.
    pub min_ready_s: u32,
    /// `spec.selector.matchLabels`, with the template's hash.
    pub selector: Arc<Labels>,
    /// `spec.template`, with the hash among its labels.
    pub template: Arc<Template>,
    pub status: ReplicaSetStatus,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub meta: Meta,
    /// Kind of the object it is about.
    pub kind: Kind,
    pub object: Key,
    pub object_uid: Uid,
    /// `fieldPath`, empty for none.
    pub field: String,
    /// `type` is Warning.
    pub warning: bool,
    pub reason: &'static str,
    pub message: String,
    /// `source.component`.
    pub component: &'static str,
    /// `source.host`, empty for none.
    pub host: Arc<str>,
    pub first: Millis,
    pub last: Millis,
    pub count: u32,
}

/// An object whose spec is kept as the JSON it came as, with a real API server's defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct Described {
    pub meta: Meta,
    pub spec: Value,
    /// `status`; null while its controller has not looked.
    pub status: Value,
}

impl Described {
    /// `spec.selector`, or its `matchLabels`; none selects nothing.
    pub fn selector(&self) -> Option<Labels> {
        let selector = self.spec.get("selector")?;
        Some(labels(Some(
            selector.get("matchLabels").unwrap_or(selector),
        )))
    }
}

/// A Namespace: name and age are all that is asked of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Plain {
    pub meta: Meta,
}

/// Any object of the world.
#[derive(Clone, Debug, PartialEq, strum::EnumTryAs)]
pub enum Object {
    Namespace(Arc<Plain>),
    Node(Arc<Node>),
    Deployment(Arc<Deployment>),
    StatefulSet(Arc<StatefulSet>),
    DaemonSet(Arc<DaemonSet>),
    ControllerRevision(Arc<ControllerRevision>),
    ReplicaSet(Arc<ReplicaSet>),
    Pod(Arc<Pod>),
    Service(Arc<Described>),
    EndpointSlice(Arc<EndpointSlice>),
    Autoscaler(Arc<Described>),
    Budget(Arc<Described>),
    Event(Arc<Event>),
}

impl Object {
    pub fn meta(&self) -> &Meta {
        match self {
            Self::Namespace(o) => &o.meta,
            Self::Node(o) => &o.meta,
            Self::Service(o) | Self::Autoscaler(o) | Self::Budget(o) => &o.meta,
            Self::EndpointSlice(o) => &o.meta,
            Self::Deployment(o) => &o.meta,
            Self::StatefulSet(o) => &o.meta,
            Self::DaemonSet(o) => &o.meta,
            Self::ControllerRevision(o) => &o.meta,
            Self::ReplicaSet(o) => &o.meta,
            Self::Pod(o) => &o.meta,
            Self::Event(o) => &o.meta,
        }
    }

    /// Its metadata, to change.
    pub fn meta_mut(&mut self) -> &mut Meta {
        match self {
            Self::Namespace(o) => &mut Arc::make_mut(o).meta,
            Self::Node(o) => &mut Arc::make_mut(o).meta,
            Self::Service(o) | Self::Autoscaler(o) | Self::Budget(o) => &mut Arc::make_mut(o).meta,
            Self::EndpointSlice(o) => &mut Arc::make_mut(o).meta,
            Self::Deployment(o) => &mut Arc::make_mut(o).meta,
            Self::StatefulSet(o) => &mut Arc::make_mut(o).meta,
            Self::DaemonSet(o) => &mut Arc::make_mut(o).meta,
            Self::ControllerRevision(o) => &mut Arc::make_mut(o).meta,
            Self::ReplicaSet(o) => &mut Arc::make_mut(o).meta,
            Self::Pod(o) => &mut Arc::make_mut(o).meta,
            Self::Event(o) => &mut Arc::make_mut(o).meta,
        }
    }

    pub fn kind(&self) -> Kind {
        match self {
            Self::Namespace(_) => Kind::Namespace,
            Self::Node(_) => Kind::Node,
            Self::Deployment(_) => Kind::Deployment,
            Self::StatefulSet(_) => Kind::StatefulSet,
            Self::DaemonSet(_) => Kind::DaemonSet,
            Self::ControllerRevision(_) => Kind::ControllerRevision,
            Self::ReplicaSet(_) => Kind::ReplicaSet,
            Self::Pod(_) => Kind::Pod,
            Self::Service(_) => Kind::Service,
            Self::EndpointSlice(_) => Kind::EndpointSlice,
            Self::Autoscaler(_) => Kind::Autoscaler,
            Self::Budget(_) => Kind::Budget,
            Self::Event(_) => Kind::Event,
        }
    }
}
