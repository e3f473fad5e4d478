//! Gives a watch its requests, its time and its channel. Decides nothing.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures::future::OptionFuture;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

use super::cluster::Cluster;
use super::decode::FromWire;
use super::fold::Fold;
use super::outbox::Outbox;
use super::request::{self, Target};
use super::watch::{Input, Output, Request, Watch};
use super::wire::Wire;
use model::cluster::{Health, Problem, ProblemClass};
use model::message::WatchChange;

/// Inputs between a request and its watch: enough to decode the next chunk meanwhile.
const INPUTS_MAX: usize = 4;

/// Runs until it is dropped, or until nobody listens. `forbidden` hears of a list that is not allowed, and never was: a server
/// that just started refuses for a moment what it has allowed before.
pub(crate) async fn drive<W: Wire, R: FromWire<W> + Fold>(
    cluster: Arc<Cluster>,
    target: Target,
    mut watch: Watch,
    mut outbox: Outbox<R>,
    forbidden: impl Fn(Problem) + Send,
) {
    let (_, mut open) = mpsc::channel(INPUTS_MAX);
    let mut requests = JoinSet::new();
    let mut probe: Option<AbortOnDropHandle<_>> = None;
    let mut standing = cluster.gate.subscribe();
    let (mut nudges, mut is_buffered) = {
        let now = standing.borrow();
        (now.nudges, now.is_buffered)
    };
    let (mut input, mut was_allowed) = (Input::Start, false);
    loop {
        for output in watch.step(cluster.clock.now(), input) {
            match output {
                Output::Send(Request::Probe) => {
                    probe = Some(AbortOnDropHandle::new(tokio::spawn(request::probe(
                        Arc::clone(&cluster),
                        target.clone(),
                    ))));
                }
                Output::Send(next) => {
                    tracing::debug!(what = target.words(), ?next, strange = watch.strange());
                    let (inputs, outputs) = mpsc::channel(INPUTS_MAX);
                    let (shared, target) = (Arc::clone(&cluster), target.clone());
                    let run = request::run::<W, R>(shared, target, next, inputs);
                    requests = JoinSet::new();
                    requests.spawn(cluster.contain(run));
                    open = outputs;
                }
                Output::Close => {
                    requests.abort_all();
                    probe = None;
                }
                Output::Server(server) => cluster.gate.report(server, None),
                Output::NoStreams => cluster.no_streams.store(true, Ordering::Relaxed),
                Output::Login => {
                    if let Err(problem) = cluster.login().await {
                        tracing::warn!(problem = problem.what.raw(), "login");
                    }
                }
                Output::Report(change) => {
                    was_allowed |= matches!(change, WatchChange::Synced { .. });
                    if let WatchChange::Health(Health::Stopped { problem }) = &change
                        && problem.class == ProblemClass::Forbidden
                        && !was_allowed
                    {
                        forbidden(problem.clone());
                    }
                    outbox.put(change);
                }
            }
        }
        input = loop {
            let wake = watch.wake();
            tokio::select! {
                biased;
                Some(input) = open.recv() => break input,
                Some(Ok(answer)) = OptionFuture::from(probe.as_mut()), if probe.is_some() => {
                    probe = None;
                    break Input::Probed(answer)
                }
                _ = standing.changed() => {
                    let now = *standing.borrow_and_update();
                    if std::mem::replace(&mut nudges, now.nudges) != now.nudges { break Input::Retry }
                    if std::mem::replace(&mut is_buffered, now.is_buffered) != now.is_buffered { break Input::Buffered }
                    if now.is_failing && watch.is_asking() {
                        break Input::Held(cluster.clock.at(now.next_ms), cluster.client().last_failure());
                    }
                }
                () = cluster.clock.until(wake.unwrap_or(0)), if wake.is_some() => break Input::Wake,
                place = outbox.place(), if outbox.is_waiting() => match place {
                    Some(place) => outbox.send(place),
                    None => return,
                }
            }
        };
    }
}
