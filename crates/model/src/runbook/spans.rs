//! Spans of a document as pieces of rows.

use ::runbook::TextSpan;

use super::arrange::piece;
use super::sheet::{RunbookInk as Ink, RunbookText};

/// Spans as lines: one, and one more behind each break that the author has set.
pub(super) fn lines_of(spans: &[TextSpan], plain: Ink) -> Vec<Vec<RunbookText>> {
    let mut lines = vec![Vec::new()];
    let mut add = |text: &str, ink: Ink| {
        for (at, part) in text.split('\n').enumerate() {
            if at > 0 {
                lines.push(Vec::new());
            }
            if let Some(line) = lines.last_mut().filter(|_| !part.is_empty()) {
                line.push(piece(part, ink));
            }
        }
    };
    for (at, span) in spans.iter().enumerate() {
        let ink = ink_of_span(span, plain);
        match (span.style.is_image, span.style.is_struck) {
            (true, _) => add(&format!("[image: {}]", span.text.raw()), ink),
            (false, true) => add(&format!("~~{}~~", span.text.raw()), ink),
            (false, false) => add(span.text.raw(), ink),
        }
        let next = spans.get(at + 1).and_then(|next| next.link.as_ref());
        let is_end = span.link.is_some() && span.link.as_ref() != next;
        let address = span.link.as_ref().filter(|_| is_end);
        if let Some(address) =
            address.filter(|address| !address.is_empty() && **address != span.text)
        {
            add(&format!(" <{}>", address.raw()), Ink::Dim);
        }
    }
    lines
}

fn ink_of_span(span: &TextSpan, plain: Ink) -> Ink {
    let style = span.style;
    match () {
        () if style.is_code => Ink::Code,
        () if span.link.is_some() => Ink::Link,
        () if style.is_struck => Ink::Struck,
        () if plain == Ink::Heading => Ink::Heading,
        () if style.is_strong => Ink::Strong,
        () if style.is_emphasis => Ink::Emphasis,
        () => plain,
    }
}
