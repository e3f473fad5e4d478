//! The entry of a change, and how many of them there may be at a time.

use chrono::{DateTime, Utc};

use crate::{observe, timeline};
use model::Model;
use model::changes::{
    ChangeAuthor, ChangePart, ENTRIES_MAX, FieldManager, SOURCE, SeenChange, WINDOW_MS,
};
use model::entry::{Actor, Draft, EntryTarget};
use model::kind::{ActorKind, Kind};
use model::time::Seconds;
use text::Outside;

/// Lets so many entries through; the others are counted, and the count is an entry.
pub(super) fn bounded(model: &mut Model, drafts: Vec<Draft>) -> Vec<Draft> {
    let now = model.now;
    let mut through = Vec::new();
    let window = model.changes.window;
    if let Some((since, _, left_out)) =
        window.filter(|(since, ..)| now.since_ms(*since) >= WINDOW_MS)
    {
        model.changes.window = None;
        if left_out > 0 {
            let title = format!(
                "{left_out} more changes since {} are not recorded one by one: too many at once",
                clock(model, since.wall)
            );
            let actor = Actor::of(ActorKind::Console);
            let draft = timeline::draft(model, actor, Kind::Event, title);
            through.push(Draft {
                source: Some(SOURCE.into()),
                ..draft
            });
        }
    }
    for draft in drafts {
        let (_, entries, left_out) = model.changes.window.get_or_insert((now, 0, 0));
        if *entries < ENTRIES_MAX {
            *entries += 1;
            through.push(draft);
        } else {
            *left_out += 1;
        }
    }
    through
}

/// What an autoscaler does all day long is no entry; that it switches something off or on is.
fn is_routine(change: &SeenChange, by: &ChangeAuthor) -> bool {
    let ChangePart::Replicas { from, to } = change.part else {
        return false;
    };
    let manager = by.manager();
    from != 0 && to != 0 && manager.is_some_and(FieldManager::is_autoscaler)
}

pub(super) fn entry(model: &mut Model, change: &SeenChange, by: &ChangeAuthor) -> Option<Draft> {
    if is_routine(change, by) {
        return None;
    }
    let SeenChange {
        object,
        part,
        moment,
    } = change;
    let stamped = by.manager().and_then(|manager| manager.at);
    let stamped = stamped.or(moment.stamped).and_then(Seconds::utc);
    let stamped = stamped.map(|at| model.of_server(at));
    let after = moment.after.filter(|_| stamped.is_none());
    let between = after.map_or(String::new(), |after| {
        let (from, to) = (clock(model, after.wall), clock(model, moment.seen.wall));
        format!(", between {from} and {to}")
    });
    let title = format!("{}{between}", change.title(by));
    let draft = timeline::draft(model, Actor::of(ActorKind::Cluster), part.kind(), title);
    let occurred_at = stamped.unwrap_or(after.unwrap_or(moment.seen).wall);
    let origin = format!(
        "{}/{}/{}",
        object.uid,
        part.origin(),
        occurred_at.timestamp()
    );
    let place = Outside::from("");
    let namespace = object.namespace.as_ref().unwrap_or(&place);
    let target = EntryTarget {
        namespace: object.namespace.clone(),
        kind: Some(object.kind.word().into()),
        uid: Some(Outside::from(&*object.uid)),
        ..observe::target(model, namespace, object.name.raw())
    };
    Some(Draft {
        occurred_at,
        ended_at: after.map(|_| moment.seen.wall),
        source: Some(SOURCE.into()),
        origin: Some(origin.into()),
        body: change.body(by),
        change: part.change(),
        target: Some(target),
        ..draft
    })
}

/// A time in a title.
fn clock(model: &Model, at: DateTime<Utc>) -> String {
    let (at, mark) = (model.settings.shown(at), model.settings.zone_mark());
    format!("{}{mark}", at.format("%H:%M:%S"))
}
