//! A replica count as it is typed: every character stays as it was typed, and only a plain number is read as one.

/// More than any workload of a cluster with 5,000 nodes has, and what the field has room for.
pub(super) const COUNT_MAX: u32 = 99_999;
/// A text longer than this is no count, whatever follows: no more of it is kept.
const CHARS_MAX: usize = 12;
/// A count that is more than so many times the present one, or less than that part of it, is asked about twice: a digit too
/// many or too few makes ten times as much, and who doubles or halves is not bothered.
const FACTOR: u32 = 3;

/// The count, or why it is none.
pub(super) fn read(typed: &str) -> Result<u32, String> {
    if typed.is_empty() {
        return Err("type how many replicas it should have".to_owned());
    }
    if !typed.chars().all(|character| character.is_ascii_digit()) {
        return Err("that is no plain number: only digits count here".to_owned());
    }
    if typed.len() > 1 && typed.starts_with('0') {
        return Err("a number does not begin with 0: erase it".to_owned());
    }
    match typed.parse() {
        Ok(count) if count <= COUNT_MAX => Ok(count),
        Ok(_) | Err(_) => Err(format!("that is more than {COUNT_MAX}: erase a digit")),
    }
}

/// Adds a character; what is wrong with the number now.
pub(super) fn push(typed: &mut String, character: char) -> Result<(), String> {
    if typed.chars().count() < CHARS_MAX {
        typed.push(character);
    }
    read(typed).map(drop)
}

/// So far from the present count that a slip of the finger is likely. A workload that is switched off counts as one replica.
pub(super) fn is_far(from: u32, to: u32) -> bool {
    let from = from.max(1);
    to > from.saturating_mul(FACTOR) || to.saturating_mul(FACTOR) < from
}
