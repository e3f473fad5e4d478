//! Clusters and Alertmanagers over a real network on loopback, emulated or scripted: what they answer, well or badly, and what
//! the console makes of it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

/// The emulated cluster with a script of faults, and a log of what it was asked.
mod bed;

mod alerts;
mod clock;
mod counted_logs;
mod faults;
mod outages;
mod promises;
mod rollouts;
mod runbooks;
mod usage;
