//! A filter as it is typed: words that must be there, `!word` that must not. Plain text, case ignored.

use std::ops::Range;

use memchr::memmem::Finder;

use text::Outside;

/// Longest filter text; longer input is a slip, not a filter.
pub const MAX_FILTER_CHARS: usize = 200;

/// The typed text and what it asks for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    text: String,
    terms: Vec<Term>,
}

#[derive(Clone, Debug)]
struct Term {
    is_negated: bool,
    finder: Finder<'static>,
}

impl Filter {
    /// Reads the text. A lone `!` asks for nothing yet.
    pub fn parse(text: &str) -> Filter {
        let terms = text.split_whitespace().map(|word| {
            word.strip_prefix('!')
                .map_or((false, word), |rest| (true, rest))
        });
        let terms = terms.filter(|(_, word)| !word.is_empty());
        let terms = terms.map(|(is_negated, word)| Term {
            is_negated,
            finder: Finder::new(word.to_lowercase().as_bytes()).into_owned(),
        });
        Filter {
            terms: terms.collect(),
            text: text.to_owned(),
        }
    }

    /// As it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// All words stand in one of the fields, and no negated one in any.
    pub fn matches<'a>(&self, fields: &(impl Iterator<Item = &'a str> + Clone)) -> bool {
        let mut lower = Vec::new();
        self.terms.iter().all(|term| {
            term.is_negated
                != fields
                    .clone()
                    .any(|field| contains(&term.finder, field, &mut lower))
        })
    }
}

/// Places that are looked for in one text: more than a screen has room for.
const FOUND_MAX: usize = 256;

impl Filter {
    /// Where the words stand that must be there, as byte ranges in order that do not overlap.
    pub fn found_in(&self, text: &str) -> Vec<Range<usize>> {
        let lower = text.to_ascii_lowercase();
        let mut found: Vec<Range<usize>> = Vec::new();
        for term in self.terms.iter().filter(|term| !term.is_negated) {
            let length = term.finder.needle().len();
            let places = term.finder.find_iter(lower.as_bytes()).take(FOUND_MAX);
            found.extend(places.map(|at| at..at + length));
        }
        found.sort_by_key(|range| (range.start, range.end));
        let mut end = 0;
        found.retain(|range| {
            let is_free = range.start >= end;
            if is_free {
                end = range.end;
            }
            is_free
        });
        found
    }
}

/// Names are lower case by their grammar, so the copy is the rare case.
fn contains(finder: &Finder<'_>, field: &str, lower: &mut Vec<u8>) -> bool {
    if field.bytes().any(|byte| byte.is_ascii_uppercase()) {
        lower.clear();
        lower.extend(field.bytes().map(|byte| byte.to_ascii_lowercase()));
        finder.find(lower).is_some()
    } else {
        finder.find(field.as_bytes()).is_some()
    }
}

/// Filters compare by what was typed.
impl PartialEq for Filter {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// The text of a field for [`Filter::matches`].
pub fn field(text: &Outside) -> &str {
    text.raw()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(filter: &str, fields: &[&str]) -> bool {
        Filter::parse(filter).matches(&fields.iter().copied())
    }

    #[test]
    fn all_words_must_be_there_in_any_field() {
        assert!(passes("check crash", &["checkout-1", "CrashLoopBackOff"]));
        assert!(!passes("check crash", &["checkout-1", "Running"]));
    }

    #[test]
    fn a_negated_word_must_be_in_no_field() {
        assert!(passes("!running", &["checkout-1", "CrashLoopBackOff"]));
        assert!(!passes("!running", &["checkout-1", "Running"]));
        assert!(passes("!", &["anything"]));
    }
}
