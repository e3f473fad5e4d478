//! The line above the pods: nodes that fail or are pressed, Services without a ready endpoint.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{paint, words};
use crate::theme::{Glyph, Role, Theme};
use model::Model;
use model::cluster::{Health, Scope};
use model::nodes::NodeRow;
use model::services::ServicePort;
use model::serving::{Name, Readiness};
use text::SafeText;

/// Nodes and Services that are named; the others are counted.
const NAMED: usize = 3;
/// Before the sign between two parts on one line.
const BETWEEN: &str = "  ";

pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let parts = parts(model);
    let lines = if usize::from(area.height) < parts.len() {
        let between = format!("{BETWEEN}{} ", theme.glyph(Glyph::Separator));
        vec![parts.join(&between)]
    } else {
        parts
    };
    for (at, line) in lines.iter().enumerate() {
        let words = SafeText::from(format!("! {line}"));
        paint::text(buffer, paint::row(area, at), &words, theme.style(Role::Bad));
    }
}

/// Rows that it takes: one, or two where one is too narrow for both parts.
pub(super) fn rows(model: &Model, columns: u16) -> u16 {
    let parts = parts(model);
    let width: usize = parts
        .iter()
        .map(|part| SafeText::from(part.as_str()).width())
        .sum();
    let is_wide = width + BETWEEN.len() + 4 <= usize::from(columns);
    u16::try_from(if is_wide {
        parts.len().min(1)
    } else {
        parts.len()
    })
    .unwrap_or(1)
}

/// What users feel comes first.
fn parts(model: &Model) -> Vec<String> {
    [services(model), nodes(model)]
        .into_iter()
        .flatten()
        .collect()
}

/// What is no longer heard of is not said as if it were so now.
fn as_of<'a>(health: impl IntoIterator<Item = &'a Health>) -> &'static str {
    let is_old = |health: &Health| matches!(health, Health::Stale { .. } | Health::Stopped { .. });
    if health.into_iter().any(is_old) {
        " (STALE)"
    } else {
        ""
    }
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
    let old = as_of([&model.cluster.serving.nodes.health]);
    (!named.is_empty()).then(|| {
        let named = named.join(", ");
        format!("nodes: {named}{} of {all}{old}", plus(more))
    })
}

fn node_words(model: &Model, node: &NodeRow) -> String {
    let since = node.ready.as_ref().and_then(|ready| ready.since);
    let age = since.map_or(String::new(), |since| {
        format!(" {}", words::age(since, model.server_now()))
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
    let unserved = model.cluster.serving.unserved();
    let named: Vec<String> = unserved
        .iter()
        .take(NAMED)
        .map(|(name, readiness)| service_words(model, name, *readiness))
        .collect();
    let more = unserved.len() - named.len();
    let serving = &model.cluster.serving;
    let old = as_of([&serving.services.health, &serving.endpoints.health]);
    (!named.is_empty()).then(|| format!("not serving: {}{}{old}", named.join(", "), plus(more)))
}

fn service_words(model: &Model, service: &Name, readiness: Readiness) -> String {
    let (namespace, name) = service;
    let name = match model.cluster.scope {
        Scope::All => format!("{}/{}", namespace.shown(), name.shown()),
        Scope::Namespace(_) => name.shown().to_string(),
    };
    let missing = model.cluster.serving.missing_ports(service);
    let missing: Vec<String> = missing.map(missing_port).collect();
    let ports = match missing.as_slice() {
        [] => String::new(),
        missing => format!(" ({})", missing.join(", ")),
    };
    format!("{name} {}{ports}", endpoints(readiness))
}

fn missing_port(port: &ServicePort) -> String {
    match &port.target {
        Some(target) => format!("no container has port {}", target.shown()),
        None => format!("no endpoint has port {}", port.number),
    }
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
