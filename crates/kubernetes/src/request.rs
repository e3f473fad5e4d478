//! One request of a watch from the gate to the end of its body, told as inputs of the watch.

use std::fmt::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use futures::FutureExt;
use http_body_util::BodyExt;
use tokio::sync::mpsc;

use super::client::{
    ACCEPT_EVENTS, ACCEPT_METADATA_EVENTS, ACCEPT_METADATA_LIST, ACCEPT_OBJECTS, Answer, verdict,
};
use super::cluster::Cluster;
use super::decode::{self, Encoding, FromWire, Item};
use super::frames::{Frame, Framer};
use super::intern::Intern;
use super::paths;
use super::problem::{bad_answer, unreachable};
use super::refusal::Refusal;
use super::watch::{Input, ProbeFailure, Request, Server};
use super::wire::Wire;
use model::cluster::{Kind, Problem, ProblemClass, Scope};
use text::Outside;

/// Items sent on together while more of the body is already there: a wake-up for each 16 KB costs more than their rows.
const ITEMS_TOGETHER: usize = 256;

/// Where a kind of object is listed and watched.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) kind: Kind,
    pub(crate) scope: Scope,
    /// `fieldSelector`, percent-encoded.
    pub(crate) fields: Option<String>,
    /// Most objects of the first list.
    pub(crate) limit: Option<u32>,
}

impl Target {
    /// All objects of a kind.
    pub(crate) fn of(kind: Kind, scope: Scope) -> Target {
        Target {
            kind,
            scope,
            fields: None,
            limit: None,
        }
    }

    fn path(&self, request: &Request) -> String {
        let mut path = paths::collection(self.kind, self.scope.namespace());
        path.push('?');
        let parameters = match request {
            Request::List { version } => format!("resourceVersion={version}"),
            Request::Stream { version, timeout_s } => format!(
                "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true\
                 &timeoutSeconds={timeout_s}&resourceVersion={version}"
            ),
            Request::Watch { version, timeout_s } => {
                format!(
                    "watch=1&allowWatchBookmarks=true&timeoutSeconds={timeout_s}&resourceVersion={version}"
                )
            }
            Request::Probe => "limit=1".to_owned(),
        };
        path.push_str(&parameters);
        if let Some(fields) = &self.fields {
            path.push_str("&fieldSelector=");
            path.push_str(fields);
        }
        if let (Some(limit), Request::List { .. }) = (self.limit, request) {
            let _ = write!(path, "&limit={limit}");
        }
        path
    }

    /// In which form it is asked for. Of `ConfigMaps` and Secrets nothing but metadata is, whoever answers.
    fn accept(&self, is_watch: bool) -> &'static str {
        let is_bare = matches!(self.kind, Kind::ConfigMap | Kind::Secret);
        match (is_bare, is_watch) {
            (true, true) => ACCEPT_METADATA_EVENTS,
            (true, false) => ACCEPT_METADATA_LIST,
            (false, true) => ACCEPT_EVENTS,
            (false, false) => ACCEPT_OBJECTS,
        }
    }

    /// For the words of problems.
    pub(crate) fn words(&self) -> String {
        match &self.scope {
            Scope::All => format!("{} in all namespaces", self.kind.plural()),
            Scope::Namespace(namespace) => format!("{} in {}", self.kind.plural(), namespace.raw()),
        }
    }
}

/// Runs one request; ends when its body ends, or when nobody listens any more.
pub(crate) async fn run<W: Wire, R: FromWire<W>>(
    cluster: Arc<Cluster>,
    target: Target,
    request: Request,
    inputs: mpsc::Sender<Input<R>>,
) {
    let is_watch = !matches!(request, Request::List { .. });
    let path = target.path(&request);
    let accept = target.accept(is_watch);
    let pass = cluster.gate.pass().await;
    if inputs.send(Input::Sent).await.is_err() {
        return;
    }
    let answer = cluster.client().get(&path, accept).await;
    // A server may answer well and break off each time: only what comes of the body says that it is alive.
    let standing = match verdict(&answer) {
        Server::Alive
            if answer
                .as_ref()
                .is_ok_and(|answer| answer.status.is_success()) =>
        {
            Server::Heard
        }
        other => other,
    };
    cluster.gate.report(standing, Some(pass));
    let verb = if is_watch { "watch" } else { "list" };
    let input = match answer {
        Err(problem) => Input::Failed(located(problem, verb, &target)),
        Ok(answer) if !answer.status.is_success() => Input::Refused(refusal(answer).await),
        Ok(answer) => {
            if let Some(date) = answer.date_s {
                cluster.on_server_date(date).await;
            }
            match Encoding::of(&answer.content_type) {
                None => Input::Failed(bad_answer(not_an_api(&target, &answer))),
                Some(encoding) => {
                    let _ = inputs.send(Input::Opened).await;
                    let framer = if is_watch {
                        Framer::watch(encoding == Encoding::Protobuf)
                    } else {
                        Framer::list(encoding == Encoding::Protobuf)
                    };
                    match body::<W, R>(answer, encoding, framer, is_watch, &target, &inputs).await {
                        Ok(()) => Input::Ended,
                        Err(problem) => Input::Broken(problem),
                    }
                }
            }
        }
    };
    let _ = inputs.send(input).await;
}

