//! The line of a revision: its number and images, its pods, how long it was current, and why it was made.

use super::columns::{NARROW, Pieces, fitted};
use crate::theme::{Role, Theme};
use crate::words;
use model::Model;
use model::rollout_list::RolloutLine;
use model::rollouts::tags;
use model::time::Seconds;
use model::workload::revisions::{History, InUse, Revision};
use text::{Outside, SafeText};

/// Columns of number and images.
const NAME: usize = 18;
/// The same in a narrow pane.
const NAME_NARROW: usize = 9;

pub(super) fn pieces(
    model: &Model,
    line: &RolloutLine,
    (history, at): (&History, usize),
    (cursor, width): (&str, u16),
    theme: &Theme,
) -> Pieces {
    let revision = &history.revisions[at];
    let list = &model.rollout_list;
    let is_marked = list
        .marked
        .as_ref()
        .is_some_and(|(workload, uid)| *workload == line.workload && *uid == revision.uid);
    let mark = if is_marked { "*" } else { " " };
    let cursor = SafeText::from(format!(" {cursor}{mark} "));
    let name = Outside::from(format!("r{} {}", revision.number, tags(&revision.images)));
    let role = if history.current() == Some(at) {
        Role::Title
    } else {
        Role::Text
    };
    let columns = if width < NARROW { NAME_NARROW } else { NAME };
    let mut facts = Vec::new();
    if let Some(number) = history.restart_of(at) {
        facts.push(format!("restart of r{number}"));
    }
    facts.extend(pods(model, revision, width));
    facts.extend(current_for(model, history, at));
    if let Some(cause) = &revision.change_cause {
        facts.push(cause.shown().as_str().to_owned());
    }
    let facts = SafeText::from(facts.join(", "));
    vec![
        (cursor, theme.style(Role::Key)),
        (fitted(&name.shown(), columns), theme.style(role)),
        (facts, theme.style(Role::Dim)),
    ]
}

fn pods(model: &Model, revision: &Revision, width: u16) -> Option<String> {
    let (ready, all) = model.rollout_list.pods.get(&revision.uid)?;
    let word = if width < NARROW { "" } else { " pods" };
    Some(format!("{ready}/{all}{word} ready"))
}

/// When it began, and how long it was current.
fn current_for(model: &Model, history: &History, at: usize) -> Option<String> {
    let wall = model.server_now();
    let now = Seconds::from(wall);
    let ago = |since: Seconds| words::age(since, wall);
    let made = history.revisions[at].created.map(ago);
    match (history.in_use(at, now), made) {
        (InUse::Now(Some(since)), _) => Some(format!("current for {}", ago(since))),
        (InUse::Now(None), Some(made)) => {
            Some(format!("current, rolled back to, first made {made} ago"))
        }
        (InUse::Now(None), None) => Some("current".to_owned()),
        (held, made) => {
            let made = made.map(|made| format!("made {made} ago"));
            let parts: Vec<String> = words::current_for(held).into_iter().chain(made).collect();
            (!parts.is_empty()).then(|| parts.join(", "))
        }
    }
}
