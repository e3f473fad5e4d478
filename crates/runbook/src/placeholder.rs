//! What a document leaves for its reader to fill in: `<pod-name>`, `[service]`, `$NAMESPACE`, `{{ cluster }}`, `{node}` and bare
//! stand-ins as `pod-name`, each with the kind of value that it wants.

mod grammar;
mod kind;
mod plain;
mod reader;
mod stand_in;

use std::ops::Range;

use text::Outside;

use crate::shell::Quote;

pub use grammar::ValueFault;
pub use kind::PlaceholderKind;
pub(crate) use reader::{Collector, Known, WordPlace};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceholderStyle {
    /// `<x>`
    Angle,
    /// `[x]`
    Bracket,
    /// `{x}`
    Brace,
    /// `{{ x }}`
    Mustache,
    /// `$X` or `${X}`
    Variable,
    /// `pod-name`, `POD_NAME`, `v1.2.3`: taken for one by its words alone.
    Bare,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// Equal for all ways of writing one name: `<pod-name>`, `$POD_NAME` and `pod-name` are `pod-name`.
    pub key: String,
    pub written: Outside,
    pub kind: PlaceholderKind,
    pub style: PlaceholderStyle,
    /// What an earlier line or `${X:-value}` gives it.
    pub fallback: Option<Outside>,
    /// The line of the document that gives the variable its value, when the value is worked out there.
    pub assigned_on: Option<usize>,
    pub places: Vec<PlaceholderPlace>,
}

/// Where in the text of its step a value goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceholderPlace {
    pub bytes: Range<usize>,
    pub quote: Quote,
}

/// One key for all ways of writing a name.
pub(crate) fn key(written: &str) -> String {
    let mut key = String::new();
    for one in written.chars() {
        if one.is_alphanumeric() {
            key.extend(one.to_lowercase());
        } else if !key.is_empty() && !key.ends_with('-') {
            key.push('-');
        }
    }
    let key = key.trim_end_matches('-');
    if key.is_empty() {
        "value".to_owned()
    } else {
        key.to_owned()
    }
}
