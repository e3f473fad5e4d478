//! What was wrong before an incident, of what and from when to when; and which of it is what the incident is about.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::alerts::Ends;
use super::summary::{PodNews, news};
use model::entry::{Draft, Entry, EntryId};
use model::kind::Kind;
use text::Outside;

/// How long before the opening what is over by then may have ended, and what goes on may have begun, to be its trouble.
pub(super) const RECENT: TimeDelta = TimeDelta::hours(1);

/// What turns bad again within this was not well between.
const AGAIN: TimeDelta = TimeDelta::minutes(5);

/// A workload, or an alert of which nobody knows what it is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Object<'a> {
    context: Option<&'a Outside>,
    namespace: Option<&'a Outside>,
    name: Option<&'a Outside>,
    is_alert: bool,
}

impl<'a> Object<'a> {
    pub(super) fn of(draft: &'a Draft) -> Option<Object<'a>> {
        let target = draft.target.as_ref()?;
        let is_alert = matches!(draft.kind, Kind::AlertFired | Kind::AlertResolved);
        Some(Object {
            context: target.context.as_ref(),
            namespace: target.namespace.as_ref(),
            name: target.about.as_ref().or(target.name.as_ref()),
            is_alert: is_alert && target.about.is_none(),
        })
    }
}

/// Something that was wrong.
pub(super) struct Symptom<'a> {
    pub(super) draft: &'a Draft,
    writer: &'a str,
    /// `None`: it names several.
    pub(super) object: Option<Object<'a>>,
    pub(super) from: DateTime<Utc>,
    /// `None`: it goes on.
    pub(super) until: Option<DateTime<Utc>>,
}

impl Symptom<'_> {
    fn is_same(&self, other: &Symptom<'_>) -> bool {
        self.object.is_some() && self.object == other.object
    }

    fn is_over_before(&self, at: DateTime<Utc>) -> bool {
        self.until.is_some_and(|until| until < at)
    }

    fn overlaps(&self, other: &Symptom<'_>) -> bool {
        !self.is_over_before(other.from) && !other.is_over_before(self.from)
    }

    /// It is the other one again, or still.
    fn goes_on_as(&self, other: &Symptom<'_>) -> bool {
        self.is_same(other)
            && !self.is_over_before(other.from - AGAIN)
            && !other.is_over_before(self.from - AGAIN)
    }
}

/// All that was wrong, in order of its beginning.
pub(super) fn symptoms(before: &[Entry]) -> Vec<Symptom<'_>> {
    let ends = Ends::of(before.iter().map(|entry| &entry.draft));
    let recoveries = Recoveries::of(before);
    let own = before.iter().filter(|entry| entry.draft.incident.is_none());
    let mut symptoms: Vec<Symptom<'_>> = own
        .flat_map(|entry| {
            let draft = &entry.draft;
            let symptom = |object, until| Symptom {
                draft,
                writer: &entry.writer,
                object,
                from: draft.occurred_at,
                until,
            };
            match draft.kind {
                Kind::AlertFired => vec![symptom(Object::of(draft), ends.end(draft))],
                _ if is_sign(draft) && draft.target.is_some() => {
                    vec![symptom(Object::of(draft), recoveries.end(entry))]
                }
                _ if is_sign(draft) => {
                    let over = recoveries.of_entry(draft.id);
                    let over = over.map(|end| symptom(Object::of(end), Some(end.occurred_at)));
                    let over: Vec<Symptom<'_>> = over.collect();
                    if over.is_empty() {
                        vec![symptom(None, None)]
                    } else {
                        over
                    }
                }
                _ => Vec::new(),
            }
        })
        .collect();
    symptoms.sort_by_key(|symptom| (symptom.from, symptom.draft.id));
    symptoms
}

/// The entry says that pods are sick, or what the cluster warned of about them before anybody looked.
fn is_sign(draft: &Draft) -> bool {
    match news(draft) {
        Some(PodNews::Sick | PodNews::AtStart) => true,
        Some(PodNews::Well | PodNews::Still) => false,
        None => draft.kind == Kind::Event && draft.is_backfilled(),
    }
}

