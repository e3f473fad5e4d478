//! Blocks to rows: what stands before each row, what each step is labelled with.

use ::runbook::{
    Block, BlockKind, CodeBlock, ListItem, Risk, Runbook, RunbookStep, SourceLines, StepBody,
    TextSpan, plain_text,
};
use text::{Outside, SafeText};

use super::sheet::{
    RunbookHeading, RunbookInk as Ink, RunbookPiece, RunbookRow, RunbookSheet, RunbookSpot,
};
use super::{table, wrap};

/// A line of code that is continued stands so many columns further in.
const CONTINUED: usize = 4;
/// Blanks between a line and the label of its step.
const LABEL_GAP: usize = 2;
/// What stands before rows takes at most this part of them, however deep lists and quotes stand in each other.
const MARGIN_PART: usize = 2;

pub(super) fn sheet(runbook: &Runbook, columns: usize) -> RunbookSheet {
    let mut code = Vec::new();
    gather_code(&runbook.blocks, &mut code);
    let mut arranger = Arranger {
        runbook,
        columns: columns.max(1),
        code,
        next_part: 0,
        sheet: RunbookSheet {
            columns,
            ..RunbookSheet::default()
        },
    };
    arranger.front();
    arranger.blocks(&runbook.blocks, &mut Margin::default(), false);
    arranger.sheet.steps.sort_unstable();
    arranger.sheet
}

/// The lines of the document that code blocks take.
fn gather_code(blocks: &[Block], code: &mut Vec<SourceLines>) {
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

/// What stands before rows: of the first one, and of those that follow.
#[derive(Clone, Default)]
pub(super) struct Margin {
    first: Option<Vec<RunbookPiece>>,
    rest: Vec<RunbookPiece>,
}

impl Margin {
    fn width(&self) -> usize {
        wrap::width(&self.rest)
    }

    fn take(&mut self) -> Vec<RunbookPiece> {
        self.first.take().unwrap_or_else(|| self.rest.clone())
    }

    /// The same with more behind it, of one width, where there is room for that.
    fn with(&mut self, first: &[RunbookPiece], rest: &[RunbookPiece], columns: usize) -> Margin {
        let wide = self.width() + wrap::width(first);
        if wide * MARGIN_PART > columns {
            return Margin {
                first: self.first.take(),
                rest: self.rest.clone(),
            };
        }
        Margin {
            first: Some([self.take(), first.to_vec()].concat()),
            rest: [self.rest.clone(), rest.to_vec()].concat(),
        }
    }
}

pub(super) struct Arranger<'d> {
    runbook: &'d Runbook,
    columns: usize,
    /// In their order.
    code: Vec<SourceLines>,
    next_part: usize,
    sheet: RunbookSheet,
}

