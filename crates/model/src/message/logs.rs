//! What the followed logs say, and what is asked of the kept ones.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::logs::{Segment, StreamId, StreamState};
use text::Outside;

/// From the followed logs. `session` is that of the `Want`: what belongs to an older one is dropped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LogsMsg {
    /// Lines of one stream, in the order in which they were printed.
    Lines {
        /// Session of the want.
        session: u32,
        segment: Arc<Segment>,
    },
    /// How a stream stands now.
    Stream {
        /// Session of the want.
        session: u32,
        stream: Arc<StreamId>,
        state: StreamState,
    },
    /// The answer to `LogsEffect::Search`, piece by piece, the newest lines first.
    Found {
        /// Of the search.
        generation: u32,
        /// Number of each segment, and the numbers of its matching lines.
        found: Vec<(u32, Vec<u32>)>,
        /// All segments were searched.
        is_done: bool,
    },
}

/// About the kept logs.
#[derive(Debug, PartialEq, Serialize)]
pub enum LogsEffect {
    /// Search these segments; answered by `LogsMsg::Found`. Ends an older search.
    Search {
        /// Comes back in the answer.
        generation: u32,
        /// As it was typed.
        filter: Outside,
        /// With their numbers, the newest first.
        segments: Vec<(u32, Arc<Segment>)>,
    },
}
