//! WATCH: initial events, changes as they happen, bookmarks, 410 for what is forgotten.

use std::time::Duration;

use bytes::Bytes;
use tokio::sync::watch::Receiver;
use tokio::time::{Instant, sleep_until};

use super::super::cluster::{Cluster, State};
use super::super::world::object::{Kind, Millis, Object};
use super::super::world::{Change, Changed};
use super::answer::{Answer, Form, Pieces, streamed};
use super::encode::{Damage, Events};
use super::list;
use super::request::{Asked, Target};
use super::selector::Selection;
use super::status::Status;

/// How often a watch that asked for bookmarks gets one (the API server's `defaultBookmarkFrequency`).
const BOOKMARK: Duration = Duration::from_secs(60);
/// How long a watch lasts that names no time: a real server picks between 30 and 60 minutes.
const LASTS: Duration = Duration::from_secs(2_700);
/// Events sent in one piece: one small write for each would cost more than the events.
const BATCH: usize = 256;
/// A version so far ahead is not waited for.
const AHEAD: Duration = Duration::from_secs(3);

struct Watch {
    cluster: Cluster,
    selection: Selection,
    kind: Option<Kind>,
    events: Events,
    bookmarks: bool,
    pieces: Pieces,
    version: u64,
}

/// Answers a watch.
pub async fn watch(
    cluster: &Cluster,
    target: &Target,
    asked: &Asked,
    damage: Damage,
) -> Result<Answer, Status> {
    let (resource, query) = (target.resource, &asked.query);
    let form = Form::negotiate(&asked.accept, resource.stored, true)?;
    let fields = match &target.name {
        Some(name) => format!("metadata.name={name}"),
        None => query.text("fieldSelector").to_owned(),
    };
    let selection = Selection::parse(
        target.namespace.as_deref(),
        query.text("labelSelector"),
        &fields,
        resource.stored,
    )?;
    let asked_version = list::version(query.text("resourceVersion"))?;
    let streams_list = query.is_set("sendInitialEvents");
    if streams_list && query.text("resourceVersionMatch") != "NotOlderThan" {
        return Err(Status::list_options(
            "resourceVersionMatch",
            "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
        ));
    }
    let (pieces, answer) = streamed(form.stream_type());
    let bookmarks = query.is_set("allowWatchBookmarks");
    let lasts = query
        .number("timeoutSeconds")
        .filter(|s| *s > 0)
        .map_or(LASTS, Duration::from_secs);
    let events = Events::new(resource, form, query.text("includeObject"), damage);
    let mut watch = Watch {
        cluster: cluster.clone(),
        selection,
        kind: resource.stored,
        events,
        bookmarks,
        pieces,
        version: asked_version.unwrap_or(0),
    };
    let versions = cluster.versions();
    let ends = Instant::now() + cluster.lasting(lasts);
    cluster.ask(|_| ()).await?;
    tokio::spawn(async move {
        let initial = streams_list || watch.version == 0;
        // A reader that has gone ends the task: nobody is left to read an error.
        watch.run(initial, streams_list, versions, ends).await.ok();
    });
    Ok(answer)
}

/// The reader has gone, or the watch is over.
struct Over;

impl Watch {
    async fn run(
        &mut self,
        initial: bool,
        streams_list: bool,
        mut versions: Receiver<u64>,
        end: Instant,
    ) -> Result<(), Over> {
        self.damage_first().await?;
        if initial {
            self.send_initial(streams_list).await?;
        }
        let pause = self.cluster.lasting(BOOKMARK);
        let mut bookmark_at = Instant::now() + pause;
        loop {
            if self.events.is_over() {
                return Err(Over);
            }
            versions.borrow_and_update();
            if self.send_changes().await? {
                continue;
            }
            tokio::select! {
                () = self.pieces.closed() => return Err(Over),
                () = sleep_until(end) => {
                    // A real server's last word before the deadline is a bookmark.
                    self.send_bookmark(false).await?;
                    return Ok(());
                }
                () = sleep_until(bookmark_at) => {
                    self.send_bookmark(false).await?;
                    bookmark_at += pause;
                }
                changed = versions.changed() => changed.map_err(|_| Over)?,
            }
        }
    }

