//! One request for a log, from the gates to the end of its body, told as inputs of the stream.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use tokio::sync::mpsc;

use super::stream::{Ask, Input};
use crate::client::Answer;
use crate::cluster::Cluster;
use crate::paths::segment;
use crate::problem::{bad_answer, unreachable};
use crate::refusal::Refusal;
use crate::request::refusal;
use crate::watch::Server;
use model::cluster::Problem;
use model::logs::StreamId;

/// A container that has printed nothing yet is answered with its first line, not before: after this the turn at the gate
/// is given to others.
const TURN: Duration = Duration::from_secs(2);

/// Path and query of a request.
fn path(stream: &StreamId, ask: Ask) -> String {
    let mut path = format!(
        "/api/v1/namespaces/{}/pods/{}/log?container={}&timestamps=true",
        segment(stream.namespace.raw()),
        segment(stream.pod.raw()),
        segment(stream.container.raw())
    );
    path.push_str(if ask.is_previous {
        "&previous=true"
    } else {
        "&follow=true"
    });
    if let Some(since) = ask
        .since_s
        .and_then(|since| chrono::DateTime::from_timestamp(since, 0))
    {
        // Whole seconds: the server rounds anything finer.
        let _ = write!(
            path,
            "&sinceTime={}",
            since.format("%Y-%m-%dT%H%%3A%M%%3A%SZ")
        );
    }
    if let Some(tail) = ask.tail {
        let _ = write!(path, "&tailLines={tail}");
    }
    path
}

/// Runs one request; ends when its body ends, or when nobody listens any more.
pub(super) async fn run(
    cluster: Arc<Cluster>,
    stream: Arc<StreamId>,
    ask: Ask,
    inputs: mpsc::Sender<Input>,
) {
    let path = path(&stream, ask);
    let turn = cluster.log_gate.pass().await;
    let pass = cluster.gate.pass().await;
    let _ = inputs.send(Input::Sent).await;
    let client = cluster.client();
    let mut answer = Box::pin(client.stream(&path));
    let answer = if let Ok(answer) = tokio::time::timeout(TURN, &mut answer).await {
        report(&cluster, &answer, Some(turn), Some(pass));
        answer
    } else {
        drop((turn, pass));
        let answer = answer.await;
        report(&cluster, &answer, None, None);
        answer
    };
    let input = match answer {
        Err(problem) => Input::Broken(problem),
        Ok(answer) if !answer.status.is_success() => Input::Refused(refusal(answer).await),
        Ok(answer) if is_page(&answer.content_type) => Input::Broken(bad_answer(format!(
            "the log of {}: the server answered with {}, not with a log",
            stream.pod.raw(),
            answer.content_type
        ))),
        Ok(answer) => {
            let _ = inputs.send(Input::Opened).await;
            match body(answer, &inputs).await {
                Ok(()) => Input::Ended,
                Err(problem) => Input::Broken(problem),
            }
        }
    };
    let _ = inputs.send(input).await;
}

/// A login page, or a proxy's.
fn is_page(content_type: &str) -> bool {
    content_type.starts_with("text/html")
}

type Turn<'a> = crate::gate::Pass<'a>;

/// A node that is gone makes the server answer 500 for its logs: that says nothing about the server, so the logs have a gate
/// of their own.
fn report(
    cluster: &Cluster,
    answer: &Result<Answer, Problem>,
    turn: Option<Turn<'_>>,
    pass: Option<Turn<'_>>,
) {
    let (of_logs, of_server) = match answer {
        Err(_) => (Server::Failing, Some(Server::Failing)),
        Ok(answer) if answer.status.as_u16() == 429 => {
            let refusal = Refusal {
                code: 429,
                retry_after_s: answer.retry_after_s,
                ..Refusal::default()
            };
            let pause = refusal.retry_after_ms().unwrap_or(1_000);
            (Server::Throttled(pause), Some(Server::Throttled(pause)))
        }
        Ok(answer) if answer.status.is_server_error() || is_page(&answer.content_type) => {
            (Server::Failing, None)
        }
        Ok(answer) if answer.status.is_success() => (Server::Heard, Some(Server::Heard)),
        Ok(_) => (Server::Alive, Some(Server::Alive)),
    };
    cluster.log_gate.report(of_logs, turn);
    if let Some(of_server) = of_server {
        cluster.gate.report(of_server, pass);
    }
}

async fn body(answer: Answer, inputs: &mpsc::Sender<Input>) -> Result<(), Problem> {
    let mut body = answer.body;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| unreachable(format!("the log broke off: {error}")))?;
        let Ok(chunk) = frame.into_data() else {
            continue;
        };
        if inputs.send(Input::Bytes(chunk)).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_asked_for_in_whole_seconds_and_names_are_encoded() {
        let stream = StreamId {
            namespace: "shop".into(),
            pod: "a/../b".into(),
            uid: "u".into(),
            container: "app".into(),
            is_previous: false,
        };
        let ask = Ask {
            is_previous: false,
            since_s: Some(1_772_335_448),
            tail: Some(1_000),
        };
        assert_eq!(
            path(&stream, ask),
            "/api/v1/namespaces/shop/pods/a%2F..%2Fb/log?container=app&timestamps=true&follow=true\
             &sinceTime=2026-03-01T03%3A24%3A08Z&tailLines=1000"
        );
    }
}
