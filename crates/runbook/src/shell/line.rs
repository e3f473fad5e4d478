//! Tokens to commands: pipelines, and how one follows on another.

use super::lexer::is_assignment;
use super::{Operator, Part, Redirect, Statement, Token, Word};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SimpleCommand {
    /// `NAME=value` before the program.
    pub assignments: Vec<Word>,
    pub words: Vec<Word>,
    pub redirects: Vec<Redirect>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pipeline {
    /// What stood before it; nothing for the first.
    pub joined_by: Option<Operator>,
    pub commands: Vec<SimpleCommand>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ShellLine {
    pub pipelines: Vec<Pipeline>,
    pub is_compound: bool,
    pub is_background: bool,
    pub comment: Option<String>,
}

/// Makes pipelines of tokens. Of a compound command it gives all the commands in it, in the order in which they stand.
pub(crate) fn read(statement: &Statement) -> ShellLine {
    let mut line = ShellLine {
        is_compound: statement.is_compound,
        comment: statement.comment.clone(),
        ..ShellLine::default()
    };
    line.pipelines = pipelines(&statement.tokens);
    line.is_background = matches!(
        statement.tokens.last(),
        Some(Token::Operator(Operator::Background))
    );
    line
}

pub(crate) fn pipelines(tokens: &[Token]) -> Vec<Pipeline> {
    let mut all = Vec::new();
    let mut pipeline = Pipeline::default();
    let mut command = SimpleCommand::default();
    let mut in_head = false;
    for token in tokens {
        match token {
            Token::Word(_) if in_head => {}
            Token::Word(word) if command.words.is_empty() && is_assignment(word) => {
                command.assignments.push(word.clone());
            }
            Token::Word(word) => command.words.push(word.clone()),
            Token::Redirect(redirect) => command.redirects.push(redirect.clone()),
            Token::Operator(Operator::Pipe) => {
                push_command(&mut pipeline, &mut command);
            }
            Token::Operator(operator) => {
                in_head = false;
                push_command(&mut pipeline, &mut command);
                push_pipeline(&mut all, &mut pipeline, Some(*operator));
            }
            Token::Reserved(reserved) => {
                in_head = matches!(reserved.as_str(), "for" | "select" | "case");
                push_command(&mut pipeline, &mut command);
                push_pipeline(&mut all, &mut pipeline, None);
            }
        }
    }
    push_command(&mut pipeline, &mut command);
    push_pipeline(&mut all, &mut pipeline, None);
    all
}

fn push_command(pipeline: &mut Pipeline, command: &mut SimpleCommand) {
    if *command != SimpleCommand::default() {
        pipeline.commands.push(std::mem::take(command));
    }
}

fn push_pipeline(all: &mut Vec<Pipeline>, pipeline: &mut Pipeline, next: Option<Operator>) {
    let joined_by = pipeline.joined_by;
    if pipeline.commands.is_empty() {
        pipeline.joined_by = next.or(joined_by);
        return;
    }
    all.push(std::mem::take(pipeline));
    pipeline.joined_by = next;
}

impl ShellLine {
    /// Every command in it, those in `$(..)` as well.
    pub(crate) fn all_commands(&self) -> Vec<SimpleCommand> {
        let mut found = Vec::new();
        for pipeline in &self.pipelines {
            collect(&pipeline.commands, &mut found);
        }
        found
    }

    /// The words of `for NAME in ..`, and other names that the line itself gives a value.
    pub(crate) fn assigned_names(statement: &Statement) -> Vec<String> {
        let mut names = Vec::new();
        names_of(&statement.tokens, &mut names);
        names
    }
}

fn collect(commands: &[SimpleCommand], found: &mut Vec<SimpleCommand>) {
    for command in commands {
        found.push(command.clone());
        let targets = command.redirects.iter().map(|redirect| &redirect.target);
        for word in command
            .words
            .iter()
            .chain(&command.assignments)
            .chain(targets)
        {
            for piece in &word.pieces {
                if let Part::Computed { inside, .. } = &piece.part {
                    for pipeline in pipelines(inside) {
                        collect(&pipeline.commands, found);
                    }
                }
            }
        }
    }
}

fn names_of(tokens: &[Token], names: &mut Vec<String>) {
    let mut is_loop_head = false;
    let mut reads = false;
    let mut is_first = true;
    for token in tokens {
        match token {
            Token::Reserved(reserved) => {
                is_loop_head = matches!(reserved.as_str(), "for" | "select");
                is_first = true;
                reads = false;
            }
            Token::Word(word) => {
                let bare = word.bare();
                if is_loop_head {
                    names.extend(bare.map(str::to_owned));
                    is_loop_head = false;
                } else if let Some(name) = assigned_name(word) {
                    names.push(name);
                } else if is_first && matches!(bare, Some("read" | "mapfile" | "readarray")) {
                    reads = true;
                } else if reads {
                    names.extend(
                        bare.filter(|name| !name.starts_with('-'))
                            .map(str::to_owned),
                    );
                }
                is_first = false;
                for piece in &word.pieces {
                    if let Part::Computed { inside, .. } = &piece.part {
                        names_of(inside, names);
                    }
                }
            }
            Token::Operator(_) => {
                is_first = true;
                reads = false;
            }
            Token::Redirect(_) => {}
        }
    }
}

/// The name in `NAME=value`.
pub(crate) fn assigned_name(word: &Word) -> Option<String> {
    if !is_assignment(word) {
        return None;
    }
    let Part::Text(text) = &word.pieces.first()?.part else {
        return None;
    };
    let (name, _) = text.split_once('=')?;
    Some(name.trim_end_matches('+').to_owned())
}
