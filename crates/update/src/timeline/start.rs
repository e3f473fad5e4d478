//! The entry of a console that begins to observe, with the time before it that no console watched.

use chrono::{DateTime, Utc};

use super::draft;
use model::Model;
use model::entry::{Actor, Draft, EntryTarget};
use model::kind::{ActorKind, Kind};
use text::Outside;

/// What nobody observed, in words; nothing when another console that runs watches the same.
pub(super) fn gap(
    model: &Model,
    watched: &[EntryTarget],
    last: Option<DateTime<Utc>>,
    is_end_unknown: bool,
) -> String {
    let now = model.now.wall;
    let ours = target(model);
    let has_all = |theirs: &EntryTarget| {
        theirs.context == ours.context
            && (theirs.namespace.is_none() || theirs.namespace == ours.namespace)
    };
    let last = last.filter(|last| *last < now && !watched.iter().any(has_all));
    let Some(last) = last else {
        return String::new();
    };
    let is_today = last.date_naive() == now.date_naive();
    let from = last.format(if is_today {
        "%H:%M:%S"
    } else {
        "%Y-%m-%d %H:%M:%S"
    });
    let until = now.format("%H:%M:%S");
    if is_end_unknown {
        format!(
            "; nothing recorded {from} - {until}: the console before did not say when it stopped"
        )
    } else {
        format!("; nothing observed {from} - {until}")
    }
}

/// The console begins to observe.
pub(super) fn entry(model: &mut Model, gap: &str) -> Draft {
    let title = format!("console started on {}{gap}", model.cluster.context.raw());
    let target = target(model);
    Draft {
        source: Some("console".into()),
        target: Some(target),
        ..draft(
            model,
            Actor::of(ActorKind::Console),
            Kind::ConsoleStart,
            title,
        )
    }
}

/// What is watched: other consoles that start meanwhile read it.
fn target(model: &Model) -> EntryTarget {
    EntryTarget {
        context: Some(model.cluster.context.clone()),
        namespace: model.cluster.scope.namespace().map(Outside::from),
        ..EntryTarget::default()
    }
}
