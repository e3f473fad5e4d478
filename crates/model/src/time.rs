//! Time as values: the stamp of a message and the whole seconds Kubernetes speaks in. Nothing here reads a clock.

use std::fmt;
use std::num::NonZeroU64;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The moment at which a message entered the console, on both clocks.
///
/// The wall clock is for people and may jump; every duration is measured on `mono_ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct At {
    /// Milliseconds on the monotonic clock since the console started.
    pub mono_ms: u64,
    /// Wall clock, UTC.
    pub wall: DateTime<Utc>,
}

impl At {
    /// Milliseconds from `earlier` to `self` on the monotonic clock; 0 when `earlier` is later.
    pub fn since_ms(self, earlier: At) -> u64 {
        self.mono_ms.saturating_sub(earlier.mono_ms)
    }

    /// The same stamp moved forward on both clocks.
    #[must_use]
    pub fn plus_ms(self, ms: u64) -> At {
        let delta = TimeDelta::milliseconds(i64::try_from(ms).unwrap_or(i64::MAX / 2));
        At {
            mono_ms: self.mono_ms.saturating_add(ms),
            wall: self.wall.checked_add_signed(delta).unwrap_or(self.wall),
        }
    }
}

/// From one moment to another in whole seconds, as a reader counts it who sees both in whole seconds; 0 when the second is
/// earlier. Whatever says how long something lasted beside its times counts so.
pub fn seconds_between(from: DateTime<Utc>, until: DateTime<Utc>) -> u64 {
    u64::try_from(until.timestamp() - from.timestamp()).unwrap_or(0)
}

/// The same in words.
pub fn lasted(from: DateTime<Utc>, until: DateTime<Utc>) -> String {
    spelt(seconds_between(from, until).saturating_mul(1_000))
}

/// A duration in a sentence, of at most two units: `12 s`, `2 min 5 s`, `3 h`.
pub fn spelt(ms: u64) -> String {
    let seconds = ms / 1_000;
    let (minutes, hours) = (seconds / 60, seconds / 3_600);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => with_rest(minutes, "min", seconds % 60, "s"),
        (_, _) => with_rest(hours, "h", minutes % 60, "min"),
    }
}

fn with_rest(whole: u64, unit: &str, rest: u64, rest_unit: &str) -> String {
    match rest {
        0 => format!("{whole} {unit}"),
        rest => format!("{whole} {unit} {rest} {rest_unit}"),
    }
}

/// A moment in whole seconds since the Unix epoch: all that `metav1.Time` carries. `Option<Seconds>` takes 8 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "i64", into = "i64")]
pub struct Seconds(NonZeroU64);

/// Maps `i64` to `u64` in the same order; only `i64::MIN`, which is no time of any object, would be 0.
const OFFSET: i64 = i64::MIN;

impl Seconds {
    /// From seconds since the Unix epoch.
    pub const fn new(unix: i64) -> Seconds {
        match NonZeroU64::new((unix ^ OFFSET).cast_unsigned()) {
            Some(ordered) => Seconds(ordered),
            None => Seconds(NonZeroU64::MIN),
        }
    }

    /// Seconds since the Unix epoch.
    pub const fn unix(self) -> i64 {
        self.0.get().cast_signed() ^ OFFSET
    }

    /// Seconds from `self` to `now`; 0 when `self` lies in the future (clocks differ).
    pub fn age_s(self, now: DateTime<Utc>) -> u64 {
        u64::try_from(now.timestamp() - self.unix()).unwrap_or(0)
    }

    /// As a UTC time; `None` outside chrono's range.
    pub fn utc(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.unix(), 0)
    }
}

impl fmt::Debug for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Seconds({})", self.unix())
    }
}

impl From<i64> for Seconds {
    fn from(unix: i64) -> Self {
        Seconds::new(unix)
    }
}

impl From<Seconds> for i64 {
    fn from(seconds: Seconds) -> Self {
        seconds.unix()
    }
}

impl From<DateTime<Utc>> for Seconds {
    fn from(time: DateTime<Utc>) -> Self {
        Seconds::new(time.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::{Seconds, spelt};

    #[test]
    fn seconds_keep_their_order_and_an_absent_one_takes_no_room() {
        let moments = [
            i64::MIN + 1,
            -62_135_596_800,
            -1,
            0,
            1,
            1_772_335_450,
            i64::MAX,
        ];
        assert_eq!(moments.map(|moment| Seconds::new(moment).unix()), moments);
        assert!(moments.map(Seconds::new).is_sorted());
        assert_eq!(size_of::<Option<Seconds>>(), 8);
    }

    #[test]
    fn a_duration_is_spelt_with_at_most_two_units() {
        let seconds = [0, 12, 60, 125, 3_600, 11_460].map(|seconds| spelt(seconds * 1_000));
        assert_eq!(
            seconds,
            ["0 s", "12 s", "1 min", "2 min 5 s", "1 h", "3 h 11 min"]
        );
    }
}
