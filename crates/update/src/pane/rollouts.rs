//! Keys in the rollouts pane, and which revisions are read for it.

mod diff;
mod history;

pub(crate) use history::on_history;

use super::{Handled, PaneInput, Sorting};
use crate::list::succession::{self, Kinship};
use crate::list::{self, Move};
use crate::refusal;
use ::runbook::RunbookQuestion;
use keys::action::Action;
use model::cluster::ObjectRef;
use model::filter::Filter;
use model::link::Subject;
use model::message::Effect;
use model::meta::Uid;
use model::revision_list::RevisionKind;
use model::rollout_list::{COUNT_MS, RolloutColumn, RolloutLine, RolloutList, RolloutPart};
use model::runbook;
use model::screen::Pane;
use model::time::{At, Seconds};
use model::watched::Cluster;
use model::workload::status::RolloutPhase;
use model::{Model, link};
use view::layout;

pub(super) struct Rollouts;

impl PaneInput for Rollouts {
    fn step(&self, model: &mut Model, by: Move) -> Vec<Effect> {
        let height = height(model);
        let (list, table) = (&mut model.screen.rollouts, &model.rollout_list.table);
        list::step(list, table, height, by);
        Vec::new()
    }

    /// Shows the revisions of the workload, or hides them; of a revision what is different.
    fn open(&self, model: &mut Model) -> Vec<Effect> {
        let Some(line) = selected_line(model) else {
            return Vec::new();
        };
        if line.revision().is_some() {
            diff::open(model);
            return Vec::new();
        }
        let list = &mut model.rollout_list;
        if !list.turned.remove(&line.workload) {
            list.turned.insert(line.workload);
        }
        reorder(model);
        Vec::new()
    }

    fn copy(&self, model: &mut Model) -> Vec<Effect> {
        let name = selected_line(model).and_then(|line| {
            let history = model.rollout_list.history(&line.workload);
            match line.revision() {
                Some(at) => Some(history?.revisions.get(at)?.name.clone()),
                None => Some(model.cluster.workload(&line.workload)?.name().clone()),
            }
        });
        let Some(name) = name else {
            return Vec::new();
        };
        model.say("copied the name");
        vec![Effect::Copy(name)]
    }

    fn search(&self, model: &mut Model, is_forward: bool) -> Vec<Effect> {
        let height = height(model);
        let (list, table) = (&mut model.screen.rollouts, &model.rollout_list.table);
        let is_wanted = is_unfinished(&model.cluster, &model.rollout_list);
        if !list::search(list, table, height, is_forward, is_wanted) {
            model.say("nothing rolls, and nothing is short of pods");
        }
        Vec::new()
    }

    fn filter<'a>(&self, model: &'a Model) -> &'a Filter {
        &model.screen.rollouts.filter
    }

    fn set_filter(&self, model: &mut Model, filter: Filter) {
        model.screen.rollouts.filter = filter;
        reorder(model);
    }

    fn sort(&self, model: &mut Model, sorting: Sorting) {
        let list = &mut model.screen.rollouts;
        match sorting {
            Sorting::Next => list.sort = (list.sort + 1) % RolloutColumn::ALL.len(),
            Sorting::Reverse => list.is_reversed = !list.is_reversed,
        }
        reorder(model);
    }

    fn subject(&self, model: &mut Model) -> Option<Subject> {
        let line = selected_line(model)?;
        let row = model.cluster.workload(&line.workload)?;
        Some(link::of_workload(row, &model.cluster))
    }

    /// The workload, or what keeps the revision.
    fn object(&self, model: &mut Model) -> Option<ObjectRef> {
        let line = selected_line(model)?;
        let Some(row) = model.cluster.workload(&line.workload) else {
            model.say("it is gone from the cluster");
            return None;
        };
        let object = row.object();
        let history = model.rollout_list.history(&line.workload);
        let Some(revision) = line.revision().and_then(|at| history?.revisions.get(at)) else {
            return Some(object);
        };
        Some(ObjectRef {
            kind: RevisionKind::of(object.kind).kind(),
            namespace: object.namespace,
            name: revision.name.clone(),
            uid: revision.uid.clone(),
        })
    }

    fn question(&self, model: &mut Model) -> Option<RunbookQuestion> {
        // Documents can be read where nothing is selected, too.
        if model.rollout_list.table.is_empty() {
            return Some(RunbookQuestion::default());
        }
        let line = selected_line(model)?;
        let workload = model.cluster.workload(&line.workload)?;
        Some(runbook::of_workload(workload, model))
    }

    fn narrowed(&self, model: &mut Model) {
        reorder(model);
    }

    fn release(&self, model: &mut Model) -> bool {
        let was_marked = model.rollout_list.marked.take().is_some();
        if was_marked {
            model.say("no revision is marked any more");
        }
        was_marked
    }

    fn act(&self, model: &mut Model, action: Action) -> Handled {
        match action {
            Action::Diff => diff::open(model),
            Action::Mark => diff::mark(model),
            _ => return Handled::Ignored,
        }
        Handled::done()
    }

    fn settle(&self, model: &mut Model) -> Vec<Effect> {
        if model.rollout_list.epoch != model.cluster.epoch {
            model.rollout_list = RolloutList::default();
            model.rollout_list.epoch = model.cluster.epoch;
            model.rollout_list.is_stale = true;
        }
        let is_holding = model.screen.is_holding(model.now);
        model.rollout_list.table.hold(is_holding);
        if count_is_due(model).is_some_and(|due| due.mono_ms <= model.now.mono_ms) {
            let server_now = Seconds::from(model.server_now());
            model.rollout_list.counted = Some(model.now);
            let rollouts = &model.observed.rollouts;
            model
                .rollout_list
                .count_pods(&model.cluster, rollouts, server_now);
        }
        if model.rollout_list.is_stale {
            arrange(model);
        }
        let height = height(model);
        keep_cursor(model, height);
        show_names(model, height);
        history::ask(model)
    }

    fn next_due(&self, model: &Model) -> Option<At> {
        count_is_due(model)
    }
}

