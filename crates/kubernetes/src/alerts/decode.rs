//! Alertmanager's JSON into rows. Fields that older or newer versions lack are absent, not wrong; one alert that cannot be
//! read costs that alert, never the answer.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Datelike, Utc};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::intern::{Intern, cut};
use model::alert::{AlertRow, AlertState, Pair, Rank, Silence};
use model::alerts::{AlertmanagerStatus, AlertsAnswer};
use model::meta::Meta;
use text::Outside;

/// Labels and annotations of one alert that are kept; the rest is counted.
const PAIRS_MAX: usize = 256;
/// Longest text that is kept whole; behind it stands how much is missing.
const TEXT_BYTES: usize = 16 << 10;
/// Ids of silences and inhibiting alerts that are kept for one alert.
const IDS_MAX: usize = 64;
/// Names of alerts that could not be read.
const UNREADABLE_MAX: usize = 50;

/// Decodes answer after answer: texts that come again are kept once.
#[derive(Default)]
pub(super) struct Decoder {
    intern: Intern,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group<'a> {
    #[serde(default)]
    receiver: Option<Named<'a>>,
    #[serde(borrow, default)]
    alerts: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow, default)]
    name: Text<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Alert<'a> {
    #[serde(borrow, default)]
    labels: Pairs<'a>,
    #[serde(borrow, default)]
    annotations: Pairs<'a>,
    #[serde(borrow, default)]
    starts_at: Text<'a>,
    #[serde(borrow, default)]
    ends_at: Text<'a>,
    #[serde(borrow, default)]
    fingerprint: Text<'a>,
    #[serde(rename = "generatorURL", borrow, default)]
    generator_url: Text<'a>,
    #[serde(borrow, default)]
    receivers: Option<Vec<Named<'a>>>,
    #[serde(borrow, default)]
    status: Option<Status<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Status<'a> {
    #[serde(borrow, default)]
    state: Text<'a>,
    #[serde(borrow, default)]
    silenced_by: Option<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    inhibited_by: Option<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    muted_by: Option<Vec<Text<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireSilence<'a> {
    #[serde(borrow, default)]
    id: Text<'a>,
    #[serde(borrow, default)]
    created_by: Text<'a>,
    #[serde(borrow, default)]
    comment: Text<'a>,
    #[serde(borrow, default)]
    starts_at: Text<'a>,
    #[serde(borrow, default)]
    ends_at: Text<'a>,
    #[serde(borrow, default)]
    matchers: Option<Vec<Matcher<'a>>>,
    #[serde(borrow, default)]
    status: Option<Status<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Matcher<'a> {
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow, default)]
    value: Text<'a>,
    #[serde(default)]
    is_regex: Option<bool>,
    /// Absent before 0.22.
    #[serde(default)]
    is_equal: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireAbout<'a> {
    #[serde(borrow, default)]
    uptime: Text<'a>,
    #[serde(borrow, default)]
    version_info: Option<Version<'a>>,
    #[serde(borrow, default)]
    cluster: Option<Members<'a>>,
}

#[derive(Deserialize)]
struct Version<'a> {
    #[serde(borrow, default)]
    version: Text<'a>,
}

#[derive(Deserialize)]
struct Members<'a> {
    #[serde(borrow, default)]
    status: Text<'a>,
    #[serde(default)]
    peers: Option<Vec<serde::de::IgnoredAny>>,
}

