//! How near a change is to what is sick: to the workload itself, to what its pods are made from and run on, or beside it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::{AlertedObject, BLUR_S, SickOnset, before};
use crate::Model;
use crate::cluster::Kind;
use crate::configs::AutoscalerRow;
use crate::entry::{Draft, EntryTarget};
use crate::link::LinkTarget;
use crate::workload::WorkloadRow;
use text::Outside;

/// The nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// The sick workload itself.
    Workload,
    /// Something that its pods read.
    Configuration,
    /// A Service that selects its pods.
    Service,
    /// A node on which a sick pod of it is.
    Node,
    /// Its namespace, or something in it.
    Namespace,
    Other,
}

impl Nearness {
    /// Beside a change, in a list, where no pod is sick and alerts name something. What they do not name is near to nothing.
    pub fn words_of_alerts(self) -> Option<&'static str> {
        match self {
            Nearness::Workload | Nearness::Node => Some("named by an alert"),
            Nearness::Configuration | Nearness::Service | Nearness::Namespace => Some(self.words()),
            Nearness::Other => None,
        }
    }

    /// Beside a change, in a list, where something is sick.
    pub fn words(self) -> &'static str {
        match self {
            Nearness::Workload => "itself",
            Nearness::Configuration => "its configuration",
            Nearness::Service => "its Service",
            Nearness::Node => "its node",
            Nearness::Namespace => "its namespace",
            Nearness::Other => "elsewhere",
        }
    }
}

/// From the first symptom to the last of those that something is near to.
#[derive(Clone, Copy, Debug)]
struct Symptoms {
    first: DateTime<Utc>,
    last: DateTime<Utc>,
}

impl Symptoms {
    fn at(symptom: DateTime<Utc>) -> Symptoms {
        Symptoms {
            first: symptom,
            last: symptom,
        }
    }

    fn add(&mut self, symptom: DateTime<Utc>) {
        self.first = self.first.min(symptom);
        self.last = self.last.max(symptom);
    }

    /// It happened in so many hours before one of them.
    fn follow(self, at: DateTime<Utc>, hours: i64) -> bool {
        let blur = TimeDelta::seconds(BLUR_S);
        at >= before(self.first, hours) && at <= self.last + blur
    }
}

/// What is around the sick workloads.
pub(super) struct Surroundings<'a> {
    workloads: BTreeMap<(&'a Outside, &'a Outside), Symptoms>,
    rows: Vec<(&'a WorkloadRow, DateTime<Utc>)>,
    nodes: BTreeMap<&'a Outside, Symptoms>,
    namespaces: BTreeMap<&'a Outside, Symptoms>,
    all: Symptoms,
}

fn add<K: Ord>(symptoms: &mut BTreeMap<K, Symptoms>, key: K, at: DateTime<Utc>) {
    let known = symptoms.entry(key).or_insert(Symptoms::at(at));
    known.add(at);
}

impl<'a> Surroundings<'a> {
    /// Of what is sick, or else named by alerts; where nothing is, nothing is near.
    pub(super) fn of(
        model: &'a Model,
        sick: &'a [SickOnset],
        alerted: &'a [AlertedObject],
        symptom: DateTime<Utc>,
    ) -> Self {
        let mut around = Surroundings {
            workloads: BTreeMap::new(),
            rows: Vec::new(),
            nodes: BTreeMap::new(),
            namespaces: BTreeMap::new(),
            all: Symptoms::at(symptom),
        };
        for sick in sick {
            let key = (&sick.namespace, &sick.name);
            add(&mut around.workloads, key, sick.symptom);
            add(&mut around.namespaces, &sick.namespace, sick.symptom);
            around.all.add(sick.symptom);
        }
        for object in alerted {
            if let Some(place) = object.workload() {
                add(&mut around.workloads, place, object.since);
            }
            if let Some(namespace) = object.namespace() {
                add(&mut around.namespaces, namespace, object.since);
            }
            if let LinkTarget::Node(name) = &object.target {
                add(&mut around.nodes, name, object.since);
            }
            around.all.add(object.since);
        }
        let rows = model.cluster.workloads();
        around.rows = rows
            .filter_map(|row| {
                let symptoms = around.workloads.get(&(row.namespace(), row.name()))?;
                Some((row, symptoms.last))
            })
            .collect();
        for (case, span) in &model.observed.cases {
            let Some(symptoms) = around.workloads.get(&(&case.namespace, &case.workload)) else {
                continue;
            };
            let pods = span.pods.iter();
            let pods = pods.filter_map(|uid| model.cluster.pods.table.get(uid));
            let nodes: BTreeSet<&Outside> = pods.filter_map(|pod| pod.node.as_ref()).collect();
            for node in nodes {
                add(&mut around.nodes, node, symptoms.first);
                add(&mut around.nodes, node, symptoms.last);
            }
        }
        around
    }

