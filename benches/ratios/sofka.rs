//! sofka, another console in Rust, beside ours: <https://github.com/nklmilojevic/sofka>. Left alone with the pods of all
//! namespaces, and with the log of the first of them.
//!
//! The program that `WATCHFLOOR_BENCH_SOFKA` names, else the one on the `PATH`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use portable_pty::CommandBuilder;

use super::console::{Alone, Step, alone};

/// `None` where there is none.
pub fn program() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("WATCHFLOOR_BENCH_SOFKA") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&path).map(|folder| folder.join("sofka"));
    places.into_iter().find(|place| place.is_file())
}

/// `None` when it never showed a pod.
pub fn quiet(program: &Path, kubeconfig: &Path, time: Duration) -> Option<Alone> {
    let home = tempfile::tempdir().unwrap();
    let has_pods = |screen: &str| screen.contains("Running");
    alone(
        command(program, kubeconfig, home.path()),
        &[(&has_pods, "")],
        time,
    )
}

/// `None` when it never showed a pod and then its log.
pub fn log_line(program: &Path, kubeconfig: &Path, time: Duration) -> Option<Alone> {
    let home = tempfile::tempdir().unwrap();
    let has_pods = |screen: &str| screen.contains("Running");
    let is_log = |screen: &str| !screen.contains("Running");
    let steps: [Step<'_>; 2] = [(&has_pods, "gl"), (&is_log, "")];
    alone(command(program, kubeconfig, home.path()), &steps, time)
}

fn command(program: &Path, kubeconfig: &Path, home: &Path) -> CommandBuilder {
    let mut command = CommandBuilder::new(OsString::from(program));
    command.args(["-A", "pods"]);
    command.env("KUBECONFIG", kubeconfig);
    for (name, value) in [("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8")] {
        command.env(name, value);
    }
    for name in [
        "XDG_STATE_HOME",
        "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME",
        "HOME",
    ] {
        command.env(name, home);
    }
    command
}
