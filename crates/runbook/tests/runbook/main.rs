//! The parser of runbooks through its front door: documents in; blocks, steps, bound words and findings out.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod bind;
mod docker;
mod fences;
mod find;
mod golden;
mod hostile;
mod http;
mod kubectl;
mod lines;
mod lint;
mod listing;
mod markdown;
mod placeholders;
mod risk;
mod samples;
mod shell;
