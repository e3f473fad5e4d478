//! Flags and words of a command line apart: `-n x`, `-nx`, `-n=x`, `--namespace x`, `--namespace=x`, `-it`, in any place.

use crate::argument::Argument;
use crate::is_listed;

/// A command line taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flags {
    pub words: Vec<Argument>,
    given: Vec<(String, Argument)>,
    /// What stands behind `--`, or behind the last word that was asked for.
    pub rest: Option<Vec<Argument>>,
    /// The first flag that the program is not known to have.
    pub unknown: Option<String>,
}

/// Names of flags: `n/namespace=` takes a value, `dry-run?` may have one behind `=`, `w/watch` has none.
type Known<'k> = &'k [&'static str];

struct Flag<'k> {
    name: &'k str,
    takes: Takes,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Nothing,
    Perhaps,
    Value,
}

fn entries(known: Known<'_>) -> impl Iterator<Item = (Option<&str>, Flag<'_>)> {
    known
        .iter()
        .flat_map(|list| list.split_whitespace())
        .map(|entry| {
            let (entry, takes) = match (entry.strip_suffix('='), entry.strip_suffix('?')) {
                (Some(entry), _) => (entry, Takes::Value),
                (None, Some(entry)) => (entry, Takes::Perhaps),
                (None, None) => (entry, Takes::Nothing),
            };
            let (short, name) = match entry.split_once('/') {
                Some((short, name)) => (Some(short), name),
                None => (None, entry),
            };
            (short, Flag { name, takes })
        })
}

/// Takes `arguments` apart. With `words_max` everything behind that many words is [`Flags::rest`].
pub(crate) fn parse(arguments: &[Argument], known: Known<'_>, words_max: Option<usize>) -> Flags {
    let mut parsed = Flags::default();
    let mut left = arguments.iter();
    while let Some(argument) = left.next() {
        let head = argument.head();
        if head == "--" && argument.text().is_some() {
            parsed.rest = Some(left.cloned().collect());
            break;
        }
        if let Some(long) = head.strip_prefix("--") {
            parsed.long(argument, long, known, &mut left);
        } else if head.len() > 1 && head.starts_with('-') {
            parsed.short(argument, known, &mut left);
        } else {
            parsed.words.push(argument.clone());
            if words_max == Some(parsed.words.len()) {
                parsed.rest = Some(left.cloned().collect());
                break;
            }
        }
    }
    parsed
}

impl Flags {
    fn long<'a>(
        &mut self,
        argument: &Argument,
        long: &str,
        known: Known<'_>,
        left: &mut impl Iterator<Item = &'a Argument>,
    ) {
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) => (
                name.written().trim_start_matches('-').to_owned(),
                Some(value),
            ),
            None => (long.to_owned(), None),
        };
        let is_whole = value.is_some() || argument.text().is_some();
        let found = entries(known).find(|(_, flag)| flag.name == name);
        let Some((_, flag)) = found.filter(|_| is_whole) else {
            self.unknown.get_or_insert(argument.written());
            return;
        };
        let name = flag.name.to_owned();
        let value = match (flag.takes, value) {
            (_, Some(value)) => value,
            (Takes::Value, None) => match left.next() {
                Some(next) => next.clone(),
                None => return self.lacks_value(&name),
            },
            (Takes::Nothing | Takes::Perhaps, None) => Argument::literal("true"),
        };
        self.given.push((name, value));
    }

    fn short<'a>(
        &mut self,
        argument: &Argument,
        known: Known<'_>,
        left: &mut impl Iterator<Item = &'a Argument>,
    ) {
        let head = argument.head();
        for (at, one) in head.char_indices().skip(1) {
            let mut buffer = [0; 4];
            let short: &str = one.encode_utf8(&mut buffer);
            let Some((_, flag)) = entries(known).find(|(name, _)| *name == Some(short)) else {
                self.unknown.get_or_insert(argument.written());
                return;
            };
            let name = flag.name.to_owned();
            if flag.takes != Takes::Value {
                self.given.push((name, Argument::literal("true")));
                continue;
            }
            let mut value = argument.without_head(at + one.len_utf8());
            if value.head().starts_with('=') {
                value = value.without_head(1);
            }
            if value.is_empty() {
                match left.next() {
                    Some(next) => value = next.clone(),
                    None => return self.lacks_value(&name),
                }
            }
            self.given.push((name, value));
            return;
        }
    }

    fn lacks_value(&mut self, name: &str) {
        self.unknown
            .get_or_insert(format!("--{name} without a value"));
    }

    pub(crate) fn merge(&mut self, other: &Flags) {
        self.given.extend(other.given.iter().cloned());
        if self.unknown.is_none() {
            self.unknown.clone_from(&other.unknown);
        }
    }

    /// The last value of a flag.
    pub(crate) fn value(&self, name: &str) -> Option<&Argument> {
        let mut all = self.given.iter().rev();
        all.find(|(flag, _)| flag == name).map(|(_, value)| value)
    }

    pub(crate) fn values(&self, name: &str) -> Vec<Argument> {
        let of = self.given.iter().filter(|(flag, _)| flag == name);
        of.map(|(_, value)| value.clone()).collect()
    }

    /// The first flag that is given and stands in a list.
    pub(crate) fn first_of(&self, list: &str) -> Option<&str> {
        let mut names = self.given.iter().map(|(name, _)| name.as_str());
        names.find(|name| is_listed(list, name) && self.has(name))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.value(name)
            .is_some_and(|value| value.text() != Some("false"))
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.value(name).and_then(Argument::text)
    }
}
