//! The section `[runbooks]`: where documents are, and which addresses stand for them. What is faulty is left out and said; the
//! rest holds.

use std::path::PathBuf;

use super::file::{Given, Row};
use super::setting::{Place, Reader};
use super::typed::{nearest, text};
use runbook::UrlRewrite;

/// Where runbooks are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Runbooks {
    pub folders: Vec<PathBuf>,
    pub urls: Vec<UrlRewrite>,
}

const NAMES: [&str; 2] = ["folders", "urls"];
const URL_NAMES: [&str; 2] = ["from", "to"];
const URLS_FORM: &str =
    "must be a list such as [{ from = \"https://docs.example/oncall/\", to = \"oncall\" }]";

impl Reader<'_> {
    /// Folders alone, or a section.
    pub(super) fn runbooks(&mut self, place: &Place<'_>, value: Given) {
        let Given::Table(rows) = value else {
            match self.folders(place, value) {
                Ok(folders) => self.config.runbooks.folders = folders,
                Err(what) => self.problem(&place.name, format!("runbooks: {what}")),
            }
            return;
        };
        for row in rows {
            let line = format!("{}:{}", place.file, row.line);
            match row.name.as_str() {
                "folders" => match self.folders(place, row.value) {
                    Ok(folders) => self.config.runbooks.folders = folders,
                    Err(what) => self.problem(line, format!("runbooks.folders: {what}")),
                },
                "urls" => self.urls(place, &line, row.value),
                unknown => {
                    let hint = unknown_name(unknown, &NAMES);
                    self.problem(line, format!("runbooks.{unknown}: {hint}"));
                }
            }
        }
    }

    fn folders(&self, place: &Place<'_>, value: Given) -> Result<Vec<PathBuf>, String> {
        let names = match value {
            Given::Text(name) => vec![name],
            Given::List(names) => names,
            _ => return Err("must be a list of paths, such as [\"~/runbooks\"]".to_owned()),
        };
        if names.iter().any(String::is_empty) {
            return Err("holds an empty path".to_owned());
        }
        Ok(names.iter().map(|name| self.beside(place, name)).collect())
    }

    fn urls(&mut self, place: &Place<'_>, line: &str, value: Given) {
        let rules = match value {
            Given::Tables(rules) => rules,
            Given::List(none) if none.is_empty() => Vec::new(),
            _ => return self.problem(line, format!("runbooks.urls: {URLS_FORM}")),
        };
        let mut urls = Vec::new();
        for (at, rows) in rules {
            match rewrite(rows) {
                Ok(rule) => urls.push(rule),
                Err(what) => self.problem(
                    format!("{}:{at}", place.file),
                    format!("runbooks.urls: {what}; this rule is left out"),
                ),
            }
        }
        self.config.runbooks.urls = urls;
    }
}

fn rewrite(rows: Vec<Row>) -> Result<UrlRewrite, String> {
    let (mut from, mut to) = (None, None);
    for row in rows {
        match row.name.as_str() {
            "from" => from = Some(text(row.value).and_then(prefix)?),
            "to" => to = Some(below(row.value)?),
            unknown => {
                let hint = unknown_name(unknown, &URL_NAMES);
                return Err(format!("{unknown} {hint}"));
            }
        }
    }
    match (from, to) {
        (Some(from), Some(to)) => Ok(UrlRewrite { from, to }),
        (None, _) => Err("from is missing: the address that the rule is for".to_owned()),
        (_, None) => Err("to is missing: the path below a folder".to_owned()),
    }
}

/// An address with a host.
fn prefix(address: String) -> Result<String, String> {
    let rest = ["https://", "http://"]
        .into_iter()
        .find_map(|scheme| address.strip_prefix(scheme));
    match rest {
        Some(rest) if !rest.is_empty() && !rest.starts_with('/') => Ok(address),
        _ => Err(format!(
            "from must begin with https:// and a host, not \"{address}\""
        )),
    }
}

/// A path that stays below a folder; an empty one is the folder itself.
fn below(value: Given) -> Result<String, String> {
    let path = match value {
        Given::Text(empty) if empty.is_empty() => empty,
        other => text(other)?,
    };
    let is_leaving = path.starts_with('/') || path.split('/').any(|part| part == "..");
    if is_leaving {
        return Err(format!(
            "to is a path below a folder, without .. and without / in front, not \"{path}\""
        ));
    }
    Ok(path)
}

fn unknown_name(name: &str, names: &[&str]) -> String {
    match nearest(name, names.iter().copied()) {
        Some(near) => format!("is unknown: did you mean \"{near}\"?"),
        None => format!("is unknown: there are {}", names.join(", ")),
    }
}
