//! What is said around the lines of a log: what is followed and hidden in the title, what is missing in the foot, and why
//! there is no line.

use ratatui::style::Style;

use super::line::tag;
use crate::paint;
use crate::theme::{Glyph, Role, Theme};
use model::Model;
use model::link::{LinkTarget, Subject};
use model::logs::{Logs, STREAMS_MAX, StreamState};
use model::screen::Pane;
use model::sick::exit;
use model::time::{Seconds, spelt};
use text::{Outside, SafeText};

/// Instances before of which it is said how they ended; the others are counted.
const ENDS_MAX: usize = 3;

/// Pieces of one line.
pub(super) type Row<'a> = Vec<(SafeText<'a>, Style)>;

pub(super) fn title<'a>(model: &'a Model, theme: &Theme) -> Row<'a> {
    let logs = &model.logs;
    let mut title = vec![paint::pane_title(Pane::Logs, theme)];
    let dot = theme.glyph(Glyph::Separator);
    if let Some(target) = &logs.target {
        let (pods, all) = (logs.followed_pods(), logs.members.len());
        let mut words = target.title.shown().to_string();
        if let Some(container) = &logs.container {
            words = format!("{words} {dot} {}", container.shown());
        }
        if logs.followed.len() < logs.candidates {
            let (here, of) = (logs.followed.len() as u64, count(logs.candidates as u64));
            words = format!("{words} {dot} {here} of {of} containers");
            if all != 1 {
                words = format!("{words} in {} pods", count(all as u64));
            }
        } else if all != 1 {
            let pods = if pods < all {
                format!(
                    "{} of {} pods followed",
                    count(pods as u64),
                    count(all as u64)
                )
            } else {
                format!("{all} pods")
            };
            words = format!("{words} {dot} {pods}");
        }
        if logs.is_previous {
            words = format!("{words} {dot} instance before");
        } else if let Some(since) = logs.since.and_then(Seconds::utc) {
            let since = model.settings.shown(since).format("%H:%M");
            words = format!("{words} {dot} since {since}");
        }
        title.push((
            SafeText::from(format!("{words} {dot} ")),
            theme.style(Role::Text),
        ));
        let mode = match logs.cursor {
            None => ("follow".to_owned(), Role::Good),
            Some(_) => (format!("paused, {} new", count(logs.unread())), Role::Warn),
        };
        title.push((SafeText::from(format!("{} ", mode.0)), theme.style(mode.1)));
    }
    let filter = &model.screen.logs.filter;
    let is_typing = model.screen.is_filtering(Pane::Logs);
    if is_typing || !filter.is_empty() {
        let caret = if is_typing { "_" } else { "" };
        let (here, all) = (
            logs.matching_lines() as u64,
            (logs.ring.order().len() - logs.ring.markers()) as u64,
        );
        let text = Outside::from(filter.text());
        let found = match (filter.is_empty(), logs.shows_all) {
            (true, _) => String::new(),
            (false, false) => format!(" {}, {} hidden", count(here), count(all - here.min(all))),
            (false, true) => format!(" {} of {}", count(here), count(all)),
        };
        let busy = if logs.is_searching { ", searching" } else { "" };
        let words = format!("{dot} /{}{caret}{found}{busy} ", text.shown());
        title.push((SafeText::from(words), theme.style(Role::Warn)));
    }
    let lost = logs.target.as_ref();
    if let Some(lost) = lost.and_then(|target| in_place_of(model, target)) {
        let words = format!("{dot} in place of {} ", lost.shown());
        title.push((SafeText::from(words), theme.style(Role::Warn)));
    }
    title
}

/// The pod that was selected before, where the one that is followed has taken its place.
fn in_place_of<'a>(model: &'a Model, target: &Subject) -> Option<&'a Outside> {
    let pods = &model.screen.pods;
    let selected = model.cluster.pods.table.get(&pods.cursor.as_ref()?.uid)?;
    let lost = pods.in_place_of(&selected.uid)?;
    let is_followed = matches!(&target.targets[..], [LinkTarget::Pod { .. }]);
    (is_followed && target.includes_pod(selected)).then_some(&lost.title)
}

