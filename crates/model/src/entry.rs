//! One entry of the timeline, with all the fields it will ever have: the hash chain freezes them.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::asked::RequestedChange;
use super::kind::{ActorKind, Kind, LinkKind, Phase, Visibility};
use super::severity::Severity;
use text::Outside;

mod tags;

pub use tags::{BACKFILLED, INTERIM};

/// Identity of an entry: a ULID, made before it is stored, so that storing twice is storing once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct EntryId(pub Ulid);

/// Identity of an incident: the id of the entry that opened it.
pub type IncidentId = EntryId;

impl fmt::Display for EntryId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl FromStr for EntryId {
    type Err = ulid::DecodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ulid::from_string(text).map(EntryId)
    }
}

impl From<EntryId> for String {
    fn from(id: EntryId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for EntryId {
    type Error = ulid::DecodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// Makes ids from the time and a seed: what changes state reads no random numbers of the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ids {
    random: fastrand::Rng,
    last: EntryId,
}

impl Ids {
    /// A generator; the seed comes from the operating system, in a test from the test.
    pub fn seeded(seed: u64) -> Self {
        Ids {
            random: fastrand::Rng::with_seed(seed),
            last: EntryId(Ulid::nil()),
        }
    }

    /// The next id, sorted by `at`; within one millisecond in the order of the calls.
    pub fn next(&mut self, at: DateTime<Utc>) -> EntryId {
        let at_ms = u64::try_from(at.timestamp_millis()).unwrap_or(0);
        let fresh = Ulid::from_parts(at_ms, self.random.u128(..));
        let follows = if self.last.0.timestamp_ms() == at_ms {
            self.last.0.increment().ok()
        } else {
            None
        };
        self.last = EntryId(follows.unwrap_or(fresh));
        self.last
    }
}

/// Who or what an entry comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub kind: ActorKind,
    /// Login name, or the name of the system.
    pub user: Option<Outside>,
    /// Host of the console.
    pub host: Option<Outside>,
    /// Address the SSH session came from.
    pub ssh_client: Option<Outside>,
    /// Who became this user with sudo.
    pub sudo_user: Option<Outside>,
    /// Who the API server says we are (`SelfSubjectReview`).
    pub kube_user: Option<Outside>,
}

impl Actor {
    /// An actor of which only the sort is known.
    pub fn of(kind: ActorKind) -> Self {
        Actor {
            kind,
            user: None,
            host: None,
            ssh_client: None,
            sudo_user: None,
            kube_user: None,
        }
    }

    /// The name by which a person knows it: who became root counts more than root, and both more than what the cluster calls them.
    pub fn name(&self) -> Outside {
        let is_human = self.kind == ActorKind::Human;
        let known = [&self.sudo_user, &self.user, &self.kube_user];
        let known = known.into_iter().take(if is_human { 3 } else { 2 });
        let nobody = if is_human {
            "not known"
        } else {
            self.kind.word()
        };
        let mut known = known.flatten().filter(|name| !name.is_empty());
        known.next().cloned().unwrap_or_else(|| nobody.into())
    }
}

/// What an entry is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryTarget {
    pub context: Option<Outside>,
    pub namespace: Option<Outside>,
    /// Kind, such as `Deployment`.
    pub kind: Option<Outside>,
    pub name: Option<Outside>,
    pub uid: Option<Outside>,
    pub container: Option<Outside>,
    pub image: Option<Outside>,
    /// Name of the workload, or of what else an alert is about; entries of older versions do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Outside>,
}

/// What changed. The diff is kept apart as text that can be redacted later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryChange {
    /// Before, in a few words.
    pub before: Option<Outside>,
    /// After, in a few words.
    pub after: Option<Outside>,
    pub diff: Option<Outside>,
    pub revision_from: Option<u64>,
    pub revision_to: Option<u64>,
    /// What an intent asks the cluster for; entries of older versions do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<RequestedChange>,
}

