//! Asks for the revisions of namespaces, a few lists at a time; nothing is tried again by itself.

use std::collections::BTreeSet;

use super::{lookback, record_as_seen};
use crate::cluster;
use model::Model;
use model::cluster::{Problem, ProblemClass};
use model::entry::Draft;
use model::message::{Effect, Read};
use model::revision_list::RevisionList;
use model::rollouts::{ANSWER_MS, ASKED_MAX, DueRollout, Lookback};

/// One list for each namespace and kind with something due, or to be read whole.
pub(super) fn ask(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let rollouts = &model.observed.rollouts;
    let is_time = |due: &&DueRollout| due.not_before.mono_ms <= now.mono_ms;
    let due = rollouts.due.iter();
    let due = due.filter(|(_, due)| due.iter().any(|due| is_time(&due)));
    let wanted = due.map(|(list, _)| list).chain(rollouts.lookbacks.wanted());
    let wanted: BTreeSet<RevisionList> = wanted
        .filter(|list| !rollouts.asked.contains_key(*list))
        .cloned()
        .collect();
    let room = ASKED_MAX.saturating_sub(rollouts.asked.len());
    let mut effects = Vec::new();
    for list in wanted.into_iter().take(room) {
        let is_whole = model.observed.rollouts.lookbacks.get(&list) == Some(&Lookback::Wanted);
        let workloads = if is_whole {
            lookback::workloads(model, &list)
        } else {
            let due = model.observed.rollouts.due.get(&list).into_iter();
            due.flatten().map(|due| due.workload.clone()).collect()
        };
        let rollouts = &mut model.observed.rollouts;
        rollouts.asked.insert(list.clone(), now);
        if is_whole {
            rollouts.lookbacks.set(&list, Lookback::Asked);
        }
        effects.push(cluster::ask(model, Read::Revisions { list, workloads }));
    }
    effects
}

/// What was asked about and got no answer is recorded as it was seen.
pub(super) fn overdue(model: &mut Model) -> Vec<Draft> {
    let now = model.now;
    let asked = &model.observed.rollouts.asked;
    let lost: Vec<RevisionList> = asked
        .iter()
        .filter(|(_, asked)| now.since_ms(**asked) >= ANSWER_MS)
        .map(|(list, _)| list.clone())
        .collect();
    let mut drafts = Vec::new();
    for list in lost {
        lookback::failed(model, &list, no_answer());
        let rollouts = &mut model.observed.rollouts;
        rollouts.asked.remove(&list);
        for due in rollouts.due.remove(&list).unwrap_or_default() {
            drafts.extend(record_as_seen(model, &list.namespace, &due));
        }
    }
    drafts
}

fn no_answer() -> Problem {
    Problem {
        class: ProblemClass::Unreachable,
        what: "no answer".into(),
        next: "open the console anew".into(),
    }
}
