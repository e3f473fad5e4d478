//! What a write from the logs pane is about: the workload whose logs are followed. Where there are several, a held line says
//! which; what happens to be printed last says nothing.

use super::super::refusal;
use super::propose::Meant;
use model::Model;
use model::link::{LinkTarget, WorkloadName};
use model::pods::PodRow;
use model::write::resolve;

pub(super) fn meant(model: &Model) -> Result<Meant, String> {
    let (logs, pods) = (&model.logs, &model.cluster.pods.table);
    let Some(target) = &logs.target else {
        return Err(format!(
            "no logs are followed; {}",
            refusal::to_objects(model)
        ));
    };
    let held = logs.cursor.and_then(|cursor| logs.line(cursor.place));
    if let Some(pod) = held.and_then(|(segment, _)| pods.get(&segment.stream.uid)) {
        return of_pod(model, pod);
    }
    if let [LinkTarget::Workload(name)] = target.targets.as_slice() {
        return named(model, name);
    }
    let members: Vec<&PodRow> = logs
        .members
        .iter()
        .filter_map(|uid| pods.get(uid))
        .collect();
    match members.as_slice() {
        [] => Err(format!(
            "{} has no pods now; {}",
            target.title.raw(),
            refusal::to_objects(model)
        )),
        [pod] => of_pod(model, pod),
        [first, others @ ..] => {
            let name = WorkloadName::of_pod(first);
            let is_one = others.iter().all(|pod| WorkloadName::of_pod(pod) == name);
            match name.filter(|_| is_one) {
                Some(name) => named(model, &name),
                None => Err(
                    "several workloads are followed here; hold a line of the one meant".to_owned(),
                ),
            }
        }
    }
}

/// The workload of a pod.
pub(super) fn of_pod(model: &Model, pod: &PodRow) -> Result<Meant, String> {
    let found = resolve::workload(&model.cluster, pod)?;
    Ok(Meant {
        workload: found.workload.uid().clone(),
        through: Some(found.through),
        revision: None,
    })
}

fn named(model: &Model, name: &WorkloadName) -> Result<Meant, String> {
    let kind = name.kind.watched();
    let found = kind.and_then(|kind| {
        let cluster = &model.cluster;
        cluster.workload_named(kind, &name.namespace, name.name.raw())
    });
    let workload = found.map(|workload| workload.uid().clone());
    let missing = || {
        let (kind, name) = (name.kind.word(), name.name.raw());
        format!("there is no {kind} {name}; {}", refusal::to_objects(model))
    };
    Ok(Meant {
        workload: workload.ok_or_else(missing)?,
        through: None,
        revision: None,
    })
}
