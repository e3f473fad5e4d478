//! What a document says, read back from its own text and held against its entries.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDateTime, Utc};
use model::alerts::AlertOrigin;
use model::entry::{Draft, EntryId};
use model::kind::{ActorKind, Kind, Outcome, Phase};
use regex::Regex;

use super::Document;

/// What the nights had in them: a check of what never happened holds of itself.
#[derive(Default)]
pub struct Seen(BTreeMap<&'static str, usize>);

const WANTED: [&str; 14] = [
    "an alert with its end",
    "an alert that was not seen to end",
    "a rollout with its end",
    "a workload that is well again",
    "a silence",
    "a gap at a start",
    "a write with a verdict",
    "a write without a result",
    "a write without a later verdict",
    "a follow-up",
    "no follow-up",
    "a milestone that a note may tell",
    "a milestone that is not recorded",
    "an entry after the close",
];

impl Seen {
    fn count(&mut self, what: &'static str, is_there: bool) {
        assert!(WANTED.contains(&what), "{what}");
        *self.0.entry(what).or_default() += usize::from(is_there);
    }

    pub fn missing(&self) -> Vec<&'static str> {
        let is_missing = |what: &&&str| self.0.get(**what).is_none_or(|count| *count == 0);
        WANTED.iter().filter(is_missing).copied().collect()
    }
}

pub fn hold(document: &Document, incident: Option<&str>, seen: &mut Seen) {
    formats_agree(document);
    order(document);
    belonging(document, incident, seen);
    summary(document);
    alerts(document, seen);
    spans(document, seen);
    actions(document, seen);
    follow_ups(document, seen);
    milestones(document, seen);
}

fn drafts(document: &Document) -> impl Iterator<Item = &Draft> {
    document.entries.iter().map(|entry| &entry.draft)
}

fn count(document: &Document, is_it: impl Fn(&Draft) -> bool) -> usize {
    drafts(document).filter(|draft| is_it(draft)).count()
}

/// The lines of a section.
fn section<'a>(document: &'a Document, name: &str) -> Vec<&'a str> {
    let (_, rest) = document
        .markdown
        .split_once(&format!("\n## {name}\n"))
        .unwrap();
    let end = rest.find("\n## ").unwrap_or(rest.len());
    rest[..end]
        .lines()
        .filter(|line| !line.is_empty())
        .collect()
}

