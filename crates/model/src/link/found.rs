//! From what an alert names to what is there: the pods, workloads and nodes to narrow the panes to, or why there are none.

use super::about::{NamedObject, about};
use super::{LinkTarget, SCALABLE, Subject, WorkloadName};
use crate::cluster::{ObjectRef, Scope};
use crate::owner::OwnerKind;
use crate::pods::PodRow;
use crate::screen::Pane;
use crate::services::ServiceRow;
use crate::watched::Cluster;
use crate::workload::WorkloadRow;
use text::Outside;

/// Labels by which people name what belongs together.
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/>
const APP_LABELS: [&str; 3] = ["app", "app.kubernetes.io/name", "k8s-app"];

/// What an alert of this name and these labels is about, or in words why nothing can be narrowed to it.
pub fn of_alert(
    name: &Outside,
    labels: &[(Outside, Outside)],
    cluster: &Cluster,
) -> Result<Subject, String> {
    let about = about(labels).ok_or("its labels name no object")?;
    let targets = targets(&about, cluster)?;
    let title = format!("alert {}", name.raw());
    Ok(subject(Pane::Alerts, title, targets, cluster))
}

pub fn of_pod(pod: &PodRow, cluster: &Cluster) -> Subject {
    let title = format!("pod/{}", pod.name.raw());
    subject(Pane::Pods, title, vec![target_of(pod)], cluster)
}

/// One workload, with its pods.
pub fn of_workload(workload: &WorkloadRow, cluster: &Cluster) -> Subject {
    let name = WorkloadName::of(workload);
    let title = format!("{}/{}", name.kind.word().to_lowercase(), name.name.raw());
    subject(
        Pane::Rollouts,
        title,
        vec![LinkTarget::Workload(name)],
        cluster,
    )
}

/// The object that a subject is, when it is a single one that is there.
pub fn object(subject: &Subject, cluster: &Cluster) -> Option<ObjectRef> {
    match &subject.targets[..] {
        [
            LinkTarget::Pod {
                namespace, name, ..
            },
        ] => {
            let mut pods = cluster.pods.table.rows();
            let pod = pods.find(|pod| pod.namespace == *namespace && pod.name == *name);
            pod.map(PodRow::object)
        }
        [LinkTarget::Workload(name)] => {
            let mut workloads = cluster.workloads();
            let workload = workloads.find(|workload| name.names(workload));
            workload.map(WorkloadRow::object)
        }
        _ => None,
    }
}

/// With the Services and app labels under which alerts speak of the same.
fn subject(from: Pane, title: String, targets: Vec<LinkTarget>, cluster: &Cluster) -> Subject {
    let mut subject = Subject {
        from,
        title: title.into(),
        targets,
        services: Vec::new(),
        apps: Vec::new(),
    };
    for workload in cluster.workloads() {
        let is_meant = subject.targets.iter().any(|target| match target {
            LinkTarget::Pod { workload: name, .. } => {
                name.as_ref().is_some_and(|name| name.names(workload))
            }
            LinkTarget::Workload(name) => name.names(workload),
            LinkTarget::Node(_) | LinkTarget::Namespace(_) => false,
        });
        if is_meant {
            let serving = &cluster.serving;
            let selecting = serving.selecting(workload.namespace(), workload.labels());
            let named = selecting.map(|(name, _)| name.clone());
            subject.services.extend(named);
            let space = workload.namespace();
            let apps = app_names(workload).map(|name| (space.clone(), name.clone()));
            subject.apps.extend(apps);
        }
    }
    subject
}

fn app_names(workload: &WorkloadRow) -> impl Iterator<Item = &Outside> {
    let is_app = |(label, _): &&(Outside, Outside)| APP_LABELS.contains(&label.raw());
    workload
        .labels()
        .iter()
        .filter(is_app)
        .map(|(_, value)| value)
}

