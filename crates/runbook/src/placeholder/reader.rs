//! Words of the shell to arguments, with the placeholders in them noted.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use text::Outside;

use super::kind::{by_name, by_place, by_prefix};
use super::{Placeholder, PlaceholderKind, PlaceholderPlace, PlaceholderStyle, key};
use crate::argument::{Argument, ArgumentPiece};
use crate::is_listed;
use crate::shell::{Part, Piece, Quote, Statement, Token, Word, angle_name};

/// What the shell of the person has, whatever the document says.
const ENVIRONMENT: &str = "EDITOR EUID HOME IFS KUBECONFIG LANG LINENO LOGNAME OLDPWD OPTARG OPTIND PAGER PATH PIPESTATUS PPID PWD RANDOM \
    SECONDS SHELL TERM TMPDIR UID USER";

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

/// One placeholder in one place.
pub(super) struct Mark<'a> {
    pub name: &'a str,
    pub written: &'a str,
    pub kind: PlaceholderKind,
    pub style: PlaceholderStyle,
    pub span: Range<usize>,
    pub quote: Quote,
    pub fallback: Option<&'a str>,
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
                        Mark {
                            name,
                            written: &written,
                            kind,
                            style: PlaceholderStyle::Angle,
                            span: piece.span.clone(),
                            quote: piece.quote,
                            fallback: None,
                        },
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
        if self.local.contains(name) || is_listed(ENVIRONMENT, name) {
            argument.push(ArgumentPiece::Computed(format!("${name}")));
            return;
        }
        let kind = kind_of(name, &argument.written(), place);
        let written = format!("${name}");
        self.note(
            argument,
            Mark {
                name,
                written: &written,
                kind,
                style: PlaceholderStyle::Variable,
                span: piece.span.clone(),
                quote: piece.quote,
                fallback,
            },
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

    pub(super) fn note(&mut self, argument: &mut Argument, mark: Mark<'_>) {
        let Mark {
            name,
            written,
            kind,
            style,
            span,
            quote,
            fallback,
        } = mark;
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

pub(super) fn kind_of(name: &str, before: &str, place: WordPlace<'_>) -> PlaceholderKind {
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
