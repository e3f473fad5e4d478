//! Keys in the pods pane.

use super::{PaneInput, Sorting};
use crate::list::succession::{self, Kinship};
use crate::list::{self, Move};
use crate::refusal;
use ::runbook::RunbookQuestion;
use model::cluster::ObjectRef;
use model::filter::Filter;
use model::link::{self, Subject};
use model::message::Effect;
use model::pod_list::{self, PodColumn};
use model::pods::PodRow;
use model::runbook;
use model::screen::{DetailPage, Pane, Screen};
use model::sick::Circumstances;
use model::table::Standing;
use model::time::{At, Seconds};
use model::watched::{Cluster, DetailSeen};
use model::{Model, sick};
use view::layout;

pub(super) struct Pods;

impl PaneInput for Pods {
    fn step(&self, model: &mut Model, by: Move) -> Vec<Effect> {
        let height = height(model);
        let (list, table) = (&mut model.screen.pods, &model.cluster.pods.table);
        list::step(list, table, height, by);
        Vec::new()
    }

    fn open(&self, model: &mut Model) -> Vec<Effect> {
        if let Some(object) = selected(model).map(PodRow::object) {
            model.cluster.detail = Some(DetailSeen::new(object.clone()));
            model.screen.lay(DetailPage { object, top: 0 });
        }
        Vec::new()
    }

    fn copy(&self, model: &mut Model) -> Vec<Effect> {
        let Some(name) = selected(model).map(|pod| pod.name.clone()) else {
            return Vec::new();
        };
        model.say("copied the pod's name");
        vec![Effect::Copy(name)]
    }

    fn search(&self, model: &mut Model, is_forward: bool) -> Vec<Effect> {
        let (height, now) = (height(model), Seconds::from(model.server_now()));
        let (list, table) = (&mut model.screen.pods, &model.cluster.pods.table);
        let is_sick = is_sick(&model.cluster, now);
        if !list::search(list, table, height, is_forward, is_sick) {
            model.say("no sick pod here");
        }
        Vec::new()
    }

    fn filter<'a>(&self, model: &'a Model) -> &'a Filter {
        &model.screen.pods.filter
    }

    fn set_filter(&self, model: &mut Model, filter: Filter) {
        model.screen.pods.filter = filter;
        reorder(model);
    }

    fn sort(&self, model: &mut Model, sorting: Sorting) {
        let list = &mut model.screen.pods;
        match sorting {
            Sorting::Next => list.sort = (list.sort + 1) % PodColumn::ALL.len(),
            Sorting::Reverse => list.is_reversed = !list.is_reversed,
        }
        reorder(model);
    }

    fn subject(&self, model: &mut Model) -> Option<Subject> {
        let pod = selected(model)?.clone();
        Some(link::of_pod(&pod, &model.cluster))
    }

    fn object(&self, model: &mut Model) -> Option<ObjectRef> {
        selected(model).map(PodRow::object)
    }

    fn question(&self, model: &mut Model) -> Option<RunbookQuestion> {
        // Documents can be read where nothing is selected, too.
        if model.cluster.pods.table.is_empty() {
            return Some(RunbookQuestion::default());
        }
        let pod = selected(model)?.clone();
        Some(runbook::of_pod(&pod, model))
    }

    fn narrowed(&self, model: &mut Model) {
        reorder(model);
    }

    /// Recomputes the rows whose time has come, holds the order still after a key, and keeps the cursor's place.
    fn settle(&self, model: &mut Model) -> Vec<Effect> {
        let (moment, is_holding) = (
            Seconds::from(model.server_now()),
            model.screen.is_holding(model.now),
        );
        let (pods, circumstances) = model.cluster.pods_to_judge();
        let stand = standing(&model.screen, circumstances, moment);
        pods.table.refresh_due(moment, stand);
        pods.table.hold(is_holding);
        let height = height(model);
        keep_cursor(model, height, moment);
        show_names(model, height);
        Vec::new()
    }

    fn next_due(&self, model: &Model) -> Option<At> {
        let due = model.cluster.pods.table.next_due()?;
        let wait_ms = due.unix().saturating_mul(1_000) - model.server_now().timestamp_millis();
        Some(model.now.plus_ms(u64::try_from(wait_ms).unwrap_or(0)))
    }

    /// An age under a minute shows seconds.
    fn shows_seconds(&self, model: &Model) -> bool {
        let (list, table) = (&model.screen.pods, &model.cluster.pods.table);
        let height = height(model);
        let top = list.top_line(table, height);
        let now = model.server_now();
        let is_young =
            |moment: Option<Seconds>| moment.is_some_and(|moment| moment.age_s(now) < 60);
        let nodes = model.cluster.serving.sick_nodes();
        let is_node_young = nodes
            .filter_map(|node| node.ready.as_ref())
            .any(|ready| is_young(ready.since));
        is_node_young
            || (top..top + height)
                .filter_map(|line| table.row_at(line))
                .any(|(pod, _)| is_young(pod.created) || is_young(sick::restarts(pod).1))
    }
}

