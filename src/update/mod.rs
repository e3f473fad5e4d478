//! The only place where state changes: `update`, and what should run (`wants`) and wake (`next_wake`) because of it.
//! Reads no clock, rolls no dice, awaits nothing.

mod alerts;
mod backfill;
mod cluster;
mod input;
mod list;
mod logs;
mod note;
mod observe;
mod overlay;
mod palette;
mod pane;
mod rollouts;
mod scales;
mod serving;
mod timeline;
mod wake;
mod write;
mod yaml;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use wake::next_wake;

use crate::message::{Effect, Msg, ServingPart, Want};
use crate::model::Model;
use crate::model::screen::{Overlay, Picked};
use crate::model::time::At;

/// Takes one message into the state and says what is to be done once because of it.
pub fn update(model: &mut Model, at: At, msg: Msg) -> Vec<Effect> {
    model.now = at;
    let touched = observe::touched(&msg);
    logs::hear(model, &msg);
    let mut effects = match msg {
        Msg::Input(input) => input::update(model, input),
        Msg::Cluster(msg) => cluster::update(model, msg),
        Msg::Store(msg) => {
            let mut effects = write::hear_store(model, &msg);
            effects.extend(timeline::update(model, msg));
            effects
        }
        Msg::Write(msg) => write::update(model, msg),
        Msg::Alerts(msg) => alerts::update(model, msg),
        Msg::Logs(msg) => logs::update(model, msg),
        Msg::Tick => Vec::new(),
    };
    effects.extend(write::settle(model));
    if let Some(leaving) = effects.iter().position(|effect| *effect == Effect::Quit) {
        effects.splice(leaving..leaving, timeline::farewell(model));
    }
    effects.extend(observe::update(model, touched));
    alerts::settle(model);
    effects.extend(pane::settle(model));
    effects.extend(observe::settle(model));
    wake::settle(model);
    effects
}

/// What is still to be done when the console ends without being asked to, by a signal or a lost terminal.
pub fn leave(model: &mut Model, at: At) -> Vec<Effect> {
    model.now = at;
    timeline::farewell(model)
}

/// Every watch that should run now.
pub fn wants(model: &Model) -> BTreeSet<Want> {
    let cluster = &model.cluster;
    let context: Arc<str> = cluster.context.raw().into();
    let (scope, epoch) = (cluster.scope.clone(), cluster.epoch);
    let details = model
        .screen
        .overlays
        .iter()
        .filter_map(|overlay| match overlay {
            Overlay::Detail { object, .. } => Some(Want::Detail {
                context: context.clone(),
                object: object.clone(),
                epoch,
            }),
            Overlay::Help { .. }
            | Overlay::Diff(_)
            | Overlay::Entry { .. }
            | Overlay::Alert { .. }
            | Overlay::Yaml(_)
            | Overlay::Filter { .. }
            | Overlay::Picker(_)
            | Overlay::Palette(_)
            | Overlay::Note(_)
            | Overlay::Incident(_)
            | Overlay::Dialog(_) => None,
        });
    let namespaces = model.screen.overlays.iter().any(|overlay| match overlay {
        Overlay::Picker(picker) => picker.what == Picked::Namespace,
        Overlay::Palette(_) => true,
        _ => false,
    });
    let namespaces = namespaces.then(|| Want::Namespaces {
        context: context.clone(),
        epoch,
    });
    let tables = [
        Want::Pods {
            context: context.clone(),
            scope: scope.clone(),
            epoch,
        },
        Want::Deployments {
            context: context.clone(),
            scope: scope.clone(),
            epoch,
        },
        Want::StatefulSets {
            context: context.clone(),
            scope: scope.clone(),
            epoch,
        },
        Want::DaemonSets {
            context: context.clone(),
            scope: scope.clone(),
            epoch,
        },
        Want::Warnings {
            context: context.clone(),
            scope: scope.clone(),
            epoch,
        },
        Want::Alerts {
            context: context.clone(),
        },
    ];
    // The pods come first: what is asked beside them before they are there delays them.
    let is_after_pods = cluster.pods.is_complete || cluster.pods.health.problem().is_some();
    let serving = ServingPart::ALL.map(|part| Want::Serving {
        part,
        context: context.clone(),
        scope: scope.clone(),
        epoch,
    });
    tables
        .into_iter()
        .chain(logs::wants(model, &context))
        .chain(details)
        .chain(namespaces)
        .chain(serving.into_iter().filter(|_| is_after_pods))
        .collect()
}
