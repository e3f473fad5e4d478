//! The console's screens and keys, without terminal, cluster and disk: keys and messages in, screen and effects out.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod alert_entries;
mod alerts;
mod backfill;
mod blind;
mod changes;
mod clock;
mod dialog;
mod hands;
mod kinds;
mod links;
mod lists;
mod logs;
mod overlays;
mod palette;
mod promises;
mod rollouts;
mod runbook;
mod screens;
mod serving;
mod table;
mod timeline;
mod words;
mod write;
