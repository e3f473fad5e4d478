//! One line for each kind that can be wanted as a table: its type on the wire, and which message carries its rows.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::cluster::Cluster;
use super::decode::FromWire;
use super::fold::Fold;
use super::outbox::{Outbox, Wrap};
use super::paths::segment;
use super::request::Target;
use super::rights;
use super::watch::{Plan, Watch};
use super::watch_driver::drive;
use super::wire::Wire;
use super::wire::meta::Bare;
use super::wire::{apps, autoscaling, core, discovery};
use model::cluster::{Kind, ObjectRef, Problem, Scope};
use model::message::{ClusterMsg, Msg, TableChange, WatchChange};

/// Warning Events of the first list: they come straight from etcd, and a cluster in trouble has tens of thousands.
const WARNINGS_MAX: u32 = 1_000;

/// Watches a table until it is dropped.
pub(super) async fn run(cluster: Arc<Cluster>, kind: Kind, scope: Scope, epoch: u32) {
    use TableChange as T;
    let target = Target::of(kind, scope.clone());
    match kind {
        Kind::Pod => {
            let narrow = {
                let (cluster, scope) = (Arc::clone(&cluster), scope.clone());
                move |_: Problem| {
                    let work = rights::narrow(Arc::clone(&cluster), scope.clone(), epoch);
                    drop(tokio::spawn(cluster.contain(work)))
                }
            };
            table::<core::Pod, _>(cluster, target, wrap(epoch, T::Pods), narrow).await;
        }
        Kind::Event => {
            let target = Target {
                fields: Some("type%21%3DNormal".to_owned()),
                limit: Some(WARNINGS_MAX),
                ..target
            };
            table::<core::Event, _>(cluster, target, wrap(epoch, T::Warnings), drop).await;
        }
        Kind::Deployment => {
            table::<apps::Deployment, _>(cluster, target, wrap(epoch, T::Deployments), drop).await
        }
        Kind::StatefulSet => {
            table::<apps::StatefulSet, _>(cluster, target, wrap(epoch, T::StatefulSets), drop).await
        }
        Kind::DaemonSet => {
            table::<apps::DaemonSet, _>(cluster, target, wrap(epoch, T::DaemonSets), drop).await
        }
        Kind::Namespace => {
            // The one whose name is the scope, or all of them.
            let fields = scope
                .namespace()
                .map(|name| format!("metadata.name%3D{}", segment(name)));
            let target = Target {
                fields,
                ..Target::of(kind, Scope::All)
            };
            table::<core::Namespace, _>(cluster, target, wrap(epoch, T::Namespaces), drop).await
        }
        Kind::Service => {
            table::<core::Service, _>(cluster, target, wrap(epoch, T::Services), drop).await
        }
        Kind::EndpointSlice => {
            table::<discovery::EndpointSlice, _>(
                cluster,
                target,
                wrap(epoch, T::EndpointSlices),
                drop,
            )
            .await
        }
        Kind::Node => table::<core::Node, _>(cluster, target, wrap(epoch, T::Nodes), drop).await,
        Kind::ConfigMap => {
            table::<Bare, _>(cluster, target, wrap(epoch, T::ConfigMaps), drop).await
        }
        Kind::Secret => table::<Bare, _>(cluster, target, wrap(epoch, T::Secrets), drop).await,
        Kind::HorizontalPodAutoscaler => {
            let wrap = wrap(epoch, T::Autoscalers);
            table::<autoscaling::HorizontalPodAutoscaler, _>(cluster, target, wrap, drop).await;
        }
        Kind::ReplicaSet | Kind::ControllerRevision => {}
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
        ..Target::of(Kind::Event, scope.clone())
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
    let target = Target {
        fields,
        ..Target::of(object.kind, scope)
    };
    match object.kind {
        Kind::Pod => {
            let object = table::<core::Pod, _>(cluster, target, wrap, drop);
            tokio::join!(events, object);
        }
        Kind::Deployment => {
            let object = table::<apps::Deployment, _>(cluster, target, wrap, drop);
            tokio::join!(events, object);
        }
        Kind::ReplicaSet
        | Kind::StatefulSet
        | Kind::DaemonSet
        | Kind::ControllerRevision
        | Kind::Event
        | Kind::Namespace
        | Kind::Service
        | Kind::EndpointSlice
        | Kind::Node
        | Kind::ConfigMap
        | Kind::Secret
        | Kind::HorizontalPodAutoscaler => events.await,
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
        is_buffered: cluster.gate.subscribe().borrow().is_buffered,
    };
    let outbox = Outbox::new(cluster.messages.clone(), wrap);
    let watch = Watch::new(plan, fastrand::u64(..));
    drive::<W, R>(cluster, target, watch, outbox, forbidden).await;
}
