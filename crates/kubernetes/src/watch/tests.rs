//! client-go's reflector cases and ours: a server's answers in, requests and tables out, on a clock of the test's.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod buffered;
mod faults;
mod list;
mod live;
mod rate;
mod simulation;

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use super::*;
use crate::decode::Item;
use crate::refusal::Refusal;
use crate::wire::meta::Status;
use model::cluster::Problem;
use model::meta::{Meta, Row};

/// An object with nothing but its identity.
#[derive(Clone, Debug, PartialEq)]
struct Thing(Meta);

impl Row for Thing {
    fn meta(&self) -> &Meta {
        &self.0
    }
}

/// A watch between a server and a model that the test plays.
struct Rig {
    watch: Watch,
    now_ms: u64,
    /// Every request, with the time it was sent.
    sent: Vec<(u64, Request)>,
    /// What a model would hold.
    table: BTreeMap<String, (u32, u64)>,
    generation: u32,
    syncs: u32,
    unreadable: usize,
    healths: Vec<Health>,
    closes: u32,
    logins: u32,
    servers: Vec<Server>,
    no_streams: bool,
}

fn thing(uid: &str, version: u64) -> Thing {
    Thing(Meta {
        uid: uid.into(),
        namespace: "shop".into(),
        name: uid.into(),
        version: NonZeroU64::new(version),
        created: None,
    })
}

fn applied(uid: &str, version: u64) -> Item<Thing> {
    Item::Applied(thing(uid, version), version.to_string())
}

fn deleted(uid: &str, version: u64) -> Item<Thing> {
    Item::Deleted(thing(uid, version), version.to_string())
}

fn bookmark(version: u64) -> Item<Thing> {
    Item::Bookmark {
        version: version.to_string(),
        ends_initial: false,
    }
}

fn initial_end(version: u64) -> Item<Thing> {
    Item::Bookmark {
        version: version.to_string(),
        ends_initial: true,
    }
}

fn error(code: i32, reason: &str) -> Item<Thing> {
    Item::Error(Status {
        code,
        reason: reason.into(),
        ..Status::default()
    })
}

fn refusal(code: u16) -> Input<Thing> {
    Input::Refused(Refusal {
        code,
        ..Refusal::default()
    })
}

fn broken() -> Input<Thing> {
    Input::Broken(problem::unreachable("reset by peer"))
}

impl Rig {
    /// A watch that has sent its first request.
    fn new() -> Rig {
        let plan = Plan {
            what: "things in shop".into(),
            streams: true,
            is_buffered: false,
        };
        let mut rig = Rig {
            watch: Watch::new(plan, 42),
            now_ms: 1_000,
            sent: Vec::new(),
            table: BTreeMap::new(),
            generation: 0,
            syncs: 0,
            unreadable: 0,
            healths: Vec::new(),
            closes: 0,
            logins: 0,
            servers: Vec::new(),
            no_streams: false,
        };
        rig.put(Input::Start);
        rig
    }

    /// A watch that is live, with the objects `a` and `b`, at version 10.
    fn live() -> Rig {
        let mut rig = Rig::new();
        rig.put(Input::Opened);
        rig.items(vec![applied("a", 3), applied("b", 7), initial_end(10)]);
        assert!(rig.is_live());
        rig
    }

    fn now(&self) -> At {
        let epoch = chrono::DateTime::<chrono::Utc>::UNIX_EPOCH;
        At {
            mono_ms: 0,
            wall: epoch,
        }
        .plus_ms(self.now_ms)
    }

    fn put(&mut self, input: Input<Thing>) {
        for output in self.watch.step(self.now(), input) {
            match output {
                Output::Send(Request::Probe) => self.sent.push((self.now_ms, Request::Probe)),
                Output::Send(request) => {
                    self.sent.push((self.now_ms, request));
                    assert!(self.watch.step::<Thing>(self.now(), Input::Sent).is_empty());
                }
                Output::Close => self.closes += 1,
                Output::Login => self.logins += 1,
                Output::NoStreams => self.no_streams = true,
                Output::Server(server) => self.servers.push(server),
                Output::Report(change) => self.report(change),
            }
        }
    }

    fn items(&mut self, items: Vec<Item<Thing>>) {
        self.put(Input::Items(items));
    }

    fn report(&mut self, change: WatchChange<Thing>) {
        match change {
            WatchChange::Begin { generation } => self.generation = generation,
            WatchChange::Batch {
                rows,
                gone,
                unreadable,
            } => {
                for row in rows {
                    let entry = (self.generation, row.0.version.map_or(0, u64::from));
                    self.table.insert(row.0.uid.to_string(), entry);
                }
                for uid in gone {
                    self.table.remove(&*uid);
                }
                self.unreadable += unreadable.len();
            }
            WatchChange::Synced { generation } => {
                assert_eq!(generation, self.generation);
                self.table.retain(|_, (seen, _)| *seen == generation);
                self.syncs += 1;
            }
            WatchChange::Health(health) => self.healths.push(health),
        }
    }

    /// Lets time pass, waking the watch whenever it asks for it.
    fn pass(&mut self, ms: u64) {
        let end = self.now_ms + ms;
        while let Some(due) = self.watch.wake().filter(|due| *due <= end) {
            self.now_ms = self.now_ms.max(due);
            self.put(Input::Wake);
            assert!(
                self.watch.wake() != Some(due),
                "woken at {due} and again at once: it would spin"
            );
        }
        self.now_ms = end;
    }

    /// Lets time pass up to the next request, unless one is open.
    fn until_asked(&mut self) -> Request {
        if self.watch.is_asking() {
            return self.last();
        }
        let before = self.sent.len();
        let end = self.now_ms + 120_000;
        while self.sent.len() == before {
            assert!(self.now_ms < end, "no request within 120 s");
            self.pass(10);
        }
        self.last()
    }

    fn last(&self) -> Request {
        self.sent.last().unwrap().1.clone()
    }

    fn health(&self) -> &Health {
        self.healths.last().unwrap()
    }

    fn is_live(&self) -> bool {
        matches!(self.health(), Health::Live { .. })
    }

    fn is_stale(&self) -> bool {
        matches!(self.health(), Health::Stale { .. })
    }

    fn stopped(&self) -> Option<&Problem> {
        match self.health() {
            Health::Stopped { problem } => Some(problem),
            _ => None,
        }
    }

    fn uids(&self) -> Vec<&str> {
        self.table.keys().map(String::as_str).collect()
    }
}

fn version_of(request: &Request) -> &str {
    match request {
        Request::List { version }
        | Request::Stream { version, .. }
        | Request::Watch { version, .. } => version,
        Request::Probe => panic!("a probe has no version"),
    }
}

fn is_watch(request: &Request) -> bool {
    matches!(request, Request::Watch { .. })
}