    async fn damage_first(&mut self) -> Result<(), Over> {
        let damage = self.events.damage;
        if let Some(bytes) = damage.long_line {
            self.send(self.events.long(bytes)).await?;
        }
        if damage.broken_frame {
            self.send(self.events.broken()).await?;
            return Err(Over);
        }
        Ok(())
    }

    async fn send(&self, bytes: Vec<u8>) -> Result<(), Over> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.pieces
            .send(Ok(Bytes::from(bytes)))
            .await
            .map_err(|_| Over)
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut State) -> T + Send + 'static,
    ) -> Result<T, Over> {
        self.cluster.ask(question).await.map_err(|_| Over)
    }

    async fn send_bookmark(&mut self, ends_initial: bool) -> Result<(), Over> {
        if !self.bookmarks {
            return Ok(());
        }
        let bytes = self.events.bookmark(self.version, ends_initial);
        self.send(bytes).await
    }

    async fn send_initial(&mut self, streams_list: bool) -> Result<(), Over> {
        let (kind, selection) = (self.kind, self.selection.clone());
        let read = move |state: &mut State| {
            let world = &state.world;
            let all = kind
                .into_iter()
                .flat_map(|kind| world.list(kind, selection.namespace.as_deref(), None));
            (
                all.filter(|object| selection.takes(object))
                    .cloned()
                    .collect::<Vec<Object>>(),
                world.version(),
                world.now(),
            )
        };
        let (objects, version, now) = self.ask(read).await?;
        self.version = version;
        for batch in objects.chunks(BATCH) {
            self.send_all(batch.iter().map(|object| ("ADDED", object)), now)
                .await?;
            tokio::task::yield_now().await;
        }
        if streams_list {
            self.send_bookmark(true).await
        } else {
            Ok(())
        }
    }

    async fn send_all<'a>(
        &mut self,
        events: impl Iterator<Item = (&'static str, &'a Object)>,
        now: Millis,
    ) -> Result<(), Over> {
        let mut bytes = vec![];
        let mut over = false;
        for (kind, object) in events {
            if self.events.is_over() {
                over = true;
                break;
            }
            bytes.extend(self.events.object(kind, object, now));
        }
        self.send(bytes).await?;
        if over || self.events.is_over() {
            Err(Over)
        } else {
            Ok(())
        }
    }

    /// Sends the next changes; false when there are none yet.
    async fn send_changes(&mut self) -> Result<bool, Over> {
        let (kind, version) = (self.kind, self.version);
        let read = move |state: &mut State| {
            let changes = kind.map_or(Ok(vec![]), |kind| state.world.since(kind, version, BATCH));
            (changes, state.world.version(), state.world.now())
        };
        let (changes, current, now) = self.ask(read).await?;
        if version > current {
            tokio::time::sleep(AHEAD).await;
            self.send(
                self.events
                    .error(&Status::too_large_version(version, current)),
            )
            .await?;
            return Err(Over);
        }
        let changes = match changes {
            Ok(changes) => changes,
            Err(compacted) => {
                let status = Status::expired(format!(
                    "too old resource version: {version} ({})",
                    compacted.oldest
                ));
                self.send(self.events.error(&status)).await?;
                return Err(Over);
            }
        };
        let Some(last) = changes.last() else {
            self.version = current;
            return Ok(false);
        };
        self.version = last.version;
        let selection = self.selection.clone();
        let events: Vec<(&'static str, Object)> = changes
            .iter()
            .filter_map(|change| event(change, &selection))
            .collect();
        self.send_all(events.iter().map(|(kind, object)| (*kind, object)), now)
            .await?;
        Ok(true)
    }
}

/// What a change is to somebody who sees only the selected objects.
fn event(change: &Change, selection: &Selection) -> Option<(&'static str, Object)> {
    let takes = selection.takes(&change.object);
    match &change.changed {
        Changed::Added => takes.then(|| ("ADDED", change.object.clone())),
        Changed::Deleted => takes.then(|| ("DELETED", change.object.clone())),
        Changed::Modified(before) => match (selection.takes(before), takes) {
            (true, true) => Some(("MODIFIED", change.object.clone())),
            (false, true) => Some(("ADDED", change.object.clone())),
            (true, false) => {
                // The object as it last was in view, under the version that took it away.
                let mut gone = before.clone();
                gone.meta_mut().version = change.version;
                Some(("DELETED", gone))
            }
            (false, false) => None,
        },
    }
}
