//! The last guard: checks every cell before it becomes bytes, in case text reached the screen past `SafeText`.

use ratatui::buffer::Cell;

/// What stands in place of a cell that may not be written.
const REPLACEMENT: &str = "?";

/// Replaces every cell that a terminal must not be given and says how many there were. Such a cell is a defect of ours:
/// where debug assertions are on (tests), it panics instead.
pub(crate) fn guard(cells: &mut [Cell]) -> usize {
    let mut replaced = 0;
    for cell in cells {
        if !text::may_be_written(cell.symbol()) {
            debug_assert!(
                false,
                "a cell holds {:?}: text reached the screen past SafeText",
                cell.symbol()
            );
            cell.set_symbol(REPLACEMENT);
            replaced += 1;
        }
    }
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "past SafeText")]
    fn a_bad_cell_is_a_panic_in_tests() {
        guard(&mut [Cell::new("a"), Cell::new("\u{1b}[2J")]);
    }
}
