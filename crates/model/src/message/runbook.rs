//! What the folders of runbooks are asked for, and what they hold.

use serde::{Deserialize, Serialize};

use ::runbook::RunbookQuestion;
use text::Outside;

/// From the folders of runbooks. `request` is that of the page: an answer to a page that is closed is dropped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RunbookMsg {
    Found {
        request: u32,
        /// Else why nothing could be looked for.
        found: Result<RunbookAnswer, Outside>,
    },
    Read {
        request: u32,
        /// The text as `Outside::from_bytes` keeps it, else why there is none.
        read: Result<Outside, Outside>,
    },
}

#[derive(Debug, PartialEq, Serialize)]
pub enum RunbookEffect {
    /// Answered by `RunbookMsg::Found`.
    Find {
        request: u32,
        question: RunbookQuestion,
    },
    /// Answered by `RunbookMsg::Read`.
    Read { request: u32, file: RunbookPlace },
}

/// Where a document is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunbookPlace {
    /// One of those that are configured, by its place among them.
    pub folder: usize,
    /// Below the folder, with `/` between its parts.
    pub path: Outside,
}

/// A document that can be opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunbookOffer {
    pub file: RunbookPlace,
    pub title: Option<Outside>,
    /// Why it fits.
    pub reason: Option<Outside>,
    /// The heading to begin at.
    pub anchor: Option<Outside>,
}

/// What fits a question, the best first; every document when none does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunbookAnswer {
    pub offers: Vec<RunbookOffer>,
    pub is_fitting: bool,
    /// In words.
    pub looked_for: Vec<Outside>,
    /// Where it was looked; none are configured when it is empty.
    pub folders: Vec<Outside>,
    /// What could not be read, and why.
    pub unread: Vec<Outside>,
}
