//! One thing that `watchfloor doctor` looked at: how it stands, and what to do when it does not stand well.

use text::Outside;

/// How a thing stands, in the order in which things get worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// As it should be.
    Good,
    /// The console works, with something less.
    Lessened,
    /// An incident could not be worked on.
    Bad,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at, in a word: `server`, `rights`.
    pub subject: &'static str,
    /// How it stands.
    pub standing: Grade,
    /// What was seen. Holds the server's words.
    pub what: Outside,
    /// What to do; empty when there is nothing to do.
    pub next: Outside,
}

impl Finding {
    /// As it should be.
    pub fn good(subject: &'static str, what: impl Into<String>) -> Finding {
        Finding::new(subject, Grade::Good, what, "")
    }

    /// The console works, with something less.
    pub fn lessened(
        subject: &'static str,
        what: impl Into<String>,
        next: impl Into<String>,
    ) -> Finding {
        Finding::new(subject, Grade::Lessened, what, next)
    }

    /// An incident could not be worked on.
    pub fn bad(subject: &'static str, what: impl Into<String>, next: impl Into<String>) -> Finding {
        Finding::new(subject, Grade::Bad, what, next)
    }

    fn new(
        subject: &'static str,
        standing: Grade,
        what: impl Into<String>,
        next: impl Into<String>,
    ) -> Finding {
        Finding {
            subject,
            standing,
            what: Outside::new(what.into()),
            next: Outside::new(next.into()),
        }
    }
}

/// Nothing stands in the way of working on an incident.
pub fn is_fit(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.standing < Grade::Bad)
}
