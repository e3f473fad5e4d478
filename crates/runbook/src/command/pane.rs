//! Commands that do not end by themselves: they get a pane of their own and never hold up a walk.

use super::{Native, StepCommand, Wrapper};
use crate::argument::Argument;
use crate::compose::ComposeAction;
use crate::docker::DockerAction;
use crate::is_listed;
use crate::kubectl::KubectlAction;
use crate::risk::Risk;

/// Programs that a person leaves, or that go on until they are stopped.
const ENDLESS: &str = "alertmanager atop dstat htop iftop iotop k9s less man more nano nethogs ngrep stern tcpdump telnet top vi vim watch";

impl StepCommand {
    /// Does it go on, or wait for a person, until somebody ends it?
    pub fn opens_pane(&self) -> bool {
        let is_watched = self
            .wrappers
            .iter()
            .any(|wrapper| matches!(wrapper, Wrapper::Watched { .. }));
        is_watched || self.goes_on()
    }

    fn goes_on(&self) -> bool {
        match &self.native {
            Some(Native::Kubectl(call)) => match &call.action {
                KubectlAction::Get { is_watched, .. }
                | KubectlAction::Events { is_watched, .. } => *is_watched,
                KubectlAction::Logs(logs) => logs.is_followed,
                KubectlAction::Exec(exec) => exec.is_interactive && call.risk() == Risk::Session,
                KubectlAction::PortForward { .. } | KubectlAction::Edit(_) => true,
                KubectlAction::Debug { command, .. } | KubectlAction::Run { command, .. } => {
                    command.is_empty()
                }
                _ => false,
            },
            Some(Native::Docker(action)) => match action {
                DockerAction::Logs { is_followed, .. } => *is_followed,
                DockerAction::Exec { is_interactive, .. } => {
                    *is_interactive && action.risk() == Risk::Session
                }
                DockerAction::Stats { .. } | DockerAction::Events => true,
                _ => false,
            },
            Some(Native::Compose(call)) => match &call.action {
                ComposeAction::Logs { is_followed, .. } => *is_followed,
                ComposeAction::Up { is_detached, .. } => !is_detached,
                ComposeAction::Exec { .. } | ComposeAction::Run { .. } => {
                    call.risk() == Risk::Session
                }
                _ => false,
            },
            Some(
                Native::Http(_)
                | Native::Sql(_)
                | Native::Query(_)
                | Native::Capture { .. }
                | Native::Assign { .. },
            ) => false,
            None => self.is_endless_program(),
        }
    }

    fn is_endless_program(&self) -> bool {
        let program = self
            .arguments
            .first()
            .and_then(Argument::text)
            .unwrap_or("");
        let name = program.rsplit('/').next().unwrap_or(program);
        let has = |flags: &[&str]| {
            self.arguments
                .iter()
                .any(|one| one.text().is_some_and(|text| flags.contains(&text)))
        };
        let follows =
            matches!(name, "tail" | "journalctl") && has(&["-f", "-F", "-fu", "-xef", "--follow"]);
        let is_batch = name == "top" && has(&["-b", "-bn1", "-b1", "-n1"]);
        follows || self.risk == Risk::Session || is_listed(ENDLESS, name) && !is_batch
    }
}
