//! What a check found, in words for a person and as a word for a program.

use text::Outside;

use super::LintKind;

impl LintKind {
    pub fn name(&self) -> &'static str {
        match self {
            LintKind::Problem(_) => "problem",
            LintKind::Unmarked(_) => "unmarked",
            LintKind::Unbound(_) => "unbound",
            LintKind::Unparsable(_) => "unparsable",
            LintKind::NoWayBack => "no-way-back",
            LintKind::DeadAnchor(_) => "dead-anchor",
            LintKind::DeadLink(_) => "dead-link",
        }
    }

    /// It may hold text of the document.
    pub fn words(&self) -> Outside {
        let words = match self {
            LintKind::Problem(problem) => problem.fault.to_string(),
            LintKind::Unmarked(keys) => format!(
                "only the words tell that a value is meant, angle brackets would say so: {}",
                keys.join(", ")
            ),
            LintKind::Unbound(keys) => format!(
                "nothing in the document gives a value to {}",
                keys.join(", ")
            ),
            LintKind::Unparsable(why) => format!("not understood: {why}"),
            LintKind::NoWayBack => {
                "it destroys something, and the document says nowhere how to go back".to_owned()
            }
            LintKind::DeadAnchor(anchor) => format!("no heading is called #{}", anchor.raw()),
            LintKind::DeadLink(path) => {
                format!("the link leads to {}, which is not there", path.raw())
            }
        };
        words.into()
    }
}
