//! What tests need around the console: a pty, servers real and scripted, a whole console on a real cluster and disk.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::return_self_not_must_use
)]

pub mod alertmanager;
pub mod control_plane;
pub mod log_server;
pub mod oracle;
pub mod processes;
pub mod pty;
pub mod relay;
pub mod rig;
pub mod sqlite;
pub mod svg;
pub mod watching;

/// The console's own program, as cargo builds it beside the tests of the root package.
///
/// # Panics
/// Where it was not built.
pub fn program() -> std::path::PathBuf {
    built("watchfloor")
}

/// What cargo has built beside the running test binary, by its path below `target/PROFILE`.
///
/// # Panics
/// Where it was not built.
pub fn built(path: &str) -> std::path::PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(std::path::Path::parent).unwrap();
    let built = profile.join(path);
    assert!(
        built.exists(),
        "{} is not there: run the tests of the root package, cargo builds it beside them",
        built.display()
    );
    built
}
