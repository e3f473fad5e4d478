//! Changes of a replica count that somebody else made: who, when, from what to what. Each is asked about once.

use super::{cluster, observe, timeline};
use model::entry::{Actor, Draft, EntryChange, EntryTarget};
use model::kind::{ActorKind, Kind};
use model::message::{Effect, Read};
use model::pods::Uid;
use model::scales::{ANSWER_MS, ASKED_MAX, ReplicaChange, ScaledBy};
use model::time::Seconds;
use model::workload::{KindFields, WorkloadRow};
use model::{Model, write};
use text::Outside;

/// Whom the server names where an autoscaler set the count: it does that all day long.
const AUTOSCALER: &str = "kube-controller-manager";

/// Keeps the counts of what is there at the start.
pub(super) fn begin(model: &mut Model) {
    let counts = model.cluster.workloads().filter_map(replicas);
    model.observed.scales.replicas = counts.collect();
}

/// Looks at workloads that changed.
pub(super) fn update(model: &mut Model, touched: &[Uid]) -> (Vec<Draft>, Vec<Effect>) {
    let (mut drafts, mut effects) = (Vec::new(), Vec::new());
    for uid in touched {
        let Some(scaled) = change(model, uid) else {
            continue;
        };
        if model.observed.scales.asked.len() < ASKED_MAX {
            model.observed.scales.asked.insert(uid.clone(), scaled);
            effects.extend(ask(model, uid));
        } else {
            drafts.extend(entry(model, uid, scaled, &ScaledBy::NotKnown));
        }
    }
    let now = model.now;
    let asked = &model.observed.scales.asked;
    let is_late = |scaled: &ReplicaChange| now.since_ms(scaled.seen) >= ANSWER_MS;
    let late: Vec<Uid> = asked
        .iter()
        .filter(|(_, scaled)| is_late(scaled))
        .map(|(uid, _)| uid.clone())
        .collect();
    for uid in late {
        drafts.extend(answer(model, &uid, &ScaledBy::NotKnown));
    }
    (drafts, effects)
}

/// Who made a change, as far as the server says it.
pub(super) fn answer(model: &mut Model, uid: &Uid, by: &ScaledBy) -> Option<Draft> {
    let scaled = model.observed.scales.asked.remove(uid)?;
    entry(model, uid, scaled, by)
}

/// A DaemonSet has no count of its own.
fn replicas(row: &WorkloadRow) -> Option<(Uid, u32)> {
    (row.of_kind != KindFields::DaemonSet).then(|| (row.uid().clone(), row.wanted()))
}

/// The change of a count, unless it is the first that is seen or this console made it.
fn change(model: &mut Model, uid: &Uid) -> Option<ReplicaChange> {
    let (_, to) = replicas(model.cluster.workload(uid)?)?;
    let from = model.observed.scales.replicas.insert(uid.clone(), to)?;
    let is_own = model.writes.sent().any(|(what, _)| {
        let sets_it = matches!(what.change, write::Change::Scale { to: ours, .. } if ours == to);
        what.target.uid == *uid && sets_it
    });
    let scaled = ReplicaChange {
        from: model
            .observed
            .scales
            .asked
            .get(uid)
            .map_or(from, |asked| asked.from),
        to,
        seen: model.now,
    };
    (from != to && !is_own).then_some(scaled)
}

fn ask(model: &Model, uid: &Uid) -> Option<Effect> {
    let workload = model.cluster.workload(uid)?.object();
    Some(cluster::ask(model, Read::Scaler(workload)))
}

fn entry(model: &mut Model, uid: &Uid, scaled: ReplicaChange, by: &ScaledBy) -> Option<Draft> {
    let manager = match by {
        ScaledBy::Manager(manager) => Some(manager),
        ScaledBy::ScaleSubresource | ScaledBy::NotKnown => None,
    };
    let row = model.cluster.workload(uid)?;
    let ReplicaChange { from, to, seen } = scaled;
    let is_autoscaler = manager.is_some_and(|manager| manager.name.raw() == AUTOSCALER);
    if is_autoscaler && from != 0 && to != 0 {
        return None;
    }
    let (kind, namespace, name) = (row.kind(), row.namespace().clone(), row.name().clone());
    let who = match by {
        ScaledBy::Manager(manager) => format!("by {}", manager.name.raw()),
        ScaledBy::ScaleSubresource => "by kubectl scale or another client of /scale".to_owned(),
        ScaledBy::NotKnown => "by whom is not known".to_owned(),
    };
    let title = format!(
        "scale {} {from} -> {to} in {}, {who}",
        name.raw(),
        namespace.raw()
    );
    let at = manager.and_then(|manager| manager.at);
    let draft = timeline::draft(model, Actor::of(ActorKind::Cluster), Kind::Scale, title);
    let when = at.map_or(seen.wall.timestamp(), Seconds::unix);
    Some(Draft {
        occurred_at: at.and_then(Seconds::utc).unwrap_or(seen.wall),
        source: Some("workloads".into()),
        origin: Some(format!("{uid}/scale/{from}-{to}/{when}").into()),
        body: body(by),
        change: Some(EntryChange {
            before: Some(from.to_string().into()),
            after: Some(to.to_string().into()),
            ..EntryChange::default()
        }),
        target: Some(EntryTarget {
            kind: Some(kind.word().into()),
            uid: Some(Outside::from(&**uid)),
            ..observe::target(model, &namespace, name.raw())
        }),
        ..draft
    })
}

/// What the server keeps about who did it.
fn body(by: &ScaledBy) -> Option<Outside> {
    match by {
        ScaledBy::Manager(manager) => {
            let words = format!("field manager of spec.replicas: {}", manager.name.raw());
            Some(words.into())
        }
        ScaledBy::ScaleSubresource => Some(
            "the server keeps no field manager: once a count was set to 0 by the scale subresource it has none; \
             its audit log names the user"
                .into(),
        ),
        ScaledBy::NotKnown => None,
    }
}
