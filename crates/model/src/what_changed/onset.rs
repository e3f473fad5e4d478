//! Since when a workload is sick, and what that moment follows upon: by what was recorded and what its pods say.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{BLUR_S, signs};
use crate::Model;
use crate::entry::Draft;
use crate::kind::Kind;
use crate::observed::{SickSpan, SicknessGroup};
use crate::pods::{ContainerState, PodRow};
use crate::rollouts::RELATED_S;
use crate::sick;
use crate::time::{Seconds, spelt};
use crate::workload::WorkloadRow;
use text::Outside;

/// A shorter time of being well is no news.
const WELL_S: i64 = 60;

/// A workload that is sick now.
#[derive(Clone, Debug)]
pub struct SickOnset {
    pub namespace: Outside,
    /// Name of the workload, or of a pod without one.
    pub name: Outside,
    /// What troubles it, with how many pods.
    pub troubles: Vec<(SicknessGroup, usize)>,
    /// The earliest sign that is known, in this machine's time.
    pub symptom: DateTime<Utc>,
    /// There was none before it: else it has been sick for longer, nobody knows how long.
    pub is_first: bool,
    pub onset: Option<Onset>,
}

/// What the first symptom of a workload follows upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Onset {
    /// It was never well.
    Made,
    /// A rollout, by the number of its revision where that is known.
    Rollout(Option<u64>),
    /// So many seconds in which this console saw it well.
    Well(u64),
    /// So many seconds for which a container had run.
    Ran(u64),
}

impl Onset {
    /// `since r42`.
    pub fn words(self) -> String {
        match self {
            Onset::Made => "since it was made".to_owned(),
            Onset::Rollout(Some(number)) => format!("since r{number}"),
            Onset::Rollout(None) => "since its last rollout".to_owned(),
            Onset::Well(seconds) => format!("after {} well", long(seconds)),
            Onset::Ran(seconds) => format!("after running for {}", long(seconds)),
        }
    }
}

/// From two days on nobody counts hours.
fn long(seconds: u64) -> String {
    const DAY_S: u64 = 86_400;
    match seconds / DAY_S {
        0 | 1 => spelt(seconds / 60 * 60_000),
        days => format!("{days} days"),
    }
}

/// What the first symptom of one workload follows upon, if it is sick.
pub fn onset_of(model: &Model, namespace: &Outside, name: &Outside) -> Option<Onset> {
    let mut sick = sick(model).into_iter();
    let is_it = |sick: &SickOnset| sick.namespace == *namespace && sick.name == *name;
    sick.find(is_it)?.onset
}

/// What is sick now, the first to turn so first.
pub(super) fn sick(model: &Model) -> Vec<SickOnset> {
    let mut found: BTreeMap<(&Outside, &Outside), SickOnset> = BTreeMap::new();
    let mut seen_well: BTreeMap<(&Outside, &Outside), Option<DateTime<Utc>>> = BTreeMap::new();
    for (case, span) in &model.observed.cases {
        if span.pods.is_empty() {
            continue;
        }
        let key = (&case.namespace, &case.workload);
        let symptom = first_sign(model, span);
        let sick = found.entry(key).or_insert_with(|| SickOnset {
            namespace: case.namespace.clone(),
            name: case.workload.clone(),
            troubles: Vec::new(),
            symptom,
            is_first: true,
            onset: None,
        });
        sick.troubles.push((case.trouble, span.pods.len()));
        sick.symptom = sick.symptom.min(symptom);
        // What was sick at the start was not seen well before.
        let was_well = Some(span.since) != model.observed.since;
        sick.is_first &= was_well || says_its_first(model, case.trouble, span);
        let since = was_well.then_some(span.since.wall);
        let known = seen_well.entry(key).or_insert(since);
        *known = known.zip(since).map(|(a, b)| a.min(b));
    }
    let crashes = &model.observed.first_crash;
    for sick in found.values_mut() {
        let place = (sick.namespace.clone(), sick.name.clone());
        if let Some(crash) = crashes.get(&place) {
            let at = crash.at.utc().map(|at| model.of_server(at));
            sick.symptom = sick.symptom.min(at.unwrap_or(sick.symptom));
            sick.is_first |= crash.is_first;
        }
    }
    signs::begin_with_the_first(model, &mut found);
    let onsets: Vec<Option<Onset>> = found
        .iter()
        .map(|(key, sick)| onset(model, sick, seen_well.get(key).copied().flatten()))
        .collect();
    let mut all: Vec<SickOnset> = found.into_values().collect();
    for (sick, onset) in all.iter_mut().zip(onsets) {
        sick.onset = onset;
    }
    all.sort_by(|a, b| (a.symptom, &a.namespace, &a.name).cmp(&(b.symptom, &b.namespace, &b.name)));
    all
}

/// The pods of a span that are there.
fn pods<'a>(model: &'a Model, span: &'a SickSpan) -> impl Iterator<Item = &'a PodRow> {
    let table = &model.cluster.pods.table;
    span.pods.iter().filter_map(|uid| table.get(uid))
}

