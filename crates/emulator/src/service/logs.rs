//! `pods/log`: container, previous, follow, tail, since, timestamps, limit.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat};
use http::StatusCode;

use super::super::cluster::{Cluster, State};
use super::super::logs::{Instance, KEPT_MAX, Line};
use super::super::world::World;
use super::super::world::object::{Key, Millis};
use super::super::world::pod::{Pod, Stage};
use super::answer::{Answer, Pieces, streamed, whole};
use super::request::{Asked, Target};
use super::status::Status;

/// How often a followed log is looked at: what a person still sees as at once.
const POLL: Duration = Duration::from_millis(50);

/// What of a log is wanted.
#[derive(Clone, Debug)]
struct Wanted {
    key: Key,
    container: String,
    previous: bool,
    /// Only lines after that.
    after: Millis,
    tail: usize,
    timestamps: bool,
    limit: usize,
    per_s: u32,
}

/// Answers a log request.
pub async fn answer(
    cluster: &Cluster,
    target: &Target,
    asked: &Asked,
    per_s: u32,
) -> Result<Answer, Status> {
    let query = &asked.query;
    let now = cluster.ask(|state| state.world.now()).await?;
    let wanted = Wanted {
        key: Key::new(
            target.namespace.as_deref().unwrap_or_default(),
            target.name.as_deref().unwrap_or_default(),
        ),
        container: query.text("container").to_owned(),
        previous: query.is_set("previous"),
        after: since(asked, now)?,
        tail: query.number("tailLines").unwrap_or(usize::MAX),
        timestamps: query.is_set("timestamps"),
        limit: query.number("limitBytes").unwrap_or(usize::MAX),
        per_s,
    };
    let (resource, first) = (target.resource, wanted.clone());
    let open = move |state: &mut State| {
        let pod = state
            .world
            .pod(&first.key)
            .cloned()
            .ok_or_else(|| Status::not_found(resource, &first.key.name))?;
        Ok::<_, Status>((first.instance(&state.world, &pod)?, state.world.now()))
    };
    let (instance, now) = cluster.ask(open).await??;
    let text = wanted.first(&instance, now);
    if !query.is_set("follow") || wanted.previous || text.len() >= wanted.limit {
        return Ok(whole(StatusCode::OK, "text/plain", text));
    }
    let (pieces, answer) = streamed("text/plain");
    let follow = Follow {
        cluster: cluster.clone(),
        wanted,
        instance,
        shown: now,
        sent: 0,
        pieces,
    };
    tokio::spawn(follow.run(text));
    Ok(answer)
}

fn since(asked: &Asked, now: Millis) -> Result<Millis, Status> {
    if let Some(seconds) = asked.query.number::<i64>("sinceSeconds") {
        return Ok(now - seconds * 1_000 - 1);
    }
    match asked.query.text("sinceTime") {
        "" => Ok(0),
        text => DateTime::parse_from_rfc3339(text)
            .map(|at| at.timestamp_millis() - 1)
            .map_err(|error| Status::bad_request(format!("unable to parse sinceTime: {error}"))),
    }
}

impl Wanted {
    fn instance(&self, world: &World, pod: &Arc<Pod>) -> Result<Instance, Status> {
        let containers = &pod.template.containers;
        let name = &self.key.name;
        let at = if self.container.is_empty() {
            if containers.len() > 1 {
                let names: Vec<&str> = containers.iter().map(|c| &*c.name).collect();
                return Err(Status::bad_request(format!(
                    "a container name must be specified for pod {name}, choose one of: [{}]",
                    names.join(" ")
                )));
            }
            0
        } else {
            let found = containers.iter().position(|c| *c.name == *self.container);
            found.ok_or_else(|| {
                Status::bad_request(format!(
                    "container {} is not valid for pod {name}",
                    self.container
                ))
            })?
        };
        let container = &containers[at].name;
        if self.previous {
            let why = || {
                Status::bad_request(format!(
                    "previous terminated container \"{container}\" in pod \"{name}\" not found"
                ))
            };
            return Instance::previous(world, pod, at, self.per_s).ok_or_else(why);
        }
        Instance::present(world, pod, at, self.per_s).ok_or_else(|| {
            let why = match pod.stage {
                Stage::PullError => "image can't be pulled",
                Stage::PullBackOff => "trying and failing to pull image",
                _ => "ContainerCreating",
            };
            Status::bad_request(format!(
                "container \"{container}\" in pod \"{name}\" is waiting to start: {why}"
            ))
        })
    }

    fn first(&self, instance: &Instance, now: Millis) -> Vec<u8> {
        let mut lines = instance.lines(self.after, now);
        lines.extend(instance.last_words(self.after, now));
        let kept = self
            .tail
            .min(usize::try_from(KEPT_MAX).unwrap_or(usize::MAX));
        let from = lines.len().saturating_sub(kept);
        let mut text = self.text(&lines[from..]);
        text.truncate(self.limit);
        text
    }

    fn text(&self, lines: &[Line]) -> Vec<u8> {
        let mut text = String::new();
        for line in lines {
            if self.timestamps {
                let at = DateTime::from_timestamp_millis(line.at).unwrap_or_default();
                text.push_str(&at.to_rfc3339_opts(SecondsFormat::Nanos, true));
                text.push(' ');
            }
            text.push_str(&line.text);
            text.push('\n');
        }
        text.into_bytes()
    }
}

/// A log that is being followed.
struct Follow {
    cluster: Cluster,
    wanted: Wanted,
    instance: Instance,
    shown: Millis,
    sent: usize,
    pieces: Pieces,
}

impl Follow {
    async fn run(mut self, first: Vec<u8>) {
        let mut next = Some(first);
        while let Some(mut text) = next.take() {
            text.truncate(self.wanted.limit - self.sent);
            self.sent += text.len();
            if !text.is_empty() && self.pieces.send(Ok(Bytes::from(text))).await.is_err()
                || self.sent >= self.wanted.limit
            {
                return;
            }
            tokio::select! {
                () = self.pieces.closed() => return,
                () = tokio::time::sleep(POLL) => next = self.more().await,
            }
        }
    }

    /// What was printed since the last read; none when the instance has ended and all of it was sent.
    async fn more(&mut self) -> Option<Vec<u8>> {
        let (wanted, instance, shown) = (self.wanted.clone(), self.instance.clone(), self.shown);
        let read = move |state: &mut State| {
            let now = state.world.now();
            let present = as_it_is(&state.world, &wanted, &instance);
            let running = present.as_ref().is_some_and(|(_, running)| *running);
            let instance = present.map_or(instance, |(instance, _)| instance);
            let mut lines = instance.lines(shown, now);
            lines.extend(instance.last_words(shown, now));
            (wanted.text(&lines), now, running, instance)
        };
        let (text, now, running, instance) = self.cluster.ask(read).await.ok()?;
        (self.shown, self.instance) = (now, instance);
        (running || !text.is_empty()).then_some(text)
    }
}

/// The same instance as the world has it now, and whether it runs; none when it is no longer the pod's present one.
fn as_it_is(world: &World, wanted: &Wanted, instance: &Instance) -> Option<(Instance, bool)> {
    let pod = world.pod(&wanted.key)?;
    let present = wanted.instance(world, pod).ok()?;
    let running = matches!(pod.stage, Stage::Running | Stage::Ready);
    (present.started == instance.started).then_some((present, running))
}
