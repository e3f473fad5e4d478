//! How far lines that are longer than their pane are moved to the left.

/// Columns that one key moves them.
const STEP: usize = 20;
/// Longer lines are read whole on their page.
const MOST: usize = 2_000;

/// Columns that are out of sight at the left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sideways(usize);

/// Where a key moves the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SideMove {
    Left,
    Right,
    Start,
}

impl Sideways {
    pub fn columns(self) -> usize {
        self.0
    }

    /// The lines stand where they begin.
    pub fn is_start(self) -> bool {
        self.0 == 0
    }

    #[must_use]
    pub fn moved(self, by: SideMove) -> Sideways {
        Sideways(match by {
            SideMove::Left => self.0.saturating_sub(STEP),
            SideMove::Right => (self.0 + STEP).min(MOST),
            SideMove::Start => 0,
        })
    }
}
