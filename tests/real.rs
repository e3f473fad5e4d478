//! The watch on a real control plane: what kubectl does, the tables show; what the server does to us, they survive.
//! What reached the server is read from its audit log.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod harness;
mod real {
    mod credentials;
    mod faults;
    mod logs;
    mod rights;
    mod tables;
    mod yaml;
}

use std::sync::OnceLock;

use harness::control_plane::ControlPlane;
use tokio::sync::{Mutex, MutexGuard};

/// One control plane for this binary: its tests stop and start parts of it, so they take turns.
async fn plane() -> Option<MutexGuard<'static, ControlPlane>> {
    static PLANE: OnceLock<Option<Mutex<ControlPlane>>> = OnceLock::new();
    let start = || ControlPlane::start().map(Mutex::new);
    Some(PLANE.get_or_init(start).as_ref()?.lock().await)
}
