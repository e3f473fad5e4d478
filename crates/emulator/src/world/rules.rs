//! The alerting rules of the emulated Prometheus: what is true of the world now, in the labels that real rules give it.

use std::sync::Arc;

use super::World;
use super::churn::is_bulk;
use super::object::{Key, Kind, Labels, Millis, Object};
use super::pod::{Pod, Stage};

/// An alerting rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    pub name: &'static str,
    /// `expr`, as a person would write it.
    pub expr: &'static str,
    pub wait_ms: Millis,
    /// `labels.severity`.
    pub severity: &'static str,
    /// `annotations.summary`.
    pub summary: &'static str,
}

const MINUTE: Millis = 60_000;
/// How long a crash is remembered: the `[5m]` of the expressions.
const RECENT: Millis = 5 * MINUTE;
/// A service with a larger share of errors is in trouble, in per cent.
const ERRORS_MAX: u64 = 5;
/// Where the annotations point.
const RUNBOOKS: &str = "https://runbooks.shop.example";

pub const RULES: &[Rule] = &[
    Rule {
        name: "Watchdog",
        expr: "vector(1)",
        wait_ms: 0,
        severity: "none",
        summary: "An alert that should always be firing",
    },
    Rule {
        name: "HighErrorRate",
        expr: "sum by (namespace, service) (rate(http_requests_total{code=~\"5..\"}[1m])) / sum by (namespace, service) (rate(http_requests_total[1m])) > 0.05",
        wait_ms: MINUTE,
        severity: "critical",
        summary: "More than 5% of requests fail",
    },
    Rule {
        name: "PostgresConnectionsExhausted",
        expr: "sum by (namespace, service, statefulset) (pg_stat_activity_count) / sum by (namespace, service, statefulset) (pg_settings_max_connections) > 0.97",
        wait_ms: MINUTE,
        severity: "critical",
        summary: "The database has no connections left",
    },
    Rule {
        name: "KubePodCrashLooping",
        expr: "max_over_time(kube_pod_container_status_waiting_reason{reason=\"CrashLoopBackOff\"}[5m]) >= 1",
        wait_ms: MINUTE,
        severity: "warning",
        summary: "Pod is crash looping",
    },
    Rule {
        name: "ContainerOOMKilled",
        expr: "kube_pod_container_status_last_terminated_reason{reason=\"OOMKilled\"} and increase(kube_pod_container_status_restarts_total[5m]) > 0",
        wait_ms: 0,
        severity: "warning",
        summary: "A container was killed for its memory",
    },
    Rule {
        name: "KubePodNotReady",
        expr: "sum by (namespace, pod) (kube_pod_status_phase{phase=~\"Pending|Unknown\"}) > 0",
        wait_ms: 2 * MINUTE,
        severity: "warning",
        summary: "Pod has been in a non-ready state for more than 2 minutes",
    },
    Rule {
        name: "KubeDeploymentRolloutStuck",
        expr: "kube_deployment_status_condition{condition=\"Progressing\", status=\"false\"} != 0",
        wait_ms: 0,
        severity: "warning",
        summary: "Deployment rollout is not progressing",
    },
    Rule {
        name: "KubeStatefulSetReplicasMismatch",
        expr: "kube_statefulset_status_replicas_ready != kube_statefulset_replicas",
        wait_ms: 2 * MINUTE,
        severity: "warning",
        summary: "StatefulSet has not matched the expected number of replicas",
    },
    Rule {
        name: "KubeDaemonSetRolloutStuck",
        expr: "kube_daemonset_status_number_available != kube_daemonset_status_desired_number_scheduled",
        wait_ms: 2 * MINUTE,
        severity: "warning",
        summary: "DaemonSet rollout is stuck",
    },
    Rule {
        name: "KubeNodeNotReady",
        expr: "kube_node_status_condition{condition=\"Ready\", status=\"true\"} == 0",
        wait_ms: MINUTE,
        severity: "warning",
        summary: "Node is not ready",
    },
    Rule {
        name: "KubeNodePressure",
        expr: "kube_node_status_condition{condition=~\"(MemoryPressure|DiskPressure|PIDPressure)\", status=\"true\"} == 1",
        wait_ms: MINUTE,
        severity: "info",
        summary: "Node has an active condition",
    },
];

/// Something that a rule finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The labels, `alertname` and `severity` among them.
    pub labels: Labels,
    pub annotations: Labels,
}