impl Decoder {
    /// `GET /alerts/groups`: each alert once, whatever number of groups it is in.
    pub(super) fn groups(&mut self, body: &[u8]) -> Result<AlertsAnswer, String> {
        let text = String::from_utf8_lossy(body);
        let groups: Vec<Group<'_>> =
            serde_json::from_str(&text).map_err(|error| explain(&error))?;
        let mut alerts: BTreeMap<String, AlertRow> = BTreeMap::new();
        let mut unreadable = Vec::new();
        for group in groups {
            let receiver = group.receiver.map(|named| self.share(&named.name));
            for raw in group.alerts.unwrap_or_default() {
                let Ok(alert) = serde_json::from_str::<Alert<'_>>(raw.get()) else {
                    if unreadable.len() < UNREADABLE_MAX {
                        unreadable.push(Outside::from(cut(raw.get(), 80)));
                    }
                    continue;
                };
                let key = alert.key();
                if let Some(known) = alerts.get_mut(&key) {
                    add_receiver(known, receiver.as_ref());
                    continue;
                }
                let mut row = self.row(&key, alert);
                add_receiver(&mut row, receiver.as_ref());
                alerts.insert(key, row);
            }
        }
        Ok(AlertsAnswer {
            alerts: alerts.into_values().collect(),
            silences: None,
            about: None,
            skew_s: None,
            unreadable,
        })
    }

    fn row(&mut self, key: &str, alert: Alert<'_>) -> AlertRow {
        let (labels, more_labels) = self.pairs(alert.labels);
        let (annotations, more_annotations) = self.pairs(alert.annotations);
        let status = alert.status.unwrap_or_default();
        let (silenced_by, inhibited_by) =
            (self.ids(status.silenced_by), self.ids(status.inhibited_by));
        let is_muted = status.muted_by.is_some_and(|by| !by.is_empty());
        let state = match &*status.state.0 {
            "unprocessed" => AlertState::Unprocessed,
            "suppressed" if !silenced_by.is_empty() => AlertState::Silenced,
            "suppressed" if !inhibited_by.is_empty() => AlertState::Inhibited,
            "suppressed" if is_muted => AlertState::Muted,
            // A state that nobody knows hides nothing.
            _ => AlertState::Firing,
        };
        let receivers = alert.receivers.unwrap_or_default();
        let mut row = AlertRow {
            meta: Meta::plain(key.into(), Outside::from(""), Outside::from("")),
            severity: Outside::from(""),
            rank: Rank::Unknown,
            left_out: more_labels + more_annotations,
            starts_at: moment(&alert.starts_at),
            ends_at: moment(&alert.ends_at),
            state,
            silenced_by,
            inhibited_by,
            receivers: receivers
                .iter()
                .take(IDS_MAX)
                .map(|named| self.share(&named.name))
                .collect(),
            generator_url: (!alert.generator_url.0.is_empty())
                .then(|| kept(&alert.generator_url.0)),
            labels,
            annotations,
        };
        let label = |name| row.label(name).cloned().unwrap_or(Outside::from(""));
        (row.name, row.namespace, row.severity) =
            (label("alertname"), label("namespace"), label("severity"));
        row.rank = Rank::of(row.severity.raw());
        row
    }

    /// Sorted by name; how many were left out.
    fn pairs(&mut self, pairs: Pairs<'_>) -> (Box<[Pair]>, u32) {
        let left_out = u32::try_from(pairs.0.len().saturating_sub(PAIRS_MAX)).unwrap_or(u32::MAX);
        let kept = pairs.0.into_iter().take(PAIRS_MAX);
        let mut kept: Vec<Pair> = kept
            .map(|(name, value)| (self.share(&name), self.share(&value)))
            .collect();
        kept.sort_by(|a, b| a.0.cmp(&b.0));
        kept.dedup_by(|a, b| a.0 == b.0);
        (kept.into(), left_out)
    }

    fn ids(&mut self, ids: Option<Vec<Text<'_>>>) -> Box<[Outside]> {
        let ids = ids.unwrap_or_default();
        ids.iter().take(IDS_MAX).map(|id| self.share(id)).collect()
    }

    fn share(&mut self, text: &Text<'_>) -> Outside {
        if text.0.len() > TEXT_BYTES {
            kept(&text.0)
        } else {
            self.intern.share(&text.0)
        }
    }
}

impl Alert<'_> {
    /// The fingerprint; an alert without one is known by its labels.
    fn key(&self) -> String {
        if !self.fingerprint.0.is_empty() {
            return cut(&self.fingerprint.0, TEXT_BYTES).to_owned();
        }
        let mut pairs: Vec<String> = (self.labels.0.iter())
            .map(|(name, value)| format!("{}={}", name.0, value.0))
            .collect();
        pairs.sort();
        cut(&pairs.join(","), TEXT_BYTES).to_owned()
    }
}

