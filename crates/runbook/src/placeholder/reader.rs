//! Words of the shell to arguments, with the placeholders in them noted.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use text::Outside;

use super::kind::{by_name, by_place, by_prefix};
use super::stand_in::{is_stand_in, marked};
use super::{Placeholder, PlaceholderKind, PlaceholderPlace, PlaceholderStyle, key};
use crate::argument::{Argument, ArgumentPiece};
use crate::shell::{Part, Piece, Quote, Statement, Token, Word, angle_name};

/// What the shell of the person has, whatever the document says.
const ENVIRONMENT: &[&str] = &[
    "EDITOR",
    "EUID",
    "HOME",
    "IFS",
    "KUBECONFIG",
    "LANG",
    "LINENO",
    "LOGNAME",
    "OLDPWD",
    "OPTARG",
    "OPTIND",
    "PAGER",
    "PATH",
    "PIPESTATUS",
    "PPID",
    "PWD",
    "RANDOM",
    "SECONDS",
    "SHELL",
    "TERM",
    "TMPDIR",
    "UID",
    "USER",
];

/// Programs whose words are patterns or programs themselves: brackets and braces in them are their own.
const PATTERN_PROGRAMS: &[&str] = &[
    "awk", "egrep", "fgrep", "find", "gawk", "grep", "jq", "perl", "python", "python3", "rg",
    "sed", "tr", "unset", "yq", "zgrep", "[", "[[", "test",
];

/// Flags whose value is a template.
const TEMPLATE_FLAGS: &[&str] = &["--format", "--template", "-w", "--write-out", "--jsonpath"];

/// A variable that an earlier line of the document has given a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub line: usize,
    pub value: Option<String>,
}

/// Gathers the placeholders of one step.
#[derive(Debug, Default)]
pub(crate) struct Collector<'k> {
    pub placeholders: Vec<Placeholder>,
    /// Names that the step itself gives a value, as a loop does.
    pub local: BTreeSet<String>,
    pub known: Option<&'k BTreeMap<String, Known>>,
}

/// Where a word stands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WordPlace<'a> {
    pub program: Option<&'a str>,
    pub previous: Option<&'a str>,
}

