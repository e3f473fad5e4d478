//! Services that lose their last ready endpoint and get one again: said once it has lasted.

use std::collections::BTreeSet;

use super::entry::entry;
use super::seen::Unserved;
use model::Model;
use model::changes::{ChangeAuthor, ChangeMoment, ChangePart, SETTLE_MS, SeenChange, ServingSpan};
use model::cluster::{Kind, ObjectRef};
use model::entry::Draft;
use model::serving::Name;

/// Services that lost their last ready endpoint with this message, or have one again.
pub(super) fn update(model: &mut Model, unserved: &Unserved) -> Vec<Draft> {
    let serving = &model.cluster.serving;
    let after: BTreeSet<Name> = serving
        .unready()
        .into_iter()
        .map(|(name, _)| name.clone())
        .collect();
    // One that is new, or gone, has neither lost nor got anything.
    let is_there = |name: &&Name| serving.service(name).is_some();
    let is_new = |name: &&Name| {
        let created = serving.service(name).and_then(|service| service.created);
        created.is_some_and(|created| created.age_s(model.server_now()) < SETTLE_MS / 1_000)
    };
    let lost = after.difference(&unserved.before);
    let lost: Vec<Name> = lost
        .filter(is_there)
        .filter(|name| !is_new(name))
        .cloned()
        .collect();
    let regained = unserved.before.difference(&after);
    let regained: Vec<Name> = regained.filter(is_there).cloned().collect();
    let moment = unserved.moment;
    for name in lost {
        let since = ServingSpan {
            moment,
            is_recorded: false,
        };
        model.changes.unserved.entry(name).or_insert(since);
    }
    let mut drafts = Vec::new();
    for name in regained {
        let since = model.changes.unserved.remove(&name);
        // One that was so at the start is over now, too.
        if since.is_none_or(|since| since.is_recorded) {
            let readiness = model.cluster.serving.readiness(&name);
            let part = ChangePart::Served(readiness);
            drafts.extend(of_service(model, &name, part, moment));
        }
    }
    drafts
}

fn of_service(
    model: &mut Model,
    name: &Name,
    part: ChangePart,
    moment: ChangeMoment,
) -> Option<Draft> {
    let service = model.cluster.serving.service(name)?;
    let object = ObjectRef {
        kind: Kind::Service,
        namespace: Some(name.0.clone()),
        name: name.1.clone(),
        uid: service.uid.clone(),
    };
    let change = SeenChange {
        object,
        part,
        moment,
    };
    entry(model, &change, &ChangeAuthor::NotKnown)
}

/// Those that have lasted long enough to be said.
pub(super) fn settled(model: &mut Model) -> Vec<Draft> {
    let now = model.now;
    let serving = &model.cluster.serving;
    if !serving.is_current() {
        return Vec::new();
    }
    let unserved = &mut model.changes.unserved;
    unserved.retain(|name, _| serving.service(name).is_some());
    let is_due =
        |since: &ServingSpan| !since.is_recorded && now.since_ms(since.moment.seen) >= SETTLE_MS;
    let mut due = Vec::new();
    for (name, since) in unserved.iter_mut().filter(|(_, since)| is_due(since)) {
        since.is_recorded = true;
        due.push((name.clone(), since.moment));
    }
    let mut drafts = Vec::new();
    for (name, moment) in due {
        let readiness = model.cluster.serving.readiness(&name);
        let part = ChangePart::Unserved(readiness);
        drafts.extend(of_service(model, &name, part, moment));
    }
    drafts
}
