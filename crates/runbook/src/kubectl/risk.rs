//! What a call of kubectl may do to the cluster.

use super::{ApplyVerb, KubectlAction, KubectlCall, RolloutVerb};
use crate::risk::{Risk, of_command};

impl KubectlCall {
    pub fn risk(&self) -> Risk {
        match &self.action {
            KubectlAction::Get { .. }
            | KubectlAction::Describe(_)
            | KubectlAction::Logs(_)
            | KubectlAction::Top { .. }
            | KubectlAction::Events { .. }
            | KubectlAction::Wait { .. }
            | KubectlAction::CanI { .. }
            | KubectlAction::Information { .. } => Risk::Read,
            KubectlAction::PortForward { .. } | KubectlAction::UseContext { .. } => Risk::Local,
            KubectlAction::Copy { from, to, .. } => {
                copy_risk(from.written().contains(':'), to.written().contains(':'))
            }
            KubectlAction::Scale { .. } => Risk::Scale,
            KubectlAction::Rollout { verb, .. } => match verb {
                RolloutVerb::Status | RolloutVerb::History => Risk::Read,
                RolloutVerb::Restart => Risk::Restart,
                RolloutVerb::Undo => Risk::Rollback,
                RolloutVerb::Pause | RolloutVerb::Resume => Risk::Change,
            },
            KubectlAction::Exec(exec) => of_command(&exec.command),
            KubectlAction::Debug { command, .. } | KubectlAction::Run { command, .. } => {
                of_command(command).max(Risk::Session)
            }
            KubectlAction::Delete { objects, is_forced } => {
                let is_replaced = objects.are_all("pods")
                    && !is_forced
                    && !objects.is_all
                    && objects.files.is_empty();
                if is_replaced {
                    Risk::Restart
                } else {
                    Risk::Destructive
                }
            }
            KubectlAction::Apply { verb, .. } => match verb {
                ApplyVerb::Diff | ApplyVerb::DryRun => Risk::Read,
                ApplyVerb::Apply | ApplyVerb::Create | ApplyVerb::Replace => Risk::Destructive,
            },
            KubectlAction::Drain { .. } => Risk::Destructive,
            KubectlAction::Cordon(_)
            | KubectlAction::Uncordon(_)
            | KubectlAction::SetImage { .. }
            | KubectlAction::Set { .. }
            | KubectlAction::Patch { .. }
            | KubectlAction::Edit(_)
            | KubectlAction::Label { .. }
            | KubectlAction::Annotate { .. }
            | KubectlAction::Taint { .. } => Risk::Change,
        }
    }
}

fn copy_risk(from_pod: bool, to_pod: bool) -> Risk {
    if to_pod && !from_pod {
        Risk::Change
    } else {
        Risk::Local
    }
}
