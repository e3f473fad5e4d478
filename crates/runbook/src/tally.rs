//! How many lines of documents are understood, and why others are not.

use std::collections::BTreeMap;

use crate::Runbook;
use crate::command::StepClass;
use crate::step::StepRunner;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub documents: usize,
    pub steps: usize,
    pub by_class: BTreeMap<StepClass, usize>,
    pub by_runner: BTreeMap<StepRunner, usize>,
    /// Lines of kubectl, docker, compose and curl, and how many of them are native.
    pub known_programs: usize,
    pub native_of_known: usize,
    pub with_placeholders: usize,
    /// Why lines are refused, or are left to a process.
    pub reasons: BTreeMap<String, usize>,
}

impl Tally {
    pub fn add(&mut self, runbook: &Runbook) {
        self.documents += 1;
        for step in &runbook.steps {
            self.steps += 1;
            *self.by_class.entry(step.class).or_default() += 1;
            *self.by_runner.entry(step.runner()).or_default() += 1;
            self.with_placeholders += usize::from(!step.placeholders.is_empty());
            let is_known = step.class <= StepClass::Http;
            self.known_programs += usize::from(is_known);
            self.native_of_known += usize::from(is_known && step.runner() == StepRunner::Console);
            if let Some(reason) = step.reason() {
                *self.reasons.entry(reason).or_default() += 1;
            }
        }
    }
}
