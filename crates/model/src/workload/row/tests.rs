//! What a row takes in memory.

use super::WorkloadRow;

#[test]
fn a_row_is_small_enough_for_thousands_of_them() {
    assert!(
        size_of::<WorkloadRow>() <= 216,
        "{}",
        size_of::<WorkloadRow>()
    );
}
