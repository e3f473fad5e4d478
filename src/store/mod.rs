//! The timeline on disk: SQLite on a thread of its own. What it calls saved survives kill -9; it never deletes.

pub mod append;
pub mod chain;
pub mod directory;
pub mod disk;
mod problem;
pub mod query;
pub mod row;
pub mod verify;