/// A list of one: does the server answer?
pub(crate) async fn probe(cluster: Arc<Cluster>, target: Target) -> Result<(), ProbeFailure> {
    let pass = cluster.gate.pass().await;
    let answer = cluster
        .client()
        .get(&target.path(&Request::Probe), target.accept(false))
        .await;
    cluster.gate.report(verdict(&answer), Some(pass));
    match answer {
        Err(problem) => Err(ProbeFailure::Failed(located(problem, "list", &target))),
        Ok(answer) if answer.status.is_success() => {
            answer.bytes().await.map(drop).map_err(ProbeFailure::Failed)
        }
        Ok(answer) => Err(ProbeFailure::Refused(refusal(answer).await)),
    }
}

/// A problem of the connection, with what was asked. Credentials are those of all requests alike.
fn located(problem: Problem, verb: &str, target: &Target) -> Problem {
    if problem.class == ProblemClass::Unauthorized {
        return problem;
    }
    let what = format!("{verb} {}: {}", target.words(), problem.what.raw());
    Problem {
        what: Outside::new(what),
        ..problem
    }
}

pub(crate) async fn refusal(answer: Answer) -> Refusal {
    let (code, content_type, retry_after_s) = (
        answer.status.as_u16(),
        answer.content_type.clone(),
        answer.retry_after_s,
    );
    let bytes = answer.bytes().await.unwrap_or_default();
    let mut refusal = match decode::status(&content_type, &bytes) {
        Some(status) => Refusal::from_status(status),
        None => Refusal {
            message: first_line(&bytes),
            ..Refusal::default()
        },
    };
    refusal.code = code;
    refusal.retry_after_s = retry_after_s.or(refusal.retry_after_s);
    refusal
}

fn first_line(bytes: &Bytes) -> String {
    let text = String::from_utf8_lossy(bytes);
    super::intern::cut(text.trim().lines().next().unwrap_or_default(), 200).to_owned()
}

fn not_an_api(target: &Target, answer: &Answer) -> String {
    let kind = if answer.content_type.is_empty() {
        "no Content-Type"
    } else {
        answer.content_type.as_str()
    };
    format!(
        "{}: the server answered {} with {kind}, not with objects",
        target.words(),
        answer.status.as_u16()
    )
}

async fn body<W: Wire, R: FromWire<W>>(
    answer: Answer,
    encoding: Encoding,
    mut framer: Framer,
    is_watch: bool,
    target: &Target,
    inputs: &mpsc::Sender<Input<R>>,
) -> Result<(), Problem> {
    let mut intern = Intern::default();
    let mut body = answer.body;
    let mut items = Vec::new();
    loop {
        let ready = if (1..ITEMS_TOGETHER).contains(&items.len()) {
            body.frame().now_or_never()
        } else {
            None
        };
        // What was decoded goes on before anything is waited for, and before anything else is said.
        let next = match ready {
            Some(Some(Ok(frame))) => Some(Ok(frame)),
            other => {
                if !items.is_empty() {
                    let all = Input::Items(std::mem::take(&mut items));
                    if inputs.send(all).await.is_err() {
                        return Ok(());
                    }
                }
                match other {
                    Some(end) => end,
                    None => body.frame().await,
                }
            }
        };
        let Some(frame) = next else { break };
        let frame = frame.map_err(|error| {
            unreachable(format!("{}: the answer broke off: {error}", target.words()))
        })?;
        let Ok(chunk) = frame.into_data() else {
            continue;
        };
        framer.push(&chunk);
        loop {
            match framer.next() {
                Ok(Some(Frame::One(frame))) if is_watch => {
                    items.push(decode::event::<W, R>(encoding, &frame, &mut intern))
                }
                Ok(Some(Frame::One(frame))) => {
                    items.push(decode::listed::<W, R>(encoding, &frame, &mut intern))
                }
                Ok(Some(Frame::TooBig)) => {
                    items.push(Item::Unreadable(Outside::from("(an object over 8 MB)")))
                }
                Ok(Some(Frame::Meta(meta))) => {
                    let _ = inputs.send(Input::Version(meta.resource_version)).await;
                }
                Ok(None) => break,
                Err(_) => {
                    if !items.is_empty() {
                        let _ = inputs.send(Input::Items(items)).await;
                    }
                    return Err(bad_answer(format!(
                        "{}: the answer is not a list or watch of objects",
                        target.words()
                    )));
                }
            }
        }
    }
    // A watch may be cut in mid-event: it resumes after the last whole one. A list is only good when whole.
    if !is_watch && framer.is_cut() {
        return Err(unreachable(format!(
            "{}: the list ended before its end",
            target.words()
        )));
    }
    Ok(())
}
