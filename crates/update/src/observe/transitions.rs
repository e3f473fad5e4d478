//! Workloads that turn sick and well: one entry for each, by the server's own times.

use super::target;
use crate::timeline;
use model::Model;
use model::entry::{Actor, Draft};
use model::kind::{ActorKind, Kind};
use model::observed::{SETTLE_MS, SickSpan, SickWorkload, WELL_MS};
use model::time::{Seconds, lasted};
use model::watched::Cluster;
use model::workload::{KindFields, WorkloadRow};

/// Cases that have settled: told once when sick, once when well.
pub(super) fn settled(model: &mut Model) -> Vec<Draft> {
    let now = model.now;
    let mut reported = Vec::new();
    let mut cases = std::mem::take(&mut model.observed.cases);
    let observed = &model.observed;
    cases.retain(|case, span| {
        let well = observed.seen_well_since(span);
        // With the first word after a silence nothing is seen yet.
        let well = well.filter(|_| observed.blind.is_none());
        if well.is_some_and(|well| now.since_ms(well) >= WELL_MS) {
            if span.entry.is_some() {
                reported.push((case.clone(), span.clone(), true));
            }
            return false;
        }
        let is_new = span.entry.is_none() && span.well_since.is_none();
        if is_new && now.since_ms(span.since) >= SETTLE_MS {
            reported.push((case.clone(), span.clone(), false));
        }
        true
    });
    model.observed.cases = cases;
    reported
        .into_iter()
        .map(|(case, span, is_well)| transition(model, &case, &span, is_well))
        .collect()
}

fn transition(model: &mut Model, case: &SickWorkload, span: &SickSpan, is_well: bool) -> Draft {
    let pods = if span.most == 1 {
        "1 pod".to_owned()
    } else {
        format!("{} pods", span.most)
    };
    let name = case.workload.raw();
    let began = span.first.0.utc();
    let began = began.map_or(span.since.wall, |began| model.of_server(began));
    let began = began.min(model.now.wall);
    let (title, occurred_at) = match span.well_since {
        Some(well) if is_well => {
            let lasted = lasted(began, well.wall);
            let words = case.trouble.words();
            let end = case.trouble.words_of_end();
            let no_longer = format!("{name}: {end}, {pods} over {lasted}");
            let title = if span.was_switched_off {
                format!("{name}: switched off, {pods} had been {words} for {lasted}")
            } else if is_switched_off(&model.cluster, case) {
                format!("{no_longer}; whether for good is not known: switched off soon after")
            } else {
                no_longer
            };
            (title, well.wall)
        }
        _ => (
            format!(
                "{name}: {pods} {}: {}",
                case.trouble.words(),
                span.words.raw()
            ),
            began,
        ),
    };
    let refers_to = span.entry.filter(|_| is_well);
    let (word, uid, at) = match &span.last_well {
        Some((uid, ready)) if is_well => ("well", uid, ready.map(Seconds::unix)),
        _ => ("sick", &span.first.1, Some(span.first.0.unix())),
    };
    let at = at.map_or("gone".to_owned(), |at| at.to_string());
    let origin = format!("{word}/{uid}/{}/{at}", case.trouble.words());
    let draft = about_case(model, case, title);
    Draft {
        occurred_at,
        origin: Some(origin.into()),
        refers_to,
        ..draft
    }
}

/// No pod of its workload is wanted: that is not the end of its trouble.
pub(super) fn is_switched_off(cluster: &Cluster, case: &SickWorkload) -> bool {
    let is_it =
        |row: &&WorkloadRow| *row.name() == case.workload && *row.namespace() == case.namespace;
    let mut rows = cluster.workloads().filter(is_it);
    rows.any(|row| row.of_kind != KindFields::DaemonSet && row.wanted() == 0)
}

fn about_case(model: &mut Model, case: &SickWorkload, title: String) -> Draft {
    let target = target(model, &case.namespace, case.workload.raw());
    let draft = timeline::draft(
        model,
        Actor::of(ActorKind::Cluster),
        Kind::PodTransition,
        title,
    );
    if let Some(span) = model.observed.cases.get_mut(case) {
        span.entry.get_or_insert(draft.id);
    }
    Draft {
        source: Some("pods".into()),
        target: Some(target),
        ..draft
    }
}
