//! The timeline on disk: what it called saved is there, whole and private, whatever happened in between.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "store/bench.rs"]
mod bench;
#[path = "store/chain.rs"]
mod chain;
#[path = "store/command.rs"]
mod command;
#[path = "store/faults.rs"]
mod faults;
#[path = "store/incidents.rs"]
mod incidents;
#[path = "store/kill.rs"]
mod kill;
#[path = "store/thread.rs"]
mod thread;
