//! Three clocks: this machine's, the API server's, Alertmanager's. What another one stamped is compared with its own now,
//! and comes onto the timeline in this machine's time, where all entries stand in one order.

use chrono::{DateTime, TimeDelta, Utc};

use super::Model;

/// A difference below this is the network's, and that of a `Date`, which has whole seconds.
pub const SKEW_NOISE_S: i64 = 2;

/// A difference over this is said.
pub const SKEW_SAID_S: i64 = 30;

/// A clock less ours after one more answer: noise does not change what is known.
pub fn smoothed_skew(known_s: Option<i64>, measured_s: i64) -> i64 {
    let known_s = known_s.unwrap_or(0);
    if (measured_s - known_s).abs() < SKEW_NOISE_S {
        known_s
    } else {
        measured_s
    }
}

/// The moment so many seconds later.
pub fn ahead(moment: DateTime<Utc>, seconds: i64) -> DateTime<Utc> {
    TimeDelta::try_seconds(seconds)
        .and_then(|seconds| moment.checked_add_signed(seconds))
        .unwrap_or(moment)
}

impl Model {
    /// Now by the API server's clock; by ours before an answer bore a `Date`.
    pub fn server_now(&self) -> DateTime<Utc> {
        ahead(self.now.wall, self.server_skew_s())
    }

    /// Now by Alertmanager's clock; by the API server's before an answer bore a `Date`: most run beside it.
    pub fn alerts_now(&self) -> DateTime<Utc> {
        ahead(self.now.wall, self.alerts_skew_s())
    }

    /// What the cluster stamped, in this machine's time.
    pub fn of_server(&self, moment: DateTime<Utc>) -> DateTime<Utc> {
        ahead(moment, -self.server_skew_s())
    }

    /// What Alertmanager stamped, in this machine's time.
    pub fn of_alerts(&self, moment: DateTime<Utc>) -> DateTime<Utc> {
        ahead(moment, -self.alerts_skew_s())
    }

    /// A moment in this machine's time, by Alertmanager's clock.
    pub fn to_alerts(&self, moment: DateTime<Utc>) -> DateTime<Utc> {
        ahead(moment, self.alerts_skew_s())
    }

    fn server_skew_s(&self) -> i64 {
        self.cluster.skew_s().unwrap_or(0)
    }

    fn alerts_skew_s(&self) -> i64 {
        let skew_s = self.alerts.skew_s;
        skew_s.unwrap_or_else(|| self.server_skew_s())
    }
}
