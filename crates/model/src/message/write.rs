//! What is asked about a write, and what is answered.

use serde::{Deserialize, Serialize};

use crate::cluster::Problem;
use crate::entry::EntryId;
use crate::write::preflight::{Check, CheckResult};
use crate::write::{
    Change, Confirmed, FoundThrough, Receipt, SeenValue, Target, WriteAnswer, WriteId,
};

/// About a write to the cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum WriteMsg {
    /// One check of the card has answered.
    Found {
        write: WriteId,
        /// As it was asked about: a dry run of another number is dropped.
        change: Change,
        check: Check,
        /// What it found.
        finding: CheckResult,
    },
    /// What became of the request.
    Answered {
        write: WriteId,
        answer: WriteAnswer,
        /// How long it took, all tries together.
        took_ms: u64,
    },
    /// What the server has where an earlier console may have written.
    ReadBack {
        intent: EntryId,
        /// What was seen, or why nothing was.
        seen: Result<SeenValue, Problem>,
    },
}

/// About a write to the cluster.
#[derive(Debug, PartialEq, Serialize)]
pub enum WriteEffect {
    /// Ask all checks of the card but the dry run; each answers with `Found`.
    Inspect {
        write: WriteId,
        target: Target,
        /// What it would be.
        change: Change,
        /// What led here, if a pod did.
        through: Option<FoundThrough>,
    },
    /// Ask for the dry run.
    DryRun {
        write: WriteId,
        target: Target,
        /// What it would be.
        change: Change,
    },
    /// Do it. The only effect that changes a cluster; it needs a yes and a receipt.
    Send(Confirmed, Receipt),
    /// Read what an earlier console may have written. Never writes.
    ReadBack {
        intent: EntryId,
        target: Target,
        /// What it wanted.
        change: Change,
    },
}

impl WriteEffect {
    /// The kubeconfig context that it is about.
    pub fn context(&self) -> &str {
        match self {
            WriteEffect::Inspect { target, .. }
            | WriteEffect::DryRun { target, .. }
            | WriteEffect::ReadBack { target, .. } => target.context.raw(),
            WriteEffect::Send(confirmed, _) => confirmed.target().context.raw(),
        }
    }
}
