//! A team's document while somebody reads it: what was found, its rows, where the reader is, what is searched.

mod arrange;
mod question;
mod sheet;
mod spans;
mod steps;
mod table;
mod wrap;

use ::runbook::Runbook;
use text::Outside;

use crate::filter::Filter;
use crate::message::{RunbookAnswer, RunbookOffer};

pub use question::{of_alert, of_pod, of_subject, of_workload};
pub use sheet::{RunbookHeading, RunbookInk, RunbookRow, RunbookSheet, RunbookSpot, RunbookText};

/// A document over the panes.
#[derive(Clone, Debug)]
pub struct RunbookPage {
    /// The answer that it waits for, or waited for.
    pub request: u32,
    pub stage: RunbookStage,
    pub search: Filter,
    /// Lines of the sheet that match.
    pub matches: Vec<usize>,
    /// The match under the reader's eye.
    pub found: Option<usize>,
    /// The first row shown.
    pub top: RunbookSpot,
    /// The step under the cursor.
    pub step: Option<usize>,
    /// The headings are shown instead of the text, and this one is selected.
    pub heading: Option<usize>,
}

#[derive(Clone, Debug)]
pub enum RunbookStage {
    /// What fits is looked for.
    Looking,
    Reading(RunbookOffer),
    Open(Box<OpenRunbook>),
}

#[derive(Clone, Debug)]
pub struct OpenRunbook {
    pub offer: RunbookOffer,
    pub runbook: Runbook,
    pub sheet: RunbookSheet,
}

/// Several documents of which one is to be chosen.
#[derive(Clone, Debug)]
pub struct RunbookChoice {
    pub answer: RunbookAnswer,
    /// What was typed.
    pub text: String,
    /// Selected line among the matching ones.
    pub selected: usize,
}

impl RunbookPage {
    pub fn new(request: u32, stage: RunbookStage) -> RunbookPage {
        RunbookPage {
            request,
            stage,
            search: Filter::default(),
            matches: Vec::new(),
            found: None,
            top: RunbookSpot::default(),
            step: None,
            heading: None,
        }
    }

    pub fn open(&self) -> Option<&OpenRunbook> {
        match &self.stage {
            RunbookStage::Open(open) => Some(open),
            RunbookStage::Looking | RunbookStage::Reading(_) => None,
        }
    }

    pub fn sheet(&self) -> Option<&RunbookSheet> {
        self.open().map(|open| &open.sheet)
    }

    /// The document is there: as rows of so many columns.
    pub fn show(&mut self, offer: RunbookOffer, runbook: Runbook, columns: usize) {
        let sheet = RunbookSheet::new(&runbook, columns);
        let anchor = offer.anchor.as_ref();
        let heading = anchor.and_then(|anchor| sheet.heading_of(anchor.raw()));
        if let Some(heading) = heading {
            self.top = RunbookSpot::start(heading.line);
        }
        let open = OpenRunbook {
            offer,
            runbook,
            sheet,
        };
        self.stage = RunbookStage::Open(Box::new(open));
        self.step = self.step.filter(|step| self.has_step(*step));
        self.search_anew();
    }

    /// The rows follow the width; the reader stays at the same text.
    pub fn fit(&mut self, columns: usize) {
        if let RunbookStage::Open(open) = &mut self.stage
            && open.sheet.columns() != columns
        {
            open.sheet = RunbookSheet::new(&open.runbook, columns);
        }
    }

    /// What was typed, or the text, has changed.
    pub fn search_anew(&mut self) {
        let sheet = self.sheet();
        self.matches = sheet.map_or(Vec::new(), |sheet| sheet.matches(&self.search));
        let is_gone = |line: &usize| self.matches.binary_search(line).is_err();
        if self.found.as_ref().is_some_and(is_gone) {
            self.found = None;
        }
    }

    fn has_step(&self, step: usize) -> bool {
        self.open()
            .is_some_and(|open| step < open.runbook.steps.len())
    }
}

impl RunbookOffer {
    /// The title, else the path.
    pub fn name(&self) -> &Outside {
        let title = self.title.as_ref().filter(|title| !title.is_empty());
        title.unwrap_or(&self.file.path)
    }
}

impl RunbookChoice {
    pub fn new(answer: RunbookAnswer) -> RunbookChoice {
        RunbookChoice {
            answer,
            text: String::new(),
            selected: 0,
        }
    }

    /// What contains the words that were typed.
    pub fn offers(&self) -> Vec<&RunbookOffer> {
        let filter = Filter::parse(&self.text);
        let is_meant = |offer: &&RunbookOffer| {
            let texts = [Some(&offer.file.path), offer.title.as_ref()];
            filter.matches(&texts.into_iter().flatten().map(Outside::raw))
        };
        self.answer.offers.iter().filter(is_meant).collect()
    }
}

/// Where it was looked, for a sentence.
pub fn places(answer: &RunbookAnswer) -> Outside {
    let names: Vec<&str> = answer.folders.iter().map(Outside::raw).collect();
    names.join(", ").into()
}
