//! What a command's output goes through: what the console does by itself, and other programs.

use crate::argument::Argument;
use crate::flags::parse;
use crate::placeholder::Collector;
use crate::risk::{Risk, of_command};
use crate::shell::SimpleCommand;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PipeFilter {
    /// Keeps the lines that match.
    Grep {
        pattern: Argument,
        is_inverted: bool,
        ignores_case: bool,
        is_literal: bool,
    },
    Head(Option<Argument>),
    Tail(Option<Argument>),
    CountLines,
    Sort,
    Unique,
    /// `less`, `more`, `cat`: nothing changes.
    Pager,
    Json(Argument),
    /// `awk '{print $2}'`: the words of one column, from 1; of the first line alone when asked for.
    Column {
        number: usize,
        of_first_line: bool,
    },
    DecodeBase64,
    Program {
        arguments: Vec<Argument>,
    },
}

const GREP: &str = "i/ignore-case v/invert-match E/extended-regexp F/fixed-strings G/basic-regexp w/word-regexp e/regexp= n/line-number h/no-filename a/text color? line-buffered A/after-context= B/before-context= C/context= s/no-messages U/binary";

pub(super) fn read(command: &SimpleCommand, collector: &mut Collector<'_>) -> PipeFilter {
    let arguments = collector.command(&command.words);
    understood(&arguments).unwrap_or(PipeFilter::Program { arguments })
}

fn understood(arguments: &[Argument]) -> Option<PipeFilter> {
    let program = arguments.first()?.text()?;
    let rest = &arguments[1..];
    match program {
        "grep" | "egrep" | "fgrep" => {
            let flags = parse(rest, &[GREP], None);
            let pattern = flags.value("regexp").or(flags.words.first())?.clone();
            let files = flags.words.len() + usize::from(flags.value("regexp").is_some());
            (flags.unknown.is_none() && files == 1).then(|| PipeFilter::Grep {
                pattern,
                is_inverted: flags.has("invert-match"),
                ignores_case: flags.has("ignore-case"),
                is_literal: flags.has("fixed-strings") || program == "fgrep",
            })
        }
        "head" => take(rest, PipeFilter::Head),
        "tail" => take(rest, PipeFilter::Tail),
        "wc" if rest.len() == 1 && rest[0].text() == Some("-l") => Some(PipeFilter::CountLines),
        "sort" if rest.is_empty() => Some(PipeFilter::Sort),
        "uniq" if rest.is_empty() => Some(PipeFilter::Unique),
        "awk" | "gawk" => match rest {
            [script] => column(script.text()?),
            _ => None,
        },
        "base64" if rest.len() == 1 && matches!(rest[0].text(), Some("-d" | "--decode" | "-D")) => {
            Some(PipeFilter::DecodeBase64)
        }
        "less" | "more" => Some(PipeFilter::Pager),
        "cat" if rest.is_empty() => Some(PipeFilter::Pager),
        "jq" => {
            let flags = parse(
                rest,
                &[
                    "r/raw-output c/compact-output S/sort-keys C/color-output M/monochrome-output e/exit-status s/slurp",
                ],
                None,
            );
            match flags.words.as_slice() {
                [] if flags.unknown.is_none() => Some(PipeFilter::Json(Argument::literal("."))),
                [expression] if flags.unknown.is_none() => {
                    Some(PipeFilter::Json(expression.clone()))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// `{print $2}` and `NR==1{print $2}`
fn column(script: &str) -> Option<PipeFilter> {
    let script: String = script.split_whitespace().collect();
    let (of_first_line, script) = match script.strip_prefix("NR==1") {
        Some(rest) => (true, rest),
        None => (false, script.as_str()),
    };
    let number = script.strip_prefix("{print$")?.strip_suffix('}')?;
    let number = number
        .trim_end_matches(';')
        .parse()
        .ok()
        .filter(|number| *number > 0)?;
    Some(PipeFilter::Column {
        number,
        of_first_line,
    })
}

/// `-n 5`, `-5`, `-n5`, nothing.
fn take(rest: &[Argument], make: fn(Option<Argument>) -> PipeFilter) -> Option<PipeFilter> {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|one| one.is_ascii_digit());
    if let [one] = rest
        && one.head().strip_prefix('-').is_some_and(is_digits)
    {
        return Some(make(Some(one.without_head(1))));
    }
    let flags = parse(rest, &["n/lines= f/follow"], None);
    let is_whole = flags.unknown.is_none() && flags.words.is_empty();
    is_whole.then(|| make(flags.value("lines").cloned()))
}

impl PipeFilter {
    /// The program that the console does not replace.
    pub(super) fn program(&self) -> Option<&str> {
        match self {
            PipeFilter::Program { arguments } => Some(
                arguments
                    .first()
                    .and_then(Argument::text)
                    .unwrap_or("a program"),
            ),
            _ => None,
        }
    }

    pub(crate) fn filled<'v>(&self, known: &impl Fn(&str) -> Option<&'v str>) -> PipeFilter {
        let mut filled = self.clone();
        match &mut filled {
            PipeFilter::Grep {
                pattern: argument, ..
            }
            | PipeFilter::Json(argument)
            | PipeFilter::Head(Some(argument))
            | PipeFilter::Tail(Some(argument)) => *argument = argument.filled(known),
            PipeFilter::Program { arguments } => {
                for argument in arguments {
                    *argument = argument.filled(known);
                }
            }
            PipeFilter::Head(None)
            | PipeFilter::Tail(None)
            | PipeFilter::CountLines
            | PipeFilter::Sort
            | PipeFilter::Unique
            | PipeFilter::Pager
            | PipeFilter::Column { .. }
            | PipeFilter::DecodeBase64 => {}
        }
        filled
    }

    pub(super) fn risk(&self) -> Risk {
        match self {
            // What is typed into a shell or a client by a pipe is known to nobody.
            PipeFilter::Program { arguments } => match of_command(arguments) {
                Risk::Session => Risk::Destructive,
                other => other,
            },
            _ => Risk::Read,
        }
    }

    pub(super) fn words(&self) -> String {
        let first = |verb: &str, count: &Option<Argument>| match count {
            Some(count) => format!("{verb} {} lines", count.written()),
            None => format!("{verb} 10 lines"),
        };
        match self {
            PipeFilter::Grep {
                pattern,
                is_inverted,
                ignores_case,
                is_literal: _,
            } => {
                let how = if *is_inverted {
                    "lines without"
                } else {
                    "lines with"
                };
                let case = if *ignores_case { " in any case" } else { "" };
                format!("{how} {}{case}", pattern.written())
            }
            PipeFilter::Head(count) => first("first", count),
            PipeFilter::Tail(count) => first("last", count),
            PipeFilter::CountLines => "number of lines".into(),
            PipeFilter::Sort => "sorted".into(),
            PipeFilter::Unique => "without repeated lines".into(),
            PipeFilter::Pager => "read page by page".into(),
            PipeFilter::Column {
                number,
                of_first_line: false,
            } => format!("column {number}"),
            PipeFilter::Column {
                number,
                of_first_line: true,
            } => format!("column {number} of the first line"),
            PipeFilter::DecodeBase64 => "decoded from base64".into(),
            PipeFilter::Json(expression) => format!("JSON {}", expression.written()),
            PipeFilter::Program { arguments } => {
                let written: Vec<String> = arguments.iter().map(Argument::written).collect();
                written.join(" ")
            }
        }
    }
}
