//! What is typed onto the timeline: the note that is being written, the title of an incident. `P1` and `@03:14` at the
//! beginning say how bad it is and when it happened.

use chrono::{DateTime, Days, FixedOffset, NaiveTime, Utc};

use super::journal::NoteDraft;
use super::severity::{Scheme, Severity};
use super::time::At;

/// A first line longer than this becomes a title cut short, with the whole text below it.
const TITLE_CHARS: usize = 120;

/// The note editor's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The text; at least one line.
    pub lines: Vec<String>,
    /// Line, and characters before the cursor in it.
    pub cursor: (usize, usize),
    /// Chosen by key.
    pub severity: Option<Severity>,
    /// Counts changes: which of them is on disk.
    pub revision: u64,
    /// The newest revision that is on disk.
    pub kept: u64,
    /// Why the newest revision is not on disk.
    pub problem: Option<String>,
    /// When it was opened.
    pub opened: At,
}

impl Note {
    /// The editor, with what an earlier one left.
    pub fn new(opened: At, draft: Option<&NoteDraft>, scheme: &Scheme) -> Note {
        let text = draft.map_or("", |draft| draft.text.as_str());
        let lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        let last = lines.last().map_or(0, |line| line.chars().count());
        Note {
            cursor: (lines.len().saturating_sub(1), last),
            lines,
            severity: draft.and_then(|draft| scheme.parse(draft.severity.as_deref()?)),
            revision: 0,
            kept: 0,
            problem: None,
            opened,
        }
    }

    /// What is kept on disk while it is written; nothing while there is nothing.
    pub fn draft(&self) -> Option<NoteDraft> {
        let text = self.lines.join("\n");
        let is_empty = text.trim().is_empty() && self.severity.is_none();
        (!is_empty).then(|| NoteDraft {
            text,
            severity: self.severity.as_ref().map(|severity| severity.name.clone()),
        })
    }

    /// What would be saved now.
    pub fn said(&self, now: DateTime<FixedOffset>, scheme: &Scheme) -> ParsedText {
        let mut said = said(&self.lines.join("\n"), now, scheme);
        said.severity = self.severity.clone().or(said.severity);
        said
    }
}

/// A typed text, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedText {
    /// The first line.
    pub title: String,
    pub body: Option<String>,
    /// Typed at the beginning.
    pub severity: Option<Severity>,
    /// Typed at the beginning: the last time the clock showed this, UTC.
    pub occurred_at: Option<DateTime<Utc>>,
    /// Typed at the beginning: meant as a time, and no clock shows it.
    pub wrong_time: Option<String>,
}

impl ParsedText {
    /// Why it is not saved as it is.
    pub fn refusal(&self) -> Option<String> {
        let wrong = self.wrong_time.as_ref()?;
        Some(format!("{wrong} is no time; such as @03:14 or @03:14:07"))
    }
}

/// Understands a typed text, whose times are in the zone of `now`: `P1 @03:14 title`, then the body.
pub fn said(text: &str, now: DateTime<FixedOffset>, scheme: &Scheme) -> ParsedText {
    let mut said = ParsedText {
        title: String::new(),
        body: None,
        severity: None,
        occurred_at: None,
        wrong_time: None,
    };
    let mut rest = text.trim();
    loop {
        let (word, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        if let (None, Some(severity)) = (&said.severity, scheme.parse(word.trim_end_matches(':'))) {
            said.severity = Some(severity);
        } else if let (None, Some(at)) = (
            said.occurred_at,
            word.strip_prefix('@').and_then(|time| last_time(time, now)),
        ) {
            said.occurred_at = Some(at);
        } else {
            let is_wrong = said.occurred_at.is_none() && is_meant_as_time(word);
            said.wrong_time = is_wrong.then(|| word.to_owned());
            break;
        }
        rest = after.trim_start();
    }
    let (first, below) = rest.split_once('\n').unwrap_or((rest, ""));
    let first = first.trim_end();
    if first.chars().count() > TITLE_CHARS {
        said.title = first.chars().take(TITLE_CHARS - 1).chain(['…']).collect();
        said.body = Some(rest.to_owned());
    } else {
        first.clone_into(&mut said.title);
        said.body = (!below.trim().is_empty()).then(|| below.trim_end().to_owned());
    }
    said
}

/// What people begin a line with that names something to do later; the first ones with a colon or without.
const FOLLOW_UPS: [&str; 4] = ["follow-up", "follow up", "followup", "action item"];
const TO_DOS: [&str; 3] = ["todo", "to-do", "to do"];

/// What a line of a note names to be done later: all that follows the mark it begins with, else the sentence after the mark.
pub fn follow_up(line: &str) -> Option<&str> {
    let line = line.trim();
    let Some((at, text)) = marked(line) else {
        return begins_with_a_mark(line).then_some(line);
    };
    let is_first = !line[..at].chars().any(char::is_alphanumeric);
    let sentence = text.split(". ").next().unwrap_or(text);
    let text = if is_first { text } else { sentence };
    Some(if text.is_empty() { line } else { text })
}

/// The place of the first mark with a colon, and what stands after that.
fn marked(line: &str) -> Option<(usize, &str)> {
    let lower = line.to_ascii_lowercase();
    let after = |at: usize| {
        let rest = FOLLOW_UPS.iter().chain(&TO_DOS).find_map(|word| {
            let rest = lower[at..].strip_prefix(word)?;
            let rest = rest.strip_prefix('s').unwrap_or(rest);
            rest.trim_start().strip_prefix(':')
        })?;
        Some(line[line.len() - rest.len()..].trim())
    };
    let is_word = |at: usize| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|before| !before.is_alphanumeric())
    };
    let mut places = line.char_indices().filter(|(at, _)| is_word(*at));
    places.find_map(|(at, _)| Some((at, after(at)?)))
}

