//! What Alertmanager says.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::alerts::AlertsAnswer;
use crate::cluster::Problem;
use crate::time::At;
use text::Outside;

/// From Alertmanager. `context` is that of the `Want`: what belongs to another one is dropped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum AlertsMsg {
    /// Nobody is configured: nothing is asked.
    Unconfigured {
        context: Arc<str>,
        /// That, and what to write where.
        problem: Problem,
    },
    /// Whom we ask from now on.
    Asking {
        context: Arc<str>,
        /// In words, without credentials.
        place: Outside,
    },
    /// One whole answer.
    Answered {
        context: Arc<str>,
        /// All that it knows.
        answer: Box<AlertsAnswer>,
    },
    /// No answer, or none that could be read: what was known is old.
    Failed {
        context: Arc<str>,
        problem: Problem,
        /// When it is asked again.
        retry: At,
    },
}
