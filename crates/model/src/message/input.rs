//! What the keyboard and the terminal say.

use serde::{Deserialize, Serialize};

use crate::write::dialog::Question;
use keys::key::Key;
use keys::mouse::Mouse;
use text::Outside;

/// From the keyboard or the terminal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Input {
    /// One key. `alone` when nothing else was in the same read: only such a key may confirm.
    Key {
        key: Key,
        /// Nothing else came in the same read.
        alone: bool,
    },
    /// Bracketed paste, capped.
    Paste(Outside),
    /// The mouse, where it was asked for.
    Mouse(Mouse),
    /// New size in cells.
    Resize { columns: u16, rows: u16 },
    /// A frame that shows this question was fully written: it is in the kernel, whoever reads it.
    FrameWritten(Question),
    /// The terminal has answered from behind a frame that shows this question.
    FrameShown(Question),
    /// No answer came in time from behind a frame that shows this question.
    FrameUnanswered(Question),
    /// Back from Ctrl-Z or from a suspended screen.
    Resumed,
    /// Something that the loop itself could not do, in words.
    Failed(Outside),
    /// Something that the loop did, in words.
    Done(Outside),
}
