//! What a mouse does, as a terminal reports it.

use serde::{Deserialize, Serialize};

/// What was done with it. Everything else (other buttons, moves, a button let go) is left to the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gesture {
    /// The left button, without a modifier.
    Click,
    WheelUp,
    WheelDown,
}

/// Where, in cells from the upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mouse {
    pub gesture: Gesture,
    pub column: u16,
    pub row: u16,
}
