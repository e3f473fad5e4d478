//! What pods use, from metrics.k8s.io: it has no watch, so it is asked again as often as it measures, while somebody looks.
//! <https://kubernetes.io/docs/tasks/debug/debug-cluster/resource-metrics-pipeline/>

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use tokio::time::sleep;

use super::cluster::Cluster;
use super::paths::segment;
use super::problem::{bad_answer, problem};
use model::amounts::Amounts;
use model::cluster::{Problem, ProblemClass};
use model::message::{ClusterMsg, Msg};
use model::usage::PodUsage;
use text::Outside;

/// How often the metrics server measures by default.
const RESOLUTION: Duration = Duration::from_secs(15);
/// More pods of one namespace are not kept.
const PODS_MAX: usize = 10_000;

#[derive(Deserialize)]
struct PodMetricsList {
    #[serde(default)]
    items: Vec<PodMetrics>,
}

#[derive(Deserialize)]
struct PodMetrics {
    metadata: Named,
    #[serde(default)]
    containers: Vec<ContainerMetrics>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct ContainerMetrics {
    name: String,
    #[serde(default)]
    usage: MeasuredUsage,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct MeasuredUsage {
    cpu: Option<String>,
    memory: Option<String>,
}

/// Why nothing was measured, and whether asking again can help.
struct Unmeasured {
    problem: Problem,
    is_final: bool,
}

/// Asks until it is refused, or nobody wants it any more.
pub(super) async fn run(cluster: Arc<Cluster>, namespace: Outside, epoch: u32) {
    loop {
        let asked = ask(&cluster, namespace.raw()).await;
        let is_final = asked.as_ref().is_err_and(|why| why.is_final);
        let msg = ClusterMsg::Usage {
            epoch,
            namespace: namespace.clone(),
            answer: asked.map_err(|why| why.problem),
        };
        if cluster.messages.send(Msg::Cluster(msg)).await.is_err() || is_final {
            return;
        }
        sleep(RESOLUTION).await;
    }
}

/// Not through the gate: an aggregated API that fails says nothing about the server.
async fn ask(cluster: &Cluster, namespace: &str) -> Result<Vec<PodUsage>, Unmeasured> {
    let again = |problem| Unmeasured {
        problem,
        is_final: false,
    };
    let path = format!(
        "/apis/metrics.k8s.io/v1beta1/namespaces/{}/pods",
        segment(namespace)
    );
    let answer = cluster.client().get(&path, "application/json").await;
    let answer = answer.map_err(again)?;
    let status = answer.status.as_u16();
    if let Some(why) = refused(status) {
        let next = "look at it with: kubectl top pods";
        let problem = problem(ProblemClass::Refused, why, next);
        // A server that is there and cannot answer now may be able to later.
        let is_final = status < 500;
        return Err(Unmeasured { problem, is_final });
    }
    let body = answer.bytes().await.map_err(again)?;
    read(&body).ok_or_else(|| again(bad_answer("metrics.k8s.io: the answer is no list of pods")))
}

fn refused(status: u16) -> Option<String> {
    match status {
        200 => None,
        404 => Some("metrics.k8s.io is not served here".to_owned()),
        403 => Some("reading metrics.k8s.io is forbidden".to_owned()),
        status => Some(format!("metrics.k8s.io answers {status}")),
    }
}

fn read(body: &[u8]) -> Option<Vec<PodUsage>> {
    let list: PodMetricsList = serde_json::from_slice(body).ok()?;
    let pods = list.items.into_iter().take(PODS_MAX).map(|pod| PodUsage {
        name: pod.metadata.name.into(),
        containers: pod
            .containers
            .into_iter()
            .map(|container| {
                let (cpu, memory) = (container.usage.cpu, container.usage.memory);
                let used = Amounts::read(cpu.as_deref(), memory.as_deref());
                (container.name.into(), used)
            })
            .collect(),
    });
    Some(pods.collect())
}
