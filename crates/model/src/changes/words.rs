//! A change in words, for its entry.

use super::{ChangeAuthor, ChangeField, ChangePart, SeenChange};
use crate::entry::EntryChange;
use crate::kind::Kind;
use crate::serving::Readiness;
use text::Outside;

/// Names in a title; the others are counted.
const NAMED_MAX: usize = 3;

impl ChangePart {
    /// Its entry is of this kind.
    pub fn kind(&self) -> Kind {
        match self {
            ChangePart::Replicas { .. } => Kind::Scale,
            ChangePart::Images { .. } => Kind::Image,
            ChangePart::Paused(_)
            | ChangePart::Cordoned(_)
            | ChangePart::Taints { .. }
            | ChangePart::Limits { .. }
            | ChangePart::Content { .. } => Kind::Config,
            ChangePart::Deleted
            | ChangePart::PodsDeleted(_)
            | ChangePart::PodsEvicted { .. }
            | ChangePart::Terminating => Kind::Deletion,
            ChangePart::NodeFailed(_)
            | ChangePart::NodeReturned
            | ChangePart::Unserved(_)
            | ChangePart::Served(_) => Kind::Event,
        }
    }

    /// Where the server keeps who made it; nowhere for what is deleted, and for what nobody did.
    pub fn field(&self) -> Option<ChangeField> {
        match self {
            ChangePart::Replicas { .. } => Some(ChangeField::Replicas),
            ChangePart::Paused(_) => Some(ChangeField::Paused),
            ChangePart::Images { .. } => Some(ChangeField::Template),
            ChangePart::Cordoned(_) => Some(ChangeField::Unschedulable),
            ChangePart::Taints { .. } => Some(ChangeField::Taints),
            // Who changed both has both.
            ChangePart::Limits { from, to } if from.1 != to.1 => Some(ChangeField::MaxReplicas),
            ChangePart::Limits { .. } => Some(ChangeField::MinReplicas),
            ChangePart::Content { .. } => Some(ChangeField::Content),
            ChangePart::Deleted
            | ChangePart::PodsDeleted(_)
            | ChangePart::PodsEvicted { .. }
            | ChangePart::NodeFailed(_)
            | ChangePart::NodeReturned
            | ChangePart::Unserved(_)
            | ChangePart::Served(_)
            | ChangePart::Terminating => None,
        }
    }

    /// What tells it from other changes of the same object at the same time, whichever console sees it.
    pub fn origin(&self) -> String {
        if let ChangePart::PodsEvicted { why, .. } = self {
            return format!("eviction/{}", why.raw());
        }
        let change = self.change();
        let words = change.and_then(|change| Some((change.before?, change.after?)));
        let what = self.field().map_or(self.kind().word(), ChangeField::words);
        match words {
            Some((before, after)) => format!("{what}/{}-{}", before.raw(), after.raw()),
            None => what.to_owned(),
        }
    }

    /// Somebody did it, and did not only see it happen.
    fn has_author(&self) -> bool {
        !matches!(
            self,
            ChangePart::NodeFailed(_)
                | ChangePart::PodsEvicted { .. }
                | ChangePart::NodeReturned
                | ChangePart::Unserved(_)
                | ChangePart::Served(_)
        )
    }

    /// Before and after, in a few words.
    pub fn change(&self) -> Option<EntryChange> {
        let words = |from: String, to: String| {
            Some(EntryChange {
                before: Some(from.into()),
                after: Some(to.into()),
                ..EntryChange::default()
            })
        };
        let either = |is: bool, yes: &str, no: &str| {
            let (from, to) = if is { (no, yes) } else { (yes, no) };
            words(from.to_owned(), to.to_owned())
        };
        match self {
            ChangePart::Replicas { from, to } => words(from.to_string(), to.to_string()),
            ChangePart::Paused(is_paused) => either(*is_paused, "paused", "not paused"),
            ChangePart::Images { from, to } | ChangePart::Taints { from, to } => {
                words(joined(from), joined(to))
            }
            ChangePart::Cordoned(is_cordoned) => either(*is_cordoned, "cordoned", "takes new pods"),
            ChangePart::Limits { from, to } => words(limits(*from), limits(*to)),
            ChangePart::NodeFailed(failure) => words("ready".to_owned(), (*failure).to_owned()),
            ChangePart::NodeReturned => words("not ready".to_owned(), "ready".to_owned()),
            ChangePart::Unserved(readiness) => {
                words("at least one endpoint ready".to_owned(), ready(*readiness))
            }
            ChangePart::Served(readiness) => {
                words("no endpoint ready".to_owned(), ready(*readiness))
            }
            ChangePart::Content { .. }
            | ChangePart::Deleted
            | ChangePart::PodsDeleted(_)
            | ChangePart::PodsEvicted { .. }
            | ChangePart::Terminating => None,
        }
    }
}

