//! Which documents fit an alert or a workload, and why. It looks at the given index alone: nothing is fetched.

mod address;

use std::collections::BTreeSet;

use serde::Serialize;
use text::{Outside, fits};

use crate::Runbook;
use address::{document_key, document_name};

pub use address::{UrlRewrite, percent_decoded};

/// The annotation by which a workload names its document.
pub const WORKLOAD_ANNOTATION: &str = "watchfloor/runbook";

/// A document that can be found, without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexedRunbook {
    /// Which of the folders it stands in.
    pub folder: usize,
    /// Below that folder, with `/` between its parts.
    pub path: Outside,
    pub title: Option<Outside>,
    pub matches: Vec<(Outside, Vec<Outside>)>,
}

/// What a document is looked for by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RunbookQuestion {
    /// The alert's name; the label `alertname` says the same.
    pub alert: Option<Outside>,
    /// Of the alert and of the workload: a name may stand there more than once.
    pub labels: Vec<(Outside, Outside)>,
    /// The alert's annotations `runbook_url` and `runbook`.
    pub addresses: Vec<Outside>,
    /// The workload's annotation [`WORKLOAD_ANNOTATION`].
    pub workload: Option<Outside>,
}

/// Why a document fits, the surest reason first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoundBy {
    AlertName,
    /// A rewrite rule, or an address that is a path.
    Address,
    /// The last part of the address alone.
    AddressEnd,
    Workload,
    /// The labels that its front matter asks for.
    Labels(Vec<Outside>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRunbook {
    /// Its place in the index.
    pub document: usize,
    pub by: FoundBy,
    /// The heading that the address leads to.
    pub anchor: Option<Outside>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunbookSearch {
    /// The best first, each document once.
    pub found: Vec<FoundRunbook>,
    /// Everything that was looked for, in words.
    pub looked_for: Vec<Outside>,
}

impl IndexedRunbook {
    pub fn new(folder: usize, path: impl Into<Outside>, runbook: &Runbook) -> IndexedRunbook {
        IndexedRunbook {
            folder,
            path: path.into(),
            title: runbook.title.clone(),
            matches: runbook.front_matter.matches.clone(),
        }
    }

    /// The labels that its front matter asks for, when all of them fit.
    fn fitting(&self, labels: &[(Outside, Outside)]) -> Option<Vec<Outside>> {
        let fits_one = |(label, patterns): &(Outside, Vec<Outside>)| {
            let mut given = labels
                .iter()
                .filter(|(name, value)| name == label && !value.is_empty())
                .map(|(_, value)| value.raw());
            // A label without a value in the front matter has to be there, whatever it says.
            patterns.is_empty() && given.clone().next().is_some()
                || given.any(|value| patterns.iter().any(|pattern| fits(pattern.raw(), value)))
        };
        let is_fitting = !self.matches.is_empty() && self.matches.iter().all(fits_one);
        is_fitting.then(|| {
            self.matches
                .iter()
                .map(|(label, _)| label.clone())
                .collect()
        })
    }
}

impl RunbookQuestion {
    fn alert_name(&self) -> Option<&Outside> {
        let of_label = || {
            let named = self
                .labels
                .iter()
                .find(|(name, _)| name.raw() == "alertname");
            named.map(|(_, value)| value)
        };
        self.alert.as_ref().or_else(of_label)
    }
}

impl FoundBy {
    /// In words for a person. It may hold text of the document.
    pub fn words(&self) -> Outside {
        match self {
            FoundBy::AlertName => "its file name is the alert's".into(),
            FoundBy::Address => "named by the alert's runbook_url".into(),
            FoundBy::AddressEnd => "its file name ends the alert's runbook_url".into(),
            FoundBy::Workload => format!("named by the workload's {WORKLOAD_ANNOTATION}").into(),
            FoundBy::Labels(labels) => {
                let names: Vec<&str> = labels.iter().map(Outside::raw).collect();
                format!("labels match: {}", names.join(", ")).into()
            }
        }
    }
}

/// The documents that fit, the best first.
pub fn find(
    index: &[IndexedRunbook],
    rewrites: &[UrlRewrite],
    question: &RunbookQuestion,
) -> RunbookSearch {
    let mut finder = Finder {
        index,
        seen: BTreeSet::new(),
        search: RunbookSearch::default(),
    };
    if let Some(alert) = question.alert_name() {
        finder.alert(alert.raw());
    }
    for address in &question.addresses {
        finder.address(address.raw(), rewrites);
    }
    if let Some(path) = &question.workload {
        finder.workload(path.raw());
    }
    if !question.labels.is_empty() {
        finder.labels(&question.labels);
    }
    finder.search
}

struct Finder<'i> {
    index: &'i [IndexedRunbook],
    seen: BTreeSet<usize>,
    search: RunbookSearch,
}

impl Finder<'_> {
    fn look(&mut self, words: String) {
        self.search.looked_for.push(words.into());
    }

    fn add(&mut self, by: &FoundBy, anchor: Option<&str>, fits: impl Fn(&IndexedRunbook) -> bool) {
        for (document, _) in self.index.iter().enumerate().filter(|(_, one)| fits(one)) {
            if self.seen.insert(document) {
                self.search.found.push(FoundRunbook {
                    document,
                    by: by.clone(),
                    anchor: anchor.map(Outside::from),
                });
            }
        }
    }

    fn alert(&mut self, alert: &str) {
        let name = letters(alert);
        if name.is_empty() {
            return;
        }
        self.look(format!("a file named {alert}.md, in any spelling"));
        let is_named = |document: &IndexedRunbook| {
            document_name(document.path.raw()).is_some_and(|found| letters(&found) == name)
        };
        let is_exact = |document: &IndexedRunbook| {
            document_name(document.path.raw()).is_some_and(|found| found == alert)
        };
        self.add(&FoundBy::AlertName, None, is_exact);
        self.add(&FoundBy::AlertName, None, is_named);
    }

    fn address(&mut self, address: &str, rewrites: &[UrlRewrite]) {
        let read = address::read(address, rewrites);
        for path in &read.paths {
            self.look(format!("{path}, which stands for {address}"));
            self.add_at(path, &FoundBy::Address, read.anchor);
        }
        if let Some(name) = read
            .end
            .map(|end| letters(&end))
            .filter(|name| !name.is_empty())
        {
            self.look(format!("a file named as {address} ends"));
            self.add(&FoundBy::AddressEnd, read.anchor, |document| {
                document_name(document.path.raw()).is_some_and(|found| letters(&found) == name)
            });
        }
    }

    fn workload(&mut self, path: &str) {
        self.look(format!("{path}, of the workload's {WORKLOAD_ANNOTATION}"));
        let (path, anchor) = path.split_once('#').unwrap_or((path, ""));
        self.add_at(path, &FoundBy::Workload, Some(anchor));
    }

    fn add_at(&mut self, path: &str, by: &FoundBy, anchor: Option<&str>) {
        let Some(key) = document_key(path) else {
            return;
        };
        let anchor = anchor.filter(|anchor| !anchor.is_empty());
        self.add(by, anchor, |document| {
            document_key(document.path.raw()).as_ref() == Some(&key)
        });
    }

    fn labels(&mut self, labels: &[(Outside, Outside)]) {
        let names: BTreeSet<&str> = labels.iter().map(|(name, _)| name.raw()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        self.look(format!("front matter that matches {}", names.join(", ")));
        let mut fitting: Vec<(usize, Vec<Outside>)> = self
            .index
            .iter()
            .enumerate()
            .filter_map(|(document, one)| Some((document, one.fitting(labels)?)))
            .collect();
        // Who asks for more labels knows the case better.
        fitting.sort_by_key(|(document, labels)| (std::cmp::Reverse(labels.len()), *document));
        for (document, labels) in fitting {
            if self.seen.insert(document) {
                self.search.found.push(FoundRunbook {
                    document,
                    by: FoundBy::Labels(labels),
                    anchor: None,
                });
            }
        }
    }
}

/// `HighErrorRate`, `high-error-rate` and `higherrorrate` are one name.
fn letters(name: &str) -> String {
    name.chars()
        .filter(|one| one.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
