//! Takes secrets out of an entry before it reaches the disk or an export, and counts what it took. Never restores.
//!
//! Rules by the published shape of each secret; a text that was redacted once is left alone.

mod named;
mod rules;
mod words;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use self::rules::{RULES, SecretCondition, SecretRule, VALUE};
use super::asked::RequestedChange;
use super::entry::{Draft, Redaction};
use text::Outside;

pub use self::named::is_secret_name;

/// What stands where a secret was.
pub const MARK: &str = "[redacted]";

/// Longest text of one field, in bytes: a journal is not a log store, and one entry must not fill a screen's memory.
pub const FIELD_MAX: usize = 256 * 1024;

/// Longest title, in bytes: it is one line of a table.
pub const TITLE_MAX: usize = 1024;

/// Longest body, in bytes: what `watchfloor note -` takes.
pub const BODY_MAX: usize = 1024 * 1024;

/// A rule and its pattern, compiled.
static COMPILED: LazyLock<Vec<(&'static SecretRule, Regex)>> = LazyLock::new(|| {
    // A pattern that does not compile is a defect that the first test finds; leaving one rule out is better than a crash.
    RULES
        .iter()
        .filter_map(|rule| {
            let pattern = rule.pattern.replace("VALUE", VALUE);
            let pattern = pattern.replace("WORDS", named::IN_PATTERNS);
            Some((rule, Regex::new(&pattern).ok()?))
        })
        .collect()
});

/// Where a secret is, and by which rule.
struct Secret {
    place: Range<usize>,
    rule: &'static str,
}

/// `text` without its secrets; what was taken is added to `taken`.
pub fn text<'a>(text: &'a str, taken: &mut Vec<Redaction>) -> Cow<'a, str> {
    let found = secrets(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    for secret in &found {
        count_in(taken, secret.rule, 1);
    }
    Cow::Owned(cut(text, 0, &places(found)))
}

/// All secrets of `text` in order, none over another. Colours may stand within a secret, or between it and its name.
fn secrets(text: &str) -> Vec<Secret> {
    let plain = text::without_colours(text);
    let mut found = secrets_of_plain(&plain);
    if plain.len() != text.len() {
        for secret in &mut found {
            secret.place = text::in_colours(text, secret.place.clone());
        }
    }
    found
}

/// The same of a text without colours; of several at one place the first rule counts.
fn secrets_of_plain(text: &str) -> Vec<Secret> {
    let mut found: Vec<Secret> = COMPILED
        .iter()
        .flat_map(|(rule, pattern)| {
            let matches = pattern.captures_iter(text);
            matches.filter_map(|found| {
                Some(Secret {
                    place: secret_of(rule.condition, &found, text)?,
                    rule: rule.name,
                })
            })
        })
        .collect();
    found.sort_by_key(|secret| secret.place.start); // stable: in the order of the rules
    let mut apart: Vec<Secret> = Vec::new();
    for secret in found {
        match apart.last_mut() {
            Some(last) if secret.place.start < last.place.end => {
                last.place.end = last.place.end.max(secret.place.end);
            }
            Some(_) | None => apart.push(secret),
        }
    }
    apart
}

fn secret_of(condition: SecretCondition, found: &Captures<'_>, text: &str) -> Option<Range<usize>> {
    let secret = found.name("secret")?;
    let value = secret.as_str();
    let is_redacted = value
        .trim_start_matches(['"', '\'', '\\'])
        .starts_with(MARK);
    let is_secret = match condition {
        SecretCondition::Shape => true,
        SecretCondition::Random => named::is_random(value),
        SecretCondition::Named | SecretCondition::Block => named::is_secret(
            found.name("name")?.as_str(),
            found
                .name("separator")
                .map_or("", |separator| separator.as_str()),
            value,
            &text[secret.end()..],
        ),
    };
    let place = match condition {
        SecretCondition::Block => block(text, found.get(0)?.start(), secret.range()),
        SecretCondition::Shape | SecretCondition::Named | SecretCondition::Random => secret.range(),
    };
    (is_secret && !is_redacted).then_some(place)
}

/// The lines of `block` that are indented deeper than the one with its name.
fn block(text: &str, name: usize, block: Range<usize>) -> Range<usize> {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t', '-']).len();
    let line = text[..name].rfind('\n').map_or(0, |end| end + 1);
    let outer = indent(&text[line..]);
    let inner = text[block.clone()].split_inclusive('\n');
    let bytes: usize = inner
        .take_while(|line| line.trim().is_empty() || indent(line) > outer)
        .map(str::len)
        .sum();
    block.start..block.start + bytes
}

