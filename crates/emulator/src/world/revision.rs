//! `ControllerRevision`s: the templates that a `StatefulSet` or a `DaemonSet` has had (kubernetes/pkg/controller/history).

use std::sync::Arc;

use super::World;
use super::object::{Key, Kind, Labels, Meta, Object, Owner, Uid};
use super::template::Template;

/// The label of a pod that names its revision: a `StatefulSet` has the whole name there, a `DaemonSet` the hash.
pub const HASH_LABEL: &str = "controller-revision-hash";

/// A `ControllerRevision`: a template that a `StatefulSet` or a `DaemonSet` has or had.
#[derive(Clone, Debug, PartialEq)]
pub struct ControllerRevision {
    pub meta: Meta,
    pub revision: u64,
    /// What `data` says.
    pub template: Arc<Template>,
}

/// Whose revisions they are.
pub(super) struct Parent<'a> {
    pub(super) kind: Kind,
    pub(super) meta: &'a Meta,
    /// The label under which a revision has its hash.
    pub(super) hash_label: &'static str,
}

/// The revisions of an object, oldest first.
pub(super) fn of(world: &World, owner: Uid) -> Vec<Arc<ControllerRevision>> {
    let mut found = world.revisions_of(owner);
    found.sort_by_key(|revision| {
        (
            revision.revision,
            revision.meta.created,
            Arc::clone(&revision.meta.key.name),
        )
    });
    found
}

/// The hash of a revision.
pub(super) fn hash_of<'a>(revision: &'a ControllerRevision, label: &str) -> &'a str {
    revision.meta.labels.get(label).map_or("", String::as_str)
}

/// The revision of a template: the newest as it is, an older one under a new number, or a new one.
pub(super) fn ensure(
    world: &mut World,
    parent: &Parent<'_>,
    template: &Arc<Template>,
) -> Arc<ControllerRevision> {
    let known = of(world, parent.meta.uid);
    let next = known.last().map_or(0, |last| last.revision) + 1;
    let Some(equal) = known
        .iter()
        .rfind(|revision| revision.template == *template)
    else {
        return make(world, parent, template, next);
    };
    if equal.revision + 1 == next {
        return Arc::clone(equal);
    }
    let mut renumbered = Arc::clone(equal);
    Arc::make_mut(&mut renumbered).revision = next;
    world.put(Object::ControllerRevision(Arc::clone(&renumbered)));
    renumbered
}

fn make(
    world: &mut World,
    parent: &Parent<'_>,
    template: &Arc<Template>,
    revision: u64,
) -> Arc<ControllerRevision> {
    let hash = template.hash();
    let name = format!("{}-{hash}", parent.meta.key.name);
    let key = Key::new(Arc::clone(&parent.meta.key.namespace), name);
    let mut labels: Labels = (*template.labels).clone();
    labels.insert(parent.hash_label.to_owned(), hash);
    let owner = Owner {
        kind: parent.kind,
        name: Arc::clone(&parent.meta.key.name),
        uid: parent.meta.uid,
    };
    let mut meta = world.new_meta(key, Arc::new(labels), Some(Arc::new(owner)));
    meta.annotations = Arc::clone(&parent.meta.annotations);
    let made = Arc::new(ControllerRevision {
        meta,
        revision,
        template: Arc::clone(template),
    });
    world.put(Object::ControllerRevision(Arc::clone(&made)));
    made
}

/// Forgets the oldest of those that are not live, beyond `limit`.
pub(super) fn truncate(
    world: &mut World,
    owner: Uid,
    limit: u32,
    is_live: impl Fn(&ControllerRevision) -> bool,
) {
    let history: Vec<_> = of(world, owner)
        .into_iter()
        .filter(|revision| !is_live(revision))
        .collect();
    let surplus = history.len().saturating_sub(limit as usize);
    for revision in &history[..surplus] {
        world.remove(Kind::ControllerRevision, &revision.meta.key);
    }
}
