//! Revisions that appeared or were there at the start: what is known of them, what is still to be recorded, and the words.

use std::collections::BTreeMap;

use super::entry::EntryId;
use super::pods::Uid;
use super::replicasets::ReplicaSetRow;
use super::time::{At, Seconds};
use super::workload::WorkloadRow;
use text::Outside;

/// The list of a namespace comes from what the server has at hand: a revision that is missing is looked for again after this.
pub const AGAIN_MS: u64 = 2_000;
pub const TRIES: u8 = 3;
/// A list without an answer is given up after this: longer than the client waits for one.
pub const ANSWER_MS: u64 = 90_000;
/// Namespaces that are asked about at a time: a cluster in trouble is not asked about everything at once.
pub const ASKED_MAX: usize = 4;
/// Rollouts that wait to be recorded; beyond it they are recorded as they were seen, without looking for when and why.
pub const DUE_MAX: usize = 200;
/// The end of a rollout is waited for this long.
pub const FOLLOW_MS: u64 = 3_600_000;
/// A crash this long after a rollout has probably to do with it: the entry says so.
const RELATED_S: i64 = 600;

/// Everything about revisions.
#[derive(Clone, Debug, Default)]
pub struct Rollouts {
    /// What was there at the start is filed; what comes now is news.
    pub has_begun: bool,
    /// The revision of each Deployment, as it was seen last.
    pub known: BTreeMap<Uid, Known>,
    /// Rollouts that wait for the `ReplicaSets` of their namespace.
    pub due: BTreeMap<Outside, Vec<Due>>,
    /// Namespaces that were asked about, and when.
    pub asked: BTreeMap<Outside, At>,
    /// Rollouts whose end is not recorded.
    pub followed: BTreeMap<Uid, Followed>,
    /// Workloads and Jobs of which no pod can be created, as far as the timeline has them.
    pub refusals: BTreeMap<Uid, KnownRefusal>,
}

/// A revision as its Deployment shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub revision: u64,
    /// Images of its template.
    pub images: Box<[Outside]>,
}

/// A rollout to be recorded.
#[derive(Clone, Debug)]
pub struct Due {
    pub uid: Uid,
    pub name: Outside,
    /// What is rolled out.
    pub now: Known,
    /// What was there before, if that was seen.
    pub before: Option<Known>,
    /// When it was seen.
    pub seen: At,
    /// It was so at the start.
    pub is_backfilled: bool,
    /// How often it was looked for.
    pub tries: u8,
    /// Not looked for again before this.
    pub not_before: At,
}

/// A rollout that is recorded and has not ended.
#[derive(Clone, Debug)]
pub struct Followed {
    /// The entry about it.
    pub entry: EntryId,
    pub revision: u64,
    /// Its `ReplicaSet`, if that is known.
    pub replica_set: Option<Outside>,
    /// Since when it is followed.
    pub since: At,
    /// That it fails is recorded, or was so at the start.
    pub is_failing: bool,
}

/// That no pod can be created, as the timeline has it.
#[derive(Clone, Copy, Debug)]
pub struct KnownRefusal {
    /// The first entry about it.
    pub entry: EntryId,
    /// That it is stuck is on the timeline.
    pub is_stuck: bool,
}

/// The first crash of a workload that is still known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstCrash {
    pub at: Seconds,
    /// There was none before it; else the cluster only remembers it no further back.
    pub is_first: bool,
}

impl Rollouts {
    /// When something is to be done although nothing came.
    pub fn next(&self) -> Option<At> {
        let given_up = self.asked.values().map(|asked| asked.plus_ms(ANSWER_MS));
        let again = self
            .due
            .iter()
            .filter(|(namespace, _)| !self.asked.contains_key(*namespace))
            .flat_map(|(_, due)| due.iter().map(|due| due.not_before));
        let again = again.filter(|_| self.asked.len() < ASKED_MAX);
        given_up.chain(again).min_by_key(|at| at.mono_ms)
    }
}

impl Known {
    /// The revision of a Deployment, once its controller has given it one.
    pub fn of(row: &WorkloadRow) -> Option<Known> {
        Some(Known {
            revision: row.deployment()?.revision?,
            images: row.images.clone(),
        })
    }
}

/// One rollout, as its `ReplicaSets` have it.
#[derive(Clone, Debug)]
pub struct RevisionChange<'a> {
    /// That of the revision.
    pub set: Option<&'a ReplicaSetRow>,
    /// That of the revision before it.
    pub before: Option<&'a ReplicaSetRow>,
}

