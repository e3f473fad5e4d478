//! What the user configured, as far as state depends on it.

use chrono::{DateTime, FixedOffset, Offset, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Name patterns of scopes that start read-only: context, cluster, server host or namespace.
pub const PROTECTED: [&str; 3] = ["*prod*", "*prd*", "*live*"];

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// `--read-only`: nothing leaves this machine but reads, and nothing can change that.
    pub is_read_only: bool,
    /// The emulated cluster: the banner stays.
    pub is_demo: bool,
    /// Patterns with `*`.
    pub protected: Vec<String>,
    /// The zone in which times are typed and shown, as it was at the start.
    #[serde(serialize_with = "seconds", deserialize_with = "zone")]
    pub zone: FixedOffset,
}

/// A zone as seconds east of UTC.
fn seconds<S: Serializer>(zone: &FixedOffset, serializer: S) -> Result<S::Ok, S::Error> {
    zone.local_minus_utc().serialize(serializer)
}

fn zone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<FixedOffset, D::Error> {
    let seconds = i32::deserialize(deserializer)?;
    FixedOffset::east_opt(seconds)
        .ok_or_else(|| serde::de::Error::custom("more than a day from UTC"))
}

impl Settings {
    /// A moment as it is shown.
    pub fn shown(&self, at: DateTime<Utc>) -> DateTime<FixedOffset> {
        at.with_timezone(&self.zone)
    }

    /// What follows a time on the screen: `Z`, or the offset from UTC.
    pub fn zone_mark(&self) -> String {
        if self.zone.local_minus_utc() == 0 {
            "Z".to_owned()
        } else {
            self.zone.to_string()
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            is_read_only: false,
            is_demo: false,
            protected: PROTECTED.map(str::to_owned).to_vec(),
            zone: Utc.fix(),
        }
    }
}
