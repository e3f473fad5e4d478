//! The timeline: kept on disk by a thread of its own, written out as documents, and asked from the shell.

pub mod command;
pub mod export;
pub mod store;