fn places(secrets: Vec<Secret>) -> Vec<Range<usize>> {
    secrets.into_iter().map(|secret| secret.place).collect()
}

fn count_in(taken: &mut Vec<Redaction>, rule: &str, count: u32) {
    match taken.iter_mut().find(|known| &*known.rule == rule) {
        Some(known) => known.count = known.count.saturating_add(count),
        None => taken.push(Redaction {
            rule: rule.into(),
            count,
        }),
    }
}

/// The entry without secrets and with no text above its bound.
#[must_use]
pub fn draft(mut draft: Draft) -> Draft {
    let mut taken = std::mem::take(&mut draft.redactions);
    let mut clean = |field: &mut Outside, max: usize| {
        let cut = shorten(field.raw(), max);
        let without = text(&cut, &mut taken);
        if without != field.raw() {
            *field = Outside::new(without.as_ref());
        }
    };
    let change = draft
        .change
        .iter_mut()
        .flat_map(|change| [&mut change.before, &mut change.after, &mut change.diff]);
    let command = draft
        .command
        .iter_mut()
        .flat_map(|command| [&mut command.typed, &mut command.verb, &mut command.dry_run]);
    for field in change.chain(command).flatten() {
        clean(field, FIELD_MAX);
    }
    let asked = draft
        .change
        .as_mut()
        .and_then(|change| change.asked.as_mut());
    if let Some(RequestedChange::Restart {
        from: Some(from), ..
    }) = asked
    {
        // An annotation: anybody may have written anything there. The other values are numbers and names.
        clean(from, FIELD_MAX);
    }
    for evidence in &mut draft.evidence {
        clean(&mut evidence.query, FIELD_MAX);
    }
    for tag in &mut draft.tags {
        clean(tag, TITLE_MAX);
    }
    clean_title_and_body(&mut draft, &mut taken);
    draft.redactions = taken;
    draft
}

/// As one text: a note that begins with a private key has its first line as title and the key as body.
fn clean_title_and_body(draft: &mut Draft, taken: &mut Vec<Redaction>) {
    let title = shorten(draft.title.raw(), TITLE_MAX).into_owned();
    let body = draft
        .body
        .as_ref()
        .map(|body| shorten(body.raw(), BODY_MAX).into_owned());
    let whole = match &body {
        Some(body) => format!("{title}\n{body}"),
        None => title.clone(),
    };
    let found = secrets(&whole);
    for secret in &found {
        count_in(taken, secret.rule, 1);
    }
    let places = places(found);
    let clean_title = cut(&title, 0, &places);
    if clean_title != draft.title.raw() {
        draft.title = Outside::from(clean_title);
    }
    let clean_body = body.map(|body| cut(&body, title.len() + 1, &places));
    if let Some(clean_body) = clean_body
        && draft
            .body
            .as_ref()
            .is_none_or(|body| body.raw() != clean_body)
    {
        draft.body = Some(Outside::from(clean_body));
    }
}

/// `text`, or its beginning with a count of the bytes that are not there.
fn shorten(text: &str, max: usize) -> Cow<'_, str> {
    if text.len() <= max {
        return Cow::Borrowed(text);
    }
    let room = max.saturating_sub(32);
    let end = (0..=room)
        .rev()
        .find(|end| text.is_char_boundary(*end))
        .unwrap_or(0);
    Cow::Owned(format!("{} [+{} bytes]", &text[..end], text.len() - end))
}

/// Where the secrets of `text` are, in order, none over another.
pub fn spans(text: &str) -> Vec<Range<usize>> {
    places(secrets(text))
}

/// `text`, which begins at `start` of the text in which the secrets were found, without what of them is in it.
pub fn cut(text: &str, start: usize, secrets: &[Range<usize>]) -> String {
    let end = start + text.len();
    let mut clean = String::with_capacity(text.len());
    let mut kept = 0;
    for secret in secrets
        .iter()
        .filter(|secret| secret.start < end && secret.end > start)
    {
        clean.push_str(&text[kept..secret.start.saturating_sub(start)]);
        clean.push_str(MARK);
        kept = secret.end.min(end) - start;
    }
    clean.push_str(&text[kept..]);
    clean
}

#[cfg(test)]
mod tests;
