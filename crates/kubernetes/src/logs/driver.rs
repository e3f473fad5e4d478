//! Gives a log stream its requests, its time and its channel. Decides nothing.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::ask;
use super::queue::Queue;
use super::stream::{Input, Output, Stream};
use crate::cluster::Cluster;
use model::logs::{LogFollow, StreamState};
use model::message::{LogsMsg, Msg};

/// Chunks between a request and its stream: enough to read the next one meanwhile.
const INPUTS_MAX: usize = 4;

/// What is wanted of a stream that runs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plan {
    pub(super) follow: LogFollow,
    pub(super) is_retired: bool,
}

/// Runs until it is over, dropped, or nobody listens.
pub(super) async fn run(cluster: Arc<Cluster>, session: u32, mut plans: watch::Receiver<Plan>) {
    let first = plans.borrow_and_update().follow.clone();
    let id = Arc::clone(&first.stream);
    let mut stream = Stream::new(first, fastrand::u64(..));
    let mut queue = Queue::new(session);
    let (_, mut open) = mpsc::channel(INPUTS_MAX);
    let mut requests = JoinSet::new();
    let mut standing = cluster.gate.subscribe();
    let mut nudges = standing.borrow().nudges;
    let (mut input, mut is_done) = (Input::Start, false);
    let tell = |state: StreamState| LogsMsg::Stream {
        session,
        stream: Arc::clone(&id),
        state,
    };
    queue.put(0, tell(StreamState::Opening));
    loop {
        // Beside lines that the nodes stamped.
        let now = cluster.server_now();
        for output in stream.step(now, input) {
            match output {
                Output::Send(next) => {
                    tracing::debug!(pod = id.pod.raw(), ?next, "log");
                    let (inputs, outputs) = mpsc::channel(INPUTS_MAX);
                    requests = JoinSet::new();
                    let run = ask::run(Arc::clone(&cluster), Arc::clone(&id), next, inputs);
                    requests.spawn(cluster.contain(run));
                    open = outputs;
                }
                Output::Close => {
                    requests.abort_all();
                    open = mpsc::channel(INPUTS_MAX).1;
                }
                Output::Lines(segment) => {
                    queue.put(now.mono_ms, LogsMsg::Lines { session, segment })
                }
                Output::State(state) => queue.put(now.mono_ms, tell(state)),
                Output::Server(server) => cluster.log_gate.report(server, None),
                Output::Login => {
                    if let Err(problem) = cluster.login().await {
                        tracing::warn!(problem = problem.what.raw(), "login");
                    }
                }
                Output::Done => is_done = true,
            }
        }
        input = loop {
            if is_done && queue.is_empty() {
                return;
            }
            let held_until = queue.held_until(cluster.clock.now().mono_ms);
            let wake = [stream.wake(), held_until].into_iter().flatten().min();
            tokio::select! {
                biased;
                changed = plans.changed(), if !is_done => {
                    if changed.is_err() { return }
                    let plan = plans.borrow_and_update().clone();
                    break if plan.is_retired { Input::Retire } else { Input::Plan(plan.follow) }
                }
                _ = standing.changed() => {
                    let now = *standing.borrow_and_update();
                    if std::mem::replace(&mut nudges, now.nudges) != now.nudges {
                        // What the logs were refused while the server was away says nothing now.
                        cluster.log_gate.retry_now();
                        break Input::Retry
                    }
                }
                Some(input) = open.recv(), if held_until.is_none() && !is_done => break input,
                () = cluster.clock.until(wake.unwrap_or(0)), if wake.is_some() && !is_done => break Input::Wake,
                place = cluster.messages.reserve(), if !queue.is_empty() => match (place, queue.next()) {
                    (Ok(place), Some(msg)) => place.send(Msg::Logs(msg)),
                    (Ok(_), None) => {}
                    (Err(_), _) => return,
                }
            }
        };
    }
}
