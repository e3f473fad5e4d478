//! One line for each thing that can be wanted: where it lives in the API, and which message carries it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::cluster::Cluster;
use super::decode::FromWire;
use super::detail::{DeploymentDetail, PodDetail};
use super::outbox::{Outbox, Wrap};
use super::request::{Target, segment};
use super::rights;
use super::watch::{Plan, Watch};
use super::watch_driver::drive;
use model::cluster::{Kind, ObjectRef, Problem, Scope};
use model::detail::Detail;
use model::message::{ClusterMsg, Msg, Resource, TableChange, WatchChange};

const CORE: &str = "/api/v1";
const APPS: &str = "/apis/apps/v1";
const DISCOVERY: &str = "/apis/discovery.k8s.io/v1";
/// Warning Events of the first list: they come straight from etcd, and a cluster in trouble has tens of thousands.
const WARNINGS_MAX: u32 = 1_000;

/// Watches a table until it is dropped.
pub(super) async fn run(cluster: Arc<Cluster>, resource: Resource, scope: Scope, epoch: u32) {
    use Resource as R;
    use TableChange as T;
    let at = |group, plural| target(group, plural, scope.clone());
    match resource {
        R::Pods => {
            let target = at(CORE, "pods");
            let narrow = {
                let cluster = Arc::clone(&cluster);
                move |_: Problem| {
                    let work = rights::narrow(Arc::clone(&cluster), scope.clone(), epoch);
                    drop(tokio::spawn(cluster.contain(work)))
                }
            };
            table(cluster, target, wrap(epoch, T::Pods), narrow).await;
        }
        R::Deployments => {
            let target = at(APPS, "deployments");
            table(cluster, target, wrap(epoch, T::Deployments), drop).await;
        }
        R::StatefulSets => {
            let target = at(APPS, "statefulsets");
            table(cluster, target, wrap(epoch, T::StatefulSets), drop).await;
        }
        R::DaemonSets => {
            let target = at(APPS, "daemonsets");
            table(cluster, target, wrap(epoch, T::DaemonSets), drop).await;
        }
        R::Warnings => {
            let target = Target {
                fields: Some("type%21%3DNormal".to_owned()),
                limit: Some(WARNINGS_MAX),
                ..at(CORE, "events")
            };
            table(cluster, target, wrap(epoch, T::Warnings), drop).await;
        }
        R::Namespaces => {
            let target = at(CORE, "namespaces");
            table(cluster, target, wrap(epoch, T::Namespaces), drop).await;
        }
        R::Services => {
            let target = at(CORE, "services");
            table(cluster, target, wrap(epoch, T::Services), drop).await;
        }
        R::EndpointSlices => {
            let target = at(DISCOVERY, "endpointslices");
            table(cluster, target, wrap(epoch, T::EndpointSlices), drop).await;
        }
        R::Nodes => {
            let target = at(CORE, "nodes");
            table(cluster, target, wrap(epoch, T::Nodes), drop).await;
        }
    }
}

fn wrap<R: FromWire>(
    epoch: u32,
    table: impl Fn(WatchChange<R>) -> TableChange + Send + 'static,
) -> Wrap<R> {
    Box::new(move |change| {
        Msg::Cluster(ClusterMsg::Table {
            epoch,
            change: table(change),
        })
    })
}

/// Watches the object by its name, and its Events by its uid.
pub(super) async fn detail(cluster: Arc<Cluster>, object: ObjectRef, epoch: u32) {
    let scope = object
        .namespace
        .clone()
        .map_or(Scope::All, Scope::Namespace);
    let uid = object.uid.clone();
    let events = Target {
        fields: Some(format!("involvedObject.uid%3D{}", segment(&uid))),
        ..target(CORE, "events", scope.clone())
    };
    let events = table(
        Arc::clone(&cluster),
        events,
        wrap(epoch, move |change| {
            TableChange::DetailEvents(uid.clone(), change)
        }),
        drop,
    );
    let uid = object.uid.clone();
    let fields = Some(format!("metadata.name%3D{}", segment(object.name.raw())));
    match object.kind {
        Kind::Pod => {
            let target = Target {
                fields,
                ..target(CORE, "pods", scope)
            };
            let wrap = wrap(epoch, move |change| {
                TableChange::Detail(uid.clone(), unwrapped(change, |row: PodDetail| row.0))
            });
            tokio::join!(events, table(cluster, target, wrap, drop));
        }
        Kind::Deployment => {
            let target = Target {
                fields,
                ..target(APPS, "deployments", scope)
            };
            let wrap = wrap(epoch, move |change| {
                let row_of = |row: DeploymentDetail| row.0;
                TableChange::Detail(uid.clone(), unwrapped(change, row_of))
            });
            tokio::join!(events, table(cluster, target, wrap, drop));
        }
        Kind::ReplicaSet
        | Kind::StatefulSet
        | Kind::DaemonSet
        | Kind::ControllerRevision
        | Kind::Event
        | Kind::Namespace => events.await,
    }
}

fn target(group: &'static str, plural: &'static str, scope: Scope) -> Target {
    Target {
        group,
        plural,
        scope,
        fields: None,
        limit: None,
    }
}

async fn table<R: FromWire>(
    cluster: Arc<Cluster>,
    target: Target,
    wrap: Wrap<R>,
    forbidden: impl Fn(Problem) + Send,
) {
    let streams = target.limit.is_none() && !cluster.no_streams.load(Ordering::Relaxed);
    let plan = Plan {
        what: target.words().into(),
        streams,
    };
    let outbox = Outbox::new(cluster.messages.clone(), wrap);
    drive(
        cluster,
        target,
        Watch::new(plan, fastrand::u64(..)),
        outbox,
        forbidden,
    )
    .await;
}

fn unwrapped<R>(change: WatchChange<R>, row_of: impl Fn(R) -> Detail) -> WatchChange<Detail> {
    match change {
        WatchChange::Begin { generation } => WatchChange::Begin { generation },
        WatchChange::Batch {
            rows,
            gone,
            unreadable,
        } => WatchChange::Batch {
            rows: rows.into_iter().map(row_of).collect(),
            gone,
            unreadable,
        },
        WatchChange::Synced { generation } => WatchChange::Synced { generation },
        WatchChange::Health(health) => WatchChange::Health(health),
    }
}
