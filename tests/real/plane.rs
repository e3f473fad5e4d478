//! The two control planes of these tests, each started with the first that needs it: one is shared, the other has one test at
//! a time.

use std::sync::OnceLock;

use components::control_plane::ControlPlane;
use tokio::sync::{Mutex, MutexGuard};

/// Beside others: for a test that keeps to namespaces of its own. `None` where there is no control plane to be had.
pub fn shared() -> Option<&'static ControlPlane> {
    static SHARED: OnceLock<Option<ControlPlane>> = OnceLock::new();
    SHARED.get_or_init(ControlPlane::start).as_ref()
}

/// Alone: for a test that stops parts of it, or counts requests of everybody.
pub async fn alone() -> Option<MutexGuard<'static, ControlPlane>> {
    static ALONE: OnceLock<Option<Mutex<ControlPlane>>> = OnceLock::new();
    let plane = ALONE.get_or_init(|| ControlPlane::start().map(Mutex::new));
    Some(plane.as_ref()?.lock().await)
}
