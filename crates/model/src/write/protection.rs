//! Which scopes start read-only, and why a write cannot be made now. Decides; enforces nothing (the client's guard does).

use crate::Model;
use crate::cluster::Scope;
use keys::action::Action;
use text::{Outside, fits};

/// What protects a scope: a pattern, and what it fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protection {
    /// `context`, `cluster`, `server` or `namespace`.
    pub what: &'static str,
    pub name: Outside,
    pub pattern: String,
}

impl Model {
    /// What protects the scope that is watched; its namespace included when it is one.
    pub fn scope_protection(&self) -> Option<Protection> {
        let cluster = &self.cluster;
        let connection = cluster.connection.as_ref();
        let namespace = match &cluster.scope {
            Scope::Namespace(name) => Some(name),
            Scope::All => None,
        };
        [
            ("context", Some(&cluster.context)),
            ("cluster", connection.map(|connection| &connection.cluster)),
            ("server", connection.map(|connection| &connection.server)),
            ("namespace", namespace),
        ]
        .into_iter()
        .find_map(|(what, name)| self.protected(what, name?))
    }

    /// What protects a namespace of the scope.
    pub fn protection_of(&self, namespace: &Outside) -> Option<Protection> {
        self.scope_protection()
            .or_else(|| self.protected("namespace", namespace))
    }

    /// A person armed writes here.
    pub fn is_armed(&self) -> bool {
        self.writes.armed == Some(self.cluster.epoch)
    }

    /// Nothing may leave this machine but reads: by flag, by protection, or while it is not known whom we talk to.
    pub fn is_guarded(&self) -> bool {
        self.settings.is_read_only
            || self.cluster.connection.is_none()
            || (self.scope_protection().is_some() && !self.is_armed())
    }

    /// Why no write can be made now, in this namespace or anywhere in the scope, and what to do about it.
    pub fn write_ban(&self, namespace: Option<&Outside>) -> Option<String> {
        if self.settings.is_read_only {
            return Some(
                "read-only: started with --read-only; start without it to write".to_owned(),
            );
        }
        if self.cluster.connection.is_none() {
            let (retry, context) = (self.key(Action::Retry), self.key(Action::Context));
            return Some(format!(
                "read-only: not connected yet; {retry} tries again, {context} chooses another context"
            ));
        }
        let protection = self
            .scope_protection()
            .or_else(|| self.protected("namespace", namespace?))
            .filter(|_| !self.is_armed())?;
        let key = self.key(Action::Arm);
        Some(format!(
            "read-only: {} {} is protected ({}); {key} arms writes",
            protection.what,
            protection.name.raw(),
            protection.pattern
        ))
    }

    /// The reason in a few words, where a line has no room for more.
    pub fn write_ban_in_short(&self) -> Option<String> {
        if self.settings.is_read_only {
            return Some("--read-only".to_owned());
        }
        if self.cluster.connection.is_none() {
            return Some("not connected".to_owned());
        }
        let is_protected = self.scope_protection().is_some() && !self.is_armed();
        is_protected.then(|| format!("protected, {} arms", self.key(Action::Arm)))
    }

    fn protected(&self, what: &'static str, name: &Outside) -> Option<Protection> {
        let pattern = self
            .settings
            .protected
            .iter()
            .find(|pattern| fits(pattern, name.raw()))?;
        Some(Protection {
            what,
            name: name.clone(),
            pattern: pattern.clone(),
        })
    }
}
