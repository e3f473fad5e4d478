//! What a line of `docker` or `podman` asks for.

mod words;

pub(crate) use words::logs;

use crate::argument::Argument;
use crate::flags::{Flags, parse};
use crate::risk::{Risk, of_command};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DockerAction {
    /// `ps`, `images`, `volume ls`, `network ls`.
    List {
        what: &'static str,
        all: bool,
        filters: Vec<Argument>,
    },
    Logs {
        container: Argument,
        is_followed: bool,
        tail: Option<Argument>,
        since: Option<Argument>,
    },
    Exec {
        container: Argument,
        user: Option<Argument>,
        command: Vec<Argument>,
        is_interactive: bool,
    },
    /// `restart`, `stop`, `start`, `kill`, `pause`, `unpause`, `rm`.
    Lifecycle {
        verb: String,
        containers: Vec<Argument>,
    },
    Inspect {
        objects: Vec<Argument>,
        format: Option<Argument>,
    },
    Stats {
        containers: Vec<Argument>,
    },
    Processes {
        container: Argument,
    },
    Events,
    /// `system df`, `info`, `version`, `port`, `diff`, `history`.
    Information {
        verb: String,
        words: Vec<Argument>,
    },
    Prune {
        what: String,
        all: bool,
    },
    Copy {
        from: Argument,
        to: Argument,
    },
}

const COMMON: &str = "H/host= context= c/context= l/log-level= D/debug config= tls tlsverify";

/// Flags without which a line would ask for something else.
const NOT_NATIVE: &str = "host config tls tlsverify context env env-file workdir privileged detach signal link last latest until";

const FLAGS: &str = "a/all q/quiet f/filter= no-trunc n/last= l/latest s/size format= digests";
const LOGS: &str = "f/follow n/tail= tail= since= until= t/timestamps details";
const EXEC: &str = "i/interactive t/tty u/user= e/env= w/workdir= privileged d/detach env-file=";
const LIFECYCLE: &str =
    "t/time= s/signal= f/force v/volumes a/attach i/interactive l/link time= timeout=";
const OTHER: &str = "f/format= format= s/size type= a/all no-stream no-trunc since= until= filter= v/verbose q/quiet H/human volumes force L/follow-link";

pub(crate) fn is_docker(program: &str) -> bool {
    matches!(program, "docker" | "podman" | "nerdctl" | "docker.exe")
}

/// Reads what stands behind `docker`.
pub(crate) fn read(arguments: &[Argument]) -> Result<DockerAction, String> {
    let before = parse(arguments, &[COMMON], Some(1));
    if let Some(flag) = &before.unknown {
        return Err(format!("the flag {flag} before the verb is not known"));
    }
    if let Some(flag) = before.first_of(NOT_NATIVE) {
        return Err(format!("--{flag} has no native action"));
    }
    let verb = before
        .words
        .first()
        .and_then(Argument::text)
        .ok_or("no verb is given")?;
    let rest = before.rest.clone().unwrap_or_default();
    let is_group = matches!(
        verb,
        "container"
            | "image"
            | "volume"
            | "network"
            | "system"
            | "service"
            | "swarm"
            | "node"
            | "stack"
            | "builder"
            | "buildx"
    );
    let second = rest.first().and_then(Argument::text).filter(|_| is_group);
    match (verb, second) {
        ("container", Some(second)) => action(second, &rest[1..]),
        ("image", Some("ls")) => action("images", &rest[1..]),
        (_, Some(second)) => group(verb, second, &rest[1..]),
        _ => action(verb, &rest),
    }
}

fn flags(
    verb: &str,
    arguments: &[Argument],
    known: &'static str,
    words_max: Option<usize>,
) -> Result<Flags, String> {
    let flags = parse(arguments, &[known], words_max);
    if let Some(flag) = &flags.unknown {
        return Err(format!("the flag {flag} of {verb} is not known"));
    }
    match flags.first_of(NOT_NATIVE) {
        Some(flag) => Err(format!("--{flag} of {verb} has no native action")),
        None => Ok(flags),
    }
}