/// `Action item kate writes it`, `TODO push the tag`.
fn begins_with_a_mark(line: &str) -> bool {
    let line = line.trim_start_matches(|first: char| !first.is_alphanumeric());
    let lower = line.to_ascii_lowercase();
    let is_apart = |rest: &str| !rest.starts_with(char::is_alphanumeric);
    let rest = FOLLOW_UPS
        .iter()
        .find_map(|word| lower.strip_prefix(word))
        .map(|rest| rest.strip_prefix('s').unwrap_or(rest));
    rest.is_some_and(is_apart) || line.strip_prefix("TODO").is_some_and(is_apart)
}

/// `@25:99`, `@0314`: whether or not a clock shows it.
fn is_meant_as_time(word: &str) -> bool {
    let Some(time) = word.strip_prefix('@') else {
        return false;
    };
    let is_of_time = |one: char| one.is_ascii_digit() || one == ':' || one == '.';
    time.starts_with(|first: char| first.is_ascii_digit())
        && (time.contains(':') || time.chars().all(is_of_time))
}

/// The last moment not after `now` at which the clock showed `time`, such as `03:14` or `03:14:07`.
fn last_time(time: &str, now: DateTime<FixedOffset>) -> Option<DateTime<Utc>> {
    let time = NaiveTime::parse_from_str(time, "%H:%M:%S")
        .or_else(|_| NaiveTime::parse_from_str(time, "%H:%M"))
        .ok()?;
    let today = now.date_naive().and_time(time);
    let today = today.and_local_timezone(now.timezone()).single()?.to_utc();
    if today <= now.to_utc() {
        Some(today)
    } else {
        today.checked_sub_days(Days::new(1))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn severity_and_time_are_read_from_the_beginning_and_nowhere_else() {
        let now = at("2026-03-01T03:24:10Z");
        let note = said(
            "p1 @03:14 paged the database team\nsee P2 @04:00",
            now.fixed_offset(),
            &Scheme::default(),
        );
        assert_eq!(note.title, "paged the database team");
        assert_eq!(note.body.as_deref(), Some("see P2 @04:00"));
        assert_eq!(note.severity, Scheme::default().level(1));
        assert_eq!(note.occurred_at, Some(at("2026-03-01T03:14:00Z")));
    }

    #[test]
    fn a_time_later_than_now_was_yesterday() {
        let now = at("2026-03-01T00:05:00Z");
        let note = said("@23:50:30 it began", now.fixed_offset(), &Scheme::default());
        assert_eq!(note.occurred_at, Some(at("2026-02-28T23:50:30Z")));
    }

    #[test]
    fn what_is_no_time_and_no_severity_stays_in_the_title() {
        let now = at("2026-03-01T03:24:10Z");
        for text in ["@kate is on it", "P9 is no level", "@25:00 x", "P1x"] {
            let note = said(text, now.fixed_offset(), &Scheme::default());
            assert_eq!(
                (note.title.as_str(), note.severity, note.occurred_at),
                (text, None, None)
            );
        }
    }

    #[test]
    fn a_long_first_line_is_kept_whole_in_the_body() {
        let long = "x".repeat(500);
        let note = said(
            &long,
            at("2026-03-01T03:24:10Z").fixed_offset(),
            &Scheme::default(),
        );
        assert_eq!(
            (note.title.chars().count(), note.body),
            (TITLE_CHARS, Some(long))
        );
    }

    #[test]
    fn what_is_to_be_done_later_is_known_by_its_words() {
        for line in [
            "Follow-up: raise max_connections",
            "follow up with the payments team",
            "Follow-ups: none of these had an alert",
            "FOLLOWUP - alert on the pool",
            "- [ ] follow-up: a runbook",
            "TODO add an alert",
            "to do: add an alert",
            "rolled back; follow-up: raise the limit",
            "Action item: kate writes the runbook",
        ] {
            assert!(follow_up(line).is_some(), "{line}");
        }
        for line in [
            "",
            "to do this we restarted it",
            "todos are elsewhere",
            "the follow-up call is at nine",
            "no follow-upper",
            "paged the database team",
        ] {
            assert!(follow_up(line).is_none(), "{line}");
        }
    }

    #[test]
    fn of_a_line_that_names_something_to_do_only_that_is_taken() {
        for (line, named) in [
            (
                "Follow-up: raise the limit. Ask kate.",
                "raise the limit. Ask kate.",
            ),
            ("- [ ] TODO: alert on it", "alert on it"),
            (
                "rolled back; follow-ups: raise the limit. Users pay.",
                "raise the limit",
            ),
            ("Action item kate writes it", "Action item kate writes it"),
        ] {
            assert_eq!(follow_up(line), Some(named), "{line}");
        }
        assert_eq!(follow_up("paged the database team"), None);
    }

    #[test]
    fn a_typed_time_is_in_the_displayed_zone() {
        let now = DateTime::parse_from_rfc3339("2026-03-01T05:24:10+02:00").unwrap();
        let note = said("@05:14 it began", now, &Scheme::default());
        assert_eq!(note.occurred_at, Some(at("2026-03-01T03:14:00Z")));
    }
}
