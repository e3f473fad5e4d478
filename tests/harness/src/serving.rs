//! Services, endpoints and nodes for a console under test.

use std::num::NonZeroU64;

use model::cluster::Health;
use model::endpoints::{Endpoint, EndpointSliceRow};
use model::events::EventRow;
use model::message::{TableChange, WatchChange};
use model::meta::Meta;
use model::nodes::NodeRow;
use model::pods::Condition;
use model::services::{ServicePort, ServiceRow};

use super::console::Console;
use super::fixtures::ago;

/// Service `shop/<app>` that selects `app=<app>`.
pub fn service(app: &str) -> ServiceRow {
    ServiceRow {
        meta: Meta {
            uid: format!("service-{app}").into(),
            namespace: "shop".into(),
            name: app.into(),
            version: NonZeroU64::new(1),
            created: None,
        },
        selector: Box::new([("app".into(), app.into())]),
        is_external: false,
        ports: Box::new([port("", 80, "http")]),
    }
}

/// A port of a Service, whose containers call it `target`.
pub fn port(name: &str, number: i32, target: &str) -> ServicePort {
    ServicePort {
        name: name.into(),
        number,
        target: Some(target.into()),
    }
}

/// The endpoints of that Service, with its port: pods by name, and whether each is ready.
pub fn slice(app: &str, pods: &[(&str, bool)]) -> EndpointSliceRow {
    let endpoint = |(pod, is_ready): &(&str, bool)| Endpoint {
        pod: Some((*pod).into()),
        is_ready: *is_ready,
    };
    EndpointSliceRow {
        meta: Meta {
            uid: format!("slice-{app}").into(),
            namespace: "shop".into(),
            name: format!("{app}-x1").into(),
            version: NonZeroU64::new(1),
            created: None,
        },
        service: Some(app.into()),
        address_type: "IPv4".into(),
        ports: Box::new(["".into()]),
        endpoints: pods.iter().map(endpoint).collect(),
    }
}

/// A node, ready or not since 4 min, under these pressures.
pub fn node(name: &str, is_ready: bool, pressures: &[&str]) -> NodeRow {
    NodeRow {
        meta: Meta {
            uid: format!("node-{name}").into(),
            namespace: "".into(),
            name: name.into(),
            version: NonZeroU64::new(1),
            created: None,
        },
        ready: Some(Condition {
            is_true: is_ready,
            since: ago(240),
            reason: None,
            message: None,
        }),
        pressures: pressures.iter().map(|name| (*name).into()).collect(),
        is_cordoned: false,
        taints: Box::new([]),
        labels: Box::new([]),
    }
}

impl Console {
    pub fn services(&mut self, rows: Vec<ServiceRow>) {
        self.whole(rows, TableChange::Services);
    }

    pub fn endpoints(&mut self, rows: Vec<EndpointSliceRow>) {
        self.whole(rows, TableChange::EndpointSlices);
    }

    pub fn warnings(&mut self, rows: Vec<EventRow>) {
        self.whole(rows, TableChange::Warnings);
    }

    pub fn nodes(&mut self, rows: Vec<NodeRow>) {
        self.whole(rows, TableChange::Nodes);
    }

    /// A complete list, and live from then on.
    fn whole<R>(&mut self, rows: Vec<R>, table: fn(WatchChange<R>) -> TableChange) {
        let heard = self.at;
        let batch = WatchChange::Batch {
            rows,
            gone: Vec::new(),
            unreadable: Vec::new(),
        };
        for change in [
            WatchChange::Begin { generation: 1 },
            batch,
            WatchChange::Synced { generation: 1 },
            WatchChange::Health(Health::Live { heard }),
        ] {
            self.table(table(change));
        }
    }
}
