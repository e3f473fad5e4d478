//! The TOML file as rows of (name, value, line): what is readable is kept even when something else in it is broken.

use toml::de::{DeArray, DeTable, DeValue};

/// A value as it was given, before anybody asked whether it fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// In quotes, or from a variable or a flag.
    Text(String),
    /// `true` or `false`.
    Switch(bool),
    /// A list of texts.
    List(Vec<String>),
    /// A section.
    Table(Vec<Row>),
    /// A list of sections, each with its line.
    Tables(Vec<(usize, Vec<Row>)>),
    /// Something else; what it is.
    Other(&'static str),
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The setting's name, as written.
    pub name: String,
    /// From 1.
    pub line: usize,
    /// What it was set to.
    pub value: Given,
}

/// The rows, and what the parser says with its line.
pub(super) fn rows(text: &str) -> (Vec<Row>, Vec<(usize, String)>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let rows = of_table(text, table.get_ref());
    let errors = errors
        .into_iter()
        .map(|error| {
            let at = error.span().map_or(0, |span| span.start);
            (line(text, at), error.message().to_owned())
        })
        .collect();
    (rows, errors)
}

fn of_table(text: &str, table: &DeTable<'_>) -> Vec<Row> {
    let mut rows: Vec<Row> = table
        .iter()
        .map(|(name, value)| Row {
            name: name.get_ref().to_string(),
            line: line(text, name.span().start),
            value: given(text, value.get_ref()),
        })
        .collect();
    rows.sort_by_key(|row| row.line);
    rows
}

fn given(text: &str, value: &DeValue<'_>) -> Given {
    match value {
        DeValue::String(given) => Given::Text(given.to_string()),
        DeValue::Boolean(switch) => Given::Switch(*switch),
        DeValue::Array(items) => list(text, items),
        DeValue::Integer(_) | DeValue::Float(_) => Given::Other("a number without quotes"),
        DeValue::Datetime(_) => Given::Other("a date"),
        DeValue::Table(table) => Given::Table(of_table(text, table)),
    }
}

fn list(text: &str, items: &DeArray<'_>) -> Given {
    let texts = items.iter().map(|item| match item.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        _ => None,
    });
    let tables = items.iter().map(|item| match item.get_ref() {
        DeValue::Table(table) => Some((line(text, item.span().start), of_table(text, table))),
        _ => None,
    });
    if let Some(texts) = texts.collect() {
        return Given::List(texts);
    }
    tables.collect::<Option<_>>().map_or(
        Given::Other("a list of something else than texts"),
        Given::Tables,
    )
}

fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}
