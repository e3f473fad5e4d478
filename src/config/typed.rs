//! From a value as it was given to a typed one, or to words that say what would be right.

use std::time::Duration;

use super::Zone;
use super::file::Given;
use crate::cli::values;

/// A name or word less alike than this is no misspelling.
const NEAR: f64 = 0.6;

/// A text in quotes.
pub(super) fn text(value: Given) -> Result<String, String> {
    match value {
        Given::Text(text) if !text.is_empty() => Ok(text),
        Given::Text(_) => Err("must not be empty".to_owned()),
        Given::Switch(_) => Err("must be a text in quotes, not true or false".to_owned()),
        Given::List(_) => Err("must be a text in quotes, not a list".to_owned()),
        Given::Table(_) => Err("must be a text in quotes, not a table".to_owned()),
        Given::Tables(_) => Err("must be a text in quotes, not a list of tables".to_owned()),
        Given::Other(what) => Err(format!("must be a text in quotes, not {what}")),
    }
}

/// One of a few words; `true` and `false` need no quotes.
pub(super) fn word<T: Copy>(value: Given, words: &[(&'static str, T)]) -> Result<T, String> {
    let names = || words.iter().map(|(name, _)| *name);
    let known = names()
        .map(|name| format!("\"{name}\""))
        .collect::<Vec<_>>();
    let known = known
        .join(" or ")
        .replace("\"true\"", "true")
        .replace("\"false\"", "false");
    let text = match value {
        Given::Text(text) => text,
        Given::Switch(switch) => switch.to_string(),
        Given::List(_) => return Err(format!("must be {known}, not a list")),
        Given::Table(_) => return Err(format!("must be {known}, not a table")),
        Given::Tables(_) => return Err(format!("must be {known}, not a list of tables")),
        Given::Other(what) => return Err(format!("must be {known}, not {what}")),
    };
    if let Some((_, value)) = words.iter().find(|(name, _)| *name == text) {
        return Ok(*value);
    }
    let hint =
        nearest(&text, names()).map_or(String::new(), |near| format!(": did you mean \"{near}\"?"));
    Err(format!("must be {known}, not \"{text}\"{hint}"))
}

/// Name patterns.
pub(super) fn patterns(value: Given) -> Result<Vec<String>, String> {
    match value {
        Given::List(patterns) if patterns.iter().any(String::is_empty) => {
            Err("holds an empty pattern, which matches nothing".to_owned())
        }
        Given::List(patterns) => Ok(patterns),
        _ => Err("must be a list of texts, such as [\"*prod*\"]".to_owned()),
    }
}

/// A duration such as `10s` or `1m30s`, between these.
pub(super) fn duration(value: Given, least: Duration, most: Duration) -> Result<Duration, String> {
    let name = text(value)?;
    let given = values::duration(&name);
    given
        .filter(|given| (least..=most).contains(given))
        .ok_or_else(|| {
            format!(
                "must be a time from \"{}s\" to \"{}s\", such as \"10s\", not \"{name}\"",
                least.as_secs(),
                most.as_secs()
            )
        })
}

/// A time zone.
pub(super) fn zone(value: Given) -> Result<Zone, String> {
    let name = text(value)?;
    name.parse().map_err(|()| {
        let hint = nearest(&name, ["UTC", "local"])
            .map_or(String::new(), |near| format!(": did you mean \"{near}\"?"));
        format!("must be \"UTC\", \"local\" or an offset such as \"+02:00\", not \"{name}\"{hint}")
    })
}

/// The word most alike, when one is alike at all.
pub(super) fn nearest<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let spelt = word.to_ascii_lowercase().replace('_', "-");
    words
        .into_iter()
        .map(|known| {
            let known_spelt = known.to_ascii_lowercase();
            (
                strsim::normalized_damerau_levenshtein(&spelt, &known_spelt),
                known,
            )
        })
        .filter(|(score, _)| *score >= NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}