fn height(model: &Model) -> usize {
    usize::from(layout::of(model).pods_body().height)
}

/// The columns follow the names on the screen.
fn show_names(model: &mut Model, height: usize) {
    let is_typing = model.screen.is_filtering(Pane::Pods);
    let asked = (model.cluster.epoch, model.screen.size);
    let (list, table) = (&mut model.screen.pods, &model.cluster.pods.table);
    let lines = list.top..list.top + height;
    let shown = lines.map_while(|line| table.row_at(line));
    list.show_names(
        asked,
        is_typing,
        shown.map(|(pod, _)| (&pod.namespace, &pod.name)),
    );
}

/// How a pod stands in the pane at a moment.
pub(crate) fn standing<'a>(
    screen: &'a Screen,
    circumstances: Circumstances<'a>,
    now: Seconds,
) -> impl FnMut(&PodRow) -> Standing + 'a {
    let (list, subject) = (&screen.pods, screen.subject_of(Pane::Pods));
    let column = PodColumn::of(list);
    let narrowing = (&list.filter, subject);
    move |row| pod_list::stand(row, column, narrowing, &circumstances, now)
}

/// Sorts and filters the pods anew.
fn reorder(model: &mut Model) {
    let now = Seconds::from(model.server_now());
    let is_reversed = model.screen.pods.is_reversed;
    let (pods, circumstances) = model.cluster.pods_to_judge();
    let stand = standing(&model.screen, circumstances, now);
    pods.table.reorder(is_reversed, stand);
    list::begin_anew(&mut model.screen.pods, &model.cluster.pods.table);
}

fn keep_cursor(model: &mut Model, height: usize, now: Seconds) {
    let kinship = Kinship {
        title: |pod: &PodRow| pod.name.raw(),
        kin: |pod| pod.workload().map(|(_, name)| name),
        gone: "is gone",
    };
    let (list, table) = (&mut model.screen.pods, &model.cluster.pods.table);
    let told = succession::follow(list, table, (height, model.now), &kinship);
    succession::tell(model, told);
    let is_sick = is_sick(&model.cluster, now);
    // While the list is read the worst may still come.
    let is_wanted = |pod: &PodRow| model.cluster.pods.is_complete && is_sick(pod);
    let (list, table) = (&mut model.screen.pods, &model.cluster.pods.table);
    list::keep_cursor(list, table, height, is_wanted);
}

fn is_sick(cluster: &Cluster, now: Seconds) -> impl Fn(&PodRow) -> bool + '_ {
    let circumstances = cluster.circumstances();
    move |pod| sick::diagnose(pod, &circumstances, now).sickness.is_some()
}

/// The selected pod; `None` when it has said why there is none.
pub(crate) fn selected(model: &mut Model) -> Option<&PodRow> {
    let height = height(model);
    let (list, table) = (&mut model.screen.pods, &model.cluster.pods.table);
    match list::pointed(list, table, height) {
        Ok(uid) => model.cluster.pods.table.get(&uid),
        Err(why) => {
            let words = refusal::unselected(model, "pod", why);
            model.say(words);
            None
        }
    }
}
