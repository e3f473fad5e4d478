//! Placeholders in the text of a word: in brackets and braces, and bare.

use super::PlaceholderStyle;
use super::reader::{Collector, Mark, WordPlace, kind_of};
use super::stand_in::{is_stand_in, marked};
use crate::argument::{Argument, ArgumentPiece};
use crate::is_listed;
use crate::shell::{Part, Piece, Quote, Word};

/// Is this the end of the word, so that nothing is joined behind?
fn is_last(piece: &Piece, end: usize, word: &Word) -> bool {
    word.pieces
        .last()
        .is_some_and(|last| last.span == piece.span)
        && piece.span.start + end == piece.span.end
}

/// Does it hold an expression of `jsonpath` or a template of Go?
fn is_json_path(text: &str) -> bool {
    [
        "{.", "{range", "{end}", "{{.", "{{ .", "{{range", "{{ range", "{\"", "{ \"", "{'",
    ]
    .iter()
    .any(|sign| text.contains(sign))
}

/// Programs whose words are patterns or programs themselves: brackets and braces in them are their own.
const PATTERN_PROGRAMS: &str =
    "[ [[ awk egrep fgrep find gawk grep jq perl python python3 rg sed test tr unset yq zgrep";

/// Flags whose value is a template.
const TEMPLATE_FLAGS: &[&str] = &["--format", "--template", "-w", "--write-out", "--jsonpath"];

impl Collector<'_> {
    pub(super) fn text(
        &mut self,
        argument: &mut Argument,
        text: &str,
        piece: &Piece,
        word: &Word,
        place: WordPlace<'_>,
    ) {
        let is_pattern = place
            .program
            .is_some_and(|program| is_listed(PATTERN_PROGRAMS, program));
        let previous = place.previous.unwrap_or("");
        let has_template = TEMPLATE_FLAGS.contains(&previous)
            || [
                "jsonpath",
                "go-template",
                "custom-columns",
                "--format=",
                "--template=",
            ]
            .iter()
            .any(|sign| argument.written().contains(sign) || text.contains(sign));
        let is_literal = matches!(piece.quote, Quote::HereLiteral | Quote::Here);
        let is_quoted = piece.quote != Quote::Bare;
        let mut at = 0;
        if !is_pattern && !has_template && !is_json_path(text) {
            while let Some((range, name, style)) = marked(text, at, is_quoted) {
                let before = &text[at..range.start];
                self.plain(argument, before, piece, at, word, place);
                let kind = kind_of(name, &argument.written(), place);
                let span = piece.span.start + range.start..piece.span.start + range.end;
                let written = text[range.clone()].to_owned();
                self.note(
                    argument,
                    Mark {
                        name,
                        written: &written,
                        kind,
                        style,
                        span,
                        quote: piece.quote,
                        fallback: None,
                    },
                );
                at = range.end;
            }
        }
        if is_pattern || has_template || is_literal {
            argument.push(ArgumentPiece::Text(text[at..].to_owned()));
        } else {
            self.plain(argument, &text[at..], piece, at, word, place);
        }
    }

    /// Text in which only a bare stand-in can be a placeholder.
    fn plain(
        &mut self,
        argument: &mut Argument,
        text: &str,
        piece: &Piece,
        offset: usize,
        word: &Word,
        place: WordPlace<'_>,
    ) {
        let is_program = place.program.is_none();
        let has_blank = text.contains([' ', '\n', '"', '{']);
        let is_split = word
            .pieces
            .iter()
            .any(|piece| matches!(piece.part, Part::Escaped(_)));
        if is_program
            || has_blank
            || is_split
            || text.is_empty()
            || text.starts_with("--") && !text.contains('=')
        {
            argument.push(ArgumentPiece::Text(text.to_owned()));
            return;
        }
        let takes_kind = place.program.is_some_and(crate::kubectl::is_kubectl)
            && matches!(place.previous, Some("get" | "describe" | "delete" | "edit"));
        if takes_kind && crate::kubectl::is_kind(text) {
            argument.push(ArgumentPiece::Text(text.to_owned()));
            return;
        }
        let values = text.rfind('=').map_or(0, |at| at + 1);
        let (head, value) = text.split_at(values);
        argument.push(ArgumentPiece::Text(head.to_owned()));
        let mut at = values;
        let mut follows_piece = head.is_empty() && piece.span.start + offset > word.span.start + 1;
        for part in value.split_inclusive(['/', ':', '@', ',']) {
            let name = part.trim_end_matches(['/', ':', '@', ',']);
            let is_whole = !follows_piece
                && (at + part.len() < text.len() || is_last(piece, offset + text.len(), word));
            if is_whole && !name.starts_with('-') && is_stand_in(name) {
                let kind = kind_of(name, &argument.written(), place);
                let start = piece.span.start + offset + at;
                self.note(
                    argument,
                    Mark {
                        name,
                        written: name,
                        kind,
                        style: PlaceholderStyle::Bare,
                        span: start..start + name.len(),
                        quote: piece.quote,
                        fallback: None,
                    },
                );
                argument.push(ArgumentPiece::Text(part[name.len()..].to_owned()));
            } else {
                argument.push(ArgumentPiece::Text(part.to_owned()));
            }
            follows_piece = false;
            at += part.len();
        }
    }
}
