//! Numbers and moments in the words of the screen.

use chrono::{DateTime, Utc};
use ratatui::style::Style;

use crate::theme::{Glyph, Role, Theme};
use keys::action::Action;
use keys::keymap::Place;
use model::Model;
use model::cluster::{Health, PollReason, ProblemClass, Scope};
use model::pods::{ContainerRow, Termination};
use model::sick::{PodStatus, exit};
use model::time::{At, Seconds};
use model::workload::revisions::InUse;
use text::SafeText;

/// A duration as `kubectl` shortens it: `12s`, `4m`, `3h`, `9d`.
pub fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..86_400 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

/// How long ago that was, as [`duration`] has it. From a minute on it is counted in minutes of the clock: what is drawn in
/// between for another reason changes no age, and a quiet screen stays quiet.
pub fn age(moment: Seconds, now: DateTime<Utc>) -> String {
    let seconds = moment.age_s(now);
    if seconds < 60 {
        return duration(seconds);
    }
    let minutes = now.timestamp().div_euclid(60) - moment.unix().div_euclid(60);
    duration(minutes.unsigned_abs() * 60)
}

/// `n thing` or `n things`.
pub fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// The status column of a pod.
pub fn status(status: &PodStatus<'_>) -> SafeText<'static> {
    status.words().shown().into_owned()
}

/// How a container ended.
pub fn termination(container: &ContainerRow, end: &Termination) -> SafeText<'static> {
    exit::words(container, end).shown().into_owned()
}

/// How long a revision was current; `None` when nobody knows.
pub fn current_for(held: InUse) -> Option<String> {
    match held {
        InUse::For(seconds) => Some(format!("was current for {}", duration(seconds))),
        InUse::Now(_) | InUse::Unknown => None,
    }
}

/// What is watched.
pub fn scope(scope: &Scope) -> SafeText<'_> {
    match scope {
        Scope::All => SafeText::from("all namespaces"),
        Scope::Namespace(name) => name.shown(),
    }
}

/// How fresh a table is, in words.
pub fn freshness(health: &Health, now: At) -> String {
    let ago = |heard: At| duration(now.since_ms(heard) / 1_000);
    match health {
        Health::Connecting => "connecting".to_owned(),
        Health::Listing { rows } => format!("reading, {rows} so far"),
        Health::Live { .. } => "live".to_owned(),
        Health::Polling { heard, reason } => {
            let why = match reason {
                PollReason::Forbidden => "watch is forbidden",
                PollReason::Buffered => "a proxy delays streams",
            };
            format!("{} old, read every 15 s: {why}", ago(*heard))
        }
        Health::Stale { heard: None, .. } => "nothing heard yet".to_owned(),
        Health::Stale {
            heard: Some(heard), ..
        } => format!("STALE {}", ago(*heard)),
        Health::Stopped { .. } => "STOPPED".to_owned(),
    }
}

/// The same with its sign, in its style: the header and the pane must never disagree about it.
pub fn freshness_with_sign(health: &Health, now: At, theme: &Theme) -> (SafeText<'static>, Style) {
    let (glyph, role) = match health {
        Health::Live { .. } => (Glyph::Live, Role::Good),
        Health::Connecting | Health::Listing { .. } | Health::Polling { .. } => {
            (Glyph::Moving, Role::Warn)
        }
        Health::Stale { .. } | Health::Stopped { .. } => (Glyph::Stale, Role::Bad),
    };
    let words = format!("{} {}", theme.glyph(glyph), freshness(health, now));
    (SafeText::from(words), theme.style(role))
}

/// How fresh the pods are, or why nothing of the context can be seen.
pub fn connection_with_sign(model: &Model, theme: &Theme) -> (SafeText<'static>, Style) {
    let cluster = &model.cluster;
    let (glyph, role, words) = match (&cluster.refused, &cluster.waits_for) {
        (Some(_), _) => (Glyph::Stale, Role::Bad, SafeText::from("not connected")),
        (None, Some(what)) => {
            let words = format!("waiting for {}", what.shown());
            (Glyph::Moving, Role::Warn, SafeText::from(words))
        }
        (None, None) => return freshness_with_sign(&cluster.pods.health, model.now, theme),
    };
    let words = format!("{} {words}", theme.glyph(glyph));
    (SafeText::from(words), theme.style(role))
}

/// The key that helps where credentials are missing or not taken.
pub fn sign_in(model: &Model) -> Option<String> {
    let cluster = &model.cluster;
    let problem = cluster.unrenewed.as_ref().or_else(|| cluster.problem())?;
    let chord = model.keymap.chord_of(Place::Global, Action::Login)?;
    (problem.class == ProblemClass::Unauthorized).then(|| format!("{chord} signs in"))
}

/// When the next try comes, if one is planned.
pub fn retry(health: &Health, now: At) -> Option<String> {
    match health {
        Health::Stale {
            retry: Some(retry), ..
        } => Some(format!(
            "next try in {}",
            duration(retry.since_ms(now).div_ceil(1_000))
        )),
        Health::Stale { retry: None, .. }
        | Health::Connecting
        | Health::Listing { .. }
        | Health::Live { .. }
        | Health::Polling { .. }
        | Health::Stopped { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn durations_are_short() {
        let shown: Vec<String> = [0, 59, 60, 3_599, 3_600, 86_399, 86_400, 864_000]
            .into_iter()
            .map(duration)
            .collect();
        assert_eq!(shown, ["0s", "59s", "1m", "59m", "1h", "23h", "1d", "10d"]);
    }

    #[test]
    fn from_a_minute_on_an_age_changes_with_the_minute_of_the_clock_alone() {
        let midnight: DateTime<Utc> = "2026-03-02T00:00:00Z".parse().unwrap_or_default();
        let born = Seconds::new(midnight.timestamp() - 86_400 + 20);
        let at = |second: i64| age(born, midnight + TimeDelta::seconds(second));
        let shown = [-60, -1, 0, 19, 20, 59].map(at);
        assert_eq!(shown, ["23h", "23h", "1d", "1d", "1d", "1d"]);
        let young = |second: i64| at(second - 86_400 + 20);
        assert_eq!([-5, 0, 59, 60].map(young), ["0s", "0s", "59s", "1m"]);
    }
}