fn add_receiver(row: &mut AlertRow, receiver: Option<&Outside>) {
    let Some(receiver) = receiver.filter(|name| !name.is_empty()) else {
        return;
    };
    if !row.receivers.contains(receiver) && row.receivers.len() < IDS_MAX {
        let mut receivers = std::mem::take(&mut row.receivers).into_vec();
        receivers.push(receiver.clone());
        receivers.sort();
        row.receivers = receivers.into();
    }
}

/// `GET /silences`; `None` when it is something else.
pub(super) fn silences(body: &[u8]) -> Option<Vec<Silence>> {
    let text = String::from_utf8_lossy(body);
    let silences: Vec<&RawValue> = serde_json::from_str(&text).ok()?;
    let read = silences
        .iter()
        .filter_map(|raw| serde_json::from_str::<WireSilence<'_>>(raw.get()).ok());
    Some(read.map(silence).collect())
}

fn silence(wire: WireSilence<'_>) -> Silence {
    let matchers: Vec<String> = wire
        .matchers
        .unwrap_or_default()
        .iter()
        .map(|matcher| {
            let sign = match (
                matcher.is_equal.unwrap_or(true),
                matcher.is_regex.unwrap_or(false),
            ) {
                (true, false) => "=",
                (true, true) => "=~",
                (false, false) => "!=",
                (false, true) => "!~",
            };
            format!("{}{sign}{:?}", matcher.name.0, matcher.value.0)
        })
        .collect();
    Silence {
        id: kept(&wire.id.0),
        author: kept(&wire.created_by.0),
        comment: kept(&wire.comment.0),
        matchers: kept(&matchers.join(" ")),
        starts_at: moment(&wire.starts_at),
        ends_at: moment(&wire.ends_at),
        is_active: wire
            .status
            .is_some_and(|status| &*status.state.0 == "active"),
    }
}

/// `GET /status`; `None` when it is something else.
pub(super) fn about(body: &[u8]) -> Option<AlertmanagerStatus> {
    let text = String::from_utf8_lossy(body);
    let wire: WireAbout<'_> = serde_json::from_str(&text).ok()?;
    let version = wire.version_info.map(|info| info.version);
    let (gossip, peers) = wire.cluster.map_or((Text::default(), None), |cluster| {
        (cluster.status, cluster.peers)
    });
    Some(AlertmanagerStatus {
        version: kept(&version.unwrap_or_default().0),
        started: moment(&wire.uptime),
        peers: peers.map_or(1, |peers| {
            u32::try_from(peers.len()).unwrap_or(u32::MAX).max(1)
        }),
        gossip: kept(&gossip.0),
    })
}

/// RFC 3339; Go's zero time is no time.
fn moment(text: &Text<'_>) -> Option<DateTime<Utc>> {
    let moment = DateTime::parse_from_rfc3339(&text.0).ok()?;
    Some(moment.with_timezone(&Utc)).filter(|moment| moment.year() > 1)
}

fn kept(text: &str) -> Outside {
    let head = cut(text, TEXT_BYTES);
    if head.len() == text.len() {
        Outside::from(text)
    } else {
        Outside::from(format!("{head}… <+{} bytes>", text.len() - head.len()))
    }
}

/// What is wrong with an answer as a whole.
fn explain(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Eof => "its answer ended before its end".to_owned(),
        serde_json::error::Category::Syntax => {
            format!("its answer is no whole JSON: {error}")
        }
        serde_json::error::Category::Data | serde_json::error::Category::Io => {
            "its answer is JSON, but no groups of alerts".to_owned()
        }
    }
}

/// Text, borrowed from the body where nothing in it was escaped; `null` is empty.
#[derive(Default)]
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;
        impl<'de> Visitor<'de> for Words {
            type Value = Text<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }

            fn visit_unit<E>(self) -> Result<Text<'de>, E> {
                Ok(Text::default())
            }
        }
        deserializer.deserialize_any(Words)
    }
}

/// Labels or annotations as they stand in the body.
#[derive(Default)]
struct Pairs<'a>(Vec<(Text<'a>, Text<'a>)>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Pairs<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("labels")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Pairs<'de>, M::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }

            fn visit_unit<E>(self) -> Result<Pairs<'de>, E> {
                Ok(Pairs::default())
            }
        }
        deserializer.deserialize_any(Entries)
    }
}