fn height(model: &Model) -> usize {
    usize::from(layout::of(model).body(Pane::Rollouts).height)
}

/// The columns follow the names on the screen.
fn show_names(model: &mut Model, height: usize) {
    let is_typing = model.screen.is_filtering(Pane::Rollouts);
    let asked = (model.cluster.epoch, model.screen.size);
    let (list, cluster) = (&mut model.screen.rollouts, &model.cluster);
    let lines = list.top..list.top + height;
    let lines = lines.map_while(|line| model.rollout_list.table.row_at(line));
    let shown = lines.filter_map(|(line, _)| cluster.workload(&line.workload));
    list.show_names(
        asked,
        is_typing,
        shown.map(|row| (row.namespace(), row.name())),
    );
}

fn arrange(model: &mut Model) {
    let subject = model.screen.subject_of(Pane::Rollouts);
    let list = &model.screen.rollouts;
    model.rollout_list.arrange(&model.cluster, list, subject);
}

/// A new order: the standings are computed first, then all lines are sorted.
fn reorder(model: &mut Model) {
    arrange(model);
    let is_reversed = model.screen.rollouts.is_reversed;
    model.rollout_list.table.turn(is_reversed);
    list::begin_anew(&mut model.screen.rollouts, &model.rollout_list.table);
}

/// Pods are counted while there are workloads to count them for.
fn count_is_due(model: &Model) -> Option<At> {
    let list = &model.rollout_list;
    if list.counts.total == 0 {
        return None;
    }
    let next = list.counted.map(|counted| counted.plus_ms(COUNT_MS));
    let next = next.unwrap_or(model.now);
    if list.is_miscounted {
        return Some(next);
    }
    let server_now = model.server_now().timestamp();
    let left_s = u64::try_from(list.due?.unix() - server_now).unwrap_or(0);
    Some(model.now.plus_ms(left_s * 1_000)).map(|due| due.max(next))
}

fn keep_cursor(model: &mut Model, height: usize) {
    let kinship = Kinship {
        title: RolloutLine::workload_name,
        kin: |line| Some(line.workload_name()),
        gone: "is not listed any more",
    };
    let (list, table) = (&mut model.screen.rollouts, &model.rollout_list.table);
    let told = succession::follow(list, table, (height, model.now), &kinship);
    succession::tell(model, told);
    let is_wanted = is_unfinished(&model.cluster, &model.rollout_list);
    let (list, table) = (&mut model.screen.rollouts, &model.rollout_list.table);
    list::keep_cursor(list, table, height, is_wanted);
}

fn is_unfinished<'a>(
    cluster: &'a Cluster,
    rollouts: &'a RolloutList,
) -> impl Fn(&RolloutLine) -> bool + 'a {
    move |line| {
        let row = cluster.workload(&line.workload);
        let is_unfinished = |phase: RolloutPhase| phase.is_unfinished();
        line.part == RolloutPart::Whole
            && row.is_some_and(|row| is_unfinished(rollouts.status(row).phase))
    }
}

/// The selected line; `None` when it has said why there is none.
fn selected_line(model: &mut Model) -> Option<RolloutLine> {
    let height = height(model);
    let (list, table) = (&mut model.screen.rollouts, &model.rollout_list.table);
    match list::pointed(list, table, height) {
        Ok(uid) => model.rollout_list.table.get(&uid).cloned(),
        Err(why) => {
            let words = refusal::unselected(model, "workload", why);
            model.say(words);
            None
        }
    }
}

/// The selected workload, and the revision when the cursor is on one.
pub(crate) fn selected(model: &mut Model) -> Option<(Uid, Option<Uid>)> {
    let line = selected_line(model)?;
    let history = model.rollout_list.history(&line.workload);
    let revision = line
        .revision()
        .and_then(|at| Some(history?.revisions.get(at)?.uid.clone()));
    Some((line.workload, revision))
}