impl Arranger<'_> {
    /// What the front matter says, and what could not be read.
    fn front(&mut self) {
        let front = &self.runbook.front_matter;
        let prerequisites: Vec<&str> = front.prerequisites.iter().map(Outside::raw).collect();
        let prerequisites = Some(Outside::from(prerequisites.join("; ")));
        let fields = [
            ("When to use", front.when_to_use.clone()),
            ("Before you begin", prerequisites),
            ("Blast radius", front.blast_radius.clone()),
            ("Escalation", front.escalation.clone()),
            ("Last verified", front.last_verified.clone()),
        ];
        let fields = fields
            .into_iter()
            .filter_map(|(label, text)| Some((label, text?)))
            .filter(|(_, text)| !text.is_empty());
        for (label, text) in fields {
            let label = piece(&format!("{label}: "), Ink::Dim);
            self.line(
                &mut Margin::default(),
                &[vec![label, piece(text.raw(), Ink::Text)]],
            );
        }
        for problem in &self.runbook.problems {
            let words = format!("line {}: {}", problem.lines.first, problem.fault);
            self.line(&mut Margin::default(), &[vec![piece(&words, Ink::Caution)]]);
        }
        if !self.sheet.rows.is_empty() {
            self.blank(&Margin::default());
        }
    }

    fn blocks(&mut self, blocks: &[Block], margin: &mut Margin, is_tight: bool) {
        for (at, block) in blocks.iter().enumerate() {
            let is_text = matches!(block.kind, BlockKind::Paragraph(_) | BlockKind::List { .. });
            if at > 0 && !(is_tight && is_text) {
                self.blank(margin);
            }
            self.block(block, margin);
        }
    }

    fn block(&mut self, block: &Block, margin: &mut Margin) {
        match &block.kind {
            BlockKind::Heading {
                level,
                anchor,
                spans,
            } => self.heading(*level, anchor, spans, margin),
            BlockKind::Paragraph(spans) => {
                let steps = self.steps_of_text(block.lines);
                self.line(margin, &lines_of(spans, Ink::Text));
                self.label(&steps, margin);
            }
            BlockKind::List {
                first_number,
                items,
            } => self.list(*first_number, items, margin),
            BlockKind::Code(code) => self.code(code, margin),
            BlockKind::Table {
                columns,
                head,
                rows,
            } => {
                let room = self.room(margin);
                for line in table::lines(columns, head, rows, room) {
                    self.begin(line.text);
                    for row in line.rows {
                        self.row(margin, row, None);
                    }
                }
                let steps = self.steps_of_text(block.lines);
                self.label(&steps, margin);
            }
            BlockKind::Quote(inner) => {
                let bar = [piece("|", Ink::Bar), piece(" ", Ink::Text)];
                let mut margin = margin.with(&bar, &bar, self.columns);
                self.blocks(inner, &mut margin, false);
            }
            BlockKind::Rule => {
                let rule = "-".repeat(self.room(margin));
                self.begin(String::new());
                self.row(margin, vec![piece(&rule, Ink::Rule)], None);
            }
        }
    }

    fn heading(&mut self, level: u8, anchor: &str, spans: &[TextSpan], margin: &mut Margin) {
        self.sheet.headings.push(RunbookHeading {
            line: self.sheet.lines.len(),
            level,
            anchor: anchor.to_owned(),
            text: SafeText::from(plain_text(spans)),
        });
        let mut lines = lines_of(spans, Ink::Heading);
        let sign = format!("{} ", "#".repeat(usize::from(level)));
        if let Some(first) = lines.first_mut() {
            first.insert(0, piece(&sign, Ink::Dim));
        }
        self.line(margin, &lines);
    }

    fn list(&mut self, first_number: Option<u64>, items: &[ListItem], margin: &mut Margin) {
        let is_list = |block: &Block| matches!(block.kind, BlockKind::List { .. });
        let mut items_of = items.iter();
        let is_tight = items_of.all(|item| item.blocks.iter().skip(1).all(is_list));
        let last = first_number.map(|first| first.saturating_add(items.len() as u64));
        let digits = last.map_or(0, |last| last.to_string().len());
        for (at, item) in items.iter().enumerate() {
            if at > 0 && !is_tight {
                self.blank(margin);
            }
            let sign = match first_number {
                Some(first) => format!("{:>digits$}. ", first.saturating_add(at as u64)),
                None => "- ".to_owned(),
            };
            let tick = match item.ticked {
                Some(true) => "[x] ",
                Some(false) => "[ ] ",
                None => "",
            };
            let blanks = " ".repeat(sign.len() + tick.len());
            let first = [piece(&sign, Ink::Dim), piece(tick, Ink::Strong)];
            let rest = [piece(&blanks, Ink::Text)];
            let mut inner = margin.with(&first, &rest, self.columns);
            if item.blocks.is_empty() {
                self.line(&mut inner, &[Vec::new()]);
            }
            self.blocks(&item.blocks, &mut inner, true);
        }
    }

    fn code(&mut self, code: &CodeBlock, margin: &mut Margin) {
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
    fn steps_of_text(&self, lines: SourceLines) -> Vec<usize> {
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
    fn label(&mut self, steps: &[usize], margin: &mut Margin) {
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

    /// One line of text, which may hold breaks of its own.
    fn line(&mut self, margin: &mut Margin, lines: &[Vec<RunbookPiece>]) {
        let room = self.room(margin);
        let texts = lines.iter().flatten().map(|(text, _)| text.as_str());
        self.begin(texts.collect());
        for pieces in lines {
            for row in wrap::wrapped(pieces, room, room) {
                self.row(margin, row, None);
            }
        }
    }

    fn room(&self, margin: &Margin) -> usize {
        self.columns.saturating_sub(margin.width()).max(1)
    }

    fn begin(&mut self, text: String) {
        self.sheet.lines.push(text);
        self.next_part = 0;
    }

    fn blank(&mut self, margin: &Margin) {
        let mut rest = Margin {
            first: None,
            rest: margin.rest.clone(),
        };
        self.row(&mut rest, Vec::new(), None);
    }

    fn row(&mut self, margin: &mut Margin, pieces: Vec<RunbookPiece>, step: Option<usize>) {
        let spot = RunbookSpot {
            line: self.sheet.lines.len().saturating_sub(1),
            part: self.next_part,
        };
        self.next_part += 1;
        let pieces = [margin.take(), pieces].concat();
        self.sheet.rows.push(RunbookRow { spot, pieces, step });
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

/// Spans as lines: one, and one more behind each break that the author has set.
pub(super) fn lines_of(spans: &[TextSpan], plain: Ink) -> Vec<Vec<RunbookPiece>> {
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

/// All of a text, on one line.
pub(super) fn piece(text: &str, ink: Ink) -> RunbookPiece {
    (SafeText::whole(text).into_owned(), ink)
}
