//! Which objects a call is about: `pods`, `pod a b`, `deploy/a`, `-l app=a`, `-f file`.

use super::kinds::{is_known, plural};
use crate::argument::{Argument, ArgumentPiece};
use crate::flags::Flags;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Objects {
    /// Plurals in lower case, or the document's placeholder. Of `deploy/a` the kind stands with the name.
    pub kinds: Vec<Argument>,
    pub names: Vec<ObjectName>,
    pub selector: Option<Argument>,
    pub field_selector: Option<Argument>,
    pub files: Vec<Argument>,
    /// All of the kind.
    pub is_all: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectName {
    pub kind: Option<Argument>,
    pub name: Argument,
}

fn kind(argument: &Argument) -> Argument {
    match argument.text() {
        Some(text) => Argument::literal(plural(text)),
        None => argument.clone(),
    }
}

impl Objects {
    /// `words` are `KIND[,KIND] [NAME..]` or `KIND/NAME ..`.
    pub(super) fn read(words: &[Argument], flags: &Flags) -> Objects {
        let mut objects = Objects::selected(flags);
        let Some(first) = words.first() else {
            return objects;
        };
        if words.iter().any(|word| name_with_kind(word).is_some()) {
            objects.names = words.iter().map(named).collect();
            return objects;
        }
        let kinds = split_commas(first);
        objects.kinds = kinds.iter().map(kind).collect();
        objects.names = words[1..]
            .iter()
            .map(|name| ObjectName {
                kind: None,
                name: name.clone(),
            })
            .collect();
        objects
    }

    /// `words` are names of `kind`, or `KIND/NAME`, or `KIND NAME`.
    pub(super) fn of_kind(words: &[Argument], kind_of: &str, flags: &Flags) -> Objects {
        let mut objects = Objects::selected(flags);
        if let [first, name] = words {
            let first = first.text().unwrap_or("");
            if is_known(first) && first != name.written() {
                objects.kinds = vec![Argument::literal(plural(first))];
                objects.names = vec![ObjectName {
                    kind: None,
                    name: name.clone(),
                }];
                return objects;
            }
        }
        objects.names = words.iter().map(named).collect();
        let has_kinds =
            !objects.names.is_empty() && objects.names.iter().all(|name| name.kind.is_some());
        if !has_kinds {
            objects.kinds = vec![Argument::literal(kind_of)];
        }
        objects
    }

    pub(super) fn selected(flags: &Flags) -> Objects {
        let mut files = flags.values("filename");
        files.extend(flags.values("kustomize"));
        Objects {
            selector: flags.value("selector").cloned(),
            field_selector: flags.value("field-selector").cloned(),
            files,
            is_all: flags.has("all"),
            ..Objects::default()
        }
    }

    pub(super) fn is_named(&self) -> bool {
        !self.names.is_empty()
            || self.selector.is_some()
            || !self.files.is_empty()
            || self.is_all
            || self.field_selector.is_some()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.kinds.is_empty() && !self.is_named()
    }

    /// Is every object of this kind, as far as it is written?
    pub(super) fn are_all(&self, plural: &str) -> bool {
        let of_kind = |kind: &Argument| kind.text() == Some(plural);
        let named = self
            .names
            .iter()
            .all(|name| name.kind.as_ref().is_none_or(of_kind));
        let has_kind = !self.kinds.is_empty() || self.names.iter().any(|name| name.kind.is_some());
        has_kind && self.kinds.iter().all(of_kind) && named
    }
}

fn named(word: &Argument) -> ObjectName {
    name_with_kind(word).unwrap_or_else(|| ObjectName {
        kind: None,
        name: word.clone(),
    })
}

/// `deploy/a`
fn name_with_kind(word: &Argument) -> Option<ObjectName> {
    let (before, name) = word.split_once('/')?;
    let is_kind = !before.is_empty() && !before.written().contains([':', '.', '/'])
        || before.written().contains('.') && !before.head().starts_with('.');
    is_kind.then(|| ObjectName {
        kind: Some(kind(&before)),
        name,
    })
}

fn split_commas(word: &Argument) -> Vec<Argument> {
    let mut parts = Vec::new();
    let mut rest = word.clone();
    while let Some((before, after)) = rest.split_once(',') {
        parts.push(before);
        rest = after;
    }
    parts.push(rest);
    parts.retain(
        |part| !matches!(part.pieces(), [] | [ArgumentPiece::Text(_)] if part.text() == Some("")),
    );
    parts
}
