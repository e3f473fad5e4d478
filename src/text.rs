//! `Outside` and `SafeText`: the only way for text from outside to reach the screen. Never shows a control, bidi or
//! zero-width character as itself, and never deletes one.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Text that came from outside this program, kept exactly as it came. It has no `Display`: see [`Outside::shown`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Outside(Arc<str>);

/// Text that a terminal may be given: one line, no control, format or zero-width character in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SafeText<'a>(Cow<'a, str>);

impl Outside {
    /// Keeps `text` as it is.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Outside(text.into())
    }

    /// The original, for requests, the store and exports. Never for the screen.
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// What a person may see of it.
    pub fn shown(&self) -> SafeText<'_> {
        SafeText(Cow::Borrowed(&self.0))
    }
}

impl From<&str> for Outside {
    fn from(text: &str) -> Self {
        Outside::new(text)
    }
}

impl SafeText<'_> {
    /// The text, ready to be drawn.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