/// What of the followed logs is not here, and why: the worst first.
pub(super) fn trouble(model: &Model) -> Option<(String, Role)> {
    let logs = &model.logs;
    let ends = ends(model);
    let mut words = Vec::new();
    if let Some((namespace, problem)) = logs.refused.iter().next() {
        words.push(format!(
            "logs in {}: {}",
            namespace.shown(),
            problem.what.shown()
        ));
    }
    let lost: Vec<_> = logs
        .states
        .values()
        .filter_map(|state| match state {
            StreamState::Lost { problem, .. } => Some(problem),
            _ => None,
        })
        .collect();
    if let Some(problem) = lost.first() {
        words.push(format!(
            "{} of {} streams lost: {}",
            lost.len(),
            logs.followed.len(),
            problem.what.shown()
        ));
    }
    if logs.ring.dropped() > 0 {
        words.push(format!("{} lines dropped", count(logs.ring.dropped())));
    }
    let is_bad = !words.is_empty();
    if logs.followed.len() < logs.candidates {
        let outside = match logs.troubled_outside {
            0 => String::new(),
            1 => ": 1 in trouble is not among them".to_owned(),
            many => format!(": {} in trouble are not among them", count(many as u64)),
        };
        words.push(format!("at most {STREAMS_MAX} streams at once{outside}"));
    }
    let waiting = waiting(logs);
    if let [first, ..] = waiting.as_slice()
        && !logs.ring.order().is_empty()
    {
        words.push(format!(
            "{} of {} streams not started: {}",
            waiting.len(),
            logs.followed.len(),
            first.shown()
        ));
    }
    if logs.ring.let_go_lines() > 0 {
        words.push(format!(
            "{} older lines let go",
            count(logs.ring.let_go_lines())
        ));
    }
    let role = if is_bad { Role::Bad } else { Role::Dim };
    words.extend(ends);
    (!words.is_empty()).then(|| (words.join("; "), role))
}

/// How the instances before ended, as far as the cluster says it.
fn ends(model: &Model) -> Vec<String> {
    let logs = &model.logs;
    let named = logs.ends.iter().take(ENDS_MAX);
    let mut words: Vec<String> = named
        .map(|(stream, container)| {
            let whose = if logs.has_many_streams() || logs.ends.len() > 1 {
                format!("{} ", tag(logs, stream))
            } else {
                String::new()
            };
            let Some(end) = &container.last else {
                return format!("{whose}how it ended is not known");
            };
            let at = end.finished.and_then(Seconds::utc);
            let at = at.map_or(", when is not known".to_owned(), |at| {
                let shown = model.settings.shown(at).format("%H:%M:%S");
                format!(" {shown}{}", model.settings.zone_mark())
            });
            format!(
                "{whose}ended{at}: {}",
                exit::whole_words(container, end).shown()
            )
        })
        .collect();
    let more = logs.ends.len().saturating_sub(ENDS_MAX);
    if more > 0 {
        words.push(format!("{more} more"));
    }
    words
}

/// What the server says of containers that have no log yet.
fn waiting(logs: &Logs) -> Vec<&Outside> {
    let states = logs.states.values();
    states
        .filter_map(|state| match state {
            StreamState::Waiting { words } => Some(words),
            _ => None,
        })
        .collect()
}

/// Why there is no line, in words.
pub(super) fn silence(model: &Model) -> String {
    let logs = &model.logs;
    let Some(target) = &logs.target else {
        return "select a pod: its log is followed here".to_owned();
    };
    if !logs.ring.order().is_empty() {
        return "no line matches".to_owned();
    }
    if logs.members.is_empty() {
        return format!("{} has no pods now", target.title.shown());
    }
    if let Some(problem) = logs.refused.values().next() {
        return format!("{}; {}", problem.what.shown(), problem.next);
    }
    if logs.followed.is_empty() {
        return if logs.is_previous {
            "no container has an instance before this one".to_owned()
        } else {
            "no container has a log".to_owned()
        };
    }
    let waiting = logs.states.values().find_map(|state| match state {
        StreamState::Waiting { words } => Some(words.shown().to_string()),
        StreamState::Lost { problem, .. } => Some(problem.what.shown().to_string()),
        _ => None,
    });
    if let Some(words) = waiting {
        return words;
    }
    let is_over = !logs.states.is_empty()
        && logs
            .states
            .values()
            .all(|state| *state == StreamState::Ended);
    if is_over {
        "it printed nothing".to_owned()
    } else {
        "nothing printed yet".to_owned()
    }
}

pub(super) fn span(ms: u64) -> String {
    match ms {
        0..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => spelt(ms),
    }
}

/// With thousands set apart.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join(",")
}
