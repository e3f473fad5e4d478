//! No document contradicts itself: nights of random events go through the console and the store into every format, and each
//! count, span and "not recorded" is held against the entries.

mod checks;
mod night;

use chrono::{DateTime, Utc};
use journal::command::{self, Format, Part};
use journal::store::directory::StateDir;
use model::entry::Entry;

use self::night::Night;
use crate::bench::fresh;

/// Nights, each from a seed of its own.
const NIGHTS: u64 = 12;
/// Events of a night.
const EVENTS: usize = 70;

/// One document in each of its formats.
struct Document {
    entries: Vec<Entry>,
    markdown: String,
    csv: String,
    text: String,
}

impl Document {
    fn of(state: &StateDir, part: &Part, now: DateTime<Utc>) -> Document {
        let export = |format| {
            let printed = command::export(state, part, format, now).unwrap();
            assert_eq!(printed.warnings, [""; 0]);
            printed.text
        };
        let json: serde_json::Value = serde_json::from_str(&export(Format::Json)).unwrap();
        Document {
            entries: serde_json::from_value(json["entries"].clone()).unwrap(),
            markdown: export(Format::Markdown),
            csv: export(Format::Csv),
            text: export(Format::Text),
        }
    }
}

#[test]
fn every_document_of_a_random_night_agrees_with_itself() {
    let mut seen = checks::Seen::default();
    for seed in 0..NIGHTS {
        let (_keep, state) = fresh();
        let mut night = Night::begin(&state, seed);
        for _ in 0..EVENTS {
            night.event();
        }
        let (incidents, now) = night.end();
        let whole = Part {
            since: Some(now - chrono::TimeDelta::days(2)),
            ..Part::default()
        };
        let of_incident = |id: &String| Part {
            incident: Some(id.clone()),
            ..Part::default()
        };
        let parts = incidents.iter().map(of_incident);
        for part in parts.chain([whole, Part::default()]) {
            let document = Document::of(&state, &part, now);
            println!("seed {seed}, {part:?}\n{}", document.markdown);
            checks::hold(&document, part.incident.as_deref(), &mut seen);
        }
    }
    // A night in which nothing of a kind happened proves nothing about it.
    assert_eq!(seen.missing(), [""; 0]);
}