pub(super) fn targets(about: &NamedObject, cluster: &Cluster) -> Result<Vec<LinkTarget>, String> {
    match about {
        NamedObject::Pod(space, name) => {
            in_scope(cluster, space)?;
            pod(cluster, space, name).map(|target| vec![target])
        }
        NamedObject::Workload(kind, space, name) => {
            in_scope(cluster, space)?;
            workload(cluster, kind.clone(), space, name).map(|target| vec![target])
        }
        NamedObject::Autoscaler(space, name) => {
            in_scope(cluster, space)?;
            scaled(cluster, space, name).map(|target| vec![target])
        }
        NamedObject::Claim(space, name) => {
            in_scope(cluster, space)?;
            claim(cluster, space, name).map(|target| vec![target])
        }
        NamedObject::Container(space, name) => {
            in_scope(cluster, space)?;
            container(cluster, space, name)
        }
        NamedObject::Node(name) => node(cluster, name).map(|target| vec![target]),
        NamedObject::Service(space, name) => service(cluster, space.as_ref(), name),
        NamedObject::App(space, name) => app(cluster, space.as_ref(), name),
        NamedObject::Namespace(space) => {
            in_scope(cluster, space)?;
            match cluster.scope {
                Scope::All => Ok(vec![LinkTarget::Namespace(space.clone())]),
                Scope::Namespace(_) => Err(format!(
                    "it is about all of namespace {}, which is what is shown",
                    space.raw()
                )),
            }
        }
    }
}

fn in_scope(cluster: &Cluster, space: &Outside) -> Result<(), String> {
    match &cluster.scope {
        Scope::Namespace(only) if only != space => Err(format!(
            "it is about namespace {}, and only {} is watched",
            space.raw(),
            only.raw()
        )),
        Scope::Namespace(_) | Scope::All => Ok(()),
    }
}

fn target_of(pod: &PodRow) -> LinkTarget {
    LinkTarget::Pod {
        namespace: pod.namespace.clone(),
        name: pod.name.clone(),
        workload: WorkloadName::of_pod(pod),
    }
}

/// The pod; when it is gone, the workload that has made its successors.
fn pod(cluster: &Cluster, space: &Outside, name: &Outside) -> Result<LinkTarget, String> {
    let mut pods = cluster.pods.table.rows();
    let row = pods.find(|row| row.name == *name && row.namespace == *space);
    if let Some(row) = row {
        return Ok(target_of(row));
    }
    let mut workloads = cluster.workloads();
    workloads
        .find(|workload| {
            workload.namespace() == space && WorkloadName::of(workload).is_maker_of(name)
        })
        .map(|workload| LinkTarget::Workload(WorkloadName::of(workload)))
        .ok_or_else(|| not_here(cluster, "pod", space, name))
}

fn workload(
    cluster: &Cluster,
    kind: OwnerKind,
    space: &Outside,
    name: &Outside,
) -> Result<LinkTarget, String> {
    let target = WorkloadName {
        kind,
        namespace: space.clone(),
        name: name.clone(),
    };
    let is_listed = cluster.workloads().any(|workload| target.names(workload));
    let mut pods = cluster.pods.table.rows();
    if is_listed || pods.any(|pod| WorkloadName::of_pod(pod).as_ref() == Some(&target)) {
        Ok(LinkTarget::Workload(target))
    } else {
        Err(not_here(cluster, target.kind.word(), space, name))
    }
}

/// The workload that has the name of an autoscaler.
fn scaled(cluster: &Cluster, space: &Outside, name: &Outside) -> Result<LinkTarget, String> {
    let found = SCALABLE
        .into_iter()
        .find_map(|kind| workload(cluster, kind, space, name).ok());
    found.ok_or_else(|| {
        format!(
            "what the HorizontalPodAutoscaler {} scales is not known: no workload has its name",
            name.raw()
        )
    })
}

/// A claim of a `StatefulSet` ends in the name of its pod.
fn claim(cluster: &Cluster, space: &Outside, name: &Outside) -> Result<LinkTarget, String> {
    let is_owner = |pod: &&PodRow| {
        let head = name.raw().strip_suffix(pod.name.raw());
        pod.namespace == *space && head.is_some_and(|head| head.ends_with('-'))
    };
    let pod = cluster.pods.table.rows().find(is_owner);
    pod.map(target_of).ok_or_else(|| {
        format!(
            "which pod uses the claim {} is not known: only those of a StatefulSet have its name",
            name.raw()
        )
    })
}

