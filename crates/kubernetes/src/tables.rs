//! One line for each thing that can be wanted: where it lives in the API, and which message carries it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::cluster::Cluster;
use super::decode::{FromWire, Wire};
use super::outbox::{Fold, Outbox, Wrap};
use super::request::{Target, segment};
use super::rights;
use super::watch::{Plan, Watch};
use super::watch_driver::drive;
use super::wire::{apps, core, discovery};
use model::cluster::{Kind, ObjectRef, Problem, Scope};
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
            table::<core::Pod, _>(cluster, target, wrap(epoch, T::Pods), narrow).await;
        }
        R::Deployments => {
            let target = at(APPS, "deployments");
            table::<apps::Deployment, _>(cluster, target, wrap(epoch, T::Deployments), drop).await;
        }
        R::StatefulSets => {
            let target = at(APPS, "statefulsets");
            table::<apps::StatefulSet, _>(cluster, target, wrap(epoch, T::StatefulSets), drop)
                .await;
        }
        R::DaemonSets => {
            let target = at(APPS, "daemonsets");
            table::<apps::DaemonSet, _>(cluster, target, wrap(epoch, T::DaemonSets), drop).await;
        }
        R::Warnings => {
            let target = Target {
                fields: Some("type%21%3DNormal".to_owned()),
                limit: Some(WARNINGS_MAX),
                ..at(CORE, "events")
            };
            table::<core::Event, _>(cluster, target, wrap(epoch, T::Warnings), drop).await;
        }
        R::Namespaces => {
            let target = at(CORE, "namespaces");
            table::<core::Namespace, _>(cluster, target, wrap(epoch, T::Namespaces), drop).await;
        }
        R::Services => {
            let target = at(CORE, "services");
            table::<core::Service, _>(cluster, target, wrap(epoch, T::Services), drop).await;
        }
        R::EndpointSlices => {
            let target = at(DISCOVERY, "endpointslices");
            table::<discovery::EndpointSlice, _>(
                cluster,
                target,
                wrap(epoch, T::EndpointSlices),
                drop,
            )
            .await;
        }
        R::Nodes => {
            let target = at(CORE, "nodes");
            table::<core::Node, _>(cluster, target, wrap(epoch, T::Nodes), drop).await;
        }
    }
}

fn wrap<R>(epoch: u32, table: impl Fn(WatchChange<R>) -> TableChange + Send + 'static) -> Wrap<R> {
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
    let events = table::<core::Event, _>(
        Arc::clone(&cluster),
        events,
        wrap(epoch, move |change| {
            TableChange::DetailEvents(uid.clone(), change)
        }),
        drop,
    );
    let uid = object.uid.clone();
    let wrap = wrap(epoch, move |change| {
        TableChange::Detail(uid.clone(), change)
    });
    let fields = Some(format!("metadata.name%3D{}", segment(object.name.raw())));
    let at = |group, plural| Target {
        fields,
        ..target(group, plural, scope)
    };
    match object.kind {
        Kind::Pod => {
            let object = table::<core::Pod, _>(cluster, at(CORE, "pods"), wrap, drop);
            tokio::join!(events, object);
        }
        Kind::Deployment => {
            let target = at(APPS, "deployments");
            let object = table::<apps::Deployment, _>(cluster, target, wrap, drop);
            tokio::join!(events, object);
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

async fn table<W: Wire, R: FromWire<W> + Fold>(
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
    let watch = Watch::new(plan, fastrand::u64(..));
    drive::<W, R>(cluster, target, watch, outbox, forbidden).await;
}
