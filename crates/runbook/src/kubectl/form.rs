//! Which objects a call is about, and whether two calls have one form.

use std::mem::discriminant;

use super::{KubectlAction, KubectlCall, Objects};

impl KubectlCall {
    /// Nothing where the call is about no object, or about a pod that it makes.
    pub fn objects(&self) -> Option<&Objects> {
        match &self.action {
            KubectlAction::Get { objects, .. }
            | KubectlAction::Describe(objects)
            | KubectlAction::Top { objects, .. }
            | KubectlAction::Scale { objects, .. }
            | KubectlAction::Rollout { objects, .. }
            | KubectlAction::Delete { objects, .. }
            | KubectlAction::Apply { objects, .. }
            | KubectlAction::Cordon(objects)
            | KubectlAction::Uncordon(objects)
            | KubectlAction::Drain { objects, .. }
            | KubectlAction::PortForward { objects, .. }
            | KubectlAction::SetImage { objects, .. }
            | KubectlAction::Set { objects, .. }
            | KubectlAction::Patch { objects, .. }
            | KubectlAction::Edit(objects)
            | KubectlAction::Label { objects, .. }
            | KubectlAction::Annotate { objects, .. }
            | KubectlAction::Taint { objects, .. }
            | KubectlAction::Wait { objects, .. }
            | KubectlAction::Debug { objects, .. } => Some(objects),
            KubectlAction::Logs(logs) => Some(&logs.objects),
            KubectlAction::Exec(exec) => Some(&exec.objects),
            KubectlAction::Events { .. }
            | KubectlAction::Copy { .. }
            | KubectlAction::CanI { .. }
            | KubectlAction::Run { .. }
            | KubectlAction::Information { .. }
            | KubectlAction::UseContext { .. } => None,
        }
    }

    /// The same action on as many objects, each named in the same way?
    pub(crate) fn is_of_form(&self, other: &KubectlCall) -> bool {
        let form = |call: &KubectlCall| {
            call.objects().map(|objects| {
                let with_kind: Vec<bool> = objects
                    .names
                    .iter()
                    .map(|name| name.kind.is_some())
                    .collect();
                let selected = (
                    objects.selector.is_some(),
                    objects.field_selector.is_some(),
                    objects.is_all,
                );
                (
                    objects.kinds.len(),
                    with_kind,
                    objects.files.len(),
                    selected,
                )
            })
        };
        discriminant(&self.action) == discriminant(&other.action)
            && form(self) == form(other)
            && self.is_in_all_namespaces == other.is_in_all_namespaces
            && self.namespace.is_some() == other.namespace.is_some()
            && self.risk() <= other.risk()
    }
}
