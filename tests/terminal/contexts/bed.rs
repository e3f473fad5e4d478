//! The emulated cluster, and kubeconfigs of it with one entry changed.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use emulator::{self, Options, Server};
use serde_json::{Value, json};

use components::pty::{Launch, Pty};

/// Until the real server and its kubeconfigs are dropped.
pub struct Bed {
    pub folder: tempfile::TempDir,
    good: Value,
    written: AtomicU32,
    _server: Server,
}

impl Bed {
    pub async fn new() -> Bed {
        let server = emulator::serve(&Options::default()).await.unwrap();
        let mut good: Value = serde_json::from_str(&server.kubeconfig()).unwrap();
        let name = good["current-context"].clone();
        for kind in ["contexts", "users"] {
            good[kind].as_array_mut().unwrap().truncate(1);
        }
        good["contexts"][0]["name"] = name;
        Bed {
            folder: tempfile::tempdir().unwrap(),
            good,
            written: AtomicU32::new(0),
            _server: server,
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file; gives its path.
    pub fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn good(&self) -> Value {
        self.good.clone()
    }

    pub fn token(&self) -> String {
        let token = self.good["users"][0]["user"]["token"].as_str();
        token.unwrap().to_owned()
    }

    /// A kubeconfig whose cluster and user were changed.
    pub fn changed(&self, name: &str, change: impl FnOnce(&mut Value, &mut Value)) -> String {
        let mut config = self.good();
        let mut cluster = config["clusters"][0]["cluster"].take();
        let mut user = config["users"][0]["user"].take();
        change(&mut cluster, &mut user);
        config["clusters"][0]["cluster"] = cluster;
        config["users"][0]["user"] = user;
        self.config(name, &config)
    }

    /// A file of its own each time.
    fn config(&self, name: &str, config: &Value) -> String {
        let name = format!("{name}-{}", self.written.fetch_add(1, Ordering::Relaxed));
        self.write(&name, &config.to_string())
    }

    /// A kubeconfig with the good context and beside it `other`, whose cluster and user were changed.
    pub fn beside(&self, change: impl FnOnce(&mut Value, &mut Value)) -> String {
        let mut config = self.good();
        let mut cluster = config["clusters"][0]["cluster"].clone();
        let mut user = config["users"][0]["user"].clone();
        change(&mut cluster, &mut user);
        let add = |list: &mut Value, entry| list.as_array_mut().unwrap().push(entry);
        add(
            &mut config["clusters"],
            json!({"name": "other", "cluster": cluster}),
        );
        add(&mut config["users"], json!({"name": "other", "user": user}));
        let context = json!({"cluster": "other", "user": "other", "namespace": "shop"});
        add(
            &mut config["contexts"],
            json!({"name": "other", "context": context}),
        );
        self.config("beside", &config)
    }

    /// The user's part of a kubeconfig that runs this shell script; each run adds a line to the file `runs`.
    pub fn plugin(&self, script: &str) -> Value {
        let folder = self.folder.path().display();
        let text = format!("#!/bin/sh\ncd '{folder}'\necho run >>runs\n{script}\n");
        let path = self.write("corp-login", &text);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        json!({"exec": {
            "apiVersion": "client.authentication.k8s.io/v1", "command": path,
            "interactiveMode": "IfAvailable", "installHint": "ask the\nplatform team",
        }})
    }

    /// A shell command that prints the good token.
    pub fn answer(&self, expires: &str) -> String {
        let status = json!({"token": self.token(), "expirationTimestamp": expires});
        let answer = json!({
            "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status,
        });
        format!("echo '{answer}'")
    }

    /// How many times the plugin ran.
    pub fn runs(&self) -> usize {
        let runs = std::fs::read_to_string(self.path("runs"));
        runs.unwrap_or_default().lines().count()
    }

    pub fn doctor(&self, kubeconfig: &str) -> String {
        self.doctor_of(&[("KUBECONFIG", kubeconfig)])
    }

    /// What the doctor says, without a terminal.
    pub fn doctor_of(&self, environment: &[(&str, &str)]) -> String {
        let run = Command::new(env!("CARGO_BIN_EXE_watchfloor"))
            .arg("doctor")
            .env("HOME", self.folder.path())
            .env("XDG_STATE_HOME", self.folder.path())
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = [run.stdout, run.stderr].map(|said| String::from_utf8(said).unwrap());
        let said = said.concat();
        assert!(!said.contains("panicked"), "{said}");
        assert!(!said.contains(&self.token()), "{said}");
        said
    }
}

pub fn console(kubeconfig: &str) -> Pty {
    Launch::console(&["--kubeconfig", kubeconfig]).start()
}

/// Says all of this.
pub fn assert_says(said: &str, words: &[&str]) {
    for word in words {
        assert!(said.contains(word), "{word:?} is not in: {said}");
    }
}
