//! The doctor's questions to the cluster: is it there, who are we, what may we do, does it stream lists. Reads and
//! reviews of ourselves only.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::client::{ACCEPT_EVENTS, Answer, Client};
use super::clock::Clock;
use super::cluster::{Cluster, SELF_REVIEW};
use super::credentials::Talk;
use super::guard::Guard;
use super::kubeconfig::Contexts;
use super::request::refusal;
use super::rights::ACCESS_REVIEW;
use super::surroundings::Surroundings;
use super::{Connect, alerts, paths, problem};
use model::cluster::{Kind, Problem, ProblemClass, Scope};
use model::finding::Finding;

/// The doctor is asked because something hangs: shorter than the console's own patience.
const PATIENCE: Duration = Duration::from_secs(10);
/// A key's effect takes a few of these.
const SLOW: Duration = Duration::from_millis(500);

/// What the console asks for: (verb, group, resource, subresource), and what is lost without it.
const RIGHTS: &[(&str, &str, &str, &str, &str)] = &[
    ("list", "", "pods", "", PODS),
    (
        "watch",
        "",
        "pods",
        "",
        "pods are read again every 15 s instead",
    ),
    ("list", "apps", "deployments", "", "rollouts are not seen"),
    (
        "watch",
        "apps",
        "deployments",
        "",
        "Deployments are read again every 15 s instead",
    ),
    (
        "list",
        "",
        "events",
        "",
        "warnings of the cluster are not seen",
    ),
    (
        "patch",
        "apps",
        "deployments",
        "",
        "restart is refused by the server",
    ),
    (
        "patch",
        "apps",
        "deployments",
        "scale",
        "scale is refused by the server",
    ),
];
/// Without pods there is nothing to look at.
const PODS: &str = "there is nothing to look at";

/// Looks at the cluster that `connect` names, in this scope or the context's own. Ends at the first thing without which
/// the rest cannot be asked.
pub async fn examine(connect: &Connect, scope: Option<Scope>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Err((subject, problem)) = ask(connect, scope, &mut findings).await {
        findings.push(bad(subject, &problem));
    }
    findings
}

type Stop = (&'static str, Problem);

async fn ask(
    connect: &Connect,
    scope: Option<Scope>,
    findings: &mut Vec<Finding>,
) -> Result<(), Stop> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let contexts = Contexts::read(connect.kubeconfig.as_deref()).map_err(|p| ("kubeconfig", p))?;
    let mut entry = contexts
        .resolve(connect.context.as_deref())
        .await
        .map_err(|p| ("kubeconfig", p))?;
    if let Some(user) = &connect.impersonate {
        entry.config.auth_info.impersonate = Some(user.clone());
    }
    let scope = scope.unwrap_or_else(|| {
        let named = entry.namespace.as_deref();
        named.map_or(Scope::All, |name| Scope::Namespace(name.into()))
    });
    findings.push(Finding::good(
        "kubeconfig",
        known(&contexts, &entry.context, &entry.cluster),
    ));
    // Nobody listens: the doctor asks, the console's messages are for the console.
    let (messages, _) = mpsc::channel(super::CHANNEL_MESSAGES);
    let around = Surroundings {
        contexts: contexts.into(),
        clock: connect.clock,
        guard: Guard::new(true).into(),
        patience: connect
            .request_timeout
            .filter(|time| !time.is_zero())
            .unwrap_or(PATIENCE),
        messages,
    };
    let cluster = Cluster::new(entry, around, Talk::Terminal)
        .await
        .map_err(|p| ("credentials", p))?;
    let asked = ask_server(&cluster, &scope, findings).await;
    let is_there = asked.is_ok();
    findings.extend(asked.err().map(|(subject, problem)| bad(subject, &problem)));
    // Alerts may well be there when the API server is not.
    findings.extend(alerts::examine(&cluster, &connect.alertmanagers, is_there).await);
    Ok(())
}

async fn ask_server(
    cluster: &Cluster,
    scope: &Scope,
    findings: &mut Vec<Finding>,
) -> Result<(), Stop> {
    let client = cluster.client();
    findings.extend(
        server(cluster, &client, cluster.clock)
            .await
            .map_err(|p| ("server", p))?,
    );
    findings.push(user(cluster, &client).await.map_err(|p| ("user", p))?);
    findings.extend(super::namespaces::examine(&client, scope).await);
    findings.extend(rights(&client, scope).await.map_err(|p| ("rights", p))?);
    // Without the right to list the question would only be refused once more.
    if model::finding::is_fit(findings) {
        findings.push(streams(&client, scope).await);
    }
    Ok(())
}

fn known(contexts: &Contexts, context: &str, cluster: &str) -> String {
    format!(
        "context {context} of {}, cluster {cluster}",
        contexts.names().len()
    )
}

