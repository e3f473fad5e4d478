//! Followed logs as the console keeps them.

mod fields;
mod pane;
mod places;
mod ring;
mod segment;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::cluster::Problem;
use super::time::{At, Seconds};
use text::Outside;

pub use fields::{LogField, fields};
pub use pane::{LineCursor, Logs, REST_MS, SET_ASIDE_MAX, STREAMS_MAX};
pub use places::{LinePlace, Places};
pub use ring::{PushResult, RING_BYTES_MAX, Ring};
pub use segment::{
    LINE_BYTES_MAX, LogLine, Marker, Nanos, OpenSegment, SEGMENT_BYTES_MAX, Segment, StreamId,
};

/// A stream that should run, with what the pods say about its container. What a change of it means, the stream knows: only
/// another `stream` is another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LogFollow {
    pub stream: Arc<StreamId>,
    /// `restartCount`: a higher one is another instance.
    pub restarts: u32,
    /// The container runs: more lines may come.
    pub is_running: bool,
    /// Nothing before this moment is read.
    pub since: Option<Seconds>,
    /// It restarted a moment ago: the instance before is read first.
    pub begins_before: bool,
    /// Others have its place: nothing is read until it has one again, then it goes on where it was left.
    pub is_set_aside: bool,
}

/// How a stream stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StreamState {
    /// Asked for; nothing heard yet. A container that has never printed stays so.
    Opening,
    /// Lines come as they are printed.
    Following,
    /// The container, or its log, has ended.
    Ended,
    /// There is no log yet, in the server's words.
    Waiting {
        /// Such as `container "app" in pod "x" is waiting to start: ContainerCreating`.
        words: Outside,
    },
    /// Broken; what was printed meanwhile is read when it is back.
    Lost {
        problem: Problem,
        /// When it is tried again.
        retry: Option<At>,
    },
    /// Not allowed: not tried again by itself.
    Stopped { problem: Problem },
}
