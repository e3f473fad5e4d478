//! How long to wait after a failure: doubled each time, spread by dice, and never shorter than the floor.

/// First pause; also the floor between two requests of one watch, whatever they delivered.
pub(crate) const FLOOR_MS: u64 = 800;
/// Longest pause: client-go's, and the longest `Retry-After` that is obeyed.
pub(crate) const CEILING_MS: u64 = 30_000;
/// Part of a pause that the dice add: many consoles must not come back in step.
const SPREAD: u64 = 4;

/// A small generator of its own: no clock, no global state, the same sequence for the same seed (`SplitMix64`).
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Any seed will do.
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// A number below `end`; 0 when `end` is 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).checked_rem(end).unwrap_or(0)
    }
}

/// The pause before try number `attempt` (0 is the first one after a failure).
pub(crate) fn pause_ms(attempt: u32, dice: &mut Dice) -> u64 {
    let longest = CEILING_MS * SPREAD / (SPREAD + 1);
    let base = FLOOR_MS.saturating_mul(1 << attempt.min(10)).min(longest);
    base + dice.below(base / SPREAD + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_from_the_floor_to_the_ceiling_and_stay_between_them() {
        let mut dice = Dice::new(7);
        for attempt in 0..40 {
            let pause = pause_ms(attempt, &mut dice);
            let base = (FLOOR_MS << attempt.min(5)).min(24_000);
            assert!(
                (base..=base + base / 4).contains(&pause),
                "attempt {attempt}: {pause} ms"
            );
        }
    }
}