/// Reachable, how fast, what version, is it us it talks to, what time is it there.
async fn server(cluster: &Cluster, client: &Client, clock: Clock) -> Result<Vec<Finding>, Problem> {
    let first = client.get("/version", "application/json").await?;
    let date_s = first.date_s;
    let skew_s = date_s.map(|date_s| date_s - clock.now().wall.timestamp());
    let version = json(first, "read the version").await?;
    let git = version["gitVersion"].as_str();
    let git = git.ok_or_else(|| problem::bad_answer("/version: an answer without a version"))?;
    let before = Instant::now();
    let _ = json(
        client.get("/version", "application/json").await?,
        "read the version",
    )
    .await?;
    let latency = before.elapsed();
    let host = cluster.connection(None).server;
    let words = format!(
        "{} answers in {} ms, Kubernetes {git}",
        host.raw(),
        latency.as_millis()
    );
    let mut findings = vec![if latency > SLOW {
        Finding::lessened(
            "server",
            words,
            "the link or the server is slow: expect as much at each write",
        )
    } else {
        Finding::good("server", words)
    }];
    findings.push(if cluster.entry.is_insecure() {
        Finding::lessened(
            "tls",
            "the server's certificate is not checked: anybody on the way may read and change what is shown",
            "put certificate-authority into the kubeconfig and take insecure-skip-tls-verify out",
        )
    } else {
        Finding::good("tls", "the server's certificate is checked")
    });
    findings.extend(skew_s.map(super::clock::finding));
    Ok(findings)
}

async fn user(cluster: &Cluster, client: &Client) -> Result<Finding, Problem> {
    let body = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"});
    let answer = client.review(SELF_REVIEW, &body).await?;
    if matches!(answer.status.as_u16(), 403 | 404) {
        return Ok(Finding::lessened(
            "user",
            "the server does not say who you are",
            "nothing: Kubernetes before 1.28 cannot; the timeline names this machine's user instead",
        ));
    }
    let review = json(answer, "ask who we are").await?;
    let name = review["status"]["userInfo"]["username"]
        .as_str()
        .unwrap_or("?");
    let acting_as = cluster.connection(None).acting_as;
    if name == "system:anonymous" {
        return Ok(Finding::bad(
            "user",
            "the server takes you for nobody (system:anonymous)",
            "the context's user has no credentials in the kubeconfig: log in with your provider's command",
        ));
    }
    let how = acting_as.map_or("", |_| " (by --as)");
    Ok(Finding::good("user", format!("you are {name}{how}")))
}

async fn rights(client: &Client, scope: &Scope) -> Result<Vec<Finding>, Problem> {
    let (place, namespace) = match scope {
        Scope::All => ("all namespaces".to_owned(), ""),
        Scope::Namespace(name) => (name.raw().to_owned(), name.raw()),
    };
    let (mut allowed, mut findings) = (Vec::new(), Vec::new());
    for (verb, group, resource, subresource, loss) in RIGHTS {
        let body = json!({
            "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": {
                "verb": verb, "group": group, "resource": resource, "subresource": subresource, "namespace": namespace,
            }},
        });
        let review = json(
            client.review(ACCESS_REVIEW, &body).await?,
            "ask for our rights",
        )
        .await?;
        let slash = if subresource.is_empty() { "" } else { "/" };
        let right = format!("{verb} {resource}{slash}{subresource}");
        if review["status"]["allowed"].as_bool() == Some(true) {
            allowed.push(right);
            continue;
        }
        let what = format!("you may not {right} in {place}: {loss}");
        findings.push(if *loss == PODS {
            Finding::bad(
                "rights",
                what,
                "choose a namespace where you may (-n), or ask for the role view",
            )
        } else {
            Finding::lessened(
                "rights",
                what,
                format!("if you need it, ask for the right to {right}"),
            )
        });
    }
    if !allowed.is_empty() {
        let words = format!("in {place} you may {}", allowed.join(", "));
        findings.insert(0, Finding::good("rights", words));
    }
    Ok(findings)
}

/// Up to the head of the answer: no list is fetched.
async fn streams(client: &Client, scope: &Scope) -> Finding {
    let pods = paths::collection(Kind::Pod, scope.namespace());
    let path = format!(
        "{pods}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1"
    );
    match client.get(&path, ACCEPT_EVENTS).await {
        Ok(answer) if answer.status.is_success() => {
            let binary = answer.content_type.contains("protobuf");
            let form = if binary { "as protobuf" } else { "as JSON" };
            Finding::good("lists", format!("the server streams lists, {form}"))
        }
        Ok(answer) => Finding::lessened(
            "lists",
            format!(
                "the server does not stream lists (it answered {})",
                answer.status.as_u16()
            ),
            "nothing: they are read whole instead, which takes longer in a large cluster",
        ),
        Err(problem) => bad("lists", &problem),
    }
}

/// The document of a good answer.
async fn json(answer: Answer, action: &str) -> Result<Value, Problem> {
    if !answer.status.is_success() {
        return Err(problem::refused(action, &refusal(answer).await));
    }
    serde_json::from_slice(&answer.bytes().await?)
        .map_err(|_| problem::bad_answer(format!("{action}: the answer is not JSON")))
}

fn bad(subject: &'static str, problem: &Problem) -> Finding {
    // The console's own next step is to try again by itself; whoever asks the doctor wants to do something.
    let next = match problem.class {
        ProblemClass::Unreachable if &*problem.next == problem::TRIED_AGAIN => {
            "is the VPN up, is the address in the kubeconfig right, is a proxy needed (HTTPS_PROXY)? `curl -k` on it tells more"
        }
        ProblemClass::Unauthorized if &*problem.next == problem::LOG_IN => {
            "log in again with your provider's command, as for kubectl; `kubectl auth whoami` tells more"
        }
        _ => problem.next.as_ref(),
    };
    Finding::bad(subject, problem.what.raw(), next)
}
