//! Input of the page of an entry.

use super::{OverlayInput, page};
use crate::input::{Handled, Keystroke};
use crate::{pane, timeline};
use keys::action::Action;
use model::Model;
use model::cluster::{Kind, ObjectRef};
use model::entry::{EntryId, EntryTarget};
use model::meta::Uid;
use model::owner::OwnerKind;
use model::screen::EntryPage;
use text::Outside;

pub(super) struct EntryInput;

impl OverlayInput for EntryInput {
    fn act(&self, model: &mut Model, action: Action, _: Keystroke) -> Handled {
        if action == Action::Copy {
            return timeline::copy(model).into();
        }
        page::act(model, action, |page: &mut EntryPage| &mut page.top)
    }
}

/// Selects the pod or workload that the entry is about, as it is now. Says why there is none.
pub(super) fn point(model: &mut Model, id: EntryId) -> Result<(), String> {
    model.timeline.cursor = Some(id);
    let draft = model.timeline.draft(id);
    let target = draft.and_then(|draft| draft.target.as_ref());
    let close = model.key(Action::Back);
    let Some(target) = target.filter(|target| target.name.is_some()) else {
        return Err(format!(
            "this entry is about no pod or workload; {close} closes its page"
        ));
    };
    let Some(object) = object(model, target) else {
        let name = target.name.as_ref().map_or("it", Outside::raw);
        return Err(format!(
            "{name} is not among the pods and workloads here; {close} closes its page"
        ));
    };
    pane::point_at(model, &object)
}

fn object(model: &Model, target: &EntryTarget) -> Option<ObjectRef> {
    let (namespace, name) = (target.namespace.as_ref()?, target.name.as_ref()?);
    if target.context.as_ref() != Some(&model.cluster.context) {
        return None;
    }
    let at = |kind, uid: &Uid| ObjectRef {
        kind,
        namespace: Some(namespace.clone()),
        name: name.clone(),
        uid: uid.clone(),
    };
    let kind = target.kind.as_ref().map(Outside::raw);
    if kind.is_none_or(|kind| kind == Kind::Pod.word()) {
        let mut pods = model.cluster.pods.table.rows();
        let pod = pods.find(|pod| pod.name == *name && pod.namespace == *namespace);
        if let Some(pod) = pod {
            return Some(at(Kind::Pod, &pod.uid));
        }
    }
    // An entry about pods names their workload, not always its kind.
    let of_kind = kind.and_then(|kind| OwnerKind::from(kind).watched());
    let mut rows = model.cluster.workloads();
    let row = rows.find(|row| {
        let is_of_kind = kind.is_none() || of_kind == Some(row.kind());
        is_of_kind && row.name() == name && row.namespace() == namespace
    })?;
    Some(at(row.kind(), row.uid()))
}
