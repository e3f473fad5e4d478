//! Turns what the watches show into entries that write themselves: workloads turning sick and well, new revisions.
//! One entry for each workload and trouble, with a count; what was so at the start is one entry.

mod touched;
mod transitions;

pub(super) use touched::{Touched, touched};

use super::{backfill, blind, rollouts, timeline};
use model::entry::{Actor, Draft, EntryTarget};
use model::kind::{ActorKind, Kind};
use model::message::Effect;
use model::meta::Uid;
use model::observed::{Observed, SickSpan, SickWorkload, SicknessGroup};
use model::pods::PodRow;
use model::sick::{Diagnosis, exit};
use model::time::Seconds;
use model::{Model, sick};
use text::Outside;

/// Workloads named in the entry about the start; the others are counted.
const NAMED_AT_START: usize = 6;

/// What is to be recorded after a message or the passing of time.
pub(super) fn update(model: &mut Model, touched: Touched) -> Vec<Effect> {
    let epoch = model.cluster.epoch;
    let mut drafts = Vec::new();
    if model.observed.epoch.is_some_and(|known| known != epoch) {
        drafts.extend(blind::on_switch(model));
        model.observed = Observed::default();
    }
    let mut all = std::mem::take(&mut model.observed.outdated);
    if !model.cluster.pods.is_complete {
        return timeline::append(drafts);
    }
    if model.observed.epoch == Some(epoch) {
        if touched.clock {
            all.extend(model.cluster.pods.table.rows().map(|pod| pod.uid.clone()));
        }
        for uid in all.into_iter().chain(touched.pods) {
            judge(model, &uid);
        }
    } else {
        drafts.extend(begin(model));
    }
    // What is stale turns neither sick nor well by the passing of time.
    if model.cluster.pods.health.is_current() {
        judge_due(model);
        drafts.extend(transitions::settled(model));
    }
    let was_backfilled = model.observed.is_backfilled;
    drafts.extend(backfill::update(model));
    if touched.alerts || !was_backfilled {
        rollouts::lookback::on_alerts(model);
    }
    if let Some((_, list, listed)) = touched.revisions.filter(|known| known.0 == epoch) {
        drafts.extend(rollouts::on_revisions(model, &list, listed));
    }
    let (rolled_out, questions) = rollouts::update(model, &touched.workloads);
    drafts.extend(rolled_out);
    timeline::append(drafts)
        .into_iter()
        .chain(questions)
        .collect()
}

/// What is to be recorded of what the panes have found out.
pub(super) fn settle(model: &mut Model) -> Vec<Effect> {
    if model.observed.epoch != Some(model.cluster.epoch) {
        return Vec::new();
    }
    let mut drafts = rollouts::refused::update(model);
    drafts.extend(rollouts::ended::update(model));
    timeline::append(drafts)
}

/// The first complete list.
fn begin(model: &mut Model) -> Option<Draft> {
    model.observed = Observed {
        epoch: Some(model.cluster.epoch),
        since: Some(model.now),
        ..Observed::default()
    };
    // The others are well, and stay so until they change.
    let pods = model.cluster.pods.table.unsettled();
    let all: Vec<Uid> = pods.map(|pod| pod.uid.clone()).collect();
    for uid in all {
        judge(model, &uid);
    }
    at_start(model)
}

/// Pods whose sickness may change by time alone.
fn judge_due(model: &mut Model) {
    let now = Seconds::from(model.server_now());
    while let Some((due, uid)) = model.observed.due.first().cloned() {
        if due > now {
            return;
        }
        model.observed.due.pop_first();
        judge(model, &uid);
    }
}

