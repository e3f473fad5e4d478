//! What was rolled out with a revision, as the list of its namespace has it, and the words for it.

use super::super::revision_list::RevisionRow;
use super::super::time::Seconds;
use super::super::workload::revisions::RevisionId;
use super::{DueRollout, FirstCrash};
use crate::owner::Owner;
use text::Outside;

/// A crash this long after a rollout has probably to do with it: the entry says so.
pub const RELATED_S: i64 = 600;

/// What a list says about a rollout that is due.
#[derive(Clone, Debug)]
pub enum FoundRevision<'a> {
    Change(RevisionChange<'a>),
    /// The latest revision is the one that was there before.
    Same(&'a RevisionRow),
    /// The server has not got it at hand.
    Missing,
}

/// One rollout, as the list of its namespace has it.
#[derive(Clone, Debug, Default)]
pub struct RevisionChange<'a> {
    pub revision: Option<&'a RevisionRow>,
    /// The revision before it.
    pub before: Option<&'a RevisionRow>,
    /// It was rolled back to: it is older than its number.
    is_reused: bool,
}

impl<'a> RevisionChange<'a> {
    /// Looks for it among all of a namespace.
    pub fn find(due: &DueRollout, rows: &'a [RevisionRow]) -> FoundRevision<'a> {
        let own = || own(&due.workload, rows);
        let latest = own().max_by_key(|row| (row.number, &row.name));
        let found = match &due.now.id {
            RevisionId::Number(number) => own().find(|row| row.number == Some(*number)),
            RevisionId::Name(name) => latest.filter(|latest| latest.name == *name),
            RevisionId::Generation(_) => latest,
        };
        let Some(revision) = found else {
            return FoundRevision::Missing;
        };
        if matches!(due.now.id, RevisionId::Generation(_)) && !is_new(due, revision) {
            return FoundRevision::Same(revision);
        }
        FoundRevision::Change(RevisionChange::of(&due.workload, revision, rows))
    }

    /// What was rolled out with one of the revisions of a workload, among all of a namespace.
    pub fn of(workload: &Owner, revision: &'a RevisionRow, rows: &'a [RevisionRow]) -> Self {
        let older = || own(workload, rows).filter(|row| row.number < revision.number);
        RevisionChange {
            revision: Some(revision),
            before: older().max_by_key(|row| row.number),
            is_reused: revision.is_reused || older().any(|row| row.created > revision.created),
        }
    }

    /// Its number, where it is known.
    pub fn number(&self, due: &DueRollout) -> Option<u64> {
        let seen = due.now.number;
        self.revision.and_then(|row| row.number).or(seen)
    }

    /// Images before it, where they are known.
    pub fn images_before(&self, due: &'a DueRollout) -> Option<&'a [Outside]> {
        let seen = due.before.as_ref().map(|known| &*known.images);
        self.before.map(|row| &*row.images).or(seen)
    }

    /// The revision before it, where it is known.
    pub fn number_before(&self, due: &DueRollout) -> Option<u64> {
        let seen = due.before.as_ref().and_then(|known| known.number);
        self.before.and_then(|row| row.number).or(seen)
    }

    /// When it was rolled out; `None` when nobody knows. A revision that was rolled back to is older than that.
    pub fn at(&self) -> Option<Seconds> {
        self.revision.filter(|_| !self.is_reused)?.created
    }

    /// What every title about it begins with.
    pub fn subject(&self, due: &DueRollout) -> String {
        let number = self.number(due);
        let number = number.map_or(String::new(), |number| format!("r{number} "));
        format!("rollout {number}of {}", due.workload.name.raw())
    }

    /// One line: which revision, what is new in it, why, and what happened soon after.
    pub fn title(&self, due: &DueRollout, crash: Option<FirstCrash>) -> String {
        let cause = self
            .revision
            .and_then(|row| row.change_cause.as_ref())
            .map_or(String::new(), |cause| format!(" ({})", cause.raw()));
        let by = self.revision.and_then(|row| row.made_by.as_ref());
        let by = by.map_or(String::new(), |by| format!(", by {}", by.known_name()));
        format!(
            "{}: {}{cause}{by}{}",
            self.subject(due),
            self.news(due),
            self.soon_after(crash)
        )
    }

    /// The same revision of the same workload, whichever console sees it, and whatever that could read of it.
    pub fn origin(&self, due: &DueRollout) -> String {
        let revision = match (self.number(due), &due.now.id) {
            (Some(number), _) => number.to_string(),
            (None, RevisionId::Number(number)) => number.to_string(),
            (None, RevisionId::Name(name)) => name.raw().to_owned(),
            (None, RevisionId::Generation(generation)) => format!("generation-{generation}"),
        };
        format!("{}/{revision}", due.uid)
    }

    /// What is new in it.
    fn news(&self, due: &DueRollout) -> String {
        let back = match self.revision.and_then(|row| row.was) {
            Some(was) => format!("rolled back to r{was}, "),
            None if self.is_reused => "back to ".to_owned(),
            None => String::new(),
        };
        let now = &due.now.images;
        let Some(before) = self.images_before(due) else {
            return format!("{back}{}", tags(now));
        };
        if before != &**now {
            return match (before, &**now) {
                ([one], [other]) if name(one) == name(other) && !self.is_reused => {
                    format!("{} -> {}", tag(one), tag(other))
                }
                _ => {
                    let is_new = |image: &&Outside| !before.contains(image);
                    let new: Vec<Outside> = now.iter().filter(is_new).cloned().collect();
                    format!("{back}{}", tags(if new.is_empty() { now } else { &new }))
                }
            };
        }
        let restarted = |row: Option<&RevisionRow>| row.and_then(|row| row.restarted_at.clone());
        let is_restart = self.before.is_some() && restarted(self.revision) > restarted(self.before);
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

/// The revisions of a workload among all of a namespace.
fn own<'a>(workload: &Owner, rows: &'a [RevisionRow]) -> impl Iterator<Item = &'a RevisionRow> {
    let is_own = move |row: &&RevisionRow| row.owner.as_ref() == Some(workload);
    rows.iter().filter(is_own)
}

/// Is this revision of a DaemonSet another one than was there before?
fn is_new(due: &DueRollout, latest: &RevisionRow) -> bool {
    let Some(before) = &due.before else {
        return true;
    };
    match (&before.name, before.number) {
        (Some(name), _) if *name != latest.name => true,
        (_, Some(number)) => latest.number != Some(number),
        (Some(_), None) => false,
        (None, None) => due.is_certain(),
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
