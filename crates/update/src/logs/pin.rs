//! A line of a log as evidence on the timeline: what it says, of whom, when, and how to read it again.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::{refusal, timeline};
use model::Model;
use model::entry::{self, Draft, Evidence, HASHING};
use model::kind::Kind;
use model::logs::{LogLine, Segment, StreamId};
use model::message::Effect;
use text::Outside;

/// Of a pinned line so much stands in the title of its entry.
const TITLE_BYTES: usize = 120;

/// Puts a line on the timeline as evidence.
pub(crate) fn pin(model: &mut Model, line: Option<(&Segment, &LogLine)>) -> Vec<Effect> {
    let Some((segment, line)) = line else {
        let words = format!("there is no line to pin; {}", refusal::to_rows(model));
        model.say(words);
        return Vec::new();
    };
    let (stream, at) = (Arc::clone(&segment.stream), line.at.utc());
    let (text, sha256) = (segment.text(line).to_owned(), segment.sha256(line));
    let is_cut = line.marker.is_some();
    let kept = is_cut.then(|| line_bytes(&text));
    let query = query(&stream, at, kept);
    let evidence = Evidence {
        sort: "log".into(),
        query: query.into(),
        from: Some(at),
        until: Some(at),
        sha256: Some(sha256.into()),
        count: Some(1),
    };
    let target = entry::EntryTarget {
        context: Some(model.cluster.context.clone()),
        namespace: Some(stream.namespace.clone()),
        kind: Some("Pod".into()),
        name: Some(stream.pod.clone()),
        uid: Some(Outside::from(stream.uid.to_string())),
        container: Some(stream.container.clone()),
        ..entry::EntryTarget::default()
    };
    let shown = text::last_state(&text);
    let shown = shown.map_or_else(|| text::without_colours(&text), Into::into);
    let title = format!("log {}: {}", stream.pod.raw(), cut(&shown, TITLE_BYTES));
    let person = timeline::person(model);
    let occurred_at = model.of_server(at);
    let draft = timeline::draft(model, person, Kind::LogPin, title);
    let draft = Draft {
        occurred_at,
        body: Some(text.into()),
        target: Some(target),
        evidence: vec![evidence],
        pinned: true,
        ..draft
    };
    vec![timeline::save(model, draft).1]
}

/// Prints the hash of this line: of all lines since its second the first one with its time, without the time and its end. The
/// time may be written in any zone, with or without zeros at its end.
fn query(stream: &StreamId, at: DateTime<Utc>, kept: Option<usize>) -> String {
    let previous = if stream.is_previous {
        " --previous"
    } else {
        ""
    };
    let nanos = format!("{:09}", at.timestamp_subsec_nanos());
    let fraction = match nanos.trim_end_matches('0') {
        "" => "\\(\\.0*\\)*".to_owned(),
        digits => format!("\\.{digits}0*"),
    };
    let only = kept.map_or(String::new(), |bytes| format!(" | head -c {bytes}"));
    format!(
        "kubectl logs -n {} {} -c {}{previous} --timestamps --since-time={} | sed -n 's/^[^ ]*:{}{fraction}[Z+-][^ ]* //p' \
         | head -n 1 | tr -d '\\n'{only} {HASHING}",
        stream.namespace.raw(),
        stream.pod.raw(),
        stream.container.raw(),
        at.format("%Y-%m-%dT%H:%M:%SZ"),
        at.format("%S"),
    )
}

fn line_bytes(text: &str) -> usize {
    Outside::from(text).raw_bytes().len()
}

fn cut(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
