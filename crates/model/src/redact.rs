//! Takes secrets out of an entry before it reaches the disk or an export, and counts what it took. Never restores.
//!
//! Rules by the published shape of each secret; a text that was redacted once is left alone.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::asked::Asked;
use super::entry::{Draft, Redaction};
use text::Outside;

/// What stands where a secret was.
pub const MARK: &str = "[redacted]";

/// Longest text of one field, in bytes: a journal is not a log store, and one entry must not fill a screen's memory.
pub const FIELD_MAX: usize = 256 * 1024;

/// Longest title, in bytes: it is one line of a table.
pub const TITLE_MAX: usize = 1024;

/// A rule: its name, and a pattern of which only the group `secret` is taken out.
struct Rule {
    name: &'static str,
    pattern: &'static str,
}

/// Words in the name of a variable, field or flag that make its value a secret.
const SECRET_NAME: &str = r"(?:pass(?:word|wd|phrase)?|pwd|secret|token|credentials?|api[_.-]?key|private[_.-]?key|access[_.-]?key|auth[_.-]?key|connection[_.-]?string|dsn)";

/// In this order: the widest first, so that a narrow rule does not leave half of it.
const RULES: &[Rule] = &[
    Rule {
        name: "pem",
        pattern: r"(?P<secret>-----BEGIN [A-Z0-9 ]+-----(?s:.*?)(?:-----END [A-Z0-9 ]+-----|\z))",
    },
    Rule {
        name: "last-applied",
        pattern: r#"kubectl\.kubernetes\.io/last-applied-configuration["']?\s*[:=]\s*(?P<secret>"(?:[^"\\]|\\.)*"|'[^']*'|\|[-+]?[ \t]*\n(?:[ \t]+[^\n]*\n?)+|[^\s"'|\[][^\n]*)"#,
    },
    Rule {
        name: "url-password",
        pattern: r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#:@]*:(?P<secret>[^\s/?#@]+(?:@[^\s/?#@]+)*?)@[^\s@]",
    },
    Rule {
        name: "authorization",
        pattern: r#"(?i)\bauthorization["']?\s*[:=]\s*["']?(?:basic|digest|negotiate)\s+(?P<secret>[^\s"',\[][^\s"',]*)"#,
    },
    Rule {
        name: "bearer",
        pattern: r"(?i)\bbearer\s+(?P<secret>[A-Za-z0-9._~+/-]{8,}=*)",
    },
    Rule {
        name: "jwt",
        pattern: r"(?P<secret>\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*)",
    },
    Rule {
        name: "aws-key-id",
        pattern: r"(?P<secret>\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b)",
    },
    Rule {
        name: "vendor-token",
        pattern: r"(?P<secret>\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|glpat-[A-Za-z0-9_-]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|sk_live_[A-Za-z0-9]{16,}|AIza[A-Za-z0-9_-]{35}))",
    },
    // env as YAML or JSON: the name in one field, the value in the next
    Rule {
        name: "env",
        pattern: r#"(?i)\bname["']?\s*:\s*["']?[A-Z0-9_.-]*NAME_WORDS[A-Z0-9_.-]*["']?\s*,?\s*(?:\n[ +\t-]*)?["']?value["']?\s*:\s*(?P<secret>"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,}"'\[][^\n,}]*)"#,
    },
    // args: `--db-password x`, `-p` is too common to be a rule
    Rule {
        name: "flag",
        pattern: r#"(?i)--[a-z0-9_.-]*NAME_WORDS[a-z0-9_.-]*["']?,?\s+(?P<secret>"(?:[^"\\]|\\.)+"|'[^']+'|[^\s"'\[-][^\s"',\]]*)"#,
    },
    Rule {
        name: "assignment",
        pattern: r#"(?i)\b[A-Z0-9_.-]*NAME_WORDS[A-Z0-9_.-]*["']?\s*(?:=|:[ \t]*)\s*(?P<secret>"(?:[^"\\]|\\.)+"|'[^']+'|[^\s"'\[{(,;&|>][^\s"',;&]*)"#,
    },
];

static COMPILED: LazyLock<Vec<(&'static str, Regex)>> = LazyLock::new(|| {
    // A pattern that does not compile is a defect that the first test finds; leaving one rule out is better than a crash.
    RULES
        .iter()
        .filter_map(|rule| {
            Some((
                rule.name,
                Regex::new(&rule.pattern.replace("NAME_WORDS", SECRET_NAME)).ok()?,
            ))
        })
        .collect()
});

static NAMES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!("(?i){SECRET_NAME}")).ok());

/// `text` without its secrets; what was taken is added to `taken`.
pub fn text<'a>(text: &'a str, taken: &mut Vec<Redaction>) -> Cow<'a, str> {
    let mut clean = Cow::Borrowed(text);
    for (name, pattern) in COMPILED.iter() {
        if let Some((without, count)) = apply(pattern, &clean) {
            count_in(taken, name, count);
            clean = Cow::Owned(without);
        }
    }
    clean
}

fn apply(pattern: &Regex, text: &str) -> Option<(String, u32)> {
    let mut clean = String::new();
    let (mut kept, mut count) = (0, 0);
    for found in pattern.captures_iter(text) {
        let Some(secret) = found.name("secret") else {
            continue;
        };
        if secret.as_str().trim_matches(['"', '\'']).starts_with(MARK) {
            continue;
        }
        clean.push_str(&text[kept..secret.start()]);
        clean.push_str(MARK);
        kept = secret.end();
        count += 1;
    }
    if count == 0 {
        return None;
    }
    clean.push_str(&text[kept..]);
    Some((clean, count))
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
    clean(&mut draft.title, TITLE_MAX);
    let change = draft
        .change
        .iter_mut()
        .flat_map(|change| [&mut change.before, &mut change.after, &mut change.diff]);
    let command = draft
        .command
        .iter_mut()
        .flat_map(|command| [&mut command.typed, &mut command.verb, &mut command.dry_run]);
    for field in change.chain(command).chain([&mut draft.body]).flatten() {
        clean(field, FIELD_MAX);
    }
    let asked = draft
        .change
        .as_mut()
        .and_then(|change| change.asked.as_mut());
    if let Some(Asked::Restart {
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
    draft.redactions = taken;
    draft
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

/// Is what is called this a secret, whatever its value is?
pub fn is_secret_name(name: &str) -> bool {
    NAMES.as_ref().is_some_and(|names| names.is_match(name))
}

/// Where the secrets of `text` are, in order, none over another.
pub fn spans(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = COMPILED
        .iter()
        .flat_map(|(_, pattern)| pattern.captures_iter(text))
        .filter_map(|found| found.name("secret"))
        .filter(|secret| !secret.as_str().trim_matches(['"', '\'']).starts_with(MARK))
        .map(|secret| secret.range())
        .collect();
    found.sort_by_key(|place| (place.start, place.end));
    let mut apart: Vec<Range<usize>> = Vec::new();
    for place in found {
        match apart.last_mut() {
            Some(last) if place.start < last.end => last.end = last.end.max(place.end),
            Some(_) | None => apart.push(place),
        }
    }
    apart
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
