//! A real control plane for one test binary: started once, its parts stopped and started, its audit log read. What
//! reached the server is the truth about what we did.
//!
//! Where the binaries are missing every test says how to get them and passes.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Longest wait for anything to become true.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Set where no test may be skipped, as `.ci/run` does.
const REQUIRED: &str = "WATCHFLOOR_REQUIRE_CONTROL_PLANE";

/// One running control plane in a folder of its own. A test binary keeps it in a static, which is never dropped: a small
/// process takes it down when this one is gone, however it went.
pub struct ControlPlane {
    folder: PathBuf,
}

/// Waits for process $1 to end, then takes down the cluster of folder $3 by script $2.
const UNDERTAKER: &str =
    r#"while kill -0 "$1" 2>/dev/null; do sleep 0.2; done; "$2" down "$3"; rm -rf "$3""#;

/// One line of the audit log.
#[derive(Clone, Debug)]
pub struct Audited {
    /// `get`, `list`, `watch`, `create`, ...
    pub verb: String,
    /// Path and query.
    pub uri: String,
    /// User agent.
    pub agent: String,
    /// User name.
    pub user: String,
    /// HTTP status; 0 while it is open.
    pub code: u64,
    /// `RequestReceived`, `ResponseStarted`, `ResponseComplete`.
    pub stage: String,
    /// When it arrived, RFC 3339 with microseconds.
    pub received: chrono::DateTime<chrono::Utc>,
    /// What was sent with it; of reads nothing is kept.
    pub body: serde_json::Value,
}

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../control-plane/cluster")
}

/// Where its programs are, kubectl among them.
pub fn assets() -> PathBuf {
    let cache = || {
        let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache");
        base.unwrap_or_else(home).join("control-plane/bin")
    };
    std::env::var_os("KUBEBUILDER_ASSETS").map_or_else(cache, PathBuf::from)
}

