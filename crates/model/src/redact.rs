//! Takes secrets out of an entry before it reaches the disk or an export, and counts what it took. Never restores.
//!
//! Rules by the published shape of each secret; a text that was redacted once is left alone.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn redacted(input: &str) -> (String, Vec<(String, u32)>) {
        let mut taken = Vec::new();
        let clean = text(input, &mut taken).into_owned();
        (
            clean,
            taken
                .into_iter()
                .map(|one| (one.rule.to_string(), one.count))
                .collect(),
        )
    }

    #[test]
    fn every_rule_compiles() {
        assert_eq!(COMPILED.len(), RULES.len());
    }

    #[test]
    fn secrets_of_every_shape_leave_and_what_stands_around_them_stays() {
        let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJrYXRlIn0.c2lnbmF0dXJl";
        let cases = [
            (
                "curl -H 'Authorization: Bearer abcdef123456.zz'",
                "abcdef123456",
                "bearer",
            ),
            (
                "authorization: Basic a2F0ZTpzZWNyZXQ=",
                "a2F0ZTpzZWNyZXQ",
                "authorization",
            ),
            (&format!("login with {jwt} failed"), "eyJzdWIi", "jwt"),
            (
                "key AKIAIOSFODNN7EXAMPLE leaked",
                "AKIAIOSFODNN7EXAMPLE",
                "aws-key-id",
            ),
            (
                "postgres://app:hunter2@db:5432/shop",
                "hunter2",
                "url-password",
            ),
            ("amqp://:p%40ss@mq/", "p%40ss", "url-password"),
            ("redis://u:pa@ss@cache", "pa@ss", "url-password"),
            ("DB_PASSWORD=hunter2 ./run", "hunter2", "assignment"),
            ("password: hunter2", "hunter2", "assignment"),
            (r#"{"apiKey":"hunter2"}"#, "hunter2", "assignment"),
            ("run --db-password hunter2 --port 1", "hunter2", "flag"),
            (r#"args: ["--token", "hunter2"]"#, "hunter2", "flag"),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----",
                "hunter2",
                "pem",
            ),
            (
                "-----BEGIN PRIVATE KEY-----\nhunter2 and then cut off",
                "hunter2",
                "pem",
            ),
            ("- name: DB_PASSWORD\n  value: hunter2\n", "hunter2", "env"),
            (
                r#"{"name":"SHOP_TOKEN","value":"hunter2"}"#,
                "hunter2",
                "env",
            ),
            (
                "kubectl.kubernetes.io/last-applied-configuration: |\n  {\"data\":\"hunter2\"}\n",
                "hunter2",
                "last-applied",
            ),
            (
                r#""kubectl.kubernetes.io/last-applied-configuration":"{\"data\":\"hunter2\"}""#,
                "hunter2",
                "last-applied",
            ),
            (
                "ghp_0123456789012345678901234567890123ab",
                "ghp_01",
                "vendor-token",
            ),
        ];
        for (input, secret, rule) in cases {
            let (clean, taken) = redacted(input);
            assert!(!clean.contains(secret), "{input:?} -> {clean:?}");
            assert!(
                taken.iter().any(|(name, _)| name == rule),
                "{input:?}: {taken:?}"
            );
            assert_eq!(
                redacted(&clean),
                (clean.clone(), Vec::new()),
                "the second time nothing is left to take"
            );
        }
        assert_eq!(
            redacted("postgres://app:hunter2@db:5432/shop").0,
            "postgres://app:[redacted]@db:5432/shop"
        );
        assert_eq!(
            redacted("DB_PASSWORD=hunter2 ./run").0,
            "DB_PASSWORD=[redacted] ./run"
        );
    }

    #[test]
    fn words_of_an_outage_are_no_secrets() {
        for innocent in [
            "checkout-7d9f-x2k CrashLoopBackOff exit 137",
            "token expired, login again",
            "https://grafana.example:3000/d/abc?from=now-1h",
            "secret \"db-credentials\" not found",
            "kubectl -n shop scale deployment/checkout --replicas=3",
            "image registry.example:5000/shop/checkout:1.9.2@sha256:abc",
            "kate@bastion: passed to the database team",
            "",
        ] {
            assert_eq!(redacted(innocent), (innocent.to_string(), Vec::new()));
        }
    }
}
