//! Followed logs: which streams run, what they ask, what they tell. A stream that is no longer wanted because its pod is
//! gone says its last words; one of another target ends at once.

mod ask;
mod driver;
mod queue;
mod search;
mod seen;
mod split;
mod stream;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::{mpsc, watch};
use tokio_util::task::AbortOnDropHandle;

use super::Building;
use driver::Plan;
use model::filter::Filter;
use model::logs::{LogFollow, StreamId};
use model::message::{LogsEffect, Msg, Want, Watch};

/// Context, session and stream: what is the same stream as before, whatever the pods say of it now.
type Name = (Arc<str>, u32, Arc<StreamId>);

/// The streams that run.
#[derive(Default)]
pub(super) struct Streams {
    running: BTreeMap<Name, Running>,
    /// The newest search; an older one ends.
    search: Arc<AtomicU32>,
}

struct Running {
    plan: watch::Sender<Plan>,
    task: AbortOnDropHandle<()>,
}

impl Streams {
    /// Starts, changes and stops streams; `cluster` gives the cluster of a context.
    pub(super) fn reconcile(
        &mut self,
        wants: &BTreeSet<Want>,
        mut cluster: impl FnMut(&Arc<str>) -> Building,
    ) {
        let wanted: BTreeMap<Name, &LogFollow> = wants.iter().filter_map(named).collect();
        let is_elsewhere = |name: &Name| {
            wanted
                .keys()
                .any(|wanted| (&wanted.0, wanted.1) != (&name.0, name.1))
        };
        self.running.retain(|name, running| {
            let is_over = running.task.is_finished();
            if wanted.contains_key(name) {
                // The log of an instance that has ended is read once, to its end.
                let is_whole = is_over && name.2.is_previous;
                return (!is_over || is_whole) && !running.plan.borrow().is_retired;
            }
            running
                .plan
                .send_if_modified(|plan| !std::mem::replace(&mut plan.is_retired, true));
            !is_over && !is_elsewhere(name)
        });
        for (name, follow) in wanted {
            let plan = Plan {
                follow: follow.clone(),
                is_retired: false,
            };
            if let Some(running) = self.running.get(&name) {
                running.plan.send_if_modified(|known| {
                    let is_new = *known != plan;
                    *known = plan;
                    is_new
                });
                continue;
            }
            let (sender, receiver) = watch::channel(plan);
            let (building, session) = (cluster(&name.0), name.1);
            let task = tokio::spawn(async move {
                if let Ok(cluster) = building.await {
                    let work = driver::run(Arc::clone(&cluster), session, receiver);
                    cluster.contain(work).await;
                }
            });
            self.running.insert(
                name,
                Running {
                    plan: sender,
                    task: AbortOnDropHandle::new(task),
                },
            );
        }
    }

    /// Ends all streams of a context: its credentials have changed.
    pub(super) fn drop_context(&mut self, context: &str) {
        self.running.retain(|name, _| name.0.as_ref() != context);
    }

    /// Does one thing once.
    pub(super) fn run(&self, effect: LogsEffect, messages: mpsc::Sender<Msg>) {
        let LogsEffect::Search {
            generation,
            filter,
            segments,
        } = effect;
        self.search.store(generation, Ordering::Relaxed);
        let latest = Arc::clone(&self.search);
        // Ends by itself: after the last segment, or when a newer one begins.
        drop(tokio::task::spawn_blocking(move || {
            search::run(
                generation,
                &Filter::parse(filter.raw()),
                segments,
                &latest,
                &messages,
            );
        }));
    }
}

fn named(want: &Want) -> Option<(Name, &LogFollow)> {
    let Watch::Logs(follow) = &want.what else {
        return None;
    };
    let stream = Arc::clone(&follow.stream);
    Some(((Arc::clone(&want.context), want.epoch, stream), follow))
}
