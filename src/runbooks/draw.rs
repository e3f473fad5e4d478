//! A document as plain text, its steps numbered where they stand: for a shell, a pager and a file.

mod step;
mod table;

use runbook::{Block, BlockKind, CodeBlock, ListItem, Runbook, TextSpan};
use text::{Outside, SafeText};

/// Columns of running text, as manual pages have them.
const COLUMNS: usize = 80;
/// Columns that are left where lists and quotes stand deep in each other.
const COLUMNS_MIN: usize = 20;

/// The document as lines without control characters.
pub(super) fn page(runbook: &Runbook) -> String {
    let mut page = Page {
        runbook,
        text: String::new(),
        margin: String::new(),
        mark: None,
        next_step: 0,
    };
    page.head();
    page.blocks(&runbook.blocks, false);
    page.steps_up_to(usize::MAX);
    page.text
}

struct Page<'r> {
    runbook: &'r Runbook,
    text: String,
    /// What each line begins with.
    margin: String,
    /// What the next line begins with instead: the sign of a list's item.
    mark: Option<String>,
    next_step: usize,
}

impl Page<'_> {
    fn line(&mut self, text: &str) {
        let margin = self.mark.take().unwrap_or_else(|| self.margin.clone());
        let text = SafeText::whole(text);
        let line = format!("{margin}{text}");
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn width(&self) -> usize {
        let margin = self.mark.as_ref().unwrap_or(&self.margin);
        COLUMNS
            .saturating_sub(margin.chars().count())
            .max(COLUMNS_MIN)
    }

    fn paragraph(&mut self, text: &str) {
        for line in text.lines() {
            for line in wrapped(line, self.width()) {
                self.line(&line);
            }
        }
    }

    /// What the front matter and the reading say.
    fn head(&mut self) {
        let matter = &self.runbook.front_matter;
        let mut fields: Vec<(&str, String)> = Vec::new();
        let mut field = |name, text: Option<&Outside>| {
            fields.extend(text.map(|text| (name, text.raw().to_owned())));
        };
        field("title", matter.title.as_ref());
        field("when to use", matter.when_to_use.as_ref());
        for prerequisite in &matter.prerequisites {
            field("needs", Some(prerequisite));
        }
        field("blast radius", matter.blast_radius.as_ref());
        field("escalation", matter.escalation.as_ref());
        field("last verified", matter.last_verified.as_ref());
        for (label, values) in &matter.matches {
            let values: Vec<&str> = values.iter().map(Outside::raw).collect();
            let values = if values.is_empty() {
                "any".to_owned()
            } else {
                values.join(" or ")
            };
            fields.push(("fits", format!("{} {values}", label.raw())));
        }
        for input in &matter.inputs {
            let prompt = input.prompt.as_ref().map_or("", Outside::raw);
            fields.push(("asks for", format!("{} {prompt}", input.name.raw())));
        }
        for problem in &self.runbook.problems {
            let words = format!("line {}: {}", problem.lines.first, problem.fault);
            fields.push(("problem", words));
        }
        let has_fields = !fields.is_empty();
        for (name, text) in fields {
            self.indent("", "  ");
            self.paragraph(&format!("{name}: {text}"));
            self.margin.clear();
        }
        if has_fields {
            self.line("");
        }
    }

    /// `is_tight`: without empty lines between them, as the items of a list.
    fn blocks(&mut self, blocks: &[Block], is_tight: bool) {
        for (at, block) in blocks.iter().enumerate() {
            if at > 0 && !is_tight {
                self.line("");
            }
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match &block.kind {
            BlockKind::Heading { level, spans, .. } => {
                let signs = "#".repeat(usize::from(*level));
                self.paragraph(&format!("{signs} {}", words(spans)));
            }
            BlockKind::Paragraph(spans) => self.paragraph(&words(spans)),
            BlockKind::List {
                first_number,
                items,
            } => return self.list(*first_number, items),
            BlockKind::Code(code) => return self.code(code),
            BlockKind::Table {
                columns,
                head,
                rows,
            } => {
                for line in table::lines(columns, head, rows) {
                    self.line(&line);
                }
            }
            BlockKind::Quote(inner) => {
                let before = self.margin.clone();
                self.indent("> ", "> ");
                self.blocks(inner, false);
                self.margin = before;
                return;
            }
            BlockKind::Rule => self.line(&"-".repeat(self.width())),
        }
        self.steps_up_to(block.lines.last);
    }

    fn indent(&mut self, first: &str, rest: &str) {
        let begin = self.mark.take().unwrap_or_else(|| self.margin.clone());
        self.mark = Some(begin + first);
        self.margin.push_str(rest);
    }

    fn list(&mut self, first_number: Option<u64>, items: &[ListItem]) {
        for (number, item) in (first_number.unwrap_or(0)..).zip(items) {
            let sign = first_number.map_or("- ".to_owned(), |_| format!("{number}. "));
            let box_sign = match item.ticked {
                Some(true) => "[x] ",
                Some(false) => "[ ] ",
                None => "",
            };
            let before = self.margin.clone();
            let sign = sign + box_sign;
            self.indent(&sign, &" ".repeat(sign.len()));
            if item.blocks.is_empty() {
                self.line("");
            }
            self.blocks(&item.blocks, true);
            self.steps_up_to(item.lines.last);
            self.margin = before;
        }
    }

    fn code(&mut self, code: &CodeBlock) {
        let before = self.margin.clone();
        self.indent("    ", "    ");
        for (at, line) in code.text.raw().lines().enumerate() {
            self.line(&line.replace('\t', "    "));
            self.steps_up_to(code.text_line + at);
        }
        self.mark = None;
        self.margin = before;
    }
}

/// The text of spans with what a terminal has no style for: code in backticks, links with their address.
fn words(spans: &[TextSpan]) -> String {
    let mut words = String::new();
    let mut spans = spans.iter().peekable();
    while let Some(span) = spans.next() {
        let text = span.text.raw();
        let sign = if span.style.is_code { "`" } else { "" };
        words.extend([sign, text, sign]);
        let goes_on = spans.peek().is_some_and(|next| next.link == span.link);
        match &span.link {
            Some(link) if !goes_on && link.raw() != text => {
                words.extend([" <", link.raw(), ">"]);
            }
            Some(_) | None => {}
        }
    }
    words
}

/// Lines of so many columns, broken between words.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let width = SafeText::whole(word).width();
        if used > 0 && used + 1 + width > columns {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += width;
    }
    lines.push(line);
    lines
}
