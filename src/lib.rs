//! The program around the crates: command line, configuration, the wiring and the loop.
//!
//! Start reading at [`model::message`] (the whole vocabulary), then [`update`] (the only place where state changes).
//! `ARCHITECTURE.md` walks a key press and a pod event through the house.

pub mod app;
pub mod cli;
pub mod config;
pub mod doctor;
pub mod replay;
pub mod runbooks;
pub mod shell;
pub mod start;
