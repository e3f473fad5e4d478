//! How many lines of documents are understood, and why others are not.

use std::collections::BTreeMap;

use crate::Runbook;
use crate::bind::{Values, bind};
use crate::bound::bound_by;
use crate::command::StepClass;
use crate::placeholder::PlaceholderKind;
use crate::step::{RunbookStep, StepRunner};

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
    /// Those of them whose values the document gives, or says where they come from.
    pub given: usize,
    /// Steps that take values of the kinds that they ask for.
    pub bound: usize,
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
            let is_given = |one| bound_by(runbook, one).is_some();
            self.given += usize::from(
                !step.placeholders.is_empty() && step.placeholders.iter().all(is_given),
            );
            let is_known = step.class <= StepClass::Http;
            self.known_programs += usize::from(is_known);
            self.native_of_known += usize::from(is_known && step.runner() == StepRunner::Console);
            match bind(step, &sample(step)) {
                Ok(_) => self.bound += 1,
                Err(fault) if step.runner() <= StepRunner::GuardedProcess => {
                    *self
                        .reasons
                        .entry(format!("not bound: {fault}"))
                        .or_default() += 1;
                }
                Err(_) => {}
            }
            if let Some(reason) = step.reason() {
                *self.reasons.entry(reason).or_default() += 1;
            }
        }
    }
}

/// A value of the right kind for every placeholder.
fn sample(step: &RunbookStep) -> Values {
    let value = |kind| match kind {
        PlaceholderKind::Number => "1",
        PlaceholderKind::Url => "http://a.test",
        PlaceholderKind::Namespace
        | PlaceholderKind::Pod
        | PlaceholderKind::Deployment
        | PlaceholderKind::StatefulSet
        | PlaceholderKind::DaemonSet
        | PlaceholderKind::Service
        | PlaceholderKind::Node
        | PlaceholderKind::Container
        | PlaceholderKind::Object
        | PlaceholderKind::Context
        | PlaceholderKind::Host
        | PlaceholderKind::Version
        | PlaceholderKind::Secret
        | PlaceholderKind::Free => "web-0",
    };
    let placeholders = step.placeholders.iter();
    placeholders
        .map(|one| (one.key.clone(), value(one.kind).to_owned()))
        .collect()
}