/// The cells of a section's table, without its head.
fn table(document: &Document, name: &str) -> Vec<Vec<String>> {
    let rows = section(document, name).into_iter();
    let rows = rows.filter(|line| line.starts_with("| "));
    let cells = |line: &str| {
        let line = line.trim_matches('|').replace("\\|", "\u{0}");
        line.split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    rows.skip(1).map(cells).collect()
}

fn moment(text: &str) -> DateTime<Utc> {
    let parsed = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%SZ");
    parsed
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .and_utc()
}

fn plain(text: &str) -> String {
    text.replace('\\', "")
}

fn formats_agree(document: &Document) {
    let ids: Vec<String> = drafts(document).map(|draft| draft.id.to_string()).collect();
    let mut reader = csv::Reader::from_reader(document.csv.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let of_csv: Vec<&str> = rows.iter().map(|row| &row[0]).collect();
    assert_eq!(of_csv, ids);
    let lines: Vec<&str> = document.text.lines().collect();
    let table = table(document, "Timeline");
    assert_eq!((lines.len(), table.len()), (ids.len(), ids.len()));
    for (((draft, line), row), cells) in drafts(document).zip(lines).zip(&rows).zip(&table) {
        let title = draft.title.raw();
        let seconds = draft.occurred_at.format("%Y-%m-%d %H:%M:%SZ").to_string();
        assert!(line.starts_with(&seconds) && line.contains(title), "{line}");
        assert_eq!(
            (&cells[0], cells[1].as_str()),
            (&seconds, draft.kind.word())
        );
        assert!(plain(&cells[3]).contains(title), "{cells:?}: {title}");
        assert_eq!(row[2].parse::<DateTime<Utc>>().unwrap(), draft.occurred_at);
        if let Some(ended) = draft.ended_at {
            let until = ended.format("until %H:%M:%SZ").to_string();
            assert!(line.contains(&until) && cells[3].contains(&until), "{line}");
            assert_eq!(row[3].parse::<DateTime<Utc>>().unwrap(), ended);
        }
    }
}

fn order(document: &Document) {
    let times: Vec<DateTime<Utc>> = drafts(document).map(|draft| draft.occurred_at).collect();
    assert!(times.is_sorted());
    let ids: BTreeSet<EntryId> = drafts(document).map(|draft| draft.id).collect();
    assert_eq!(ids.len(), times.len(), "an entry stands there once");
}

/// Nothing of another incident; and what ends or answers something stands where that began.
fn belonging(document: &Document, incident: Option<&str>, seen: &mut Seen) {
    let Some(id) = incident else { return };
    let closed = drafts(document).find(|draft| draft.phase == Some(Phase::Closed));
    let closed = closed.map(|draft| draft.occurred_at);
    let has_later =
        closed.is_some_and(|closed| drafts(document).any(|draft| draft.occurred_at > closed));
    seen.count("an entry after the close", has_later);
    let ids: BTreeSet<EntryId> = drafts(document).map(|draft| draft.id).collect();
    for draft in drafts(document) {
        assert!(
            draft.incident.is_none_or(|of| of.to_string() == id),
            "of another incident: {:?}",
            draft.title
        );
        if let Some(begun) = draft.refers_to {
            assert!(
                ids.contains(&begun),
                "its beginning is not there: {:?}",
                draft.title
            );
        }
    }
}

/// Each number of the summary is that of rows further down.
fn summary(document: &Document) {
    let summary = section(document, "Summary").join("\n");
    let number = |words: &str| -> usize {
        let found = Regex::new(&format!("{words}: (\\d+)"))
            .unwrap()
            .captures(&summary);
        found.unwrap_or_else(|| panic!("{words}: {summary}"))[1]
            .parse()
            .unwrap()
    };
    let alerts = |kind: Kind| -> usize {
        let of_kind = drafts(document).filter(|draft| draft.kind == kind);
        of_kind
            .map(|draft| AlertOrigin::of(draft).map_or(1, |origin| origin.count()))
            .sum()
    };
    assert_eq!(number("alerts fired"), alerts(Kind::AlertFired));
    assert_eq!(number("resolved"), alerts(Kind::AlertResolved));
    let rows = section(document, "Changes").into_iter();
    let rollouts: Vec<&str> = rows.filter(|row| row.contains("rollout r")).collect();
    let ended = |row: &&&str| {
        Regex::new(r": (done|failing|stuck|superseded),")
            .unwrap()
            .is_match(row)
    };
    let ends = rollouts.iter().filter(ended).count();
    assert_eq!(
        number("rollouts seen"),
        rollouts.len() - ends,
        "{rollouts:?}"
    );
    let counted = ["done", "failing", "stuck", "superseded"].map(number);
    assert_eq!(counted.iter().sum::<usize>(), ends, "{rollouts:?}");
    let pods: Vec<&Draft> = drafts(document)
        .filter(|draft| draft.kind == Kind::PodTransition)
        .collect();
    let of_title = |words: &[&str]| {
        let titles = pods.iter().map(|draft| draft.title.raw());
        titles
            .filter(|title| words.iter().any(|word| title.contains(word)))
            .count()
    };
    let well = of_title(&[": no longer ", "switched off"]);
    let before = of_title(&["already sick at start", "first crash", "first known crash"]);
    assert_eq!(number("well again"), well);
    assert_eq!(number("turned sick"), pods.len() - well - before);
    let at_start = Regex::new(r"already so when a console started: (\d+)").unwrap();
    let at_start = at_start
        .captures(&summary)
        .map_or(0, |found| found[1].parse().unwrap());
    assert_eq!(at_start, before);
    let actions = section(document, "Actions").join("\n");
    assert_eq!(number("actions taken"), actions.matches("### ").count());
    let header = document
        .markdown
        .lines()
        .find(|line| line.starts_with("- **Entries**"));
    let is_by_person = |draft: &Draft| {
        draft.actor.kind == ActorKind::Human
            && !matches!(draft.kind, Kind::ActionResult | Kind::ActionVerdict)
    };
    assert_eq!(
        header.unwrap(),
        format!(
            "- **Entries**: {}, {} of them by people",
            document.entries.len(),
            count(document, is_by_person)
        )
    );
}

/// A row's times, its duration, and the words of the entry that ends it are one fact.
fn alerts(document: &Document, seen: &mut Seen) {
    let mut ends: BTreeMap<String, Vec<&Draft>> = BTreeMap::new();
    for draft in drafts(document).filter(|draft| draft.kind == Kind::AlertResolved) {
        let origin = draft.origin.as_ref().unwrap().raw();
        let of = origin.replacen("resolved/", "fired/", 1);
        ends.entry(of).or_default().push(draft);
    }
    let fired: Vec<&Draft> = drafts(document)
        .filter(|draft| draft.kind == Kind::AlertFired)
        .collect();
    let rows = if fired.is_empty() {
        Vec::new()
    } else {
        table(document, "Alerts")
    };
    assert_eq!(rows.len(), fired.len());
    for (fired, row) in fired.into_iter().zip(rows) {
        let since = moment(&row[2]);
        assert_eq!(since.timestamp(), fired.occurred_at.timestamp());
        let ends = ends.get(fired.origin.as_ref().unwrap().raw());
        seen.count("an alert with its end", ends.is_some());
        seen.count("an alert that was not seen to end", ends.is_none());
        let Some(ends) = ends else {
            assert_eq!(row[3], "not seen to end");
            continue;
        };
        assert_eq!(ends.len(), 1, "{:?} ends once", fired.title);
        let until = moment(&row[3]);
        assert_eq!(until.timestamp(), ends[0].occurred_at.timestamp());
        let seconds = (until - since).num_seconds();
        let span = format!(
            "{}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        );
        assert_eq!(row[4], span);
        let words = model::time::spelt(seconds.unsigned_abs() * 1_000);
        let title = ends[0].title.raw();
        assert!(
            title.ends_with(&format!(" after {words}")),
            "{title}: {span}"
        );
    }
}

/// What says how long something was stands at both of its ends.
fn spans(document: &Document, seen: &mut Seen) {
    let of =
        Regex::new(r"nothing known(?: of alerts)? (\d\d:\d\d:\d\d) - (\d\d:\d\d:\d\d)").unwrap();
    for draft in drafts(document) {
        if let Some(found) = of.captures(draft.title.raw()) {
            seen.count("a silence", true);
            let clock = |at: DateTime<Utc>| at.format("%H:%M:%S").to_string();
            assert_eq!(found[1], clock(draft.occurred_at));
            assert_eq!(found[2], clock(draft.ended_at.unwrap()));
        }
        if draft.kind == Kind::ConsoleStart {
            let has_gap = draft.title.contains("nothing observed")
                || draft.title.contains("nothing recorded");
            seen.count("a gap at a start", has_gap);
        }
        if draft.rollout_end().is_some() {
            seen.count("a rollout with its end", true);
            let begun = drafts(document).find(|begun| draft.refers_to == Some(begun.id));
            assert!(begun.is_none_or(|begun| begun.occurred_at <= draft.occurred_at));
        }
        let Some((_, lasted)) = draft.title.raw().split_once(" over ") else {
            continue;
        };
        if draft.kind != Kind::PodTransition {
            continue;
        }
        let begun = drafts(document).find(|begun| draft.refers_to == Some(begun.id));
        let Some(begun) = begun.filter(|begun| begun.target.is_some()) else {
            continue;
        };
        seen.count("a workload that is well again", true);
        let words = model::time::lasted(begun.occurred_at, draft.occurred_at);
        assert_eq!(lasted, words, "{:?} after {:?}", draft.title, begun.title);
    }
}

/// Each write says what became of it, or that nobody knows.
fn actions(document: &Document, seen: &mut Seen) {
    let text = section(document, "Actions").join("\n");
    let mut blocks = text.split("### ").skip(1);
    for intent in drafts(document).filter(|draft| draft.kind == Kind::ActionIntent) {
        let block = blocks.next().unwrap();
        let of_kind = |kind: Kind| {
            let all = drafts(document).filter(move |draft| draft.refers_to == Some(intent.id));
            all.filter(move |draft| draft.kind == kind).last()
        };
        let (result, verdict) = (of_kind(Kind::ActionResult), of_kind(Kind::ActionVerdict));
        let is_applied = result.is_some_and(|result| result.outcome() == Some(Outcome::Applied));
        assert_eq!(block.contains("**UNKNOWN**"), result.is_none(), "{block}");
        assert_eq!(
            block.contains("**no verdict**"),
            is_applied && verdict.is_none(),
            "{block}"
        );
        // All consoles of the night have ended.
        assert!(!block.contains("**still followed**"), "{block}");
        let is_open = is_applied && verdict.is_some_and(Draft::is_interim);
        assert_eq!(block.contains("**no later verdict**"), is_open, "{block}");
        seen.count("a write with a verdict", verdict.is_some());
        seen.count("a write without a result", result.is_none());
        seen.count("a write without a later verdict", is_open);
    }
    assert_eq!(blocks.next(), None);
}

fn follow_ups(document: &Document, seen: &mut Seen) {
    let text = section(document, "Follow-ups").join("\n");
    let marked = |draft: &Draft| {
        let title = draft.title.raw().to_lowercase();
        draft.kind == Kind::Note && (title.contains("follow-up:") || title.contains("todo:"))
    };
    let marked: Vec<&Draft> = drafts(document).filter(|draft| marked(draft)).collect();
    assert_eq!(text.matches("- [ ] ").count(), marked.len(), "{text}");
    assert_eq!(
        text.contains("No entry names one."),
        marked.is_empty(),
        "{text}"
    );
    for draft in &marked {
        let (_, named) = draft.title.raw().split_once(": ").unwrap();
        assert!(plain(&text).contains(named), "{text}");
    }
    seen.count("a follow-up", !marked.is_empty());
    seen.count("no follow-up", marked.is_empty());
}

/// "Not recorded" is said of what no entry records, and not beside a note that tells it.
fn milestones(document: &Document, seen: &mut Seen) {
    let note = |words: &str| {
        drafts(document).any(|draft| draft.kind == Kind::Note && draft.title.contains(words))
    };
    let kind = |kind: Kind| count(document, |draft| draft.kind == kind) > 0;
    let phase = |phase: Phase| {
        count(document, |draft| {
            draft.kind == Kind::PhaseChange && draft.phase == Some(phase)
        }) > 0
    };
    let recorded: BTreeMap<&str, bool> = BTreeMap::from([
        ("impact began", note("users")),
        ("first alert", kind(Kind::AlertFired)),
        ("first action", kind(Kind::ActionIntent)),
        ("opened", phase(Phase::Opened)),
        ("acknowledged", note("looking")),
        ("engaged", note("paged")),
        ("communicated", note("told")),
        ("mitigated", note("mitigated")),
        ("resolved", note("fixed")),
        ("closed", phase(Phase::Closed)),
        ("impact ended", false),
    ]);
    let rows = table(document, "Milestones");
    assert_eq!(rows.len(), recorded.len());
    for row in rows {
        let is_missing = row[1] == "not recorded";
        assert_eq!(is_missing, !recorded[row[0].as_str()], "{row:?}");
        seen.count("a milestone that is not recorded", is_missing);
        let is_told = row[1].starts_with("not marked; see the note of ");
        seen.count("a milestone that a note may tell", is_told);
        if !is_missing && !is_told {
            let at = moment(&row[1]).timestamp();
            assert!(drafts(document).any(|draft| draft.occurred_at.timestamp() == at));
        }
    }
}