impl Rule {
    fn finding(&self, labels: &[(&str, &str)], description: String) -> Finding {
        let mut all: Labels = labels
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        all.insert("alertname".to_owned(), self.name.to_owned());
        all.insert("severity".to_owned(), self.severity.to_owned());
        all.insert("prometheus".to_owned(), "monitoring/prometheus".to_owned());
        let annotations = [
            ("summary", self.summary.to_owned()),
            ("description", description),
            ("runbook_url", format!("{RUNBOOKS}/{}", self.name)),
        ];
        Finding {
            labels: all,
            annotations: annotations
                .map(|(name, text)| (name.to_owned(), text))
                .into(),
        }
    }

    /// What is so now.
    pub(super) fn findings(&self, world: &World) -> Vec<Finding> {
        match self.name {
            "Watchdog" => vec![self.finding(&[], "This alert is always firing: it shows that the way from Prometheus to you works.".to_owned())],
            "HighErrorRate" => self.errors(world),
            "PostgresConnectionsExhausted" => self.connections(world).into_iter().collect(),
            "KubeDeploymentRolloutStuck" => self.stuck(world),
            "KubeStatefulSetReplicasMismatch" => self.stateful(world),
            "KubeDaemonSetRolloutStuck" => self.daemons(world),
            "KubeNodeNotReady" | "KubeNodePressure" => self.nodes(world),
            _ => pods(world).filter_map(|pod| self.pod(pod, world.now())).collect(),
        }
    }

    fn pod(&self, pod: &Pod, now: Millis) -> Option<Finding> {
        let key = &pod.meta.key;
        let container = &pod.template.containers[usize::from(pod.culprit)].name;
        let (name, namespace, container) = (&*key.name, &*key.namespace, &**container);
        let whole = [
            ("namespace", namespace),
            ("pod", name),
            ("container", container),
            ("job", "kube-state-metrics"),
        ];
        let recent = pod
            .ended
            .filter(|ended| ended.code != 0 && now - ended.finished <= RECENT);
        match self.name {
            "KubePodCrashLooping" => recent.filter(|_| pod.restarts > 0 && pod.failures > 1).map(|_| {
                let text = format!("Pod {namespace}/{name} ({container}) is in waiting state (reason: \"CrashLoopBackOff\").");
                self.finding(&[whole.as_slice(), &[("reason", "CrashLoopBackOff")]].concat(), text)
            }),
            "ContainerOOMKilled" => recent.filter(|ended| ended.oom && pod.restarts > 0).map(|_| {
                let text = format!("Container {container} of pod {namespace}/{name} was killed for its memory; it restarted {} times.", pod.restarts);
                self.finding(&[whole.as_slice(), &[("reason", "OOMKilled")]].concat(), text)
            }),
            "KubePodNotReady" if pod.phase() == "Pending" && pod.is_active() => {
                let text = format!("Pod {namespace}/{name} has been in a non-ready state for longer than 2 minutes.");
                Some(self.finding(&[("namespace", namespace), ("pod", name)], text))
            }
            _ => None,
        }
    }

    fn errors(&self, world: &World) -> Vec<Finding> {
        let services = world.list(Kind::Service, None, None);
        services
            .filter_map(|object| {
                let key = &object.meta().key;
                let percent = world.error_percent(key);
                (percent > ERRORS_MAX).then(|| {
                    let text = format!("{percent}% of the requests to {} fail.", key.name);
                    self.finding(
                        &[("namespace", &key.namespace), ("service", &key.name)],
                        text,
                    )
                })
            })
            .collect()
    }

    fn connections(&self, world: &World) -> Option<Finding> {
        let set = world.database.set.as_ref()?;
        let (used, most) = (world.connections(), world.database.connections_max);
        if used < most {
            return None;
        }
        let holders = world.database.clients.iter();
        let holder = holders.max_by_key(|client| world.connections_of(client))?;
        let text = format!(
            "{} has {used} of {most} connections in use; {} of them are held by {}, most idle in transaction.",
            set.name,
            world.connections_of(holder),
            holder.app
        );
        let labels = [
            ("namespace", &*set.namespace),
            ("service", &*set.name),
            ("statefulset", &*set.name),
            ("job", "postgres-exporter"),
        ];
        Some(self.finding(&labels, text))
    }

