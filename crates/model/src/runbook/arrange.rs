//! Blocks to rows: what stands before each row, what each step is labelled with.

use ::runbook::{Block, BlockKind, ListItem, Runbook, SourceLines, TextSpan, plain_text};
use text::{Outside, SafeText};

use super::sheet::{
    RunbookHeading, RunbookInk as Ink, RunbookRow, RunbookSheet, RunbookSpot, RunbookText,
};
use super::spans::lines_of;
use super::steps::gather_code;
use super::{table, wrap};

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

/// What stands before rows: of the first one, and of those that follow.
#[derive(Clone, Default)]
pub(super) struct Margin {
    first: Option<Vec<RunbookText>>,
    rest: Vec<RunbookText>,
}

impl Margin {
    fn width(&self) -> usize {
        wrap::width(&self.rest)
    }

    fn take(&mut self) -> Vec<RunbookText> {
        self.first.take().unwrap_or_else(|| self.rest.clone())
    }

    /// The same with more behind it, of one width, where there is room for that.
    pub(super) fn with(
        &mut self,
        first: &[RunbookText],
        rest: &[RunbookText],
        columns: usize,
    ) -> Margin {
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
    pub(super) runbook: &'d Runbook,
    pub(super) columns: usize,
    /// In their order.
    pub(super) code: Vec<SourceLines>,
    next_part: usize,
    pub(super) sheet: RunbookSheet,
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

    /// One line of text, which may hold breaks of its own.
    fn line(&mut self, margin: &mut Margin, lines: &[Vec<RunbookText>]) {
        let room = self.room(margin);
        let texts = lines.iter().flatten().map(|(text, _)| text.as_str());
        self.begin(texts.collect());
        for pieces in lines {
            for row in wrap::wrapped(pieces, room, room) {
                self.row(margin, row, None);
            }
        }
    }

    pub(super) fn room(&self, margin: &Margin) -> usize {
        self.columns.saturating_sub(margin.width()).max(1)
    }

    pub(super) fn begin(&mut self, text: String) {
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

    pub(super) fn row(
        &mut self,
        margin: &mut Margin,
        pieces: Vec<RunbookText>,
        step: Option<usize>,
    ) {
        let spot = RunbookSpot {
            line: self.sheet.lines.len().saturating_sub(1),
            part: self.next_part,
        };
        self.next_part += 1;
        let pieces = [margin.take(), pieces].concat();
        self.sheet.rows.push(RunbookRow { spot, pieces, step });
    }
}

/// All of a text, on one line.
pub(super) fn piece(text: &str, ink: Ink) -> RunbookText {
    (SafeText::whole(text).into_owned(), ink)
}
