//! Is it serving? Ready endpoints for each Service, and nodes that fail or are pressed.
//! Says nothing of what was not read whole.

use std::collections::{BTreeMap, BTreeSet};

use super::cluster::{Health, Problem};
use super::endpoints::EndpointSliceRow;
use super::meta::Uid;
use super::nodes::NodeRow;
use super::services::{ServicePort, ServiceRow};
use super::watched::Watched;
use text::Outside;

/// Namespace and name of a Service.
pub type Name = (Outside, Outside);

/// Services, their endpoints and the nodes, with what follows from them.
#[derive(Clone, Debug, Default)]
pub struct Serving {
    pub services: Watched<ServiceRow>,
    pub endpoints: Watched<EndpointSliceRow>,
    pub nodes: Watched<NodeRow>,
    backings: BTreeMap<Name, Backing>,
    names: BTreeMap<Uid, Name>,
    unserved: BTreeSet<Name>,
}

/// What stands behind the name of a Service.
#[derive(Clone, Debug, Default)]
struct Backing {
    service: Option<Uid>,
    slices: BTreeSet<Uid>,
}

/// How many endpoints a Service has, and how many of them are ready.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Readiness {
    pub ready: usize,
    pub total: usize,
}

impl Serving {
    /// A Service was seen under this name, or is gone.
    pub fn place_service(&mut self, uid: &Uid, name: Option<Name>) {
        self.leave(uid);
        if let Some(name) = name {
            self.names.insert(uid.clone(), name.clone());
            self.backings.entry(name.clone()).or_default().service = Some(uid.clone());
            self.judge(&name);
        }
    }

    /// A slice was seen for the Service of this name, or is gone, or is nobody's.
    pub fn place_slice(&mut self, uid: &Uid, name: Option<Name>) {
        self.leave(uid);
        if let Some(name) = name {
            self.names.insert(uid.clone(), name.clone());
            let backing = self.backings.entry(name.clone()).or_default();
            backing.slices.insert(uid.clone());
            self.judge(&name);
        }
    }

    /// After a complete list: lets go what the tables do not have any more.
    pub fn forget_gone(&mut self) {
        let is_gone = |uid: &&Uid| {
            self.services.table.get(uid).is_none() && self.endpoints.table.get(uid).is_none()
        };
        let gone: Vec<Uid> = self.names.keys().filter(is_gone).cloned().collect();
        for uid in &gone {
            self.leave(uid);
        }
    }

    fn leave(&mut self, uid: &Uid) {
        let Some(name) = self.names.remove(uid) else {
            return;
        };
        if let Some(backing) = self.backings.get_mut(&name) {
            backing.slices.remove(uid);
            backing.service.take_if(|service| service == uid);
            if backing.service.is_none() && backing.slices.is_empty() {
                self.backings.remove(&name);
            }
        }
        self.judge(&name);
    }

    fn judge(&mut self, name: &Name) {
        let service = self.service(name);
        let is_unserved = service.is_some_and(ServiceRow::has_selector)
            && (self.readiness(name).ready == 0 || self.missing_ports(name).next().is_some());
        if is_unserved {
            self.unserved.insert(name.clone());
        } else {
            self.unserved.remove(name);
        }
    }

    /// The Service of this name.
    pub fn service(&self, name: &Name) -> Option<&ServiceRow> {
        let uid = self.backings.get(name)?.service.as_ref()?;
        self.services.table.get(uid)
    }

    /// The slices of a Service.
    pub fn slices(&self, name: &Name) -> impl Iterator<Item = &EndpointSliceRow> {
        let slices = self
            .backings
            .get(name)
            .into_iter()
            .flat_map(|backing| &backing.slices);
        slices.filter_map(|uid| self.endpoints.table.get(uid))
    }

