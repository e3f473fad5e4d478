//! Services and endpoints as the watches tell them, into what follows from them.

use super::cluster::apply;
use model::endpoints::EndpointSliceRow;
use model::message::WatchChange;
use model::meta::Uid;
use model::services::ServiceRow;
use model::serving::{Name, Serving};
use model::table::by_name;

pub(super) fn services(serving: &mut Serving, change: WatchChange<ServiceRow>) {
    let (named, is_whole) = (named(&change, of_service), is_whole(&change));
    apply(&mut serving.services, change, by_name);
    for (uid, name) in named {
        serving.place_service(&uid, name);
    }
    if is_whole {
        serving.forget_gone();
    }
}

pub(super) fn endpoints(serving: &mut Serving, change: WatchChange<EndpointSliceRow>) {
    let (named, is_whole) = (named(&change, of_slice), is_whole(&change));
    apply(&mut serving.endpoints, change, by_name);
    for (uid, name) in named {
        serving.place_slice(&uid, name);
    }
    if is_whole {
        serving.forget_gone();
    }
}

fn of_service(row: &ServiceRow) -> (Uid, Option<Name>) {
    let name = (row.namespace.clone(), row.name.clone());
    (row.uid.clone(), Some(name))
}

fn of_slice(row: &EndpointSliceRow) -> (Uid, Option<Name>) {
    let service = row.service.clone();
    let name = service.map(|service| (row.namespace.clone(), service));
    (row.uid.clone(), name)
}

/// What a change says of names: those of its rows, and nothing of what is gone.
fn named<R>(
    change: &WatchChange<R>,
    name: impl Fn(&R) -> (Uid, Option<Name>),
) -> Vec<(Uid, Option<Name>)> {
    let WatchChange::Batch { rows, gone, .. } = change else {
        return Vec::new();
    };
    let gone = gone.iter().map(|uid| (uid.clone(), None));
    rows.iter().map(name).chain(gone).collect()
}

fn is_whole<R>(change: &WatchChange<R>) -> bool {
    matches!(change, WatchChange::Synced { .. })
}
