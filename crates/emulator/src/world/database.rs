//! The shop's database as its clients see it: how many connections they hold, and when there were none left.

use super::World;
use super::object::{Key, Labels, Millis};
use super::pod::{Pod, Stage};
use super::spans::Spans;

const HOUR_MS: Millis = 3_600_000;

/// A workload that talks to the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// `app` label of its pods.
    pub app: &'static str,
    /// Connections of each pod.
    pub pool: u32,
    /// Share of its requests that fail while there are no connections left, in per cent: who holds some goes on.
    pub errors_percent: u64,
    /// The image that never gives connections back, if any.
    pub leaky_image: Option<String>,
}

/// Connections that one pod of the leaky image loses in an hour.
const LEAK_PER_HOUR: u32 = 6;
/// And at most: then it has enough of them for all it does.
const LEAK_MAX: u32 = 40;

/// A database and its clients.
#[derive(Clone, Debug, Default)]
pub struct Database {
    /// The `StatefulSet`; none when the story has no database.
    pub set: Option<Key>,
    pub connections_max: u32,
    pub clients: Vec<Client>,
    /// When there were no connections left.
    pub exhausted: Spans,
}

impl Database {
    /// The client of that name.
    pub fn client(&self, app: &str) -> Option<&Client> {
        let mut clients = self.clients.iter();
        clients.find(|client| client.app == app)
    }
}

impl World {
    /// Connections that the pods of a client hold.
    pub fn connections_of(&self, client: &Client) -> u32 {
        let Some(set) = &self.database.set else {
            return 0;
        };
        let labels = Labels::from([("app".to_owned(), client.app.to_owned())]);
        let pods = self.pods_matching(&set.namespace, &labels);
        pods.iter()
            .map(|pod| connections_of(client, pod, self.now()))
            .sum()
    }

    /// Connections in use, at most all.
    pub fn connections(&self) -> u32 {
        let clients = self.database.clients.iter();
        let wanted: u32 = clients.map(|client| self.connections_of(client)).sum();
        wanted.min(self.database.connections_max)
    }

    /// Checks whether there are connections left, and keeps since when there are none.
    pub(super) fn watch_database(&mut self) {
        if self.database.set.is_none() {
            return;
        }
        let full = self.connections() >= self.database.connections_max;
        let now = self.now();
        self.database.exhausted.set(full, now);
    }
}

impl Client {
    /// Whether a pod of it runs the image that gives no connection back.
    pub fn leaks(&self, pod: &Pod) -> bool {
        let leaky = |image: &String| {
            let mut containers = pod.template.containers.iter();
            containers.any(|container| *container.image == **image)
        };
        self.leaky_image.as_ref().is_some_and(leaky)
    }
}

/// Connections that a pod has not given back which has leaked for so long.
pub fn lost(lived: Millis) -> u32 {
    let lost = lived.max(0) * Millis::from(LEAK_PER_HOUR) / HOUR_MS;
    u32::try_from(lost).unwrap_or(LEAK_MAX).min(LEAK_MAX)
}

fn connections_of(client: &Client, pod: &Pod, now: Millis) -> u32 {
    if !pod.is_active() || !matches!(pod.stage, Stage::Running | Stage::Ready) {
        return 0;
    }
    if client.leaks(pod) {
        client.pool + lost(now - pod.started)
    } else {
        client.pool
    }
}
