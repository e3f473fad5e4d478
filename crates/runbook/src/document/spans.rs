//! Running text, gathered piece by piece.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event};
use text::Outside;

use super::reader::Reader;
use crate::block::{BlockKind, SpanStyle, TextSpan};

pub(super) struct OpenSpan {
    text: String,
    style: SpanStyle,
    link: Option<Outside>,
}

impl Reader<'_> {
    pub(super) fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let link = self.links.last().map(|(address, _)| address.clone());
        let style = SpanStyle {
            is_image: self.links.last().is_some_and(|(_, is_image)| *is_image),
            ..self.style
        };
        if let Some(last) = self
            .spans
            .last_mut()
            .filter(|last| last.style == style && last.link == link)
        {
            last.text.push_str(text);
            return;
        }
        self.spans.push(OpenSpan {
            text: text.to_owned(),
            style,
            link,
        });
    }

    /// Where the spans stand: the text of a tight item has no paragraph that says so.
    pub(super) fn keep_place(&mut self, event: &Event<'_>, range: &Range<usize>) {
        let is_text = matches!(
            event,
            Event::Text(_) | Event::Code(_) | Event::InlineMath(_) | Event::InlineHtml(_)
        );
        if is_text && self.code.is_none() {
            let start = self.spans_at.as_ref().map_or(range.start, |at| at.start);
            self.spans_at = Some(start..range.end);
        }
    }

    pub(super) fn take_spans(&mut self) -> Vec<TextSpan> {
        let close = |span: OpenSpan| TextSpan {
            text: Outside::new(span.text),
            style: span.style,
            link: span.link,
        };
        self.spans_at = None;
        std::mem::take(&mut self.spans)
            .into_iter()
            .map(close)
            .collect()
    }

    pub(super) fn code_span(&mut self, text: &str) {
        let link = self.links.last().map(|(address, _)| address.clone());
        let style = SpanStyle {
            is_code: true,
            ..self.style
        };
        self.spans.push(OpenSpan {
            text: text.to_owned(),
            style,
            link,
        });
    }

    /// A paragraph of what has come, for tight lists as well.
    pub(super) fn flush(&mut self, range: &Range<usize>) {
        let range = self.spans_at.take().unwrap_or_else(|| range.clone());
        let spans = self.take_spans();
        if spans.iter().any(|span| !span.text.raw().trim().is_empty()) {
            self.push(BlockKind::Paragraph(spans), range);
        }
    }
}

pub(super) fn outside(text: &CowStr<'_>) -> Outside {
    Outside::new(text.to_string())
}
