//! The timeline on disk: what it called saved is there, whole and private, whatever happened in between.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bench;
mod chain;
mod command;
mod damage;
mod documents;
mod export;
mod faults;
mod incidents;
mod kill;
mod thread;
