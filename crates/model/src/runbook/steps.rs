//! Which rows are steps: lines of code, lines of text, and the label that each step has.

use ::runbook::{Block, BlockKind, CodeBlock, Risk, RunbookStep, SourceLines, StepBody};

use super::arrange::{Arranger, Margin, piece};
use super::sheet::RunbookInk as Ink;
use super::wrap;

/// A line of code that is continued stands so many columns further in.
const CONTINUED: usize = 4;
/// Blanks between a line and the label of its step.
const LABEL_GAP: usize = 2;

/// The lines of the document that code blocks take.
pub(super) fn gather_code(blocks: &[Block], code: &mut Vec<SourceLines>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Code(_) => code.push(block.lines),
            BlockKind::Quote(inner) => gather_code(inner, code),
            BlockKind::List { items, .. } => {
                for item in items {
                    gather_code(&item.blocks, code);
                }
            }
            BlockKind::Heading { .. }
            | BlockKind::Paragraph(_)
            | BlockKind::Table { .. }
            | BlockKind::Rule => {}
        }
    }
}

impl Arranger<'_> {
    pub(super) fn code(&mut self, code: &CodeBlock, margin: &mut Margin) {
        let bar = [piece("|", Ink::Bar), piece(" ", Ink::Text)];
        let mut margin = margin.with(&bar, &bar, self.columns);
        let room = self.room(&margin);
        for (at, line) in code.text.lines().enumerate() {
            let source = code.text_line + at;
            let step = self.step_at(source);
            let is_comment = line.as_str().trim_start().starts_with('#');
            let ink = if is_comment { Ink::Dim } else { Ink::Code };
            let indent = CONTINUED.min(room / 4);
            let text = line.as_str().to_owned();
            let rows = wrap::wrapped(&[(line.into_owned(), ink)], room, room - indent);
            self.begin(text);
            for (part, mut row) in rows.into_iter().enumerate() {
                if part > 0 {
                    row.insert(0, piece(&" ".repeat(indent), Ink::Text));
                }
                self.row(&mut margin, row, step);
            }
            let labelled = step.filter(|step| self.runbook.steps[*step].lines.first == source);
            self.label(&Vec::from_iter(labelled), &mut margin);
        }
    }

    /// The step of a line of code.
    fn step_at(&self, line: usize) -> Option<usize> {
        let steps = &self.runbook.steps;
        let end = steps.partition_point(|step| step.lines.first <= line);
        let before = steps[..end]
            .iter()
            .enumerate()
            .rev()
            .take_while(|(_, step)| self.is_code(step.lines.first));
        let mut before = before.take(1);
        before
            .find(|(_, step)| step.lines.last >= line)
            .map(|(at, _)| at)
    }

    /// The steps that begin in these lines and are not code.
    pub(super) fn steps_of_text(&self, lines: SourceLines) -> Vec<usize> {
        let steps = &self.runbook.steps;
        let begin = steps.partition_point(|step| step.lines.first < lines.first);
        let own = steps.iter().enumerate().skip(begin);
        own.take_while(|(_, step)| step.lines.first <= lines.last)
            .filter(|(_, step)| !self.is_code(step.lines.first))
            .map(|(at, _)| at)
            .collect()
    }

    fn is_code(&self, line: usize) -> bool {
        let at = self.code.partition_point(|code| code.last < line);
        self.code.get(at).is_some_and(|code| code.first <= line)
    }

    /// Number, class and risk of steps behind the row before, or below it where there is no room.
    pub(super) fn label(&mut self, steps: &[usize], margin: &mut Margin) {
        for (nth, at) in steps.iter().enumerate() {
            let step = &self.runbook.steps[*at];
            let line = self.sheet.lines.len().saturating_sub(1);
            if self.sheet.steps.iter().any(|(known, _)| known == at) {
                continue;
            }
            self.sheet.steps.push((*at, line));
            let (words, ink) = label(*at, step);
            let label = piece(&words, ink);
            let columns = self.columns;
            let rows = self.sheet.rows.iter_mut().rev();
            for row in rows.take_while(|row| row.spot.line == line) {
                row.step.get_or_insert(*at);
            }
            let last = self.sheet.rows.last_mut().filter(|_| nth == 0);
            let used = last
                .as_ref()
                .map_or(columns, |row| wrap::width(&row.pieces));
            match last {
                Some(row) if used + LABEL_GAP + label.0.width() <= columns => {
                    let blanks = " ".repeat(columns - used - label.0.width());
                    row.pieces.push(piece(&blanks, Ink::Text));
                    row.pieces.push(label);
                }
                Some(_) | None => {
                    let room = self.room(margin);
                    let blanks = " ".repeat(room.saturating_sub(label.0.width()));
                    self.row(margin, vec![piece(&blanks, Ink::Text), label], Some(*at));
                }
            }
            if let StepBody::Refused(fault) = &step.body {
                let words = format!("not understood: {}", fault.words());
                let room = self.room(margin);
                for row in wrap::wrapped(&[piece(&words, Ink::Caution)], room, room) {
                    self.row(margin, row, Some(*at));
                }
            }
        }
    }
}

/// `3 kubectl, rollback`
fn label(at: usize, step: &RunbookStep) -> (String, Ink) {
    let number = at + 1;
    let class = step.class.word();
    match &step.body {
        StepBody::Checklist { .. } => (format!("{number} by hand"), Ink::Dim),
        StepBody::Refused(_) => (format!("{number} {class}, refused"), Ink::Caution),
        StepBody::Commands(_) | StepBody::Script(_) => {
            let words = format!("{number} {class}, {}", step.risk.word());
            (words, ink_of(step.risk))
        }
    }
}

fn ink_of(risk: Risk) -> Ink {
    match risk {
        Risk::Read | Risk::Local | Risk::Session => Ink::Dim,
        Risk::Unknown | Risk::Change | Risk::Scale | Risk::Restart | Risk::Rollback => Ink::Caution,
        Risk::Destructive => Ink::Danger,
    }
}
