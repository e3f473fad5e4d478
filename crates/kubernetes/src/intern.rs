//! One copy of each text that many rows share (namespace, node, image, reason). One table for each watch: no lock.

use std::collections::HashSet;
use std::sync::Arc;

use arcstr::ArcStr;
use foldhash::fast::RandomState;

use model::amounts::Resources;
use text::Outside;

/// Past this many different texts the table starts anew: rows keep theirs, and a cluster that makes up endless image
/// tags cannot grow it for ever.
const TEXTS_MAX: usize = 16_384;

/// Longest message kept in a row. A termination message may be 4 KB, and 50,000 pods may crash at once.
const MESSAGE_BYTES: usize = 512;

/// The same of the one object that somebody looks at: the scheduler's sentence names each kind of refusal.
const LONG_MESSAGE_BYTES: usize = 8_192;

#[derive(Debug, Default)]
pub(crate) struct Intern {
    texts: HashSet<ArcStr, RandomState>,
    resources: HashSet<Arc<Resources>, RandomState>,
}

impl Intern {
    /// The shared copy of `text`.
    pub(crate) fn share(&mut self, text: &str) -> Outside {
        if let Some(known) = self.texts.get(text) {
            return Outside::new(ArcStr::clone(known));
        }
        if self.texts.len() >= TEXTS_MAX {
            self.texts.clear();
        }
        let new: ArcStr = text.into();
        self.texts.insert(ArcStr::clone(&new));
        Outside::new(new)
    }

    /// The shared copy; `None` when empty, as an absent string is in protobuf.
    pub(crate) fn share_some(&mut self, text: &str) -> Option<Outside> {
        (!text.is_empty()).then(|| self.share(text))
    }

    /// The shared copy of what a container may use.
    pub(crate) fn share_resources(&mut self, resources: Resources) -> Arc<Resources> {
        if let Some(known) = self.resources.get(&resources) {
            return Arc::clone(known);
        }
        if self.resources.len() >= TEXTS_MAX {
            self.resources.clear();
        }
        let new = Arc::new(resources);
        self.resources.insert(Arc::clone(&new));
        new
    }

    pub(crate) fn share_all(&mut self, texts: &[String]) -> Box<[Outside]> {
        texts.iter().map(|text| self.share(text)).collect()
    }
}

/// A text of its own; `None` when empty; cut at a bound.
pub(crate) fn message(text: &str) -> Option<Outside> {
    bounded(text, MESSAGE_BYTES)
}

/// The same with room for a sentence that is read on a page of its own.
pub(crate) fn long_message(text: &str) -> Option<Outside> {
    bounded(text, LONG_MESSAGE_BYTES)
}

fn bounded(text: &str, bytes: usize) -> Option<Outside> {
    if text.is_empty() {
        return None;
    }
    let cut = cut(text, bytes);
    if cut.len() == text.len() {
        Some(Outside::from(text))
    } else {
        Some(Outside::new(format!("{cut}…")))
    }
}

/// The longest prefix of at most `bytes` that ends between characters.
pub(crate) fn cut(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    let end = (0..=bytes)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    &text[..end]
}
