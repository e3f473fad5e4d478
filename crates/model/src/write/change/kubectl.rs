//! The line for a shell that does the same as a write of ours.

use std::borrow::Cow;

use super::Change;
use crate::write::Target;
use text::Outside;

impl Change {
    /// The line that does the same with kubectl: the way out when we fail.
    pub fn kubectl(&self, target: &Target) -> Outside {
        let (context, namespace) = (quoted(&target.context), quoted(&target.namespace));
        let object = format!("{}/{}", target.kind.kubectl(), quoted(&target.name));
        let what = match self {
            Change::Scale { from, to } => {
                format!("scale {object} --current-replicas={from} --replicas={to}")
            }
            Change::Restart { .. } => format!("rollout restart {object}"),
            Change::Rollback(rollback) => match rollback.to.revision {
                Some(revision) => format!("rollout undo {object} --to-revision={revision}"),
                None => format!("rollout undo {object}"),
            },
            Change::Replace { pod, .. } => format!("delete pod {}", quoted(pod)),
        };
        format!("kubectl --context {context} -n {namespace} {what}").into()
    }
}

/// A word for a POSIX shell. A NUL, which no shell can be given, stays: left out, another name would stand there.
pub(crate) fn quoted(word: &Outside) -> Cow<'_, str> {
    let quoter = shlex::Quoter::new().allow_nul(true);
    quoter.quote(word.raw()).unwrap_or_default()
}
