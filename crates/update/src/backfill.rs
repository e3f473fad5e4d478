//! What happened before anybody looked, with its true time: crashes and warnings of what is sick at the start, one entry for
//! each workload and reason. Whoever is paged at 02:50 opens this at 03:00.

use std::collections::{BTreeMap, BTreeSet};

use super::rollouts::{self, tags};
use super::{observe, timeline};
use model::cluster::Kind as Class;
use model::entry::{Actor, Draft};
use model::events::EventRow;
use model::kind::{ActorKind, Kind};
use model::meta::Uid;
use model::observed::{BACKFILL_MS, Observed, SickSpan, SickWorkload, SicknessGroup};
use model::pods::PodRow;
use model::rollouts::FirstCrash;
use model::sick::exit;
use model::time::{Seconds, lasted};
use model::watched::Watched;
use model::{Model, sick};
use text::Outside;

/// Entries of each sort: in a cluster that is sick all over the rest is in "N pods already sick at start", by count.
const ENTRIES_MAX: usize = 40;

/// Kinds that roll out revisions.
const WORKLOADS: [Class; 3] = [Class::Deployment, Class::StatefulSet, Class::DaemonSet];

/// The reason of the kubelet's Event about a container that died again.
const BACK_OFF: &str = "BackOff";

/// Once, when all that it needs has come, or without it when that takes too long.
pub(super) fn update(model: &mut Model) -> Vec<Draft> {
    let Some(since) = model.observed.since else {
        return Vec::new();
    };
    let mut drafts = Vec::new();
    if !model.observed.is_backfilled {
        let has_all = is_settled(&model.cluster.deployments) && is_settled(&model.cluster.warnings);
        if !has_all && model.now.since_ms(since) < BACKFILL_MS {
            return drafts;
        }
        model.observed.is_backfilled = true;
        drafts.extend(crashes(model));
        drafts.extend(warnings(model));
    }
    for kind in WORKLOADS {
        if model.observed.rollouts.begun.contains(&kind) || !model.cluster.has_all_of(kind) {
            continue;
        }
        let sick: BTreeSet<(Outside, Outside)> = model
            .observed
            .cases
            .keys()
            .map(|case| (case.namespace.clone(), case.workload.clone()))
            .collect();
        rollouts::begin(model, kind, |row| {
            sick.contains(&(row.namespace().clone(), row.name().clone()))
        });
    }
    drafts
}

/// What was so in the first list; what has come since is told as it comes.
fn at_start(observed: &Observed) -> impl Iterator<Item = (&SickWorkload, &SickSpan)> {
    observed
        .cases
        .iter()
        .filter(|(_, span)| Some(span.since) == observed.since)
}

fn is_settled<R>(watched: &Watched<R>) -> bool {
    watched.is_complete || watched.health.problem().is_some()
}

/// The first crash that is still known of each workload that crashes.
fn crashes(model: &mut Model) -> Vec<Draft> {
    let cases: Vec<(SickWorkload, BTreeSet<Uid>)> = at_start(&model.observed)
        .filter(|(case, _)| case.trouble == SicknessGroup::Crashing)
        .map(|(case, span)| (case.clone(), span.pods.clone()))
        .collect();
    let mut drafts = Vec::new();
    for (case, uids) in cases {
        let pods: Vec<&PodRow> = uids
            .iter()
            .filter_map(|uid| model.cluster.pods.table.get(uid))
            .collect();
        let Some(crash) = first_crash(&pods, &model.cluster.warnings) else {
            continue;
        };
        let EarliestCrash { crash, how } = crash;
        let place = (case.namespace.clone(), case.workload.clone());
        model.observed.first_crash.insert(place, crash);
        if drafts.len() >= ENTRIES_MAX {
            continue;
        }
        let restarts: u32 = pods.iter().map(|pod| sick::restarts(pod).0).sum();
        let first = if crash.is_first {
            "first"
        } else {
            "first known"
        };
        let title = format!(
            "{}: {first} crash: {}; by now {}, {restarts} restarts",
            case.workload.raw(),
            how,
            counted(pods.len())
        );
        let oldest = pods.iter().min_by_key(|pod| (pod.created, &pod.uid));
        let origin = format!("crash/{}", oldest.map_or("", |pod| &*pod.uid));
        let moments = (Some(crash.at), None);
        drafts.push(entry(
            model,
            &case,
            Kind::PodTransition,
            title,
            &origin,
            moments,
        ));
    }
    drafts
}

/// The earliest sign of a crash, with how the container ended then, as far as that is known.
struct EarliestCrash {
    crash: FirstCrash,
    how: String,
}

/// By how a container ended last, or since when it is backed off.
fn first_crash(pods: &[&PodRow], warnings: &Watched<EventRow>) -> Option<EarliestCrash> {
    let of_pods = pods.iter().filter_map(|pod| {
        let (container, end) = sick::last_termination(pod)?;
        let how = exit::words(container, end).raw().to_owned();
        Some((end.finished?, *pod, container.restarts <= 1, how))
    });
    let of_events = warnings.table.rows().filter_map(|event| {
        let pod = pods.iter().find(|pod| pod.uid == event.object_uid)?;
        let at = event.first.filter(|_| event.reason.raw() == BACK_OFF)?;
        // A container may be backed off for its image too; then it has not ended.
        let (container, end) = sick::last_termination(pod)?;
        let last = exit::words(container, end);
        let how = format!("how it ended is not known, the last time {}", last.raw());
        // The first time it is started again at once: who is backed off has ended before.
        Some((at, *pod, false, how))
    });
    let signs: Vec<_> = of_pods.chain(of_events).collect();
    let (at, _, is_first, how) = signs.iter().min_by_key(|(at, ..)| *at)?;
    // What was there before, and ended more than once, may have ended before.
    let is_all_known = pods.iter().all(|pod| {
        let is_its_first =
            |(_, of, is_first, _): &(_, &PodRow, bool, _)| of.uid == pod.uid && *is_first;
        pod.created.is_some_and(|created| created >= *at) || signs.iter().any(is_its_first)
    });
    let crash = FirstCrash {
        at: *at,
        is_first: *is_first && is_all_known,
    };
    let how = how.clone();
    Some(EarliestCrash { crash, how })
}

