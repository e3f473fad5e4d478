//! A table for spreadsheets and `cut`: RFC 4180, one line an entry, times in UTC.

use chrono::{DateTime, SecondsFormat, Utc};

use super::Report;
use model::entry::{Entry, EntryTarget};
use text::Outside;

/// The columns; new ones go to the end.
const HEAD: [&str; 20] = [
    "id",
    "incident",
    "occurred_at",
    "ended_at",
    "recorded_at",
    "severity",
    "kind",
    "phase",
    "actor",
    "title",
    "context",
    "namespace",
    "object_kind",
    "object_name",
    "before",
    "after",
    "command",
    "exit",
    "refers_to",
    "body",
];

/// Every entry as a line below a line of column names.
///
/// # Errors
/// Never for entries of ours; the type is that of the library.
pub fn csv(report: &Report) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEAD)?;
    for entry in &report.entries {
        writer.write_record(cells(entry))?;
    }
    let bytes = writer
        .into_inner()
        .map_err(csv::IntoInnerError::into_error)?;
    // What was written is text, and was cut nowhere.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn cells(entry: &Entry) -> [String; HEAD.len()] {
    let draft = &entry.draft;
    let target = draft.target.as_ref();
    let of_target =
        |field: fn(&EntryTarget) -> &Option<Outside>| text(target.and_then(|t| field(t).as_ref()));
    let change = draft.change.as_ref();
    let command = draft.command.as_ref();
    let severity = draft
        .severity
        .as_ref()
        .map(|severity| Outside::new(severity.name.clone()));
    [
        draft.id.to_string(),
        or_empty(draft.incident),
        time(draft.occurred_at),
        draft.ended_at.map(time).unwrap_or_default(),
        time(entry.recorded_at),
        text(severity.as_ref()),
        draft.kind.word().to_owned(),
        draft
            .phase
            .map(|phase| phase.word().to_owned())
            .unwrap_or_default(),
        text(Some(&draft.actor.name())),
        text(Some(&draft.title)),
        of_target(|target| &target.context),
        of_target(|target| &target.namespace),
        of_target(|target| &target.kind),
        of_target(|target| &target.name),
        text(change.and_then(|change| change.before.as_ref())),
        text(change.and_then(|change| change.after.as_ref())),
        text(command.and_then(|command| command.typed.as_ref())),
        or_empty(command.and_then(|command| command.exit)),
        or_empty(draft.refers_to),
        text(draft.body.as_ref()),
    ]
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn or_empty(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Lines stay lines; the rest is shown, never obeyed. A spreadsheet takes a cell that begins with one of `=+-@` for a formula
/// (OWASP, "CSV Injection"): such a cell begins with an apostrophe.
fn text(text: Option<&Outside>) -> String {
    let Some(text) = text else {
        return String::new();
    };
    let lines: Vec<String> = text.lines().map(|line| line.to_string()).collect();
    let cell = lines.join("\n");
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell
    }
}
