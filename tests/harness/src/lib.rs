//! The console without terminal, clusters and disk: keys and messages in, screen and effects out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::return_self_not_must_use
)]

pub mod board;
pub mod changes;
pub mod console;
pub mod fixtures;
pub mod logging;
pub mod mash;
pub mod rollouts;
pub mod runbooks;
pub mod serving;
pub mod styles;
pub mod writing;
