//! Services, endpoints and nodes for a console under test.

use model::cluster::Health;
use model::endpoints::{Endpoint, EndpointSliceRow};
use model::message::{ClusterMsg, Msg, ServingNews, WatchChange};
use model::nodes::NodeRow;
use model::pods::Condition;
use model::services::ServiceRow;

use super::console::Console;
use super::fixtures::ago;

/// Service `shop/<app>` that selects `app=<app>`.
pub fn service(app: &str) -> ServiceRow {
    ServiceRow {
        uid: format!("service-{app}").into(),
        namespace: "shop".into(),
        name: app.into(),
        resource_version: Some(1),
        selector: Box::new([("app".into(), app.into())]),
        is_external: false,
    }
}

/// The endpoints of that Service: pods by name, and whether each is ready.
pub fn slice(app: &str, pods: &[(&str, bool)]) -> EndpointSliceRow {
    let endpoint = |(pod, is_ready): &(&str, bool)| Endpoint {
        pod: Some((*pod).into()),
        is_ready: *is_ready,
    };
    EndpointSliceRow {
        uid: format!("slice-{app}").into(),
        namespace: "shop".into(),
        name: format!("{app}-x1").into(),
        resource_version: Some(1),
        service: Some(app.into()),
        address_type: "IPv4".into(),
        endpoints: pods.iter().map(endpoint).collect(),
    }
}

/// A node, ready or not since 4 min, under these pressures.
pub fn node(name: &str, is_ready: bool, pressures: &[&str]) -> NodeRow {
    NodeRow {
        uid: format!("node-{name}").into(),
        name: name.into(),
        resource_version: Some(1),
        ready: Some(Condition {
            is_true: is_ready,
            since: ago(240),
            reason: None,
            message: None,
        }),
        pressures: pressures.iter().map(|name| (*name).into()).collect(),
        is_cordoned: false,
    }
}

impl Console {
    pub fn services(&mut self, rows: Vec<ServiceRow>) {
        self.whole(rows, ServingNews::Services);
    }

    pub fn endpoints(&mut self, rows: Vec<EndpointSliceRow>) {
        self.whole(rows, ServingNews::Endpoints);
    }

    pub fn nodes(&mut self, rows: Vec<NodeRow>) {
        self.whole(rows, ServingNews::Nodes);
    }

    /// A complete list, and live from then on.
    fn whole<R>(&mut self, rows: Vec<R>, news: fn(WatchChange<R>) -> ServingNews) {
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
            self.serving(news(change));
        }
    }

    pub fn serving(&mut self, news: ServingNews) {
        let epoch = self.model.cluster.epoch;
        self.send(Msg::Cluster(ClusterMsg::Serving { epoch, news }));
    }
}
