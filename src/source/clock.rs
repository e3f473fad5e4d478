//! The one place of `source` that reads clocks: stamps for messages, deadlines for tasks.

use chrono::Utc;
use tokio::time::Instant;

use crate::model::time::At;

/// Stamps moments on both clocks; `origin` is when the console started.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    origin: Instant,
}

impl Clock {
    pub(crate) fn new(origin: std::time::Instant) -> Clock {
        Clock {
            origin: Instant::from_std(origin),
        }
    }

    /// Now.
    pub(crate) fn now(self) -> At {
        let elapsed = Instant::now().saturating_duration_since(self.origin);
        At {
            mono_ms: u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
            wall: Utc::now(),
        }
    }

    /// This moment of the monotonic clock, on both.
    pub(crate) fn at(self, mono_ms: u64) -> At {
        let now = self.now();
        now.plus_ms(mono_ms.saturating_sub(now.mono_ms))
    }

    /// Sleeps until this moment of the monotonic clock.
    pub(crate) async fn until(self, mono_ms: u64) {
        tokio::time::sleep_until(self.origin + std::time::Duration::from_millis(mono_ms)).await;
    }
}
