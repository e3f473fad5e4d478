//! The only place where state changes: `update`, and what should run (`wants`) and wake (`next_wake`) because of it.
//! Reads no clock, rolls no dice, awaits nothing.

mod alerts;
mod backfill;
mod blind;
mod changes;
mod cluster;
mod input;
mod leaving;
mod list;
mod logs;
mod mouse;
mod observe;
mod overlay;
mod pane;
mod refusal;
mod rollouts;
mod runbook;
mod serving;
mod timeline;
mod usage;
mod wake;
mod write;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use wake::next_wake;

use model::Model;
use model::cluster::{Kind, Scope};
use model::message::{Effect, Msg, Want, Watch};
use model::time::At;

/// Takes one message into the state and says what is to be done once because of it.
pub fn update(model: &mut Model, at: At, msg: Msg) -> Vec<Effect> {
    model.now = at;
    let touched = observe::touched(&msg);
    let noticed = changes::notice(model, &msg);
    logs::on_pods(model, &msg);
    let mut effects = match msg {
        Msg::Input(input) => input::update(model, input),
        Msg::Cluster(msg) => cluster::update(model, msg),
        Msg::Store(msg) => {
            let mut effects = write::on_store(model, &msg);
            effects.extend(timeline::update(model, msg));
            effects
        }
        Msg::Write(msg) => write::update(model, msg),
        Msg::Alerts(msg) => alerts::update(model, msg),
        Msg::Logs(msg) => logs::update(model, msg),
        Msg::Runbook(msg) => runbook::update(model, msg),
        Msg::Tick => Vec::new(),
    };
    effects.extend(write::settle(model));
    if let Some(leaving) = effects.iter().position(|effect| *effect == Effect::Quit) {
        effects.splice(leaving..leaving, timeline::on_leaving(model));
    }
    effects.extend(observe::update(model, touched));
    effects.extend(changes::update(model, noticed));
    alerts::settle(model);
    effects.extend(blind::update(model));
    effects.extend(pane::settle(model));
    effects.extend(observe::settle(model));
    usage::settle(model);
    runbook::settle(model);
    wake::settle(model);
    effects
}

/// What is still to be done when the console ends without being asked to, by a signal or a lost terminal.
pub fn leave(model: &mut Model, at: At) -> Vec<Effect> {
    model.now = at;
    timeline::on_leaving(model)
}

/// Every watch that should run now.
pub fn wants(model: &Model) -> BTreeSet<Want> {
    const TABLES: [Kind; 5] = [
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Event,
    ];
    let cluster = &model.cluster;
    let scoped = |kind| Watch::Table(kind, cluster.scope.clone());
    let mut watches: Vec<Watch> = TABLES.map(scoped).into();
    // The pods come first: what is asked beside them before they are there delays them.
    if cluster.pods.is_complete || cluster.pods.health.problem().is_some() {
        watches.extend([Kind::Service, Kind::EndpointSlice].map(scoped));
        watches.push(Watch::Table(Kind::Node, Scope::All));
        let read = [Kind::ConfigMap, Kind::Secret, Kind::HorizontalPodAutoscaler];
        watches.extend(read.map(scoped));
    }
    watches.extend(usage::shown(model).into_iter().map(Watch::Usage));
    watches.extend(overlay::watches(model));
    let all_namespaces = Watch::Table(Kind::Namespace, Scope::All);
    if cluster.pods.is_complete && !watches.contains(&all_namespaces) {
        watches.push(scoped(Kind::Namespace));
    }
    let context: Arc<str> = cluster.context.raw().into();
    let want = |what, epoch| Want {
        context: Arc::clone(&context),
        what,
        epoch,
    };
    let watches = watches.into_iter().map(|what| want(what, cluster.epoch));
    let logs = model.logs.followed.iter().chain(&model.logs.set_aside);
    let logs = logs.cloned();
    let logs = logs.map(|follow| want(Watch::Logs(follow), model.logs.session));
    watches
        .chain(logs)
        .chain([want(Watch::Alerts, 0)])
        .collect()
}
