//! One run of a credential plugin, as client-go has it
//! (<https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins>), but with an
//! end: nobody waits for ever. With the terminal it may ask, and what it says is passed on; without, it has a session of
//! its own and so no terminal that it could reach, and what it says is kept for the words of a failure.

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kube::config::{ExecConfig, ExecInteractiveMode};
use process_wrap::tokio::{ChildWrapper, CommandWrap, ProcessSession};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use serde_json::json;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout};

use super::{Answer, Talk};
use crate::intern::cut;
use crate::problem::problem;
use model::cluster::{Problem, ProblemClass};

/// A plugin that cannot ask anybody gets this long: the slow ones fetch a token over a slow link.
const ALONE: Duration = Duration::from_secs(30);
/// One that has the terminal and says nothing: it may have asked where we cannot hear it (`/dev/tty`).
const SILENT: Duration = Duration::from_secs(60);
/// One that has said something on the terminal: somebody looks for a phone, or logs in with a browser.
const ASKING: Duration = Duration::from_secs(300);
/// What it printed has arrived this long after its end, though a child of its holds the pipe open.
const GRACE: Duration = Duration::from_millis(500);
/// More is not kept: a credential is a few kilobytes.
const KEPT_BYTES: usize = 1 << 20;
/// Of its last words and of its install hint, so many bytes are told.
const WORDS_BYTES: usize = 300;

const RUN_BY_HAND: &str = "run it by hand to see what it needs, then log in again (action login)";
const LOG_IN: &str = "log in again (action login): then it can ask on the terminal";

/// The plugin of one user.
#[derive(Clone, Debug)]
pub(crate) struct Plugin {
    exec: ExecConfig,
    context: String,
    command: String,
}

/// A plugin that runs. Dropped before its end, it is ended with all that it has started in its session.
struct Running {
    child: Box<dyn ChildWrapper>,
    is_over: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.is_over {
            drop(self.child.start_kill());
        }
    }
}

/// What it says on one of its outputs.
#[derive(Default)]
struct Said {
    bytes: Mutex<Vec<u8>>,
    something: Notify,
}

impl Plugin {
    pub(super) fn new(exec: ExecConfig, context: &str) -> Plugin {
        let command = exec.command.clone().unwrap_or_default();
        Plugin {
            exec,
            context: context.to_owned(),
            command,
        }
    }

    /// What one waits for while it runs.
    pub(super) fn wait(&self) -> String {
        format!("the credential plugin `{}`", self.name())
    }

