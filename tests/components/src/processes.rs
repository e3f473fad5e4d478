//! Prometheus and Alertmanager as Debian packs them, on loopback, for one test; amtool as the second opinion.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::control_plane::eventually;

/// Set where no test may be skipped, as `.ci/run` does.
const REQUIRED: &str = "WATCHFLOOR_REQUIRE_ALERTMANAGER";
/// Where Debian puts them. Alertmanager reads its templates from a fixed place: unpacking the package is not enough.
const DIRECTORY: &str = "/usr/bin";

/// The programs.
#[derive(Clone, Debug)]
pub struct Programs {
    directory: PathBuf,
}

/// One running part; it ends with its test.
pub struct Part {
    child: Child,
    pub port: u16,
}

impl Programs {
    /// `None`, and one line that says how to get them, where they are missing.
    pub fn find() -> Option<Programs> {
        let names = ["prometheus", "prometheus-alertmanager", "amtool"];
        let directory = PathBuf::from(DIRECTORY);
        if !names.iter().all(|name| directory.join(name).exists()) {
            let missing = "no Prometheus and Alertmanager; get them with `apt-get install --no-install-recommends prometheus prometheus-alertmanager`";
            assert!(std::env::var_os(REQUIRED).is_none(), "{missing}");
            eprintln!("skipped: {missing}");
            return None;
        }
        Some(Programs { directory })
    }

    /// The path of one.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Arguments of an Alertmanager that keeps its things in `folder`.
    pub fn alertmanager_arguments(folder: &Path, listen: &str) -> Vec<String> {
        let config = folder.join("alertmanager.yml");
        std::fs::write(
            &config,
            "route: {receiver: on-call, group_by: [alertname], group_wait: 1s, group_interval: 1s}\n\
             receivers: [{name: on-call}]\n\
             inhibit_rules: [{source_matchers: [severity=critical], target_matchers: [severity=warning], equal: [namespace]}]\n",
        )
        .unwrap();
        vec![
            format!("--config.file={}", config.display()),
            format!("--storage.path={}", folder.join("alertmanager").display()),
            format!("--web.listen-address={listen}"),
            "--cluster.listen-address=".to_owned(),
            "--log.level=error".to_owned(),
        ]
    }

    /// Starts an Alertmanager on this port, or on a free one.
    pub fn alertmanager(&self, folder: &Path, port: Option<u16>) -> Part {
        let port = port.unwrap_or_else(free_port);
        let arguments = Programs::alertmanager_arguments(folder, &format!("127.0.0.1:{port}"));
        self.start("prometheus-alertmanager", &arguments, port)
    }

    /// Starts a Prometheus that scrapes itself and sends to the Alertmanager of this port; one rule, `TooMany`, fires while
    /// the file `rule` in its folder says so.
    pub fn prometheus(&self, folder: &Path, alertmanager: u16) -> Part {
        let port = free_port();
        std::fs::write(
            folder.join("prometheus.yml"),
            format!(
                "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\nrule_files: [rules.yml]\n\
                 alerting: {{alertmanagers: [{{static_configs: [{{targets: ['127.0.0.1:{alertmanager}']}}]}}]}}\n"
            ),
        )
        .unwrap();
        let arguments = [
            format!("--config.file={}", folder.join("prometheus.yml").display()),
            format!("--storage.tsdb.path={}", folder.join("tsdb").display()),
            format!("--web.listen-address=127.0.0.1:{port}"),
            "--web.enable-lifecycle".to_owned(),
            // A minute unless it is said.
            "--rules.alert.resend-delay=5s".to_owned(),
            "--log.level=error".to_owned(),
        ];
        let prometheus = self.start("prometheus", &arguments, port);
        eventually("Prometheus knows its Alertmanager", || {
            let known = get(&format!("{}/api/v1/alertmanagers", prometheus.url()));
            known.is_some_and(|text| text.contains(&format!("127.0.0.1:{alertmanager}/")))
        });
        prometheus
    }

    fn start(&self, name: &str, arguments: &[String], port: u16) -> Part {
        let child = Command::new(self.path(name))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let part = Part { child, port };
        eventually(&format!("{name} is ready"), || {
            get(&format!("{}/-/ready", part.url())).is_some()
        });
        part
    }

    /// What amtool says, in JSON.
    pub fn amtool(&self, url: &str, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.amtool_text(url, arguments)).unwrap()
    }

    /// What amtool says.
    pub fn amtool_text(&self, url: &str, arguments: &[&str]) -> String {
        let output = Command::new(self.path("amtool"))
            .arg(format!("--alertmanager.url={url}"))
            .args(["--output=json", "--no-version-check"])
            .args(arguments)
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "amtool {arguments:?}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Part {
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The rule of [`Programs::prometheus`].
pub fn write_rule(folder: &Path, expression: &str) {
    std::fs::write(
        folder.join("rules.yml"),
        format!(
            "groups: [{{name: shop, rules: [{{alert: TooMany, expr: '{expression}', for: 3s, \
             labels: {{severity: critical, namespace: shop, deployment: checkout}}, \
             annotations: {{summary: 'too many of them', runbook_url: 'https://runbooks.example/TooMany'}}}}]}}]\n"
        ),
    )
    .unwrap();
}

/// The body of a good answer, by a client that is not ours.
pub fn get(url: &str) -> Option<String> {
    curl(&[url])
}

/// A POST without a body.
pub fn post(url: &str) {
    assert!(curl(&["--request", "POST", url]).is_some(), "POST {url}");
}

fn curl(arguments: &[&str]) -> Option<String> {
    let output = Command::new("curl")
        .args(["--silent", "--fail", "--max-time", "10"])
        .args(arguments)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then_some(text)
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
