//! What is selected, as a question for the documents that fit it.

use ::runbook::{RunbookQuestion, WORKLOAD_ANNOTATION};
use text::Outside;

use crate::Model;
use crate::alert::{AlertRow, Pair};
use crate::link::{self, LinkTarget, Subject, WorkloadName};
use crate::meta::Uid;
use crate::owner::OwnerKind;
use crate::pods::PodRow;
use crate::workload::WorkloadRow;

/// The annotations in which an alert names its document, in the order in which they count.
const ADDRESSES: [&str; 2] = ["runbook_url", "runbook"];

pub fn of_alert(alert: &AlertRow) -> RunbookQuestion {
    let mut question = RunbookQuestion::default();
    add_alert(&mut question, alert);
    question
}

/// The pod, and what fires about it.
pub fn of_pod(pod: &PodRow, model: &Model) -> RunbookQuestion {
    let mut question = about(model, &link::of_pod(pod, &model.cluster));
    add_label(&mut question, "pod", &pod.name);
    for container in &pod.containers {
        add_label(&mut question, "container", &container.name);
    }
    if let Some(name) = WorkloadName::of_pod(pod) {
        add_workload(&mut question, &name);
    }
    question.workload = annotation(model, &pod.uid);
    question
}

/// The workload, and what fires about it.
pub fn of_workload(workload: &WorkloadRow, model: &Model) -> RunbookQuestion {
    let mut question = about(model, &link::of_workload(workload, &model.cluster));
    add_workload(&mut question, &WorkloadName::of(workload));
    question.workload = annotation(model, workload.uid());
    question
}

/// What the panes are narrowed to.
pub fn of_subject(subject: &Subject, model: &Model) -> RunbookQuestion {
    let mut question = about(model, subject);
    for target in &subject.targets {
        match target {
            LinkTarget::Pod {
                namespace,
                name,
                workload,
            } => {
                add_label(&mut question, "namespace", namespace);
                add_label(&mut question, "pod", name);
                if let Some(workload) = workload {
                    add_workload(&mut question, workload);
                }
            }
            LinkTarget::Workload(workload) => add_workload(&mut question, workload),
            LinkTarget::Node(node) => add_label(&mut question, "node", node),
            LinkTarget::Namespace(namespace) => add_label(&mut question, "namespace", namespace),
        }
    }
    question
}

/// The alerts that speak of it and fire, the gravest first.
fn about(model: &Model, subject: &Subject) -> RunbookQuestion {
    let mut question = RunbookQuestion::default();
    let alerts = &model.alerts.watched.table;
    let alerts = (0..alerts.len()).filter_map(|line| alerts.row_at(line));
    let alerts = alerts.map(|(alert, _)| alert);
    for alert in alerts.filter(|alert| alert.is_firing() && subject.is_meant_by(&alert.labels)) {
        add_alert(&mut question, alert);
    }
    question
}

fn add_alert(question: &mut RunbookQuestion, alert: &AlertRow) {
    question.alert.get_or_insert_with(|| alert.name.clone());
    for pair in &alert.labels {
        add_pair(question, pair.clone());
    }
    let named = ADDRESSES.iter().filter_map(|name| alert.annotation(name));
    for address in named {
        if !question.addresses.contains(address) {
            question.addresses.push(address.clone());
        }
    }
}

fn add_workload(question: &mut RunbookQuestion, workload: &WorkloadName) {
    add_label(question, "namespace", &workload.namespace);
    let label = match &workload.kind {
        OwnerKind::Deployment => "deployment",
        OwnerKind::ReplicaSet => "replicaset",
        OwnerKind::StatefulSet => "statefulset",
        OwnerKind::DaemonSet => "daemonset",
        OwnerKind::Job => "job_name",
        OwnerKind::Other(_) => return,
    };
    add_label(question, label, &workload.name);
}

fn add_label(question: &mut RunbookQuestion, name: &str, value: &Outside) {
    add_pair(question, (name.into(), value.clone()));
}

fn add_pair(question: &mut RunbookQuestion, pair: Pair) {
    if !question.labels.contains(&pair) {
        question.labels.push(pair);
    }
}

/// Annotations are known of the object alone whose page was opened last.
fn annotation(model: &Model, uid: &Uid) -> Option<Outside> {
    let seen = model.cluster.detail.as_ref();
    let detail = seen
        .filter(|seen| seen.object.uid == *uid)?
        .detail
        .as_ref()?;
    let mut annotations = detail.annotations.iter();
    let named = annotations.find(|(name, _)| name.raw() == WORKLOAD_ANNOTATION);
    named.map(|(_, value)| value.clone())
}
