//! What was rolled out in a namespace before anybody looked: it is read once, when something there is in trouble.

use std::collections::BTreeMap;

use crate::cluster::Problem;
use crate::revision_list::{RevisionKind, RevisionList};
use text::Outside;

/// Lists that are read so: a cluster that is in trouble all over is not asked about everything.
pub const LOOKBACKS_MAX: usize = 32;

/// How far the reading of a list is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookback {
    Wanted,
    Asked,
    /// What it had is on the timeline.
    Known,
    /// Likewise; when one of its revisions was rolled back to, nobody knows.
    InPart,
    NotKnown(Problem),
}

/// The lists that are read, or were.
#[derive(Clone, Debug, Default)]
pub struct Lookbacks(BTreeMap<RevisionList, Lookback>);

impl Lookbacks {
    /// It is to be read, unless it was before or there are too many.
    pub fn want(&mut self, list: RevisionList) {
        if self.0.len() < LOOKBACKS_MAX {
            self.0.entry(list).or_insert(Lookback::Wanted);
        }
    }

    pub fn set(&mut self, list: &RevisionList, lookback: Lookback) {
        self.0.insert(list.clone(), lookback);
    }

    pub fn get(&self, list: &RevisionList) -> Option<&Lookback> {
        self.0.get(list)
    }

    pub fn wanted(&self) -> impl Iterator<Item = &RevisionList> {
        let wanted = self.0.iter();
        let wanted = wanted.filter(|(_, lookback)| **lookback == Lookback::Wanted);
        wanted.map(|(list, _)| list)
    }

    /// All that was rolled out in a namespace is known, as far as its revisions are kept.
    pub fn has_all_of(&self, namespace: &Outside) -> bool {
        let kinds = [RevisionKind::ReplicaSet, RevisionKind::ControllerRevision];
        kinds.into_iter().all(|kind| {
            let namespace = namespace.clone();
            self.get(&RevisionList { namespace, kind }) == Some(&Lookback::Known)
        })
    }

    /// What could not be read, and why.
    pub fn problems(&self) -> impl Iterator<Item = Outside> {
        self.0.iter().filter_map(|(list, lookback)| match lookback {
            Lookback::NotKnown(problem) => {
                let (namespace, why) = (list.namespace.raw(), problem.what.raw());
                let kind = list.kind.kind().word();
                Some(format!("{kind}s of {namespace} before that: not known ({why})").into())
            }
            Lookback::Wanted | Lookback::Asked | Lookback::Known | Lookback::InPart => None,
        })
    }
}
