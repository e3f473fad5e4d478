//! Keys in the alerts pane.

use super::PaneInput;
use crate::list::succession::{self, Kinship};
use crate::list::{self, Move};
use crate::refusal;
use ::runbook::RunbookQuestion;
use keys::action::Action;
use model::Model;
use model::alert::{self, AlertRow};
use model::cluster::{Health, ObjectRef};
use model::filter::Filter;
use model::link::{self, Subject};
use model::message::Effect;
use model::runbook;
use model::screen::{AlertPage, Pane};
use view::layout;

/// An age that is shown in seconds.
const YOUNG_S: i64 = 60;

pub(super) struct Alerts;

impl PaneInput for Alerts {
    fn step(&self, model: &mut Model, by: Move) -> Vec<Effect> {
        let height = height(model);
        let (list, table) = (&mut model.screen.alerts, &model.alerts.watched.table);
        list::step(list, table, height, by);
        Vec::new()
    }

    fn open(&self, model: &mut Model) -> Vec<Effect> {
        if let Some(uid) = selected(model).map(|alert| alert.uid.clone()) {
            model.screen.lay(AlertPage { uid, top: 0 });
        }
        Vec::new()
    }

    fn copy(&self, model: &mut Model) -> Vec<Effect> {
        let Some(alert) = selected(model) else {
            return Vec::new();
        };
        let (what, text) = match (alert.runbook(), &alert.generator_url) {
            (Some(url), _) => ("the runbook's address", url.clone()),
            (None, Some(url)) => ("the query's address: it has no runbook", url.clone()),
            (None, None) => ("the alert's name: it has no runbook", alert.name.clone()),
        };
        model.say(format!("copied {what}"));
        vec![Effect::Copy(text)]
    }

    fn search(&self, model: &mut Model, is_forward: bool) -> Vec<Effect> {
        let height = height(model);
        let (list, table) = (&mut model.screen.alerts, &model.alerts.watched.table);
        if !list::search(list, table, height, is_forward, AlertRow::is_firing) {
            model.say("no firing alert here");
        }
        Vec::new()
    }

    fn filter<'a>(&self, model: &'a Model) -> &'a Filter {
        &model.screen.alerts.filter
    }

    fn set_filter(&self, model: &mut Model, filter: Filter) {
        model.screen.alerts.filter = filter;
        self.narrowed(model);
    }

    fn subject(&self, model: &mut Model) -> Option<Subject> {
        let alert = selected(model)?.clone();
        match link::of_alert(&alert.name, &alert.labels, &model.cluster) {
            Ok(subject) => Some(subject),
            Err(why) => {
                let open = model.key(Action::Open);
                model.say(format!(
                    "{}: {why}; {open} shows it whole",
                    alert.name.raw()
                ));
                None
            }
        }
    }

    /// What it is about, when that is one pod or one workload.
    fn object(&self, model: &mut Model) -> Option<ObjectRef> {
        let subject = self.subject(model)?;
        let object = link::object(&subject, &model.cluster);
        if object.is_none() {
            let words = format!(
                "{} is about more than one object, or one that is gone; {} narrows the panes to it",
                subject.title.raw(),
                model.key(Action::Link)
            );
            model.say(words);
        }
        object
    }

    fn question(&self, model: &mut Model) -> Option<RunbookQuestion> {
        // Documents can be read where nothing is selected, too.
        if model.alerts.watched.table.is_empty() {
            return Some(RunbookQuestion::default());
        }
        let alert = selected(model)?;
        Some(runbook::of_alert(alert))
    }

    fn narrowed(&self, model: &mut Model) {
        let filter = &model.screen.alerts.filter;
        let subject = model.screen.subject_of(Pane::Alerts);
        let stand = |alert: &AlertRow| alert::stand_alert(alert, filter, subject);
        model.alerts.watched.table.reorder(false, stand);
        list::begin_anew(&mut model.screen.alerts, &model.alerts.watched.table);
    }

    fn settle(&self, model: &mut Model) -> Vec<Effect> {
        let is_holding = model.screen.is_holding(model.now);
        model.alerts.watched.table.hold(is_holding);
        let height = height(model);
        let kinship = Kinship {
            title: |alert: &AlertRow| alert.name.raw(),
            kin: |_| None,
            gone: "is over",
        };
        let (list, table) = (&mut model.screen.alerts, &model.alerts.watched.table);
        let told = succession::follow(list, table, (height, model.now), &kinship);
        succession::tell(model, told);
        let (list, table) = (&mut model.screen.alerts, &model.alerts.watched.table);
        list::keep_cursor(list, table, height, AlertRow::is_firing);
        Vec::new()
    }

    fn shows_seconds(&self, model: &Model) -> bool {
        let (list, table) = (&model.screen.alerts, &model.alerts.watched.table);
        let height = height(model).max(1);
        let top = list.top_line(table, height);
        let is_young = |alert: &AlertRow| {
            alert
                .starts_at
                .is_some_and(|start| (model.alerts_now() - start).num_seconds() < YOUNG_S)
        };
        let is_counting = match &model.alerts.watched.health {
            Health::Stale { heard, .. } => heard
                .is_some_and(|heard| model.now.since_ms(heard) < YOUNG_S.unsigned_abs() * 1_000),
            _ => false,
        };
        is_counting
            || (top..top + height)
                .filter_map(|line| table.row_at(line))
                .any(|(alert, _)| is_young(alert))
    }
}

fn height(model: &Model) -> usize {
    usize::from(layout::of(model).body(Pane::Alerts).height)
}

/// The selected alert; `None` when it has said why there is none.
fn selected(model: &mut Model) -> Option<&AlertRow> {
    let height = height(model);
    let (list, table) = (&mut model.screen.alerts, &model.alerts.watched.table);
    match list::pointed(list, table, height) {
        Ok(uid) => model.alerts.watched.table.get(&uid),
        Err(why) => {
            let words = refusal::unselected(model, "alert", why);
            model.say(words);
            None
        }
    }
}
