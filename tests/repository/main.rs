//! The repository itself: what documents say of it, and who may use whom.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod crates;
mod docs;
mod glossary;
