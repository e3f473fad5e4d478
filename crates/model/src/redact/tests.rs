//! What is a secret, and what is none.
#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;
use crate::entry::{Actor, Ids};
use crate::kind::{ActorKind, Kind};
use chrono::DateTime;

mod forms;

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
    assert!(is_secret_name("SHOP_TOKEN") && !is_secret_name("SHOP_URL"));
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
fn the_places_of_secrets_are_those_that_are_taken_out() {
    let places = |text: &str| -> Vec<String> {
        let found = spans(text).into_iter();
        found.map(|place| text[place].to_owned()).collect()
    };
    assert_eq!(
        places("DB_PASSWORD=hunter2 and postgres://app:swordfish@db"),
        ["hunter2", "swordfish"]
    );
    assert_eq!(
        places("Authorization: Bearer abcdef123456"),
        ["abcdef123456"]
    );
    assert_eq!(places("DB_PASSWORD=[redacted]"), Vec::<String>::new());
    let text = "ab\n-----BEGIN KEY-----\nhunter2\n-----END KEY-----\nrest";
    let secrets = spans(text);
    assert_eq!(cut("hunter2", 23, &secrets), MARK);
    assert_eq!(cut("rest", text.len() - 4, &secrets), "rest");
}

#[test]
fn no_form_of_a_secret_stays() {
    let forms = forms::forms();
    assert!(forms.len() >= 150, "{}", forms.len());
    let mut stayed = Vec::new();
    for (form, secret) in &forms {
        let input = form.replace("{}", secret);
        let (clean, _) = redacted(&input);
        if clean.contains(secret.as_str()) || !clean.contains(MARK) {
            stayed.push(format!("{input:?} -> {clean:?}"));
        }
        let again = redacted(&clean);
        if again != (clean.clone(), Vec::new()) {
            stayed.push(format!("{clean:?} -> {again:?} the second time"));
        }
    }
    assert!(
        stayed.is_empty(),
        "{} of {}:\n{}",
        stayed.len(),
        forms.len(),
        stayed.join("\n")
    );
}

#[test]
fn words_of_an_outage_and_names_of_objects_stay_as_they_are() {
    let altered: Vec<String> = forms::HARMLESS
        .iter()
        .map(|harmless| (harmless, redacted(harmless)))
        .filter(|(harmless, (clean, taken))| clean != **harmless || !taken.is_empty())
        .map(|(harmless, clean)| format!("{harmless:?} -> {clean:?}"))
        .collect();
    assert!(altered.is_empty(), "{}", altered.join("\n"));
}

#[test]
fn what_stands_around_a_secret_stays() {
    for (input, clean) in [
        (
            "the password: hunter22 on db-1",
            "the password: [redacted] on db-1",
        ),
        (
            "password: |\n  hunter22\n  more\nuser: app\n",
            "password: |\n[redacted]user: app\n",
        ),
        (
            "  password: |\n    hunter22\n  user: app\n",
            "  password: |\n[redacted]  user: app\n",
        ),
        (
            "curl -u kate:hunter22 https://example",
            "curl -u kate:[redacted] https://example",
        ),
        (
            r#"{"log":"{\"token\":\"hunter22\",\"n\":1}"}"#,
            r#"{"log":"{\"token\":[redacted],\"n\":1}"}"#,
        ),
    ] {
        assert_eq!(redacted(input).0, clean);
    }
}

#[test]
fn title_and_body_are_one_text() {
    let at = DateTime::UNIX_EPOCH;
    let actor = Actor::of(ActorKind::Human);
    let title = "-----BEGIN RSA PRIVATE KEY-----";
    let note = Draft {
        body: Some("hunter22\n-----END RSA PRIVATE KEY-----\nfound in the log".into()),
        ..Draft::new(Ids::seeded(1).next(at), at, actor, Kind::Note, title.into())
    };
    let clean = draft(note);
    assert_eq!(clean.title.raw(), MARK);
    assert_eq!(
        clean.body.as_ref().unwrap().raw(),
        "[redacted]\nfound in the log"
    );
    assert_eq!(draft(clean.clone()), clean);
}

/// Each of these would take minutes were a rule's work not in proportion to the text.
#[test]
fn the_work_is_in_proportion_to_the_text_whatever_it_is() {
    for part in [
        "password=\"",
        "a",
        "a:",
        "-----BEGIN X-----",
        "token: |\n ",
        "\\\\\"",
        "mysql ",
        "Cookie: a=",
        "//a:",
        "name: password ",
        "eyJ",
        "password",
        "value: \"",
        "htpasswd -b ",
        "echo x ",
    ] {
        let nasty = part.repeat(256 * 1024 / part.len());
        let (clean, _) = redacted(&nasty);
        assert!(
            spans(&clean).is_empty(),
            "{part:?}: {:?}",
            spans(&clean).len()
        );
    }
}

#[test]
fn colours_of_a_log_hide_no_secret() {
    for (line, clean) in [
        (
            "password=\x1b[31mhunter2abc\x1b[0m rest",
            "password=\x1b[31m[redacted]\x1b[0m rest",
        ),
        (
            "\x1b[1mpass\x1b[0mword=hunter2abc rest",
            "\x1b[1mpass\x1b[0mword=[redacted] rest",
        ),
        (
            "password=hunter\x1b[1m2abc rest",
            "password=[redacted] rest",
        ),
        (
            "\x1b[32mINFO\x1b[0m nothing to hide",
            "\x1b[32mINFO\x1b[0m nothing to hide",
        ),
    ] {
        assert_eq!(redacted(line).0, clean);
        assert!(!redacted(line).0.contains("hunter"));
    }
}
