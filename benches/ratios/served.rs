//! The server of the run: the one that was named, or an emulated cluster of our own that ends with us.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// An emulated cluster of 50,000 pods is up in a few seconds.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where it is reached; dropped, it is gone.
pub struct Served {
    pub kubeconfig: PathBuf,
    running: Option<(Child, tempfile::TempDir)>,
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some((child, _)) = &mut self.running {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

pub fn start(pods: u32, churn: u32, log_lines: u32) -> Served {
    if let Some(named) = std::env::var_os("WATCHFLOOR_BENCH_KUBECONFIG") {
        return Served {
            kubeconfig: named.into(),
            running: None,
        };
    }
    let folder = tempfile::tempdir().unwrap();
    let kubeconfig = folder.path().join("kubeconfig");
    let child = Command::new(env!("CARGO_BIN_EXE_watchfloor"))
        // Quiet means no log lines either: the logs pane follows what is selected.
        .args(["demo", "serve", "--seed", "1"])
        .args(["--log-rate", &format!("{log_lines}/s")])
        .arg("--kubeconfig")
        .arg(&kubeconfig)
        .args([
            "--pods",
            &pods.to_string(),
            "--churn",
            &format!("{churn}/s"),
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let served = Served {
        kubeconfig,
        running: Some((child, folder)),
    };
    let end = Instant::now() + PATIENCE;
    while !served.kubeconfig.exists() {
        assert!(Instant::now() < end, "the emulated cluster did not start");
        std::thread::sleep(Duration::from_millis(20));
    }
    served
}