    /// How near a change is that happened in so many hours before; `None` for one that did not.
    pub(super) fn nearness(&self, model: &Model, draft: &Draft, hours: i64) -> Option<Nearness> {
        let target = draft.target.as_ref()?;
        let in_time = |symptoms: Symptoms| symptoms.follow(draft.occurred_at, hours);
        let near = self.near(model, target);
        near.into_iter()
            .find(|(symptoms, _)| in_time(*symptoms))
            .map(|(_, nearness)| nearness)
    }

    /// All that the object of a change is near to, the nearest first.
    fn near(&self, model: &Model, target: &EntryTarget) -> Vec<(Symptoms, Nearness)> {
        let kind = target.kind.as_ref().map_or("", Outside::raw);
        let is = |of: Kind| kind == of.word();
        let mut near = Vec::new();
        let name = target.name.as_ref();
        let place = target.namespace.as_ref().zip(name);
        let is_workload =
            kind.is_empty() || is(Kind::Deployment) || is(Kind::StatefulSet) || is(Kind::DaemonSet);
        if let Some(symptoms) = place.filter(|_| is_workload || is(Kind::Pod)) {
            near.extend(
                self.workloads
                    .get(&symptoms)
                    .map(|symptoms| (*symptoms, Nearness::Workload)),
            );
        }
        let config = [Kind::ConfigMap, Kind::Secret]
            .into_iter()
            .find(|kind| is(*kind));
        if let Some(((namespace, name), kind)) = place.zip(config) {
            let readers = self.rows.iter();
            let readers =
                readers.filter(|(row, _)| row.namespace() == namespace && row.reads(kind, name));
            near.extend(readers.map(|(_, at)| (Symptoms::at(*at), Nearness::Configuration)));
        }
        if let Some((namespace, _)) = place.filter(|_| is(Kind::HorizontalPodAutoscaler)) {
            let mut autoscalers = model.cluster.configs.autoscalers.table.rows();
            let is_it =
                |row: &&AutoscalerRow| row.namespace == *namespace && Some(&row.name) == name;
            let scaled = autoscalers.find(is_it);
            let scaled = scaled.map(|autoscaler| (namespace, &autoscaler.target.name));
            let symptoms = scaled.and_then(|scaled| self.workloads.get(&scaled));
            near.extend(symptoms.map(|symptoms| (*symptoms, Nearness::Workload)));
        }
        if let Some((namespace, name)) = place.filter(|_| is(Kind::Service)) {
            let service = (namespace.clone(), name.clone());
            let service = model.cluster.serving.service(&service);
            let selected = self.rows.iter().filter(|(row, _)| {
                row.namespace() == namespace
                    && service.is_some_and(|service| service.selects(row.labels()))
            });
            near.extend(selected.map(|(_, at)| (Symptoms::at(*at), Nearness::Service)));
        }
        if let Some(name) = name.filter(|_| is(Kind::Node)) {
            let symptoms = self.nodes.get(name);
            near.extend(symptoms.map(|symptoms| (*symptoms, Nearness::Node)));
        }
        let namespace = if is(Kind::Namespace) {
            name
        } else {
            target.namespace.as_ref()
        };
        if let Some(namespace) = namespace {
            let symptoms = self.namespaces.get(namespace);
            near.extend(symptoms.map(|symptoms| (*symptoms, Nearness::Namespace)));
        }
        near.push((self.all, Nearness::Other));
        near
    }
}