    /// Without its folders: the words of a failure must have room on a line.
    fn name(&self) -> Cow<'_, str> {
        let name = Path::new(&self.command).file_name();
        name.map_or(self.command.as_str().into(), |name| name.to_string_lossy())
    }

    /// Runs it once. Dropped before its end, the plugin ends, too.
    pub(super) async fn run(&self, talk: Talk) -> Result<Answer, Problem> {
        let mode = self.exec.interactive_mode.as_ref();
        let may_ask = mode != Some(&ExecInteractiveMode::Never);
        let is_interactive = may_ask && talk == Talk::Terminal && io::stdin().is_terminal();
        if mode == Some(&ExecInteractiveMode::Always) && !is_interactive {
            let next = if talk == Talk::Nobody {
                LOG_IN
            } else {
                "start it in a terminal"
            };
            return Err(self.failed("must ask you, and has no terminal", &Said::default(), next));
        }
        let next = if may_ask && talk == Talk::Nobody {
            LOG_IN
        } else {
            RUN_BY_HAND
        };
        let found = (talk == Talk::Terminal)
            .then(|| tcgetattr(io::stdin()).ok())
            .flatten();
        let (printed, said) = (Arc::new(Said::default()), Arc::new(Said::default()));
        let child = self
            .start(talk, is_interactive)
            .map_err(|error| self.not_started(&error))?;
        let mut running = Running {
            child,
            is_over: false,
        };
        let child = &mut running.child;
        let readers = [
            child
                .stdout()
                .take()
                .map(|pipe| tokio::spawn(read(pipe, Arc::clone(&printed), false))),
            child
                .stderr()
                .take()
                .map(|pipe| tokio::spawn(read(pipe, Arc::clone(&said), talk == Talk::Terminal))),
        ];
        let ended = until_end(&mut **child, talk, &said).await;
        running.is_over = ended.is_some();
        // What hangs is ended here.
        drop(running);
        for reader in readers.into_iter().flatten() {
            let abort = reader.abort_handle();
            if timeout(GRACE, reader).await.is_err() {
                abort.abort();
            }
        }
        if let Some(found) = found {
            // It may have been ended in the middle of a password.
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &found);
        }
        let status = match ended {
            None => {
                let how = format!(
                    "gave no answer within {} s and was ended",
                    limit(talk, &said).as_secs()
                );
                return Err(self.failed(&how, &said, next));
            }
            Some(Err(error)) => {
                return Err(self.failed(&format!("was lost: {error}"), &said, next));
            }
            Some(Ok(status)) => status,
        };
        if !status.success() {
            return Err(self.failed(&format!("failed ({status})"), &said, next));
        }
        Answer::read(&printed.bytes()).map_err(|why| self.failed(&why, &said, next))
    }

    fn start(&self, talk: Talk, is_interactive: bool) -> io::Result<Box<dyn ChildWrapper>> {
        if self.command.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the kubeconfig names no command",
            ));
        }
        let mut command = tokio::process::Command::new(&self.command);
        command.args(self.exec.args.iter().flatten());
        for variable in self.exec.env.iter().flatten() {
            if let (Some(name), Some(value)) = (variable.get("name"), variable.get("value")) {
                command.env(name, value);
            }
        }
        let mut spec = json!({"interactive": is_interactive});
        if let Some(cluster) = self
            .exec
            .cluster
            .as_ref()
            .filter(|_| self.exec.provide_cluster_info)
        {
            spec["cluster"] = serde_json::to_value(cluster)?;
        }
        let info = json!({
            "apiVersion": self.exec.api_version, "kind": "ExecCredential", "spec": spec,
        });
        command.env("KUBERNETES_EXEC_INFO", info.to_string());
        command.stdin(if is_interactive {
            Stdio::inherit()
        } else {
            Stdio::null()
        });
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut command = CommandWrap::from(command);
        if talk == Talk::Nobody {
            command.wrap(ProcessSession);
        }
        command.spawn()
    }

    fn not_started(&self, error: &io::Error) -> Problem {
        let how = match error.kind() {
            io::ErrorKind::NotFound => format!(
                "is not installed: there is no `{}`, or the PATH does not lead to it",
                self.command
            ),
            _ => format!("cannot be started ({error})"),
        };
        self.failed(
            &how,
            &Said::default(),
            "install it, then log in again (action login)",
        )
    }

    fn failed(&self, how: &str, said: &Said, next: &str) -> Problem {
        let mut what = format!("context `{}`: {} {how}", self.context, self.wait());
        if let Some(words) = said.last_words() {
            what.push_str(": ");
            what.push_str(&words);
        }
        let hint = self.exec.install_hint.as_deref().unwrap_or_default();
        let hint = hint.split_whitespace().collect::<Vec<_>>().join(" ");
        if !hint.is_empty() {
            what.push_str("; its install hint: ");
            what.push_str(cut(&hint, WORDS_BYTES));
        }
        problem(ProblemClass::Unauthorized, what, next)
    }
}

impl Said {
    fn bytes(&self) -> Vec<u8> {
        self.bytes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn is_empty(&self) -> bool {
        self.bytes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
    }

    fn take(&self, bytes: &[u8]) {
        let mut kept = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(bytes);
        let over = kept.len().saturating_sub(KEPT_BYTES);
        kept.drain(..over);
        self.something.notify_one();
    }

    fn last_words(&self) -> Option<String> {
        let bytes = self.bytes();
        let text = String::from_utf8_lossy(&bytes);
        let line = text.lines().map(str::trim).rfind(|line| !line.is_empty())?;
        Some(cut(line, WORDS_BYTES).to_owned())
    }
}

fn limit(talk: Talk, said: &Said) -> Duration {
    match talk {
        Talk::Nobody => ALONE,
        Talk::Terminal if said.is_empty() => SILENT,
        Talk::Terminal => ASKING,
    }
}

/// How it ended; `None` when its time was over first.
async fn until_end(
    child: &mut dyn ChildWrapper,
    talk: Talk,
    said: &Said,
) -> Option<io::Result<ExitStatus>> {
    let started = Instant::now();
    let mut ended = child.wait();
    loop {
        tokio::select! {
            status = &mut ended => return Some(status),
            () = said.something.notified() => {}
            () = sleep_until(started + limit(talk, said)) => return None,
        }
    }
}

async fn read(mut pipe: impl AsyncRead + Unpin, said: Arc<Said>, is_passed_on: bool) {
    let mut buffer = vec![0; 4096];
    while let Ok(length @ 1..) = pipe.read(&mut buffer).await {
        if is_passed_on {
            // Not `eprint!`: that panics when the terminal is gone.
            let _ = io::stderr().write_all(&buffer[..length]);
        }
        said.take(&buffer[..length]);
    }
}