impl<'a> RevisionChange<'a> {
    /// Finds the two among all of a namespace.
    pub fn of(due: &Due, sets: &'a [ReplicaSetRow]) -> RevisionChange<'a> {
        let own = || {
            sets.iter()
                .filter(|set| set.deployment.as_ref() == Some(&due.name))
        };
        RevisionChange {
            set: own().find(|set| set.revision == Some(due.now.revision)),
            before: own()
                .filter(|set| set.revision < Some(due.now.revision))
                .max_by_key(|set| set.revision),
        }
    }

    /// Images before it, where they are known.
    pub fn images_before(&self, due: &'a Due) -> Option<&'a [Outside]> {
        let seen = due.before.as_ref().map(|known| &*known.images);
        self.before.map(|set| &*set.images).or(seen)
    }

    /// The revision before it, where it is known.
    pub fn revision_before(&self, due: &Due) -> Option<u64> {
        let seen = due.before.as_ref().map(|known| known.revision);
        self.before.and_then(|set| set.revision).or(seen)
    }

    /// When it was rolled out; `None` when nobody knows. A `ReplicaSet` that was rolled back to is older than that.
    pub fn at(&self) -> Option<Seconds> {
        self.set.filter(|set| !set.is_reused)?.created
    }

    /// One line: which revision, what is new in it, why, and what happened soon after.
    pub fn title(&self, due: &Due, crash: Option<FirstCrash>) -> String {
        let cause = self
            .set
            .and_then(|set| set.change_cause.as_ref())
            .map_or(String::new(), |cause| format!(" ({})", cause.raw()));
        format!(
            "rollout r{} of {}: {}{cause}{}",
            due.now.revision,
            due.name.raw(),
            self.news(due),
            self.soon_after(crash)
        )
    }

    /// What is new in it.
    fn news(&self, due: &Due) -> String {
        let is_back = self.set.is_some_and(|set| set.is_reused);
        let back = match self.set {
            Some(ReplicaSetRow { was: Some(was), .. }) => format!("rolled back to r{was}, "),
            _ if is_back => "back to ".to_owned(),
            _ => String::new(),
        };
        let now = &due.now.images;
        let Some(before) = self.images_before(due) else {
            return format!("{back}{}", tags(now));
        };
        if before != &**now {
            return match (before, &**now) {
                ([one], [other]) if name(one) == name(other) && !is_back => {
                    format!("{} -> {}", tag(one), tag(other))
                }
                _ => {
                    let is_new = |image: &&Outside| !before.contains(image);
                    let new: Vec<Outside> = now.iter().filter(is_new).cloned().collect();
                    format!("{back}{}", tags(if new.is_empty() { now } else { &new }))
                }
            };
        }
        let restarted = |set: Option<&ReplicaSetRow>| set.and_then(|set| set.restarted_at.clone());
        let is_restart = self.before.is_some() && restarted(self.set) > restarted(self.before);
        let what = if is_restart {
            "a restart"
        } else {
            "the template changed"
        };
        format!("{back}{}, {what}", tags(now))
    }

    fn soon_after(&self, crash: Option<FirstCrash>) -> String {
        let Some((crash, at)) = crash.zip(self.at()) else {
            return String::new();
        };
        let first = if crash.is_first {
            "first"
        } else {
            "first known"
        };
        match crash.at.unix() - at.unix() {
            gap @ 0..=119 => format!(", {gap} s before the {first} crash"),
            gap @ 120..=RELATED_S => format!(", {} min before the {first} crash", gap / 60),
            _ => String::new(),
        }
    }
}

/// All images in one line.
pub fn joined(images: &[Outside]) -> Outside {
    let images: Vec<&str> = images.iter().map(Outside::raw).collect();
    Outside::from(images.join(", "))
}

/// The tags of images, in one line.
pub fn tags(images: &[Outside]) -> String {
    match images {
        [one] => tag(one).to_owned(),
        several => {
            let short = |image: &Outside| last(image).to_owned();
            several.iter().map(short).collect::<Vec<_>>().join(", ")
        }
    }
}

/// `checkout:1.9.2` of `registry.example/shop/checkout:1.9.2`.
fn last(image: &Outside) -> &str {
    image.raw().rsplit('/').next().unwrap_or_default()
}

/// `registry.example/shop/checkout` of it.
fn name(image: &Outside) -> &str {
    let tag = tag(image);
    image.raw().strip_suffix(tag).unwrap_or_default()
}

/// `1.9.2` of it; of a digest its first characters.
fn tag(image: &Outside) -> &str {
    const DIGEST_CHARS: usize = 19;
    let last = last(image);
    if let Some((_, digest)) = last.split_once('@') {
        return digest.get(..DIGEST_CHARS).unwrap_or(digest);
    }
    last.split_once(':').map_or(last, |(_, tag)| tag)
}