impl Collector<'_> {
    /// The words of a command; the first is the program.
    pub(crate) fn command(&mut self, words: &[Word]) -> Vec<Argument> {
        let mut arguments: Vec<Argument> = Vec::new();
        for word in words {
            let program = arguments.first().and_then(Argument::text);
            let program = program.map(|program| program.rsplit('/').next().unwrap_or(program));
            let place = WordPlace {
                program,
                previous: arguments.last().and_then(Argument::text),
            };
            let argument = self.argument(word, place);
            arguments.push(argument);
        }
        arguments
    }

    pub(crate) fn argument(&mut self, word: &Word, place: WordPlace<'_>) -> Argument {
        let mut argument = Argument::default();
        for piece in &word.pieces {
            match &piece.part {
                Part::Text(text) => self.text(&mut argument, text, piece, word, place),
                Part::Escaped(text) => argument.push(ArgumentPiece::Text(text.clone())),
                Part::Angle(name) => {
                    let before = argument.written();
                    let written = format!("<{name}>");
                    let kind = kind_of(name, &before, place);
                    self.note(
                        &mut argument,
                        name,
                        &written,
                        kind,
                        PlaceholderStyle::Angle,
                        piece.span.clone(),
                        piece.quote,
                        None,
                    );
                }
                Part::Variable { name, fallback } => {
                    self.variable(&mut argument, name, fallback.as_deref(), piece, place)
                }
                Part::Computed { text, inside } => {
                    self.tokens(inside);
                    argument.push(ArgumentPiece::Computed(text.clone()));
                }
            }
        }
        argument
    }

    /// Text that no shell reads: only placeholders that are marked count.
    pub(crate) fn free_text(&mut self, text: &str) -> Argument {
        let mut word = Word {
            pieces: Vec::new(),
            span: 0..text.len(),
        };
        let mut plain = 0;
        let mut at = 0;
        let mut push = |part: Part, span: Range<usize>| {
            word.pieces.push(Piece {
                part,
                quote: Quote::HereLiteral,
                span,
            })
        };
        while let Some(found) = text[at..].find('<') {
            let start = at + found;
            at = start + 1;
            let Some(name) = angle_name(&text[start..]) else {
                continue;
            };
            if plain < start {
                push(Part::Text(text[plain..start].to_owned()), plain..start);
            }
            at = start + name.len() + 2;
            push(Part::Angle(name.to_owned()), start..at);
            plain = at;
        }
        if plain < text.len() {
            push(Part::Text(text[plain..].to_owned()), plain..text.len());
        }
        self.argument(&word, WordPlace::default())
    }

    /// All words of a compound command.
    pub(crate) fn statement(&mut self, statement: &Statement) {
        self.tokens(&statement.tokens);
    }

    fn variable(
        &mut self,
        argument: &mut Argument,
        name: &str,
        fallback: Option<&str>,
        piece: &Piece,
        place: WordPlace<'_>,
    ) {
        if self.local.contains(name) || ENVIRONMENT.contains(&name) {
            argument.push(ArgumentPiece::Computed(format!("${name}")));
            return;
        }
        let kind = kind_of(name, &argument.written(), place);
        let written = format!("${name}");
        self.note(
            argument,
            name,
            &written,
            kind,
            PlaceholderStyle::Variable,
            piece.span.clone(),
            piece.quote,
            fallback,
        );
    }

    /// The commands of `$(..)`: their placeholders count as well.
    fn tokens(&mut self, tokens: &[Token]) {
        let mut words: Vec<Word> = Vec::new();
        for token in tokens {
            match token {
                Token::Word(word) => words.push(word.clone()),
                Token::Redirect(redirect) => {
                    self.argument(&redirect.target, WordPlace::default());
                }
                Token::Operator(_) | Token::Reserved(_) => {
                    self.command(&std::mem::take(&mut words));
                }
            }
        }
        self.command(&words);
    }

    fn text(
        &mut self,
        argument: &mut Argument,
        text: &str,
        piece: &Piece,
        word: &Word,
        place: WordPlace<'_>,
    ) {
        let is_pattern = place
            .program
            .is_some_and(|program| PATTERN_PROGRAMS.contains(&program));
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
                    name,
                    &written,
                    kind,
                    style,
                    span,
                    piece.quote,
                    None,
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
                    name,
                    name,
                    kind,
                    PlaceholderStyle::Bare,
                    start..start + name.len(),
                    piece.quote,
                    None,
                );
                argument.push(ArgumentPiece::Text(part[name.len()..].to_owned()));
            } else {
                argument.push(ArgumentPiece::Text(part.to_owned()));
            }
            follows_piece = false;
            at += part.len();
        }
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "one place makes placeholders, and all of this is known of each"
    )]
    fn note(
        &mut self,
        argument: &mut Argument,
        name: &str,
        written: &str,
        kind: PlaceholderKind,
        style: PlaceholderStyle,
        span: Range<usize>,
        quote: Quote,
        fallback: Option<&str>,
    ) {
        let key = key(name);
        let place = PlaceholderPlace { bytes: span, quote };
        let known = self
            .known
            .and_then(|known| known.get(name))
            .filter(|_| style == PlaceholderStyle::Variable);
        let fallback = known.and_then(|known| known.value.as_deref()).or(fallback);
        argument.push(ArgumentPiece::Missing {
            key: key.clone(),
            written: written.to_owned(),
        });
        if let Some(placeholder) = self.placeholders.iter_mut().find(|one| one.key == key) {
            if !placeholder.places.contains(&place) {
                placeholder.places.push(place);
            }
            if placeholder.kind == PlaceholderKind::Free {
                placeholder.kind = kind;
            }
            return;
        }
        self.placeholders.push(Placeholder {
            key,
            written: Outside::new(written),
            kind,
            style,
            fallback: fallback.map(Outside::new),
            assigned_on: known.map(|known| known.line),
            places: vec![place],
        });
    }
}

fn kind_of(name: &str, before: &str, place: WordPlace<'_>) -> PlaceholderKind {
    let program = place.program.unwrap_or("");
    let is_pod_next = crate::kubectl::is_kubectl(program)
        && before.is_empty()
        && matches!(
            place.previous,
            Some("logs" | "log" | "exec" | "rsh" | "-it" | "-ti")
        );
    let kind = by_place(place.previous, before)
        .or_else(|| by_prefix(before))
        .or(is_pod_next.then_some(PlaceholderKind::Pod))
        .unwrap_or_else(|| by_name(name));
    // Names of containers and services of Docker are no names of Kubernetes.
    let is_docker = crate::docker::is_docker(program) || crate::compose::is_compose(program);
    if is_docker && kind.is_object() {
        PlaceholderKind::Free
    } else {
        kind
    }
}

/// Is this the end of the word, so that nothing is joined behind?
fn is_last(piece: &Piece, end: usize, word: &Word) -> bool {
    word.pieces
        .last()
        .is_some_and(|last| last.span == piece.span)
        && piece.span.start + end == piece.span.end
}

/// Does it hold an expression of JSONPath or a template of Go?
fn is_json_path(text: &str) -> bool {
    [
        "{.", "{range", "{end}", "{{.", "{{ .", "{{range", "{{ range", "{\"", "{ \"", "{'",
    ]
    .iter()
    .any(|sign| text.contains(sign))
}
