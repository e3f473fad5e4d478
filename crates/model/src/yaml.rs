//! An object as YAML while somebody reads it: its text, what was left out of it, where the reader is, what is searched.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::cluster::{ObjectRef, Problem};
use super::filter::Filter;
use super::sideways::Sideways;
use super::time::At;
use text::{Outside, SafeText};

/// Longest text that is kept: all annotations of an object together may have so much, and a workload has a tenth of it.
pub const TEXT_BYTES_MAX: usize = 256 * 1024;
/// A line that is continued stands so many columns further in than it began.
const CONTINUED: usize = 4;

/// A value as YAML. No line is folded: it could not be searched or copied.
///
/// # Errors
/// What stands against it, in words.
pub fn text(value: &Value) -> Result<String, String> {
    let options = serde_saphyr::ser_options! { folded_wrap_chars: usize::MAX };
    serde_saphyr::to_string_with_options(value, options).map_err(|error| error.to_string())
}

/// The text of an object, as it was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// YAML. Cut at the end of a line when it is longer than [`TEXT_BYTES_MAX`].
    pub text: Outside,
    /// What is not in it.
    pub left_out: Vec<LeftOut>,
}

/// What is not shown of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LeftOut {
    /// `metadata.managedFields`.
    ManagedFields,
    /// The annotation in which kubectl keeps the whole object, with what a Secret's owner did not mean to show.
    LastApplied,
    /// So many values of a Secret; their sizes stand in their place.
    SecretValues(usize),
    /// So many lines at the end: the text is too long.
    Lines(usize),
}

/// The object, and the reader.
#[derive(Clone, Debug)]
pub struct Yaml {
    pub object: ObjectRef,
    /// The last answer that could be shown, and when it came.
    pub read: Option<(Document, At)>,
    /// Why there is no newer one.
    pub problem: Option<Problem>,
    /// An answer is awaited.
    pub is_reading: bool,
    /// What is searched.
    pub search: Filter,
    /// The match under the reader's eye: a line of the text.
    pub found: Option<usize>,
    /// The first row shown.
    pub top: YamlRow,
    /// How far its lines are moved: then they are cut, else broken.
    pub sideways: Sideways,
}

/// A row of the screen, whatever its width is: a line of the text, and which part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct YamlRow {
    /// Line of the text, from 0.
    pub line: usize,
    /// Part of a line that is broken, from 0.
    pub part: usize,
}

impl Yaml {
    /// It is being read.
    pub fn new(object: ObjectRef) -> Yaml {
        Yaml {
            object,
            read: None,
            problem: None,
            is_reading: true,
            search: Filter::default(),
            found: None,
            top: YamlRow::default(),
            sideways: Sideways::default(),
        }
    }

    /// The text as rows of at most so many columns; whole lines while they are moved sideways.
    pub fn rows(&self, columns: usize) -> Vec<(YamlRow, SafeText<'static>)> {
        let Some((document, _)) = &self.read else {
            return Vec::new();
        };
        let lines = document.text.lines().enumerate();
        let rows = lines.flat_map(|(line, text)| {
            let columns = if self.sideways.is_start() {
                columns.max(1)
            } else {
                usize::MAX
            };
            let parts = broken(&text, columns).into_iter().enumerate();
            parts.map(move |(part, text)| (YamlRow { line, part }, text))
        });
        rows.collect()
    }

    /// The lines of the text that match.
    pub fn matches(&self) -> Vec<usize> {
        let Some((document, _)) = self.read.as_ref().filter(|_| !self.search.is_empty()) else {
            return Vec::new();
        };
        let lines = document.text.raw().lines().enumerate();
        lines
            .filter(|(_, line)| self.search.matches(&std::iter::once(*line)))
            .map(|(line, _)| line)
            .collect()
    }
}

/// A line in pieces that fit, continued further in.
fn broken(text: &SafeText<'_>, columns: usize) -> Vec<SafeText<'static>> {
    if text.as_str().len() <= columns || text.width() <= columns {
        return vec![text.clone().into_owned()];
    }
    let blanks = text.as_str().len() - text.as_str().trim_start().len();
    let indent = (blanks + CONTINUED).min(columns / 2);
    let mut parts = vec![String::new()];
    let mut used = 0;
    for cluster in text.as_str().graphemes(true) {
        if used + cluster.width() > columns {
            parts.push(" ".repeat(indent));
            used = indent;
        }
        used += cluster.width();
        if let Some(part) = parts.last_mut() {
            part.push_str(cluster);
        }
    }
    parts.into_iter().map(SafeText::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_continued_further_in() {
        let parts = broken(&SafeText::from("  image: abcdefghij"), 12);
        let parts: Vec<_> = parts.iter().map(SafeText::as_str).collect();
        assert_eq!(parts, ["  image: abc", "      defghi", "      j"]);
    }

    #[test]
    fn nothing_is_lost_where_hardly_anything_fits() {
        let parts = broken(&SafeText::from("abc数"), 2);
        let all: String = parts.iter().map(|part| part.as_str().trim()).collect();
        assert_eq!(all, "abc数");
    }
}