/// Files a pod under its case, or under none.
fn judge(model: &mut Model, uid: &Uid) {
    let (now, moment) = (model.now, Seconds::from(model.server_now()));
    let pod = model.cluster.pods.table.get(uid);
    let beside = model.cluster.circumstances();
    let diagnosis = pod.map(|pod| (pod, sick::diagnose(pod, &beside, moment)));
    let cluster = &model.cluster;
    let observed = &mut model.observed;
    let case = diagnosis.as_ref().and_then(|(pod, diagnosis)| {
        let trouble = SicknessGroup::of(diagnosis.sickness?);
        Some(SickWorkload {
            namespace: pod.namespace.clone(),
            workload: pod.workload_name(),
            trouble,
        })
    });
    if let Some(due) = diagnosis
        .as_ref()
        .and_then(|(_, diagnosis)| diagnosis.due)
        .filter(|due| *due > moment)
    {
        observed.due.insert((due, uid.clone()));
    }
    let before = match &case {
        Some(case) => observed.case_of.insert(uid.clone(), case.clone()),
        None => observed.case_of.remove(uid),
    };
    if before == case {
        return;
    }
    if let Some(before) = before
        && let Some(span) = observed.cases.get_mut(&before)
    {
        span.pods.remove(uid);
        if span.pods.is_empty() {
            let ready = diagnosis.as_ref().and_then(|(pod, _)| pod.ready.as_ref());
            span.last_well = Some((uid.clone(), ready.and_then(|ready| ready.since)));
            span.well_since = Some(now);
            span.was_switched_off = transitions::is_switched_off(cluster, &before);
        }
    }
    let (Some(case), Some((pod, diagnosis))) = (case, diagnosis) else {
        return;
    };
    let since = diagnosis
        .sickness
        .and_then(|sickness| sick::since(pod, sickness));
    let first = (since.unwrap_or(moment).min(moment), uid.clone());
    let begin = || SickSpan::new(now, first.clone(), why(pod, &diagnosis));
    let span = observed.cases.entry(case).or_insert_with(begin);
    span.pods.insert(uid.clone());
    span.most = span.most.max(span.pods.len());
    // What is told is called so from then on.
    if span.entry.is_none() && first < span.first {
        (span.first, span.words) = (first, why(pod, &diagnosis));
    }
    span.well_since = None;
}

/// The status as kubectl words it, with the exit of the last termination.
fn why(pod: &PodRow, diagnosis: &Diagnosis<'_>) -> Outside {
    let status = diagnosis.status.words();
    match sick::last_termination(pod) {
        Some((container, end)) => {
            format!("{}, {}", status.raw(), exit::words(container, end).raw()).into()
        }
        None => status,
    }
}

/// What was so before anybody looked: one entry, however much it is.
fn at_start(model: &mut Model) -> Option<Draft> {
    let cases = &mut model.observed.cases;
    if cases.is_empty() {
        return None;
    }
    let pods: usize = cases.values().map(|span| span.pods.len()).sum();
    let mut named: Vec<String> = cases
        .iter()
        .take(NAMED_AT_START)
        .map(|(case, span)| {
            format!(
                "{}/{} {} ({})",
                case.namespace.raw(),
                case.workload.raw(),
                case.trouble.words(),
                span.pods.len()
            )
        })
        .collect();
    let more = cases.len().saturating_sub(NAMED_AT_START);
    if more > 0 {
        named.push(format!("{more} more"));
    }
    let body: Vec<String> = cases
        .iter()
        .map(|(case, span)| {
            format!(
                "{}/{}: {}",
                case.namespace.raw(),
                case.workload.raw(),
                span.words.raw()
            )
        })
        .collect();
    let noun = if pods == 1 { "pod" } else { "pods" };
    let title = format!("{pods} {noun} already sick at start: {}", named.join(", "));
    let draft = timeline::draft(
        model,
        Actor::of(ActorKind::Cluster),
        Kind::PodTransition,
        title,
    );
    for span in model.observed.cases.values_mut() {
        span.entry = Some(draft.id);
    }
    Some(Draft {
        source: Some("pods".into()),
        body: Some(Outside::from(body.join("\n"))),
        ..draft
    })
}

/// A workload, for an entry.
pub(super) fn target(model: &Model, namespace: &Outside, name: &str) -> EntryTarget {
    EntryTarget {
        context: Some(model.cluster.context.clone()),
        namespace: Some(namespace.clone()),
        name: Some(name.into()),
        ..EntryTarget::default()
    }
}
