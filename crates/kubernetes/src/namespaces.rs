//! A namespace from the wire to its row, and whether it is there.

use serde_json::Value;

use super::client::Client;
use super::decode::FromWire;
use super::intern::Intern;
use super::paths;
use super::wire::NoRow;
use super::wire::core;
use model::cluster::{Kind, NamespaceRow, Scope};
use model::finding::Finding;

impl FromWire<core::Namespace> for NamespaceRow {
    fn from_wire(
        wire: core::Namespace,
        intern: &mut Intern,
    ) -> Result<(NamespaceRow, String), NoRow> {
        let meta = wire.metadata.ok_or(NoRow)?;
        let row = NamespaceRow {
            meta: meta.of_row(intern)?,
            is_terminating: wire
                .status
                .is_some_and(|status| status.phase == "Terminating"),
        };
        Ok((row, meta.resource_version))
    }
}

/// Is there such a namespace? Nothing is said where it may not be read.
pub(super) async fn examine(client: &Client, scope: &Scope) -> Option<Finding> {
    let name = scope.namespace()?;
    let path = paths::object(Kind::Namespace, None, name);
    let answer = client.get(&path, "application/json").await.ok()?;
    if answer.status.as_u16() == 404 {
        return Some(Finding::bad(
            "namespace",
            format!("there is no namespace {name}"),
            "name another one (-n NAME), or create it: `kubectl get namespaces` lists them",
        ));
    }
    if !answer.status.is_success() {
        return None;
    }
    let read: Value = serde_json::from_slice(&answer.bytes().await.ok()?).ok()?;
    Some(if read["status"]["phase"] == "Terminating" {
        Finding::lessened(
            "namespace",
            format!("namespace {name} is being deleted with all that is in it"),
            "nothing new can be made in it; name another one (-n NAME)",
        )
    } else {
        Finding::good("namespace", format!("namespace {name} is there"))
    })
}
