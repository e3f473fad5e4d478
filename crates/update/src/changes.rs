//! What others change becomes entries: from what to what, when and by whom. Who did it is asked once, by the metadata of the
//! object alone. What this console wrote itself is on the timeline already.

mod deletions;
mod entry;
mod notice;
mod parts;
mod seen;
mod serving;

use super::{cluster, timeline};
use model::Model;
use model::changes::{
    ANSWER_MS, ASKED_MAX, ChangeAuthor, ChangeField, ChangePart, ChangeSpan, Changes, ConfigChange,
    FieldManager, SeenChange,
};
use model::entry::Draft;
use model::message::{Effect, Read};
use model::meta::Uid;
use model::time::Seconds;

use entry::{bounded, entry};
use notice::Noticed;
pub(super) use notice::notice;

/// What is to be recorded and asked after a message or the passing of time.
pub(super) fn update(model: &mut Model, noticed: Noticed) -> Vec<Effect> {
    let epoch = model.cluster.epoch;
    if model.changes.epoch != epoch {
        model.changes = Changes {
            epoch,
            ..Changes::default()
        };
        return Vec::new();
    }
    let (mut drafts, mut effects) = (Vec::new(), Vec::new());
    for change in noticed.changes {
        keep(model, &change);
        take(model, change, &mut drafts, &mut effects);
    }
    for pods in noticed.deleted {
        deletions::remember(&mut model.changes, pods);
    }
    if let Some(unserved) = noticed.unserved {
        drafts.extend(serving::update(model, &unserved));
    }
    drafts.extend(serving::settled(model));
    drafts.extend(deletions::settled(model));
    drafts.extend(overdue(model));
    effects.extend(timeline::append(bounded(model, drafts)));
    effects
}

/// Who wrote to an object that was asked about.
pub(super) fn on_managers(
    model: &mut Model,
    uid: Uid,
    field: ChangeField,
    managers: Option<&[FieldManager]>,
) -> Vec<Effect> {
    let Some(change) = model.changes.asked.remove(&(uid, field)) else {
        return Vec::new();
    };
    let moment = ChangeSpan::of(&change.moment, model.cluster.skew_s().unwrap_or(0));
    let by = managers.map_or(ChangeAuthor::NotKnown, |managers| {
        ChangeAuthor::of(managers, moment)
    });
    let draft = entry(model, &change, &by);
    timeline::append(bounded(model, draft.into_iter().collect()))
}

/// Pods that started before it are marked from now on.
fn keep(model: &mut Model, change: &SeenChange) {
    let object = &change.object;
    let namespace = object.namespace.clone();
    if let (ChangePart::Content { .. }, Some(namespace)) = (&change.part, namespace) {
        let changed = ConfigChange {
            kind: object.kind,
            name: object.name.clone(),
            at: Seconds::from(model.server_now()),
        };
        model.changes.keep(namespace, changed);
    }
}

/// Asks who made a change, where that can be asked; else it is recorded as it is known.
fn take(model: &mut Model, change: SeenChange, drafts: &mut Vec<Draft>, effects: &mut Vec<Effect>) {
    let field = change.part.field();
    let Some(field) = field.filter(|_| model.changes.asked.len() < ASKED_MAX) else {
        drafts.extend(entry(model, &change, &ChangeAuthor::NotKnown));
        return;
    };
    let object = change.object.clone();
    let key = (object.uid.clone(), field);
    // The answer will name the last of two: who made the first will not be known.
    if let Some(earlier) = model.changes.asked.insert(key, change) {
        drafts.extend(entry(model, &earlier, &ChangeAuthor::NotKnown));
    }
    effects.push(cluster::ask(model, Read::Managers(object, field)));
}

/// What was asked about and got no answer is recorded as it is known.
fn overdue(model: &mut Model) -> Vec<Draft> {
    let now = model.now;
    let asked = std::mem::take(&mut model.changes.asked);
    let mut drafts = Vec::new();
    for (key, change) in asked {
        if now.since_ms(change.moment.seen) >= ANSWER_MS {
            drafts.extend(entry(model, &change, &ChangeAuthor::NotKnown));
        } else {
            model.changes.asked.insert(key, change);
        }
    }
    drafts
}
