//! Time as values: the stamp of a message and the whole seconds Kubernetes speaks in. Nothing here reads a clock.

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

/// A moment in whole seconds since the Unix epoch: all that `metav1.Time` carries, in 8 bytes.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Seconds(pub i64);

impl Seconds {
    /// Seconds from `self` to `now`; 0 when `self` lies in the future (clocks differ).
    pub fn age_s(self, now: DateTime<Utc>) -> u64 {
        u64::try_from(now.timestamp() - self.0).unwrap_or(0)
    }

    /// As a UTC time; `None` outside chrono's range.
    pub fn utc(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.0, 0)
    }
}

impl From<DateTime<Utc>> for Seconds {
    fn from(time: DateTime<Utc>) -> Self {
        Seconds(time.timestamp())
    }
}