/// Entries that workloads are well again.
struct Recoveries<'a> {
    by_entry: BTreeMap<EntryId, Vec<&'a Draft>>,
    by_object: BTreeMap<Object<'a>, Vec<&'a Entry>>,
}

impl<'a> Recoveries<'a> {
    fn of(before: &'a [Entry]) -> Recoveries<'a> {
        let (mut by_entry, mut by_object) = (BTreeMap::new(), BTreeMap::new());
        let is_recovery = |entry: &&Entry| news(&entry.draft) == Some(PodNews::Well);
        for entry in before.iter().filter(is_recovery) {
            let draft = &entry.draft;
            if let Some(begun) = draft.refers_to {
                by_entry.entry(begun).or_insert_with(Vec::new).push(draft);
            }
            if let Some(object) = Object::of(draft) {
                by_object.entry(object).or_insert_with(Vec::new).push(entry);
            }
        }
        Recoveries {
            by_entry,
            by_object,
        }
    }

    fn of_entry(&self, id: EntryId) -> impl Iterator<Item = &'a Draft> {
        self.by_entry.get(&id).into_iter().flatten().copied()
    }

    /// By the entry that refers to it; for what was there before anybody looked, or was seen by another console, by one about the
    /// same object.
    fn end(&self, entry: &Entry) -> Option<DateTime<Utc>> {
        let draft = &entry.draft;
        let told = self.of_entry(draft.id).map(|end| end.occurred_at).min();
        let of_object = Object::of(draft).and_then(|object| self.by_object.get(&object));
        let is_end = |end: &&&Entry| {
            let is_later = end.draft.occurred_at >= draft.occurred_at;
            let is_known = draft.is_backfilled()
                || (end.writer != entry.writer && trouble(&end.draft) == trouble(draft));
            is_later && is_known
        };
        let ends = of_object.into_iter().flatten().filter(is_end);
        told.or_else(|| ends.map(|end| end.draft.occurred_at).min())
    }
}

/// Which trouble of its pods, by the origin of the entry.
fn trouble(draft: &Draft) -> Option<&str> {
    draft.origin.as_ref()?.raw().split('/').nth(2)
}

/// What an incident is about, as far as its time before the opening tells.
pub(super) struct Trouble {
    /// Which of the symptoms belong to it.
    pub(super) own: BTreeSet<usize>,
    /// Its first symptom.
    pub(super) began: Option<DateTime<Utc>>,
}

