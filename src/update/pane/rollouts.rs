//! Keys in the rollouts pane.

use super::Keys;
use crate::message::Effect;
use crate::model::Model;
use crate::model::filter::Filter;
use crate::model::link::Subject;
use crate::model::pods::Uid;
use crate::update::list::Move;

pub(super) struct Rollouts;

/// The selected workload, and the revision when the cursor is on one.
pub(in crate::update) fn selected(model: &mut Model) -> Option<(Uid, Option<Uid>)> {
    Rollouts.open(model);
    None
}

impl Keys for Rollouts {
    fn step(&self, _: &mut Model, _: Move) -> Vec<Effect> {
        Vec::new()
    }

    fn open(&self, model: &mut Model) -> Vec<Effect> {
        model.say("rollouts are not connected yet");
        Vec::new()
    }

    fn copy(&self, model: &mut Model) -> Vec<Effect> {
        self.open(model)
    }

    fn search(&self, model: &mut Model, _: bool) -> Vec<Effect> {
        self.open(model)
    }

    fn filter<'a>(&self, model: &'a Model) -> &'a Filter {
        &model.screen.rollouts.filter
    }

    fn set_filter(&self, model: &mut Model, filter: Filter) {
        model.screen.rollouts.filter = filter;
    }

    fn subject(&self, model: &mut Model) -> Option<Subject> {
        self.open(model);
        None
    }
}
