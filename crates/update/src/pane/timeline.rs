//! Keys in the timeline pane.

use super::{Handled, PaneInput, moved};
use crate::list::Move;
use crate::{refusal, timeline};
use keys::action::Action;
use model::Model;
use model::filter::Filter;
use model::link::Subject;
use model::message::Effect;
use model::screen::{EntryPage, Pane};
use view::layout;

pub(super) struct Timeline;

impl PaneInput for Timeline {
    fn step(&self, model: &mut Model, by: Move) -> Vec<Effect> {
        let height = usize::from(layout::of(model).body(Pane::Timeline).height);
        timeline::step(model, height, by)
    }

    fn open(&self, model: &mut Model) -> Vec<Effect> {
        if let Some(id) = timeline::selected(model) {
            model.screen.lay(EntryPage { id, top: 0 });
        }
        Vec::new()
    }

    fn copy(&self, model: &mut Model) -> Vec<Effect> {
        timeline::copy(model)
    }

    fn search(&self, model: &mut Model, is_forward: bool) -> Vec<Effect> {
        super::of(Pane::Pods).search(model, is_forward)
    }

    fn filter<'a>(&self, model: &'a Model) -> &'a Filter {
        &model.timeline.filter
    }

    fn set_filter(&self, model: &mut Model, filter: Filter) {
        model.timeline.filter = filter;
    }

    fn subject(&self, model: &mut Model) -> Option<Subject> {
        let words = format!(
            "the timeline narrows nothing; {}",
            refusal::to_objects(model)
        );
        model.say(words);
        None
    }

    fn act(&self, model: &mut Model, action: Action) -> Handled {
        match action {
            Action::Left | Action::Right | Action::LineStart => {
                let sideways = &mut model.timeline.sideways;
                *sideways = moved(*sideways, action);
                Handled::done()
            }
            _ => Handled::Ignored,
        }
    }

    fn release(&self, model: &mut Model) -> bool {
        model.timeline.cursor.take().is_some()
    }
}
