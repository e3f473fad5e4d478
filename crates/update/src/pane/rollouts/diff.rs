//! What differs between two revisions: the marked one, what stands, the selected one.

use super::{selected, selected_line};
use keys::action::Action;
use model::Model;
use model::screen::Difference;
use model::templates::{self, Template};

/// Equal lines around what differs.
const AROUND: usize = 3;

pub(super) fn mark(model: &mut Model) {
    let Some((workload, Some(revision))) = selected(model) else {
        let words = format!(
            "only a revision can be marked; {} lists those of a workload",
            model.key(Action::Open)
        );
        model.say(words);
        return;
    };
    let mark = Some((workload, revision));
    let is_same = model.rollout_list.marked == mark;
    model.rollout_list.marked = mark.filter(|_| !is_same);
    model.say(if is_same {
        "no revision is marked any more"
    } else {
        "marked: the next difference is from here"
    });
}

/// From the marked revision, else from what stands, to the selected one; of what stands from the one before it.
pub(super) fn open(model: &mut Model) {
    match difference(model) {
        Ok(Some(found)) => model.screen.lay(found),
        Ok(None) => {}
        Err(why) => model.complain(format!("{}: {why}", Action::Diff.name())),
    }
}

fn difference(model: &mut Model) -> Result<Option<Difference>, String> {
    let Some(line) = selected_line(model) else {
        return Ok(None);
    };
    let Some(row) = model.cluster.workload(&line.workload) else {
        return Err("it is gone from the cluster".to_owned());
    };
    let Some(history) = model.rollout_list.history(&line.workload) else {
        return Err(format!(
            "the revisions of {} are not known yet; they are being read, try again",
            row.name().raw()
        ));
    };
    let name = |at: usize| format!("r{}", history.revisions[at].number);
    let current = history.current();
    let now = current.map_or("what stands".to_owned(), name);
    let of = |at: usize| (name(at), &history.revisions[at].template);
    let to = line.revision().filter(|at| *at < history.revisions.len());
    let marked = model
        .rollout_list
        .marked
        .as_ref()
        .filter(|(workload, _)| *workload == line.workload)
        .and_then(|(_, uid)| {
            history
                .revisions
                .iter()
                .position(|revision| revision.uid == *uid)
        });
    let standing = (now, &history.template);
    let previous = current
        .map(|at| at + 1)
        .filter(|at| *at < history.revisions.len());
    let (before, after): ((String, &Template), (String, &Template)) = match (marked, to) {
        (Some(from), Some(to)) if from != to => (of(from), of(to)),
        (Some(from), None) => (of(from), standing),
        (_, Some(to)) if Some(to) != current => (standing, of(to)),
        (_, _) => match previous {
            Some(previous) => (of(previous), standing),
            None => {
                return Err(
                    "there is no other revision to compare it with; none was kept".to_owned(),
                );
            }
        },
    };
    let title = format!("{} {} -> {}", row.name().raw(), before.0, after.0);
    Ok(Some(Difference {
        title: title.into(),
        line: line.meta.uid.clone(),
        lines: templates::diff(before.1, after.1, AROUND),
        top: 0,
    }))
}
