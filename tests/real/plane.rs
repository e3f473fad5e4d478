//! The one control plane of these tests, started with the first of them.

use std::sync::OnceLock;

use components::control_plane::ControlPlane;
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Beside others: for a test that keeps to namespaces of its own. `None` where there is no control plane to be had.
pub async fn shared() -> Option<RwLockReadGuard<'static, ControlPlane>> {
    Some(plane()?.read().await)
}

/// Alone: for a test that stops parts of it, or counts requests of everybody.
pub async fn alone() -> Option<RwLockWriteGuard<'static, ControlPlane>> {
    Some(plane()?.write().await)
}

fn plane() -> Option<&'static RwLock<ControlPlane>> {
    static PLANE: OnceLock<Option<RwLock<ControlPlane>>> = OnceLock::new();
    PLANE
        .get_or_init(|| ControlPlane::start().map(RwLock::new))
        .as_ref()
}
