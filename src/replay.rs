//! `watchfloor replay`: a recording replayed, a screen of it printed, and where it differs.

use std::fmt::Write as _;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::Context;
use serde_json::Value;

use crate::cli::Replay;
use crate::shell::print;
use journal::command::{Failure, MISUSED};
use model::time::At;
use runtime::replay::{Difference, Frame, Replayed, replay};
use text::Outside;

/// Characters of an effect that are shown where it differs; the line of the recording holds the whole.
const SHOWN_CHARACTERS: usize = 400;

/// Prints the screen that was asked for; the status says whether every effect is the recorded one.
///
/// # Errors
/// It cannot be replayed, or has no such screen.
pub fn command(asked: &Replay) -> anyhow::Result<u8> {
    let file = asked.file.as_path();
    let until = asked.at.map(|moment| {
        let whole = run(file, |_| {})?;
        let zone = whole.start.settings.zone;
        moment
            .resolve(whole.end.wall, zone)
            .context("this moment does not exist in the displayed zone of the recording")
    });
    let until = until.transpose()?;
    let mut text = String::new();
    let replayed = run(file, |frame| {
        let is_due = |at: At| until.is_none_or(|until| at.wall <= until);
        if asked.all {
            let _ = writeln!(text, "--- {}", heading(frame));
            text.push_str(&frame.text());
        } else if asked.frame.is_none_or(|number| frame.number == number) && is_due(frame.at) {
            text = frame.text();
        }
    })?;
    if text.is_empty() {
        return Err(nothing(asked, &replayed).into());
    }
    print(&text)?;
    for words in remarks(&replayed) {
        eprintln!("watchfloor: {}", Outside::from(words).shown());
    }
    Ok(u8::from(replayed.difference.is_some()))
}

fn run(file: &Path, show: impl FnMut(&Frame<'_>)) -> anyhow::Result<Replayed> {
    let name = file.display();
    let opened = File::open(file).with_context(|| format!("cannot open {name}"))?;
    replay(BufReader::new(opened), show).map_err(|problem| anyhow::anyhow!("{name} {problem}"))
}

fn heading(frame: &Frame<'_>) -> String {
    let at = frame.at.wall.format("%Y-%m-%dT%H:%M:%S%.3fZ");
    format!("frame {} at {at}", frame.number)
}

fn nothing(asked: &Replay, replayed: &Replayed) -> Failure {
    let (start, end) = (replayed.start.at.wall, replayed.end.wall);
    let words = match (asked.frame, asked.at) {
        _ if replayed.frames == 0 => "nothing was drawn while this was recorded".to_owned(),
        (Some(number), _) => {
            format!(
                "there is no frame {number}: the last is {}",
                replayed.frames
            )
        }
        (None, _) => format!(
            "nothing was drawn until then: it was recorded from {} to {}",
            start.format("%Y-%m-%dT%H:%M:%SZ"),
            end.format("%Y-%m-%dT%H:%M:%SZ")
        ),
    };
    Failure {
        words,
        code: MISUSED,
    }
}

/// What a reader should know beside the screen.
fn remarks(replayed: &Replayed) -> Vec<String> {
    let (then, now) = (&replayed.start.watchfloor, env!("CARGO_PKG_VERSION"));
    let other = (then != now).then(|| format!("recorded by version {then}, replayed by {now}"));
    let cut = replayed.cut.map(|line| {
        format!("line {line} was not written to its end: replayed up to the line before it")
    });
    let stopped = replayed.stopped.as_ref();
    let stopped = stopped.map(|why| format!("the recording ended before the console: {why}"));
    let difference = replayed.difference.as_ref().map(difference);
    [other, cut, stopped, difference]
        .into_iter()
        .flatten()
        .collect()
}

fn difference(difference: &Difference) -> String {
    let Difference { line, effect, .. } = difference;
    let (mut expected, mut found) = (difference.expected.as_ref(), difference.found.as_ref());
    let mut field = String::new();
    while let Some((name, before, now)) = inner(expected, found) {
        field.push('/');
        field.push_str(&name);
        (expected, found) = (before, now);
    }
    let at = if field.is_empty() { "" } else { " at " };
    format!(
        "the first difference: line {line}, effect {effect}{at}{field}: expected {}, found {}",
        short(expected),
        short(found)
    )
}

type Inner<'a> = (String, Option<&'a Value>, Option<&'a Value>);

/// The first field in which the two differ, with both values; none when it is the whole value.
fn inner<'a>(expected: Option<&'a Value>, found: Option<&'a Value>) -> Option<Inner<'a>> {
    match (expected?, found?) {
        (Value::Object(before), Value::Object(now)) => {
            let names = before.keys().chain(now.keys());
            names
                .map(|name| (name.clone(), before.get(name), now.get(name)))
                .find(|(_, before, now)| before != now)
        }
        (Value::Array(before), Value::Array(now)) => (0..before.len().max(now.len()))
            .map(|at| (at.to_string(), before.get(at), now.get(at)))
            .find(|(_, before, now)| before != now),
        _ => None,
    }
}

fn short(effect: Option<&Value>) -> String {
    let Some(effect) = effect else {
        return "none".to_owned();
    };
    let text = effect.to_string();
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        None => text,
        Some((end, _)) => format!("{}... (+{} bytes)", &text[..end], text.len() - end),
    }
}
