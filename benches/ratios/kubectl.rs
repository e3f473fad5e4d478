//! `kubectl get pods -A`, its output thrown away.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::process::peak_kb;

pub struct Run {
    pub first: Duration,
    pub all: Duration,
    pub peak_kb: u64,
}

/// `None` where there is no kubectl.
pub fn run(kubeconfig: &Path) -> Option<Run> {
    let cache = || {
        Path::new(&std::env::var_os("HOME").unwrap_or_default()).join(".cache/control-plane/bin")
    };
    let assets = std::env::var_os("KUBEBUILDER_ASSETS").map_or_else(cache, PathBuf::from);
    let program = Some(assets.join("kubectl")).filter(|path| path.exists());
    let start = Instant::now();
    let mut child = Command::new(program.unwrap_or_else(|| "kubectl".into()))
        .arg(format!("--kubeconfig={}", kubeconfig.display()))
        .args(["get", "pods", "-A"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut output = child.stdout.take()?;
    let (mut buffer, mut first, mut peak) = (vec![0; 64 << 10], None, 0);
    while output.read(&mut buffer).ok()? > 0 {
        first.get_or_insert_with(|| start.elapsed());
        peak = peak.max(peak_kb(child.id()));
    }
    let all = start.elapsed();
    child.wait().ok()?.success().then_some(())?;
    Some(Run {
        first: first?,
        all,
        peak_kb: peak,
    })
}
