//! The one place of the console that reads clocks: stamps for messages, deadlines for tasks.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use model::clocks::SKEW_SAID_S;
use model::finding::Finding;
use model::time::At;

/// Stamps moments on both clocks.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    origin: Instant,
    fast: Option<Fast>,
}

/// A clock that runs ahead, beside an emulated cluster whose time does.
#[derive(Clone, Copy, Debug)]
struct Fast {
    begun: DateTime<Utc>,
    times: u32,
}

impl Clock {
    /// The machine's own; `origin` is when the console started, where `At::mono_ms` counts from.
    pub fn new(origin: std::time::Instant) -> Clock {
        Clock {
            origin: Instant::from_std(origin),
            fast: None,
        }
    }

    /// A clock that is right now, and from now on runs so many times as fast as the machine's.
    pub fn fast(times: u32) -> Clock {
        let begun = Utc::now();
        Clock {
            origin: Instant::now(),
            fast: (times > 1).then_some(Fast { begun, times }),
        }
    }

    pub fn now(self) -> At {
        let elapsed = Instant::now().saturating_duration_since(self.origin);
        let elapsed = elapsed.saturating_mul(self.times());
        let wall = self.fast.map_or_else(Utc::now, |fast| {
            fast.begun + TimeDelta::from_std(elapsed).unwrap_or_default()
        });
        At {
            mono_ms: u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
            wall,
        }
    }

    /// How long this machine has to wait for so many milliseconds to pass.
    pub fn wait(self, ms: u64) -> Duration {
        Duration::from_millis(ms) / self.times()
    }

    fn times(self) -> u32 {
        self.fast.map_or(1, |fast| fast.times)
    }

    /// This moment of the monotonic clock, on both.
    pub(crate) fn at(self, mono_ms: u64) -> At {
        let now = self.now();
        now.plus_ms(mono_ms.saturating_sub(now.mono_ms))
    }

    /// Sleeps until this moment of the monotonic clock.
    pub(crate) async fn until(self, mono_ms: u64) {
        tokio::time::sleep_until(self.origin + self.wait(mono_ms)).await;
    }
}

/// What the doctor says of it.
pub(super) fn finding(skew_s: i64) -> Finding {
    let words = format!("the server's clock is {skew_s:+} s from this one's");
    if skew_s.abs() > SKEW_SAID_S {
        Finding::lessened(
            "clock",
            words,
            "ages follow the server's clock; set this machine's (timedatectl) so that the timeline's times are right",
        )
    } else {
        Finding::good("clock", words)
    }
}
