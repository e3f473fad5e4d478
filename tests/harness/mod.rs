//! What the tests share. Each test binary uses a part of it.
#![allow(dead_code)]

pub mod alertmanager;
pub mod board;
pub mod components;
pub mod console;
pub mod control_plane;
pub mod fixtures;
pub mod log_server;
pub mod logging;
pub mod oracle;
pub mod pty;
pub mod relay;
pub mod rig;
pub mod serving;
pub mod styles;
pub mod watching;
pub mod writing;
