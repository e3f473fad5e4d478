//! An action of Docker in one line of plain words.

use super::DockerAction;
use crate::argument::Argument;

impl DockerAction {
    pub fn words(&self) -> String {
        let all = |arguments: &[Argument]| {
            let written: Vec<String> = arguments.iter().map(Argument::written).collect();
            written.join(" ")
        };
        match self {
            DockerAction::List {
                what,
                all: is_all,
                filters,
            } => {
                let which = if *is_all { "all " } else { "" };
                format!("list {which}{what} {}", all(filters))
            }
            DockerAction::Logs {
                container,
                is_followed,
                tail,
                since,
            } => logs(
                &container.written(),
                *is_followed,
                tail.as_ref(),
                since.as_ref(),
            ),
            DockerAction::Exec {
                container,
                user,
                command,
                is_interactive,
            } => {
                let user = user.as_ref().map(|user| format!(" as {}", user.written()));
                let how = if *is_interactive {
                    " interactively"
                } else {
                    ""
                };
                let container = container.written();
                format!(
                    "exec in {container}{}{how}: {}",
                    user.unwrap_or_default(),
                    all(command)
                )
            }
            DockerAction::Lifecycle { verb, containers } => format!("{verb} {}", all(containers)),
            DockerAction::Inspect { objects, .. } => format!("inspect {}", all(objects)),
            DockerAction::Stats { containers } if containers.is_empty() => {
                "usage of all containers".into()
            }
            DockerAction::Stats { containers } => format!("usage of {}", all(containers)),
            DockerAction::Processes { container } => {
                format!("processes of {}", container.written())
            }
            DockerAction::Events => "events".into(),
            DockerAction::Information { verb, words } => format!("{verb} {}", all(words)),
            DockerAction::Prune { what, all } => {
                format!("prune {what}{}", if *all { " all" } else { "" })
            }
            DockerAction::Copy { from, to } => {
                format!("copy {} to {}", from.written(), to.written())
            }
        }
        .trim()
        .to_owned()
    }
}

/// `logs of web followed last 100`.
pub(crate) fn logs(
    of: &str,
    is_followed: bool,
    tail: Option<&Argument>,
    since: Option<&Argument>,
) -> String {
    let mut words = format!("logs of {of}");
    words.push_str(if is_followed { " followed" } else { "" });
    for (before, value) in [(" last ", tail), (" since ", since)] {
        if let Some(value) = value {
            words.push_str(before);
            words.push_str(&value.written());
        }
    }
    words
}
