//! How long to wait after a failure: doubled each time, spread at random, and never shorter than the floor.

/// First pause; also the floor between two requests of one watch, whatever they delivered.
pub(crate) const FLOOR_MS: u64 = 800;
/// Longest pause: client-go's, and the longest `Retry-After` that is obeyed.
pub(crate) const CEILING_MS: u64 = 30_000;
/// Part of a pause added at random: many consoles must not come back in step.
const SPREAD: u64 = 4;

/// The pause before try number `attempt` (0 is the first one after a failure).
pub(crate) fn pause_ms(attempt: u32, random: &mut fastrand::Rng) -> u64 {
    let longest = CEILING_MS * SPREAD / (SPREAD + 1);
    let base = FLOOR_MS.saturating_mul(1 << attempt.min(10)).min(longest);
    base + random.u64(0..=base / SPREAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_from_the_floor_to_the_ceiling_and_stay_between_them() {
        let mut random = fastrand::Rng::with_seed(7);
        for attempt in 0..40 {
            let pause = pause_ms(attempt, &mut random);
            let base = (FLOOR_MS << attempt.min(5)).min(24_000);
            assert!(
                (base..=base + base / 4).contains(&pause),
                "attempt {attempt}: {pause} ms"
            );
        }
    }
}
