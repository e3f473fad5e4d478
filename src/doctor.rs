//! `watchfloor doctor`: is everything in place to work on an incident from here, and what to do if not. Looks and
//! asks; repairs nothing.

mod files;
mod place;

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::config::Loaded;
use kubernetes::{self, Connect};
use model::cluster::Scope;
pub use model::finding::is_fit;
use model::finding::{Finding, Grade};

/// What to look at.
pub struct Examination {
    /// Which cluster.
    pub connect: Connect,
    /// `-n` or `-A`; `None` for the context's own.
    pub scope: Option<Scope>,
    /// The configuration as it was read, its problems with it.
    pub loaded: Loaded,
    /// Where the timeline is kept, unless the system's own place.
    pub state_dir: Option<PathBuf>,
}

/// Looks at everything: this place first, which always answers, then the cluster, which may not.
pub async fn examine(examination: &Examination) -> Vec<Finding> {
    let mut findings = files::configuration(&examination.loaded);
    findings.extend(files::state(examination.state_dir.as_deref()));
    findings.extend(place::terminal());
    findings
        .extend(kubernetes::doctor::examine(&examination.connect, examination.scope.clone()).await);
    findings
}

/// The findings as lines for any terminal, without colour or control characters; the last line is the verdict.
pub fn report(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let sign = match finding.standing {
            Grade::Good => "ok  ",
            Grade::Lessened => "less",
            Grade::Bad => "BAD ",
        };
        let _ = writeln!(
            text,
            "{sign}  {:<11} {}",
            finding.subject,
            finding.what.shown().as_str()
        );
        if !finding.next.is_empty() {
            let _ = writeln!(
                text,
                "      {:<11} -> {}",
                "",
                finding.next.shown().as_str()
            );
        }
    }
    let count = |standing| {
        findings
            .iter()
            .filter(|finding| finding.standing == standing)
            .count()
    };
    let things = |count| match count {
        1 => "one thing".to_owned(),
        count => format!("{count} things"),
    };
    text.push('\n');
    let verdict = match (count(Grade::Bad), count(Grade::Lessened)) {
        (0, 0) => "All is well: an incident can be worked on from here.\n".to_owned(),
        (0, less) => format!(
            "An incident can be worked on from here; {} could be better.\n",
            things(less)
        ),
        (bad, _) => format!(
            "In the way of working on an incident from here: {}.\n",
            things(bad)
        ),
    };
    text.push_str(&verdict);
    text
}