/// Warnings of one reason about one workload.
struct EventGroup<'a> {
    count: u32,
    objects: BTreeSet<&'a str>,
    first: &'a EventRow,
    last: &'a EventRow,
}

/// Warnings about what is sick, one entry for each workload and reason.
fn warnings(model: &mut Model) -> Vec<Draft> {
    let sick = Sick::of(model);
    let mut groups: BTreeMap<(SickWorkload, &Outside), EventGroup<'_>> = BTreeMap::new();
    for event in model.cluster.warnings.table.rows() {
        let Some(case) = sick.case(event) else {
            continue;
        };
        let group = groups
            .entry((case.clone(), &event.reason))
            .or_insert_with(|| EventGroup {
                count: 0,
                objects: BTreeSet::new(),
                first: event,
                last: event,
            });
        group.count = group.count.saturating_add(event.count);
        group.objects.insert(event.object_name.raw());
        let by_time = |a: &EventRow, b: &EventRow| (a.first, &a.uid) < (b.first, &b.uid);
        if by_time(event, group.first) {
            group.first = event;
        }
        if event.last > group.last.last {
            group.last = event;
        }
    }
    let groups: Vec<_> = groups
        .into_iter()
        .take(ENTRIES_MAX)
        .map(|((case, reason), group)| {
            let title = format!(
                "{}: {} x{}{}: {}",
                case.workload.raw(),
                reason.raw(),
                group.count,
                within(group.first.first, group.last.last),
                group.last.message.raw()
            );
            let objects: Vec<&str> = group.objects.iter().copied().take(ENTRIES_MAX).collect();
            let body = format!("about {}", objects.join(", "));
            let origin = format!("event/{}", group.first.uid);
            let moments = (group.first.first, group.last.last);
            (case, title, body, origin, moments)
        })
        .collect();
    let drafts = groups
        .into_iter()
        .map(|(case, title, body, origin, moments)| Draft {
            body: Some(body.into()),
            ..entry(model, &case, Kind::Event, title, &origin, moments)
        });
    drafts.collect()
}

/// So many times from its first to its last: the entry stands at the first.
fn within(first: Option<Seconds>, last: Option<Seconds>) -> String {
    let utc = |moment: Option<Seconds>| moment.and_then(Seconds::utc);
    match (utc(first), utc(last)) {
        (Some(first), Some(last)) if first < last => format!(" in {}", lasted(first, last)),
        _ => String::new(),
    }
}

/// What is sick, by what an Event can name.
struct Sick {
    by_uid: BTreeMap<Uid, SickWorkload>,
    by_owner: BTreeMap<(Outside, Outside), SickWorkload>,
}

impl Sick {
    fn of(model: &Model) -> Sick {
        let (mut by_uid, mut by_owner) = (BTreeMap::new(), BTreeMap::new());
        let pods = at_start(&model.observed)
            .flat_map(|(case, span)| span.pods.iter().map(move |uid| (uid, case)));
        for (uid, case) in pods {
            let Some(pod) = model.cluster.pods.table.get(uid) else {
                continue;
            };
            by_uid.insert(uid.clone(), case.clone());
            by_owner.insert((pod.namespace.clone(), pod.workload_name()), case.clone());
            if let Some(owner) = &pod.owner {
                by_owner.insert((pod.namespace.clone(), owner.name.clone()), case.clone());
            }
        }
        Sick { by_uid, by_owner }
    }

    /// The case that an Event is about: its pod, the owner of one that is gone, or the workload itself.
    fn case(&self, event: &EventRow) -> Option<&SickWorkload> {
        let named = |name: &str| {
            let place = (event.namespace.clone(), Outside::from(name));
            self.by_owner.get(&place)
        };
        let name = event.object_name.raw();
        match event.object_kind.raw() {
            "Pod" => self
                .by_uid
                .get(&event.object_uid)
                .or_else(|| named(name.rsplit_once('-')?.0)),
            _ => named(name),
        }
    }
}

fn entry(
    model: &mut Model,
    case: &SickWorkload,
    kind: Kind,
    title: String,
    origin: &str,
    (first, last): (Option<Seconds>, Option<Seconds>),
) -> Draft {
    let target = observe::target(model, &case.namespace, case.workload.raw());
    let draft = timeline::draft(model, Actor::of(ActorKind::Cluster), kind, title);
    let occurred_at = first
        .and_then(Seconds::utc)
        .map_or(draft.occurred_at, |first| model.of_server(first));
    let ended_at = last.filter(|last| Some(*last) > first);
    Draft {
        occurred_at,
        ended_at: ended_at
            .and_then(Seconds::utc)
            .map(|last| model.of_server(last)),
        source: Some("backfill".into()),
        origin: Some(origin.into()),
        target: Some(target),
        tags: tags(true),
        ..draft
    }
}

fn counted(pods: usize) -> String {
    if pods == 1 {
        "1 pod".to_owned()
    } else {
        format!("{pods} pods")
    }
}
