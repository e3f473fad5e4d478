//! What a line of `docker compose` or `docker-compose` asks for.

use crate::argument::Argument;
use crate::docker::logs;
use crate::flags::{Flags, parse};
use crate::risk::{Risk, of_command};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComposeCall {
    pub files: Vec<Argument>,
    pub project: Option<Argument>,
    pub profiles: Vec<Argument>,
    pub action: ComposeAction,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComposeAction {
    List {
        services: Vec<Argument>,
        all: bool,
    },
    Logs {
        services: Vec<Argument>,
        is_followed: bool,
        tail: Option<Argument>,
        since: Option<Argument>,
    },
    Exec {
        service: Argument,
        user: Option<Argument>,
        command: Vec<Argument>,
    },
    /// A new container for one command.
    Run {
        service: Argument,
        command: Vec<Argument>,
    },
    /// `restart`, `stop`, `start`, `kill`, `pause`, `unpause`, `rm`. No service means all of the project.
    Lifecycle {
        verb: String,
        services: Vec<Argument>,
    },
    Up {
        services: Vec<Argument>,
        is_detached: bool,
        builds: bool,
        recreates: bool,
        scales: Vec<Argument>,
    },
    Down {
        removes_volumes: bool,
    },
    /// `SERVICE=COUNT` each.
    Scale(Vec<Argument>),
    /// `top`, `images`, `config`, `port`, `events`, `version`, `ls`, `stats`.
    Information {
        verb: String,
        words: Vec<Argument>,
    },
    /// `pull`, `build`, `push`, `create`.
    Prepare {
        verb: String,
        services: Vec<Argument>,
    },
}

const COMMON: &str = "f/file= p/project-name= profile= env-file= project-directory= ansi= progress= verbose compatibility parallel= dry-run H/host= c/context= context= no-ansi log-level=";
/// Flags without which a line would ask for something else.
const NOT_NATIVE: &str = "env-file project-directory host context dry-run rmi signal index entrypoint name publish volume \
    service-ports use-aliases label privileged env workdir no-start no-deps always-recreate-deps renew-anon-volumes \
    exit-code-from abort-on-container-exit build-arg until";

const FLAGS: &str = "a/all q/quiet services format= filter= status= no-trunc f/follow tail= n/tail= since= until= t/timestamps no-color no-log-prefix d/detach build force-recreate no-recreate \
    no-deps scale= remove-orphans v/volumes rmi= w/wait wait wait-timeout= no-build pull? abort-on-container-exit always-recreate-deps V/renew-anon-volumes no-start y/yes force s/stop \
    signal= timeout= no-cache no-stream index= hash= resolve-image-digests quiet-pull include-deps ignore-pull-failures attach= menu watch exit-code-from= build-arg= parallel time= memory= no-interpolate images profiles";
const EXEC: &str = "T/no-tty i/interactive t/tty u/user= e/env= w/workdir= privileged d/detach index= rm no-deps entrypoint= v/volume= name= service-ports p/publish= build use-aliases l/label= quiet-pull";

pub(crate) fn is_compose(program: &str) -> bool {
    matches!(
        program,
        "docker-compose" | "podman-compose" | "docker-compose.exe"
    )
}

/// Reads what stands behind `docker compose`.
pub(crate) fn read(arguments: &[Argument]) -> Result<ComposeCall, String> {
    let before = parse(arguments, &[COMMON], Some(1));
    if let Some(flag) = &before.unknown {
        return Err(format!("the flag {flag} before the verb is not known"));
    }
    let verb = before
        .words
        .first()
        .and_then(Argument::text)
        .ok_or("no verb is given")?;
    let is_command = matches!(verb, "exec" | "run");
    let known = if is_command { EXEC } else { FLAGS };
    let flags = parse(
        before.rest.as_deref().unwrap_or_default(),
        &[known],
        is_command.then_some(1),
    );
    if let Some(flag) = &flags.unknown {
        return Err(format!("the flag {flag} of {verb} is not known"));
    }
    if let Some(flag) = flags
        .first_of(NOT_NATIVE)
        .or_else(|| before.first_of(NOT_NATIVE))
    {
        return Err(format!("--{flag} of {verb} has no native action"));
    }
    Ok(ComposeCall {
        files: before.values("file"),
        project: before.value("project-name").cloned(),
        profiles: before.values("profile"),
        action: action(verb, &flags)?,
    })
}

fn action(verb: &str, flags: &Flags) -> Result<ComposeAction, String> {
    let services = flags.words.clone();
    Ok(match verb {
        "ps" => ComposeAction::List {
            services,
            all: flags.has("all"),
        },
        "logs" => ComposeAction::Logs {
            services,
            is_followed: flags.has("follow"),
            tail: flags.value("tail").cloned(),
            since: flags.value("since").cloned(),
        },
        "exec" | "run" => {
            let service = services
                .into_iter()
                .next()
                .ok_or_else(|| format!("{verb} names no service"))?;
            let command = flags.rest.clone().unwrap_or_default();
            if verb == "exec" {
                let user = flags.value("user").cloned();
                ComposeAction::Exec {
                    service,
                    user,
                    command,
                }
            } else if flags.has("user") {
                return Err("--user of run has no native action".into());
            } else {
                ComposeAction::Run { service, command }
            }
        }
        "restart" | "stop" | "start" | "kill" | "pause" | "unpause" | "rm" => {
            ComposeAction::Lifecycle {
                verb: verb.to_owned(),
                services,
            }
        }
        "up" => ComposeAction::Up {
            services,
            is_detached: flags.has("detach"),
            builds: flags.has("build"),
            recreates: flags.has("force-recreate"),
            scales: flags.values("scale"),
        },
        "down" => ComposeAction::Down {
            removes_volumes: flags.has("volumes"),
        },
        "scale" => ComposeAction::Scale(services),
        "top" | "images" | "config" | "port" | "events" | "version" | "ls" | "stats" => {
            ComposeAction::Information {
                verb: verb.to_owned(),
                words: services,
            }
        }
        "pull" | "build" | "push" | "create" => ComposeAction::Prepare {
            verb: verb.to_owned(),
            services,
        },
        _ => return Err(format!("{verb} is done by no native action")),
    })
}

impl ComposeCall {
    pub fn risk(&self) -> Risk {
        match &self.action {
            ComposeAction::List { .. }
            | ComposeAction::Logs { .. }
            | ComposeAction::Information { .. } => Risk::Read,
            ComposeAction::Exec { command, .. } | ComposeAction::Run { command, .. } => {
                of_command(command)
            }
            ComposeAction::Lifecycle { verb, .. } => match verb.as_str() {
                "restart" => Risk::Restart,
                "start" | "pause" | "unpause" => Risk::Change,
                _ => Risk::Destructive,
            },
            ComposeAction::Up { scales, .. } if !scales.is_empty() => Risk::Scale,
            ComposeAction::Scale(_) => Risk::Scale,
            ComposeAction::Up { .. } | ComposeAction::Prepare { .. } => Risk::Change,
            ComposeAction::Down { .. } => Risk::Destructive,
        }
    }

    pub fn words(&self) -> String {
        let all = |arguments: &[Argument]| {
            let written: Vec<String> = arguments.iter().map(Argument::written).collect();
            written.join(" ")
        };
        let services = |services: &[Argument]| {
            if services.is_empty() {
                "the whole project".to_owned()
            } else {
                all(services)
            }
        };
        let mut words = match &self.action {
            ComposeAction::List { services: of, .. } => format!("list {}", services(of)),
            ComposeAction::Logs {
                services: of,
                is_followed,
                tail,
                since,
            } => logs(&services(of), *is_followed, tail.as_ref(), since.as_ref()),
            ComposeAction::Exec {
                service,
                user,
                command,
            } => {
                let user = user.as_ref().map(|user| format!(" as {}", user.written()));
                format!(
                    "exec in {}{}: {}",
                    service.written(),
                    user.unwrap_or_default(),
                    all(command)
                )
            }
            ComposeAction::Run { service, command } => {
                format!("run in {}: {}", service.written(), all(command))
            }
            ComposeAction::Lifecycle { verb, services: of }
            | ComposeAction::Prepare { verb, services: of } => format!("{verb} {}", services(of)),
            ComposeAction::Up {
                services: of,
                scales,
                is_detached,
                ..
            } => {
                let how = if *is_detached { " detached" } else { "" };
                let scale = if scales.is_empty() {
                    String::new()
                } else {
                    format!(" with {}", all(scales))
                };
                format!("up {}{how}{scale}", services(of))
            }
            ComposeAction::Down { removes_volumes } => format!(
                "down{}",
                if *removes_volumes {
                    " with its volumes"
                } else {
                    ""
                }
            ),
            ComposeAction::Scale(counts) => format!("scale {}", all(counts)),
            ComposeAction::Information { verb, words } => format!("{verb} {}", all(words)),
        };
        for file in &self.files {
            words.push_str(" by ");
            words.push_str(&file.written());
        }
        for profile in &self.profiles {
            words.push_str(" in profile ");
            words.push_str(&profile.written());
        }
        if let Some(project) = &self.project {
            words.push_str(" of ");
            words.push_str(&project.written());
        }
        words.trim().to_owned()
    }
}