/// When it was seen, or what its pods say of an earlier time.
fn first_sign(model: &Model, span: &SickSpan) -> DateTime<Utc> {
    let signs = pods(model, span).flat_map(|pod| {
        let ready = pod.ready.as_ref().filter(|ready| !ready.is_true);
        let ended = sick::last_termination(pod).and_then(|(_, end)| end.finished);
        [ready.and_then(|ready| ready.since), ended]
    });
    let signs = signs.flatten().filter_map(Seconds::utc);
    let signs = signs.chain(span.first.0.utc());
    let first = signs.min().map(|at| model.of_server(at));
    first.map_or(span.since.wall, |first| first.min(span.since.wall))
}

/// What its pods say of the beginning is the beginning: a container that ended more than once says nothing of the first time.
fn says_its_first(model: &Model, trouble: SicknessGroup, span: &SickSpan) -> bool {
    let is_crash = trouble == SicknessGroup::Crashing;
    pods(model, span).all(|pod| {
        let ended = sick::last_termination(pod).map(|(container, _)| container.restarts);
        !is_crash || ended.is_some_and(|restarts| restarts <= 1)
    })
}

fn onset(model: &Model, sick: &SickOnset, seen_sick: Option<DateTime<Utc>>) -> Option<Onset> {
    let is_it = |row: &&WorkloadRow| *row.name() == sick.name && *row.namespace() == sick.namespace;
    let row = model.cluster.workloads().find(is_it);
    let related = |at: DateTime<Utc>| {
        let gap_s = (sick.symptom - at).num_seconds();
        (-BLUR_S..=RELATED_S).contains(&gap_s)
    };
    let created = row.and_then(WorkloadRow::created).and_then(Seconds::utc);
    let created = created.map(|at| model.of_server(at));
    if created.is_some_and(related) {
        return Some(Onset::Made);
    }
    let rollouts = model.timeline.stored().filter(|draft| {
        let uid = draft.target.as_ref().and_then(|target| target.uid.as_ref());
        let is_rollout = draft.kind == Kind::Rollout && draft.refers_to.is_none();
        is_rollout && row.is_some_and(|row| uid.is_some_and(|uid| uid.raw() == &**row.uid()))
    });
    let rollout = rollouts.filter(|draft| related(draft.occurred_at)).last();
    if let Some(rollout) = rollout {
        let change = rollout.change.as_ref();
        return Some(Onset::Rollout(change.and_then(|change| change.revision_to)));
    }
    well(model, sick, seen_sick, created).or_else(|| ran(model, sick))
}

/// For how long it was watched and not sick, back to when it was made or was sick the last time.
fn well(
    model: &Model,
    sick: &SickOnset,
    seen_sick: Option<DateTime<Utc>>,
    created: Option<DateTime<Utc>>,
) -> Option<Onset> {
    let until = seen_sick?.min(sick.symptom);
    let watched = model.observed.since?.wall;
    let recovered = model.timeline.stored().filter(|draft| {
        let is_of_it = |draft: &Draft| {
            let target = draft.target.as_ref();
            target.is_some_and(|target| {
                target.name.as_ref() == Some(&sick.name)
                    && target.namespace.as_ref() == Some(&sick.namespace)
            })
        };
        draft.kind == Kind::PodTransition && is_of_it(draft) && draft.occurred_at < until
    });
    let recovered = recovered.map(|draft| draft.occurred_at).last();
    let since = [Some(watched), recovered, created].into_iter().flatten();
    let seconds = (until - since.max()?).num_seconds();
    (seconds >= WELL_S).then(|| Onset::Well(seconds.unsigned_abs()))
}

/// How long the container had run that gave the first sign, when it had not ended before.
fn ran(model: &Model, sick: &SickOnset) -> Option<Onset> {
    let cases = model
        .observed
        .cases
        .iter()
        .filter(|(case, _)| case.workload == sick.name && case.namespace == sick.namespace);
    let pods = cases.flat_map(|(_, span)| pods(model, span));
    let symptom = sick.symptom + TimeDelta::seconds(BLUR_S);
    let runs = pods.flat_map(|pod| {
        let containers = pod.containers.iter();
        containers.filter_map(|container| match (&container.state, &container.last) {
            (ContainerState::Running { since }, None) => Some(((*since)?, sick.symptom)),
            (_, Some(end)) if container.restarts <= 1 => {
                Some((end.started?, model.of_server(end.finished?.utc()?)))
            }
            (ContainerState::Terminated(end), None) => {
                Some((end.started?, model.of_server(end.finished?.utc()?)))
            }
            _ => None,
        })
    });
    let seconds = runs.filter_map(|(from, until)| {
        let from = model.of_server(from.utc()?);
        (until <= symptom).then(|| (until - from).num_seconds())
    });
    let seconds = seconds.filter(|seconds| *seconds >= WELL_S).min()?;
    Some(Onset::Ran(seconds.unsigned_abs()))
}
