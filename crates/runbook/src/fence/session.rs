//! A fence that shows a session: commands behind prompts, and what was answered.

use super::line::{Look, is_certain, look};
use super::prompt::{Prompt, host, typed, typed_by_root};
use super::{COMMAND_BYTES_MAX, Fence, FenceKind, comment};
use crate::shell::{self, ShellFault};
use crate::steps::STEPS_MAX;

/// Lines of one command of a session: the answer behind it must not be taken for its rest.
const CONTINUED_LINES_MAX: usize = 60;

impl Fence<'_> {
    pub(super) fn is_session(&self) -> bool {
        if self.lines.iter().any(|line| typed(line).is_some()) {
            return true;
        }
        // Prompts of root: no command stands without one.
        let mut by_root = self
            .lines
            .iter()
            .filter(|line| typed_by_root(line).is_some());
        let is_plain = |line: &&str| {
            comment(line.trim()).is_none() && look(line.trim(), self.is_typed) == Look::Program
        };
        by_root.next().is_some() && !self.lines.iter().any(is_plain)
    }

    pub(super) fn read_session(&mut self) {
        let has_prompts = self.lines.iter().any(|line| typed(line).is_some());
        let mut at = 0;
        let mut is_free = true;
        let mut is_behind_command = false;
        while at < self.lines.len() && self.found.len() <= STEPS_MAX {
            let line = self.lines[at];
            let by_root = typed_by_root(line)
                .filter(|_| !has_prompts)
                .map(|text| (Prompt::Shell, text));
            if let Some((prompt, text)) = typed(line).or(by_root) {
                let text = text.to_owned();
                let typed_at = host(line);
                let count = self.found.len();
                if let Some(said) = comment(&text) {
                    self.comments.push(said.to_owned());
                    at += 1;
                    continue;
                }
                at = match prompt {
                    Prompt::Shell => self.take_typed(at, text, has_prompts),
                    Prompt::Sql => {
                        self.push(at, at, &text, FenceKind::Sql);
                        at + 1
                    }
                };
                for command in &mut self.found[count..] {
                    command.typed_at.clone_from(&typed_at);
                }
                is_free = false;
                is_behind_command = true;
                continue;
            }
            if self.take_aside(at) {
                is_free = true;
                at += 1;
                continue;
            }
            // A command that the writer gave no prompt stands on its own, never behind an answer.
            let is_own = is_free && look(line.trim(), false) == Look::Program;
            if is_own || is_behind_command && is_certain(line.trim()) {
                at = self.take_typed(at, line.trim().to_owned(), has_prompts);
                is_behind_command = true;
            } else {
                at += 1;
                is_behind_command = false;
            }
            is_free = false;
        }
    }

    fn take_typed(&mut self, at: usize, text: String, has_prompts: bool) -> usize {
        let mut text = text;
        let mut last = at;
        let mut result = shell::statement(&text, 0);
        while last - at < CONTINUED_LINES_MAX && text.len() < COMMAND_BYTES_MAX {
            let goes_on = match &result {
                Ok(statement) => {
                    text.trim_end().ends_with(['\\', '|'])
                        || text.trim_end().ends_with("&&")
                        || statement.end < text.trim_end().len()
                }
                Err(fault) => is_open(fault),
            };
            let next = self
                .lines
                .get(last + 1)
                .filter(|next| !has_prompts || typed(next).is_none());
            let Some(next) = next.filter(|_| goes_on) else {
                break;
            };
            let next = next.strip_prefix("> ").unwrap_or(next);
            text.push('\n');
            text.push_str(next);
            last += 1;
            result = shell::statement(&text, 0);
        }
        if let Err(fault) = result {
            let first = text.lines().next().unwrap_or("").to_owned();
            self.push(at, at, &first, FenceKind::Shell(Err(fault)));
            return at + 1;
        }
        self.push(at, last, &text, FenceKind::Shell(result));
        last + 1
    }
}

fn is_open(fault: &ShellFault) -> bool {
    matches!(
        fault,
        ShellFault::UnfinishedQuote(_)
            | ShellFault::UnfinishedExpansion
            | ShellFault::UnfinishedCompound(_)
            | ShellFault::UnfinishedHereDocument(_)
    )
}
