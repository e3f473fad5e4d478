//! Origins as every version has written them.

#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;

/// As every version has written them.
#[test]
fn origins_are_read_back_as_they_were_written() {
    let key = |fingerprint: &str, starts_ms| AlertKey {
        fingerprint: fingerprint.to_owned(),
        starts_ms,
    };
    let known = |fingerprint, starts_ms| AlertId::Known(key(fingerprint, starts_ms));
    let counted = AlertId::Counted {
        count: 12,
        first: key("c0ffee", 5),
        number: 3,
    };
    for (text, origin) in [
        ("fired/c0ffee/5", AlertOrigin::Fired(known("c0ffee", 5))),
        ("fired/c0ffee/0", AlertOrigin::Fired(known("c0ffee", 0))),
        (
            "fired/group/12/c0ffee/5",
            AlertOrigin::FiredMany(12, known("c0ffee", 5)),
        ),
        (
            "resolved/c0ffee/5",
            AlertOrigin::Resolved(known("c0ffee", 5)),
        ),
        (
            "resolved/group/12/c0ffee/5/3",
            AlertOrigin::Resolved(counted.clone()),
        ),
        (
            "resolved/group/11/c0ffee/5",
            AlertOrigin::ResolvedMany(11, known("c0ffee", 5)),
        ),
        (
            "resolved/group/11/group/12/c0ffee/5/3",
            AlertOrigin::ResolvedMany(11, counted),
        ),
        (
            "fired/again/2/c0ffee/5",
            AlertOrigin::Fired(known("c0ffee", 5).again().again()),
        ),
        (
            "fired/group/12/again/1/c0ffee/5",
            AlertOrigin::FiredMany(12, known("c0ffee", 5).again()),
        ),
        ("silenced/a-b", AlertOrigin::Silenced("a-b".into())),
        ("unsilenced/a-b", AlertOrigin::Unsilenced("a-b".into())),
    ] {
        assert_eq!(text.parse(), Ok(origin.clone()), "{text}");
        assert_eq!(origin.to_string(), text);
    }
    for text in ["", "fired", "fired/", "fired/group/x/y/1/z", "crash/uid"] {
        assert_eq!(text.parse::<AlertOrigin>(), Err(NoOrigin), "{text}");
    }
}