fn action(verb: &str, rest: &[Argument]) -> Result<DockerAction, String> {
    let one = |flags: &Flags| {
        flags
            .words
            .first()
            .cloned()
            .ok_or_else(|| format!("{verb} names no container"))
    };
    Ok(match verb {
        "ps" | "ls" | "list" => list("containers", &flags(verb, rest, FLAGS, None)?),
        "images" => list("images", &flags(verb, rest, FLAGS, None)?),
        "logs" => {
            let flags = flags(verb, rest, LOGS, None)?;
            DockerAction::Logs {
                container: one(&flags)?,
                is_followed: flags.has("follow"),
                tail: flags.value("tail").cloned(),
                since: flags.value("since").cloned(),
            }
        }
        "exec" => {
            let flags = flags(verb, rest, EXEC, Some(1))?;
            DockerAction::Exec {
                container: one(&flags)?,
                user: flags.value("user").cloned(),
                is_interactive: flags.has("interactive") || flags.has("tty"),
                command: flags.rest.clone().unwrap_or_default(),
            }
        }
        "restart" | "stop" | "start" | "kill" | "pause" | "unpause" | "rm" => {
            let flags = flags(verb, rest, LIFECYCLE, None)?;
            one(&flags)?;
            DockerAction::Lifecycle {
                verb: verb.to_owned(),
                containers: flags.words,
            }
        }
        "inspect" => {
            let flags = flags(verb, rest, OTHER, None)?;
            one(&flags)?;
            DockerAction::Inspect {
                objects: flags.words.clone(),
                format: flags.value("format").cloned(),
            }
        }
        "stats" => DockerAction::Stats {
            containers: flags(verb, rest, OTHER, None)?.words,
        },
        "top" => DockerAction::Processes {
            container: rest.first().cloned().ok_or("top names no container")?,
        },
        "events" => {
            flags(verb, rest, OTHER, None)?;
            DockerAction::Events
        }
        "info" | "version" | "port" | "diff" | "history" | "search" => DockerAction::Information {
            verb: verb.to_owned(),
            words: flags(verb, rest, OTHER, None)?.words,
        },
        "cp" => match flags(verb, rest, OTHER, None)?.words.as_slice() {
            [from, to] => DockerAction::Copy {
                from: from.clone(),
                to: to.clone(),
            },
            _ => return Err("cp needs a source and a destination".into()),
        },
        _ => return Err(format!("{verb} is done by no native action")),
    })
}

fn group(verb: &str, second: &str, rest: &[Argument]) -> Result<DockerAction, String> {
    let path = format!("{verb} {second}");
    Ok(match (verb, second) {
        ("volume", "ls" | "list") => list("volumes", &flags(&path, rest, FLAGS, None)?),
        ("network", "ls" | "list") => list("networks", &flags(&path, rest, FLAGS, None)?),
        ("service", "ls") => list("services", &flags(&path, rest, FLAGS, None)?),
        ("node", "ls") => list("nodes", &flags(&path, rest, FLAGS, None)?),
        (_, "inspect") => DockerAction::Inspect {
            objects: flags(&path, rest, OTHER, None)?.words,
            format: None,
        },
        (_, "prune") => {
            let flags = flags(&path, rest, "a/all f/force", None)?;
            DockerAction::Prune {
                what: verb.to_owned(),
                all: flags.has("all"),
            }
        }
        ("system", "df" | "info" | "events")
        | ("service" | "stack" | "node", "ps")
        | ("image", "history") => DockerAction::Information {
            words: flags(&path, rest, OTHER, None)?.words,
            verb: path,
        },
        _ => return Err(format!("{path} is done by no native action")),
    })
}

fn list(what: &'static str, flags: &Flags) -> DockerAction {
    DockerAction::List {
        what,
        all: flags.has("all"),
        filters: flags.values("filter"),
    }
}

impl DockerAction {
    pub fn risk(&self) -> Risk {
        match self {
            DockerAction::List { .. }
            | DockerAction::Logs { .. }
            | DockerAction::Inspect { .. }
            | DockerAction::Stats { .. }
            | DockerAction::Processes { .. }
            | DockerAction::Events
            | DockerAction::Information { .. } => Risk::Read,
            DockerAction::Exec { command, .. } => of_command(command),
            DockerAction::Lifecycle { verb, .. } => match verb.as_str() {
                "restart" => Risk::Restart,
                "start" | "pause" | "unpause" => Risk::Change,
                _ => Risk::Destructive,
            },
            DockerAction::Prune { .. } => Risk::Destructive,
            DockerAction::Copy { to, .. } if to.written().contains(':') => Risk::Change,
            DockerAction::Copy { .. } => Risk::Local,
        }
    }
}
