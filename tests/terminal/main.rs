//! The program in a real terminal and in a shell: it starts, works, and gives the terminal back.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod config;
mod contexts;
mod files;
mod journey;
mod layer;
mod mouse;
mod pictures;
mod pty;
mod replay;
mod runbooks;
mod scenarios;
mod shell;
mod slow_link;