impl ControlPlane {
    /// Starts one; `None`, and one line that says how to get it, where the binaries are missing. Where [`REQUIRED`] is set
    /// that is a failure.
    pub fn start() -> Option<ControlPlane> {
        if !assets().join("kube-apiserver").exists() {
            let missing = format!(
                "no control plane in {}; get it with tests/control-plane/build (needs Go), or set KUBEBUILDER_ASSETS",
                assets().display()
            );
            assert!(std::env::var_os(REQUIRED).is_none(), "{missing}");
            eprintln!("skipped: {missing}");
            return None;
        }
        let folder = tempfile::Builder::new()
            .prefix("watchfloor-control-plane-")
            .tempdir()
            .unwrap()
            .keep();
        let plane = ControlPlane { folder };
        // It outlives us: nobody can wait for it.
        #[allow(clippy::zombie_processes)]
        let _undertaker = Command::new("sh")
            .args(["-c", UNDERTAKER, "undertaker"])
            .arg(std::process::id().to_string())
            .arg(script())
            .arg(&plane.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        let output = plane.cluster("up", &["--nodes", "4"]);
        assert!(output.status.success(), "cluster up: {}", text(&output));
        Some(plane)
    }

    /// Where it keeps its files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// `admin`, `viewer`, `shop-only` or `nobody`.
    pub fn kubeconfig(&self, user: &str) -> PathBuf {
        self.folder().join(format!("{user}.kubeconfig"))
    }

    fn cluster(&self, verb: &str, rest: &[&str]) -> Output {
        Command::new(script())
            .arg(verb)
            .arg(self.folder())
            .args(rest)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Stops, starts or restarts one part, or compacts etcd; asserts that it worked.
    pub fn part(&self, verb: &str, rest: &[&str]) {
        let output = self.cluster(verb, rest);
        assert!(
            output.status.success(),
            "cluster {verb} {rest:?}: {}",
            text(&output)
        );
    }

    fn run_kubectl(&self, arguments: &[&str]) -> Output {
        Command::new(assets().join("kubectl"))
            .arg(format!(
                "--kubeconfig={}",
                self.kubeconfig("admin").display()
            ))
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// kubectl as admin, again and again until it works: what the server learns a moment later than it answered.
    pub fn kubectl_until(&self, arguments: &[&str]) {
        let deadline = Instant::now() + PATIENCE;
        while !self.run_kubectl(arguments).status.success() {
            assert!(Instant::now() < deadline, "never: kubectl {arguments:?}");
        }
    }

    /// Runs a program (name, program, arguments; `{ip}` is its address) in a network of its own; the address. Needs root.
    pub fn host(&self, command: &[String]) -> String {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        let output = self.cluster("host", &words);
        assert!(output.status.success(), "cluster host: {}", text(&output));
        let said = String::from_utf8_lossy(&output.stdout);
        said.lines().last().unwrap_or_default().trim().to_owned()
    }

    /// kubectl as admin; asserts that it worked; its standard output.
    pub fn kubectl(&self, arguments: &[&str]) -> String {
        let output = self.run_kubectl(arguments);
        assert!(
            output.status.success(),
            "kubectl {arguments:?}: {}",
            text(&output)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// The `Content-Type` and body of one GET as admin, by a client that is not ours.
    pub fn raw(&self, path: &str, accept: &str) -> (String, Vec<u8>) {
        let config = std::fs::read(self.kubeconfig("admin")).unwrap();
        let config: serde_json::Value = serde_json::from_slice(&config).unwrap();
        let server = config["clusters"][0]["cluster"]["server"].as_str().unwrap();
        let token = config["users"][0]["user"]["token"].as_str().unwrap();
        let head = self.folder().join("head");
        let output = Command::new("curl")
            .args([
                "--silent",
                "--insecure",
                "--user-agent",
                "floor",
                "--dump-header",
            ])
            .arg(&head)
            .args([
                "--header",
                &format!("Accept: {accept}"),
                "--header",
                &format!("Authorization: Bearer {token}"),
            ])
            .arg(format!("{server}{path}"))
            .output()
            .unwrap();
        let head = std::fs::read_to_string(head).unwrap();
        let kind = head.lines().find_map(|line| {
            line.to_lowercase()
                .strip_prefix("content-type:")
                .map(|kind| kind.trim().to_owned())
        });
        (kind.unwrap_or_default(), output.stdout)
    }

    /// A Deployment whose pods run.
    pub fn deploy(&self, namespace: &str, name: &str, replicas: u32) {
        let image = format!("--image=registry.example/{name}:1.0.0");
        let replicas = format!("--replicas={replicas}");
        self.kubectl(&[
            "-n",
            namespace,
            "create",
            "deployment",
            name,
            &image,
            &replicas,
        ]);
    }

    /// Writes of ours in this namespace that the server carried out: neither dry runs nor reviews.
    pub fn writes(&self, namespace: &str) -> usize {
        self.writes_of("watchfloor", namespace).len()
    }

    /// The same of clients whose user agent begins with `agent`, in order of time.
    pub fn writes_of(&self, agent: &str, namespace: &str) -> Vec<Audited> {
        let is_write = |verb: &str| !matches!(verb, "get" | "list" | "watch");
        let mut writes = self.audit(agent);
        writes.retain(|line| {
            line.stage == "ResponseComplete"
                && (200..300).contains(&line.code)
                && is_write(&line.verb)
                && !line.uri.contains("dryRun")
                && line.uri.contains(&format!("/namespaces/{namespace}/"))
        });
        writes.sort_by_key(|line| line.received);
        writes
    }

    /// All requests of clients so far whose user agent begins with `agent`.
    pub fn audit(&self, agent: &str) -> Vec<Audited> {
        let log = std::fs::read_to_string(self.folder().join("audit.log")).unwrap_or_default();
        let lines = log
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let audited = lines.filter_map(|line| {
            let word = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
            Some(Audited {
                verb: word("verb"),
                uri: word("requestURI"),
                agent: word("userAgent"),
                user: line["user"]["username"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
                code: line["responseStatus"]["code"].as_u64().unwrap_or(0),
                stage: word("stage"),
                received: word("requestReceivedTimestamp").parse().ok()?,
                body: line["requestObject"].clone(),
            })
        });
        audited
            .filter(|line| line.agent.starts_with(agent))
            .collect()
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Waits until `what` is true; panics with its name otherwise.
pub fn eventually(what: &str, mut is_true: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_true() {
        assert!(Instant::now() < end, "never came true: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
