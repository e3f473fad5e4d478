//! Which revisions are read for the rollouts pane, and what came of it.

use super::height;
use crate::write;
use model::Model;
use model::cluster::Problem;
use model::message::Effect;
use model::meta::Uid;
use model::rollout_list::{
    AGAIN_MS, ANSWER_MS, ASKED_MAX, KEPT_MAX, KnownHistory, RevisionMark, RolloutPart,
};
use model::time::At;
use model::workload::revisions::History;

/// The revisions of what the pane shows, as far as they are not known as it stands now.
pub(super) fn ask(model: &mut Model) -> Vec<Effect> {
    if height(model) == 0 || model.cluster.connection.is_none() {
        return Vec::new();
    }
    let now = model.now;
    let list = &model.rollout_list;
    let is_late = |asked: &At| now.since_ms(*asked) >= ANSWER_MS;
    let mut room = ASKED_MAX.saturating_sub(list.asked.values().filter(|at| !is_late(at)).count());
    let mut wanted = Vec::new();
    let lines = (0..list.table.len()).filter_map(|line| list.table.row_at(line));
    let workloads = lines
        .filter(|(line, is_gone)| line.part == RolloutPart::Whole && !is_gone)
        .filter(|(line, _)| list.open.contains(&line.workload))
        .take(list.open.len().min(KEPT_MAX))
        .filter_map(|(line, _)| model.cluster.workload(&line.workload));
    for row in workloads {
        let is_asked = list.asked.get(row.uid()).is_some_and(|at| !is_late(at));
        let is_known = list.known.get(row.uid()).is_some_and(|known| {
            known.mark == RevisionMark::of(row)
                && (known.problem.is_none() || now.since_ms(known.at) < AGAIN_MS)
        });
        if room > 0 && !is_asked && !is_known {
            room -= 1;
            wanted.push((row.uid().clone(), write::ask(model, row)));
        }
    }
    let mut effects = Vec::new();
    for (uid, effect) in wanted {
        model.rollout_list.asked.insert(uid, now);
        effects.push(effect);
    }
    effects
}

/// The revisions of a workload, or why there are none.
pub(crate) fn on_history(model: &mut Model, workload: &Uid, read: Result<&History, &Problem>) {
    let now = model.now;
    let mark = model.cluster.workload(workload).map(RevisionMark::of);
    let is_asked_for = model.rollout_list.turned.contains(workload);
    if let (Err(problem), true) = (read, is_asked_for) {
        model.complain(format!("{}; {}", problem.what.raw(), problem.next));
    }
    let list = &mut model.rollout_list;
    list.asked.remove(workload);
    let before = list.known.remove(workload).and_then(|known| known.history);
    if list.known.len() >= KEPT_MAX
        && let Some(oldest) = list
            .known
            .iter()
            .min_by_key(|(_, known)| known.at.mono_ms)
            .map(|(uid, _)| uid.clone())
    {
        list.known.remove(&oldest);
    }
    list.known.insert(
        workload.clone(),
        KnownHistory {
            history: read.ok().cloned().or(before),
            problem: read.err().cloned(),
            at: now,
            mark: mark.unwrap_or_default(),
        },
    );
    (list.is_stale, list.is_miscounted) = (true, true);
}