impl SeenChange {
    /// One line: what, from what to what, where, and who.
    pub fn title(&self, by: &ChangeAuthor) -> String {
        let (kind, name) = (self.object.kind.word(), self.object.name.raw());
        let place = self.object.namespace.as_ref();
        let place = place.map_or(String::new(), |place| format!(" in {}", place.raw()));
        let what = match &self.part {
            ChangePart::Replicas { from, to } => format!("scale {name} {from} -> {to}{place}"),
            ChangePart::Paused(true) => format!("{kind} {name} paused{place}"),
            ChangePart::Paused(false) => format!("{kind} {name} resumed{place}"),
            ChangePart::Images { from, to } => {
                let (from, to) = (joined(from), joined(to));
                format!("images of {name}{place} {from} -> {to}, while it is paused")
            }
            ChangePart::Deleted => format!("{kind} {name} deleted{place}"),
            ChangePart::PodsDeleted(names) => format!("{} deleted{place}", pods(name, names)),
            ChangePart::PodsEvicted { names, why } => {
                format!("{} evicted{place}: {}", pods(name, names), why.raw())
            }
            ChangePart::Cordoned(true) => format!("node {name} cordoned"),
            ChangePart::Cordoned(false) => format!("node {name} uncordoned"),
            ChangePart::Taints { from, to } => {
                let (from, to) = (joined(from), joined(to));
                format!("taints of node {name}: {from} -> {to}")
            }
            ChangePart::Limits { from, to } => {
                let (from, to) = (limits(*from), limits(*to));
                format!("limits of HPA {name} {from} -> {to}{place}")
            }
            ChangePart::Content { used_by } => {
                format!("{kind} {name} changed{place}, used by {}", named(used_by))
            }
            ChangePart::NodeFailed(failure) => format!("node {name}: {failure}"),
            ChangePart::NodeReturned => format!("node {name}: ready again"),
            ChangePart::Unserved(readiness) => {
                format!("Service {name}{place}: {}", unserved(*readiness))
            }
            ChangePart::Served(readiness) => {
                format!("Service {name}{place}: {} again", ready(*readiness))
            }
            ChangePart::Terminating => format!("namespace {name} is being deleted"),
        };
        if self.part.has_author() {
            format!("{what}, {}", by.words())
        } else {
            what
        }
    }

    /// What the server keeps about who did it.
    pub fn body(&self, by: &ChangeAuthor) -> Option<Outside> {
        let field = self.part.field().map_or("", ChangeField::words);
        match by {
            ChangeAuthor::Manager(manager) => {
                Some(format!("field manager of {field}: {}", manager.name.raw()).into())
            }
            ChangeAuthor::Nobody if matches!(self.part, ChangePart::Replicas { .. }) => Some(
                "the server keeps no field manager of it, as of a count that was set by kubectl scale or another client \
                 of /scale; its audit log names the user"
                    .into(),
            ),
            ChangeAuthor::Nobody => {
                let words = format!("the server keeps no field manager of {field} from that time; its audit log names the user");
                Some(words.into())
            }
            ChangeAuthor::NotKnown => match &self.part {
                ChangePart::PodsDeleted(names) => {
                    let names: Vec<&str> = names.iter().map(Outside::raw).collect();
                    let words = format!(
                        "{}\nneither a rollout nor a scale of the workload was under way; the server keeps no name of who \
                         deletes, its audit log does",
                        names.join(", ")
                    );
                    Some(words.into())
                }
                ChangePart::PodsEvicted { names, why } => {
                    let names: Vec<&str> = names.iter().map(Outside::raw).collect();
                    Some(format!("{}\n{}", names.join(", "), why.raw()).into())
                }
                ChangePart::Deleted | ChangePart::Terminating => {
                    Some("the server keeps no name of who deletes; its audit log does".into())
                }
                _ => None,
            },
        }
    }
}

fn pods(workload: &str, names: &[Outside]) -> String {
    match names {
        [one] if one.raw() == workload => format!("pod {workload}"),
        [one] => format!("pod {} of {workload}", one.raw()),
        several => format!("{} pods of {workload}", several.len()),
    }
}

fn named(names: &[Outside]) -> String {
    let more = names.len().saturating_sub(NAMED_MAX);
    let mut named: Vec<String> = names
        .iter()
        .take(NAMED_MAX)
        .map(|name| name.raw().to_owned())
        .collect();
    if more > 0 {
        named.push(format!("{more} more"));
    }
    named.join(", ")
}

fn joined(texts: &[Outside]) -> String {
    if texts.is_empty() {
        return "none".to_owned();
    }
    let texts: Vec<&str> = texts.iter().map(Outside::raw).collect();
    texts.join(", ")
}

fn limits((min, max): (u32, u32)) -> String {
    format!("{min}..{max} pods")
}

fn unserved(readiness: Readiness) -> String {
    match readiness.total {
        0 => "no endpoint any more".to_owned(),
        total => format!("no endpoint ready any more, 0/{total}"),
    }
}

fn ready(readiness: Readiness) -> String {
    match readiness.total {
        0 => "no endpoint".to_owned(),
        total => format!("{}/{total} ready", readiness.ready),
    }
}