/// What goes on when the incident is opened, and what is over by then and yet the same; when all is over, what was last. Nothing
/// that was over before the incident before it was closed: that belongs there.
pub(super) fn trouble_of(
    symptoms: &[Symptom<'_>],
    before: &[Entry],
    opened: DateTime<Utc>,
    since: Option<DateTime<Utc>>,
) -> Trouble {
    let is_recent = |at: DateTime<Utc>| at >= opened - RECENT;
    let stopped = before
        .iter()
        .filter(|entry| entry.draft.kind == Kind::ConsoleStop);
    let stopped: BTreeSet<&str> = stopped.map(|entry| &*entry.writer).collect();
    let all = || symptoms.iter().enumerate();
    // Of what a console that stopped saw long ago nobody knows how it went on.
    let goes_on = all().filter(|(_, symptom)| {
        let is_known = is_recent(symptom.from) || !stopped.contains(symptom.writer);
        symptom.until.is_none() && is_known
    });
    let mut own: BTreeSet<usize> = goes_on.map(|(at, _)| at).collect();
    let fresh = own.iter().map(|at| symptoms[*at].from);
    let fresh = fresh.filter(|from| is_recent(*from)).min();
    let over: Vec<usize> = all()
        .filter(|(_, symptom)| symptom.until.is_some())
        .filter(|(_, symptom)| since.is_none_or(|since| symptom.from >= since))
        .map(|(at, _)| at)
        .collect();
    let outages = outages(symptoms, &over, before);
    let last = last_outage(&outages, fresh, opened - RECENT);
    own.extend(last.into_iter().flat_map(|outage| &outage.symptoms));
    let mut is_whole = false;
    while !is_whole {
        let more: Vec<usize> = over
            .iter()
            .copied()
            .filter(|at| !own.contains(at) && belongs(symptoms, &own, *at))
            .collect();
        is_whole = more.is_empty();
        own.extend(more);
    }
    let began = began(symptoms, &own, opened - RECENT);
    Trouble { own, began }
}

/// The same object turned bad again soon, or an alert fires again while something was wrong all the while.
fn belongs(symptoms: &[Symptom<'_>], own: &BTreeSet<usize>, at: usize) -> bool {
    let symptom = &symptoms[at];
    let is_vague = symptom.object.is_some_and(|object| object.is_alert);
    let mut own_symptoms = own.iter().map(|at| &symptoms[*at]);
    own_symptoms.clone().any(|one| symptom.goes_on_as(one))
        || (is_vague
            && own_symptoms.any(|again| {
                let is_between = |one: &Symptom<'_>| {
                    one.overlaps(symptom) && one.overlaps(again) && !one.is_same(symptom)
                };
                again.is_same(symptom) && own.iter().any(|at| is_between(&symptoms[*at]))
            }))
}

/// What has gone on for long says nothing of when this trouble began, unless it is about the same object, or there is nothing else.
fn began(
    symptoms: &[Symptom<'_>],
    own: &BTreeSet<usize>,
    recent: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let own = || own.iter().map(|at| &symptoms[*at]);
    let is_fresh = |one: &&Symptom<'_>| one.until.is_some() || one.from >= recent;
    let is_of_it = |one: &&Symptom<'_>| {
        is_fresh(one) || own().filter(is_fresh).any(|fresh| fresh.is_same(one))
    };
    let fresh = own().filter(is_of_it).map(|one| one.from).min();
    fresh.or_else(|| own().map(|one| one.from).min())
}

/// Symptoms that are over, and were there together.
struct Outage {
    symptoms: Vec<usize>,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    /// Somebody did something about it.
    is_handled: bool,
}

fn outages(symptoms: &[Symptom<'_>], over: &[usize], before: &[Entry]) -> Vec<Outage> {
    let mut outages: Vec<Outage> = Vec::new();
    for at in over.iter().copied() {
        let symptom = &symptoms[at];
        let mut joined = Outage {
            symptoms: vec![at],
            from: symptom.from,
            until: symptom.until.unwrap_or(symptom.from),
            is_handled: false,
        };
        // What begins later than this joins none of those before it any more.
        let is_near = |outage: &Outage| outage.until + AGAIN >= symptom.from;
        let is_joined = |outage: &mut Outage| {
            is_near(outage)
                && outage.symptoms.iter().any(|one| {
                    symptoms[*one].overlaps(symptom) || symptom.goes_on_as(&symptoms[*one])
                })
        };
        for outage in outages.extract_if(.., is_joined) {
            joined.symptoms.extend(outage.symptoms);
            joined.from = joined.from.min(outage.from);
            joined.until = joined.until.max(outage.until);
        }
        outages.push(joined);
    }
    for outage in &mut outages {
        let during = before.iter().map(|entry| &entry.draft).filter(|draft| {
            draft.incident.is_none() && (outage.from..=outage.until).contains(&draft.occurred_at)
        });
        outage.is_handled = during.into_iter().any(|draft| {
            let is_about = |at: &usize| symptoms[*at].object == Object::of(draft);
            draft.kind == Kind::ActionIntent
                || (is_change(draft) && outage.symptoms.iter().any(is_about))
        });
    }
    outages
}

/// The beginning of a change, not how it ended.
pub(super) fn is_change(draft: &Draft) -> bool {
    draft.kind.is_change() && draft.refers_to.is_none()
}

/// The one that an incident is about which was opened when it was over; what was handled comes before what went away by itself.
fn last_outage(
    outages: &[Outage],
    goes_on_since: Option<DateTime<Utc>>,
    recent: DateTime<Utc>,
) -> Option<&Outage> {
    let all = || outages.iter().filter(|outage| outage.until >= recent);
    let handled = all()
        .filter(|outage| outage.is_handled)
        .max_by_key(|outage| outage.until);
    if let Some(since) = goes_on_since {
        return handled.filter(|outage| outage.until + AGAIN >= since);
    }
    let last = all().max_by_key(|outage| outage.until)?;
    let is_just_before = |handled: &&Outage| last.from - handled.until <= AGAIN;
    handled.filter(is_just_before).or(Some(last))
}
