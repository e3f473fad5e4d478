//! One line for each thing that can be wanted: where it lives in the API, and which message carries it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::cluster::Cluster;
use super::decode::Row;
use super::detail::{DeploymentDetail, PodDetail};
use super::outbox::{Outbox, Wrap};
use super::request::{Target, segment};
use super::rights;
use super::watch::{Plan, Watch};
use super::watch_driver::drive;
use model::cluster::{Kind, NamespaceRow, ObjectRef, Problem, Scope};
use model::daemonsets::DaemonSetRow;
use model::deployments::DeploymentRow;
use model::detail::Detail;
use model::endpoints::EndpointSliceRow;
use model::events::EventRow;
use model::message::{ClusterMsg, Msg, ServingNews, ServingPart, Want, WatchChange};
use model::nodes::NodeRow;
use model::pods::PodRow;
use model::services::ServiceRow;
use model::statefulsets::StatefulSetRow;

const CORE: &str = "/api/v1";
const APPS: &str = "/apis/apps/v1";
const DISCOVERY: &str = "/apis/discovery.k8s.io/v1";
/// Warning Events of the first list: they come straight from etcd, and a cluster in trouble has tens of thousands.
const WARNINGS_MAX: u32 = 1_000;

/// Runs one want until it is dropped.
pub(super) async fn run(want: Want, cluster: Arc<Cluster>) {
    match want {
        Want::Pods { scope, epoch, .. } => {
            let narrow = {
                let (cluster, scope) = (Arc::clone(&cluster), scope.clone());
                move |_: Problem| {
                    let work = rights::narrow(Arc::clone(&cluster), scope.clone(), epoch);
                    drop(tokio::spawn(cluster.contain(work)))
                }
            };
            let wrap = move |change| Msg::Cluster(ClusterMsg::Pods { epoch, change });
            table::<PodRow>(cluster, target(CORE, "pods", scope), Box::new(wrap), narrow).await;
        }
        Want::Deployments { scope, epoch, .. } => {
            let wrap = move |change| Msg::Cluster(ClusterMsg::Deployments { epoch, change });
            table::<DeploymentRow>(
                cluster,
                target(APPS, "deployments", scope),
                Box::new(wrap),
                drop,
            )
            .await;
        }
        Want::StatefulSets { scope, epoch, .. } => {
            let wrap = move |change| Msg::Cluster(ClusterMsg::StatefulSets { epoch, change });
            let target = target(APPS, "statefulsets", scope);
            table::<StatefulSetRow>(cluster, target, Box::new(wrap), drop).await;
        }
        Want::DaemonSets { scope, epoch, .. } => {
            let wrap = move |change| Msg::Cluster(ClusterMsg::DaemonSets { epoch, change });
            let target = target(APPS, "daemonsets", scope);
            table::<DaemonSetRow>(cluster, target, Box::new(wrap), drop).await;
        }
        Want::Namespaces { epoch, .. } => {
            let wrap = move |change| Msg::Cluster(ClusterMsg::Namespaces { epoch, change });
            table::<NamespaceRow>(
                cluster,
                target(CORE, "namespaces", Scope::All),
                Box::new(wrap),
                drop,
            )
            .await;
        }
        Want::Warnings { scope, epoch, .. } => {
            let wrap = move |change| Msg::Cluster(ClusterMsg::Warnings { epoch, change });
            let fields = Some("type%21%3DNormal".to_owned());
            let target = Target {
                fields,
                limit: Some(WARNINGS_MAX),
                ..target(CORE, "events", scope)
            };
            table::<EventRow>(cluster, target, Box::new(wrap), drop).await;
        }
        Want::Serving {
            part, scope, epoch, ..
        } => serving(cluster, part, scope, epoch).await,
        Want::Detail { object, epoch, .. } => detail(cluster, object, epoch).await,
        // No tables of the cluster: `alerts` asks for the one, `logs` follows the others.
        Want::Alerts { .. } | Want::Logs { .. } => {}
    }
}

/// A part of what tells whether it is serving.
async fn serving(cluster: Arc<Cluster>, part: ServingPart, scope: Scope, epoch: u32) {
    fn tell(epoch: u32, news: ServingNews) -> Msg {
        Msg::Cluster(ClusterMsg::Serving { epoch, news })
    }
    match part {
        ServingPart::Services => {
            let wrap = Box::new(move |change| tell(epoch, ServingNews::Services(change)));
            table::<ServiceRow>(cluster, target(CORE, "services", scope), wrap, drop).await;
        }
        ServingPart::Endpoints => {
            let wrap = Box::new(move |change| tell(epoch, ServingNews::Endpoints(change)));
            let target = target(DISCOVERY, "endpointslices", scope);
            table::<EndpointSliceRow>(cluster, target, wrap, drop).await;
        }
        ServingPart::Nodes => {
            let wrap = Box::new(move |change| tell(epoch, ServingNews::Nodes(change)));
            let target = target(CORE, "nodes", Scope::All);
            table::<NodeRow>(cluster, target, wrap, drop).await;
        }
    }
}

/// The object by its name, and its Events by its uid.
async fn detail(cluster: Arc<Cluster>, object: ObjectRef, epoch: u32) {
    let scope = object
        .namespace
        .clone()
        .map_or(Scope::All, Scope::Namespace);
    let events = {
        let uid = object.uid.clone();
        let wrap = move |change| {
            Msg::Cluster(ClusterMsg::DetailEvents {
                epoch,
                object: uid.clone(),
                change,
            })
        };
        let fields = Some(format!("involvedObject.uid%3D{}", segment(&object.uid)));
        let target = Target {
            fields,
            ..target(CORE, "events", scope.clone())
        };
        table::<EventRow>(Arc::clone(&cluster), target, Box::new(wrap), drop)
    };
    let uid = object.uid.clone();
    let wrap = move |change| {
        Msg::Cluster(ClusterMsg::Detail {
            epoch,
            object: uid.clone(),
            change,
        })
    };
    let fields = Some(format!("metadata.name%3D{}", segment(object.name.raw())));
    match object.kind {
        Kind::Pod => {
            let target = Target {
                fields,
                ..target(CORE, "pods", scope)
            };
            let wrap = Box::new(move |change| wrap(unwrapped(change, |row: PodDetail| row.0)));
            tokio::join!(events, table::<PodDetail>(cluster, target, wrap, drop));
        }
        Kind::Deployment => {
            let target = Target {
                fields,
                ..target(APPS, "deployments", scope)
            };
            let wrap =
                Box::new(move |change| wrap(unwrapped(change, |row: DeploymentDetail| row.0)));
            tokio::join!(
                events,
                table::<DeploymentDetail>(cluster, target, wrap, drop)
            );
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

async fn table<R: Row>(
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