/// A command that was run, or would have been.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// The line one could have typed, such as `kubectl scale ...`.
    pub typed: Option<Outside>,
    /// The request, such as `PATCH deployments/scale`.
    pub verb: Option<Outside>,
    /// What the dry run said.
    pub dry_run: Option<Outside>,
    /// Exit code, or the HTTP status of a request.
    pub exit: Option<i32>,
    /// Milliseconds it took.
    pub duration_ms: Option<u64>,
}

/// How the query of an evidence ends that prints the hash of what was seen.
pub const HASHING: &str = "| sha256sum";

/// What proves an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// `log`, `metric`, `url`, `file`.
    pub sort: Arc<str>,
    /// What was asked.
    pub query: Outside,
    /// Begin of the range.
    pub from: Option<DateTime<Utc>>,
    /// End of the range.
    pub until: Option<DateTime<Utc>>,
    /// SHA-256 of what was seen, in hex.
    pub sha256: Option<Arc<str>>,
    /// How many lines or samples.
    pub count: Option<u64>,
}

/// How many secrets a rule took out of an entry before it was stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redaction {
    /// Name of the rule.
    pub rule: Arc<str>,
    pub count: u32,
}

/// What an entry says about another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What it says.
    pub kind: LinkKind,
    pub to: EntryId,
}

/// An entry that is not stored yet: all but what the store adds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub id: EntryId,
    /// The incident it belongs to; without one it is in the journal of its day.
    pub incident: Option<IncidentId>,
    /// When it happened, by the recording machine's clock, whoever stamped it; a person may say that it was earlier.
    pub occurred_at: DateTime<Utc>,
    /// When it ended, for what lasts.
    pub ended_at: Option<DateTime<Utc>>,
    /// The server's clock less ours, in milliseconds, where known: added to the times it gives those of the cluster.
    pub clock_offset_ms: Option<i64>,
    /// Who or what it comes from.
    pub actor: Actor,
    /// The part of the console, or the system, that says it.
    pub source: Option<Arc<str>>,
    /// What it is called there. Two machine entries with the same source and origin are one.
    pub origin: Option<Outside>,
    pub kind: Kind,
    /// Severity, where it has one.
    pub severity: Option<Severity>,
    /// Phase that began with it.
    pub phase: Option<Phase>,
    pub title: Outside,
    pub body: Option<Outside>,
    /// What it is about.
    pub target: Option<EntryTarget>,
    pub change: Option<EntryChange>,
    /// What was run.
    pub command: Option<Command>,
    /// What proves it.
    pub evidence: Vec<Evidence>,
    pub tags: Vec<Outside>,
    /// Kept in sight.
    pub pinned: bool,
    /// Who may read it.
    pub visibility: Visibility,
    /// What was taken out of it.
    pub redactions: Vec<Redaction>,
    /// What it says about others.
    pub links: Vec<Link>,
    /// The intent of a result, verdict or undo; the entry that a correction amends.
    pub refers_to: Option<EntryId>,
}

impl Draft {
    /// An entry that says one thing and no more.
    pub fn new(
        id: EntryId,
        occurred_at: DateTime<Utc>,
        actor: Actor,
        kind: Kind,
        title: Outside,
    ) -> Self {
        Draft {
            id,
            incident: None,
            occurred_at,
            ended_at: None,
            clock_offset_ms: None,
            actor,
            source: None,
            origin: None,
            kind,
            severity: None,
            phase: None,
            title,
            body: None,
            target: None,
            change: None,
            command: None,
            evidence: Vec::new(),
            tags: Vec::new(),
            pinned: false,
            visibility: Visibility::Internal,
            redactions: Vec::new(),
            links: Vec::new(),
            refers_to: None,
        }
    }
}

/// A stored entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What it says.
    #[serde(flatten)]
    pub draft: Draft,
    /// When it was written to disk; never backdated.
    pub recorded_at: DateTime<Utc>,
    /// Which process wrote it.
    pub writer: Arc<str>,
    /// Its number with that writer, from 1, without gaps.
    pub seq: u64,
    /// SHA-256 over it and the entry before it, in hex.
    pub hash: Arc<str>,
}