    /// The endpoints of a Service; of two address families the one that has more. Ready is one that has a port of the Service, too.
    pub fn readiness(&self, name: &Name) -> Readiness {
        let ports = self.ports(name);
        let mut families: BTreeMap<&Outside, Readiness> = BTreeMap::new();
        for slice in self.slices(name) {
            let family = families.entry(&slice.address_type).or_default();
            family.total += slice.endpoints.len();
            if ports.is_empty() || ports.iter().any(|port| slice.ports.contains(&port.name)) {
                family.ready += slice.ready().count();
            }
        }
        let best = families.into_values();
        best.max_by_key(|family| (family.ready, family.total))
            .unwrap_or_default()
    }

    fn ports(&self, name: &Name) -> &[ServicePort] {
        self.service(name)
            .map_or(&[], |service| service.ports.as_ref())
    }

    /// The ports of a Service that none of its ready endpoints has; nothing while no endpoint is ready at all.
    pub fn missing_ports(&self, name: &Name) -> impl Iterator<Item = &ServicePort> {
        let offered: BTreeSet<&Outside> = self
            .slices(name)
            .filter(|slice| slice.ready().next().is_some())
            .flat_map(|slice| slice.ports.iter())
            .collect();
        let is_any_ready = self
            .slices(name)
            .any(|slice| slice.ready().next().is_some());
        let ports = if is_any_ready { self.ports(name) } else { &[] };
        ports
            .iter()
            .filter(move |port| !offered.contains(&port.name))
    }

    /// Services and their endpoints were read whole: only now "none" means none.
    pub fn is_known(&self) -> bool {
        self.services.is_complete && self.endpoints.is_complete
    }

    /// What is said of Services is so now.
    pub fn is_current(&self) -> bool {
        self.services.health.is_current() && self.endpoints.health.is_current()
    }

    /// Services that select pods and have no endpoint that is ready, or a port that none of them has: those that have endpoints
    /// at all first.
    pub fn unserved(&self) -> Vec<(&Name, Readiness)> {
        let mut unserved: Vec<_> = if self.is_known() {
            let each = self.unserved.iter();
            each.map(|name| (name, self.readiness(name))).collect()
        } else {
            Vec::new()
        };
        unserved.sort_by_key(|(_, readiness)| readiness.total == 0);
        unserved
    }

    /// Those of them that have no endpoint that is ready.
    pub fn unready(&self) -> Vec<(&Name, Readiness)> {
        let mut unready = self.unserved();
        unready.retain(|(_, readiness)| readiness.ready == 0);
        unready
    }

    /// Nodes that do not answer or are under pressure, the worst first.
    pub fn sick_nodes(&self) -> impl Iterator<Item = &NodeRow> {
        let table = &self.nodes.table;
        let lines = (0..table.len()).map_while(|line| table.row_at(line));
        lines
            .map(|(node, _)| node)
            .take_while(|node| !node.is_ready() || !node.pressures.is_empty())
    }

    /// Is there a line to be drawn above the pods?
    pub fn has_trouble(&self) -> bool {
        self.nodes.table.counts().sick > 0 || (self.is_known() && !self.unserved.is_empty())
    }

    /// The Services that select pods of this namespace with these labels.
    pub fn selecting<'a>(
        &'a self,
        namespace: &Outside,
        labels: &[(Outside, Outside)],
    ) -> impl Iterator<Item = (&'a Name, Readiness)> {
        let first = (namespace.clone(), Outside::from(""));
        let here = self.backings.range(first..);
        let here = here.take_while(move |((of, _), _)| of == namespace);
        let selecting = here.filter(move |(name, _)| {
            self.service(name)
                .is_some_and(|service| service.selects(labels))
        });
        selecting.map(|(name, _)| (name, self.readiness(name)))
    }

    /// Why something of it cannot be seen at all.
    pub fn stopped(&self) -> impl Iterator<Item = &Problem> {
        let parts = [
            &self.nodes.health,
            &self.services.health,
            &self.endpoints.health,
        ];
        parts.into_iter().filter_map(Health::stopped)
    }
}