/// The workloads with a container of this name.
fn container(
    cluster: &Cluster,
    space: &Outside,
    name: &Outside,
) -> Result<Vec<LinkTarget>, String> {
    let has_it = |pod: &&PodRow| {
        pod.namespace == *space && pod.containers.iter().any(|one| one.name == *name)
    };
    let mut targets = Vec::new();
    for pod in cluster.pods.table.rows().filter(has_it) {
        let target = WorkloadName::of_pod(pod).map_or_else(|| target_of(pod), LinkTarget::Workload);
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    some(targets).ok_or_else(|| not_here(cluster, "container", space, name))
}

fn node(cluster: &Cluster, name: &Outside) -> Result<LinkTarget, String> {
    let is_listed = cluster
        .serving
        .nodes
        .table
        .rows()
        .any(|node| node.name == *name);
    let has_pods = || {
        cluster
            .pods
            .table
            .rows()
            .any(|pod| pod.node.as_ref() == Some(name))
    };
    if is_listed || has_pods() {
        Ok(LinkTarget::Node(name.clone()))
    } else {
        Err(format!("no node {} is known here", name.raw()))
    }
}

/// What the Service of this name selects; without such a Service, what has the name as its app label.
fn service(
    cluster: &Cluster,
    space: Option<&Outside>,
    name: &Outside,
) -> Result<Vec<LinkTarget>, String> {
    if let Some(space) = space {
        in_scope(cluster, space)?;
    }
    let rows = cluster.serving.services.table.rows();
    let named: Vec<&ServiceRow> = rows
        .filter(|row| row.name == *name && space.is_none_or(|space| row.namespace == *space))
        .collect();
    match named.as_slice() {
        [] => app(cluster, space, name),
        [one] => selected(cluster, one),
        several => Err(format!(
            "{} namespaces have a Service {}, and it names none of them",
            several.len(),
            name.raw()
        )),
    }
}

fn selected(cluster: &Cluster, service: &ServiceRow) -> Result<Vec<LinkTarget>, String> {
    let workloads = cluster.workloads().filter(|workload| {
        *workload.namespace() == service.namespace && service.selects(workload.labels())
    });
    let mut targets: Vec<LinkTarget> = workloads
        .map(|workload| LinkTarget::Workload(WorkloadName::of(workload)))
        .collect();
    let name = (service.namespace.clone(), service.name.clone());
    let slices = cluster.serving.slices(&name);
    let behind = slices.flat_map(|slice| &slice.endpoints);
    let behind: Vec<&Outside> = behind
        .filter_map(|endpoint| endpoint.pod.as_ref())
        .collect();
    let of_others = |pod: &&PodRow| {
        let is_of_one = WorkloadName::of_pod(pod)
            .is_some_and(|name| targets.contains(&LinkTarget::Workload(name)));
        pod.namespace == service.namespace && behind.contains(&&pod.name) && !is_of_one
    };
    let others: Vec<LinkTarget> = cluster
        .pods
        .table
        .rows()
        .filter(of_others)
        .map(target_of)
        .collect();
    targets.extend(others);
    some(targets).ok_or_else(|| {
        format!(
            "Service {} selects nothing that is here",
            service.name.raw()
        )
    })
}

fn app(
    cluster: &Cluster,
    space: Option<&Outside>,
    name: &Outside,
) -> Result<Vec<LinkTarget>, String> {
    if let Some(space) = space {
        in_scope(cluster, space)?;
    }
    let is_it = |workload: &&WorkloadRow| {
        space.is_none_or(|space| workload.namespace() == space)
            && (workload.name() == name || app_names(workload).any(|app| app == name))
    };
    let workloads: Vec<LinkTarget> = cluster
        .workloads()
        .filter(is_it)
        .map(|workload| LinkTarget::Workload(WorkloadName::of(workload)))
        .collect();
    some(workloads).ok_or_else(|| format!("nothing here is called {}", name.raw()))
}

fn some(targets: Vec<LinkTarget>) -> Option<Vec<LinkTarget>> {
    (!targets.is_empty()).then_some(targets)
}

/// Not here, or not known yet.
fn not_here(cluster: &Cluster, kind: &str, space: &Outside, name: &Outside) -> String {
    let name = format!("{kind} {}/{}", space.raw(), name.raw());
    if cluster.pods.is_complete {
        format!("{name} is not here")
    } else {
        format!("{name} is not known yet: the list is still being read")
    }
}