    fn stuck(&self, world: &World) -> Vec<Finding> {
        let deployments = world.list(Kind::Deployment, None, None);
        deployments
            .filter_map(|object| match object {
                Object::Deployment(d) if !is_bulk(&d.meta.key.namespace) => Some(d),
                _ => None,
            })
            .filter(|d| d.status.condition("Progressing").is_some_and(|c| c.status == "False"))
            .map(|d| {
                let key = &d.meta.key;
                let text = format!("Rollout of deployment {}/{} is not progressing: {} of {} pods are of the new revision and ready.", key.namespace, key.name, world.ready_of_newest(d), d.replicas);
                self.finding(&[("namespace", &key.namespace), ("deployment", &key.name), ("job", "kube-state-metrics")], text)
            })
            .collect()
    }

    fn stateful(&self, world: &World) -> Vec<Finding> {
        let sets = world.list(Kind::StatefulSet, None, None);
        sets.filter_map(|object| match object {
            Object::StatefulSet(set) if set.status.ready != set.replicas => {
                let key = &set.meta.key;
                let text = format!(
                    "StatefulSet {}/{} has {} of {} replicas ready.",
                    key.namespace, key.name, set.status.ready, set.replicas
                );
                Some(self.finding(
                    &[
                        ("namespace", &key.namespace),
                        ("statefulset", &key.name),
                        ("job", "kube-state-metrics"),
                    ],
                    text,
                ))
            }
            _ => None,
        })
        .collect()
    }

    fn daemons(&self, world: &World) -> Vec<Finding> {
        let sets = world.list(Kind::DaemonSet, None, None);
        sets.filter_map(|object| match object {
            Object::DaemonSet(set) if set.status.available != set.status.desired => {
                let key = &set.meta.key;
                let text = format!(
                    "DaemonSet {}/{} has {} of {} pods available.",
                    key.namespace, key.name, set.status.available, set.status.desired
                );
                Some(self.finding(
                    &[
                        ("namespace", &key.namespace),
                        ("daemonset", &key.name),
                        ("job", "kube-state-metrics"),
                    ],
                    text,
                ))
            }
            _ => None,
        })
        .collect()
    }

    fn nodes(&self, world: &World) -> Vec<Finding> {
        let mut found = vec![];
        for object in world.list(Kind::Node, None, None) {
            let Object::Node(node) = object else { continue };
            let name = &*node.meta.key.name;
            if self.name == "KubeNodeNotReady" {
                if !node.is("Ready") {
                    let text = format!("{name} has been unready for more than a minute.");
                    found.push(self.finding(&[("node", name), ("condition", "Ready")], text));
                }
                continue;
            }
            for condition in node
                .conditions
                .iter()
                .filter(|c| c.kind != "Ready" && c.status == "True")
            {
                let text = format!("{name} has active condition {}.", condition.kind);
                found.push(self.finding(&[("node", name), ("condition", &condition.kind)], text));
            }
        }
        found
    }
}

/// The pods that rules are evaluated for: those of the bulk load are not.
fn pods(world: &World) -> impl Iterator<Item = &Arc<Pod>> {
    let namespaces = world.list(Kind::Namespace, None, None);
    namespaces
        .map(|object| &*object.meta().key.name)
        .filter(|namespace| !is_bulk(namespace))
        .flat_map(|namespace| world.list(Kind::Pod, Some(namespace), None))
        .filter_map(|object| match object {
            Object::Pod(pod) => Some(pod),
            _ => None,
        })
}

impl World {
    /// The share of requests to a Service that fail, in per cent: of those that need the database while it has no connections, and
    /// of those that the pods which should serve and do not would have taken.
    pub fn error_percent(&self, service: &Key) -> u64 {
        let Some(Object::Service(found)) = self.get(Kind::Service, service) else {
            return 0;
        };
        let database = &self.database;
        let starved = database
            .client(&service.name)
            .map_or(0, |client| client.errors_percent);
        if starved > 0 && database.exhausted.goes_on() {
            return starved;
        }
        let selector = found.selector().filter(|selector| !selector.is_empty());
        let pods = self.pods_matching(&service.namespace, &selector.unwrap_or_default());
        let broken = |pod: &&Arc<Pod>| {
            matches!(pod.stage, Stage::Crashed | Stage::BackOff | Stage::Running)
                && pod.failures > 0
        };
        let ready = pods.iter().filter(|pod| pod.is_ready()).count() as u64;
        match pods.iter().filter(broken).count() as u64 {
            0 => 0,
            broken => 100 * broken / (ready + broken),
        }
    }
}
