//! A store whose answers can be waited for, and entries to give it.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use chrono::Utc;
use journal::store::directory::StateDir;
use journal::store::disk::Identity;
use journal::store::{self, Store};
use model::entry::{Actor, Draft, Entry, Ids};
use model::journal::{StoreHealth, Token};
use model::kind::{ActorKind, Kind};
use model::message::{StoreEffect, StoreMsg};
use text::Outside;

/// Far above what a loaded machine needs: it only ends a test that would never end.
pub const DEADLINE: Duration = Duration::from_secs(30);

pub struct Bench {
    pub store: Store,
    pub ids: Ids,
    heard: Receiver<StoreMsg>,
}

impl Bench {
    pub fn open(dir: &StateDir) -> Bench {
        let (say, heard) = channel();
        let say = Arc::new(move |message| drop(say.send(message)));
        let seed =
            u64::from(std::process::id()) ^ u64::try_from(Utc::now().timestamp_micros()).unwrap();
        Bench {
            store: store::open(Ok(dir.clone()), Identity::default(), say).unwrap(),
            ids: Ids::seeded(seed),
            heard,
        }
    }

    /// The first message that `wanted` makes something of.
    pub fn wait<T>(&self, mut wanted: impl FnMut(StoreMsg) -> Option<T>) -> T {
        let until = Instant::now() + DEADLINE;
        loop {
            let message = self
                .heard
                .recv_timeout(until - Instant::now())
                .expect("the store says what is waited for");
            if let Some(found) = wanted(message) {
                return found;
            }
        }
    }

    pub fn healthy(&self) -> StoreHealth {
        self.health(|health| health.problem.is_none())
    }

    pub fn health(&self, wanted: impl Fn(&StoreHealth) -> bool) -> StoreHealth {
        self.wait(|message| match message {
            StoreMsg::Health(health) if wanted(&health) => Some(health),
            _ => None,
        })
    }

    pub fn draft(&mut self, kind: Kind, title: &str) -> Draft {
        let at = Utc::now();
        Draft::new(
            self.ids.next(at),
            at,
            Actor::of(ActorKind::Human),
            kind,
            Outside::from(title),
        )
    }

    pub fn save(&mut self, token: u64, title: &str) {
        let draft = self.draft(Kind::Note, title);
        self.store.run(StoreEffect::Save {
            token: Token(token),
            draft: Box::new(draft),
        });
    }

    pub fn saved(&self, wanted: u64) -> Entry {
        self.wait(|message| match message {
            StoreMsg::Saved { token, entry } if token == Token(wanted) => Some(*entry),
            _ => None,
        })
    }

    pub fn close(self) -> StoreHealth {
        self.store.close(DEADLINE).expect("the store ends in time")
    }
}

pub fn fresh() -> (tempfile::TempDir, StateDir) {
    let dir = tempfile::tempdir().unwrap();
    let state = StateDir::at(dir.path().join("state"));
    (dir, state)
}
