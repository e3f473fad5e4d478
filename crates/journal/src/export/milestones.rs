//! When each step of an incident was reached, and what may tell of those that nobody marked.

use chrono::{DateTime, Utc};

use super::Report;
use super::sections::{NOT_RECORDED, of, or_none, severity, time};
use model::entry::Draft;
use model::kind::{Kind, Phase};
use model::time::seconds_between;

/// Notes named beside a milestone that nobody marked.
const NAMED: usize = 3;

/// The severities that the incident had, in order.
pub(super) fn severities(report: &Report) -> String {
    let is_change =
        |draft: &Draft| draft.kind == Kind::SeverityChange || draft.phase == Some(Phase::Opened);
    let reported = of(report, is_change).filter_map(|draft| {
        Some(format!(
            "{} from {}",
            severity(draft)?,
            time(draft.occurred_at)
        ))
    });
    or_none(&reported.collect::<Vec<_>>())
}

/// How long the incident was open, which is not how long the outage lasted: in words, and as a span.
pub(super) fn open_for(report: &Report) -> (&'static str, String) {
    let closed = reached(report, Phase::Closed);
    let name = match closed {
        Some(_) => "Incident was open for",
        None => "Incident has been open for",
    };
    let opened = reached(report, Phase::Opened);
    let until = closed.unwrap_or(report.made_at);
    let lasted = opened.map_or(NOT_RECORDED.to_owned(), |opened| span(opened, until));
    (name, lasted)
}

/// How long something lasted, as hours, minutes and seconds.
pub(super) fn span(from: DateTime<Utc>, until: DateTime<Utc>) -> String {
    let seconds = seconds_between(from, until);
    format!(
        "{}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

fn reached(report: &Report, phase: Phase) -> Option<DateTime<Utc>> {
    let is_it = move |draft: &Draft| draft.kind == Kind::PhaseChange && draft.phase == Some(phase);
    of(report, is_it).map(|draft| draft.occurred_at).min()
}

/// When each step was reached, and which is missing.
pub(super) fn table(report: &Report) -> String {
    let first = |kinds: &[Kind]| {
        let is_it = |draft: &Draft| kinds.contains(&draft.kind);
        of(report, is_it).map(|draft| draft.occurred_at).min()
    };
    let mut rows = vec![
        ("impact began", first(&[Kind::ImpactStart]), IMPACT),
        ("first alert", first(&[Kind::AlertFired]), &[][..]),
        ("first action", first(&[Kind::ActionIntent]), &[]),
    ];
    rows.extend(Phase::ALL.iter().map(|phase| {
        let marked = reached(report, *phase).or_else(|| first(recording(*phase)));
        (phase.word(), marked, words_of(*phase))
    }));
    rows.push((ENDED, first(&[Kind::ImpactStop]), IMPACT));
    let rows = rows.into_iter().map(|(name, at, words)| {
        let also = (name == ENDED).then_some(IMPACT_OVER);
        let told = if at.is_none() {
            notes(report, words, also)
        } else {
            Vec::new()
        };
        (name, at, told)
    });
    // In order of time, then what nobody recorded.
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|(_, at, told)| {
        let at = at.or(told.first().copied());
        (at.is_none(), at)
    });
    let rows = rows.into_iter().map(|(name, at, told)| {
        let reached = at.map_or_else(|| unmarked(&told), time);
        format!("| {name} | {reached} |")
    });
    format!(
        "| milestone | reached |\n|---|---|\n{}",
        rows.collect::<Vec<_>>().join("\n")
    )
}

fn unmarked(told: &[DateTime<Utc>]) -> String {
    let told: Vec<String> = told.iter().copied().map(time).collect();
    if told.is_empty() {
        NOT_RECORDED.to_owned()
    } else {
        format!("not marked; see the note of {}", told.join(", "))
    }
}

/// Nobody marked it. A note may tell it all the same: then it is named, and not called missing. One text has one of these
/// words, and of the others as well, where there are some.
fn notes(report: &Report, words: &[&str], also: Option<&[&str]>) -> Vec<DateTime<Utc>> {
    let has_one = |text: &str, words: &[&str]| words.iter().any(|word| has_word(text, word));
    let is_told = |draft: &Draft| {
        let body = draft.body.as_ref();
        let texts = [Some(&draft.title), body];
        let mut texts = texts
            .into_iter()
            .flatten()
            .map(|text| text.raw().to_lowercase());
        is_note(draft)
            && texts
                .any(|text| has_one(&text, words) && also.is_none_or(|also| has_one(&text, also)))
    };
    let told = of(report, is_told).take(NAMED);
    told.map(|draft| draft.occurred_at).collect()
}

fn is_note(draft: &Draft) -> bool {
    matches!(
        draft.kind,
        Kind::Note | Kind::Observation | Kind::Hypothesis | Kind::Decision
    )
}

/// Entries of other kinds that record a step.
fn recording(phase: Phase) -> &'static [Kind] {
    match phase {
        Phase::Acknowledged => &[Kind::AlertAcknowledged],
        Phase::Engaged => &[Kind::Escalation],
        Phase::Communicated => &[Kind::MessageSent],
        Phase::Opened | Phase::Mitigated | Phase::Resolved | Phase::Closed => &[],
    }
}

const ENDED: &str = "impact ended";

const IMPACT: &[&str] = &["impact", "users", "customers"];

/// That the impact is over; "over 5% of the users" does not say so.
const IMPACT_OVER: &[&str] = &[
    "ended",
    "is over",
    "was over",
    "impact over",
    "over at",
    "over since",
    "over now",
];

/// By which people tell a step in a note.
fn words_of(phase: Phase) -> &'static [&'static str] {
    match phase {
        Phase::Acknowledged => &["ack", "acknowledged", "on it", "looking", "investigating"],
        Phase::Engaged => &[
            "paged",
            "called",
            "woke",
            "escalated",
            "joined",
            "asked",
            "involved",
        ],
        Phase::Communicated => &[
            "told",
            "informed",
            "notified",
            "announced",
            "announcement",
            "messaged",
            "posted",
            "status page",
            "communicated",
            "emailed",
            "mailed",
            "wrote",
        ],
        Phase::Mitigated => &[
            "mitigated",
            "mitigation",
            "workaround",
            "rolled back",
            "failed over",
        ],
        Phase::Resolved => &["resolved", "fixed", "solved", "recovered", "root cause"],
        Phase::Opened | Phase::Closed => &[],
    }
}

/// The word stands there by itself.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let is_apart = |beside: Option<char>| beside.is_none_or(|c| !c.is_alphanumeric());
        is_apart(before) && is_apart(after)
    })
}
