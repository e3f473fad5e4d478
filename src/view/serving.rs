//! The line above the pods: nodes that fail or are pressed, Services without a ready endpoint.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{paint, words};
use crate::model::Model;
use crate::model::cluster::Scope;
use crate::model::nodes::NodeRow;
use crate::model::serving::{Name, Readiness};
use crate::text::SafeText;
use crate::theme::{Glyph, Role, Theme};

/// Nodes and Services that are named; the others are counted.
const NAMED: usize = 3;

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let parts: Vec<String> = [nodes(model), services(model)]
        .into_iter()
        .flatten()
        .collect();
    let between = format!("  {} ", theme.glyph(Glyph::Separator));
    let words = format!("! {}", parts.join(&between));
    paint::text(buffer, area, &SafeText::from(words), theme.style(Role::Bad));
}

fn nodes(model: &Model) -> Option<String> {
    let mut sick = model.cluster.serving.sick_nodes();
    let named: Vec<String> = sick
        .by_ref()
        .take(NAMED)
        .map(|node| node_words(model, node))
        .collect();
    let more = sick.count();
    let all = model.cluster.serving.nodes.table.counts().total;
    (!named.is_empty()).then(|| format!("nodes: {}{} of {all}", named.join(", "), plus(more)))
}

fn node_words(model: &Model, node: &NodeRow) -> String {
    let since = node.ready.as_ref().and_then(|ready| ready.since);
    let age = since.map_or(String::new(), |since| {
        format!(" {}", words::duration(since.age_s(model.now.wall)))
    });
    let ready = if node.is_ready() {
        String::new()
    } else {
        format!(" not ready{age}")
    };
    let pressures: Vec<String> = node
        .pressures
        .iter()
        .map(|pressure| format!(" {}", pressure.shown()))
        .collect();
    format!("{}{ready}{}", node.name.shown(), pressures.concat())
}

fn services(model: &Model) -> Option<String> {
    let unready = model.cluster.serving.unready();
    let named: Vec<String> = unready
        .iter()
        .take(NAMED)
        .map(|(name, readiness)| service_words(model, name, *readiness))
        .collect();
    let more = unready.len() - named.len();
    (!named.is_empty()).then(|| format!("not serving: {}{}", named.join(", "), plus(more)))
}

fn service_words(model: &Model, (namespace, name): &Name, readiness: Readiness) -> String {
    let name = match model.cluster.scope {
        Scope::All => format!("{}/{}", namespace.shown(), name.shown()),
        Scope::Namespace(_) => name.shown().to_string(),
    };
    format!("{name} {}", endpoints(readiness))
}

/// `0/6 endpoints ready`, or that there are none.
pub(super) fn endpoints(readiness: Readiness) -> String {
    match readiness.total {
        0 => "no endpoints".to_owned(),
        total => format!("{}/{total} ready", readiness.ready),
    }
}

fn plus(more: usize) -> String {
    match more {
        0 => String::new(),
        more => format!(" +{more}"),
    }
}
